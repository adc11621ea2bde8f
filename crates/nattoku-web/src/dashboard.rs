//! Pages about the person signed in.

pub(crate) mod act;
pub(crate) mod choice;
pub(crate) mod choices;
pub(crate) mod data;
pub(crate) mod history;
pub(crate) mod home;
pub(crate) mod receipt;
pub(crate) mod recipients;
pub(crate) mod stop_all;

mod back;
mod changes;
mod governing;
mod line;
mod passed;
mod present;
mod uses;
mod will;
