//! Pages for everybody.

pub(crate) mod notice;
pub(crate) mod provider;
pub(crate) mod root;
pub(crate) mod sign_in;
pub(crate) mod verify;

mod sent_receipt;
mod verdict;
