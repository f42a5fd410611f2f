//! Is there structure in time that the model does not have?

use ndarray::ArrayView1;
use rayon::prelude::*;

use super::autocovariance::Autocovariance;
use super::moments::mean;
use super::surprise::Surprise;
use super::verdict::{Check, Status};
use crate::forecast::Replicates;
use crate::series::TimeAxis;

pub(super) const NAME: &str = "residuals";

/// At least so many lags are looked at, where the series has them: two weeks of days.
const FEWEST_LAGS: usize = 14;
/// More tell nothing new and dilute the rest.
const MOST_LAGS: usize = 400;
/// An axis with more places than this for each observation is mostly gaps: rows are counted then.
const SPARSE: usize = 10;

/// The figure of the check: the residuals' autocorrelation beside that of replicated data.
#[derive(Debug, Clone, PartialEq)]
pub struct Autocorrelations {
    /// At lags 1, 2, .., at most 400.
    pub observed: Vec<f64>,
    /// At each lag the lower and the upper end of what replicated data keep to: a share
    /// 1 - threshold of them at all lags together.
    pub range: Vec<[f64; 2]>,
    /// The lag (from 1) that the check warns about.
    pub telling: Option<usize>,
}

/// Warns where the autocorrelations of the residuals (observations less the model's mean), lags
/// up to a quarter of the series taken together, are such as fewer than a share `rarity` of the
/// replicated data have. A cycle that the model misses shows as its length, a jump of the level
/// or a bend of the trend as lag 1.
///
/// The replicated residuals are the replicated noise. So the band is that of the noise alone,
/// and a posterior that is too wide hides nothing. Fitting takes some autocorrelation out of the
/// data's residuals, of the order of parameters / observations: the check errs to a pass.
pub(super) fn residuals(
    replicates: &Replicates,
    axis: &TimeAxis,
    rarity: f64,
) -> (Check, Option<Autocorrelations>) {
    let places = places(axis, &replicates.rows);
    let lags = Lags::new(&places);
    let observed: Vec<f64> = replicates
        .observed
        .iter()
        .zip(&replicates.expected)
        .map(|(y, mean)| y - mean)
        .collect();
    let correlations = lags.correlations(ArrayView1::from(&observed));
    let noise: Vec<_> = replicates.noise.rows().into_iter().collect();
    let replicated: Vec<Vec<f64>> = noise
        .into_par_iter()
        .map(|row| lags.correlations(row))
        .collect();
    let surprise = Surprise::new(&correlations, &replicated);

    let Some(most) = surprise.most_unusual() else {
        let check = Check::new(
            NAME,
            Status::Unknown,
            "residuals without autocorrelation",
            "Not judged: the residuals are all the same.",
        )
        .advise("See whether the model and the series belong to this trace.");
        return (check, None);
    };
    let evidence = |telling| Autocorrelations {
        range: (0..correlations.len())
            .map(|lag| surprise.range(lag, rarity))
            .collect(),
        observed: correlations.clone(),
        telling,
    };
    if surprise.p > rarity {
        let message = format!(
            "No structure is left over: {} replicated data sets have autocorrelations (lags 1 to {}) as \
             unusual as the residuals have.",
            share(surprise.p),
            lags.count
        );
        let check = Check::new(NAME, Status::Pass, "no structure left over", message)
            .measured(surprise.p, rarity);
        return (check, Some(evidence(None)));
    }
    let shape = shape(&correlations, &surprise, rarity);
    let lag = match shape {
        Shape::Cycle(lag) | Shape::Slow(lag) => lag,
        Shape::Opposed => most,
    };
    let (value, [low, high]) = (correlations[lag], surprise.range(lag, rarity));
    let steps = lag + 1;
    let apart = if steps == 1 {
        "next to each other".to_owned()
    } else {
        format!("{steps} steps apart")
    };
    let (together, band) = match shape {
        Shape::Opposed => (
            "are opposed",
            format!("replicated data stay above {low:.2}"),
        ),
        _ => ("are alike", format!("replicated data stay below {high:.2}")),
    };
    let advice = match shape {
        Shape::Cycle(_) => {
            format!("Give the model a cycle with a period of about {steps} steps, and fit again.")
        }
        Shape::Slow(_) => "Look at the residuals for a jump of the level, a bend of the trend or a slow \
                           cycle, and give the model a term for it; its bands are too narrow over longer \
                           spans."
            .to_owned(),
        Shape::Opposed => "See whether something is counted in the wrong period, or whether the model \
                           follows noise."
            .to_owned(),
    };
    let check = Check::new(
        NAME,
        Status::Warn,
        format!("the model misses structure at lag {steps}"),
        format!(
            "The model misses structure at lag {steps}: residuals {apart} {together} \
             (autocorrelation {value:.2}; {band})."
        ),
    )
    .measured(surprise.p, rarity)
    .advise(advice);
    (check, Some(evidence(Some(steps))))
}

/// What unusual autocorrelations look like, with the lag (from 0) that tells.
enum Shape {
    /// Residuals are alike again after having been unlike: the lag is the length of a cycle.
    Cycle(usize),
    /// Residuals near each other are alike.
    Slow(usize),
    Opposed,
}

fn shape(correlations: &[f64], surprise: &Surprise, rarity: f64) -> Shape {
    let limit = surprise.limit(rarity);
    let first_alike =
        |from: usize| (from..correlations.len()).find(|&lag| surprise.scores[lag] > limit);
    let unlike = correlations.iter().position(|r| *r < 0.0);
    let cycle = unlike
        .and_then(first_alike)
        .map(|lag| crest(correlations, lag));
    // In a cycle those in between are not alike; in a slow change they are, and one of them was
    // below zero by chance.
    let is_cycle = |&lag: &usize| {
        let between = ArrayView1::from(&correlations[..lag]);
        mean(between) < correlations[lag] / 2.0
    };
    match cycle.filter(is_cycle) {
        Some(lag) => Shape::Cycle(lag),
        None => first_alike(0).map_or(Shape::Opposed, Shape::Slow),
    }
}

/// The largest correlation of the hump that begins at a lag.
fn crest(correlations: &[f64], start: usize) -> usize {
    let hump = (start..correlations.len()).take_while(|&lag| correlations[lag] > 0.0);
    hump.max_by(|&a, &b| correlations[a].total_cmp(&correlations[b]))
        .unwrap_or(start)
}

/// "31 in 100".
fn share(p: f64) -> String {
    format!("{:.0} in 100", p * 100.0)
}

/// Where observations lie in time, as whole steps from the first; rows where the axis has no
/// whole steps.
fn places(axis: &TimeAxis, rows: &[usize]) -> Vec<usize> {
    let positions: Vec<f64> = rows.iter().map(|&row| axis.positions[row]).collect();
    let first = positions.first().copied().unwrap_or(0.0);
    let is_grid = positions.iter().all(|p| (p - first).fract() == 0.0)
        && positions
            .last()
            .is_some_and(|last| last - first < (SPARSE * rows.len()) as f64);
    if is_grid {
        positions.iter().map(|p| (p - first) as usize).collect()
    } else {
        (0..rows.len()).collect()
    }
}

/// Autocorrelations of values at places in time.
struct Lags<'a> {
    places: &'a [usize],
    span: usize,
    count: usize,
    autocovariance: Autocovariance,
}

impl<'a> Lags<'a> {
    fn new(places: &'a [usize]) -> Self {
        let span = places.last().map_or(0, |last| last + 1);
        let observations = places.len();
        Self {
            places,
            span,
            count: (observations / 4)
                .max(FEWEST_LAGS)
                .min(observations / 2)
                .min(MOST_LAGS),
            autocovariance: Autocovariance::new(span),
        }
    }

    /// At lags 1 to `count`: the sum of products of those pairs that are both there, over the sum
    /// of squares. NaN for values that are all the same.
    fn correlations(&self, values: ArrayView1<'_, f64>) -> Vec<f64> {
        let centre = mean(values);
        // A gap adds nothing to any sum.
        let mut grid = ndarray::Array2::zeros((1, self.span));
        for (&place, value) in self.places.iter().zip(values) {
            grid[(0, place)] = value - centre;
        }
        let covariances = self.autocovariance.mean_over(grid.view());
        let at = |lag: usize| covariances[lag] / covariances[0];
        (1..=self.count).map(at).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_leave_their_pairs_out() {
        let places: Vec<usize> = (0..30).map(|i| i + usize::from(i >= 10)).collect();
        let lags = Lags::new(&places);
        let values: Vec<f64> = (0..30).map(|i| f64::from(i * 7 % 11)).collect();
        let got = lags.correlations(ArrayView1::from(&values));
        let centre = values.iter().sum::<f64>() / 30.0;
        let pairs = |lag: usize| -> f64 {
            let products = places.iter().enumerate().filter_map(|(i, place)| {
                let j = places.iter().position(|other| *other == place + lag)?;
                Some((values[i] - centre) * (values[j] - centre))
            });
            products.sum()
        };
        assert_eq!(got.len(), 14);
        for lag in [1, 2, 14] {
            let expected = pairs(lag) / pairs(0);
            assert!((got[lag - 1] - expected).abs() < 1e-12, "lag {lag}");
        }
    }

    #[test]
    fn what_never_varies_has_no_autocorrelation() {
        let places: Vec<usize> = (0..30).collect();
        let got = Lags::new(&places).correlations(ndarray::Array1::from_elem(30, 2.5).view());
        assert!(got.iter().all(|r| r.is_nan()));
    }

    #[test]
    fn places_are_steps_where_there_are_whole_ones() {
        let axis = TimeAxis::from_t(&[3.0, 4.0, 7.0, 8.0]).expect("a grid");
        assert_eq!(places(&axis, &[0, 1, 2, 3]), [0, 1, 4, 5]);
        assert_eq!(places(&axis, &[1, 2]), [0, 3]);
        let mut odd = axis.clone();
        odd.positions[2] = 3.5;
        assert_eq!(places(&odd, &[0, 1, 2, 3]), [0, 1, 2, 3]);
        odd.positions[3] = 1e6;
        assert_eq!(places(&odd, &[0, 1, 3]), [0, 1, 2]);
    }
}
