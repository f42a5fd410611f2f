//! Damaged copies of good traces: whatever the damage, reading ends, in a trace
//! or in an error, without a panic that gets out.

use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use fanchart::trace::{ReadOptions, Trace};
use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

const GOOD: [&str; 4] = [
    "v0_float32.nc",
    "v0_pymc_netcdf4.nc",
    "v1_pymc6_string_coords.nc",
    "v1_shuffle_zlib9_fletcher.nc",
];
const MUTANTS_OF_EACH: u64 = 150;

/// Far beyond what any file takes; a reader that is still at it hangs.
const WATCHDOG: Duration = Duration::from_secs(60);

fn good(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/traces");
    std::fs::read(folder.join(name)).unwrap()
}

/// One kind of damage, by the number of the seed: what disks, networks and
/// killed writers leave behind, and numbers that a careless reader trusts.
fn damage(bytes: &mut Vec<u8>, seed: u64) {
    const TRUSTED: [u64; 8] = [0, 1, 0x7f, 0xff, 0xffff, 0x7fff_ffff, 1 << 63, u64::MAX];
    let mut rng = StdRng::seed_from_u64(seed);
    let n = bytes.len();
    // Half of it where the structure is: at the start, and around the markers.
    let markers: Vec<usize> = [&b"TREE"[..], b"HEAP", b"SNOD", b"GCOL", b"OHDR", b"FRHP"]
        .iter()
        .flat_map(|marker| {
            bytes
                .windows(4)
                .enumerate()
                .filter(move |(_, w)| w == marker)
                .map(|(at, _)| at)
        })
        .chain([0])
        .collect();
    let mut spot = || {
        if rng.random::<bool>() {
            (markers[rng.random_range(0..markers.len())] + rng.random_range(0..400)).min(n - 1)
        } else {
            rng.random_range(0..n)
        }
    };
    let (a, b) = (spot(), spot());
    let length = 1 + a % 300;
    match seed % 6 {
        0 => bytes[a] ^= 1 << (b % 8),
        1 => {
            for _ in 0..1 + b % 20 {
                let at = spot();
                bytes[at] ^= 0x55;
            }
        }
        2 => {
            let number = TRUSTED[b % TRUSTED.len()].to_le_bytes();
            let end = (a + [1, 2, 4, 8][b % 4]).min(n);
            bytes[a..end].copy_from_slice(&number[..end - a]);
        }
        3 => bytes.truncate(a),
        4 => {
            let piece = bytes[b..(b + length).min(n)].to_vec();
            let end = (a + piece.len()).min(n);
            bytes[a..end].copy_from_slice(&piece[..end - a]);
        }
        _ => {
            let page = a / 512 * 512;
            bytes[page..(page + 512).min(n)].fill(0);
        }
    }
}

#[test]
fn every_damaged_copy_ends_in_a_trace_or_an_error() {
    for name in GOOD {
        let whole = good(name);
        let (send, receive) = mpsc::channel();
        thread::spawn(move || {
            for seed in 0..MUTANTS_OF_EACH {
                let mut bytes = whole.clone();
                damage(&mut bytes, seed);
                let result = Trace::from_bytes(bytes, &ReadOptions::default());
                let read = result.map(|trace| (trace.chains(), trace.draws()));
                if send.send((seed, read)).is_err() {
                    return;
                }
            }
        });
        let mut refused = 0;
        for expected in 0..MUTANTS_OF_EACH {
            let (seed, read) = receive
                .recv_timeout(WATCHDOG)
                .unwrap_or_else(|_| panic!("{name}: no end to the mutant of seed {expected}"));
            assert_eq!(seed, expected);
            match read {
                Ok((chains, draws)) => assert!(chains > 0 && draws > 0, "{name}, seed {seed}"),
                Err(error) => {
                    let message = error.to_string();
                    assert!(
                        message.lines().count() <= 2,
                        "{name}, seed {seed}: {message}"
                    );
                    refused += 1;
                }
            }
        }
        assert!(
            refused > MUTANTS_OF_EACH / 5,
            "{name}: only {refused} refused"
        );
    }
}

#[test]
fn a_flipped_bit_in_summed_data_never_passes() {
    // Chunks with Fletcher-32 sums: where damage hits them, no value may change.
    let whole = good("v1_shuffle_zlib9_fletcher.nc");
    let read = |bytes: Vec<u8>| Trace::from_bytes(bytes, &ReadOptions::default());
    let reference = read(whole.clone()).unwrap();
    for at in (whole.len() / 2..whole.len()).step_by(53) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x04;
        if let Ok(trace) = read(bytes) {
            for (ours, theirs) in trace.parameters.iter().zip(&reference.parameters) {
                assert_eq!(ours.draws, theirs.draws, "byte {at}, {}", ours.name);
            }
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert!(Trace::from_bytes(bytes, &ReadOptions::default()).is_err());
    }

    #[test]
    fn any_bytes_behind_the_magic_are_refused(
        mut bytes in prop::collection::vec(any::<u8>(), 0..2000), version in 0u8..4,
    ) {
        let mut file = b"\x89HDF\r\n\x1a\n".to_vec();
        file.push(version);
        file.append(&mut bytes);
        prop_assert!(Trace::from_bytes(file, &ReadOptions::default()).is_err());
    }

    #[test]
    fn any_part_of_a_file_is_refused(part in 0.0f64..1.0, which in 0..GOOD.len()) {
        let mut bytes = good(GOOD[which]);
        bytes.truncate((part * bytes.len() as f64) as usize);
        prop_assert!(Trace::from_bytes(bytes, &ReadOptions::default()).is_err());
    }
}
