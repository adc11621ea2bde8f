//! Everything Nattoku can do, one file each; the only writer to the ledger.
