//! What a message is: a request, a notification, an answer, or nothing that can be told.

use gen_lsp_types::ErrorCodes;
use serde_json::{Value, json};

use crate::transport::{BODY_BYTES_MAX, Frame};

/// A message from the editor.
#[derive(Debug, PartialEq)]
pub(crate) enum Incoming {
    /// It wants an answer.
    Request { id: Value, method: String, params: Value },
    /// It wants none.
    Notification { method: String, params: Value },
    /// An answer to something asked of the editor; nothing is asked that needs one.
    Answer,
    /// It cannot be understood; the answer that says so.
    Malformed(Fault),
}

/// Why a message is not answered as its sender wished.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fault {
    pub(crate) id: Value,
    pub(crate) code: ErrorCodes,
    pub(crate) message: String,
}

impl Fault {
    pub(crate) fn new(id: Value, code: ErrorCodes, message: impl Into<String>) -> Self {
        Self { id, code, message: message.into() }
    }

    /// The answer.
    pub(crate) fn to_json(&self) -> Value {
        json!({"jsonrpc": "2.0", "id": self.id, "error": {"code": self.code, "message": self.message}})
    }
}

/// Tells what a frame holds.
pub(crate) fn understand(frame: Frame) -> Incoming {
    let malformed = |code, message: String| Incoming::Malformed(Fault::new(Value::Null, code, message));
    let body = match frame {
        Frame::Body(body) => body,
        Frame::TooLong(length) => {
            let message = format!("expected a message of at most {BODY_BYTES_MAX} bytes, not of {length}");
            return malformed(ErrorCodes::InvalidRequest, message);
        }
        Frame::NoHeader => {
            let message = "expected a header with `Content-Length: N` and an empty line".to_owned();
            return malformed(ErrorCodes::ParseError, message);
        }
    };
    let message: Value = match serde_json::from_slice(&body) {
        Ok(message) => message,
        Err(error) => return malformed(ErrorCodes::ParseError, format!("expected JSON: {error}")),
    };
    let Value::Object(mut message) = message else {
        return malformed(ErrorCodes::InvalidRequest, "expected one JSON object".to_owned());
    };
    let id = message.remove("id");
    let params = message.remove("params").unwrap_or(Value::Null);
    match (message.remove("method"), id) {
        (Some(Value::String(method)), None) => Incoming::Notification { method, params },
        (Some(Value::String(method)), Some(id)) if id.is_string() || id.is_number() => {
            Incoming::Request { id, method, params }
        }
        (None, Some(_)) if message.contains_key("result") || message.contains_key("error") => {
            Incoming::Answer
        }
        _ => malformed(
            ErrorCodes::InvalidRequest,
            "expected `method`, and for a request an `id` that is a number or a text".to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Incoming {
        understand(Frame::Body(text.as_bytes().to_vec()))
    }

    #[test]
    fn requests_notifications_and_answers_are_told_apart() {
        let request = of(r#"{"jsonrpc":"2.0","id":1,"method":"shutdown"}"#);
        assert_eq!(
            request,
            Incoming::Request { id: json!(1), method: "shutdown".to_owned(), params: Value::Null }
        );
        assert!(matches!(of(r#"{"method":"exit"}"#), Incoming::Notification { .. }));
        assert_eq!(of(r#"{"id":7,"result":null}"#), Incoming::Answer);
    }

    #[test]
    fn what_is_no_message_is_answered_with_what_was_expected() {
        for (text, code) in [
            ("{", ErrorCodes::ParseError),
            ("\u{0}", ErrorCodes::ParseError),
            ("[]", ErrorCodes::InvalidRequest),
            ("{}", ErrorCodes::InvalidRequest),
            (r#"{"id":[],"method":"x"}"#, ErrorCodes::InvalidRequest),
            (r#"{"id":1,"method":2}"#, ErrorCodes::InvalidRequest),
        ] {
            let Incoming::Malformed(fault) = of(text) else { panic!("{text}") };
            assert_eq!(fault.code, code, "{text}");
            assert!(fault.message.starts_with("expected"), "{}", fault.message);
        }
    }
}
