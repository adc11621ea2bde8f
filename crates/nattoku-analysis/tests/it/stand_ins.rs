//! Of requests that a claim makes alike one stands for the others: never where something still tells them apart.

use nattoku_analysis::prove::{Outcome, prove};

use crate::edited::{Files, versions};

/// Whether the one invariant of a shop is refuted.
fn is_refuted(laws: &[&str], rules: &str) -> bool {
    let laws = laws.join("\n    law ");
    let policy = format!(
        "policy shop version=\"2020-01-01\" {{
    effective \"2020-01-01\"
    timezone \"Asia/Tokyo\"
    languages en
    law {laws}
    controller country=JP {{ en \"Shop\" }}
}}
category contact {{ en \"Contact\" }}
category calls class=communications_secrecy {{ en \"Calls\" }}
source network channel=automatic {{ en \"The network\"; gives contact calls }}
purpose contract number=\"1\" {{ en \"The contract\" }}
application desk {{ en \"The desk\" }}
consent agreed text=\"1\" accepts=\"1\" {{ en \"Agreed\"; wording \"1\" {{ en \"We use it.\" }}; consequence {{ en \"None.\" }} }}
{rules}"
    );
    let versions = versions(&Files::from([("policy.kdl".to_owned(), policy)])).unwrap();
    let invariant = &versions.current().invariants[0];
    match &prove(&versions, &[invariant], &mut |_| {}).results[0].outcome {
        Outcome::Holds => false,
        Outcome::Broken(_) => true,
        other @ Outcome::Undecided(_) => panic!("{other:?}"),
    }
}

const APPI: &str = "appi \"2022-04-01\"";
const GDPR: &str = "gdpr \"2018-05-25\"";

/// R6: the second lifts under both laws; the first, which asks for less, leaves the GDPR to a person.
#[test]
fn an_exception_stands_only_for_those_that_count_under_the_same_laws() {
    let rules = "activity letters purpose=contract { en \"Letters\"; needs contact; by desk; requires consent=agreed }
exception protect basis=\"APPI 18(3)(ii)\" { en \"To protect\"; actions use; requires necessity }
exception police basis=\"Police Act 2\" { en \"The police\"; actions use; requires necessity document }
never use contact unless=agreed";
    assert!(is_refuted(&[APPI, GDPR], rules));
}

/// TEL-1: both activities have the statute, and it speaks of the second's data alone.
#[test]
fn an_activity_stands_only_for_those_that_need_the_same() {
    let rules = "activity accounts purpose=contract { en \"Accounts\"; needs contact; by desk; requires consent=agreed; statute communications_secrecy basis=\"Act 4\" }
activity upkeep purpose=contract { en \"Upkeep\"; needs calls; by desk; requires consent=agreed; statute communications_secrecy basis=\"Act 4\" }
exception order basis=\"APPI 18(3)(i)\" { en \"An order\"; actions use; requires document }
never use calls unanswered=agreed";
    assert!(is_refuted(&[APPI], rules));
}

/// R6: a warrant of one law lifts secrecy under it and leaves the rest to a person, so what is necessary still tells apart.
#[test]
fn under_several_laws_a_claim_lifts_no_more_than_its_own_law() {
    let rules = "activity accounts purpose=contract { en \"Accounts\"; needs contact; by desk }
activity upkeep purpose=contract { en \"Upkeep\"; needs calls; by desk }
exception warrant basis=\"APPI 18(3)(i)\" { en \"A warrant\"; actions use; requires document; warrant }
never use calls";
    assert!(is_refuted(&[APPI, GDPR], rules));
}
