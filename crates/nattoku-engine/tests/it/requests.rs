//! Requests as programs send them, right ones and wrong ones.

use jiff::{SignedDuration, Timestamp};
use nattoku_model::name::{ActivityName, CategoryName, ExceptionName, RecipientName};
use nattoku_model::policy::{Activity, Policy, Versions};
use nattoku_model::request::ExceptionClaim;
use nattoku_model::{Action, Request};

use crate::draw::Draw;

/// A request for an instant from `now` on.
pub(crate) fn request(draw: &mut Draw, versions: &Versions, now: Timestamp) -> Option<Request> {
    let policy = versions.current();
    let (name, activity) = draw.pick(&policy.activities)?;
    let action = action(draw);
    // Nobody who asks for nothing is permitted anything.
    let n_categories = if draw.one_in(100) { 0 } else { 1 + draw.below(3) };
    let categories: Vec<CategoryName> = (0..n_categories)
        .filter_map(|_| {
            let needed = draw.pick(&activity.needs).filter(|_| !draw.one_in(3)).cloned();
            // What a law protects is asked for although nothing needs it as often as anything else.
            let protected = policy.categories.iter().filter(|(_, c)| !c.classes.is_empty() && draw.one_in(2));
            let protected: Vec<&CategoryName> = protected.map(|(name, _)| name).collect();
            let other = needed.or_else(|| draw.pick(protected).filter(|_| draw.one_in(2)).cloned());
            other.or_else(|| draw.pick(policy.categories.keys()).cloned())
        })
        .collect();
    let is_registered = !draw.one_in(25);
    let application = draw.pick(&activity.by).filter(|_| !draw.one_in(12));
    let application = application.or_else(|| draw.pick(policy.applications.keys()))?.clone();
    let purpose = match draw.below(8) {
        0 => draw.pick(policy.purposes.keys()).cloned(),
        1 | 2 => draw.pick(&activity.purposes).cloned(),
        _ => None,
    };
    let later = if draw.one_in(2) { 0 } else { draw.below(1_000) };
    Some(Request {
        application,
        action,
        activity: if is_registered { name.clone() } else { ActivityName::from("something_else") },
        purpose,
        categories,
        recipient: recipient(draw, policy, name, activity, action),
        at: now + SignedDuration::from_hours(i64::try_from(later).expect("small")),
        known_at: None,
        exception: exception(draw, policy, now),
    })
}

fn action(draw: &mut Draw) -> Action {
    match draw.below(4) {
        0 => Action::Provide,
        1 => Action::Use,
        _ => *draw.of(&Action::ALL),
    }
}

fn recipient(
    draw: &mut Draw,
    policy: &Policy,
    name: &ActivityName,
    _activity: &Activity,
    action: Action,
) -> Option<RecipientName> {
    if action.gives() == draw.one_in(15) {
        return None;
    }
    let given = policy.provisions.values().filter(|p| p.activity == *name).flat_map(|p| &p.to);
    let entrusted = policy.recipients.iter().filter(|(_, r)| r.may.iter().any(|may| may.activity == *name));
    let joint = policy.joint_uses.values().flat_map(|j| &j.users);
    let fitting: Vec<&RecipientName> = match action {
        Action::Entrust => entrusted.map(|(recipient, _)| recipient).collect(),
        Action::Share => joint.collect(),
        _ => given.collect(),
    };
    let fitting = draw.pick(fitting).filter(|_| !draw.one_in(4)).cloned();
    fitting.or_else(|| draw.pick(policy.recipients.keys()).cloned())
}

fn exception(draw: &mut Draw, policy: &Policy, now: Timestamp) -> Option<ExceptionClaim> {
    if !draw.one_in(4) {
        return None;
    }
    let (name, exception) = draw.pick(&policy.exceptions)?;
    // An older version in force may not have what the newest has.
    let name = if draw.one_in(20) { ExceptionName::from("of_later") } else { name.clone() };
    let names_all = exception.warrant != draw.one_in(5);
    let categories = if names_all { policy.categories.keys().cloned().collect() } else { Vec::new() };
    let categories = if draw.one_in(6) { draw.some(categories) } else { categories };
    let skip = draw.below(12);
    let brought = exception.requires.iter().enumerate().filter(|(i, _)| *i != skip);
    let evidence =
        brought.map(|(_, r)| (r.as_str().to_owned(), if draw.one_in(20) { " " } else { "shown" }.to_owned()));
    let evidence = evidence.collect();
    let until = match draw.below(6) {
        0 => None,
        1 => Some(now),
        n => Some(now + SignedDuration::from_hours(i64::try_from(n * 200).expect("small"))),
    };
    Some(ExceptionClaim { name, categories, evidence, until })
}
