//! A law pack with mistakes: each is placed, in both languages, with a way to mend it.

use nattoku_model::Language;
use nattoku_model::law::{Cited, Handling, Route, State};
use nattoku_model::policy::Class;
use nattoku_policy::diagnostic::render::concise;
use nattoku_policy::{Packs, Severity, Source, check};

const HEADER: &str = "pack shop \"1\" state=in_force cited-as=SHOP { in-force from=\"2020-01-01\" }
instrument SHOP numbering=roman { ja \"商店法\"; en \"Shop Act\"; short { ja \"商店法\"; en \"SHOP\" } }
provision \"SHOP 1(1)\" { ja \"商店\"; en \"shops\"; fact \"SHOP-1-1\" }
";

const POLICY: &str = "policy shop version=\"2020-01-01\" {
    effective \"2020-01-01\"; timezone \"Asia/Tokyo\"; languages en
    law shop \"1\"
    controller country=JP { en \"Shop\" }
}
";

/// What is said of a pack, a line each.
fn said(pack: &str, language: Language) -> String {
    let sources = [Source::new("policy.kdl", POLICY), Source::new("packs/shop/1.kdl", pack)];
    let checked = check(&sources);
    let errors: Vec<_> =
        checked.diagnostics.iter().filter(|d| d.severity == Severity::Error).cloned().collect();
    concise::render(&errors, &checked.files, language, 40)
}

/// What is said of one line after a pack's header.
fn said_of(line: &str) -> String {
    said(&format!("{HEADER}{line}\n"), Language::En)
}

#[test]
fn a_pack_of_the_policy_folder_can_be_named() {
    assert_eq!(said(HEADER, Language::En), "");
    let sources = [Source::new("policy.kdl", POLICY), Source::new("packs/shop/1.kdl", HEADER)];
    let checked = check(&sources);
    let policy = checked.versions.as_ref().unwrap().current();
    let packs: Vec<_> = policy.packs.iter().map(|p| (p.law.as_str(), p.version.as_str())).collect();
    assert_eq!(packs, [("shop", "1")]);
    assert!(checked.packs.get("shop", "1").is_some());
}

#[test]
fn every_mistake_has_its_place_and_its_way_out() {
    let cases = [
        (
            "rout consent { cite \"SHOP 1(1)\" }",
            "packs/shop/1.kdl:4:1: error[unexpected-node]: no node `rout` can stand here (did you mean `route`?)",
        ),
        (
            "route optout { cite \"SHOP 1(1)\" }",
            "packs/shop/1.kdl:4:7: error[unexpected-value]: expected `consent` or `opt_out` or `law`",
        ),
        (
            "route consent { cite \"SHOP 1(2)\" }",
            "packs/shop/1.kdl:4:22: error[undeclared-name]: the provision or fact `SHOP 1(2)` is not declared (did you mean `SHOP 1(1)`?)",
        ),
        ("route consent { cite \"SHOP 1(1)(iv)\" }", "(did you mean `SHOP 1(1)`?)"),
        ("route consent { cite \"SHOP-1-2\" }", "`SHOP-1-2` is not declared (did you mean `SHOP-1-1`?)"),
        (
            "route consent { cite \"R41\" }",
            "packs/shop/1.kdl:4:22: error[unexpected-value]: expected a citation such as `APPI 27(1)`",
        ),
        (
            "route consent; route consent",
            "packs/shop/1.kdl:4:22: error[duplicate-name]: `route consent` can be written only once",
        ),
        (
            "provision \"SHP 2\" { ja \"a\"; en \"a\" }",
            "packs/shop/1.kdl:4:11: error[undeclared-name]: the instrument `SHP` is not declared (did you mean `SHOP`?)",
        ),
        (
            "provision \"SHOP two\" { ja \"a\"; en \"a\" }",
            "packs/shop/1.kdl:4:11: error[unexpected-value]: expected a place in a law such as `APPI 27(1)`, not `SHOP two`",
        ),
        (
            "provision \"SHOP 2\" { en \"a\" }",
            "packs/shop/1.kdl:4:11: error[missing-value]: `provision` has no text in `ja`",
        ),
        (
            "class special_care needs=consents strength=statute { on use }",
            "error[unexpected-value]: expected `consent` or `individual_consent` or `statute`, not `consents` (did you mean `consent`?)",
        ),
        ("deadline reply { ja \"a\"; en \"a\" }", "error[missing-value]: `deadline` needs `after=`"),
        (
            "deadline reply after=received { ja \"a\"; en \"a\" }",
            "`deadline` needs the `word` of the law or a term, `within=`",
        ),
        (
            "deadline reply after=received within=\"3 weeks\" { ja \"a\"; en \"a\" }",
            "expected a term such as `\"72 hours\"`",
        ),
        (
            "deadline reply after=received within=\"3 days\" calendar=national { ja \"a\"; en \"a\" }",
            "the calendar `national` is not declared",
        ),
        ("home Japan", "expected a country as two capital letters such as `JP`, not `Japan`"),
        (
            "joint-use { item goods { ja \"a\"; en \"a\" } }",
            "expected `fact` or `items` or `users` or `purposes` or `responsible`, not `goods`",
        ),
        ("breach { trigger many more-than=-1 { ja \"a\"; en \"a\" } }", "expected a whole number, not `-1`"),
    ];
    for (line, expected) in cases {
        let said = said_of(line);
        assert!(said.contains(expected), "{line}\n{said}");
    }
}

#[test]
fn a_header_that_says_too_little_is_told_what_is_missing() {
    let cases = [
        ("", "error[missing-value]: there is no `pack` node"),
        (
            "pack shop \"1\" state=in_force cited-as=SHOP",
            "a version in force needs `in-force from=\"2022-04-01\"`",
        ),
        (
            "pack shop \"1\" state=in_force cited-as=SHOP { in-force from=\"2020-01-01\" }",
            "no `instrument SHOP` declares the law that is `cited-as=SHOP`",
        ),
        (
            "pack shop \"2\" state=in_force cited-as=SHOP { in-force from=\"2020-01-01\" }",
            "the pack of `shop` `2` belongs in `packs/shop/2.kdl`",
        ),
        (
            "pack appi \"1\" state=in_force cited-as=APPI { in-force from=\"2020-01-01\"; based-on \"2022-04-02\" }",
            "the version that it is based on `2022-04-02` is not declared (did you mean `2022-04-01`?)",
        ),
    ];
    for (pack, expected) in cases {
        let said = said(pack, Language::En);
        assert!(said.contains(expected), "{pack}\n{said}");
    }
}

#[test]
fn mistakes_are_told_in_japanese_too() {
    let pack = format!("{HEADER}route consent {{ cite \"SHOP 1(2)\" }}\n");
    let said = said(&pack, Language::Ja);
    assert_eq!(
        said.trim(),
        "packs/shop/1.kdl:4:22: error[undeclared-name]: 条文または番号 `SHOP 1(2)` は宣言されていません (`SHOP 1(1)` のことですか)"
    );
}

#[test]
fn a_version_has_what_it_does_not_change_from_the_one_it_is_based_on() {
    let packs = Packs::built_in();
    let (now, later) = (packs.get("appi", "2022-04-01").unwrap(), packs.get("appi", "2026-07-17").unwrap());
    assert_eq!((now.state, later.state), (State::InForce, State::Promulgated));
    assert_eq!(packs.in_force("appi").unwrap().version, now.version);
    assert_eq!(later.provisions, now.provisions);
    assert_eq!(later.transfer, now.transfer);
    assert!(!now.routes.contains_key(&Route::Statistics) && later.routes.contains_key(&Route::Statistics));
    let face = [Class::Biometric].into();
    assert!(
        now.open_route(Route::OptOut, &face).is_some() && later.open_route(Route::OptOut, &face).is_none()
    );
}

#[test]
fn what_laws_differ_in_stands_in_their_packs() {
    let packs = Packs::built_in();
    let (appi, gdpr) = (packs.get("appi", "2022-04-01").unwrap(), packs.get("gdpr", "2018-05-25").unwrap());
    for route in [Route::OptOut, Route::JointUse, Route::Succession] {
        assert!(appi.routes.contains_key(&route) && !gdpr.routes.contains_key(&route), "{route:?}");
    }
    assert!(appi.binding(Class::CommunicationsSecrecy, Handling::Use).is_some());
    assert!(gdpr.binding(Class::CommunicationsSecrecy, Handling::Use).is_none());
    assert_eq!(appi.joint_use.as_ref().unwrap().items.len(), 5);
    assert_eq!(appi.records.as_ref().unwrap().items_of(Route::Consent).count(), 4);
    assert_eq!(appi.records.as_ref().unwrap().items_of(Route::Law).count(), 0);
    assert_eq!(appi.deadlines["breach_final"].within.unwrap().to_string(), "30 days");
    assert_eq!(gdpr.deadlines["breach_report"].within.unwrap().to_string(), "72 hours");
    assert!(appi.transfer.equivalent_countries.contains("DE") && gdpr.transfer.home.contains("DE"));
}

#[test]
fn what_is_not_known_is_told_from_what_is_not_about_law() {
    let pack = Packs::built_in().get("appi", "2022-04-01").unwrap();
    let cited = |text: &str| text.parse::<Cited>().unwrap();
    assert!(pack.knows(&cited("APPI-27-5c")) && pack.knows(&cited("APPI 27(5)(iii)")));
    assert!(pack.is_about(&cited("APPI-27-9")) && !pack.knows(&cited("APPI-27-9")));
    assert!(!pack.is_about(&cited("DCM-7")) && !pack.is_about(&cited("GDPR 6(1)(a)")));
    assert_eq!(pack.nearest(&cited("APPI 27(5)(iiii)")).as_deref(), Some("APPI 27(5)(iii)"));
}

#[test]
fn what_the_rules_of_the_check_cite_is_in_the_packs() {
    let packs = Packs::built_in();
    for rule in nattoku_policy::explain::all() {
        for cite in rule.cites {
            let Ok(cited) = cite.parse::<Cited>() else { continue };
            let is_about = packs.all().any(|p| p.is_about(&cited));
            assert!(!is_about || packs.all().any(|p| p.knows(&cited)), "{} cites {cite}", rule.name);
        }
    }
}
