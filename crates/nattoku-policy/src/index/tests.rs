//! Names are found where they are declared and wherever they stand, in a policy that is broken too.

use super::*;
use crate::check::{Checked, check};
use crate::source::Source;

const DATA: &str = "category purchase { ja \"購入\"; en \"Purchases\"; cite \"R31\" }
category location class=location { ja \"位置\"; en \"Location\"; base_station { ja \"基地局\"; en \"Station\" } }
purpose offers number=\"1\" { ja \"提案\"; en \"Offers\" }
application mailer { ja \"送信\"; en \"Mailer\" }
activity letters purpose=offers { ja \"手紙\"; en \"Letters\"; needs purchase location.base_station; by mailer }
retain purchase for=\"3 years\" after=acquired
";
const POLICY: &str =
    "policy shop version=\"1\" { effective \"2020-01-01\"; timezone \"Asia/Tokyo\"; languages ja en
    ruling A1 { ja \"決\"; en \"Ruling\" } }
";
const TESTS: &str =
    "scenario \"a\" { ask use \"purchase location\" activity=letters at=\"2021-01-01\"; expect permit }
";
const NOTICE: &str = "# Privacy\n\n## Purposes {#purposes}\n\n{see activity.letters} We write. {see ruling.A1} {see retain.purchase}\n";

fn checked(data: &str) -> Checked {
    let sources =
        [("data.kdl", data), ("notice.en.md", NOTICE), ("policy.kdl", POLICY), ("tests.kdl", TESTS)];
    check(&sources.map(|(name, text)| Source::new(name, text)))
}

/// Where a rule is used, as `file: text` for each use.
fn uses(checked: &Checked, rule: &Rule) -> Vec<String> {
    let index = checked.indexes.last().unwrap();
    let place = |u: &Use| {
        format!("{}: {}", checked.files.name(u.at.file), checked.files.slice(u.at.file, &u.at.span))
    };
    index.uses_of(rule).map(place).collect()
}

#[test]
fn a_name_is_found_wherever_it_stands() {
    let checked = checked(DATA);
    let purchase = Rule::new("category", "purchase");
    assert_eq!(
        uses(&checked, &purchase),
        ["data.kdl: purchase", "data.kdl: purchase", "tests.kdl: purchase"]
    );
    let station = Rule::new("category", "location.base_station");
    assert_eq!(uses(&checked, &station), ["data.kdl: location.base_station"]);
    assert_eq!(
        uses(&checked, &Rule::new("activity", "letters")),
        ["notice.en.md: letters", "tests.kdl: letters"]
    );
    assert_eq!(uses(&checked, &Rule::new("retention", "purchase")), ["notice.en.md: purchase"]);
}

#[test]
fn every_use_leads_to_the_node_that_declares_the_name() {
    let checked = checked(DATA);
    let index = checked.indexes.last().unwrap();
    for used in index.uses() {
        let declared = index.declared(&used.rule).unwrap_or_else(|| panic!("{}", used.rule));
        let text = checked.files.slice(declared.at.file, &declared.at.span);
        let last = used.rule.name.rsplit('.').next().unwrap();
        assert_eq!(text, last, "{}", used.rule);
    }
    let purchase = index.declared(&Rule::new("category", "purchase")).unwrap();
    assert_eq!(purchase.title().0.len(), 2);
    assert_eq!(purchase.cites().collect::<Vec<_>>(), ["R31"]);
}

#[test]
fn the_name_at_a_place_is_that_of_the_use_or_of_the_declaration() {
    let checked = checked(DATA);
    let index = checked.indexes.last().unwrap();
    let file = checked.files.ids().find(|f| checked.files.name(*f) == "data.kdl").unwrap();
    let at = |text: &str| index.rule_at(file, DATA.find(text).unwrap()).map(|(rule, _)| rule.to_string());
    assert_eq!(at("purchase location.base").as_deref(), Some("category purchase"));
    assert_eq!(at("location.base").as_deref(), Some("category location.base_station"));
    assert_eq!(at("base_station {").as_deref(), Some("category location.base_station"));
    assert_eq!(at("offers number").as_deref(), Some("purpose offers"));
    assert_eq!(at("number"), None);
}

#[test]
fn what_is_broken_is_indexed_as_far_as_it_can_be_read() {
    let checked = checked(&DATA.replace("by mailer", "by mailr; needs {"));
    assert!(checked.versions.is_none());
    let index = checked.indexes.last().unwrap();
    let misspelt = Rule::new("application", "mailr");
    assert_eq!(uses(&checked, &misspelt), ["data.kdl: mailr"]);
    assert!(index.declared(&misspelt).is_none());
    let purchase = uses(&checked, &Rule::new("category", "purchase"));
    assert!(purchase.contains(&"tests.kdl: purchase".to_owned()), "{purchase:?}");
}

#[test]
fn the_nodes_around_a_place_go_from_the_outermost_to_the_innermost() {
    let checked = checked(DATA);
    let index = checked.indexes.last().unwrap();
    let file = checked.files.ids().find(|f| checked.files.name(*f) == "data.kdl").unwrap();
    let path = index.path_at(file, DATA.find("purchase location.base").unwrap());
    assert_eq!(path.iter().map(|n| n.name.value.as_str()).collect::<Vec<_>>(), ["activity", "needs"]);
}
