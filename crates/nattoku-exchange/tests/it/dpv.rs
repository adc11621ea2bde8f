//! Exports in DPV, held against the reference policy and read by a processor of JSON-LD that is not ours.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use nattoku_exchange::dpv;
use nattoku_policy::{Source, check};
use nattoku_testkit::python;

/// Expands a document to triples, refusing any key that its context does not explain.
const EXPAND: &str = r#"
import json, sys
from pyld import jsonld
document = json.load(open(sys.argv[1]))
def keys(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            assert key.startswith("@") or ":" in key, key
            keys(inner)
    elif isinstance(value, list):
        for inner in value:
            keys(inner)
keys(document["@graph"])
print(jsonld.to_rdf(document, {"format": "application/n-quads"}))
"#;

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn carrier() -> String {
    let sources = nattoku_testkit::carrier().unwrap();
    let checked = check(&sources);
    let versions = checked.versions.unwrap();
    let export = dpv::export(versions.current(), None).unwrap();
    assert!(export.notes.is_empty(), "the reference policy says what its purposes are called in DPV");
    assert_eq!(
        export,
        dpv::export(versions.current(), None).unwrap(),
        "the same policy gives the same bytes"
    );
    export.json
}

#[test]
fn texts_carry_the_tag_of_their_language() {
    let document: serde_json::Value = serde_json::from_str(&carrier()).unwrap();
    let nodes = document["@graph"].as_array().unwrap();
    let proposals = nodes.iter().find(|node| node["@id"] == "policy:purpose.proposals").unwrap();
    let tags: Vec<&str> = proposals["skos:prefLabel"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| l["@language"].as_str().unwrap())
        .collect();
    assert_eq!(tags, ["ja", "en"]);
    assert!(proposals["@type"].as_array().unwrap().contains(&"dpv:DirectMarketing".into()));
}

#[test]
fn what_the_policy_says_of_a_use_is_said_of_the_process() {
    let document: serde_json::Value = serde_json::from_str(&carrier()).unwrap();
    let nodes = document["@graph"].as_array().unwrap();
    let node = |id: &str| nodes.iter().find(|node| node["@id"] == id).unwrap_or_else(|| unreachable!("{id}"));
    let offers = node("policy:activity.partner_offers");
    assert_eq!(offers["dpv:hasPurpose"][0]["@id"], "policy:purpose.proposals");
    let ground = node("policy:activity.age_notification")["dpv:hasLegalBasis"].to_string();
    assert!(
        ground.contains("policy:consent.age_notice") && ground.contains("appi:WithinPurposeUse"),
        "{ground}"
    );
    assert_eq!(
        node("policy:activity.age_notification")["dpv:hasTechnicalMeasure"][0]["@id"],
        "appi:AgeResultOnly"
    );
    assert_eq!(node("policy:recipient.call_center")["@type"][0], "dpv:DataProcessor");
    assert_eq!(node("policy:recipient.police")["@type"][0], "dpv:Authority");
    let kept = &node("policy:category.call_history")["dpv:hasStorageCondition"][0];
    assert_eq!(kept["dpv:hasDuration"][0]["rdf:value"][0]["@type"], "xsd:duration");
    assert!(nodes.iter().any(|node| node["@type"][0] == "dpv:CannotOptOutFromProcess"));
    assert!(nodes.iter().any(|node| node["@type"][0] == "dpv:JointDataControllers"));
}

#[test]
fn a_purpose_that_dpv_does_not_have_is_refused_with_the_nearest() {
    let policy = "policy a version=\"1\" { effective \"2020-01-01\"; timezone \"Asia/Tokyo\"; languages en }\n\
                  purpose offers number=\"1\" { en \"Offers\"; dpv \"DirectMarketting\" }\n\
                  purpose other number=\"2\" { en \"Other\" }\n";
    let checked = check(&[Source::new("policy.kdl", policy)]);
    let refused = dpv::export(checked.versions.unwrap().current(), None).unwrap_err();
    assert!(refused[0].en.contains("did you mean `DirectMarketing`?"), "{}", refused[0].en);
    let mended = policy.replace("Marketting", "Marketing");
    let checked = check(&[Source::new("policy.kdl", mended)]);
    let base = dpv::Base::parse("https://a.example/p#").unwrap();
    let export = dpv::export(checked.versions.unwrap().current(), Some(&base)).unwrap();
    assert_eq!(export.notes.len(), 1, "the other purpose says nothing of DPV");
    assert!(export.json.contains("\"policy\": \"https://a.example/p#\""));
}

#[test]
fn our_own_terms_are_published_as_they_are() {
    let path = project().join("docs/reference/appi-terms.jsonld");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, dpv::terms()).unwrap();
    }
    assert_eq!(fs::read_to_string(path).unwrap(), dpv::terms());
}

#[test]
fn another_processor_reads_the_same_triples() {
    let Some(python) = python("pyld", env!("CARGO_TARGET_TMPDIR")) else { return };
    for (name, document) in [("carrier.jsonld", carrier()), ("terms.jsonld", dpv::terms())] {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::write(&path, &document).unwrap();
        let read = Command::new(&python).args(["-c", EXPAND, path.to_str().unwrap()]).output().unwrap();
        assert!(read.status.success(), "{name}: {}", String::from_utf8_lossy(&read.stderr));
        let quads = String::from_utf8(read.stdout).unwrap();
        let subjects: BTreeSet<&str> = quads.lines().filter_map(|line| line.split(' ').next()).collect();
        assert!(subjects.len() > 15, "{name}: {} subjects", subjects.len());
        // What is referred to by a name of the policy's own is said something of.
        for line in quads.lines() {
            let object =
                line.splitn(3, ' ').nth(2).map(|rest| rest.trim_end_matches(" .")).unwrap_or_default();
            if object.starts_with("<https://policy.invalid/") {
                assert!(subjects.contains(object), "{name}: nothing is said of {object}");
            }
        }
    }
}
