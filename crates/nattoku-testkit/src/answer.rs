//! A decision as the pages write it.
//!
//! ```text
//! deny
//! in force 2015-10-01
//! exception statute
//! purchase  #2 #3
//!   era 2015-10-01 acquired before 2019-12-11T00:00:00+09:00
//!   consent  deny  withdrawn  consent partner_sharing  #4
//! obligation pseudonymize on purchase by activity usage_study
//! known later #4 at 2020-03-01T00:00:00+09:00 recorded 2020-03-04T00:00:00+09:00
//! ```
//!
//! The verdict; the version in force where it is not the newest; the exception claimed; per category and era of
//! acquisition the holdings and the gates that do not permit, with those that do where the page names them; a gate's
//! verdict, reason, rule, events and what fills its sentence with a date or a missing piece; obligations; and what the
//! ledger learnt after the instant asked about.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use nattoku_model::decision::{CategoryAnswer, Era};
use nattoku_model::event::Revision;
use nattoku_model::name::CategoryName;
use nattoku_model::policy::Versions;
use nattoku_model::{Decision, Gate, GateAnswer, Policy, Verdict};

/// The details that say more than the rule and the reason do.
const TELLING: [&str; 8] =
    ["class", "due", "given", "instead_of", "minimisation", "missing", "period", "route"];

/// Writes a decision. `named` are the gates that a page names, by the answer's place: those are shown though they
/// permit.
#[must_use]
pub fn write(decision: &Decision, versions: &Versions, named: &[BTreeSet<Gate>]) -> String {
    let current = versions.current();
    let zone = &current.timezone;
    let mut out = format!("{}\n", decision.verdict);
    if decision.policy_version.as_ref() != Some(&current.version) {
        let in_force = decision.policy_version.as_ref().map_or("none", |v| v.as_str());
        let _ = writeln!(out, "in force {in_force}");
    }
    if let Some(exception) = &decision.exception {
        let _ = writeln!(out, "exception {exception}");
    }
    let none = BTreeSet::new();
    for (index, answer) in decision.answers.iter().enumerate() {
        let is_whole = decision.policy_version.as_ref().is_none_or(|v| *v == answer.era.governing);
        out += &category(answer, is_whole, current, named.get(index).unwrap_or(&none));
    }
    for obligation in &decision.obligations {
        let on: Vec<&str> = obligation.categories.iter().map(CategoryName::as_str).collect();
        let _ = writeln!(out, "obligation {} on {} by {}", obligation.kind, on.join(" "), obligation.rule);
    }
    for known in &decision.known_later {
        let (at, recorded) = (instant(known.at, zone), instant(known.recorded_at, zone));
        let _ = writeln!(out, "known later #{} at {at} recorded {recorded}", known.revision);
    }
    out
}

/// The gates that a `decision` block names, one set for each category and era.
#[must_use]
pub fn named(block: &str) -> Vec<BTreeSet<Gate>> {
    let mut named: Vec<BTreeSet<Gate>> = Vec::new();
    for line in block.lines().skip(1) {
        let first = line.split_whitespace().next().unwrap_or_default();
        if !line.starts_with(' ') {
            if !["in", "exception", "obligation", "known"].contains(&first) {
                named.push(BTreeSet::new());
            }
        } else if let (Some(gates), Some(gate)) =
            (named.last_mut(), Gate::ALL.into_iter().find(|g| g.as_str() == first))
        {
            gates.insert(gate);
        }
    }
    named
}

/// The gates of an answer that are shown.
pub(crate) fn shown<'a>(
    answer: &'a CategoryAnswer,
    named: &'a BTreeSet<Gate>,
) -> impl Iterator<Item = &'a GateAnswer> {
    answer.gates.iter().filter(|g| g.verdict != Verdict::Permit || named.contains(&g.gate))
}

fn category(answer: &CategoryAnswer, is_whole: bool, policy: &Policy, named: &BTreeSet<Gate>) -> String {
    let zone = &policy.timezone;
    let mut out = format!("{}{}\n", answer.category, events(&answer.holdings));
    let Era { governing, acquired_from, acquired_before } = &answer.era;
    if !is_whole || acquired_from.is_some() || acquired_before.is_some() {
        let _ = write!(out, "  era {governing}");
        if let Some(from) = acquired_from {
            let _ = write!(out, " acquired from {}", instant(*from, zone));
        }
        if let Some(before) = acquired_before {
            let _ = write!(out, " acquired before {}", instant(*before, zone));
        }
        out.push('\n');
    }
    for gate in shown(answer, named) {
        let _ = write!(out, "  {}  {}  {}", gate.gate, gate.verdict, gate.reason);
        if let Some(rule) = &gate.rule {
            let _ = write!(out, "  {rule}");
        }
        out += &events(&gate.events);
        let telling: Vec<String> = gate
            .details
            .iter()
            .filter(|(key, _)| gate.verdict != Verdict::Permit && is_telling(key, policy))
            .map(|(key, value)| format!("{key} {value}"))
            .collect();
        if !telling.is_empty() {
            let _ = write!(out, "  ({})", telling.join(", "));
        }
        out.push('\n');
    }
    out
}

/// What rests on law is told with its place where the page's policy names its laws.
fn is_telling(key: &str, policy: &Policy) -> bool {
    TELLING.contains(&key) || (key == "law" && !policy.laws.is_empty())
}

/// `  #2 #3`, in the order of the ledger; nothing where there are none.
fn events(revisions: &[Revision]) -> String {
    let sorted: BTreeSet<Revision> = revisions.iter().copied().collect();
    let numbers: Vec<String> = sorted.iter().map(|r| format!("#{r}")).collect();
    if numbers.is_empty() { String::new() } else { format!("  {}", numbers.join(" ")) }
}

fn instant(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gates_that_a_block_names_are_found_by_category() {
        let block = "deny\nexception statute\npurchase  #2\n  era x acquired before y\n  consent  deny  withdrawn\ncontact\n";
        assert_eq!(named(block), [BTreeSet::from([Gate::Consent]), BTreeSet::new()]);
    }

    #[test]
    fn events_stand_in_the_order_of_the_ledger() {
        assert_eq!(events(&[Revision(4), Revision(2)]), "  #2 #4");
        assert_eq!(events(&[]), "");
    }
}
