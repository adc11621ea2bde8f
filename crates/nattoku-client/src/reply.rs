//! What came back, and how it is read.

use serde_json::Value;

use crate::{ClientError, Problem};

/// Most bytes of an answer.
pub(crate) const BYTES_MAX: usize = 64 << 20;

/// An answer of any status.
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// The header `Retry-After`.
    pub(crate) retry_after: Option<String>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// Reads what the answer of a call that was done holds. Any other status than 200 is an error, whatever is written in it.
    pub(crate) fn read<T>(self, read: impl FnOnce(Value) -> Result<T, String>) -> Result<T, ClientError> {
        let status = self.status;
        let unreadable = |why: String| ClientError::Unreadable { status, why };
        let json: Result<Value, _> = serde_json::from_slice(&self.body);
        if status != 200 {
            let problem = json.ok().and_then(Problem::read);
            return Err(
                problem.map_or_else(|| unreadable("it is no problem".to_owned()), ClientError::Refused)
            );
        }
        let json = json.map_err(|error| unreadable(error.to_string()))?;
        read(json).map_err(unreadable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16, body: &str) -> Result<Value, ClientError> {
        Reply { status, retry_after: None, body: body.as_bytes().to_vec() }.read(Ok)
    }

    #[test]
    fn only_what_was_done_is_read() {
        assert_eq!(reply(200, "[1]").unwrap()[0], 1);
        for (status, body) in [(200, ""), (200, "<html>"), (302, "{}"), (204, ""), (500, "[1]"), (206, "[1]")]
        {
            assert!(matches!(reply(status, body), Err(ClientError::Unreadable { .. })), "{status} {body}");
        }
    }

    #[test]
    fn a_problem_is_told_as_it_is() {
        let body =
            r#"{"type":"urn:nattoku:problem:behind","title":"t","status":503,"detail":"d","revision":4}"#;
        let error = reply(503, body).unwrap_err();
        let problem = error.problem().unwrap();
        assert_eq!((problem.kind.as_str(), problem.status), ("behind", 503));
        assert_eq!(problem.json["revision"], 4);
        assert_eq!(error.to_string(), "t (behind): d");
    }
}
