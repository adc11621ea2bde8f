//! The customers of `nattoku demo`, made by the code that makes them there.

#![allow(dead_code, reason = "the program makes more of them than a test needs")]

#[path = "../../../nattoku/src/demo/customers.rs"]
mod customers;
#[path = "../../../nattoku/src/demo/draw.rs"]
mod draw;
#[path = "../../../nattoku/src/demo/life.rs"]
mod life;
#[path = "../../../nattoku/src/demo/looks.rs"]
mod looks;
#[path = "../../../nattoku/src/demo/named.rs"]
mod named;
#[path = "../../../nattoku/src/demo/processors.rs"]
mod processors;
#[path = "../../../nattoku/src/demo/story.rs"]
mod story;

pub(crate) use customers::events;
