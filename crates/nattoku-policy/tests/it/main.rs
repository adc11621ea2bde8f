//! The crate's tests against whole policies.

#[cfg(test)]
mod allowing;
#[cfg(test)]
mod carrier;
#[cfg(test)]
mod faulty;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod invariants;
#[cfg(test)]
mod language_cases;
#[cfg(test)]
mod mending;
#[cfg(test)]
mod notices;
#[cfg(test)]
mod packs;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod scenarios;
