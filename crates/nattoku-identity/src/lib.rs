//! Who somebody is by the word of another: tokens that an issuer has signed, the keys they are checked by, and signing in.
//!
//! An [`Issuer`] checks a token without asking anybody ([`Issuer::check`]); it asks for keys apart from that
//! ([`Issuer::fetch`]), so that a caller decides who waits. Time is an argument.
//!
//! ```text
//! issuer ─▶ token ─▶ algorithm, keys        no I/O
//!        ─▶ fetch ─▶ metadata ─▶ keys       a deadline, a bound, https
//! provider ─▶ issuer                        the same, for people and their browsers
//! ```

mod algorithm;
mod fetch;
mod issuer;
mod keys;
mod metadata;
mod provider;
mod refused;
#[cfg(test)]
mod stub;
mod token;

pub use algorithm::Algorithm;
pub use fetch::{Fetch, FetchError, Oddity, is_safe};
pub use issuer::{Issuer, IssuerSettings};
pub use metadata::Metadata;
pub use provider::{Attempt, Person, Provider, ProviderSettings, SignInError};
pub use refused::Refused;
pub use token::{Payload, issuer_of, looks_like_jwt};
