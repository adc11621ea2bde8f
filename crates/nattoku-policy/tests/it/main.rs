//! The crate's tests against whole policies.

#[cfg(test)]
mod carrier;
#[cfg(test)]
mod hostile;
