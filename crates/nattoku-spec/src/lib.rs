//! The decision as defined: gates over policy, events and request. Pure.
