//! What the server says went wrong, as RFC 9457 has it.

use serde_json::Value;

/// A problem.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{title} ({kind}): {detail}")]
pub struct Problem {
    /// What kind it is, for programs: `unknown-token`, `undeclared`.
    pub kind: String,
    /// The status of the answer.
    pub status: u16,
    /// The kind in words.
    pub title: String,
    /// What it is this time.
    pub detail: String,
    /// The whole problem, with what else helps to mend it.
    pub json: Value,
}

impl Problem {
    /// Reads a problem; nothing where it is none.
    pub(crate) fn read(json: Value) -> Option<Self> {
        let text = |field: &str| Some(json.get(field)?.as_str()?.to_owned());
        let kind = text("type")?;
        let kind = kind.strip_prefix("urn:nattoku:problem:").map_or_else(|| kind.clone(), str::to_owned);
        let status = u16::try_from(json.get("status")?.as_u64()?).ok()?;
        Some(Self { kind, status, title: text("title")?, detail: text("detail").unwrap_or_default(), json })
    }
}
