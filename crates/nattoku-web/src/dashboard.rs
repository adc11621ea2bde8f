//! Pages about the person signed in.

pub(crate) mod act;
pub(crate) mod choice;
pub(crate) mod choices;
pub(crate) mod consents;
pub(crate) mod data;
pub(crate) mod download;
pub(crate) mod history;
pub(crate) mod home;
pub(crate) mod receipt;
pub(crate) mod receipt_file;
pub(crate) mod receipts;
pub(crate) mod recipients;

mod csv;
mod governing;
mod line;
mod part;
mod present;
mod uses;
mod will;
