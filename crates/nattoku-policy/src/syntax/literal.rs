//! The values of tokens: strings with their escapes, numbers, keywords.

use std::ops::Range;

use super::lexer::{is_newline, is_space};
use crate::ast::Value;

/// What is wrong with a literal, at bytes counted from its start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// A backslash followed by something that is no escape.
    Escape,
    /// `\u{…}` that names no character.
    CodePoint,
    /// A line of a text over several lines that stands left of its closing quotes.
    Indent,
    /// Text on the line of the closing quotes.
    ClosingLine,
}

type Decoded = Result<String, (Fault, Range<usize>)>;

/// The text of a string in quotes, with escapes.
pub(super) fn quoted(token: &str) -> Decoded {
    if let Some(body) = token.strip_prefix("\"\"\"") {
        let body = body.strip_suffix("\"\"\"").unwrap_or(body);
        // Escaped line ends go first: the lines they join are one line when it comes to indentation.
        return unescape(&dedent(&joined(body), token.len())?, 0);
    }
    let body = token.strip_prefix('"').unwrap_or(token);
    unescape(body.strip_suffix('"').unwrap_or(body), 1)
}

/// The text of a raw string.
pub(super) fn raw(token: &str) -> Decoded {
    let body = token.trim_matches('#');
    if let Some(lines) = body.strip_prefix("\"\"\"").filter(|b| b.starts_with(is_newline)) {
        return dedent(lines.strip_suffix("\"\"\"").unwrap_or(lines), token.len());
    }
    let body = body.strip_prefix('"').unwrap_or(body);
    Ok(body.strip_suffix('"').unwrap_or(body).to_owned())
}

/// Takes escaped line ends, with the space around them, out of the body of a text.
fn joined(body: &str) -> String {
    let mut out = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.find('\\') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let after = from.get(1..).unwrap_or("");
        let trimmed = after.trim_start_matches(|c| is_space(c) || is_newline(c));
        if trimmed.len() < after.len() {
            rest = trimmed;
        } else {
            let kept = 1 + after.chars().next().map_or(0, char::len_utf8);
            out.push_str(from.get(..kept).unwrap_or(from));
            rest = from.get(kept..).unwrap_or("");
        }
    }
    out + rest
}

/// Takes the indentation of the closing line off every line.
fn dedent(body: &str, token_len: usize) -> Decoded {
    let body = body.replace("\r\n", "\n").replace(is_newline, "\n");
    let body = body.strip_prefix('\n').unwrap_or(&body);
    // The body is what stands between the newline after the opening quotes and the closing quotes.
    let Some((lines, indent)) = body.rsplit_once('\n') else {
        return if body.chars().all(is_space) {
            Ok(String::new())
        } else {
            Err((Fault::ClosingLine, 0..token_len))
        };
    };
    if !indent.chars().all(is_space) {
        return Err((Fault::ClosingLine, 0..token_len));
    }
    let mut out: Vec<&str> = Vec::new();
    for line in lines.split('\n') {
        if line.chars().all(is_space) {
            out.push("");
        } else {
            out.push(line.strip_prefix(indent).ok_or((Fault::Indent, 0..token_len))?);
        }
    }
    Ok(out.join("\n"))
}

/// Resolves the escapes of a body that begins at byte `offset` of its token.
fn unescape(body: &str, offset: usize) -> Decoded {
    let mut out = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(n) = rest.find('\\') {
        let at = offset + body.len() - rest.len() + n;
        out.push_str(rest.get(..n).unwrap_or(""));
        let after = rest.get(n + 1..).unwrap_or("");
        let Some(c) = after.chars().next() else { return Err((Fault::Escape, at..at + 1)) };
        rest = after.get(c.len_utf8()..).unwrap_or("");
        match c {
            'n' => out.push('\n'),
            'r' => out.push('\r'),
            't' => out.push('\t'),
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{c}'),
            's' => out.push(' '),
            '\\' | '"' => out.push(c),
            'u' => {
                let digits =
                    rest.strip_prefix('{').and_then(|r| r.split_once('}')).map_or("", |(digits, _)| digits);
                let c = Some(digits)
                    .filter(|d| (1..=6).contains(&d.len()) && d.chars().all(|c| c.is_ascii_hexdigit()))
                    .and_then(|d| u32::from_str_radix(d, 16).ok())
                    .and_then(char::from_u32);
                out.push(c.ok_or((Fault::CodePoint, at..at + 2))?);
                rest = rest.get(digits.len() + 2..).unwrap_or("");
            }
            c if is_space(c) || is_newline(c) => {
                rest = rest.trim_start_matches(|c| is_space(c) || is_newline(c));
            }
            c => return Err((Fault::Escape, at..at + 1 + c.len_utf8())),
        }
    }
    out.push_str(rest);
    Ok(out)
}

/// The value of a number as KDL writes them; none where it only begins like one.
pub(super) fn number(token: &str) -> Option<Value> {
    let (negative, digits) = match token.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, token.strip_prefix('+').unwrap_or(token)),
    };
    let based = [("0x", 16), ("0o", 8), ("0b", 2)];
    if let Some((digits, radix)) = based.iter().find_map(|(p, radix)| Some((digits.strip_prefix(p)?, *radix)))
    {
        let plain = without_underscores(digits, |c| c.is_digit(radix))?;
        let value = i128::from_str_radix(&plain, radix).ok()?;
        return Some(Value::Integer(if negative { -value } else { value }));
    }
    if digits.chars().all(|c| c.is_ascii_digit() || c == '_') {
        let plain = without_underscores(digits, |c| c.is_ascii_digit())?;
        return Some(match plain.parse::<i128>() {
            Ok(value) => Value::Integer(if negative { -value } else { value }),
            Err(_) => Value::Decimal(plain.parse().ok()?),
        });
    }
    decimal(digits).map(|value| Value::Decimal(if negative { -value } else { value }))
}

/// `1.5`, `1e3`, `1.5e-3`.
fn decimal(digits: &str) -> Option<f64> {
    let (mantissa, exponent) = digits.split_once(['e', 'E']).map_or((digits, None), |(m, e)| (m, Some(e)));
    let is_digit = |c: char| c.is_ascii_digit();
    let mut plain = match mantissa.split_once('.') {
        Some((whole, fraction)) => {
            format!("{}.{}", without_underscores(whole, is_digit)?, without_underscores(fraction, is_digit)?)
        }
        None => without_underscores(mantissa, is_digit)?,
    };
    if let Some(exponent) = exponent {
        let (sign, power) = match exponent.strip_prefix(['+', '-']) {
            Some(power) => (exponent.get(..1)?, power),
            None => ("", exponent),
        };
        plain = format!("{plain}e{sign}{}", without_underscores(power, is_digit)?);
    }
    plain.parse().ok()
}

/// Digits with the underscores between them taken out; none where there is anything else, or nothing to begin with.
fn without_underscores(digits: &str, accept: impl Fn(char) -> bool) -> Option<String> {
    (digits.starts_with(&accept) && digits.chars().all(|c| c == '_' || accept(c)))
        .then(|| digits.replace('_', ""))
}

/// The value of `#true` and the like.
pub(super) fn keyword(token: &str) -> Option<Value> {
    match token {
        "#true" => Some(Value::Bool(true)),
        "#false" => Some(Value::Bool(false)),
        "#null" => Some(Value::Null),
        "#inf" => Some(Value::Decimal(f64::INFINITY)),
        "#-inf" => Some(Value::Decimal(f64::NEG_INFINITY)),
        "#nan" => Some(Value::Decimal(f64::NAN)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_read_as_kdl_has_them() {
        assert_eq!(quoted(r#""a\n\"b\"\s\u{4f4d}""#).unwrap(), "a\n\"b\" 位");
        assert_eq!(quoted("\"a\\\n   b\"").unwrap(), "ab");
        assert_eq!(quoted("\"\"\"\n    a\n\n      b\n    \"\"\"").unwrap(), "a\n\n  b");
        assert_eq!(quoted("\"\"\"\n\"\"\"").unwrap(), "");
        assert_eq!(raw(r##"#"a\n"b"#"##).unwrap(), r#"a\n"b"#);
        assert_eq!(quoted(r#""a\qb""#), Err((Fault::Escape, 2..4)));
        assert_eq!(quoted(r#""\u{110000}""#), Err((Fault::CodePoint, 1..3)));
        assert_eq!(quoted("\"\"\"\n  a\n    \"\"\"").unwrap_err().0, Fault::Indent);
    }

    #[test]
    fn numbers_are_read_as_kdl_has_them() {
        assert_eq!(number("1_000"), Some(Value::Integer(1000)));
        assert_eq!(number("-0x1F"), Some(Value::Integer(-31)));
        assert_eq!(number("+1.5e-3"), Some(Value::Decimal(0.0015)));
        for bad in ["2019-12-11", "1.", "1e", "0x", "1__a", "10:00", ".5"] {
            assert_eq!(number(bad), None, "{bad}");
        }
    }
}
