//! What a policy allows of the linter's findings, where, and what it cannot allow.

use nattoku_model::Language;
use nattoku_policy::diagnostic::render::{concise, github, json, sarif};
use nattoku_policy::mend::mend;
use nattoku_policy::{Checked, Source, check};

use crate::reading::{HEADER, said, with};

/// Whether a rule's findings are allowed, each with its reason.
fn allowed(checked: &Checked, rule: &str) -> Vec<String> {
    checked.allowed.iter().filter(|a| a.diagnostic.rule == rule).map(|a| a.reason.clone()).collect()
}

fn found(checked: &Checked, rule: &str) -> usize {
    checked.diagnostics.iter().filter(|d| d.rule == rule).count()
}

#[test]
fn a_finding_is_allowed_by_the_declaration_in_which_it_is_placed() {
    let body = "application a { ja \"あ\"; en \"A\"; allow unused-name reason=\"soon\" }\napplication b { ja \"あ\"; en \"A\" }";
    let checked = with(body);
    assert_eq!(allowed(&checked, "unused-name"), ["soon"]);
    assert_eq!(found(&checked, "unused-name"), 1, "what stands elsewhere is not covered");
    assert_eq!(found(&checked, "unused-allow"), 0);
}

#[test]
fn every_declaration_may_allow() {
    for node in [
        "document d { ja \"あ\"; en \"A\"; ALLOW }",
        "category c { ja \"あ\"; en \"A\"; below { ja \"あ\"; en \"A\"; ALLOW } }",
        "retain c for=\"1 year\" after=acquired { ALLOW }\ncategory c { ja \"あ\"; en \"A\" }",
        "equivalent-countries GB { ALLOW }",
        "calendar k { closed sunday; ALLOW }",
        "work w { ja \"あ\"; en \"A\"; ALLOW }",
    ] {
        let checked = with(&node.replace("ALLOW", "allow benefit-missing reason=\"x\""));
        assert!(said(&checked).is_empty(), "{:?}", said(&checked));
        assert_eq!(found(&checked, "unused-allow"), 1, "{node}");
    }
}

#[test]
fn the_policy_node_allows_for_the_whole_version_and_the_innermost_counts() {
    let policy = HEADER.replace("languages ja en", "languages ja en\n    allow unused-name reason=\"whole\"");
    let body = "application a { ja \"あ\"; en \"A\"; allow unused-name reason=\"own\" }\napplication b { ja \"あ\"; en \"A\" }";
    let checked = check(&[Source::new("policy.kdl", policy), Source::new("rules.kdl", body)]);
    assert_eq!(allowed(&checked, "unused-name"), ["own", "whole"]);
    assert_eq!(found(&checked, "unused-name") + found(&checked, "unused-allow"), 0);
}

#[test]
fn what_is_placed_in_a_notice_is_allowed_by_the_policy_node_alone() {
    let policy =
        HEADER.replace("languages ja en", "languages ja en\n    allow notice-missing reason=\"later\"");
    let checked = check(&[Source::new("policy.kdl", policy)]);
    assert!(!allowed(&checked, "notice-missing").is_empty());
    assert_eq!(found(&checked, "notice-missing"), 0);
}

#[test]
fn an_error_of_the_law_can_be_allowed_and_the_policy_is_then_in_force() {
    let body = "consent c text=\"2\" accepts=\"1\" { ja \"あ\"; en \"A\"; wording \"1\" { ja \"あ\"; en \"A\" }; wording \"2\" { ja \"い\"; en \"B\" }; ALLOW }";
    assert!(with(&body.replace("; ALLOW", "")).versions.is_none());
    let checked = with(&body.replace("ALLOW", "allow consent-text-not-accepted reason=\"old\""));
    assert_eq!(allowed(&checked, "consent-text-not-accepted"), ["old"]);
    assert!(checked.versions.is_some());
}

/// Whoever cannot decide the scenarios cannot tell whether an `allow` of `untested-rule` is needed, and says nothing.
#[test]
fn what_no_scenario_exercises_is_allowed_like_anything_else() {
    let body = "application a { ja \"あ\"; en \"A\"; allow untested-rule reason=\"by hand\" }
application b { ja \"あ\"; en \"A\"; allow untested-rule reason=\"no longer\" }
activity t purpose=p { ja \"あ\"; en \"A\"; needs c; by a b }
purpose p number=\"1\" { ja \"あ\"; en \"A\" }
category c { ja \"あ\"; en \"A\" }
scenario \"b may\" { given principal born=\"1985-04-01\"; ask use c activity=t by=b at=\"2020-06-01\"; expect permit }";
    let sources = [Source::new("policy.kdl", HEADER), Source::new("rules.kdl", body)];
    let decided = nattoku_analysis::check(&sources);
    assert_eq!(allowed(&decided, "untested-rule"), ["by hand"], "{:?}", said(&decided));
    assert_eq!((found(&decided, "untested-rule"), found(&decided, "unused-allow")), (0, 1));
    let undecided = check(&sources);
    assert_eq!((found(&undecided, "untested-rule"), found(&undecided, "unused-allow")), (0, 0));
    let mended = mend(&sources, nattoku_analysis::check).sources;
    let text = String::from_utf8_lossy(&mended[1].bytes);
    assert!(text.contains("by hand") && !text.contains("no longer"), "{text}");
}

/// What a scenario with errors exercises is not known: neither is a rule called untested, nor an `allow` unused.
#[test]
fn where_no_scenario_or_not_every_one_is_read_nothing_is_untested_and_no_allow_of_it_unused() {
    let body = "application a { ja \"あ\"; en \"A\"; allow untested-rule reason=\"by hand\" }
application b { ja \"あ\"; en \"A\"; allow untested-rule reason=\"later\" }
activity t purpose=p { ja \"あ\"; en \"A\"; needs c; by a b }
purpose p number=\"1\" { ja \"あ\"; en \"A\" }
category c { ja \"あ\"; en \"A\" }\n";
    let good = "scenario \"b may\" { given principal born=\"1985-04-01\"; ask use c activity=t by=b at=\"2020-06-01\"; expect permit }\n";
    let wrong = good.replace("by=b", "by=d");
    for (scenarios, n_errors) in [(String::new(), 0), (wrong.clone(), 1), (format!("{good}{wrong}"), 1)] {
        let sources = [
            Source::new("policy.kdl", HEADER),
            Source::new("rules.kdl", body),
            Source::new("tests.kdl", scenarios.as_str()),
        ];
        let checked = nattoku_analysis::check(&sources);
        assert_eq!(said(&checked).len(), n_errors, "{:?}", said(&checked));
        assert_eq!(
            (found(&checked, "untested-rule"), found(&checked, "unused-allow")),
            (0, 0),
            "{scenarios}"
        );
        let mended = mend(&sources, nattoku_analysis::check).sources;
        assert_eq!(mended[1].bytes, body.as_bytes(), "no reason is lost");
    }
}

#[test]
fn an_allow_needs_a_known_rule_and_a_reason() {
    let says = |allow: &str, expected: &str| {
        let checked = with(&format!("work w {{ ja \"あ\"; en \"A\"; {allow} }}"));
        assert_eq!(said(&checked), [expected], "{allow}");
        assert!(checked.versions.is_none());
    };
    says(
        "allow unused-nam reason=\"x\"",
        "rules.kdl:1:32: error[undeclared-name]: the rule `unused-nam` is not declared (did you mean `unused-name`?)",
    );
    says("allow unused-name", "rules.kdl:1:26: error[missing-value]: `allow` needs `reason=`");
    says(
        "allow unused-name reason=\" \"",
        "rules.kdl:1:51: error[unexpected-value]: expected a text that is not empty, not ` `",
    );
    says(
        "allow undeclared-name reason=\"x\"",
        "rules.kdl:1:32: error[unexpected-value]: `undeclared-name` is a rule of the language itself and cannot be allowed",
    );
    says("allow reason=\"x\"", "rules.kdl:1:26: error[missing-value]: `allow` needs the name of a rule");
}

#[test]
fn every_format_tells_what_is_allowed_apart_from_what_is_found() {
    let checked = with("application a { ja \"あ\"; en \"A\"; allow unused-name reason=\"\\\"soon\\\"\" }");
    let json: serde_json::Value = serde_json::from_str(&json::render(
        &checked.diagnostics,
        &checked.allowed,
        &checked.files,
        Language::En,
    ))
    .unwrap();
    let allowed = json.as_array().unwrap().iter().find(|d| d["rule"] == "unused-name").unwrap();
    assert_eq!(allowed["allowed"]["reason"], "\"soon\"");
    assert_eq!((allowed["allowed"]["line"].as_u64(), allowed["line"].as_u64()), (Some(1), Some(1)));
    assert!(json.as_array().unwrap().iter().any(|d| d["allowed"].is_null()));

    let sarif: serde_json::Value = serde_json::from_str(&sarif::render(&checked, "p", Language::Ja)).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let suppressed = results.iter().find(|r| r["ruleId"] == "unused-name").unwrap();
    assert_eq!(suppressed["suppressions"][0]["kind"], "inSource");
    assert_eq!(suppressed["suppressions"][0]["justification"], "\"soon\"");
    assert!(results.iter().any(|r| r["suppressions"].as_array().unwrap().is_empty()));

    for shown in [
        concise::render(&checked.diagnostics, &checked.files, Language::En, 100),
        github::render(&checked.diagnostics, &checked.files, "", Language::En),
    ] {
        assert!(!shown.contains("unused-name"), "{shown}");
    }
}

/// No rule finds anything in a scenario, but what is written there is read like everywhere else.
#[test]
fn an_allow_of_a_scenario_that_allows_nothing_is_found() {
    let body = "application b { ja \"あ\"; en \"A\" }
activity t purpose=p { ja \"あ\"; en \"A\"; needs c; by b }
purpose p number=\"1\" { ja \"あ\"; en \"A\" }
category c { ja \"あ\"; en \"A\" }
scenario \"b may\" { ALLOW; given principal born=\"1985-04-01\"; ask use c activity=t by=b at=\"2020-06-01\"; expect permit }";
    let checked = |rule: &str| {
        let body = body.replace("ALLOW", &format!("allow {rule} reason=\"x\""));
        nattoku_analysis::check(&[Source::new("policy.kdl", HEADER), Source::new("rules.kdl", body)])
    };
    for rule in ["untested-rule", "unused-name"] {
        let checked = checked(rule);
        assert_eq!((said(&checked), found(&checked, "unused-allow")), (Vec::new(), 1), "{rule}");
    }
    assert_eq!(
        said(&checked("unused-nam")),
        [
            "rules.kdl:5:26: error[undeclared-name]: the rule `unused-nam` is not declared (did you mean `unused-name`?)"
        ]
    );
}
