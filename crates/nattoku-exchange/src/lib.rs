//! Policies from and for other programs. Pure: bytes in, bytes out.
//!
//! [`fides`] makes a first draft of a policy from manifests in Fides' language of resources, and lists what it could not
//! carry over. [`dpv`] writes a policy in the W3C's Data Privacy Vocabulary.

pub mod dpv;
pub mod fides;
mod kdl;
mod place;
mod yaml;

pub use place::{Fault, Place};
