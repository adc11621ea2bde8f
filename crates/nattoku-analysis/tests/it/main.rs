//! The crate's tests against whole policies.

#[cfg(test)]
mod difference;
#[cfg(test)]
mod difference_cases;
#[cfg(test)]
mod edited;
