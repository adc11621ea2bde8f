//! Operations over a real store, with a clock that the test sets.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod catching_up;
mod changed;
mod clock_that_goes_back;
mod double_submit;
mod everybody;
mod fuzz_corpus;
mod in_force;
mod node;
mod older_names;
mod population;
mod refusals;
mod respondents;
mod shop;
mod signals;
