//! What a policy says of itself: who is responsible, under which law, in which languages, with which rulings.

use std::collections::BTreeMap;

use nattoku_model::policy::{Controller, Document, Rule};
use nattoku_model::{ChangeKind, Policy, Text};

use super::affected::Affected;
use super::compare::{Comparison, Wording, names};
use super::titles::{joined, nothing, plain, written};
use super::touch::Touch;

/// Compares what the node `policy` says, and the documents beside it. Version, announcement and effect are what every
/// version has its own of; they are no change.
pub(super) fn compare(comparison: &mut Comparison<'_>) {
    controller(comparison);
    laws(comparison);
    settings(comparison);
    rulings(comparison);
    documents(comparison);
}

fn own(policy: &Policy) -> Rule {
    Rule::new("policy", &policy.name)
}

fn controller(comparison: &mut Comparison<'_>) {
    let (old, new) = (&comparison.old.controller, &comparison.new.controller);
    let is_other = old.country != new.country || comparison.wording(&old.name, &new.name) == Wording::Changed;
    let details = [(&old.address, &new.address), (&old.representative, &new.representative)];
    let kinds = details.map(|(o, n)| comparison.wording(o, n));
    let rule = own(comparison.new);
    if is_other {
        let named = |c: &Controller| joined([c.name.clone(), plain(&c.country)]);
        let (before, after) = (named(old), named(new));
        comparison
            .add(ChangeKind::ControllerChanged, rule)
            .between(before, after)
            .concerns(Affected::Everybody)
            .done();
    } else if kinds.contains(&Wording::Changed) {
        comparison.add(ChangeKind::ControllerDetailsChanged, rule).concerns(Affected::Everybody).done();
    } else {
        let texts = [(&old.name, &new.name), details[0], details[1]];
        comparison.words(&rule, &texts);
    }
}

fn laws(comparison: &mut Comparison<'_>) {
    let versions = |policy: &Policy| {
        let mut laws: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (law, version) in &policy.laws {
            laws.entry(law.clone()).or_default().push(version.clone());
        }
        for versions in laws.values_mut() {
            versions.sort();
        }
        laws
    };
    let (old, new) = (versions(comparison.old), versions(comparison.new));
    let names = names(&old, &new);
    let rule = |law: &String| Rule::new("law", law);
    for law in &names.added {
        comparison.add(ChangeKind::LawAdded, rule(law)).touches([Touch::every()]).done();
    }
    for law in &names.gone {
        comparison.add(ChangeKind::LawRemoved, rule(law)).touches([Touch::every()]).done();
    }
    for law in names.both.iter().filter(|law| old.get(*law) != new.get(*law)) {
        let [before, after] = [&old, &new].map(|laws| written(laws.get(law).into_iter().flatten()));
        let change = comparison.add(ChangeKind::LawVersionChanged, rule(law)).between(before, after);
        change.touches([Touch::every()]).done();
    }
}

fn settings(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    let zones = [old, new].map(|p| p.timezone.iana_name().map_or_else(nothing, plain));
    let [before, after] = zones;
    if before != after {
        comparison
            .add(ChangeKind::TimezoneChanged, own(new))
            .between(before, after)
            .concerns(Affected::Everybody)
            .done();
    }
    let mut languages = [old, new].map(|p| p.languages.clone());
    for of_one in &mut languages {
        of_one.sort();
    }
    let [were, are] = languages;
    if were != are || old.prevails != new.prevails {
        comparison.add(ChangeKind::LanguagesChanged, own(new)).concerns(Affected::Everybody).done();
    }
}

fn rulings(comparison: &mut Comparison<'_>) {
    let (old, new) = (&comparison.old.rulings, &comparison.new.rulings);
    let names = names(old, new);
    let empty = Text::default();
    for name in names.both.iter().chain(&names.gone).chain(&names.added) {
        let texts = [old.get(name).unwrap_or(&empty), new.get(name).unwrap_or(&empty)];
        let rule = Rule::new("ruling", name);
        match comparison.wording(texts[0], texts[1]) {
            Wording::Changed => {
                comparison.add(ChangeKind::RulingChanged, rule).concerns(Affected::Everybody).done();
            }
            Wording::Translation => comparison.add(ChangeKind::TranslationChanged, rule).done(),
            Wording::Same => {}
        }
    }
}

fn documents(comparison: &mut Comparison<'_>) {
    let by_name = |policy: &Policy| -> BTreeMap<String, Document> {
        policy.documents.iter().map(|d| (d.name.clone(), d.clone())).collect()
    };
    let (old, new) = (by_name(comparison.old), by_name(comparison.new));
    let names = names(&old, &new);
    let rule = |name: &String| Rule::new("document", name);
    for name in &names.added {
        comparison.add(ChangeKind::DocumentAdded, rule(name)).done();
    }
    for name in &names.gone {
        comparison.add(ChangeKind::DocumentRemoved, rule(name)).done();
    }
    for (name, before, after) in names.both.iter().filter_map(|n| Some((n, old.get(n)?, new.get(n)?))) {
        let facts = |d: &Document| (d.is_parent, d.only, d.address.clone());
        if facts(before) == facts(after) {
            comparison.words(&rule(name), &[(&before.title, &after.title)]);
        } else {
            comparison.add(ChangeKind::DocumentChanged, rule(name)).done();
        }
    }
}
