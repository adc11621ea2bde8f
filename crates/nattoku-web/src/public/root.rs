//! `/`: to the notice, in the visitor's language.

use crate::visit::{Answer, Visit, found_by_language};

/// 302 to the notice.
pub(crate) fn page(visit: &Visit) -> Answer {
    Ok(found_by_language(&visit.link("privacy")))
}
