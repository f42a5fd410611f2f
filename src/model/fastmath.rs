//! Sine and cosine of many numbers.
//!
//! A forecast takes a sine for each draw of each day; by the standard library, one at a time, that
//! is nearly all of its time. Here every number goes through the same arithmetic without a branch,
//! so that the compiler does several at once.
//!
//! The method is fdlibm's (Sun Microsystems, 1993: `k_sin.c` and `k_cos.c`, whose coefficients these
//! are): take a multiple of pi / 2 away, in two parts so that nothing is lost (Cody and Waite,
//! 1980), then a polynomial on `[-pi/4, pi/4]`. It is additions and multiplications alone, none of
//! them fused, so every machine gives the same bits. Within 4e-16 of the true value.

use std::f64::consts::FRAC_2_PI;

/// Up to here a number's quadrant times the first part of pi / 2 is exact; what is larger is left
/// to the standard library.
const LARGEST: f64 = 1_048_576.0; // 2^20

/// The first 33 bits of pi / 2, and the rest of it.
const HALF_PI_HIGH: f64 = f64::from_bits(0x3FF9_21FB_5440_0000);
const HALF_PI_LOW: f64 = f64::from_bits(0x3DD0_B461_1A62_6331);

/// 1.5 * 2^52: a sum with it is rounded to a whole number, which then is its lowest bits.
const TO_WHOLE: f64 = 6_755_399_441_055_744.0;

/// The sine of a number, the same bits as [`sin_all`] gives.
pub(super) fn sin(x: f64) -> f64 {
    if is_small(x) { turned(x, 0) } else { x.sin() }
}

/// The cosine of a number, the same bits as [`cos_all`] gives.
pub(super) fn cos(x: f64) -> f64 {
    if is_small(x) { turned(x, 1) } else { x.cos() }
}

/// `out[i] = sin(x[i])`
pub(super) fn sin_all(x: &[f64], out: &mut [f64]) {
    if are_small(x) {
        turn_all(x, 0, out);
    } else {
        for (out, x) in out.iter_mut().zip(x) {
            *out = sin(*x);
        }
    }
}

/// `out[i] = cos(x[i])`
pub(super) fn cos_all(x: &[f64], out: &mut [f64]) {
    if are_small(x) {
        turn_all(x, 1, out);
    } else {
        for (out, x) in out.iter_mut().zip(x) {
            *out = cos(*x);
        }
    }
}

/// `sines[i] = sin(x[i])` and `cosines[i] = cos(x[i])`, little dearer than one of them; the same
/// bits as [`sin_all`] and [`cos_all`] give.
pub(super) fn sin_cos_all(x: &[f64], sines: &mut [f64], cosines: &mut [f64]) {
    if !are_small(x) {
        sin_all(x, sines);
        cos_all(x, cosines);
        return;
    }
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx512f") {
        // SAFETY: the processor has AVX-512, as just asked.
        unsafe { turn_all_both_ways_avx512(x, sines, cosines) };
        return;
    }
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2, as just asked.
        unsafe { turn_all_both_ways_avx2(x, sines, cosines) };
        return;
    }
    turn_each_both_ways(x, sines, cosines);
}

/// [`turn_each_both_ways`] compiled for AVX-512: the same operations, hence the same bits.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
fn turn_all_both_ways_avx512(x: &[f64], sines: &mut [f64], cosines: &mut [f64]) {
    turn_each_both_ways(x, sines, cosines);
}

/// [`turn_each_both_ways`] compiled for AVX2: the same operations, hence the same bits.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn turn_all_both_ways_avx2(x: &[f64], sines: &mut [f64], cosines: &mut [f64]) {
    turn_each_both_ways(x, sines, cosines);
}

#[inline(always)]
fn turn_each_both_ways(x: &[f64], sines: &mut [f64], cosines: &mut [f64]) {
    for ((sine, cosine), x) in sines.iter_mut().zip(cosines).zip(x) {
        let reduced = Reduced::new(*x);
        *sine = reduced.turned(0);
        *cosine = reduced.turned(1);
    }
}

/// Every number through [`turned`], four at a time where the processor can (a third off the time
/// of a forecast), else two.
fn turn_all(x: &[f64], quarters: u64, out: &mut [f64]) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2, as just asked.
        unsafe { turn_all_avx2(x, quarters, out) };
        return;
    }
    turn_each(x, quarters, out);
}

/// [`turn_each`] compiled for AVX2: the same operations, hence the same bits.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn turn_all_avx2(x: &[f64], quarters: u64, out: &mut [f64]) {
    turn_each(x, quarters, out);
}

#[inline(always)]
fn turn_each(x: &[f64], quarters: u64, out: &mut [f64]) {
    for (out, x) in out.iter_mut().zip(x) {
        *out = turned(*x, quarters);
    }
}

fn are_small(x: &[f64]) -> bool {
    // No early end: it would be a branch a number.
    x.iter().fold(true, |all, x| all & is_small(*x))
}

/// NaN is not.
fn is_small(x: f64) -> bool {
    x.abs() <= LARGEST
}

/// `sin(x + quarters * pi / 2)`
#[inline(always)]
fn turned(x: f64, quarters: u64) -> f64 {
    Reduced::new(x).turned(quarters)
}

/// A number less a multiple of pi / 2: the sine and cosine of the rest, and which multiple.
struct Reduced {
    sine: f64,
    cosine: f64,
    /// In its lowest two bits.
    quadrant: u64,
}

impl Reduced {
    #[inline(always)]
    fn new(x: f64) -> Self {
        let shifted = x * FRAC_2_PI + TO_WHOLE;
        let n = shifted - TO_WHOLE;
        let r = (x - n * HALF_PI_HIGH) - n * HALF_PI_LOW;
        let z = r * r;
        Self {
            sine: r + r * z * (S1 + z * (S2 + z * (S3 + z * (S4 + z * (S5 + z * S6))))),
            cosine: (1.0 - 0.5 * z)
                + z * z * (C1 + z * (C2 + z * (C3 + z * (C4 + z * (C5 + z * C6))))),
            quadrant: shifted.to_bits(),
        }
    }

    /// `sin(x + quarters * pi / 2)`
    #[inline(always)]
    fn turned(&self, quarters: u64) -> f64 {
        // In odd quadrants the cosine, in the lower two the other sign; chosen by bits, as a
        // branch would keep the compiler from doing several numbers at once.
        let quadrant = self.quadrant.wrapping_add(quarters);
        let odd = 0_u64.wrapping_sub(quadrant & 1);
        let sign = (quadrant & 2) << 62;
        f64::from_bits(((self.sine.to_bits() & !odd) | (self.cosine.to_bits() & odd)) ^ sign)
    }
}

const S1: f64 = -1.666_666_666_666_663_2e-1;
const S2: f64 = 8.333_333_333_322_49e-3;
const S3: f64 = -1.984_126_982_985_795e-4;
const S4: f64 = 2.755_731_370_707_006_8e-6;
const S5: f64 = -2.505_076_025_340_686_3e-8;
const S6: f64 = 1.589_690_995_211_55e-10;

const C1: f64 = 4.166_666_666_666_66e-2;
const C2: f64 = -1.388_888_888_887_411e-3;
const C3: f64 = 2.480_158_728_947_673e-5;
const C4: f64 = -2.755_731_435_139_066_3e-7;
const C5: f64 = 2.087_572_321_298_175e-9;
const C6: f64 = -1.135_964_755_778_819_5e-11;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::f64::consts::FRAC_PI_2;

    /// Alone, and in every place of a slice longer than what a processor does at once.
    fn check(x: f64) {
        let mut out = [0.0; 9];
        sin_all(&[x; 9], &mut out);
        assert!((out[0] - x.sin()).abs() <= 4e-16, "sin {x}");
        assert_eq!(out.map(f64::to_bits), [sin(x).to_bits(); 9], "sin {x}");
        cos_all(&[x; 9], &mut out);
        assert!((out[0] - x.cos()).abs() <= 4e-16, "cos {x}");
        assert_eq!(out.map(f64::to_bits), [cos(x).to_bits(); 9], "cos {x}");
        let (mut sines, mut cosines) = ([0.0; 9], [0.0; 9]);
        sin_cos_all(&[x; 9], &mut sines, &mut cosines);
        assert_eq!(sines.map(f64::to_bits), [sin(x).to_bits(); 9], "sin {x}");
        assert_eq!(cosines.map(f64::to_bits), [cos(x).to_bits(); 9], "cos {x}");
    }

    #[test]
    fn agrees_with_the_standard_library_at_every_multiple_of_a_quarter_turn() {
        for n in 0..667_500 {
            let x = f64::from(n) * FRAC_PI_2;
            check(x);
            check(-x * (1.0 + f64::EPSILON));
        }
    }

    #[test]
    fn a_large_number_among_small_ones_changes_none_of_them() {
        let x = [0.5, 1e9, -2.0, f64::NAN, f64::INFINITY, LARGEST];
        let mut out = [0.0; 6];
        sin_all(&x, &mut out);
        for (out, x) in out.iter().zip(x) {
            assert_eq!(out.to_bits(), sin(x).to_bits());
        }
        assert_eq!(out[1], 1e9_f64.sin());
        assert!(out[3].is_nan() && out[4].is_nan());
    }

    proptest! {
        #[test]
        fn agrees_with_the_standard_library(x in prop_oneof![-10.0..10.0, -2e3..2e3, -2e6..2e6]) {
            check(x);
        }
    }
}
