//! Where each rule stands in the source and in the notice.

use std::collections::BTreeMap;

use nattoku_model::Language;
use nattoku_model::policy::{Place, Rule};

use super::names::Names;
use crate::ast::Declaration;
use crate::notice::{Block, Notice};
use crate::source::Files;

/// The place of every declared rule. The section is that of a sentence that says it states the rule, or else of a
/// directive that shows it; the prevailing language's notice goes first.
pub(super) fn places(
    declarations: &[Declaration<'_>],
    notices: &BTreeMap<Language, Notice>,
    prevails: Language,
    names: &Names,
    files: &Files,
) -> BTreeMap<Rule, Place> {
    let mut stated: BTreeMap<&Rule, &str> = BTreeMap::new();
    let mut shown: BTreeMap<&'static str, &str> = BTreeMap::new();
    let ordered = notices.get(&prevails).into_iter().chain(notices.values());
    for section in ordered.flat_map(|n| &n.sections) {
        for (rule, _) in section.states.iter().filter(|(rule, _)| names.has_rule(rule)) {
            stated.entry(rule).or_insert(&section.anchor);
        }
        for block in &section.blocks {
            if let Block::Directive(directive, _) = block {
                for kind in directive.states() {
                    shown.entry(kind).or_insert(&section.anchor);
                }
            }
        }
    }
    let mut places = BTreeMap::new();
    for Declaration { rule, node } in declarations {
        let section = stated.get(rule).or_else(|| shown.get(rule.kind)).map(|s| (*s).to_owned());
        let cites = node.children_named("cite").flat_map(|c| &c.args);
        let place = Place {
            file: files.name(node.file).to_owned(),
            line: files.line(node.file, node.span.start),
            section,
            cites: cites.filter_map(|c| c.value.as_str()).map(str::to_owned).collect(),
        };
        places.entry(rule.clone()).or_insert(place);
    }
    places
}
