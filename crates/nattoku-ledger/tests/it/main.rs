//! The hashes and roots that this ledger gives, held against other people's and against our own frozen ones.

mod golden;
mod rfc6962;
