//! What shifts for one person with a version, in words.

use std::collections::BTreeSet;

use nattoku_model::ChangeClass;
use nattoku_model::name::{CategoryName, RecipientName};
use nattoku_model::policy::Policy;

use super::super::uses::{self, UseView};
use crate::notice::category_title;
use crate::visit::Visit;
use nattoku_operations::{Concerning, Use, VersionChange, VersionShifts};

/// What the page tells of the difference.
#[derive(Default)]
pub(super) struct Told {
    /// Where there is nothing to compare with: what the version permits.
    pub(super) possible: Option<Vec<Row>>,
    /// Where nothing shifts: that it does not, with the version before.
    pub(super) nothing: Option<String>,
    pub(super) becomes: Vec<Row>,
    pub(super) ends: Vec<Row>,
    pub(super) ahead: Vec<Row>,
    /// Data and recipients that come in or drop out as a whole: word, titles.
    pub(super) wholes: Vec<(String, String)>,
    /// What stays: the summary, and the uses.
    pub(super) stays: Option<(String, Vec<UseView>)>,
    /// What the change obliges to: heading, sentences.
    pub(super) obliges: Vec<(String, Vec<String>)>,
}

/// A use that shifts.
pub(super) struct Row {
    pub(super) title: String,
    pub(super) data: String,
    /// What it comes to under the version.
    pub(super) state: String,
}

impl Told {
    /// What a version changes, in words.
    pub(super) fn of(visit: &Visit, policy: &Policy, change: &VersionChange) -> Self {
        let Some(shifts) = &change.shifts else {
            let possible = (!policy.text_absent).then(|| rows(visit, policy, &change.permitted));
            return Self { possible, ..Self::default() };
        };
        let before = change.before.as_ref().and_then(|name| visit.nattoku().versions().get(name));
        let before = before.unwrap_or(policy);
        let is_nothing = shifts.becomes.is_empty() && shifts.ends.is_empty();
        let stays = uses::views_under(visit, policy, &shifts.stays);
        Self {
            possible: None,
            nothing: is_nothing.then(|| visit.words.fill("change-nothing-why", before.version.as_str())),
            becomes: rows(visit, policy, &shifts.becomes),
            ends: ends(visit, before, policy, shifts),
            ahead: rows(visit, policy, &shifts.ahead),
            wholes: wholes(visit, [before, policy], shifts),
            stays: Some((visit.words.count("change-stays-count", stays.len()), stays)),
            obliges: obliges(visit, &shifts.concerning),
        }
    }
}

fn rows(visit: &Visit, policy: &Policy, uses: &[Use]) -> Vec<Row> {
    merged(uses.iter().map(|u| Row {
        title: uses::title(visit, policy, u),
        data: uses::data_under(visit, policy, [u]),
        state: String::new(),
    }))
}

fn ends(visit: &Visit, before: &Policy, policy: &Policy, shifts: &VersionShifts) -> Vec<Row> {
    merged(shifts.ends.iter().map(|ended| {
        Row {
            title: uses::title(visit, before, &ended.was),
            data: uses::data_under(visit, before, [&ended.was]),
            state: ended
                .is
                .as_ref()
                .map_or_else(|| visit.words.get("change-unregistered"), |is| uses::state(visit, policy, is)),
        }
    }))
}

/// The same sentence for two acts of one activity need not be said twice.
fn merged(rows: impl Iterator<Item = Row>) -> Vec<Row> {
    let mut shown: Vec<Row> = Vec::new();
    for row in rows {
        if !shown.iter().any(|seen| (&seen.title, &seen.data) == (&row.title, &row.data)) {
            shown.push(row);
        }
    }
    shown
}

/// Data and recipients of which something is permitted on one side alone.
fn wholes(visit: &Visit, policies: [&Policy; 2], shifts: &VersionShifts) -> Vec<(String, String)> {
    let [before, policy] = policies;
    let ended = || shifts.ends.iter().map(|ended| &ended.was);
    let was = || shifts.stays.iter().chain(ended());
    let is = || shifts.stays.iter().chain(&shifts.becomes);
    let less_data = |of: BTreeSet<CategoryName>, less: &BTreeSet<CategoryName>, policy: &Policy| {
        let names = of.into_iter().filter(|c| !less.contains(c));
        uses::list(visit, names.map(|name| category_title(policy, &name, visit.language)))
    };
    let less_who = |of: BTreeSet<RecipientName>, less: &BTreeSet<RecipientName>, policy: &Policy| {
        let names = of.into_iter().filter(|r| !less.contains(r));
        uses::list(visit, names.map(|name| uses::recipient_title(visit, policy, &name)))
    };
    let told = [
        ("change-first-data", less_data(data(is()), &data(was()), policy)),
        ("change-first-recipients", less_who(who(is()), &who(was()), policy)),
        ("change-gone-data", less_data(data(was()), &data(is()), before)),
        ("change-gone-recipients", less_who(who(was()), &who(is()), before)),
    ];
    let told = told.into_iter().filter(|(_, titles)| !titles.is_empty());
    told.map(|(key, titles)| (visit.words.get(key), titles)).collect()
}

fn data<'u>(uses: impl Iterator<Item = &'u Use>) -> BTreeSet<CategoryName> {
    uses.flat_map(|u| &u.lines).map(|line| line.category.clone()).collect()
}

fn who<'u>(uses: impl Iterator<Item = &'u Use>) -> BTreeSet<RecipientName> {
    uses.filter_map(|u| u.act.recipient.clone()).collect()
}

fn obliges(visit: &Visit, concerning: &[Concerning]) -> Vec<(String, Vec<String>)> {
    let of_class = |class: ChangeClass| {
        let changes = concerning.iter().filter(|change| change.class == class);
        let sentence = |change: &Concerning| {
            let (title, sentence) = (change.title.get(visit.language), change.sentence.get(visit.language));
            visit.words.fill2("change-sentence", title, sentence)
        };
        (visit.words.named("change-obliges", class.as_str()), changes.map(sentence).collect())
    };
    let all = [ChangeClass::ConsentAgain, ChangeClass::Notify].map(of_class);
    all.into_iter().filter(|(_, sentences): &(String, Vec<String>)| !sentences.is_empty()).collect()
}
