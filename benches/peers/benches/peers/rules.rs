//! The policy's declarations as data of the peers: what both need and neither would work out at every question.

use std::collections::BTreeSet;

use nattoku_model::name::{ActivityName, CategoryName};
use nattoku_model::policy::{Activity, Basis, Cover, Refusability};
use nattoku_model::{Action, Policy};

/// The choices that stop an activity, whoever gets the data.
pub(crate) fn stopped_by(policy: &Policy, name: &ActivityName, activity: &Activity) -> BTreeSet<String> {
    let purposes: Vec<_> = activity.purposes.iter().collect();
    let actions = [Action::Use, Action::Provide];
    let choices = policy.choices.iter().filter(|(_, choice)| {
        choice.refusability != Refusability::NotRefusable
            && actions.iter().any(|action| choice.covers_act(*action, name, &purposes, None))
    });
    choices.map(|(name, _)| name.to_string()).collect()
}

/// What passes to others by an activity although their provision was declined.
pub(crate) fn passes_declined(policy: &Policy, name: &ActivityName) -> BTreeSet<String> {
    let of_recipients = policy
        .choices
        .values()
        .filter(|choice| choice.covers.iter().any(|cover| matches!(cover, Cover::Recipients(_))));
    let residue = of_recipients.flat_map(|choice| &choice.residue).filter(|r| r.activity == *name);
    residue.flat_map(|r| r.categories.iter().map(ToString::to_string)).collect()
}

/// The provisions of an activity that rest on a consent: the item, and the wordings that count.
pub(crate) fn on_consent<'a>(
    policy: &'a Policy,
    name: &'a ActivityName,
) -> impl Iterator<Item = (&'a nattoku_model::policy::Provision, String, BTreeSet<String>)> {
    policy.provisions.values().filter(move |p| p.activity == *name).filter_map(|provision| {
        let Basis::Consent(item, accepts) = &provision.basis else { return None };
        let wordings = accepts.as_ref().or_else(|| policy.consents.get(item).map(|i| &i.accepts))?;
        Some((provision, item.to_string(), wordings.iter().map(ToString::to_string).collect()))
    })
}

/// The sources that are declared, and vouched for where they must be, to give a category.
pub(crate) fn sources(policy: &Policy, category: &CategoryName) -> BTreeSet<String> {
    let giving = policy.sources.iter().filter(|(_, s)| s.gives.iter().any(|c| c.covers(category)));
    giving.map(|(name, _)| name.to_string()).collect()
}

/// The names of several.
pub(crate) fn names<T: ToString>(of: &[T]) -> Vec<String> {
    of.iter().map(ToString::to_string).collect()
}
