//! What follows from a policy as a whole, rather than for one request.
//!
//! Everything here is pure and rests on the decision as defined (`nattoku_spec`): a policy that has been checked goes in,
//! and what is true of it for everybody comes out.

pub mod difference;
