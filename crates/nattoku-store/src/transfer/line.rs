//! The lines of a whole ledger.

use nattoku_ledger::Hash;

use super::{Identity, PrincipalKeys, WholeEvent, WholeId};
use crate::event_json::value::{Object, Value, canonical, read_object};
use crate::keys::{Tombstone, WrappedGroup};
use crate::leaf::{LEAF_VERSION, hex, unhex, unhex_all};

/// The number of the form that the lines have. The first had principals and payloads in the clear.
const FORM: &str = "2";

/// A line of a whole ledger.
#[derive(Debug)]
pub(super) enum Line {
    First(Identity),
    Group(WrappedGroup),
    Tombstone(Tombstone),
    Principal(PrincipalKeys),
    Event(WholeEvent),
    Last { events: u64, root: Hash },
}

pub(super) fn first(identity: &Identity) -> String {
    let Identity { ledger_id, kek, index_key, id_key } = identity;
    let (ledger, kek, index_key, id_key) = (hex(ledger_id), hex(kek), hex(index_key), hex(id_key));
    canonical(&[
        ("form", Value::text(FORM)),
        ("id_key", Value::text(&id_key)),
        ("index_key", Value::text(&index_key)),
        ("kek", Value::text(&kek)),
        ("ledger", Value::text(&ledger)),
    ])
}

pub(super) fn group((number, version, wrapped): &WrappedGroup) -> String {
    let (number, version, wrapped) = (number.to_string(), version.to_string(), hex(wrapped));
    canonical(&[
        ("group", Value::text(&number)),
        ("version", Value::text(&version)),
        ("wrapped", Value::text(&wrapped)),
    ])
}

pub(super) fn tombstone(tombstone: &Tombstone) -> String {
    let (id, live_at) = (hex(&tombstone.id), tombstone.live_at.to_string());
    let everywhere_at = tombstone.everywhere_at.map(|at| at.to_string());
    let mut fields = vec![("erased", Value::text(&id)), ("live_at", Value::text(&live_at))];
    fields.extend(everywhere_at.as_ref().map(|at| ("everywhere_at", Value::text(at))));
    canonical(&fields)
}

pub(super) fn principal(principal: &PrincipalKeys) -> String {
    let id = hex(&principal.id);
    let lookup = principal.lookup.map(|lookup| hex(&lookup));
    let identifier = principal.identifier.as_deref().map(hex);
    let keys = principal.keys.as_deref().map(hex);
    let mut fields = vec![("id", Value::text(&id))];
    for (name, value) in [("lookup", &lookup), ("identifier", &identifier), ("keys", &keys)] {
        fields.extend(value.as_ref().map(|value| (name, Value::text(value))));
    }
    canonical(&fields)
}

/// The line of an event; none where its leaf is none.
pub(super) fn event(event: &WholeEvent) -> Option<String> {
    let Some((&LEAF_VERSION, json)) = event.leaf.split_first() else { return None };
    let leaf = std::str::from_utf8(json).ok()?;
    let payload = event.payload.as_deref().map(hex);
    let derived = match &event.id {
        WholeId::Derived(id) => Some(hex(id)),
        WholeId::Given(_) | WholeId::None => None,
    };
    let mut fields = vec![("leaf", Value::text(leaf))];
    fields.extend(payload.as_ref().map(|payload| ("payload", Value::text(payload))));
    fields.extend(derived.as_ref().map(|derived| ("derived", Value::text(derived))));
    if let WholeId::Given(id) = &event.id {
        fields.push(("id", Value::text(id)));
    }
    Some(canonical(&fields))
}

pub(super) fn last(events: u64, root: Hash) -> String {
    let (events, root) = (events.to_string(), root.to_string());
    canonical(&[("events", Value::text(&events)), ("root", Value::text(&root))])
}

/// Reads a line.
pub(super) fn read(line: &[u8]) -> Option<Line> {
    let object = read_object(line).ok()?;
    let text = |field: &str| text(&object, field);
    let is_whole = |n_fields: usize| (object.0.len() == n_fields).then_some(());
    if let Some(leaf) = text("leaf") {
        return event_of(&object, leaf);
    }
    if let Some(form) = text("form") {
        is_whole(5).filter(|()| form == FORM)?;
        return Some(Line::First(Identity {
            ledger_id: unhex(text("ledger")?)?,
            kek: unhex(text("kek")?)?,
            index_key: unhex_all(text("index_key")?)?,
            id_key: unhex_all(text("id_key")?)?,
        }));
    }
    if let Some(number) = text("group") {
        is_whole(3)?;
        let (version, wrapped) = (text("version")?.parse().ok()?, unhex_all(text("wrapped")?)?);
        return Some(Line::Group((number.parse().ok()?, version, wrapped)));
    }
    if let Some(id) = text("erased") {
        let everywhere_at = text("everywhere_at");
        is_whole(2 + usize::from(everywhere_at.is_some()))?;
        let everywhere_at = match everywhere_at {
            Some(at) => Some(at.parse().ok()?),
            None => None,
        };
        let (id, live_at) = (unhex(id)?, text("live_at")?.parse().ok()?);
        return Some(Line::Tombstone(Tombstone { id, live_at, everywhere_at }));
    }
    if let Some(root) = text("root") {
        is_whole(2)?;
        return Some(Line::Last { events: text("events")?.parse().ok()?, root: root.parse().ok()? });
    }
    let bytes = |field: &str| match text(field) {
        Some(digits) => unhex_all(digits).map(Some),
        None => Some(None),
    };
    let lookup = match bytes("lookup")? {
        Some(lookup) => Some(lookup.try_into().ok()?),
        None => None,
    };
    let (identifier, keys) = (bytes("identifier")?, bytes("keys")?);
    let n_there = [lookup.is_some(), identifier.is_some(), keys.is_some()].map(usize::from);
    is_whole(1 + n_there.iter().sum::<usize>())?;
    Some(Line::Principal(PrincipalKeys { id: unhex(text("id")?)?, lookup, identifier, keys }))
}

fn event_of(object: &Object<'_>, leaf: &str) -> Option<Line> {
    let payload = match text(object, "payload") {
        Some(digits) => Some(unhex_all(digits)?),
        None => None,
    };
    let id = match (text(object, "id"), text(object, "derived")) {
        (Some(id), None) => WholeId::Given(id.to_owned()),
        (None, Some(id)) => WholeId::Derived(unhex(id)?),
        (None, None) => WholeId::None,
        (Some(_), Some(_)) => return None,
    };
    let n_fields = 1 + usize::from(payload.is_some()) + usize::from(id != WholeId::None);
    let leaf = [&[LEAF_VERSION], leaf.as_bytes()].concat();
    (object.0.len() == n_fields).then_some(Line::Event(WholeEvent { id, leaf, payload }))
}

fn text<'a>(object: &'a Object<'_>, field: &str) -> Option<&'a str> {
    match object.get(field) {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_they_are_written() {
        let identity =
            Identity { ledger_id: [7; 16], kek: [8; 16], index_key: vec![0xab; 93], id_key: vec![1] };
        assert!(matches!(read(first(&identity).as_bytes()), Some(Line::First(read)) if read == identity));
        let key = (4_095, 3, vec![9; 93]);
        assert!(matches!(read(group(&key).as_bytes()), Some(Line::Group(read)) if read == key));
        for everywhere_at in [None, Some(-5)] {
            let stone = Tombstone { id: [1; 16], live_at: 12, everywhere_at };
            let line = tombstone(&stone);
            assert!(matches!(read(line.as_bytes()), Some(Line::Tombstone(read)) if read == stone));
        }
        let gone = PrincipalKeys { id: [1; 16], lookup: None, identifier: None, keys: None };
        let there = PrincipalKeys {
            lookup: Some([2; 16]),
            identifier: Some(vec![3; 70]),
            keys: Some(vec![4; 129]),
            ..gone.clone()
        };
        for keys in [gone, there] {
            let line = principal(&keys);
            assert!(matches!(read(line.as_bytes()), Some(Line::Principal(read)) if read == keys));
        }
        let ids = [WholeId::None, WholeId::Derived([5; 16]), WholeId::Given("a \"b\"".to_owned())];
        for (id, payload) in ids.into_iter().zip([None, Some(vec![6; 80]), None]) {
            let leaf = b"\x01{\"event\":\"a\"}".to_vec();
            let there = WholeEvent { id, leaf, payload };
            let line = event(&there).unwrap();
            assert!(matches!(read(line.as_bytes()), Some(Line::Event(read)) if read == there), "{line}");
        }
        let root = Hash::of_empty_tree();
        let end = last(12, root);
        assert!(matches!(read(end.as_bytes()), Some(Line::Last { events: 12, root: read }) if read == root));
        for wrong in [
            "{}",
            "[]",
            "{\"form\":\"1\",\"ledger\":\"00\",\"id_key\":\"00\"}",
            "{\"a\":\"b\",\"c\":\"d\"}",
            "{\"leaf\":\"{}\",\"more\":\"\"}",
        ] {
            assert!(read(wrong.as_bytes()).is_none(), "{wrong}");
        }
    }
}
