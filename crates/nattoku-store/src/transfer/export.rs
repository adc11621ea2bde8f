//! A whole ledger out of a store.

use nattoku_model::Revision;

use super::line;
use crate::error::StoreError;
use crate::record::PageMark;
use crate::store::Store;

/// Principals and events read at once.
const PAGE: u32 = 1_000;

/// Gives a whole ledger line by line, as it stands when the call begins: its identity, its keys as they lie, its principals, its
/// events, and how many they are under which root.
///
/// # Errors
/// The store cannot be read, or what `take` answers. [`StoreError::KeysChanged`] where keys were rotated or somebody was erased
/// meanwhile: then the lines have no last one.
pub fn export_whole<E: From<StoreError>>(
    store: &dyn Store,
    mut take: impl FnMut(&str) -> Result<(), E>,
) -> Result<(), E> {
    let stats = store.stats()?;
    let (identity, parts) = (store.identity()?, store.key_parts()?);
    take(&line::first(&identity))?;
    for group in &parts.groups {
        take(&line::group(group))?;
    }
    for tombstone in &parts.tombstones {
        take(&line::tombstone(tombstone))?;
    }
    // Principals of whom the first event comes while this runs may be among them; they do no harm.
    let mut mark = Some(PageMark::default());
    while let Some(after) = mark {
        let page = store.principal_keys_page(after, PAGE)?;
        for principal in &page.principals {
            take(&line::principal(principal))?;
        }
        mark = page.next;
    }
    let mut after = Revision(0);
    while after < stats.revision {
        let events = store.whole_events(after, stats.revision, PAGE)?;
        if events.is_empty() {
            let what = format!("revision {} is missing", after.0 + 1);
            return Err(StoreError::Corrupt { what }.into());
        }
        for event in &events {
            after.0 += 1;
            let line = line::event(event).ok_or_else(|| StoreError::Corrupt {
                what: format!("revision {}: its leaf is none", after.0),
            })?;
            take(&line)?;
        }
    }
    // Whoever rotates wraps the keys of the whole ledger anew, and whoever erases puts a tombstone.
    if store.identity()? != identity || store.key_parts()?.tombstones != parts.tombstones {
        return Err(StoreError::KeysChanged.into());
    }
    take(&line::last(stats.events, stats.root))
}
