//! What a text changed of another, told by word. Lines that stay are found first; among the rest, lines that say much the
//! same are held against each other word by word.

mod words;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use words::words;

/// How much of two lines must be the same for the one to be a change of the other, in thousandths.
const ALIKE_MIN: usize = 400;

/// Lines held against each other at once; more are told as taken away and added.
const PAIRS_MAX: usize = 40_000;

/// What became of a piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It stands in both.
    Kept,
    /// It stands in the older alone.
    Removed,
    /// It stands in the newer alone.
    Added,
}

/// A line: its pieces in order. A line that stays is one kept piece; one that is new, one added piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) pieces: Vec<(Fate, String)>,
}

impl Line {
    fn whole(fate: Fate, text: &str) -> Self {
        Self { pieces: vec![(fate, text.to_owned())] }
    }

    /// Whether nothing changed.
    pub(crate) fn is_kept(&self) -> bool {
        self.pieces.iter().all(|(fate, _)| *fate == Fate::Kept)
    }
}

/// The lines of both texts in one order, each with what became of it.
pub(crate) fn compare(older: &[String], newer: &[String]) -> Vec<Line> {
    let mut lines = Vec::new();
    for op in capture_diff_slices(Algorithm::Patience, older, newer) {
        let old = older.get(op.old_range()).unwrap_or_default();
        let new = newer.get(op.new_range()).unwrap_or_default();
        if matches!(op, DiffOp::Equal { .. }) {
            lines.extend(old.iter().map(|line| Line::whole(Fate::Kept, line)));
        } else {
            lines.extend(changed(old, new));
        }
    }
    lines
}

/// Lines that differ: those that say much the same as changes, the others as taken away or added.
fn changed(old: &[String], new: &[String]) -> Vec<Line> {
    let pairs = if old.len().saturating_mul(new.len()) > PAIRS_MAX { Vec::new() } else { pair(old, new) };
    let (mut at_old, mut at_new) = (0, 0);
    let mut lines = Vec::new();
    for (i, j) in pairs.into_iter().chain([(old.len(), new.len())]) {
        let gone = old.get(at_old..i).unwrap_or_default();
        let come = new.get(at_new..j).unwrap_or_default();
        lines.extend(gone.iter().map(|line| Line::whole(Fate::Removed, line)));
        lines.extend(come.iter().map(|line| Line::whole(Fate::Added, line)));
        if let (Some(older), Some(newer)) = (old.get(i), new.get(j)) {
            lines.push(by_word(older, newer));
        }
        (at_old, at_new) = (i.saturating_add(1), j.saturating_add(1));
    }
    lines
}

/// Which old line became which new one: of all ways that keep the order, the one in which most stays the same.
fn pair(old: &[String], new: &[String]) -> Vec<(usize, usize)> {
    let width = new.len().saturating_add(1);
    // The best sum from (i, j) to the end, row by row; and how alike the two lines are.
    let mut best = vec![0_usize; old.len().saturating_add(1).saturating_mul(width)];
    let mut alike = vec![0_usize; best.len()];
    let cell = |i: usize, j: usize| i.saturating_mul(width).saturating_add(j);
    let read = |table: &[usize], i: usize, j: usize| table.get(cell(i, j)).copied().unwrap_or_default();
    for (i, older) in old.iter().enumerate().rev() {
        for (j, newer) in new.iter().enumerate().rev() {
            let score = likeness(older, newer);
            let taken = if score >= ALIKE_MIN {
                score.saturating_add(read(&best, i.saturating_add(1), j.saturating_add(1)))
            } else {
                0
            };
            let left = read(&best, i.saturating_add(1), j).max(read(&best, i, j.saturating_add(1)));
            if let Some(best) = best.get_mut(cell(i, j)) {
                *best = taken.max(left);
            }
            if let Some(alike) = alike.get_mut(cell(i, j)) {
                *alike = taken;
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut pairs = Vec::new();
    while i < old.len() && j < new.len() {
        let here = read(&best, i, j);
        if here > 0 && read(&alike, i, j) == here {
            pairs.push((i, j));
            (i, j) = (i.saturating_add(1), j.saturating_add(1));
        } else if read(&best, i.saturating_add(1), j) == here {
            i = i.saturating_add(1);
        } else {
            j = j.saturating_add(1);
        }
    }
    pairs
}

/// How much of two lines is the same, in thousandths of both together.
fn likeness(older: &str, newer: &str) -> usize {
    let (old, new) = (words(older), words(newer));
    let length = |words: &[&str]| words.iter().map(|w| w.chars().count()).sum::<usize>();
    let all = length(&old).saturating_add(length(&new));
    let kept: usize = capture_diff_slices(Algorithm::Myers, &old, &new)
        .iter()
        .filter(|op| matches!(op, DiffOp::Equal { .. }))
        .map(|op| length(old.get(op.old_range()).unwrap_or_default()))
        .sum();
    kept.saturating_mul(2000).checked_div(all).unwrap_or_default()
}

/// Two lines word by word.
fn by_word(older: &str, newer: &str) -> Line {
    let (old, new) = (words(older), words(newer));
    let mut pieces: Vec<(Fate, String)> = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        let text = |words: &[&str]| words.concat();
        let gone = text(old.get(op.old_range()).unwrap_or_default());
        let come = text(new.get(op.new_range()).unwrap_or_default());
        if matches!(op, DiffOp::Equal { .. }) {
            pieces.push((Fate::Kept, gone));
        } else {
            pieces.extend([(Fate::Removed, gone), (Fate::Added, come)]);
        }
    }
    Line { pieces: joined(&pieces) }
}

/// Takes a short word between two changes into both, so that a sentence said anew is not told in shreds; then joins what
/// became of neighbours alike, the taken away before the added.
fn joined(pieces: &[(Fate, String)]) -> Vec<(Fate, String)> {
    let is_shred = |at: usize| {
        let changed = |at: Option<usize>| {
            at.and_then(|at| pieces.get(at))
                .is_some_and(|(fate, text)| *fate != Fate::Kept && !text.is_empty())
        };
        pieces.get(at).is_some_and(|(fate, text)| {
            *fate == Fate::Kept && text.trim().chars().count() <= 1 && !text.contains(['。', '.', '、'])
        }) && changed(at.checked_sub(1))
            && (changed(Some(at.saturating_add(1))) || changed(Some(at.saturating_add(2))))
    };
    let mut out: Vec<(Fate, String)> = Vec::new();
    let (mut gone, mut come) = (String::new(), String::new());
    for (at, (fate, text)) in pieces.iter().enumerate() {
        match fate {
            Fate::Removed => gone.push_str(text),
            Fate::Added => come.push_str(text),
            Fate::Kept if is_shred(at) => {
                gone.push_str(text);
                come.push_str(text);
            }
            Fate::Kept => {
                put(&mut out, &mut gone, &mut come);
                out.push((Fate::Kept, text.clone()));
            }
        }
    }
    put(&mut out, &mut gone, &mut come);
    out
}

fn put(out: &mut Vec<(Fate, String)>, gone: &mut String, come: &mut String) {
    for (fate, text) in [(Fate::Removed, std::mem::take(gone)), (Fate::Added, std::mem::take(come))] {
        if !text.is_empty() {
            out.push((fate, text));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pieces as `[-taken away-]` and `{+added+}`.
    fn told(older: &str, newer: &str) -> String {
        let all = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let piece = |(fate, text): &(Fate, String)| match fate {
            Fate::Kept => text.clone(),
            Fate::Removed => format!("[-{text}-]"),
            Fate::Added => format!("{{+{text}+}}"),
        };
        let line = |line: &Line| line.pieces.iter().map(piece).collect::<String>();
        compare(&all(older), &all(newer)).iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn japanese_changes_by_word() {
        let cases = [
            (
                "データは、お客さまの同意を得て第三者に提供します。",
                "データは、お客さまの同意を得ずに第三者へ提供しません。",
                "データは、お客さまの同意を[-得て-]{+得ずに+}第三者[-に-]{+へ+}提供[-します-]{+しません+}。",
            ),
            (
                "保存期間は3年です。期間を過ぎたデータは消します。",
                "保存期間は5年です。期間を過ぎたデータは使わず、消します。",
                "保存期間は[-3-]{+5+}年です。期間を過ぎたデータは{+使わず、+}消します。",
            ),
            (
                "購入履歴を加盟店に提供します。",
                "購入履歴と位置情報を加盟店に提供します。",
                "購入履歴{+と位置情報+}を加盟店に提供します。",
            ),
        ];
        for (older, newer, expected) in cases {
            assert_eq!(told(older, newer), expected);
        }
    }

    #[test]
    fn english_changes_by_word() {
        assert_eq!(
            told(
                "We keep purchase history for 3 years after the contract ends.",
                "We keep purchase history for 5 years after your contract ends."
            ),
            "We keep purchase history for [-3-]{+5+} years after [-the-]{+your+} contract ends."
        );
    }

    #[test]
    fn a_line_that_says_something_else_is_taken_away_and_another_added() {
        assert_eq!(
            told("We sell nothing.\nAsk the desk.", "Ask the desk.\nLocation is kept a month."),
            "[-We sell nothing.-]\nAsk the desk.\n{+Location is kept a month.+}"
        );
    }

    #[test]
    fn a_change_is_found_among_lines_that_moved_up() {
        assert_eq!(
            told(
                "One is gone altogether.\nPurchases are kept for a year.",
                "Purchases are kept for two years."
            ),
            "[-One is gone altogether.-]\nPurchases are kept for [-a year-]{+two years+}."
        );
    }
}
