use super::*;
use proptest::prelude::*;
use rand::SeedableRng;
use rand::rngs::SmallRng;

/// Family, arguments, x, cdf, ln_pdf; from SciPy (`norm`, `t`, `lognorm`, `poisson`, `nbinom`).
#[rustfmt::skip]
const REFERENCE: &[(Family, [f64; 3], f64, f64, f64)] = &[
    (Family::Normal, [1.5, 2.0, 0.0], -3.0, 0.012224472655044696, -4.143335713764618),
    (Family::Normal, [1.5, 2.0, 0.0], 1.5, 0.5, -1.612085713764618),
    (Family::Normal, [1.5, 2.0, 0.0], 4.2, 0.911492008562598, -2.523335713764618),
    (Family::Normal, [1.5, 2.0, 0.0], -80.0, 0.0, -831.8933357137646),
    (Family::StudentT, [4.0, 1.0, 2.0], -3.0, 0.05805826175840778, -3.406844384971535),
    (Family::StudentT, [4.0, 1.0, 2.0], 1.0, 0.5, -1.6739764335716716),
    (Family::StudentT, [4.0, 1.0, 2.0], 1.3, 0.5559878761075503, -1.6879995304829478),
    (Family::StudentT, [4.0, 1.0, 2.0], 25.0, 0.9998617857257485, -10.701271215182233),
    (Family::StudentT, [30.0, 0.0, 1.0], -2.5, 0.009057824534033344, -3.8605213197760384),
    (Family::StudentT, [30.0, 0.0, 1.0], 0.1, 0.5394951941048645, -0.9324361311257137),
    (Family::StudentT, [1000.0, 0.0, 1.0], -2.5, 0.0062892839005454036, -4.037578683356741),
    (Family::StudentT, [1000.0, 0.0, 1.0], 0.1, 0.539817815488198, -0.9241935081385524),
    (Family::StudentT, [0.7, 0.0, 1.0], -2.5, 0.15985218134063695, -3.173117694611567),
    (Family::StudentT, [0.7, 0.0, 1.0], 100.0, 0.9876258652937013, -9.354036098068722),
    (Family::LogNormal, [0.5, 0.8, 0.0], 0.1, 0.00022982501310415203, -4.529524891609262),
    (Family::LogNormal, [0.5, 0.8, 0.0], 1.7, 0.5152698999650813, -1.2271561155800765),
    (Family::LogNormal, [0.5, 0.8, 0.0], 9.0, 0.9830614172863291, -5.143465860722079),
    (Family::Poisson, [3.5, 0.0, 0.0], 0.0, 0.0301973834223185, -3.5),
    (Family::Poisson, [3.5, 0.0, 0.0], 3.0, 0.536632667900785, -1.5334705637419508),
    (Family::Poisson, [3.5, 0.0, 0.0], 3.7, 0.536632667900785, f64::NEG_INFINITY),
    (Family::Poisson, [3.5, 0.0, 0.0], 12.0, 0.9999240417602283, -8.454058873717468),
    (Family::Poisson, [1234.5, 0.0, 0.0], 1200.0, 0.1666692586582055, -4.950678784565753),
    (Family::Poisson, [1234.5, 0.0, 0.0], 1300.0, 0.9690332538001835, -6.211767471204439),
    (Family::NegativeBinomial, [4.0, 2.5, 0.0], 0.0, 0.0917416675955684, -2.388778612568591),
    (Family::NegativeBinomial, [4.0, 2.5, 0.0], 3.0, 0.525186596881868, -1.9639304319959507),
    (Family::NegativeBinomial, [4.0, 2.5, 0.0], 20.0, 0.9992178054238611, -7.79925546362023),
    (Family::NegativeBinomial, [500.0, 0.3, 0.0], 0.0, 0.1079859430961622, -2.2257542168460285),
    (Family::NegativeBinomial, [500.0, 0.3, 0.0], 100.0, 0.4734136173789235, -6.606204045366228),
    (Family::NegativeBinomial, [500.0, 0.3, 0.0], 3000.0, 0.9715661753701158, -10.725504725701526),
    (Family::NegativeBinomial, [30.0, 1000.0, 0.0], 10.0, 2.729195551319426e-05, -10.901970849223524),
    (Family::NegativeBinomial, [30.0, 1000.0, 0.0], 30.0, 0.5483568012117066, -2.6370967272697072),
    (Family::NegativeBinomial, [30.0, 1000.0, 0.0], 45.0, 0.995506012328908, -5.983366577439426),
    (Family::NegativeBinomial, [3000.0, 500.0, 0.0], 2800.0, 0.08210437756348145, -6.824941794045969),
    (Family::NegativeBinomial, [3000.0, 500.0, 0.0], 3100.0, 0.7584626838798971, -6.159021812838262),
];

#[test]
fn agrees_with_scipy() {
    for (family, arguments, x, cdf, ln_pdf) in REFERENCE {
        let label = format!("{family:?} {arguments:?} at {x}");
        let found = family.cdf(*arguments, *x);
        assert!((found - cdf).abs() <= 1e-10, "cdf of {label}: {found}");
        let found = family.ln_pdf(*arguments, *x);
        if ln_pdf.is_finite() {
            let error = (found - ln_pdf).abs() / ln_pdf.abs().max(1.0);
            assert!(error <= 1e-10, "ln_pdf of {label}: {found}");
        } else {
            assert_eq!(found, *ln_pdf, "ln_pdf of {label}");
        }
    }
}

#[test]
fn samples_follow_the_distribution_function() {
    let mut rng = SmallRng::seed_from_u64(7);
    for (family, arguments, at, cdf, _) in REFERENCE {
        let count = 20_000;
        let below = (0..count)
            .filter(|_| family.sample(*arguments, &mut rng) <= *at)
            .count();
        // Five standard errors of a proportion, and one sample.
        let allowed = 5.0 * (cdf * (1.0 - cdf) / count as f64).sqrt() + 1.0 / count as f64;
        let found = below as f64 / count as f64;
        assert!(
            (found - cdf).abs() <= allowed,
            "{family:?} {arguments:?}: {found} of samples are at most {at}, not {cdf}"
        );
    }
}

#[test]
fn samples_average_to_the_mean() {
    let mut rng = SmallRng::seed_from_u64(7);
    for (family, arguments, sd) in [
        (Family::Normal, [3.0, 2.0, 0.0], 2.0),
        (Family::StudentT, [5.0, 3.0, 2.0], 2.6),
        (Family::LogNormal, [0.5, 0.8, 0.0], 2.4),
        (Family::Poisson, [30.0, 0.0, 0.0], 5.5),
        (Family::NegativeBinomial, [30.0, 2.0, 0.0], 22.0),
    ] {
        let count = 50_000;
        let sum: f64 = (0..count).map(|_| family.sample(arguments, &mut rng)).sum();
        let error = sum / f64::from(count) - family.mean(arguments);
        assert!(
            error.abs() < 5.0 * sd / f64::from(count).sqrt(),
            "{family:?}: {error}"
        );
    }
}

#[test]
fn student_t_has_a_mean_only_above_one_degree_of_freedom() {
    assert!(Family::StudentT.mean([1.0, 3.0, 2.0]).is_nan());
    assert_eq!(Family::StudentT.mean([1.5, 3.0, 2.0]), 3.0);
}

#[test]
fn large_rates_agree_with_scipy_less_closely() {
    for (rate, x, cdf) in [
        (9.9e5, 989_000.0, 0.157_559_956_368_375_7),
        (1_000_001.0, 999_000.0, 0.158_534_369_422_322),
    ] {
        let found = Family::Poisson.cdf([rate, 0.0, 0.0], x);
        assert!((found - cdf).abs() <= 2e-8, "{rate}: {found}");
    }
}

#[test]
fn arguments_outside_the_domain_give_nan() {
    let mut rng = SmallRng::seed_from_u64(0);
    for (family, arguments) in [
        (Family::Normal, [0.0, 0.0, 0.0]),
        (Family::Normal, [f64::NAN, 1.0, 0.0]),
        (Family::StudentT, [-1.0, 0.0, 1.0]),
        (Family::StudentT, [3.0, 0.0, f64::INFINITY]),
        (Family::LogNormal, [0.0, -1.0, 0.0]),
        (Family::Poisson, [-1.0, 0.0, 0.0]),
        (Family::Poisson, [f64::INFINITY, 0.0, 0.0]),
        (Family::NegativeBinomial, [1.0, 0.0, 0.0]),
    ] {
        assert!(
            family.sample(arguments, &mut rng).is_nan(),
            "{family:?} {arguments:?}"
        );
        assert!(family.mean(arguments).is_nan(), "{family:?} {arguments:?}");
        assert!(
            family.cdf(arguments, 1.0).is_nan(),
            "{family:?} {arguments:?}"
        );
        assert!(
            family.ln_pdf(arguments, 1.0).is_nan(),
            "{family:?} {arguments:?}"
        );
    }
}

#[test]
fn a_rate_of_zero_is_certainly_zero() {
    let mut rng = SmallRng::seed_from_u64(0);
    for (family, arguments) in [
        (Family::Poisson, [0.0, 0.0, 0.0]),
        (Family::NegativeBinomial, [0.0, 2.0, 0.0]),
    ] {
        assert_eq!(family.sample(arguments, &mut rng), 0.0);
        assert_eq!(family.cdf(arguments, 0.0), 1.0);
        assert!(family.ln_pdf(arguments, 0.0).abs() < 1e-14);
        assert_eq!(family.ln_pdf(arguments, 1.0), f64::NEG_INFINITY);
    }
}

#[test]
fn the_largest_rates_are_drawn_in_finite_time() {
    let mut rng = SmallRng::seed_from_u64(0);
    for rate in [1e9, 1e11, 1.9e19, 1e300] {
        let found = Family::Poisson.sample([rate, 0.0, 0.0], &mut rng);
        assert!((found / rate - 1.0).abs() < 1e-3, "{rate}: {found}");
        let middle = Family::Poisson.cdf([rate, 0.0, 0.0], rate);
        assert!((middle - 0.5).abs() < 1e-4, "{rate}: {middle}");
    }
}

proptest! {
    #[test]
    fn whatever_the_numbers_a_distribution_function_is_a_probability_or_nan(
        family in prop::sample::select(Family::ALL.to_vec()),
        arguments in [any::<f64>(), any::<f64>(), any::<f64>()],
        x in any::<f64>(),
    ) {
        let found = family.cdf(arguments, x);
        prop_assert!(found.is_nan() || (0.0..=1.0).contains(&found), "{}", found);
        let mut rng = SmallRng::seed_from_u64(0);
        family.sample(arguments, &mut rng);
        family.ln_pdf(arguments, x);
    }

    #[test]
    fn a_distribution_function_never_falls(
        family in prop::sample::select(Family::ALL.to_vec()),
        arguments in [0.1..50.0, 0.1..50.0, 0.1..50.0],
        x in -100.0..100.0,
        step in 0.0..100.0,
    ) {
        let (lower, upper) = (family.cdf(arguments, x), family.cdf(arguments, x + step));
        prop_assert!(lower <= upper + 1e-12, "{} then {}", lower, upper);
    }
}
