//! Where a search goes on: a token that is good only for the search it was given for.

use data_encoding::BASE64URL_NOPAD;
use nattoku_operations::{FieldError, Fields, Json};
use nattoku_store::PageMark;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Bytes of the digest of what is searched for.
const DIGEST_BYTES: usize = 16;

/// What a search asks of its answer's part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PageAsked {
    pub(super) after: PageMark,
    pub(super) limit: Option<u64>,
    digest: [u8; DIGEST_BYTES],
}

impl PageAsked {
    /// What `page` of a search says.
    pub(super) fn read(search: &Fields<'_>) -> Result<Self, FieldError> {
        let digest = digest(search);
        let page = match search.object_itself().get("page") {
            None => return Ok(Self { after: PageMark::default(), limit: None, digest }),
            Some(Json::Object(_)) => search.object("page")?,
            Some(_) => return Err(FieldError::expected("page", "オブジェクト", "of the type object")),
        };
        let Some(page) = page else { return Ok(Self { after: PageMark::default(), limit: None, digest }) };
        let after = match page.text("token")?.filter(|token| !token.is_empty()) {
            None => PageMark::default(),
            Some(token) => mark_of(&token, &digest).ok_or_else(foreign)?,
        };
        Ok(Self { after, limit: page.number("limit")?, digest })
    }

    /// The token with which the search goes on; empty at its end.
    pub(super) fn next(&self, next: Option<PageMark>) -> String {
        let Some(next) = next else { return String::new() };
        let bytes: Vec<u8> = next.number().to_be_bytes().into_iter().chain(self.digest).collect();
        BASE64URL_NOPAD.encode(&bytes)
    }
}

/// What is searched for, without which part of it.
fn digest(search: &Fields<'_>) -> [u8; DIGEST_BYTES] {
    let searched = Value::Object(search.without(&["page"]).object_itself().to_map()).to_string();
    let mut digest = [0; DIGEST_BYTES];
    digest.iter_mut().zip(Sha256::digest(searched.as_bytes())).for_each(|(byte, of)| *byte = of);
    digest
}

fn mark_of(token: &str, digest: &[u8; DIGEST_BYTES]) -> Option<PageMark> {
    let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
    let (mark, of) = bytes.split_first_chunk::<8>()?;
    (of == digest).then(|| PageMark::of_number(i64::from_be_bytes(*mark)))
}

fn foreign() -> FieldError {
    FieldError::new(
        "page.token",
        "`page.token` は別の検索のものです。token のほかは、前と同じ内容で送ってください",
        "`page.token` is of another search; send all but the token as before",
    )
}
