//! Randomness is an argument.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};

/// Gives random bytes: for principals' ids, and for keys.
///
/// The program's edge passes the operating system's in, as a closure over `getrandom::fill`; tests pass a
/// [`SeededRandomness`]. Whoever can foresee these bytes can undo every commitment in the ledger.
pub trait Randomness: Send {
    /// Fills `bytes`.
    ///
    /// # Errors
    /// The source cannot give any.
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomnessError>;
}

impl<F: FnMut(&mut [u8]) -> Result<(), RandomnessError> + Send> Randomness for F {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomnessError> {
        self(bytes)
    }
}

/// The source of randomness failed, with its own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RandomnessError(pub String);

impl fmt::Display for RandomnessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for RandomnessError {}

/// A source of randomness that is shared.
pub(crate) type Shared = Arc<Mutex<Box<dyn Randomness>>>;

/// One source of randomness for a store and its keys.
pub(crate) struct SharedRandomness(pub(crate) Shared);

impl Randomness for SharedRandomness {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomnessError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill(bytes)
    }
}

/// The same bytes for the same seed, for tests and reproducible samples. Never for a ledger about real people.
#[derive(Debug, Clone)]
pub struct SeededRandomness {
    seed: u64,
    n_blocks: u64,
}

impl SeededRandomness {
    /// Starts the sequence of `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { seed, n_blocks: 0 }
    }
}

impl Randomness for SeededRandomness {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomnessError> {
        for chunk in bytes.chunks_mut(32) {
            let block = Sha256::new()
                .chain_update(self.seed.to_le_bytes())
                .chain_update(self.n_blocks.to_le_bytes())
                .finalize();
            self.n_blocks += 1;
            chunk.iter_mut().zip(block).for_each(|(byte, random)| *byte = random);
        }
        Ok(())
    }
}
