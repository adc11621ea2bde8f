//! Joint uses, anonymized information and external transmissions, as published (R67, R68, APPI-27-6, TEL-4).

use std::collections::BTreeSet;

use nattoku_model::name::{CategoryName, PublicationName, RecipientName};
use nattoku_model::policy::{AnonymizedSet, JointUse, Rule};
use nattoku_model::{ChangeKind, Policy, Text};

use super::affected::Affected;
use super::compare::{Comparison, Wording, less, names};
use super::data::{declared, top_only};
use super::titles::{self, joined, nothing, plain};
use super::touch::Touch;

/// Joint users of whom the joint uses tell already.
#[derive(Default)]
pub(super) struct Joint {
    pub(super) told: BTreeSet<RecipientName>,
}

/// Compares the publications.
pub(super) fn compare(comparison: &mut Comparison<'_>) -> Joint {
    let (old, new) = (comparison.old, comparison.new);
    let mut joint = Joint::default();
    let names = names(&old.joint_uses, &new.joint_uses);
    for name in &names.added {
        let Some(added) = new.joint_uses.get(name) else { continue };
        joint.told.extend(added.users.iter().cloned());
        note(
            comparison,
            ChangeKind::JointUseAdded,
            name,
            added,
            titles::categories([new, old], &added.items),
        );
    }
    for name in &names.gone {
        let Some(gone) = old.joint_uses.get(name) else { continue };
        joint.told.extend(gone.users.iter().cloned());
        note(comparison, ChangeKind::JointUseRemoved, name, gone, nothing());
    }
    for name in &names.both {
        if let (Some(before), Some(after)) = (old.joint_uses.get(name), new.joint_uses.get(name)) {
            joint.told.extend(less(&before.users, &after.users));
            joint.told.extend(less(&after.users, &before.users));
            joint_use(comparison, name, before, after);
        }
    }
    anonymized(comparison);
    transmissions(comparison);
    joint
}

fn note(
    comparison: &mut Comparison<'_>,
    kind: ChangeKind,
    name: &PublicationName,
    joint: &JointUse,
    items: Text,
) {
    let (users, affected) = (&joint.users, Affected::holds(&joint.items));
    comparison
        .add(kind, Rule::new("joint-use", name))
        .items(items)
        .concerns(affected)
        .because(
            users.iter().filter(|_| kind == ChangeKind::JointUseAdded).map(|u| Rule::new("recipient", u)),
        )
        .touches(users.iter().map(Touch::recipient))
        .done();
}

fn joint_use(comparison: &mut Comparison<'_>, name: &PublicationName, before: &JointUse, after: &JointUse) {
    let both = [comparison.new, comparison.old];
    let rule = Rule::new("joint-use", name);
    let items = |policy: &Policy, j: &JointUse| declared(policy, &j.items);
    let (was, is) = (items(comparison.old, before), items(comparison.new, after));
    let held_before = |c: &&CategoryName| comparison.old.categories.contains_key(*c);
    let more = top_only(is.difference(&was).filter(held_before).cloned());
    let fewer = top_only(was.difference(&is).cloned());
    if !more.is_empty() {
        comparison
            .add(ChangeKind::JointUseItemsWidened, rule.clone())
            .items(titles::categories(both, &more))
            .concerns(Affected::holds(&more))
            .touches(after.users.iter().flat_map(|u| more.iter().map(|c| Touch::recipient(u).on(c))))
            .done();
    }
    let users = less(&after.users, &before.users);
    if !users.is_empty() {
        comparison
            .add(ChangeKind::JointUseUsersWidened, rule.clone())
            .items(joined(users.iter().map(|u| titles::recipient(both, u))))
            .concerns(Affected::holds(&after.items))
            .because(users.iter().map(|u| Rule::new("recipient", u)))
            .touches(users.iter().map(Touch::recipient))
            .done();
    }
    let left = less(&before.users, &after.users);
    if !fewer.is_empty() || !left.is_empty() {
        let gone = fewer.iter().map(|c| titles::category(both, c));
        comparison
            .add(ChangeKind::JointUseNarrowed, rule.clone())
            .items(joined(gone.chain(left.iter().map(|u| titles::recipient(both, u)))))
            .concerns(Affected::holds(&before.items))
            .touches(before.users.iter().map(Touch::recipient))
            .done();
    }
    let purposes = |j: &JointUse| j.purposes.iter().cloned().collect::<BTreeSet<_>>();
    if purposes(before) != purposes(after) {
        let [was, is] = [before, after].map(|j| joined(purposes(j).iter().map(|p| titles::purpose(both, p))));
        comparison
            .add(ChangeKind::JointUsePurposeChanged, rule.clone())
            .between(was, is)
            .concerns(Affected::holds(&after.items))
            .touches(after.users.iter().map(Touch::recipient))
            .done();
    }
    if comparison.wording(&before.responsible, &after.responsible) == Wording::Changed {
        comparison
            .add(ChangeKind::JointUseResponsibleChanged, rule.clone())
            .concerns(Affected::holds(&after.items))
            .done();
    }
    dates(comparison, &rule, before.published, after.published);
    comparison.words(&rule, &[(&before.title, &after.title)]);
}

fn dates(
    comparison: &mut Comparison<'_>,
    rule: &Rule,
    before: Option<jiff::Timestamp>,
    after: Option<jiff::Timestamp>,
) {
    if before != after {
        let [was, is] = [(comparison.old, before), (comparison.new, after)]
            .map(|(policy, at)| at.map_or_else(nothing, |at| plain(policy.local(at))));
        comparison.add(ChangeKind::PublicationDateChanged, rule.clone()).between(was, is).done();
    }
}

fn anonymized(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    let names = names(&old.anonymized_sets, &new.anonymized_sets);
    let rule = |name: &PublicationName| Rule::new("anonymized", name);
    for name in &names.added {
        let Some(set) = new.anonymized_sets.get(name) else { continue };
        comparison
            .add(ChangeKind::AnonymizedAdded, rule(name))
            .items(titles::categories([new, old], &set.items))
            .concerns(Affected::holds(&set.items))
            .done();
    }
    for name in &names.gone {
        let Some(set) = old.anonymized_sets.get(name) else { continue };
        comparison
            .add(ChangeKind::AnonymizedRemoved, rule(name))
            .concerns(Affected::holds(&set.items))
            .done();
    }
    for name in &names.both {
        let (Some(before), Some(after)) = (old.anonymized_sets.get(name), new.anonymized_sets.get(name))
        else {
            continue;
        };
        let items = |policy: &Policy, set: &AnonymizedSet| declared(policy, &set.items);
        let (was, is) = (items(old, before), items(new, after));
        let method = comparison.wording(&before.method, &after.method);
        if was != is || method == Wording::Changed {
            comparison
                .add(ChangeKind::AnonymizedChanged, rule(name))
                .items(titles::categories([new, old], &top_only(is)))
                .concerns(Affected::holds(&after.items))
                .done();
        }
        dates(comparison, &rule(name), before.published, after.published);
        comparison.words(&rule(name), &[(&before.title, &after.title)]);
    }
}

/// What devices are made to send to others: whoever comes to a page is concerned, a customer or not.
fn transmissions(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    let names = names(&old.transmissions, &new.transmissions);
    let rule = |name: &String| Rule::new("transmission", name);
    for name in &names.added {
        let Some(added) = new.transmissions.get(name) else { continue };
        comparison
            .add(ChangeKind::TransmissionAdded, rule(name))
            .items(titles::categories([new, old], &added.items))
            .concerns(Affected::Everybody)
            .done();
    }
    for name in &names.gone {
        comparison.add(ChangeKind::TransmissionRemoved, rule(name)).concerns(Affected::Everybody).done();
    }
    for name in &names.both {
        let (Some(before), Some(after)) = (old.transmissions.get(name), new.transmissions.get(name)) else {
            continue;
        };
        let was =
            (declared(old, &before.items), &before.to, &before.purposes, &before.choice, &before.address);
        let is = (declared(new, &after.items), &after.to, &after.purposes, &after.choice, &after.address);
        if was != is || comparison.wording(&before.usage, &after.usage) == Wording::Changed {
            comparison
                .add(ChangeKind::TransmissionChanged, rule(name))
                .items(titles::categories([new, old], &after.items))
                .concerns(Affected::Everybody)
                .done();
        }
        comparison.words(&rule(name), &[(&before.title, &after.title)]);
    }
}
