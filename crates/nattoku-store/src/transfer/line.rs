//! The lines that are no events: the first, those of principals, the last.

use nattoku_ledger::Hash;

use super::{Identity, PrincipalKeys};
use crate::event_json::value::{Object, Value, canonical, read_object};
use crate::leaf::hex;

/// The number of the form that the lines have.
const FORM: &str = "1";

/// A line of a whole ledger.
#[derive(Debug)]
pub(super) enum Line {
    First(Identity),
    Principal(PrincipalKeys),
    Event,
    Last { events: u64, root: Hash },
}

pub(super) fn first(identity: &Identity) -> String {
    let (ledger, key) = (hex(&identity.ledger_id), hex(&identity.id_key));
    canonical(vec![
        ("form", Value::text(FORM)),
        ("id_key", Value::text(&key)),
        ("ledger", Value::text(&ledger)),
    ])
}

pub(super) fn principal(principal: &PrincipalKeys) -> String {
    let (id, key) = (hex(&principal.id), hex(&principal.commitment_key));
    canonical(vec![
        ("commitment_key", Value::text(&key)),
        ("id", Value::text(&id)),
        ("principal", Value::text(&principal.identifier)),
    ])
}

pub(super) fn last(events: u64, root: Hash) -> String {
    let (events, root) = (events.to_string(), root.to_string());
    canonical(vec![("events", Value::text(&events)), ("root", Value::text(&root))])
}

/// Reads a line far enough to know what it is.
pub(super) fn read(line: &[u8]) -> Option<Line> {
    let object = read_object(line).ok()?;
    if object.get("event").is_some() {
        return Some(Line::Event);
    }
    let text = |field| text(&object, field);
    match object.0.len() {
        3 if text("form") == Some(FORM) => {
            let identity = Identity { ledger_id: bytes(text("ledger")?)?, id_key: bytes(text("id_key")?)? };
            Some(Line::First(identity))
        }
        3 => Some(Line::Principal(PrincipalKeys {
            identifier: text("principal")?.to_owned(),
            id: bytes(text("id")?)?,
            commitment_key: bytes(text("commitment_key")?)?,
        })),
        2 => Some(Line::Last { events: text("events")?.parse().ok()?, root: text("root")?.parse().ok()? }),
        _ => None,
    }
}

fn text<'a>(object: &'a Object<'_>, field: &str) -> Option<&'a str> {
    match object.get(field) {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    }
}

/// Bytes from lower-case hexadecimal digits.
fn bytes<const N: usize>(digits: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    if pairs.len() != N || !rest.is_empty() {
        return None;
    }
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = nibble(*high)? << 4 | nibble(*low)?;
    }
    Some(bytes)
}

const fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_they_are_written() {
        let identity = Identity { ledger_id: [7; 16], id_key: [0xab; 32] };
        assert!(matches!(read(first(&identity).as_bytes()), Some(Line::First(read)) if read == identity));
        let keys = PrincipalKeys { identifier: "p \"1\"".to_owned(), id: [1; 16], commitment_key: [2; 32] };
        assert!(matches!(read(principal(&keys).as_bytes()), Some(Line::Principal(read)) if read == keys));
        let root = Hash::of_empty_tree();
        let end = last(12, root);
        assert!(matches!(read(end.as_bytes()), Some(Line::Last { events: 12, root: read }) if read == root));
        for wrong in
            ["{}", "[]", "{\"form\":\"2\",\"ledger\":\"00\",\"id_key\":\"00\"}", "{\"a\":\"b\",\"c\":\"d\"}"]
        {
            assert!(read(wrong.as_bytes()).is_none(), "{wrong}");
        }
    }
}
