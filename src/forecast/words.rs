//! Probabilities in natural frequencies, which people read more truly than percentages
//! (Gigerenzer and Hoffrage 1995).

/// "about 7 in 20"; outside the reach of twentieths in hundreds and thousands.
pub fn frequency(probability: f64) -> String {
    let about = |of: f64| (probability * of).round();
    let said = match probability {
        p if !(0.0..=1.0).contains(&p) => return "unknown".into(),
        p if p < 0.0005 => return "less than 1 in 1000".into(),
        p if p > 0.9995 => return "more than 999 in 1000".into(),
        p if !(0.005..=0.995).contains(&p) => (about(1000.0), 1000),
        p if !(0.025..=0.975).contains(&p) => (about(100.0), 100),
        p => (twentieths(p) as f64, 20),
    };
    format!("about {} in {}", said.0, said.1)
}

/// Of twenty futures, how many have this probability: what [`frequency`] says in its middle
/// range, none or all twenty beyond it. Half a future is rounded up, also where the probability
/// lost it in its last digit (27 of 40 draws below leave 0.32499999999999996 above).
pub fn twentieths(probability: f64) -> usize {
    const LOST: f64 = 1e-9;
    (20.0 * probability.clamp(0.0, 1.0) + LOST).round() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequencies() {
        for (p, said) in [
            (0.35, "about 7 in 20"),
            (0.09, "about 2 in 20"),
            (0.5, "about 10 in 20"),
            (0.02, "about 2 in 100"),
            (0.98, "about 98 in 100"),
            (0.003, "about 3 in 1000"),
            (0.0, "less than 1 in 1000"),
            (1.0, "more than 999 in 1000"),
            (1.0 - 27.0 / 40.0, "about 7 in 20"),
            (f64::NAN, "unknown"),
        ] {
            assert_eq!(frequency(p), said, "{p}");
        }
    }
}
