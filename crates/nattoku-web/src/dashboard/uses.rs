//! What the decision says of uses, in words: which data, who receives them, and what stands in the way.

use std::collections::{BTreeMap, BTreeSet};

use nattoku_model::name::{CategoryName, ConsentName, RecipientName};
use nattoku_model::policy::{Act, Minimisation, Policy};
use nattoku_model::{Action, Reason};
use nattoku_operations::{Outcome, Use, UseLine};

use crate::notice::category_title;
use crate::visit::Visit;

/// A use with what it comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UseView {
    /// What is done, and to whom.
    pub(crate) title: String,
    /// What it comes to now.
    pub(crate) state: String,
}

/// The data that the uses may use now.
pub(super) fn data_now<'u>(visit: &Visit, uses: impl IntoIterator<Item = &'u Use>) -> String {
    data_under(visit, visit.nattoku().policy(), uses)
}

/// The data that the uses of a version may use.
pub(super) fn data_under<'u>(
    visit: &Visit,
    policy: &Policy,
    uses: impl IntoIterator<Item = &'u Use>,
) -> String {
    let lines = uses.into_iter().flat_map(Use::permitted);
    data(visit, policy, lines.map(|line| (&line.category, line.minimise.clone(), line.is_held)))
}

/// The data that the uses concern, held or not.
pub(super) fn data_concerned<'u>(visit: &Visit, uses: impl IntoIterator<Item = &'u Use>) -> String {
    let policy = visit.nattoku().versions().current();
    let categories = uses.into_iter().flat_map(|u| {
        let activity = policy.activities.get(&u.act.activity);
        u.act.categories.iter().map(move |category| {
            (category, activity.map(|a| a.minimisations_of(category)).unwrap_or_default(), true)
        })
    });
    data(visit, policy, categories)
}

fn data<'c>(
    visit: &Visit,
    policy: &Policy,
    categories: impl Iterator<Item = (&'c CategoryName, BTreeSet<Minimisation>, bool)>,
) -> String {
    let mut found: BTreeMap<&CategoryName, Vec<BTreeSet<Minimisation>>> = BTreeMap::new();
    let mut held: BTreeSet<&CategoryName> = BTreeSet::new();
    for (category, minimise, is_held) in categories {
        found.entry(category).or_default().push(minimise);
        if is_held {
            held.insert(category);
        }
    }
    // What is named as a whole need not be named in parts.
    let names: Vec<&CategoryName> = found.keys().copied().collect();
    let is_part = |name: &CategoryName| names.iter().any(|other| *other != name && other.covers(name));
    let titles = found.iter().filter(|(name, _)| !is_part(name)).map(|(name, minimised)| {
        let title = category_title(policy, name, visit.language);
        // Said only where every one of the uses does it.
        let always = Minimisation::ALL.into_iter().filter(|m| minimised.iter().all(|on| on.contains(m)));
        let mut how: Vec<String> = always.map(|m| visit.words.named("minimised", m.as_str())).collect();
        if !held.contains(*name) {
            how.push(visit.words.get("not-held-now"));
        }
        if how.is_empty() { title } else { visit.words.fill2("minimised", &title, &list(visit, how)) }
    });
    list(visit, titles)
}

/// Who receives something by the uses, or would, where `permitted` is not asked for.
pub(super) fn receives<'u>(
    visit: &Visit,
    uses: impl IntoIterator<Item = &'u Use>,
    permitted: bool,
) -> String {
    let uses = uses.into_iter().filter(|u| !permitted || u.permitted().next().is_some());
    let names: BTreeSet<&RecipientName> = uses.filter_map(|u| u.act.recipient.as_ref()).collect();
    let policy = visit.nattoku().policy();
    list(visit, names.into_iter().map(|name| recipient_title(visit, policy, name)))
}

/// Each use with what it comes to, the open ones first.
pub(super) fn views<'u>(visit: &Visit, uses: impl IntoIterator<Item = &'u Use>) -> Vec<UseView> {
    views_under(visit, visit.nattoku().policy(), uses)
}

/// Each use of a version with what it comes to, the open ones first.
pub(super) fn views_under<'u>(
    visit: &Visit,
    policy: &Policy,
    uses: impl IntoIterator<Item = &'u Use>,
) -> Vec<UseView> {
    let mut uses: Vec<&Use> = uses.into_iter().collect();
    uses.sort_by_key(|u| u.outcome());
    let mut views: Vec<UseView> = Vec::new();
    let view = |u: &Use| UseView { title: title(visit, policy, u), state: state(visit, policy, u) };
    for view in uses.into_iter().map(view) {
        // The same sentence for two acts of one activity need not be said twice.
        if !views.iter().any(|seen| seen.title == view.title) {
            views.push(view);
        }
    }
    views
}

/// What a use is: its activity, what is done beyond using, and who gets the data.
pub(super) fn title(visit: &Visit, policy: &Policy, u: &Use) -> String {
    let words = visit.words;
    let activity = policy.activities.get(&u.act.activity).map(|a| a.title.get(visit.language));
    let activity = activity.unwrap_or(u.act.activity.as_str());
    match (&u.act.recipient, u.act.action) {
        (Some(recipient), _) => words.fill2("use-to", activity, &recipient_title(visit, policy, recipient)),
        (None, Action::Combine) => words.fill("use-joined", activity),
        (None, _) => activity.to_owned(),
    }
}

/// What a use comes to now.
pub(super) fn state(visit: &Visit, policy: &Policy, u: &Use) -> String {
    match u.telling() {
        Some(line) => line_state(visit, policy, u, line),
        None => visit.words.get("outcome-closed"),
    }
}

/// What one line of a use comes to now: "waits for your consent: «Use of location»".
fn line_state(visit: &Visit, policy: &Policy, u: &Use, line: &UseLine) -> String {
    let words = visit.words;
    let detail = |key: &str| line.deciding.details.get(key).map(String::as_str);
    // A protected class asks for a consent without naming one: it is the one that the act rests on.
    let item = || detail("item").or_else(|| u.act.consents.first().map(ConsentName::as_str));
    let item = || item().and_then(|name| policy.consents.get(name)).map(|c| c.title.get(visit.language));
    match (line.outcome(), line.deciding.reason) {
        (Outcome::Waits, Reason::GuardianNeeded) => words.get("outcome-guardian"),
        (Outcome::Waits, _) => named_or(visit, "outcome-waits-for", "outcome-not-asked", item()),
        (Outcome::Stopped, Reason::Withdrawn) => {
            named_or(visit, "outcome-withdrawn-of", "outcome-stopped", item())
        }
        (Outcome::Stopped, _) => {
            let choice = detail("choice").and_then(|name| policy.choices.get(name));
            let choice = choice.map(|c| c.title.get(visit.language));
            named_or(visit, "outcome-stopped-by", "outcome-stopped", choice)
        }
        (Outcome::Refer, Reason::VersionTextAbsent | Reason::HistoryUnknown) => {
            words.fill("outcome-refer-version", line.governing.as_str())
        }
        (Outcome::Closed, Reason::Quarantined) => words.get("outcome-quarantined"),
        (Outcome::Closed, Reason::OccasionMissing) => words.get("outcome-occasion"),
        (Outcome::InUse, _) if !line.is_held => words.get("outcome-open"),
        (outcome, _) => words.get(key_of(outcome)),
    }
}

/// A sentence that names something, or the one that does not.
fn named_or(visit: &Visit, naming: &str, plain: &str, name: Option<&str>) -> String {
    name.map_or_else(|| visit.words.get(plain), |name| visit.words.fill(naming, name))
}

const fn key_of(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::InUse => "outcome-in-use",
        Outcome::Waits => "outcome-waits",
        Outcome::Stopped => "outcome-stopped",
        Outcome::Refer => "outcome-refer",
        Outcome::Ended => "outcome-ended",
        Outcome::Gone => "outcome-gone",
        Outcome::Ceased => "outcome-ceased",
        Outcome::Closed => "outcome-closed",
    }
}

/// What stands in the way where nothing is permitted: each reason once. Which consents are waited for, the uses say.
pub(super) fn why_not<'u>(visit: &Visit, uses: impl IntoIterator<Item = &'u Use>) -> String {
    let mut uses: Vec<&Use> = uses.into_iter().collect();
    uses.sort_by_key(|u| u.outcome());
    let policy = visit.nattoku().policy();
    let mut reasons: Vec<String> = Vec::new();
    for u in uses {
        let waits = u.outcome() == Outcome::Waits;
        let reason = if waits { visit.words.get("outcome-waits") } else { state(visit, policy, u) };
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    list(visit, reasons)
}

/// The other consents that provisions need besides `item`: "Member stores in the United States: …".
pub(super) fn other_consents<'u>(
    visit: &Visit,
    item: &ConsentName,
    uses: impl IntoIterator<Item = &'u Use>,
) -> Vec<String> {
    let policy = visit.nattoku().policy();
    let mut found = BTreeSet::new();
    for act in uses.into_iter().map(|u| &u.act) {
        let Some(recipient) = &act.recipient else { continue };
        let others: Vec<String> =
            act.consents.iter().filter(|c| *c != item).map(|c| consent_title(visit, c)).collect();
        if !others.is_empty() {
            let others = list(visit, others);
            found.insert(visit.words.fill2(
                "also-needs",
                &recipient_title(visit, policy, recipient),
                &others,
            ));
        }
    }
    found.into_iter().collect()
}

/// Every consent on which giving data to a recipient rests, each once.
pub(super) fn consents_needed(visit: &Visit, acts: &[Act], name: &RecipientName) -> Vec<String> {
    let acts = acts.iter().filter(|act| act.recipient.as_ref() == Some(name));
    let items: BTreeSet<&ConsentName> = acts.flat_map(|act| &act.consents).collect();
    items.into_iter().map(|item| consent_title(visit, item)).collect()
}

/// A consent item's name in words.
fn consent_title(visit: &Visit, name: &ConsentName) -> String {
    let item = visit.nattoku().versions().current().consents.get(name);
    let title = item.map_or(name.as_str(), |c| c.title.get(visit.language));
    visit.words.fill("quoted", title)
}

pub(super) fn recipient_title(visit: &Visit, policy: &Policy, name: &RecipientName) -> String {
    policy.recipients.get(name).map_or(name.as_str(), |r| r.title.get(visit.language)).to_owned()
}

/// Titles in one line; they may have commas of their own.
pub(super) fn list(visit: &Visit, titles: impl IntoIterator<Item = String>) -> String {
    let titles: Vec<String> = titles.into_iter().collect();
    titles.join(&visit.words.get("list-separator"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Words;
    use nattoku_model::Language;

    /// A page and a program are told the same reason by the same word, though a page says it more plainly.
    #[test]
    fn a_reason_has_one_word_on_pages_and_for_programs() {
        for (reason, key, ja, en) in [
            (Reason::ConsentMissing, "outcome-waits", "同意", "consent"),
            (Reason::ConsentExpired, "consent-expired", "期限が切れ", "expired"),
            (Reason::WordingNotAccepted, "consent-wording-replaced", "文面", ""),
            (Reason::GuardianNeeded, "outcome-guardian", "保護者の同意", "guardian"),
            (Reason::GuardianJudgement, "counts-checked", "担当者", "a person"),
            (Reason::Declined, "outcome-stopped", "止めています", ""),
            (Reason::VersionTextAbsent, "outcome-refer", "担当者", "a person"),
            (Reason::NoAgreement, "outcome-ended", "契約", ""),
            (Reason::AgreementEnded, "outcome-ended", "会員関係", ""),
            (Reason::RetentionEnded, "outcome-gone", "保存期間", "retention"),
            (Reason::Erased, "outcome-gone", "消", "erased"),
            (Reason::Ceased, "outcome-ceased", "決定", "stopped by"),
            (Reason::Quarantined, "outcome-quarantined", "取得元", "source"),
        ] {
            for (language, word) in [(Language::Ja, ja), (Language::En, en)] {
                let page = Words::of(language).get(key).to_lowercase();
                let program = reason.template(language).to_lowercase();
                assert!(page.contains(word), "{key}: {page} says nothing of {word}");
                assert!(program.contains(word), "{reason}: {program} says nothing of {word}");
            }
        }
    }

    #[test]
    fn every_outcome_has_its_words() {
        let all = [
            Outcome::InUse,
            Outcome::Waits,
            Outcome::Stopped,
            Outcome::Refer,
            Outcome::Ended,
            Outcome::Gone,
            Outcome::Ceased,
            Outcome::Closed,
        ];
        for words in Language::ALL.map(Words::of) {
            assert!(all.into_iter().all(|outcome| words.get(key_of(outcome)) != key_of(outcome)));
        }
    }
}
