//! A whole ledger out of a store.

use std::ops::ControlFlow;

use super::line;
use crate::error::StoreError;
use crate::record::PageMark;
use crate::store::Store;

/// Principals read at once.
const PAGE: u32 = 1_000;

/// Gives a whole ledger line by line, as it stands when the call begins: its identity, its principals with their keys, its
/// events, and how many they are under which root.
///
/// # Errors
/// The store cannot be read, or what `take` answers.
pub fn export_whole<E: From<StoreError>>(
    store: &dyn Store,
    mut take: impl FnMut(&str) -> Result<(), E>,
) -> Result<(), E> {
    let stats = store.stats()?;
    take(&line::first(&store.identity()?))?;
    // Principals of whom the first event comes while this runs may be among them; they do no harm.
    let mut mark = Some(PageMark::default());
    while let Some(after) = mark {
        let page = store.principal_keys_page(after, PAGE)?;
        for principal in &page.principals {
            take(&line::principal(principal))?;
        }
        mark = page.next;
    }
    let mut n_events = 0;
    let mut failed = None;
    if stats.events > 0 {
        store.each_event(&mut |event| {
            n_events += 1;
            if let Err(error) = take(&event.to_line()) {
                failed = Some(error);
                return ControlFlow::Break(());
            }
            if n_events < stats.events { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
    }
    if let Some(error) = failed {
        return Err(error);
    }
    take(&line::last(stats.events, stats.root))
}
