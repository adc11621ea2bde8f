//! Who else gets data: classes of third parties, processors, and what they are bound to (R62 to R67, CORE-2).

use std::collections::{BTreeMap, BTreeSet};

use nattoku_model::name::{ActivityName, CategoryName, RecipientName};
use nattoku_model::policy::{Basis, Recipient, RecipientKind, Recurring, Rule, Transfer};
use nattoku_model::{ChangeKind, Policy, Text};

use super::affected::Affected;
use super::compare::{Comparison, Wording, less, names};
use super::data::{declared, top_only};
use super::flows::{self, RestsOn, flows};
use super::publications::Joint;
use super::titles::{self, about, joined, nothing, plain, words};
use super::touch::Touch;

/// Compares the recipients. What a joint use has told is left out.
pub(super) fn compare(comparison: &mut Comparison<'_>, joint: &Joint) {
    let (old, new) = (comparison.old, comparison.new);
    let names = names(&old.recipients, &new.recipients);
    for name in names.added.iter().filter(|n| !joint.told.contains(*n)) {
        added(comparison, name);
    }
    for name in names.gone.iter().filter(|n| !joint.told.contains(*n)) {
        gone(comparison, name);
    }
    for name in &names.both {
        if let (Some(before), Some(after)) = (old.recipients.get(name), new.recipients.get(name)) {
            let pair = Pair { name, before, after };
            standing(comparison, &pair);
            country(comparison, &pair);
            entrusted(comparison, &pair);
            duties(comparison, &pair);
        }
    }
    works(comparison);
}

/// A recipient as both versions have it.
struct Pair<'a> {
    name: &'a RecipientName,
    before: &'a Recipient,
    after: &'a Recipient,
}

fn rule(name: &RecipientName) -> Rule {
    Rule::new("recipient", name)
}

/// What a processor is entrusted with, by activity.
fn entrustments(policy: &Policy, recipient: &Recipient) -> BTreeMap<ActivityName, BTreeSet<CategoryName>> {
    let mut entrusted: BTreeMap<ActivityName, BTreeSet<CategoryName>> = BTreeMap::new();
    for may in &recipient.may {
        entrusted.entry(may.activity.clone()).or_default().extend(declared(policy, &may.on));
    }
    entrusted
}

/// Whatever a recipient gets under a policy, by whichever way.
fn gets(policy: &Policy, name: &RecipientName) -> Vec<CategoryName> {
    let entrusted =
        policy.recipients.get(name).into_iter().flat_map(|r| entrustments(policy, r)).flat_map(|(_, c)| c);
    let given = flows(policy)
        .into_iter()
        .filter(|((to, _), _)| to == name)
        .flat_map(|(_, f)| f.by_category.into_keys());
    let shared = policy.joint_uses.values().filter(|j| j.users.contains(name)).flat_map(|j| j.items.clone());
    top_only(entrusted.chain(given).chain(shared))
}

fn added(comparison: &mut Comparison<'_>, name: &RecipientName) {
    let (old, new) = (comparison.old, comparison.new);
    let Some(recipient) = new.recipients.get(name) else { return };
    let abroad = new.is_abroad(recipient);
    let flowing: Vec<_> = flows(new).into_iter().filter(|((to, _), _)| to == name).collect();
    let mut rests_on: Option<RestsOn> = None;
    let mut concerned = Vec::new();
    let mut rules = BTreeSet::new();
    for (_, flow) in &flowing {
        rules.extend(flow.rules.iter().cloned());
        for (category, bases) in &flow.by_category {
            let on = flows::rests_on(old, new, bases);
            rests_on = rests_on.max(Some(on));
            concerned.push((on, category, bases));
        }
    }
    let kind = match (recipient.kind, rests_on) {
        (RecipientKind::Processor, _) if abroad => ChangeKind::ProcessorAbroadAdded,
        (RecipientKind::Processor, _) => ChangeKind::ProcessorAdded,
        (RecipientKind::Successor, _) => ChangeKind::SuccessorAdded,
        (_, None) => ChangeKind::RecipientAdded,
        (_, Some(RestsOn::StandingConsent)) if abroad => ChangeKind::ThirdPartyAbroadAdded,
        (_, Some(RestsOn::StandingConsent)) => ChangeKind::ThirdPartyAdded,
        (_, Some(RestsOn::NewConsent)) => ChangeKind::ThirdPartyAddedOnNewConsent,
        (_, Some(RestsOn::OptOut)) => ChangeKind::ThirdPartyAddedByOptOut,
        (_, Some(RestsOn::Law)) => ChangeKind::ThirdPartyAddedByLaw,
    };
    let gets = gets(new, name);
    // Those whom the strictest of the flows concerns: the others are asked, or not concerned, anyway.
    let strictest = concerned.iter().filter(|(on, ..)| Some(*on) == rests_on);
    let mut by_bases: Vec<(&Vec<Basis>, RestsOn, Vec<&CategoryName>)> = Vec::new();
    for (on, category, bases) in strictest {
        match by_bases.iter_mut().find(|(b, ..)| b == bases) {
            Some((.., categories)) => categories.push(category),
            None => by_bases.push((bases, *on, vec![category])),
        }
    }
    let affected = if by_bases.is_empty() {
        Affected::holds(&gets)
    } else {
        Affected::any(by_bases.into_iter().map(|(bases, on, cs)| flows::whom(old, new, on, bases, cs)))
    };
    comparison
        .add(kind, rule(name))
        .items(titles::categories([new, old], &gets))
        .concerns(affected)
        .because(rules)
        .touches([Touch::recipient(name)])
        .done();
}

fn gone(comparison: &mut Comparison<'_>, name: &RecipientName) {
    let old = comparison.old;
    let kind = match old.recipients.get(name).map(|r| r.kind) {
        Some(RecipientKind::Processor) => ChangeKind::ProcessorRemoved,
        Some(RecipientKind::ThirdParty) => ChangeKind::ThirdPartyRemoved,
        _ => ChangeKind::RecipientRemoved,
    };
    let rules = flows(old).into_iter().filter(|((to, _), _)| to == name).flat_map(|(_, f)| f.rules);
    let rules: BTreeSet<Rule> = rules.collect();
    comparison
        .add(kind, rule(name))
        .concerns(Affected::holds(&gets(old, name)))
        .because(rules)
        .touches([Touch::recipient(name)])
        .done();
}

impl Pair<'_> {
    fn note(&self, comparison: &mut Comparison<'_>, kind: ChangeKind, texts: [Text; 2]) {
        let gets = gets(comparison.new, self.name);
        let [before, after] = texts;
        comparison
            .add(kind, rule(self.name))
            .between(before, after)
            .concerns(Affected::holds(&gets))
            .touches([Touch::recipient(self.name)])
            .done();
    }
}

fn standing(comparison: &mut Comparison<'_>, pair: &Pair<'_>) {
    let (before, after) = (pair.before, pair.after);
    if before.kind != after.kind {
        let kind = if after.kind == RecipientKind::ThirdParty {
            ChangeKind::BecameThirdParty
        } else {
            ChangeKind::RecipientKindChanged
        };
        pair.note(comparison, kind, [before.kind, after.kind].map(titles::recipient_kind));
    }
    match comparison.wording(&before.title, &after.title) {
        Wording::Changed => {
            pair.note(comparison, ChangeKind::RecipientReworded, [before.title.clone(), after.title.clone()]);
            comparison.words(&rule(pair.name), &[(&before.example, &after.example)]);
        }
        _ => comparison
            .words(&rule(pair.name), &[(&before.title, &after.title), (&before.example, &after.example)]),
    }
}

fn country(comparison: &mut Comparison<'_>, pair: &Pair<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    let (before, after) = (pair.before, pair.after);
    if before.country != after.country {
        let is_protected = match &after.transfer {
            Some(Transfer::EquivalentCountry | Transfer::ConformingSystem(_)) => true,
            // Who is asked for a consent of its own is told of the country.
            Some(Transfer::Consent(item)) => super::consents::standing(old, new, item, None).is_none(),
            None => false,
        };
        let kind = match (new.is_abroad(after), is_protected) {
            (false, _) => ChangeKind::RecipientMovedHome,
            (true, true) => ChangeKind::RecipientMovedAbroadProtected,
            (true, false) => ChangeKind::RecipientMovedAbroad,
        };
        pair.note(comparison, kind, [plain(&before.country), plain(&after.country)]);
        return;
    }
    let same = match (&before.transfer, &after.transfer) {
        (Some(Transfer::ConformingSystem(_)), Some(Transfer::ConformingSystem(_))) => true,
        (was, is) => was == is,
    };
    if !same {
        let kind = match (&before.transfer, &after.transfer) {
            (Some(Transfer::Consent(_)), Some(Transfer::Consent(item)))
                if super::consents::standing(old, new, item, None).is_none() =>
            {
                ChangeKind::TransferChanged
            }
            (Some(Transfer::Consent(_)), Some(_)) => ChangeKind::TransferLoosened,
            _ => ChangeKind::TransferChanged,
        };
        let texts = [
            titles::transfer([old, new], before.transfer.as_ref()),
            titles::transfer([new, old], after.transfer.as_ref()),
        ];
        pair.note(comparison, kind, texts);
    }
}

fn entrusted(comparison: &mut Comparison<'_>, pair: &Pair<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    let (was, is) = (entrustments(old, pair.before), entrustments(new, pair.after));
    let beyond = |from: &BTreeMap<ActivityName, BTreeSet<CategoryName>>,
                  than: &BTreeMap<ActivityName, BTreeSet<CategoryName>>,
                  declared: &Policy| {
        let mut beyond: Vec<(ActivityName, Vec<CategoryName>)> = Vec::new();
        for (activity, categories) in from {
            let known = than.get(activity);
            let more = categories.iter().filter(|c| {
                declared.categories.contains_key(*c) && known.is_none_or(|known| !known.contains(*c))
            });
            let more = top_only(more.cloned());
            if !more.is_empty() {
                beyond.push((activity.clone(), more));
            }
        }
        beyond
    };
    let (more, fewer) = (beyond(&is, &was, new), beyond(&was, &is, new));
    for (kind, parts) in [(ChangeKind::EntrustmentWidened, more), (ChangeKind::EntrustmentNarrowed, fewer)] {
        if parts.is_empty() {
            continue;
        }
        let items = joined(parts.iter().map(|(activity, categories)| {
            about(&titles::activity([new, old], activity), &titles::categories([new, old], categories))
        }));
        let touches: Vec<Touch> = parts
            .iter()
            .flat_map(|(a, cs)| cs.iter().map(|c| Touch::recipient(pair.name).by(a).on(c)))
            .collect();
        comparison
            .add(kind, rule(pair.name))
            .items(items)
            .concerns(Affected::holds(parts.iter().flat_map(|(_, cs)| cs)))
            .touches(touches)
            .done();
    }
    let works = |r: &Recipient| r.works.iter().cloned().collect::<BTreeSet<_>>();
    if works(pair.before) != works(pair.after) {
        let in_words = |r: &Recipient| joined(works(r).iter().map(|w| titles::work([new, old], w)));
        let texts = [in_words(pair.before), in_words(pair.after)];
        pair.note(comparison, ChangeKind::EntrustedWorkChanged, texts);
    }
}

/// What a duty comes to: loosened, tightened, or only done anew.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Shift {
    Loosened,
    Tightened,
    Renewed,
}

fn duties(comparison: &mut Comparison<'_>, pair: &Pair<'_>) {
    let (before, after) = (pair.before, pair.after);
    let checked = |r: &Recipient| match &r.transfer {
        Some(Transfer::ConformingSystem(recurring)) => Some(recurring.clone()),
        _ => None,
    };
    // Another footing of the transfer is told as that.
    let checks = [checked(before), checked(after)];
    let is_same_footing = checks[0].is_some() == checks[1].is_some();
    let duties = [
        (words("選定の評価", "assessment"), recurring(before.assessed.as_ref(), after.assessed.as_ref())),
        (words("監督", "supervision"), recurring(before.supervised.as_ref(), after.supervised.as_ref())),
        (
            words("体制の確認", "check of its system"),
            recurring(checks[0].as_ref(), checks[1].as_ref()).filter(|_| is_same_footing),
        ),
        (words("契約", "agreement"), agreement(before, after)),
    ];
    for (shift, kind) in [
        (Shift::Loosened, ChangeKind::DutyLoosened),
        (Shift::Tightened, ChangeKind::DutyTightened),
        (Shift::Renewed, ChangeKind::DutyRenewed),
    ] {
        let items: Vec<Text> =
            duties.iter().filter(|(_, s)| *s == Some(shift)).map(|(title, _)| title.clone()).collect();
        if items.is_empty() {
            continue;
        }
        let gets = gets(comparison.new, pair.name);
        comparison
            .add(kind, rule(pair.name))
            .items(joined(items))
            .concerns(Affected::holds(&gets))
            .touches([Touch::recipient(pair.name)])
            .done();
    }
}

fn recurring(before: Option<&Recurring>, after: Option<&Recurring>) -> Option<Shift> {
    let reach = |r: &Recurring| r.every.after(jiff::Timestamp::UNIX_EPOCH, &jiff::tz::TimeZone::UTC);
    match (before, after) {
        (None, None) => None,
        (Some(_), None) => Some(Shift::Loosened),
        (None, Some(_)) => Some(Shift::Tightened),
        (Some(was), Some(is)) if reach(is) > reach(was) => Some(Shift::Loosened),
        (Some(was), Some(is)) if reach(is) < reach(was) => Some(Shift::Tightened),
        (Some(was), Some(is)) => (was.last != is.last).then_some(Shift::Renewed),
    }
}

/// An agreement that runs longer or begins earlier binds for longer; without one nothing is entrusted.
fn agreement(before: &Recipient, after: &Recipient) -> Option<Shift> {
    match (before.agreement, after.agreement) {
        (was, is) if was == is => None,
        (Some(_), None) => Some(Shift::Tightened),
        (None, Some(_)) => Some(Shift::Loosened),
        _ => Some(Shift::Renewed),
    }
}

fn works(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    let names = names(&old.works, &new.works);
    for name in names.added.iter().chain(&names.gone) {
        comparison.add(ChangeKind::WorkChanged, Rule::new("work", name)).done();
    }
    for name in &names.both {
        if let (Some(before), Some(after)) = (old.works.get(name), new.works.get(name)) {
            comparison.words(&Rule::new("work", name), &[(&before.title, &after.title)]);
        }
    }
    let lists =
        [&old.equivalent_countries, &new.equivalent_countries].map(|c| c.iter().cloned().collect::<Vec<_>>());
    let [was, is] = lists;
    for (kind, countries) in [
        (ChangeKind::EquivalentCountryAdded, less(&is, &was)),
        (ChangeKind::EquivalentCountryRemoved, less(&was, &is)),
    ] {
        if countries.is_empty() {
            continue;
        }
        let there = |r: &&Recipient| countries.contains(&r.country);
        let concerned =
            new.recipients.iter().filter(|(_, r)| there(r)).map(|(n, _)| n.clone()).collect::<Vec<_>>();
        let categories: Vec<CategoryName> = concerned.iter().flat_map(|n| gets(new, n)).collect();
        let items = joined(countries.iter().map(plain));
        comparison
            .add(kind, Rule::new("equivalent-countries", "equivalent_countries"))
            .items(if countries.is_empty() { nothing() } else { items })
            .concerns(Affected::holds(&categories))
            .touches(concerned.iter().map(Touch::recipient))
            .done();
    }
}
