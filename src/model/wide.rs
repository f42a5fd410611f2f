//! A loop over columns, as wide as the processor can.

/// `out[i] = f(out[i], a[i], b[i])`, eight at a time where the processor has AVX-512, four where it
/// has AVX2. The operations are the same as elsewhere and none of them is fused, hence so are the
/// bits.
pub(super) fn each(out: &mut [f64], a: &[f64], b: &[f64], f: impl Fn(f64, f64, f64) -> f64) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx512f") {
        // SAFETY: the processor has AVX-512, as just asked.
        return unsafe { each_avx512(out, a, b, f) };
    }
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2, as just asked.
        return unsafe { each_avx2(out, a, b, f) };
    }
    each_one(out, a, b, f);
}

/// [`each_one`] compiled for AVX-512.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
fn each_avx512(out: &mut [f64], a: &[f64], b: &[f64], f: impl Fn(f64, f64, f64) -> f64) {
    each_one(out, a, b, f);
}

/// [`each_one`] compiled for AVX2.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn each_avx2(out: &mut [f64], a: &[f64], b: &[f64], f: impl Fn(f64, f64, f64) -> f64) {
    each_one(out, a, b, f);
}

#[inline(always)]
fn each_one(out: &mut [f64], a: &[f64], b: &[f64], f: impl Fn(f64, f64, f64) -> f64) {
    for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
        *out = f(*out, *a, *b);
    }
}
