//! The policy language: text to checked policy, diagnostics, format, scenarios, the notice. Pure.
