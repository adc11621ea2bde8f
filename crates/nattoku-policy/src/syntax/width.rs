//! Full-width signs: what a Japanese keyboard gives where the policy language wants its ASCII sign.

/// The ASCII sign that a full-width one stands for, if it stands for one.
pub(crate) const fn half_width(c: char) -> Option<char> {
    match c {
        '“' | '”' | '„' | '〝' | '〞' | '〟' => Some('"'),
        '、' | '､' => Some(','),
        '。' => Some('.'),
        '−' | '‐' | '‑' | '–' | '—' | '―' => Some('-'),
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0),
        _ => None,
    }
}

/// The text with every full-width sign replaced; none where there is nothing to replace.
pub(crate) fn narrowed(text: &str) -> Option<String> {
    text.chars()
        .any(|c| half_width(c).is_some())
        .then(|| text.chars().map(|c| half_width(c).unwrap_or(c)).collect())
}

/// The closing sign for a full-width opening quote.
pub(crate) const fn closing_quote(open: char) -> Option<char> {
    match open {
        '“' | '”' | '„' => Some('”'),
        '＂' => Some('＂'),
        '〝' => Some('〟'),
        '「' => Some('」'),
        '『' => Some('』'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_signs_are_narrowed() {
        assert_eq!(narrowed("ｍember＿２").as_deref(), Some("member_2"));
        assert_eq!(narrowed("member"), None);
        assert_eq!(narrowed("位置"), None);
    }
}
