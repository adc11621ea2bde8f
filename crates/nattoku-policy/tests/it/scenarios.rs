//! Scenarios as data.

use nattoku_model::event::{By, Event};
use nattoku_model::{Reason, Verdict};
use nattoku_policy::{Checked, Source, check};

use crate::reading::{HEADER, said};

const RULES: &str = r#"
category purchase { ja "あ"; en "a" }
source shop channel=direct { ja "あ"; en "a"; gives purchase }
purpose proposals number="2" { ja "あ"; en "a" }
application app { ja "あ"; en "a" }
activity offers purpose=proposals { ja "あ"; en "a"; needs purchase; by app }
consent sharing text="1" { ja "あ"; en "a"; wording "1" { ja "あ"; en "a" } }
exception statute basis="APPI 18(3)(i)" { ja "あ"; en "a"; requires document; obliges record }
"#;

fn with(scenario: &str) -> Checked {
    check(&[
        Source::new("policy.kdl", HEADER),
        Source::new("rules.kdl", RULES),
        Source::new("tests.kdl", scenario),
    ])
}

#[test]
fn a_scenario_becomes_events_a_question_and_an_answer() {
    let checked = with(
        r#"scenario "told late" {
            given consent_granted item=sharing text_version="1" at="2020-03-01" recorded_at="2020-03-04" by="guardian:g1"
            given data_acquired category=purchase source=shop at="2020-03-02T12:00:00+09:00"
            given principal born="1985-04-01"
            given restriction_placed categories="purchase" actions="use provide" claim="c1" at="2020-03-05"
            ask use purchase activity=offers at="2020-06-01" known_at="2020-06-02" exception=statute document="W-1" time_limit="2020-07-01"
            expect permit_with_conditions reason=governed gate=governing obligation=record governing="2020-01-01"
        }"#,
    );
    assert_eq!(said(&checked), [""; 0]);
    let [scenario] = checked.scenarios.as_slice() else { panic!() };
    assert_eq!(scenario.place.to_string(), "tests.kdl:1");
    let names: Vec<&str> = scenario.events.iter().map(|e| e.event.name()).collect();
    assert_eq!(names, ["principal_registered", "data_acquired", "consent_granted", "restriction_placed"]);
    assert_eq!(scenario.events.iter().map(|e| e.revision.0).collect::<Vec<_>>(), [1, 2, 3, 4]);
    let Event::ConsentGranted { by, .. } = &scenario.events[2].event else { panic!() };
    assert_eq!(*by, By::Guardian("g1".into()));
    assert_eq!(scenario.events[2].at.to_string(), "2020-02-29T15:00:00Z");
    assert_eq!(scenario.request.application.as_str(), "app");
    let claim = scenario.request.exception.as_ref().unwrap();
    assert_eq!(claim.evidence["document"], "W-1");
    assert_eq!(claim.until.unwrap().to_string(), "2020-06-30T15:00:00Z");
    assert_eq!(scenario.expect.verdict, Verdict::PermitWithConditions);
    assert_eq!(scenario.expect.reason, Some(Reason::Governed));
}

#[test]
fn an_activity_may_be_unregistered_and_nothing_else() {
    let checked =
        with("scenario \"new\" { ask use purchase activity=other by=app at=\"2020-06-01\"; expect refer }");
    assert_eq!(said(&checked), [""; 0]);

    let checked = with(
        r#"scenario "wrong" {
            given consent_granted item=sharing text_version="2" at="2020-03-01"
            given principl
            given data_erased category=purchase at="2020-03-02" recorded_at="2020-03-01"
            ask use purchse activity=other at="2020-06-01"
            expect permits reason=govrned
        }"#,
    );
    assert!(checked.versions.is_none());
    let said = said(&checked);
    for part in [
        "tests.kdl:2:61: error[undeclared-name]: the wording `2` is not declared",
        "tests.kdl:3:19: error[unexpected-value]: `principl` is none of the words that can stand here (did you mean `principal`?)",
        "tests.kdl:4:13: error[unexpected-value]: `recorded_at=` cannot be before `at=`",
        "tests.kdl:5:13: error[missing-value]: the activity `other` does not have just one application",
        "tests.kdl:5:21: error[undeclared-name]: the category `purchse` is not declared",
        "tests.kdl:6:20: error[unexpected-value]: expected `permit` or",
        "tests.kdl:6:35: error[unexpected-value]: `govrned` is none of the words that can stand here (did you mean `governed`?)",
    ] {
        assert!(said.iter().any(|s| s.starts_with(part)), "{part}\n{said:#?}");
    }
    assert_eq!(said.len(), 7);
}

/// The nearest of two dates is seldom the one that was meant.
#[test]
fn a_version_that_there_is_not_is_told_with_those_there_are() {
    let checked = with(
        r#"scenario "old" { given principal born="1985-04-01"; ask use purchase activity=offers by=app at="2020-06-01"; expect permit governing="2019-01-01" }"#,
    );
    let said = said(&checked);
    let part = "error[undeclared-name]: the version `2019-01-01` is not declared (versions: 2020-01-01)";
    assert!(said.iter().any(|s| s.ends_with(part)), "{said:#?}");
    assert!(checked.diagnostics.iter().all(|d| d.fix.is_none()));
}
