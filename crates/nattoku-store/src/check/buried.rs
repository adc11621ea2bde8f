//! Sees that of those who are erased no keys are left.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use crate::error::StoreError;
use crate::keys::{Keyring, Unburied};
use crate::leaf::hex;

/// How long to wait before looking again.
const PAUSE: Duration = Duration::from_millis(20);

/// Holds those whom the ledger has erased against the keys: theirs are destroyed, and a tombstone says so. The ledger says it
/// first, so that an erasure that is under way is waited for.
pub(crate) fn check_buried(
    keys: &Keyring,
    erased: &BTreeMap<[u8; 16], bool>,
    wait_max: Duration,
) -> Result<(), StoreError> {
    let mut ids: Vec<[u8; 16]> = erased.keys().copied().collect();
    let began = Instant::now();
    loop {
        let left = keys.unburied(&ids)?;
        let Some((id, why)) = left.first() else { return Ok(()) };
        if began.elapsed() >= wait_max {
            let why = match why {
                Unburied::Keys => "the keys are not destroyed",
                Unburied::NoTombstone => "no tombstone keeps them so",
            };
            let what = format!("the keys: the principal {} is erased, and {why}", hex(id));
            return Err(StoreError::Corrupt { what });
        }
        ids = left.into_iter().map(|(id, _)| id).collect();
        thread::sleep(PAUSE);
    }
}
