//! The bytes of an event in the ledger: what anybody may see, and a commitment to what is personal.
//!
//! A leaf is the byte `01` and one canonical JSON object. Fields that could be personal are not in it: they are in the
//! *payload*, canonical JSON as well, kept in a private table; the leaf holds their keyed commitment in `sealed`.
//! Whoever holds the principal's commitment key can check a payload against the leaf; without the key, nobody can guess
//! a birthday from it. `docs/reference/ledger-format.md` is the definition.

mod draft;

use std::borrow::Cow;

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use nattoku_model::Event;
use nattoku_model::name::is_name;

use crate::event_json::event_from;
use crate::event_json::value::{Object, Value, canonical, canonical_of, read_object};
use crate::event_json::write;

pub(crate) use draft::Draft;

/// The version of the leaf's bytes.
pub(crate) const LEAF_VERSION: u8 = 1;
/// Longest leaf, in bytes: the limit of the C2SP tiled log format.
pub const LEAF_BYTES_MAX: usize = 65_535;

/// A principal as the ledger knows one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LedgerPrincipal {
    /// The random id that stands in leaves.
    pub(crate) id: [u8; 16],
    /// The key of the commitments to the principal's payloads.
    pub(crate) commitment_key: [u8; 32],
}

/// An event's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Leaf {
    /// What is hashed into the tree.
    pub(crate) bytes: Vec<u8>,
    /// What is personal, if anything is.
    pub(crate) payload: Option<Vec<u8>>,
}

/// Puts an event into bytes.
pub(crate) fn encode(
    event: &Event,
    principal: Option<&LedgerPrincipal>,
    at: Timestamp,
    recorded_at: Timestamp,
) -> Leaf {
    let fields = write::object(event);
    let draft = Draft::new(event.name(), &fields, principal.is_some(), &at.to_string());
    Leaf { bytes: draft.fill(principal, &recorded_at.to_string()), payload: draft.payload }
}

/// The name of the event that says that nothing in use opens any more what is personal of a principal.
pub(crate) const ERASED_LIVE: &str = "erased_live";
/// The name of the event that says that no copy does either.
pub(crate) const ERASED_EVERYWHERE: &str = "erased_everywhere";

/// The bytes of an event of a principal's erasure.
pub(crate) fn erasure(name: &str, id: &[u8; 16], at: Timestamp, recorded_at: Timestamp) -> Vec<u8> {
    let text = |text: String| Value::Text(Cow::Owned(text));
    let fields = [
        ("principal", text(hex(id))),
        ("event", Value::text(name)),
        ("at", text(at.to_string())),
        ("recorded_at", text(recorded_at.to_string())),
    ];
    [&[LEAF_VERSION], canonical(&fields).as_bytes()].concat()
}

/// What stands beside a leaf in its row, and follows from it.
pub(crate) struct Columns {
    pub(crate) name: String,
    /// The random id of whom the event is about.
    pub(crate) principal: Option<[u8; 16]>,
    pub(crate) at: Timestamp,
    pub(crate) recorded_at: Timestamp,
}

/// Reads what stands beside a leaf out of the leaf.
pub(crate) fn columns(leaf: &[u8]) -> Result<Columns, Unreadable> {
    let decoded = decode_open(leaf)?;
    let instant = |field: &str| {
        decoded.text(field)?.parse::<Timestamp>().map_err(|_| format!("its `{field}` is no instant"))
    };
    let principal = match decoded.fields.get("principal") {
        None => None,
        Some(Value::Text(digits)) => Some(unhex(digits).ok_or("its `principal` is no id")?),
        Some(_) => return Err("its `principal` is no id".to_owned()),
    };
    Ok(Columns {
        name: decoded.text("event")?.to_owned(),
        principal,
        at: instant("at")?,
        recorded_at: instant("recorded_at")?,
    })
}

/// Holds the bytes of an event of somebody erased against what is still known of it, and gives its name.
pub(crate) fn check_erased(
    leaf: &[u8],
    id: &[u8; 16],
    at: Timestamp,
    recorded_at: Timestamp,
) -> Result<String, Unreadable> {
    let Decoded { fields, .. } = decode_open(leaf)?;
    let same = |field: &str, wanted: String| match fields.get(field) {
        Some(Value::Text(text)) if *text == wanted => Ok(()),
        _ => Err(format!("its `{field}` is not `{wanted}`")),
    };
    same("principal", hex(id))?;
    same("at", at.to_string())?;
    same("recorded_at", recorded_at.to_string())?;
    let name = match fields.get("event") {
        Some(Value::Text(name)) => name.clone().into_owned(),
        _ => return Err("it has no `event`".to_owned()),
    };
    let again = canonical_of(fields.0.iter().map(|(field, value)| (field.as_ref(), value)));
    if leaf.get(1..) == Some(again.as_bytes()) { Ok(name) } else { Err("it is not canonical".to_owned()) }
}

/// Whether a field's text could tell something about a person, and so stays out of the leaf.
///
/// Channel and basis are words of the organisation; one that is not shaped like a name may hold anything.
fn is_personal(field: &str, text: &str) -> bool {
    match field {
        "born" | "residence" | "guardian" | "evidence" | "claim" => true,
        "by" => text != "principal",
        "channel" | "basis" => !is_name(text),
        _ => false,
    }
}

/// Why bytes are not a leaf of this ledger.
pub(crate) type Unreadable = String;

/// An event's bytes, read.
pub(crate) struct Decoded<'a> {
    fields: Object<'a>,
    payload: Option<Object<'a>>,
}

/// Reads a leaf and the payload it committed to.
pub(crate) fn decode<'a>(leaf: &'a [u8], payload: Option<&'a [u8]>) -> Result<Decoded<'a>, Unreadable> {
    let Decoded { fields, .. } = decode_open(leaf)?;
    let payload =
        payload.map(|bytes| read_object(bytes).map_err(|e| format!("it is not JSON: {e}"))).transpose()?;
    if fields.get("sealed").is_some() != payload.is_some() {
        return Err("its personal part is missing, or is there without a commitment".to_owned());
    }
    Ok(Decoded { fields, payload })
}

/// Reads what a leaf has in the open.
fn decode_open(leaf: &[u8]) -> Result<Decoded<'_>, Unreadable> {
    let json = match leaf.split_first() {
        Some((&LEAF_VERSION, json)) => json,
        Some((version, _)) => return Err(format!("its version byte is {version:02x}, not 01")),
        None => return Err("it is empty".to_owned()),
    };
    let fields = read_object(json).map_err(|e| format!("it is not JSON: {e}"))?;
    Ok(Decoded { fields, payload: None })
}

impl Decoded<'_> {
    /// The event, its open and its personal part joined.
    pub(crate) fn event(self) -> Result<Event, Unreadable> {
        let name = self.text("event")?.to_owned();
        let mut fields = self.payload.unwrap_or_default();
        // The payload goes first: where both have a field (`by`), the whole is there and the leaf has its kind.
        fields.0.extend(self.fields.0);
        event_from(&name, &fields).map_err(|e| e.to_string())
    }

    fn text(&self, field: &str) -> Result<&str, Unreadable> {
        match self.fields.get(field) {
            Some(Value::Text(text)) => Ok(text),
            _ => Err(format!("it has no `{field}`")),
        }
    }
}

/// HMAC-SHA256 (RFC 2104) with a key of 32 bytes.
pub(crate) fn hmac_sha256(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    nattoku_seal::hmac_sha256(key, &[message])
}

/// The event's content as a caller gave it, in canonical bytes: what its derived id is taken over, and what says whether two
/// events are one.
pub(crate) fn content(name: &str, fields: &Object<'_>, principal: Option<&str>, at: &str) -> String {
    let beside = [("event", Value::text(name)), ("at", Value::text(at))];
    let principal = principal.map(|principal| ("principal", Value::text(principal)));
    let beside = beside.iter().chain(&principal).map(|(key, value)| (*key, value));
    canonical_of(fields.0.iter().map(|(key, value)| (key.as_ref(), value)).chain(beside))
}

/// The same of an event that is there already.
pub(crate) fn content_of(event: &Event, principal: Option<&str>, at: Timestamp) -> String {
    content(event.name(), &write::object(event), principal, &at.to_string())
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

/// So many bytes from lower-case hexadecimal digits.
pub(crate) fn unhex<const N: usize>(digits: &str) -> Option<[u8; N]> {
    unhex_all(digits)?.try_into().ok()
}

/// Bytes from lower-case hexadecimal digits.
pub(crate) fn unhex_all(digits: &str) -> Option<Vec<u8>> {
    HEXLOWER.decode(digits.as_bytes()).ok()
}
