//! What is abroad is the same for the decision, the proof and the difference: under the GDPR a recipient in the European
//! Economic Area is not (GDPR 44), under the APPI every recipient outside Japan is (APPI-28-1).

use nattoku_analysis::difference::{Rulings, difference};
use nattoku_analysis::prove::{Outcome, prove};
use nattoku_model::ChangeKind;
use nattoku_model::policy::Versions;

use crate::edited::{Files, versions};

/// A shop in Germany that entrusts what it holds to a host, if there is one, under these laws.
fn shop(laws: &[&str], host: Option<&str>) -> Versions {
    let laws = laws.join("\n    law ");
    let policy = format!(
        "policy shop version=\"2020-01-01\" {{
    effective \"2020-01-01\"
    timezone \"Europe/Berlin\"
    languages en
    law {laws}
    controller country=DE {{ en \"Shop\" }}
}}
category contact {{ en \"Contact\" }}
source form channel=direct {{ en \"Forms\"; gives contact }}
purpose contract number=\"1\" {{ en \"The contract\" }}
application desk {{ en \"The desk\" }}
activity delivery purpose=contract {{ en \"Delivery\"; needs contact; by desk }}
work hosting {{ en \"Hosting\" }}
never entrust any to=abroad
"
    );
    let host = host.map(|country| {
        format!(
            "recipient host kind=processor country={country} {{
    en \"Host\"
    work hosting
    may delivery on=\"contact\"
    agreement \"2020-01-01\"
    assessed \"2020-01-01\" every=\"24 months\"
    supervised \"2020-01-01\" every=\"24 months\"
    transfer conforming_system checked=\"2020-01-01\" every=\"12 months\"
}}
"
        )
    });
    let text = policy + &host.unwrap_or_default();
    versions(&Files::from([("policy.kdl".to_owned(), text)])).unwrap()
}

const GDPR: &str = "gdpr \"2018-05-25\"";
const APPI: &str = "appi \"2022-04-01\"";

#[test]
fn the_proof_takes_nobody_within_the_area_to_be_abroad() {
    for (laws, host, holds) in [
        (&[GDPR] as &[&str], "FR", true),
        (&[GDPR], "US", false),
        (&[APPI], "FR", false),
        (&[APPI], "JP", true),
        (&[APPI, GDPR], "FR", false),
        (&[APPI, GDPR], "DE", true),
    ] {
        let versions = shop(laws, Some(host));
        let invariant = &versions.current().invariants[0];
        let proof = prove(&versions, &[invariant], &mut |_| {});
        let is_proved = matches!(proof.results[0].outcome, Outcome::Holds);
        assert_eq!(is_proved, holds, "{laws:?} {host}: {:?}", proof.results[0].outcome);
    }
}

#[test]
fn the_difference_takes_nobody_within_the_area_to_be_abroad() {
    let kinds = |old: &Versions, new: &Versions| -> Vec<ChangeKind> {
        let laws = Rulings::of_laws([old.current(), new.current()]);
        difference(old.current(), new.current(), &laws).changes.iter().map(|c| c.kind).collect()
    };
    let at = |country| shop(&[GDPR], Some(country));
    let nobody = shop(&[GDPR], None);
    assert_eq!(kinds(&nobody, &at("FR")), [ChangeKind::ProcessorAdded]);
    assert_eq!(kinds(&nobody, &at("US")), [ChangeKind::ProcessorAbroadAdded]);
    assert_eq!(kinds(&at("US"), &at("IS")), [ChangeKind::RecipientMovedHome]);
    assert_eq!(kinds(&at("IS"), &at("US")), [ChangeKind::RecipientMovedAbroadProtected]);
    let both = shop(&[APPI, GDPR], None);
    assert_eq!(kinds(&both, &shop(&[APPI, GDPR], Some("FR"))), [ChangeKind::ProcessorAbroadAdded]);
}
