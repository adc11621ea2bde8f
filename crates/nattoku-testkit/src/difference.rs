//! How an answer differs from the one expected, line by line.

/// Both texts as one: lines only expected after `-`, lines only answered after `+`, the others after a blank.
#[must_use]
pub fn difference(expected: &str, answered: &str) -> String {
    let expected: Vec<&str> = expected.lines().collect();
    let answered: Vec<&str> = answered.lines().collect();
    let mut out: Vec<String> = Vec::new();
    let (mut left, mut right) = (expected.as_slice(), answered.as_slice());
    while let (Some((l, left_rest)), Some((r, right_rest))) = (left.split_first(), right.split_first()) {
        if l == r {
            out.push(format!("    {l}"));
            (left, right) = (left_rest, right_rest);
        } else if common(left_rest, right) >= common(left, right_rest) {
            out.push(format!("  - {l}"));
            left = left_rest;
        } else {
            out.push(format!("  + {r}"));
            right = right_rest;
        }
    }
    out.extend(left.iter().map(|l| format!("  - {l}")));
    out.extend(right.iter().map(|r| format!("  + {r}")));
    out.join("\n")
}

/// The length of the longest common subsequence. Answers have tens of lines, so the table is small.
fn common(left: &[&str], right: &[&str]) -> usize {
    let mut row = vec![0_usize; right.len() + 1];
    for l in left {
        let mut next = vec![0_usize];
        for (index, r) in right.iter().enumerate() {
            let above = row.get(index + 1).copied().unwrap_or_default();
            let beside = next.last().copied().unwrap_or_default();
            let corner = row.get(index).copied().unwrap_or_default();
            next.push(if l == r { corner + 1 } else { above.max(beside) });
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_lines_stand_once() {
        assert_eq!(difference("a\nb\nc", "a\nx\nc\nd"), "    a\n  - b\n  + x\n    c\n  + d");
    }
}
