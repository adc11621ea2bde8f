//! Pages about the person signed in.

pub(crate) mod act;
pub(crate) mod choice;
pub(crate) mod choices;
pub(crate) mod data;
pub(crate) mod history;
pub(crate) mod home;
pub(crate) mod receipt;
pub(crate) mod recipients;

mod changes;
mod governing;
mod line;
mod present;
mod uses;
mod will;
