//! Where to ask, when it is open, and who else takes complaints (R70, R71, APPI-32-1).

use std::collections::BTreeMap;

use nattoku_model::ChangeKind;
use nattoku_model::policy::Rule;

use super::affected::Affected;
use super::compare::{Comparison, names};

/// Compares desks, calendars, lines of business, accredited bodies and regulators.
pub(super) fn compare(comparison: &mut Comparison<'_>) {
    desks(comparison);
    bodies(comparison);
    regulators(comparison);
    let (old, new) = (comparison.old, comparison.new);
    let calendars = names(&old.calendars, &new.calendars);
    let differs = |name: &&String| old.calendars.get(*name) != new.calendars.get(*name);
    for name in calendars.added.iter().chain(&calendars.gone).chain(calendars.both.iter().filter(differs)) {
        comparison.add(ChangeKind::CalendarChanged, Rule::new("calendar", name)).done();
    }
    let [before, after] =
        [old, new].map(|p| p.lines.iter().map(|l| (l.name.clone(), l)).collect::<BTreeMap<_, _>>());
    let lines = names(&before, &after);
    for name in lines.added.iter().chain(&lines.gone) {
        comparison.add(ChangeKind::LineOfBusinessChanged, Rule::new("line", name)).done();
    }
    for name in &lines.both {
        if let (Some(was), Some(is)) = (before.get(name), after.get(name)) {
            comparison.words(&Rule::new("line", name), &[(&was.title, &is.title)]);
        }
    }
}

fn desks(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    let [before, after] =
        [old, new].map(|p| p.desks.iter().map(|d| (d.name.clone(), d)).collect::<BTreeMap<_, _>>());
    let desks = names(&before, &after);
    let rule = |name: &String| Rule::new("desk", name);
    for (kind, names) in [(ChangeKind::DeskAdded, &desks.added), (ChangeKind::DeskRemoved, &desks.gone)] {
        for name in names {
            comparison.add(kind, rule(name)).concerns(Affected::Everybody).done();
        }
    }
    for name in &desks.both {
        let (Some(was), Some(is)) = (before.get(name), after.get(name)) else { continue };
        if (&was.phone, was.toll, &was.hours) == (&is.phone, is.toll, &is.hours) {
            comparison.words(&rule(name), &[(&was.title, &is.title)]);
        } else {
            comparison.add(ChangeKind::DeskChanged, rule(name)).concerns(Affected::Everybody).done();
        }
    }
}

fn bodies(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    let [before, after] =
        [old, new].map(|p| p.bodies.iter().map(|b| (b.name.clone(), b)).collect::<BTreeMap<_, _>>());
    let bodies = names(&before, &after);
    let rule = |name: &String| Rule::new("body", name);
    for (kind, names) in [(ChangeKind::BodyAdded, &bodies.added), (ChangeKind::BodyRemoved, &bodies.gone)] {
        for name in names {
            comparison.add(kind, rule(name)).concerns(Affected::Everybody).done();
        }
    }
    for name in &bodies.both {
        let (Some(was), Some(is)) = (before.get(name), after.get(name)) else { continue };
        if (&was.phone, was.toll, &was.line) == (&is.phone, is.toll, &is.line) {
            comparison.words(&rule(name), &[(&was.title, &is.title)]);
        } else {
            comparison.add(ChangeKind::BodyChanged, rule(name)).concerns(Affected::Everybody).done();
        }
    }
}

/// A regulator is one more that takes complaints: the same changes as of a body, so that a law classes both alike.
fn regulators(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    let [before, after] =
        [old, new].map(|p| p.regulators.iter().map(|r| (r.name.clone(), r)).collect::<BTreeMap<_, _>>());
    let names = names(&before, &after);
    let rule = |name: &String| Rule::new("regulator", name);
    for (kind, names) in [(ChangeKind::BodyAdded, &names.added), (ChangeKind::BodyRemoved, &names.gone)] {
        for name in names {
            comparison.add(kind, rule(name)).concerns(Affected::Everybody).done();
        }
    }
    for name in &names.both {
        let (Some(was), Some(is)) = (before.get(name), after.get(name)) else { continue };
        if (&was.phone, was.toll) == (&is.phone, is.toll) {
            comparison.words(&rule(name), &[(&was.title, &is.title)]);
        } else {
            comparison.add(ChangeKind::BodyChanged, rule(name)).concerns(Affected::Everybody).done();
        }
    }
}
