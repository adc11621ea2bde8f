//! A receipt as a form sends it: a file, or text that was pasted.

use std::collections::BTreeMap;

use axum::extract::{Form, FromRequest as _, Multipart, Request};
use axum::http::{StatusCode, header};
use nattoku_ledger::ReceiptError;
use nattoku_ledger::receipt::RECEIPT_BYTES_MAX;
use nattoku_model::Language;

use crate::Web;
use crate::visit::Visit;

/// The field with a file.
const FILE: &str = "file";
/// The field with what was pasted.
const PASTED: &str = "pasted";

/// What was sent.
#[derive(Debug, Default)]
pub(super) struct Sent {
    /// Of a file that was chosen, what is in it.
    file: Vec<u8>,
    /// What was pasted.
    pasted: String,
    /// Why not all of it was read.
    fault: Option<Fault>,
}

/// Why what was sent is not looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// Neither a file nor text.
    Nothing,
    /// A file and text as well.
    Both,
    /// More than any receipt has.
    TooLong,
    /// It did not arrive whole, or not as a form sends it.
    Broken,
    /// The file is no text.
    NotText,
    /// It is no JSON.
    NotJson,
    /// It is JSON, and no receipt.
    NotReceipt,
    /// It begins as a receipt and goes on otherwise.
    Unsound(ReceiptError),
}

impl Fault {
    /// What keeps a text from being read as a receipt.
    pub(super) fn of(error: ReceiptError) -> Self {
        match error {
            ReceiptError::TooLong => Self::TooLong,
            ReceiptError::Json(_) => Self::NotJson,
            ReceiptError::Format => Self::NotReceipt,
            other => Self::Unsound(other),
        }
    }

    /// What is wrong, and what to do about it.
    pub(super) fn sentence(&self, visit: &Visit) -> String {
        let words = visit.words;
        match self {
            Self::Nothing => words.get("verify-fault-nothing"),
            Self::Both => words.get("verify-fault-both"),
            Self::TooLong => words.get("verify-fault-too-long"),
            Self::Broken => words.get("verify-fault-broken"),
            Self::NotText => words.get("verify-fault-not-text"),
            Self::NotJson => words.get("verify-fault-not-json"),
            Self::NotReceipt => words.get("verify-fault-not-receipt"),
            Self::Unsound(error) => {
                let why = match visit.language {
                    Language::Ja => error.japanese(),
                    Language::En => error.to_string(),
                };
                words.fill("verify-fault-unsound", &why)
            }
        }
    }
}

impl Sent {
    /// The text of the receipt.
    pub(super) fn receipt(&self) -> Result<&str, Fault> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        let pasted = self.pasted.trim();
        match (self.file.is_empty(), pasted.is_empty()) {
            (true, true) => Err(Fault::Nothing),
            (false, false) => Err(Fault::Both),
            (true, false) => Ok(pasted),
            // What an editor puts before a text is no part of it.
            (false, true) => std::str::from_utf8(&self.file)
                .map(|text| text.trim_start_matches('\u{feff}').trim())
                .map_err(|_| Fault::NotText),
        }
    }

    /// What the page shows again of it: nothing is typed twice.
    pub(super) fn kept(&self) -> &str {
        if self.pasted.is_empty() { self.receipt().unwrap_or_default() } else { &self.pasted }
    }

    fn faulty(self, fault: Fault) -> Self {
        Self { fault: Some(fault), ..self }
    }

    /// Takes what a field has, as far as a receipt may be long.
    fn take(&mut self, name: &str, bytes: Vec<u8>) {
        if bytes.len() > RECEIPT_BYTES_MAX {
            self.fault = Some(Fault::TooLong);
            return;
        }
        match name {
            FILE => self.file = bytes,
            PASTED => self.pasted = String::from_utf8_lossy(&bytes).into_owned(),
            // A browser sends no other.
            _ => self.fault = Some(Fault::Broken),
        }
    }
}

/// Reads a form, whichever way it is sent.
pub(super) async fn read(request: Request, web: &Web) -> Sent {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
        match Multipart::from_request(request, web).await {
            Ok(parts) => read_parts(parts).await,
            Err(_) => Sent::default().faulty(Fault::Broken),
        }
    } else {
        let mut sent = Sent::default();
        match Form::<BTreeMap<String, String>>::from_request(request, web).await {
            Ok(Form(fields)) => {
                for (name, value) in fields {
                    sent.take(&name, value.into_bytes());
                }
            }
            Err(error) => sent.fault = Some(of_status(error.status())),
        }
        sent
    }
}

async fn read_parts(mut parts: Multipart) -> Sent {
    let mut sent = Sent::default();
    loop {
        let part = match parts.next_field().await {
            Ok(None) => return sent,
            Ok(Some(part)) => part,
            Err(error) => return sent.faulty(of_status(error.status())),
        };
        let name = part.name().unwrap_or_default().to_owned();
        match part.bytes().await {
            Ok(bytes) => sent.take(&name, bytes.to_vec()),
            Err(error) => return sent.faulty(of_status(error.status())),
        }
    }
}

fn of_status(status: StatusCode) -> Fault {
    if status == StatusCode::PAYLOAD_TOO_LARGE { Fault::TooLong } else { Fault::Broken }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(file: &[u8], pasted: &str) -> Sent {
        Sent { file: file.to_vec(), pasted: pasted.to_owned(), fault: None }
    }

    #[test]
    fn one_of_the_two_is_taken() {
        assert_eq!(sent(b"\xef\xbb\xbf{}\n", "").receipt(), Ok("{}"));
        assert_eq!(sent(b"", " {} ").receipt(), Ok("{}"));
        assert_eq!(sent(b"", " ").receipt(), Err(Fault::Nothing));
        assert_eq!(sent(b"{}", "{}").receipt(), Err(Fault::Both));
        assert_eq!(sent(b"\xff", "").receipt(), Err(Fault::NotText));
    }

    #[test]
    fn what_was_sent_is_shown_again() {
        assert_eq!(sent(b"{}", "").kept(), "{}");
        assert_eq!(sent(b"{}", "[]").kept(), "[]");
        assert_eq!(sent(b"\xff", "").kept(), "");
    }
}
