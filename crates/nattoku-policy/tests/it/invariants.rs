//! Invariants as data.

use nattoku_model::Action;
use nattoku_model::policy::invariant::{Form, Ground, GroundWord, Invariant, State, To, Which, Word};
use nattoku_model::policy::{Class, RecipientKind};
use nattoku_policy::{Checked, Source, check};

use crate::reading::{HEADER, said};

const RULES: &str = r#"
category location class=location { ja "あ"; en "a"; gps { ja "あ"; en "a" } }
category purchase { ja "あ"; en "a" }
purpose proposals number="2" { ja "あ"; en "a" }
application app { ja "あ"; en "a" }
activity offers purpose=proposals { ja "あ"; en "a"; needs purchase; by app }
activity admission purpose=proposals { ja "あ"; en "a"; needs purchase; by app; outcome refuse_service }
consent sharing text="1" { ja "あ"; en "a"; wording "1" { ja "あ"; en "a" } }
choice news refusability=refusable { ja "あ"; en "a"; covers offers }
exception statute basis="APPI 18(3)(i)" { ja "あ"; en "a"; requires document }
recipient stores kind=third_party country=JP { ja "あ"; en "a" }
relationship club kind=membership { ja "あ"; en "a" }
entruster retailer { ja "あ"; en "a" }
prohibit unfair { ja "あ"; en "a"; outcome refuse_service; on purchase }
"#;

fn with(invariants: &str) -> Checked {
    check(&[
        Source::new("policy.kdl", HEADER),
        Source::new("rules.kdl", RULES),
        Source::new("tests.kdl", invariants),
    ])
}

/// The only invariant of a text in which nothing is wrong.
fn one(text: &str) -> Invariant {
    let checked = with(text);
    assert_eq!(said(&checked), [""; 0]);
    let versions = checked.versions.unwrap();
    let [invariant] = versions.current().invariants.as_slice() else { panic!("{text}") };
    invariant.clone()
}

#[test]
fn the_sentence_of_the_design_says_what_it_says() {
    let invariant = one("never provide location to=third_party unless=consent\n");
    assert_eq!(invariant.form, Form::Never);
    assert_eq!(invariant.written, "never provide location to=third_party unless=consent");
    assert_eq!(invariant.place.to_string(), "tests.kdl:1");
    assert_eq!(Vec::from_iter(invariant.actions), [Action::Provide]);
    assert_eq!(invariant.categories, ["location".into()]);
    assert_eq!(invariant.way.to, [To::Kind(RecipientKind::ThirdParty)]);
    assert_eq!(invariant.unless, [Ground::Basis(GroundWord::Consent)]);
}

#[test]
fn any_act_is_every_act_but_showing_data_to_the_principal() {
    let invariant = one("never any any class=location while=restricted");
    assert_eq!(invariant.actions.len(), Action::ALL.len() - 1);
    assert!(!invariant.actions.contains(&Action::Disclose));
    assert!(invariant.categories.is_empty());
    assert_eq!(Vec::from_iter(invariant.classes), [Class::Location]);
    assert_eq!(invariant.states, [State::While(Word::Restricted)]);
}

#[test]
fn every_property_is_read() {
    let invariant = one(concat!(
        "never \"use provide\" purchase location.gps to=\"stores abroad\" activity=\"offers admission\" purpose=proposals by=app ",
        "outcome=refuse_service declined=news withdrawn=any unanswered=sharing wording=\"1\" age-under=16 ended=club ",
        "without=club never-in=club entrusted=retailer acquired-before=\"2020-01-01\" older-than=\"1 year\" prohibited=any ",
        "while=\"erased quarantined\" unless=\"sharing statute residue\" {\n",
        "    ja \"あ\"; en \"a\"\n    except location.gps for=offers\n    cite \"R50\"\n}",
    ));
    assert_eq!(invariant.actions.len(), 2);
    assert_eq!(invariant.categories.len(), 2);
    assert_eq!(invariant.way.to, [To::Recipient("stores".into()), To::Abroad]);
    assert_eq!(invariant.way.activities.len(), 2);
    assert_eq!(invariant.way.purposes.len(), 1);
    assert_eq!(invariant.way.applications.len(), 1);
    assert_eq!(invariant.way.outcomes, ["refuse_service"]);
    assert_eq!(invariant.states.len(), 14);
    assert_eq!(invariant.states[0], State::Declined(Which::Named("news".into())));
    assert_eq!(invariant.states[1], State::Withdrawn(Which::Any));
    // A word of the vocabulary goes before a name that is declared alike.
    assert_eq!(
        invariant.unless,
        [
            Ground::Consent("sharing".into()),
            Ground::Basis(GroundWord::Statute),
            Ground::Basis(GroundWord::Residue)
        ]
    );
    assert_eq!(invariant.except[0].activities, ["offers".into()]);
    assert_eq!(invariant.place.cites, ["R50"]);
}

#[test]
fn only_says_in_which_way_and_on_which_ground() {
    let invariant = one("only use purchase for=\"offers admission\" by=app if=consent unless=exception");
    assert_eq!(invariant.form, Form::Only);
    assert_eq!(invariant.way.activities.len(), 2);
    assert_eq!(invariant.conditions, [Ground::Basis(GroundWord::Consent)]);
    assert_eq!(invariant.unless, [Ground::Basis(GroundWord::Exception)]);
}

#[test]
fn what_is_wrong_is_said_with_the_nearest_word() {
    let checked = with(concat!(
        "never provid locaton to=third_partie unless=consnt\n",
        "never use any activity=offer declined=newz while=restricte wording=\"2\" outcome=refuse_servce\n",
        "only use purchase\n",
        "only use purchase activity=offers\n",
        "never use\n",
        "never use any { except location; }\n",
    ));
    assert!(checked.versions.is_none());
    let said = said(&checked);
    for part in [
        "tests.kdl:1:7: error[unexpected-value]: expected `collect` or",
        "tests.kdl:1:14: error[undeclared-name]: the category `locaton` is not declared (did you mean `location`?)",
        "tests.kdl:1:25: error[undeclared-name]: the recipient `third_partie` is not declared (did you mean `third_party`?)",
        "tests.kdl:1:45: error[undeclared-name]: the exception or consent item `consnt` is not declared (did you mean `consent`?)",
        "tests.kdl:2:24: error[undeclared-name]: the activity `offer` is not declared (did you mean `offers`?)",
        "tests.kdl:2:39: error[undeclared-name]: the choice `newz` is not declared (did you mean `news`?)",
        "tests.kdl:2:50: error[unexpected-value]: expected `restricted` or",
        "tests.kdl:2:69: error[unexpected-value]: expected `1`, not `2`",
        "tests.kdl:2:80: error[unexpected-value]: expected `refuse_service`, not `refuse_servce`",
        "tests.kdl:3:1: error[missing-value]: `only` needs one of `for=`",
        "tests.kdl:4:19: error[unexpected-value]: `only` has no property `activity=`",
        "tests.kdl:5:1: error[missing-value]: `never` needs an act and categories, or `any`",
        "tests.kdl:6:17: error[missing-value]: `except` needs `for=`",
    ] {
        assert!(said.iter().any(|s| s.starts_with(part)), "{part}\n{said:#?}");
    }
}
