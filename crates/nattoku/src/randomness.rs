//! Randomness from the operating system: the one place where it is read.

use crate::exit::CommandError;

/// Fills bytes with randomness of the operating system.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), CommandError> {
    getrandom::fill(bytes).map_err(|error| {
        CommandError::could_not_run(
            format!("乱数を得られません: {error}"),
            format!("the operating system gives no randomness: {error}"),
        )
    })
}

/// A number by which programs do not all do the same at one time. Nothing is secret about it.
pub(crate) fn number() -> u32 {
    let mut bytes = [0; 4];
    let _ = getrandom::fill(&mut bytes);
    u32::from_le_bytes(bytes)
}

/// A token nobody can guess. The source was seen to work at the start; should it fail later, the program ends rather than
/// hand out a token that can be guessed.
pub(crate) fn token() -> [u8; 32] {
    let mut token = [0; 32];
    if fill(&mut token).is_err() {
        std::process::abort();
    }
    token
}
