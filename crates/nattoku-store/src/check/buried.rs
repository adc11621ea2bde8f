//! Sees that of those who are erased no keys are left.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use super::BATCH;
use crate::error::StoreError;
use crate::keys::Keyring;
use crate::leaf::hex;

/// How long to wait before looking again.
const PAUSE: Duration = Duration::from_millis(20);

/// Holds those whom the ledger has erased against the keys: theirs are destroyed, and a tombstone says so. The ledger says it
/// first, so that an erasure that is under way is waited for.
pub(crate) fn check_buried(
    keys: &Keyring,
    erased: &BTreeMap<[u8; 16], bool>,
    waits_max: Duration,
) -> Result<(), StoreError> {
    let ids: Vec<[u8; 16]> = erased.keys().copied().collect();
    let began = Instant::now();
    loop {
        let Some((id, why)) = keys.first_unburied(&ids, BATCH)? else { return Ok(()) };
        if began.elapsed() >= waits_max {
            let what = format!("the keys: the principal {} is erased, and {why}", hex(&id));
            return Err(StoreError::Corrupt { what });
        }
        thread::sleep(PAUSE);
    }
}
