//! A line a chain on the terminal, drawn over itself.
//!
//! ```text
//! chain 0  ━━━━━━━━━━━━━━━───────────────  1,012 of 2,000  tuning   0 divergences  step 0.42  3 s left
//! ```

use std::io::{self, Write};
use std::time::Duration;

use crossterm::cursor::{MoveToColumn, MoveUp};
use crossterm::queue;
use crossterm::terminal::{self, Clear, ClearType};

use crate::explorer::numbers::count;
use crate::sampler::ChainProgress;

/// Chains that have a line of their own; more share one.
const MOST_LINES: usize = 16;
/// Cells of a bar.
const BAR: usize = 24;

/// What stands on the terminal now.
pub struct Bars {
    lines: u16,
}

impl Bars {
    pub fn new() -> Self {
        Self { lines: 0 }
    }

    /// Shows how far the chains are after they have run for a time.
    pub fn draw(&mut self, chains: &[ChainProgress], elapsed: Duration) {
        let width = terminal::size().map_or(80, |(width, _)| usize::from(width));
        let lines = lines(chains, elapsed);
        let mut text = Vec::new();
        // Progress that cannot be shown is no reason to stop.
        let _ = self.erase(&mut text).and_then(|()| {
            for line in &lines {
                // A line that wraps would be two.
                let fits: String = line.chars().take(width.saturating_sub(1)).collect();
                writeln!(text, "{fits}")?;
            }
            io::stderr().write_all(&text)
        });
        self.lines = lines.len() as u16;
    }

    /// Takes all lines away again.
    pub fn clear(&mut self) {
        let mut text = Vec::new();
        let _ = self
            .erase(&mut text)
            .and_then(|()| io::stderr().write_all(&text));
        self.lines = 0;
    }

    fn erase(&self, text: &mut Vec<u8>) -> io::Result<()> {
        if self.lines > 0 {
            queue!(
                text,
                MoveUp(self.lines),
                MoveToColumn(0),
                Clear(ClearType::FromCursorDown)
            )?;
        }
        Ok(())
    }
}

fn lines(chains: &[ChainProgress], elapsed: Duration) -> Vec<String> {
    if chains.is_empty() {
        return vec!["looking for the peaks of the posterior".to_owned()];
    }
    if chains.len() > MOST_LINES {
        let sum = |of: fn(&ChainProgress) -> usize| chains.iter().map(of).sum();
        let all = ChainProgress {
            tuned: sum(|chain| chain.tuned),
            tune: sum(|chain| chain.tune),
            kept: sum(|chain| chain.kept),
            draws: sum(|chain| chain.draws),
            divergences: sum(|chain| chain.divergences),
            step_size: chains.iter().map(|chain| chain.step_size).sum::<f64>()
                / chains.len() as f64,
            finished: chains.iter().all(|chain| chain.finished),
        };
        return vec![line(&format!("{} chains", chains.len()), &all, elapsed)];
    }
    let numbered = chains.iter().enumerate();
    numbered
        .map(|(number, chain)| line(&format!("chain {number}"), chain, elapsed))
        .collect()
}

fn line(name: &str, chain: &ChainProgress, elapsed: Duration) -> String {
    let (done, total) = (chain.tuned + chain.kept, chain.tune + chain.draws);
    let filled = done * BAR / total.max(1);
    let bar = "━".repeat(filled) + &"─".repeat(BAR - filled);
    let all = count(total);
    let phase = if chain.finished {
        "done".to_owned()
    } else if chain.kept == 0 && chain.tune > 0 {
        format!("tuning{}", left(done, total, elapsed))
    } else {
        format!("sampling{}", left(done, total, elapsed))
    };
    let divergences = match chain.divergences {
        0 => String::new(),
        n => format!("  {} divergences", count(n)),
    };
    let (done, step) = (count(done), chain.step_size);
    format!(
        "{name}  {bar}  {done:>width$} of {all}  step {step:<6.3}  {phase}{divergences}",
        width = all.len()
    )
}

/// Time left, if every draw takes as long as those so far.
fn left(done: usize, total: usize, elapsed: Duration) -> String {
    if done == 0 {
        return String::new();
    }
    let left = elapsed.as_secs_f64() * (total - done) as f64 / done as f64;
    match left.ceil() {
        seconds if seconds < 100.0 => format!(", {seconds} s left"),
        seconds if seconds < 6000.0 => format!(", {} min left", (seconds / 60.0).ceil()),
        seconds => format!(", {} h left", (seconds / 3600.0).ceil()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(tuned: usize, kept: usize) -> ChainProgress {
        ChainProgress {
            tuned,
            tune: 1000,
            kept,
            draws: 1000,
            divergences: kept / 100,
            step_size: 0.4217,
            finished: kept == 1000,
        }
    }

    #[test]
    fn a_line_says_how_far_a_chain_is() {
        let chains = [chain(500, 0), chain(1000, 500), chain(1000, 1000)];
        let expected = "\
chain 0  ━━━━━━──────────────────    500 of 2,000  step 0.422   tuning, 30 s left
chain 1  ━━━━━━━━━━━━━━━━━━──────  1,500 of 2,000  step 0.422   sampling, 4 s left  5 divergences
chain 2  ━━━━━━━━━━━━━━━━━━━━━━━━  2,000 of 2,000  step 0.422   done  10 divergences";
        assert_eq!(lines(&chains, Duration::from_secs(10)).join("\n"), expected);
    }

    #[test]
    fn many_chains_share_a_line() {
        let found = lines(&vec![chain(1000, 500); 17], Duration::from_secs(300));
        let expected = "17 chains  ━━━━━━━━━━━━━━━━━━──────  25,500 of 34,000  step 0.422   sampling, 2 min left  85 divergences";
        assert_eq!(found, [expected]);
    }

    #[test]
    fn there_is_a_line_before_there_are_chains_and_draws() {
        assert_eq!(lines(&[], Duration::ZERO).len(), 1);
        let found = lines(&[chain(0, 0)], Duration::ZERO);
        assert!(found[0].ends_with("tuning"), "{found:?}");
    }
}
