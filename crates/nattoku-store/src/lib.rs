//! Durable state: the ledger in SQLite, and the JSON of events.
