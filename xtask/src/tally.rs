//! How many tests passed, failed and were skipped, as the runners say it themselves.

use std::fmt;
use std::ops::Add;

/// Counts of single tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Tally {
    /// Reads the summary line of `cargo nextest run`: `Summary [ 0.1s] 9 tests run: 7 passed, 1 failed, 1 timed out, 0 skipped`.
    pub(crate) fn of_nextest(output: &str) -> Self {
        let summary = output.lines().rev().find(|line| line.trim_start().starts_with("Summary ["));
        summary
            .and_then(|line| line.split_once(" run:"))
            .map_or_else(Self::default, |(_, counts)| Self::of_phrases(counts, ','))
    }

    /// Adds up the closing lines of `cargo test`: `test result: ok. 7 passed; 1 failed; 0 ignored; …`.
    pub(crate) fn of_cargo_test(output: &str) -> Self {
        output
            .lines()
            .filter_map(|line| line.trim_start().strip_prefix("test result: "))
            .filter_map(|line| line.split_once(". "))
            .fold(Self::default(), |sum, (_, counts)| sum + Self::of_phrases(counts, ';'))
    }

    /// Reads the closing line of `pytest`: `1 failed, 7 passed, 2 skipped in 3.21s`.
    pub(crate) fn of_pytest(output: &str) -> Self {
        let line = output.lines().rev().find_map(|line| line.trim_matches(['=', ' ']).split_once(" in "));
        line.map_or_else(Self::default, |(counts, _)| Self::of_phrases(counts, ','))
    }

    /// Reads the plain closing line `7 passed, 1 failed, 0 skipped`, which a word with a colon may precede.
    pub(crate) fn of_plain_line(output: &str) -> Option<Self> {
        let line = output.lines().rev().find(|line| line.contains(" passed, "))?;
        let counts = line.rsplit_once(": ").map_or(line, |(_, counts)| counts);
        Some(Self::of_phrases(counts, ','))
    }

    /// Reads the lines of `pages.mjs`, one a look at a page: `ok  …`, `FAIL …` or `ERR  …`.
    pub(crate) fn of_pages(output: &str) -> Self {
        let count = |mark: &[&str]| {
            let lines = output.lines().filter(|line| mark.iter().any(|mark| line.starts_with(mark)));
            u64::try_from(lines.count()).unwrap_or(u64::MAX)
        };
        Self { passed: count(&["ok  "]), failed: count(&["FAIL ", "ERR  "]), skipped: 0 }
    }

    /// Reads phrases of the form `7 passed`; what is neither passed nor skipped is counted as failed.
    fn of_phrases(text: &str, separator: char) -> Self {
        let mut tally = Self::default();
        for phrase in text.split(separator) {
            let mut words = phrase.split_whitespace();
            let (Some(number), Some(word)) = (words.next().and_then(|n| n.parse::<u64>().ok()), words.next())
            else {
                continue;
            };
            match word {
                "passed" => tally.passed += number,
                "skipped" | "ignored" => tally.skipped += number,
                "measured" | "filtered" => {}
                _ => tally.failed += number,
            }
        }
        tally
    }
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nextest_counts_a_time_out_as_failed_and_a_slow_test_as_passed() {
        let output = "noise\n     Summary [   0.005s] 9 tests run: 6 passed (2 slow), 1 failed, 2 timed out, 3 skipped\n  FAIL x";
        assert_eq!(Tally::of_nextest(output), Tally { passed: 6, failed: 3, skipped: 3 });
        assert_eq!(
            Tally::of_nextest("Summary [ 0.1s] 2/5 tests run: 2 passed, 3 skipped"),
            Tally { passed: 2, failed: 0, skipped: 3 }
        );
    }

    #[test]
    fn cargo_test_sums_every_binary() {
        let output = "test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 4 filtered out; finished in 0.00s\n\
                      test result: FAILED. 1 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s";
        assert_eq!(Tally::of_cargo_test(output), Tally { passed: 3, failed: 3, skipped: 1 });
    }

    #[test]
    fn the_plain_line_may_carry_a_word() {
        let expected = Tally { passed: 12, failed: 1, skipped: 0 };
        assert_eq!(Tally::of_plain_line("scenarios: 12 passed, 1 failed\n"), Some(expected));
        assert_eq!(Tally::of_plain_line("nothing\n"), None);
    }

    #[test]
    fn pytest_counts_what_could_not_be_set_up_as_failed() {
        let output = "....F\nE  not in the list\n=== 1 failed, 7 passed, 2 skipped, 1 error in 3.21s ===\n";
        assert_eq!(Tally::of_pytest(output), Tally { passed: 7, failed: 2, skipped: 2 });
        assert_eq!(Tally::of_pytest("91 passed in 10.69s\n"), Tally { passed: 91, failed: 0, skipped: 0 });
        assert_eq!(Tally::of_pytest("nothing\n"), Tally::default());
    }

    #[test]
    fn a_page_that_could_not_be_opened_counts_as_failed() {
        let output = "ok   http://a  [320px]\nFAIL http://b\n     label (critical)\nERR  http://c\npages: 1 looks passed";
        assert_eq!(Tally::of_pages(output), Tally { passed: 1, failed: 2, skipped: 0 });
    }

    #[test]
    fn the_sum_reads_as_one_line() {
        let sum = Tally { passed: 2, failed: 0, skipped: 1 } + Tally { passed: 3, failed: 1, skipped: 0 };
        assert_eq!(sum.to_string(), "5 passed, 1 failed, 1 skipped");
    }
}
