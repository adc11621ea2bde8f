//! The language server: what the check knows of a policy, in an editor, over any pair of reader and writer.
//!
//! `transport` frames messages, `message` tells requests from notifications, [`server`] keeps their order and answers.
//! A `workspace` holds what is open; a `folder` is one policy with what the check last said of it. Each answer has a
//! file of its own: `diagnostics`, `actions`, `formatting` and so on. Nothing is written to disk here, and a policy is
//! checked anew only when nothing more is waiting to be read, so that a burst of keystrokes costs one check.

mod actions;
mod client;
mod completion;
mod diagnostics;
mod documents;
mod folder;
mod formatting;
mod hover;
mod message;
mod navigation;
mod position;
mod rename;
pub mod server;
mod spot;
mod symbols;
mod transport;
mod uri;
mod workspace;

pub use server::{Ended, Settings, serve};
