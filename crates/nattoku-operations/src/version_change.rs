//! What a version of the policy changes for one principal: the decision is asked under it and under the version before it, with
//! what is recorded now (R7, R42, R75).
//!
//! [`crate::impact`] counts the same over everybody before a version is published; here one person is told of it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use nattoku_analysis::difference::Seen;
use nattoku_model::history::History;
use nattoku_model::name::{CategoryName, VersionName};
use nattoku_model::policy::{Act, Policy, Versions, acts};
use nattoku_model::{ChangeClass, Recorded, Text};

use crate::dashboard::GoverningLine;
use crate::error::OperationError;
use crate::nattoku::Nattoku;
use crate::uses::{Use, judge_under};

/// What a version changes for one principal.
#[derive(Debug, Clone)]
pub struct VersionChange {
    /// The version.
    pub version: VersionName,
    /// The version before it; none where it is the first.
    pub before: Option<VersionName>,
    /// As of this instant: now, or when the version takes effect, where that is to come.
    pub as_of: Timestamp,
    /// The versions that govern what is held as of that instant, and why.
    pub governing: Vec<GoverningLine>,
    /// The one of the two whose text is not at hand.
    pub text_absent: Option<VersionName>,
    /// What the version permits on data that are held, with the lines that it permits.
    pub permitted: Vec<Use>,
    /// How that differs from the version before; none where there is nothing to compare with.
    pub shifts: Option<VersionShifts>,
}

/// How what is permitted under a version differs from what is permitted under the version before it.
#[derive(Debug, Clone, Default)]
pub struct VersionShifts {
    /// What becomes permitted, with the lines that do.
    pub becomes: Vec<Use>,
    /// What is no longer permitted.
    pub ends: Vec<Ended>,
    /// What would become permitted, and concerns data of which nothing is held.
    pub ahead: Vec<Use>,
    /// What stays permitted, with the lines that do.
    pub stays: Vec<Use>,
    /// The changes that concern the principal and oblige to something.
    pub concerning: Vec<Concerning>,
}

/// A use that a version ends.
#[derive(Debug, Clone)]
pub struct Ended {
    /// As the version before permitted it, with the lines that end.
    pub was: Use,
    /// What the decision says of those lines now; none where the version does not know the use any more.
    pub is: Option<Use>,
}

/// A change that concerns a principal.
#[derive(Debug, Clone)]
pub struct Concerning {
    /// What it obliges to.
    pub class: ChangeClass,
    /// What people call the thing that changes.
    pub title: Text,
    /// What changes of it.
    pub sentence: Text,
}

impl Nattoku {
    /// What a version changes for a principal; none where there is no such version.
    ///
    /// # Errors
    /// Where the ledger knows no such principal, or cannot be read.
    pub fn version_change(
        &self,
        principal: &str,
        version: &VersionName,
    ) -> Result<Option<VersionChange>, OperationError> {
        let Some(new) = self.versions().get(version) else { return Ok(None) };
        let events = self.events_of(principal)?;
        let known_at = self.present(&events);
        let as_of = known_at.max(new.effective);
        let old = self.publication().before(new);
        let is_absent = |policy: &&Policy| policy.text_absent;
        let text_absent = [Some(new), old].into_iter().flatten().find(is_absent);
        let asked = (as_of, Some(known_at));
        let uses = if new.text_absent { Vec::new() } else { self.uses_under(new, &events, asked) };
        let shifts = old.filter(|_| text_absent.is_none()).map(|old| VersionShifts {
            concerning: self.concerning(old, new, &events, asked),
            ..shifts(&self.uses_under(old, &events, asked), &uses)
        });
        let history = History::new(&events, as_of, Some(known_at));
        Ok(Some(VersionChange {
            version: version.clone(),
            before: old.map(|old| old.version.clone()),
            as_of,
            governing: self.governing_lines(&history),
            text_absent: text_absent.map(|policy| policy.version.clone()),
            permitted: uses.iter().filter(|u| is_held(u)).filter_map(|u| permitted_of(u, |_| true)).collect(),
            shifts,
        }))
    }

    /// Every act of a version, judged as if it were the newest.
    fn uses_under(
        &self,
        policy: &Policy,
        events: &[Recorded],
        asked: (Timestamp, Option<Timestamp>),
    ) -> Vec<Use> {
        judge_under(&self.as_newest(policy), events, acts(policy).iter(), asked)
    }

    /// The versions as they stood, or will stand, when this one is the newest.
    fn as_newest(&self, policy: &Policy) -> Versions {
        let earlier = self.versions().oldest_first().into_iter().filter(|p| p.effective < policy.effective);
        Versions::new(policy.clone(), earlier.cloned())
    }

    /// The changes that oblige to something towards this principal.
    fn concerning(
        &self,
        old: &Policy,
        new: &Policy,
        events: &[Recorded],
        (at, known_at): (Timestamp, Option<Timestamp>),
    ) -> Vec<Concerning> {
        let (history, after) = (History::new(events, at, known_at), self.as_newest(new));
        let seen = Seen { old, new: &after, history: &history };
        let difference = self.publication().difference(old, new);
        let concerning =
            difference.changes.iter().filter(|c| c.class != ChangeClass::None && c.affected.includes(&seen));
        concerning
            .map(|change| Concerning {
                class: change.class,
                title: change.title.clone(),
                sentence: Text(new.languages.iter().map(|l| (*l, change.sentence(*l))).collect()),
            })
            .collect()
    }
}

/// Whether the use concerns data that are held.
fn is_held(u: &Use) -> bool {
    u.lines.iter().any(|line| line.is_held)
}

/// What shifts between two versions.
fn shifts(before: &[Use], after: &[Use]) -> VersionShifts {
    let mut found = VersionShifts::default();
    for is in after {
        let was = before.iter().find(|was| is_same(&was.act, &is.act)).map(open).unwrap_or_default();
        let was_open = |category: &CategoryName| was.iter().any(|w| w.covers(category));
        let becomes = permitted_of(is, |category| !was_open(category));
        if is_held(is) { &mut found.becomes } else { &mut found.ahead }.extend(becomes);
        found.stays.extend(permitted_of(is, was_open).filter(is_held));
    }
    for was in before.iter().filter(|was| is_held(was)) {
        let is = after.iter().find(|is| is_same(&was.act, &is.act));
        let still = is.map(open).unwrap_or_default();
        let Some(ended) = permitted_of(was, |category| !still.iter().any(|s| s.covers(category))) else {
            continue;
        };
        let is =
            is.and_then(|is| narrowed(is, |line| ended.lines.iter().any(|l| l.category == line.category)));
        found.ends.push(Ended { was: ended, is });
    }
    found
}

/// Whether two versions speak of the same act, whatever data they give it.
fn is_same(one: &Act, other: &Act) -> bool {
    let told_by = |act: &Act| (act.action, act.activity.clone(), act.purpose.clone(), act.recipient.clone());
    told_by(one) == told_by(other)
}

/// The categories of which some may be used.
fn open(u: &Use) -> BTreeSet<CategoryName> {
    u.permitted().map(|line| line.category.clone()).collect()
}

/// The use with its permitted lines of the wanted categories, where there are any.
fn permitted_of(u: &Use, wanted: impl Fn(&CategoryName) -> bool) -> Option<Use> {
    narrowed(u, |line| line.verdict.is_permitted() && wanted(&line.category))
}

fn narrowed(u: &Use, keep: impl Fn(&crate::uses::UseLine) -> bool) -> Option<Use> {
    let lines: Vec<_> = u.lines.iter().filter(|line| keep(line)).cloned().collect();
    (!lines.is_empty()).then(|| Use { lines, ..u.clone() })
}
