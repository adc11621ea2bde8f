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

use crate::event_json::canonical::read_canonical;
use crate::event_json::event_from;
use crate::event_json::value::{Object, Value, canonical, canonical_of};
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
#[cfg(test)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Leaf {
    /// What is hashed into the tree.
    pub(crate) bytes: Vec<u8>,
    /// What is personal, if anything is.
    pub(crate) payload: Option<Vec<u8>>,
}

/// Puts an event into bytes at once.
#[cfg(test)]
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
    match fields.get("event") {
        Some(Value::Text(name)) => Ok(name.clone().into_owned()),
        _ => Err("it has no `event`".to_owned()),
    }
}

/// Whether a field could tell something about a person, and so stays out of the leaf.
///
/// Channel and basis are words of the organisation; one that is not shaped like a name may hold anything. Of who looked at data
/// nothing stands there: it may be what law forbids to tell, and whoever knows their own id can read the log.
fn is_personal(event: &str, field: &str, value: &Value<'_>) -> bool {
    let text = match value {
        _ if event == "data_viewed" => return true,
        Value::Text(text) => text,
        _ => return false,
    };
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
    let payload = payload.map(read_canonical).transpose()?;
    if fields.get("sealed").is_some() != payload.is_some() {
        return Err("its personal part is missing, or is there without a commitment".to_owned());
    }
    Ok(Decoded { fields, payload })
}

/// Reads what a leaf has in the open.
fn decode_open(leaf: &[u8]) -> Result<Decoded<'_>, Unreadable> {
    Ok(Decoded { fields: read_canonical(json_of(leaf)?)?, payload: None })
}

/// What stands behind a leaf's version.
fn json_of(leaf: &[u8]) -> Result<&[u8], Unreadable> {
    match leaf.split_first() {
        Some((&LEAF_VERSION, json)) => Ok(json),
        Some((version, _)) => Err(format!("its version byte is {version:02x}, not 01")),
        None => Err("it is empty".to_owned()),
    }
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

/// What a leaf says beside the event: whom it is about, and the two times as they are written.
pub(crate) struct Beside<'a> {
    pub(crate) principal: Option<&'a LedgerPrincipal>,
    pub(crate) at: &'a str,
    pub(crate) recorded_at: &'a str,
}

/// The event that a leaf and its payload hold, where a [`Draft`] of it would become the same bytes: no byte of either could be
/// otherwise.
///
/// Nothing is encoded for that. Canonical JSON says of its fields in which bytes they stand; so the bytes are those that the event
/// gives where the fields are: each with the value that the event gives, and none beside them.
pub(crate) fn decode_exactly(
    leaf: &[u8],
    payload: Option<&[u8]>,
    beside: &Beside<'_>,
) -> Result<Event, Unreadable> {
    let open = read_canonical(json_of(leaf)?)?;
    let mut fields = match payload {
        Some(payload) => read_canonical(payload).map_err(|why| format!("its personal part: {why}"))?,
        None => Object::default(),
    };
    let name = match open.get("event") {
        Some(Value::Text(name)) => name.clone(),
        _ => return Err("it has no `event`".to_owned()),
    };
    let n_personal = fields.0.len();
    // The payload goes first, as wherever an event is read.
    fields.0.extend(open.0);
    let event = event_from(&name, &fields).map_err(|e| e.to_string())?;
    let (personal, open) = fields.0.split_at(n_personal);
    hold(&event, open, personal, payload, beside)?;
    Ok(event)
}

/// Fields as they were read.
type Read<'a> = [(Cow<'a, str>, Value<'a>)];

/// Holds the fields of a leaf and of a payload against those that the event gives.
fn hold(
    event: &Event,
    open: &Read<'_>,
    personal: &Read<'_>,
    payload: Option<&[u8]>,
    beside: &Beside<'_>,
) -> Result<(), Unreadable> {
    // The event's name is what it was read by.
    let (mut n_open, mut n_personal) = (1, 0);
    let mut told = |field: &str, is_so: &dyn Fn(&Value<'_>) -> bool| {
        n_open += 1;
        holds(open, field, is_so)
    };
    for (field, value) in write::fields(event) {
        match &value {
            value if beside.principal.is_some() && is_personal(event.name(), field, value) => {
                if let (Value::Text(text), "by") = (value, field) {
                    let kind = text.split(':').next().unwrap_or_default();
                    told(field, &|read| matches!(read, Value::Text(read) if read == kind))?;
                }
                n_personal += 1;
                holds(personal, field, &|read| read == value)?;
            }
            _ => told(field, &|read| *read == value)?,
        }
    }
    for (field, time) in [("at", beside.at), ("recorded_at", beside.recorded_at)] {
        told(field, &|read| matches!(read, Value::Text(read) if read == time))?;
    }
    if let Some(principal) = beside.principal {
        told("principal", &|read| is_hex_of(read, &principal.id))?;
        if n_personal > 0 {
            let commitment = hmac_sha256(&principal.commitment_key, payload.unwrap_or_default());
            told("sealed", &|read| is_hex_of(read, &commitment))?;
        }
    }
    if n_open != open.len() || n_personal != personal.len() || payload.is_some() != (n_personal > 0) {
        return Err("it has a field that its content does not give".to_owned());
    }
    Ok(())
}

fn holds(fields: &Read<'_>, field: &str, is_so: &dyn Fn(&Value<'_>) -> bool) -> Result<(), Unreadable> {
    match fields.iter().find(|(key, _)| key == field) {
        Some((_, value)) if is_so(value) => Ok(()),
        _ => Err(format!("its `{field}` is not what its content gives")),
    }
}

/// Whether a value is some bytes in lower-case hexadecimal digits.
fn is_hex_of(value: &Value<'_>, bytes: &[u8]) -> bool {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let Value::Text(text) = value else { return false };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied();
    let is_byte = |([high, low], byte): (&[u8; 2], &u8)| {
        digit(byte >> 4) == Some(*high) && digit(byte & 0xf) == Some(*low)
    };
    rest.is_empty() && pairs.len() == bytes.len() && pairs.iter().zip(bytes).all(is_byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event_json::NewEvent;

    const PRINCIPAL: LedgerPrincipal = LedgerPrincipal { id: [0xa7; 16], commitment_key: [0x31; 32] };

    const LINES: [&str; 6] = [
        r#"{"event":"principal_registered","principal":"p","at":"2020-01-01T00:00:00Z","born":"1985-04-01","residence":"JP-13 東京都","unknown_relationships":["club","a_b"]}"#,
        r#"{"event":"consent_granted","principal":"p","at":"2020-01-07T00:00:00.5Z","item":"partner_sharing","text_version":"2","language":"en","channel":"by \"phone\"","by":"agent:a-7","until":"2030-01-01T00:00:00Z","evidence":"no. 5\nseen"}"#,
        r#"{"event":"choice_declined","principal":"p","at":"2020-01-09T00:00:00Z","choice":"offers","channel":"web","by":"principal"}"#,
        r#"{"event":"restriction_lifted","principal":"p","at":"2020-01-15T00:00:00Z","categories":[],"actions":["use"],"claim":"C-1"}"#,
        r#"{"event":"data_erased","principal":"p","at":"2020-01-05T00:00:00.000001Z","category":"location.x"}"#,
        r#"{"event":"policy_published","at":"2020-01-21T00:00:00Z","version":"1","digest":"sha256:00ff"}"#,
    ];

    /// Whether the bytes are those that encoding what they hold once more gives: what no shorter way may answer otherwise.
    fn are_encoded_again(
        leaf: &[u8],
        payload: Option<&[u8]>,
        new: &NewEvent,
        recorded_at: Timestamp,
    ) -> bool {
        let principal = new.principal.as_ref().map(|_| &PRINCIPAL);
        let Ok(event) = decode(leaf, payload).and_then(Decoded::event) else { return false };
        let again = encode(&event, principal, new.at, recorded_at);
        (again.bytes.as_slice(), again.payload.as_deref()) == (leaf, payload)
    }

    /// Every text that is one bit, one byte more or one byte less away, and some in which a piece is there twice.
    fn near(bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut near = Vec::new();
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut flipped = bytes.to_vec();
                flipped[at] ^= 1 << bit;
                near.push(flipped);
            }
            near.push([&bytes[..at], &bytes[at + 1..]].concat());
            near.push([&bytes[..=at], &bytes[at..]].concat());
            near.push([&bytes[..at], b" ", &bytes[at..]].concat());
            near.push([&bytes[..at], b"\\", &bytes[at..]].concat());
            near.push([&bytes[..at], br#","x":"y""#, &bytes[at..]].concat());
        }
        near
    }

    #[test]
    fn exactly_the_bytes_that_an_event_is_encoded_to_are_decoded() {
        let recorded_at: Timestamp = "2026-04-01T00:00:00Z".parse().unwrap();
        for line in LINES {
            let new = NewEvent::from_line(line.as_bytes()).unwrap();
            let principal = new.principal.as_ref().map(|_| &PRINCIPAL);
            let Leaf { bytes, payload } = encode(&new.event, principal, new.at, recorded_at);
            let (at, recorded) = (new.at.to_string(), recorded_at.to_string());
            let beside = Beside { principal, at: &at, recorded_at: &recorded };
            assert_eq!(
                decode_exactly(&bytes, payload.as_deref(), &beside).as_ref(),
                Ok(&new.event),
                "{line}"
            );
            for changed in near(&bytes) {
                let is_right = decode_exactly(&changed, payload.as_deref(), &beside).is_ok();
                let wanted = are_encoded_again(&changed, payload.as_deref(), &new, recorded_at);
                assert_eq!(is_right, wanted, "{}", String::from_utf8_lossy(&changed));
            }
            for changed in payload.iter().flat_map(|payload| near(payload)) {
                let is_right = decode_exactly(&bytes, Some(&changed), &beside).is_ok();
                assert!(!is_right, "{}", String::from_utf8_lossy(&changed));
            }
            // What belongs to the event and lies on the wrong side.
            let other = if payload.is_some() { None } else { Some(&b"{}"[..]) };
            assert!(decode_exactly(&bytes, other, &beside).is_err());
        }
    }
}
