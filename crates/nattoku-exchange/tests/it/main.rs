//! What is carried over, held against literate cases and against what others publish.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod dpv;
mod fides_cases;
mod fides_taxonomy;
