//! Operations over a real store, with a clock that the test sets.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod clock_that_goes_back;
mod double_submit;
mod fuzz_corpus;
mod older_names;
mod population;
mod shop;
