//! The parameter table: what `fanchart summary` prints.

use ndarray::ArrayView2;
use rayon::prelude::*;
use serde_json::{Map, Value, json};

use super::Convention;
use super::interval::IntervalKind;
use super::summary::ParameterSummary;

/// A summary of each parameter, with the columns of one line of ArviZ.
#[derive(Debug, Clone, PartialEq)]
pub struct SummaryTable {
    pub convention: Convention,
    pub kind: IntervalKind,
    /// Share of the draws inside the interval, between 0 and 1.
    pub prob: f64,
    /// Names with their figures.
    pub rows: Vec<(String, ParameterSummary)>,
}

/// A figure of a summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    Mean,
    Sd,
    Lower,
    Upper,
    McseMean,
    McseSd,
    EssBulk,
    EssTail,
    RHat,
}

impl Figure {
    /// Of a parameter; NaN where undefined.
    pub fn of(self, summary: &ParameterSummary) -> f64 {
        match self {
            Self::Mean => summary.mean,
            Self::Sd => summary.sd,
            Self::Lower => summary.interval.lower,
            Self::Upper => summary.interval.upper,
            Self::McseMean => summary.mcse_mean,
            Self::McseSd => summary.mcse_sd,
            Self::EssBulk => summary.ess_bulk,
            Self::EssTail => summary.ess_tail,
            Self::RHat => summary.r_hat,
        }
    }
}

impl Convention {
    /// The figures of a summary in the order of the columns.
    pub fn figures(self) -> [Figure; 9] {
        use Figure::*;
        match self {
            Self::Arviz023 => [
                Mean, Sd, Lower, Upper, McseMean, McseSd, EssBulk, EssTail, RHat,
            ],
            Self::Arviz1 => [
                Mean, Sd, Lower, Upper, EssBulk, EssTail, RHat, McseMean, McseSd,
            ],
        }
    }

    /// As on the command line and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Arviz023 => "arviz-0.23",
            Self::Arviz1 => "arviz-1",
        }
    }
}

impl IntervalKind {
    /// As on the command line and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hdi => "hdi",
            Self::Eti => "eti",
        }
    }
}

impl SummaryTable {
    /// Of parameters given as names with chains × draws, in parallel. The interval is of `kind`
    /// and holds `prob` of the draws, strictly between 0 and 1.
    pub fn new(
        parameters: &[(&str, ArrayView2<'_, f64>)],
        convention: Convention,
        kind: IntervalKind,
        prob: f64,
    ) -> Self {
        let rows = parameters.par_iter().map(|&(name, draws)| {
            let summary = ParameterSummary::new(draws, convention, kind, prob);
            (name.to_owned(), summary)
        });
        Self {
            convention,
            kind,
            prob,
            rows: rows.collect(),
        }
    }

    /// The columns with ArviZ's names: `hdi_3%` and `hdi_97%` of 0.23, `eti89_lb` and `eti89_ub`
    /// of 1.x.
    pub fn columns(&self) -> [(String, Figure); 9] {
        let kind = self.kind.name();
        let tail = (1.0 - self.prob) / 2.0;
        self.convention.figures().map(|figure| {
            let name = match (figure, self.convention) {
                (Figure::Mean, _) => "mean".into(),
                (Figure::Sd, _) => "sd".into(),
                (Figure::Lower, Convention::Arviz023) => format!("{kind}_{}%", percent(tail)),
                (Figure::Upper, Convention::Arviz023) => format!("{kind}_{}%", percent(1.0 - tail)),
                (Figure::Lower, Convention::Arviz1) => format!("{kind}{}_lb", percent(self.prob)),
                (Figure::Upper, Convention::Arviz1) => format!("{kind}{}_ub", percent(self.prob)),
                (Figure::McseMean, _) => "mcse_mean".into(),
                (Figure::McseSd, _) => "mcse_sd".into(),
                (Figure::EssBulk, _) => "ess_bulk".into(),
                (Figure::EssTail, _) => "ess_tail".into(),
                (Figure::RHat, _) => "r_hat".into(),
            };
            (name, figure)
        })
    }

    /// Full precision; null for what is undefined or infinite, which JSON cannot say.
    pub fn to_json(&self) -> Value {
        let columns = self.columns();
        let parameters = self.rows.iter().map(|(name, summary)| {
            let figures = columns
                .iter()
                .map(|(column, figure)| (column.clone(), json!(figure.of(summary))));
            (name.clone(), Value::Object(figures.collect()))
        });
        json!({
            "convention": self.convention.name(),
            "interval": {"kind": self.kind.name(), "prob": self.prob},
            "parameters": parameters.collect::<Map<_, _>>(),
        })
    }

    /// A header, then a line a parameter at full precision; empty where JSON has null.
    pub fn to_csv(&self) -> String {
        let columns = self.columns();
        let mut writer = csv::Writer::from_writer(Vec::new());
        let header = columns.iter().map(|(name, _)| name.clone());
        let mut records = vec![std::iter::once("parameter".into()).chain(header).collect()];
        for (name, summary) in &self.rows {
            let figures = columns.iter().map(|(_, figure)| {
                let value = figure.of(summary);
                if value.is_finite() {
                    value.to_string()
                } else {
                    String::new()
                }
            });
            records.push(std::iter::once(name.clone()).chain(figures).collect());
        }
        for record in records as Vec<Vec<String>> {
            writer
                .write_record(record)
                .expect("memory takes rows of one length");
        }
        let bytes = writer.into_inner().expect("memory takes all");
        String::from_utf8(bytes).expect("made of text")
    }
}

/// A share in percent with as few decimals as say it, at most four.
fn percent(share: f64) -> String {
    let text = format!("{:.4}", share * 100.0);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn table(convention: Convention, kind: IntervalKind, prob: f64) -> SummaryTable {
        let draws = array![[1.0, 2.0, 3.0, 5.0], [2.0, 2.5, 1.0, 4.0]];
        let fixed = array![[2.5, 2.5, 2.5, 2.5], [2.5, 2.5, 2.5, 2.5]];
        SummaryTable::new(
            &[("a, b", draws.view()), ("fixed", fixed.view())],
            convention,
            kind,
            prob,
        )
    }

    #[test]
    fn the_interval_is_named_as_arviz_does() {
        use IntervalKind::*;
        for (convention, kind, prob, expected) in [
            (Convention::Arviz023, Hdi, 0.94, ["hdi_3%", "hdi_97%"]),
            (Convention::Arviz023, Eti, 0.95, ["eti_2.5%", "eti_97.5%"]),
            (Convention::Arviz1, Eti, 0.89, ["eti89_lb", "eti89_ub"]),
            (Convention::Arviz1, Hdi, 0.29, ["hdi29_lb", "hdi29_ub"]),
            (Convention::Arviz1, Hdi, 0.995, ["hdi99.5_lb", "hdi99.5_ub"]),
        ] {
            let columns = table(convention, kind, prob).columns();
            assert_eq!([columns[2].0.as_str(), columns[3].0.as_str()], expected);
        }
    }

    #[test]
    fn undefined_is_null_in_json_and_empty_in_csv() {
        let table = table(Convention::Arviz023, IntervalKind::Hdi, 0.94);
        let fixed = &table.to_json()["parameters"]["fixed"];
        assert_eq!(fixed["mean"], json!(2.5));
        assert_eq!(fixed["r_hat"], Value::Null);
        let csv = table.to_csv();
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(
            lines[0],
            "parameter,mean,sd,hdi_3%,hdi_97%,mcse_mean,mcse_sd,ess_bulk,ess_tail,r_hat"
        );
        assert!(lines[1].starts_with("\"a, b\",2.5625,"), "{csv}");
        assert!(lines[2].starts_with("fixed,2.5,0,2.5,2.5,0,,8,8,"), "{csv}");
    }
}
