//! What flows to third parties, successors and authorities, and on which basis: the flows are compared, not the provisions
//! that make them (APPI-27-1).

use std::collections::{BTreeMap, BTreeSet};

use nattoku_model::name::{ActivityName, CategoryName, RecipientName, WordingName};
use nattoku_model::policy::{Basis, Rule};
use nattoku_model::{ChangeKind, Policy, Text};

use super::affected::Affected;
use super::compare::{Comparison, less};
use super::consents::standing;
use super::data::{declared, top_only};
use super::titles::{self, joined, plain, words, written};
use super::touch::Touch;

/// Every basis on which a category flows.
type Bases = Vec<Basis>;

/// What flows by an activity to a recipient: each declared category with its bases, and the provisions that say so.
#[derive(Default)]
pub(super) struct Flow {
    pub(super) by_category: BTreeMap<CategoryName, Bases>,
    pub(super) rules: BTreeSet<Rule>,
}

/// What flows, by activity and recipient.
pub(super) type Flows = BTreeMap<(RecipientName, ActivityName), Flow>;

/// What more flowing rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum RestsOn {
    /// A law that has it given.
    Law,
    /// A consent that nobody has given yet.
    NewConsent,
    /// That the principal has not declined.
    OptOut,
    /// A consent given earlier, for less.
    StandingConsent,
}

/// What flows under a policy.
pub(super) fn flows(policy: &Policy) -> Flows {
    let mut flows = Flows::new();
    for (name, provision) in &policy.provisions {
        for recipient in &provision.to {
            let flow = flows.entry((recipient.clone(), provision.activity.clone())).or_default();
            flow.rules.insert(Rule::new("provision", name));
            for category in declared(policy, &provision.gives) {
                let bases = flow.by_category.entry(category).or_default();
                if !bases.contains(&provision.basis) {
                    bases.push(provision.basis.clone());
                }
            }
        }
    }
    flows
}

/// Compares what flows to recipients that both versions know; what flows to others is told of the recipient.
pub(super) fn compare(comparison: &mut Comparison<'_>) {
    let (before, after) = (flows(comparison.old), flows(comparison.new));
    let keys: BTreeSet<_> = before.keys().chain(after.keys()).cloned().collect();
    for key in keys {
        let (recipient, activity) = &key;
        let is_known = [comparison.old, comparison.new].iter().all(|p| p.recipients.contains_key(recipient));
        if !is_known {
            continue;
        }
        let (none, other) = (Flow::default(), Flow::default());
        let pair = [before.get(&key).unwrap_or(&none), after.get(&key).unwrap_or(&other)];
        widened(comparison, recipient, activity, pair);
        narrowed(comparison, recipient, activity, pair);
        bases(comparison, recipient, activity, pair);
    }
}

/// What flows by a new rule, sorted by what it rests on.
fn gained<'f>(
    old: &Policy,
    new: &Policy,
    flow: &'f Flow,
    before: &Flow,
) -> BTreeMap<RestsOn, BTreeSet<&'f CategoryName>> {
    let mut gained: BTreeMap<RestsOn, BTreeSet<&CategoryName>> = BTreeMap::new();
    for (category, bases) in &flow.by_category {
        // What is a part of what flowed as a whole, and is only now told apart, flowed before.
        let flowed = before.by_category.contains_key(category)
            || category.parent().is_some_and(|above| before.by_category.contains_key(&above));
        if !flowed {
            gained.entry(rests_on(old, new, bases)).or_default().insert(category);
        }
    }
    gained
}

/// A law goes first, as it does in the decision; then what lets most pass.
pub(super) fn rests_on(old: &Policy, new: &Policy, bases: &[Basis]) -> RestsOn {
    if bases.iter().any(|b| matches!(b, Basis::Law(_))) {
        return RestsOn::Law;
    }
    let each = bases.iter().map(|basis| match basis {
        Basis::Consent(item, accepts) if standing(old, new, item, accepts.as_ref()).is_some() => {
            RestsOn::StandingConsent
        }
        Basis::OptOut(_) => RestsOn::OptOut,
        Basis::Consent(..) | Basis::Law(_) => RestsOn::NewConsent,
    });
    each.max().unwrap_or(RestsOn::NewConsent)
}

/// Whom it concerns that these categories come to flow: who holds them, and where consents given earlier are used, those
/// only who gave one.
pub(super) fn whom<'n>(
    old: &Policy,
    new: &Policy,
    rests_on: RestsOn,
    bases: &[Basis],
    categories: impl IntoIterator<Item = &'n CategoryName>,
) -> Affected {
    let holds = Affected::holds(&top_only(categories.into_iter().cloned()));
    if rests_on != RestsOn::StandingConsent {
        return holds;
    }
    let agreed = bases.iter().filter_map(|basis| match basis {
        Basis::Consent(item, accepts) => {
            let wordings = standing(old, new, item, accepts.as_ref())?;
            Some(Affected::Agreed(item.clone(), wordings))
        }
        _ => None,
    });
    holds.and(Affected::any(agreed))
}

fn widened(
    comparison: &mut Comparison<'_>,
    recipient: &RecipientName,
    activity: &ActivityName,
    [before, after]: [&Flow; 2],
) {
    let (old, new) = (comparison.old, comparison.new);
    for (rests_on, categories) in gained(old, new, after, before) {
        let kind = match rests_on {
            RestsOn::StandingConsent => ChangeKind::ProvisionWidened,
            RestsOn::NewConsent => ChangeKind::ProvisionWidenedOnNewConsent,
            RestsOn::OptOut => ChangeKind::ProvisionWidenedByOptOut,
            RestsOn::Law => ChangeKind::ProvisionWidenedByLaw,
        };
        let bases: Bases =
            categories.iter().filter_map(|c| after.by_category.get(*c)).flatten().cloned().collect();
        let affected = whom(old, new, rests_on, &bases, categories.iter().copied());
        let top = top_only(categories.into_iter().cloned());
        let items =
            titles::about(&titles::activity([new, old], activity), &titles::categories([new, old], &top));
        comparison
            .add(kind, Rule::new("recipient", recipient))
            .within(activity)
            .items(items)
            .concerns(affected)
            .because(after.rules.iter().cloned())
            .touches(top.iter().map(|c| Touch::recipient(recipient).by(activity).on(c)))
            .done();
    }
}

fn narrowed(
    comparison: &mut Comparison<'_>,
    recipient: &RecipientName,
    activity: &ActivityName,
    [before, after]: [&Flow; 2],
) {
    let (old, new) = (comparison.old, comparison.new);
    // What is no longer declared at all is told of the category.
    let lost = before
        .by_category
        .keys()
        .filter(|c| !after.by_category.contains_key(*c) && new.categories.contains_key(*c));
    let lost = top_only(lost.cloned());
    if lost.is_empty() {
        return;
    }
    let items =
        titles::about(&titles::activity([new, old], activity), &titles::categories([new, old], &lost));
    comparison
        .add(ChangeKind::ProvisionNarrowed, Rule::new("recipient", recipient))
        .within(activity)
        .items(items)
        .concerns(Affected::holds(&lost))
        .because(before.rules.iter().cloned())
        .touches(lost.iter().map(|c| Touch::recipient(recipient).by(activity).on(c)))
        .done();
}

/// What flows as before, on something else. Categories whose bases change alike are one change.
fn bases(
    comparison: &mut Comparison<'_>,
    recipient: &RecipientName,
    activity: &ActivityName,
    [before, after]: [&Flow; 2],
) {
    let mut shifts: Vec<(&Bases, &Bases, BTreeSet<&CategoryName>)> = Vec::new();
    for (category, was) in &before.by_category {
        let Some(is) = after.by_category.get(category) else { continue };
        if was.iter().all(|b| is.contains(b)) && is.iter().all(|b| was.contains(b)) {
            continue;
        }
        match shifts.iter_mut().find(|(w, i, _)| *w == was && *i == is) {
            Some((_, _, categories)) => _ = categories.insert(category),
            None => shifts.push((was, is, BTreeSet::from([category]))),
        }
    }
    for (number, (was, is, categories)) in shifts.into_iter().enumerate() {
        let (old, new) = (comparison.old, comparison.new);
        let (kind, items, affected) = shift(old, new, was, is);
        let within = if number == 0 { activity.to_string() } else { format!("{activity}#{}", number + 1) };
        let holds = Affected::holds(&top_only(categories.into_iter().cloned()));
        let in_words = |policy: &Policy, bases: &Bases| joined(bases.iter().map(|b| basis_words(policy, b)));
        let noted = comparison
            .add(kind, Rule::new("recipient", recipient))
            .within(&within)
            .between(in_words(old, was), in_words(new, is))
            .concerns(affected.map_or_else(|| holds.clone(), |a| holds.clone().and(a)))
            .because(before.rules.iter().chain(&after.rules).cloned())
            .touches([Touch::recipient(recipient).by(activity)]);
        noted.items(items).done();
    }
}

/// What the change of bases is: the same consent with other wordings, or another footing.
fn shift(old: &Policy, new: &Policy, was: &Bases, is: &Bases) -> (ChangeKind, Text, Option<Affected>) {
    let none = titles::nothing();
    if let ([Basis::Consent(a, before)], [Basis::Consent(b, after)]) = (was.as_slice(), is.as_slice())
        && a == b
    {
        let counted = |policy: &Policy, accepts: &Option<BTreeSet<WordingName>>| -> Vec<WordingName> {
            let item = policy.consents.get(a).map(|c| c.accepts.clone()).unwrap_or_default();
            item.into_iter().filter(|w| accepts.as_ref().is_none_or(|only| only.contains(w))).collect()
        };
        let (before, after) = (counted(old, before), counted(new, after));
        let known = old.consents.get(a).map(|c| &c.wordings);
        let mut more = less(&after, &before);
        more.retain(|w| known.is_some_and(|known| known.contains_key(w)));
        let fewer = less(&before, &after);
        let agreed =
            |wordings: &[WordingName]| Some(Affected::Agreed(a.clone(), wordings.iter().cloned().collect()));
        return if !more.is_empty() {
            (ChangeKind::ProvisionAcceptsMore, written(&more), agreed(&more))
        } else if !fewer.is_empty() {
            (ChangeKind::ProvisionAcceptsLess, written(&fewer), agreed(&fewer))
        } else {
            (ChangeKind::ProvisionBasisChanged, none, None)
        };
    }
    let needs_consent = |bases: &Bases| bases.iter().all(|b| matches!(b, Basis::Consent(..)));
    let is_looser = is.iter().any(|b| !was.contains(b) && !is_new_consent(old, new, b));
    let kind = match (needs_consent(was), needs_consent(is)) {
        (false, true) => ChangeKind::ProvisionBasisTightened,
        (true, _) if is_looser => ChangeKind::ProvisionBasisLoosened,
        _ => ChangeKind::ProvisionBasisChanged,
    };
    (kind, none, None)
}

fn is_new_consent(old: &Policy, new: &Policy, basis: &Basis) -> bool {
    matches!(basis, Basis::Consent(item, accepts) if standing(old, new, item, accepts.as_ref()).is_none())
}

fn basis_words(policy: &Policy, basis: &Basis) -> Text {
    match basis {
        Basis::Consent(item, None) => titles::consent([policy, policy], item),
        Basis::Consent(item, Some(accepts)) => {
            let title = titles::consent([policy, policy], item);
            let wordings = written(accepts);
            words(
                format!(
                    "{}（文面 {}）",
                    title.get(nattoku_model::Language::Ja),
                    wordings.get(nattoku_model::Language::Ja)
                ),
                format!(
                    "{} (wording {})",
                    title.get(nattoku_model::Language::En),
                    wordings.get(nattoku_model::Language::En)
                ),
            )
        }
        Basis::OptOut(choice) => titles::choice([policy, policy], choice),
        Basis::Law(citation) => plain(citation),
    }
}
