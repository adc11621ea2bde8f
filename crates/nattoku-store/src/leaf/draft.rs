//! A leaf as far as it can be written before the ledger tells when it came to know the event, and whom it is about.

use super::{LEAF_VERSION, LedgerPrincipal, hex, hmac_sha256, is_personal};
use crate::event_json::value::{Object, Value, canonical_of, push_field};

/// A leaf with gaps, which take no more than copying to fill.
#[derive(Debug)]
pub(crate) struct Draft {
    text: String,
    gaps: Gaps,
    /// What is personal, if anything is, in canonical bytes.
    pub(crate) payload: Option<Vec<u8>>,
}

/// Where in the text what comes later goes: in this order, which is that of the keys.
#[derive(Debug, Default)]
struct Gaps {
    principal: Option<usize>,
    recorded_at: usize,
    sealed: Option<usize>,
}

/// What stands behind a key.
enum Part<'a> {
    Value(&'a Value<'a>),
    Text(&'a str),
    Principal,
    RecordedAt,
    Sealed,
}

impl Draft {
    /// Writes what the event itself gives: its name, its own fields, and when it happened. What could be personal of an event
    /// about somebody goes into the payload.
    pub(crate) fn new(name: &str, fields: &Object<'_>, is_about_somebody: bool, at: &str) -> Self {
        let mut open =
            vec![("event", Part::Text(name)), ("at", Part::Text(at)), ("recorded_at", Part::RecordedAt)];
        let mut personal = Vec::new();
        for (field, value) in &fields.0 {
            let field = field.as_ref();
            if !(is_about_somebody && is_personal(name, field, value)) {
                open.push((field, Part::Value(value)));
                continue;
            }
            if let (Value::Text(text), "by") = (value, field) {
                open.push((field, Part::Text(text.split(':').next().unwrap_or_default())));
            }
            personal.push((field, value));
        }
        if is_about_somebody {
            open.push(("principal", Part::Principal));
        }
        let payload = (!personal.is_empty()).then(|| canonical_of(personal.into_iter()).into_bytes());
        if payload.is_some() {
            open.push(("sealed", Part::Sealed));
        }
        let (text, gaps) = write(open);
        Self { text, gaps, payload }
    }

    /// The leaf's bytes, of a principal as the ledger knows them and with when it came to know the event.
    pub(crate) fn fill(&self, principal: Option<&LedgerPrincipal>, recorded_at: &str) -> Vec<u8> {
        let Gaps { principal: id, recorded_at: recorded, sealed } = self.gaps;
        let mut bytes = Vec::with_capacity(1 + self.text.len() + recorded_at.len() + 32 + 64);
        bytes.push(LEAF_VERSION);
        let mut written = 0;
        let mut fill = |gap: usize, value: &str| {
            bytes.extend_from_slice(self.text.get(written..gap).unwrap_or_default().as_bytes());
            bytes.extend_from_slice(value.as_bytes());
            written = gap;
        };
        if let (Some(gap), Some(principal)) = (id, principal) {
            fill(gap, &hex(&principal.id));
        }
        fill(recorded, recorded_at);
        if let (Some(gap), Some(principal), Some(payload)) = (sealed, principal, &self.payload) {
            fill(gap, &hex(&hmac_sha256(&principal.commitment_key, payload)));
        }
        fill(self.text.len(), "");
        bytes
    }
}

/// The canonical object with nothing in its gaps.
fn write(mut parts: Vec<(&str, Part<'_>)>) -> (String, Gaps) {
    parts.sort_unstable_by_key(|(key, _)| *key);
    let mut gaps = Gaps::default();
    let mut text = String::with_capacity(256);
    text.push('{');
    for (key, part) in parts {
        let value = match part {
            Part::Value(value) => {
                push_field(&mut text, key, value);
                continue;
            }
            Part::Text(value) => value,
            Part::Principal | Part::RecordedAt | Part::Sealed => "",
        };
        push_field(&mut text, key, &Value::text(value));
        // Before the quotation mark that ends the empty text.
        let gap = text.len().saturating_sub(1);
        match part {
            Part::Principal => gaps.principal = Some(gap),
            Part::RecordedAt => gaps.recorded_at = gap,
            Part::Sealed => gaps.sealed = Some(gap),
            Part::Value(_) | Part::Text(_) => {}
        }
    }
    text.push('}');
    (text, gaps)
}
