//! Changes throughout a policy, for what a single edit seldom brings about.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use nattoku_model::law::Pack;
use nattoku_model::name::ProvisionName;
use nattoku_model::policy::{Basis, Class, Guardian, Minimisation, Policy, Provision, Statute};

use super::{BASES, Edit};
use crate::draw::Draw;

/// Some of these changes, each told in a few words.
pub(super) fn throughout(
    draw: &mut Draw,
    policy: &mut Policy,
    packs: &[Arc<Pack>],
    now: Timestamp,
) -> Vec<String> {
    let mut edits = Vec::new();
    if draw.one_in(3) {
        beside(draw, policy);
        edits.push("each provision once more, on some other consent".to_owned());
    }
    if draw.one_in(4) {
        statutes(draw, policy);
        edits.push("each activity has some statute".to_owned());
    }
    if draw.one_in(8) {
        bases(draw, policy);
        edits.push("each provision rests on some choice or law".to_owned());
    }
    if draw.one_in(6) {
        duties(draw, policy, now);
        edits.push(format!("each recipient has other duties: {:?}", policy.recipients));
    }
    if draw.one_in(5) {
        for _ in 0..4 {
            edits.extend(Edit { draw: &mut *draw, packs, now }.law(policy));
        }
    }
    edits
}

/// Gives what every provision gives once more, on another consent, so that it counts which of them stands.
fn beside(draw: &mut Draw, policy: &mut Policy) {
    for (name, provision) in policy.provisions.clone() {
        let Some(item) = draw.pick(policy.consents.keys()).cloned() else { return };
        let other = Provision { basis: Basis::Consent(item, None), ..provision };
        policy.provisions.insert(ProvisionName::new(format!("{name}_also")), other);
    }
}

/// Statutes for what an activity may not even need.
fn statutes(draw: &mut Draw, policy: &mut Policy) {
    for activity in policy.activities.values_mut() {
        let class = *draw.of(&[Class::CommunicationsSecrecy, Class::SpecialCare, Class::MyNumber]);
        activity.statutes.push(Statute { class, basis: (*draw.of(&BASES)).to_owned() });
    }
}

/// Provisions on what can be declined or on a law, of which the policy's own laws may know neither.
fn bases(draw: &mut Draw, policy: &mut Policy) {
    for provision in policy.provisions.values_mut() {
        let choice = draw.pick(policy.choices.keys()).cloned().filter(|_| !draw.one_in(3));
        provision.basis = choice.map_or_else(|| Basis::Law((*draw.of(&BASES)).to_owned()), Basis::OptOut);
    }
}

/// Agreements that have yet to begin or are over, and duties that nobody wrote down.
fn duties(draw: &mut Draw, policy: &mut Policy, now: Timestamp) {
    for recipient in policy.recipients.values_mut() {
        let hours = i64::try_from(draw.below(2_000)).expect("small");
        let from = if draw.one_in(2) { now + SignedDuration::from_hours(hours) } else { draw.before(now) };
        let until = from + SignedDuration::from_hours(i64::try_from(draw.below(50_000)).expect("small"));
        recipient.agreement = Some((from, draw.one_in(2).then_some(until)));
        if draw.one_in(2) {
            recipient.assessed = None;
        }
        if draw.one_in(2) {
            recipient.supervised = None;
        }
    }
}

/// Other ages from which somebody may agree alone.
pub(super) fn ages(draw: &mut Draw, policy: &mut Policy) {
    for item in policy.consents.values_mut() {
        let under = u8::try_from(12 + draw.below(9)).expect("small");
        item.guardian = Some(Guardian { under, judge_from: draw.one_in(2).then(|| under - 3) });
    }
}

/// Minimisations, which differ between versions.
pub(super) fn minimise(draw: &mut Draw, policy: &mut Policy) {
    for activity in policy.activities.values_mut() {
        activity.minimise.push((*draw.of(&Minimisation::ALL), Vec::new()));
    }
}
