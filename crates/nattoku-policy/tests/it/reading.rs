//! What is said about policies that cannot be enforced as written: each error once, at its place, with what to do.

use nattoku_model::Language;
use nattoku_model::policy::{Basis, Class, Cover, RetentionStart, Rule};
use nattoku_policy::diagnostic::render::{concise, json, text};
use nattoku_policy::{Checked, Source, check};

/// The least that can be enforced.
pub(crate) const HEADER: &str = "policy small version=\"2020-01-01\" {\n    effective \"2020-01-01\"\n    timezone \
                                 \"Asia/Tokyo\"\n    languages ja en\n}\n";

pub(crate) fn with(body: &str) -> Checked {
    check(&[Source::new("policy.kdl", HEADER), Source::new("rules.kdl", body)])
}

/// Errors in one line each, English.
pub(crate) fn said(checked: &Checked) -> Vec<String> {
    let errors: Vec<_> =
        checked.diagnostics.iter().filter(|d| d.severity.as_str() == "error").cloned().collect();
    concise::render(&errors, &checked.files, Language::En, 100).lines().map(str::to_owned).collect()
}

fn says(body: &str, expected: &[&str]) {
    assert_eq!(said(&with(body)), expected, "{body}");
}

#[test]
fn a_whole_policy_becomes_values() {
    let checked = with(
        r#"
        category location class=location { ja "あ"; en "a"; base_station { ja "あ"; en "a"; class "communications_secrecy" } }
        category interest { ja "あ"; en "a"; derived-from location.base_station; cite "R16" }
        relationship line kind=contract { ja "あ"; en "a" }
        retain location for="6 months" after=acquired
        retain interest for="3 years" after=ended { of line }
        purpose proposals number="2" { ja "あ"; en "a" }
        application app { ja "あ"; en "a" }
        activity offers purpose=proposals { ja "あ"; en "a"; needs location; by app; during line; to nobody; minimise mask on="interest" }
        recipient stores kind=third_party country=JP { ja "あ"; en "a" }
        consent sharing text="2" accepts="1 2" { ja "あ"; en "a"; wording "1" { ja "あ"; en "a" }; wording "2" { ja "あ"; en "a" }; guardian under=16 judge-from=12 }
        provision to_stores { ja "あ"; en "a"; activity offers; give location; to stores; basis consent=sharing accepts="2" }
        choice no_offers refusability=refusable { ja "あ"; en "a"; covers offers action=use; covers-recipients third_party }
        "#,
    );
    assert_eq!(said(&checked), [""; 0]);
    let versions = checked.versions.unwrap();
    let policy = versions.current();
    let base_station = "location.base_station".into();
    assert_eq!(
        policy.classes_of(&base_station).into_iter().collect::<Vec<_>>(),
        [Class::CommunicationsSecrecy, Class::Location]
    );
    assert!(policy.classes_of(&"interest".into()).contains(&Class::Location));
    assert_eq!(policy.retentions[1].after, RetentionStart::Ended(vec!["line".into()]));
    let Basis::Consent(_, Some(accepts)) = &policy.provisions["to_stores"].basis else { panic!() };
    assert_eq!(accepts.len(), 1);
    assert!(matches!(policy.choices["no_offers"].covers[1], Cover::Recipients(_)));
    let place = policy.place_of(&Rule::new("category", "interest")).unwrap();
    assert_eq!(
        (place.to_string().as_str(), place.cites.as_slice()),
        ("rules.kdl:3", ["R16".to_owned()].as_slice())
    );
    assert_eq!(policy.place_of(&Rule::new("category", &base_station)).unwrap().line, 2);
    assert_eq!(policy.effective.to_string(), "2019-12-31T15:00:00Z");
}

#[test]
fn names_must_be_declared_once_and_well_formed() {
    says(
        "category purchase { ja \"あ\"; en \"a\"; derived-from purchse }",
        &[
            "rules.kdl:1:50: error[undeclared-name]: the category `purchse` is not declared (did you mean `purchase`?)",
        ],
    );
    says(
        "work sales { ja \"あ\"; en \"a\" }\nwork sales { ja \"あ\"; en \"a\" }",
        &[
            "rules.kdl:2:6: error[duplicate-name]: the kind of work `sales` is declared twice (give it another name, or make \
         one of the two)",
        ],
    );
    says(
        "work Sales { ja \"あ\"; en \"a\" }",
        &[
            "rules.kdl:1:6: error[malformed-name]: `Sales` does not have the form of a name (write lower-case letters, digits \
         and `_`, beginning with a letter, trees joined by `.`, at most 120 bytes)",
        ],
    );
    says(
        "work \"ｓales\" { ja \"あ\"; en \"a\" }",
        &[
            "rules.kdl:1:6: error[full-width-punctuation]: the name `ｓales` has full-width signs (write it half-width)",
        ],
    );
    says(
        "category a { ja \"あ\"; en \"a\"; derived-from b }\ncategory b { ja \"あ\"; en \"a\"; derived-from a }",
        &[
            "rules.kdl:1:30: error[cyclic-derivation]: the category `a` is derived from itself in the end (take one \
         `derived-from` of the circle away)",
            "rules.kdl:2:30: error[cyclic-derivation]: the category `b` is derived from itself in the end (take one \
         `derived-from` of the circle away)",
        ],
    );
}

#[test]
fn shapes_are_checked() {
    says(
        "sauce shop channel=direct { ja \"あ\"; en \"a\" }",
        &["rules.kdl:1:1: error[unexpected-node]: no node `sauce` can stand here (did you mean `source`?)"],
    );
    says(
        "source shop { ja \"あ\"; en \"a\" }",
        &["rules.kdl:1:1: error[missing-value]: `source` needs `channel=`"],
    );
    says(
        "source shop channel=direkt { ja \"あ\"; en \"a\" }",
        &[
            "rules.kdl:1:21: error[unexpected-value]: expected `direct` or `automatic` or `indirect`, not `direkt` (did you \
         mean `direct`?)",
        ],
    );
    says(
        "work sales 3 { ja \"あ\"; en \"a\" }",
        &["rules.kdl:1:12: error[unexpected-value]: `3` is one value too many for `work`"],
    );
    says(
        "work sales { ja \"あ\"; ja \"い\"; en \"a\" }",
        &["rules.kdl:1:22: error[duplicate-name]: `ja` can be written only once"],
    );
    says(
        "category a { ja \"あ\"; en \"a\" }\nretain a for=\"half a year\" after=acquired",
        &[
            "rules.kdl:2:14: error[unexpected-value]: expected a length of time such as `\"30 days\"`, `\"6 months\"` or `\"3 \
         years\"`, at most 100 years, not `half a year`",
        ],
    );
    says(
        "transition governing=\"2015\" { when acquired before=\"2019-12-11\" }",
        &["rules.kdl:1:22: error[undeclared-name]: the version below `earlier/` `2015` is not declared"],
    );
}

#[test]
fn what_could_not_be_read_is_not_also_missed() {
    says(
        "work [ sales {\n  ja \"あ\"\n}\nrecipient shops kind=processor country=JP { ja \"あ\"; en \"a\"; work sales }",
        &["rules.kdl:1:6: error[syntax]: `[` cannot stand outside quotes"],
    );
}

#[test]
fn earlier_versions_are_read_by_their_folders() {
    let earlier = HEADER.replace("2020-01-01", "2015-10-01");
    let transition = "relationship club kind=membership { ja \"あ\"; en \"a\" }\ntransition governing=\"2015-10-01\" { when \
                      acquired before=\"2020-01-01\"; unless relationship=club since=\"2020-01-01\" }";
    let sources = [
        Source::new("policy.kdl", format!("{HEADER}{transition}")),
        Source::new("earlier/2015-10-01/policy.kdl", earlier.clone()),
    ];
    let checked = check(&sources);
    assert_eq!(said(&checked), [""; 0]);
    let versions = checked.versions.unwrap();
    assert_eq!(versions.oldest_first().len(), 2);
    assert!(versions.current().place_of(&Rule::new("transition", "2015-10-01")).is_some());

    let misplaced =
        [Source::new("policy.kdl", HEADER), Source::new("earlier/2016-10-01/policy.kdl", earlier)];
    assert!(said(&check(&misplaced))[0].contains("the version in `earlier/2016-10-01/` is `2015-10-01`"));
}

#[test]
fn all_renderers_place_what_stands_after_japanese_text() {
    let checked = with("category purchase { ja \"購入履歴\"; en \"a\"; derived-from purchse }");
    let drawn = text::render(&checked.diagnostics, &checked.files, Language::Ja, 10, false);
    let expected = "\
error[undeclared-name]: データの項目 `purchse` は宣言されていません
 --> rules.kdl:1:53
  |
1 | category purchase { ja \"購入履歴\"; en \"a\"; derived-from purchse }
  |                                                         ^^^^^^^
  |
help: `purchase` のことですか
  |
1 | category purchase { ja \"購入履歴\"; en \"a\"; derived-from purchase }
  |                                                              +

";
    assert_eq!(drawn, expected);
    let json = json::render(&checked.diagnostics, &checked.allowed, &checked.files, Language::Ja);
    assert!(json.contains("\"file\": \"rules.kdl\", \"line\": 1, \"column\": 53"), "{json}");
    assert!(json.contains("\"replacement\": \"purchase\""), "{json}");
}

#[test]
fn every_rule_has_a_page_in_both_languages() {
    let all = nattoku_policy::explain::all();
    assert!(all.windows(2).all(|w| w[0].name < w[1].name), "two rules have one name");
    for rule in all {
        for (language, heading) in [(Language::Ja, "## 何を見るか"), (Language::En, "## What it does")] {
            assert!(rule.page(language).starts_with(heading), "{} in {language}", rule.name);
        }
    }
}

#[test]
fn texts_exist_in_every_language_of_the_policy() {
    says(
        "work sales { ja \"あ\" }",
        &["rules.kdl:1:6: error[missing-translation]: `work sales` has no text in en (add `en \"…\"`)"],
    );
}

/// However it is written, and wherever it stands; and the line that is drawn steers no terminal.
#[test]
fn what_nobody_sees_is_refused_in_every_value() {
    let bell = "error[invisible-character]: the invisible character U+0007 may not be used (take it out)";
    says("work \"wo\\u{7}rk\" { ja \"あ\"; en \"a\" }", &[&format!("rules.kdl:1:9: {bell}")]);
    says(
        "wo\u{9b}rk w { ja \"あ\"; en \"a\" }",
        &[&format!("rules.kdl:1:3: {}", bell.replace("0007", "009B"))],
    );
    says(
        "document d { ja \"あ\"; en \"\"\"\n  a\\r\\f\n  \"\"\" }",
        &[&format!("rules.kdl:2:4: {}", bell.replace("0007", "000D"))],
    );
    for widthless in ["AD", "200B", "200C", "200D", "2060"] {
        let at = format!("rules.kdl:1:9: {}", bell.replace("0007", &format!("{widthless:0>4}")));
        says(&format!("work \"wo\\u{{{widthless}}}rk\" {{ ja \"\\u{{{widthless}}}\"; en \"a\" }}"), &[&at]);
    }
    says(
        "document d { ja \"あ\"; en \"a\\u{E0041}\\u{E0042}\" }",
        &[&format!("rules.kdl:1:27: {}", bell.replace("0007", "E0041"))],
    );
    says("document d { ja #\"\\u{7}\"#; en \"a\\\\u{7}\" }", &[]);
    let checked = check(&[
        Source::new("policy.kdl", HEADER),
        Source::new("packs/own/1.kdl", "pack own \"1\" state=in_force { ja \"あ\u{9b}2J\"; en \"a\" }"),
    ]);
    assert!(said(&checked).iter().any(|s| s.starts_with("packs/own/1.kdl:1:36: error[invisible-character]")));
    let drawn = text::render(&checked.diagnostics, &checked.files, Language::Ja, 50, false);
    assert!(drawn.contains("あ\u{fffd}2J") && !drawn.contains('\u{9b}'), "{drawn}");
}

/// A reviewer reads comments beside the rules: what turns text around there shows a rule where there is none.
#[test]
fn what_nobody_sees_is_refused_in_comments_and_in_what_is_taken_out_too() {
    let refused = |c: &str, help: &str| {
        format!("error[invisible-character]: the invisible character U+{c} may not be used ({help})")
    };
    let turning =
        "it turns the direction of writing: take it out, and write in the order in which it is read";
    let body = "// a\u{202e}b\n/* \u{2066}\u{0}\u{1b}[2J */ work w \\ // \u{7}\n    { ja \"あ\"; en \"a\" } // 家\u{200d}族\t\r\n/- work v { ja \"\u{e0041}\" } /* \u{9b} */\n";
    says(
        body,
        &[
            &format!("rules.kdl:1:5: {}", refused("202E", turning)),
            &format!("rules.kdl:2:4: {}", refused("2066", turning)),
            &format!("rules.kdl:2:5: {}", refused("0000", "take it out")),
            &format!("rules.kdl:2:26: {}", refused("0007", "take it out")),
            &format!("rules.kdl:4:17: {}", refused("E0041", "take it out")),
            &format!("rules.kdl:4:25: {}", refused("009B", "take it out")),
        ],
    );
    let pack = "// \u{202e}\npack own \"1\" state=in_force { ja \"あ\"; en \"a\" }";
    let checked = check(&[Source::new("policy.kdl", HEADER), Source::new("packs/own/1.kdl", pack)]);
    assert!(said(&checked).contains(&format!("packs/own/1.kdl:1:4: {}", refused("202E", turning))));
}
