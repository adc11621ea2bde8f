//! Does a prohibition match (R37)? Nothing overrides it: neither consent nor law.

use nattoku_model::history::Holding;
use nattoku_model::policy::{Prohibition, Rule};
use nattoku_model::{Gate, GateAnswer, Reason, Verdict};

use crate::case::Case;

/// Denies where the activity has an outcome that may not rest on this category.
pub(super) fn judge(case: &Case<'_>, holding: &Holding) -> GateAnswer {
    let outcome = case.activity().and_then(|a| a.outcome.as_deref());
    let prohibited = case
        .policy
        .prohibitions
        .iter()
        .find(|(_, p)| Some(p.outcome.as_str()) == outcome && rests_on(case, p, holding));
    match prohibited {
        Some((name, _)) => GateAnswer::new(Gate::Prohibition, Verdict::Deny, Reason::Prohibited)
            .by_rule(Rule::new("prohibition", name))
            .detail("prohibition", name),
        None => GateAnswer::new(Gate::Prohibition, Verdict::Permit, Reason::NotProhibited),
    }
}

/// Whether the prohibition speaks of this category: by name, or by class. One that names neither speaks of all.
fn rests_on(case: &Case<'_>, prohibition: &Prohibition, holding: &Holding) -> bool {
    let is_named =
        prohibition.on.iter().any(|on| on.covers(&holding.category) || holding.category.covers(on));
    let classes = case.classes(holding);
    let is_of_class = prohibition.classes.iter().any(|c| classes.contains(c));
    let speaks_of_all = prohibition.on.is_empty() && prohibition.classes.is_empty();
    is_named || is_of_class || speaks_of_all
}
