//! Who somebody is by the word of another: tokens that an issuer has signed, and the keys they are checked by.
//!
//! An [`Issuer`] checks a token without asking anybody ([`Issuer::check`]); it asks for keys apart from that
//! ([`Issuer::fetch`]), so that a caller decides who waits. Time is an argument.
//!
//! ```text
//! issuer ─▶ token ─▶ algorithm, keys        no I/O
//!        ─▶ fetch ─▶ metadata ─▶ keys       a deadline, a bound, https
//! ```

mod algorithm;
mod fetch;
mod issuer;
mod keys;
mod metadata;
mod refused;
mod token;

pub use algorithm::Algorithm;
pub use fetch::{Fetch, FetchError, is_safe};
pub use issuer::{Issuer, IssuerSettings};
pub use metadata::Metadata;
pub use refused::Refused;
pub use token::{Claims, issuer_of, looks_like_one};
