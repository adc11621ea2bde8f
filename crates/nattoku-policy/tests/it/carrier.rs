//! The reference policy checks without an error.

use nattoku_model::Language;
use nattoku_policy::diagnostic::render::text;
use nattoku_policy::{Severity, Source, check};

pub(crate) fn sources() -> Vec<Source> {
    nattoku_testkit::carrier().unwrap()
}

#[test]
fn the_reference_policy_has_no_errors() {
    let checked = check(&sources());
    let errors: Vec<_> =
        checked.diagnostics.iter().filter(|d| d.severity == Severity::Error).cloned().collect();
    assert!(errors.is_empty(), "{}", text::render(&errors, &checked.files, Language::En, 40, false));
    assert!(checked.versions.is_some());
}

#[test]
fn the_reference_policy_is_read_at_a_glance() {
    let read =
        ["long-sentence", "recipient-without-example", "consent-of-several-purposes", "what-stays-unsaid"];
    let checked = check(&sources());
    let found: Vec<_> = checked.diagnostics.iter().filter(|d| read.contains(&d.rule)).cloned().collect();
    assert!(found.is_empty(), "{}", text::render(&found, &checked.files, Language::En, 40, false));
}

#[test]
fn the_reference_policy_is_laid_out_as_the_formatter_does() {
    for source in sources().iter().filter(|s| s.name.ends_with(".kdl")) {
        let text = std::str::from_utf8(&source.bytes).unwrap();
        assert_eq!(nattoku_policy::format(&source.name, text).unwrap(), text, "{}", source.name);
    }
}

#[test]
fn every_rule_of_the_reference_policy_has_its_place() {
    let checked = check(&sources());
    let policy = checked.versions.as_ref().unwrap().current();
    let rules =
        policy.categories.len() + policy.activities.len() + policy.consents.len() + policy.choices.len();
    assert!(policy.places.len() > rules);
    for (rule, place) in &policy.places {
        let line = checked
            .files
            .ids()
            .find(|f| checked.files.name(*f) == place.file)
            .map(|f| checked.files.slice(f, &checked.files.line_span(f, place.line)).to_owned())
            .unwrap();
        let name = rule.name.rsplit('.').next().unwrap();
        assert!(line.contains(name), "{rule} at {place}: {line}");
    }
}
