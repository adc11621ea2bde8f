//! The carrier's policy against one that adds a class of partners, widens a purpose, removes a processor and rewords a
//! consent: the difference tells these four, and the impact counts whom a naive reading of every event counts.

mod naive;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use crate::folders::{carrier, copy_of_carrier, demo_ledger, folder};
use naive::Principal;

/// With what was known at this instant, before the present of any machine that runs this.
const AT: &str = "2026-11-01T00:00:00+09:00";
/// The day on which the newer version takes effect.
const AS_OF: &str = "2027-04-01T00:00:00+09:00";
const PRINCIPALS: u64 = 400;

fn nattoku(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nattoku")).env("LC_ALL", "C.UTF-8").args(args).output().unwrap()
}

fn said(output: &Output) -> String {
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Writes text in the place of other text that must be there.
pub(crate) fn edit(folder: &Path, file: &str, from: &str, to: &str) {
    let path = folder.join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text.matches(from).count(), 1, "{file}: {from}");
    std::fs::write(path, text.replace(from, to)).unwrap();
}

/// The newer version: the carrier's, and four changes. Its scenarios and its notice, which would change along, are left out.
pub(crate) fn newer(name: &str) -> PathBuf {
    let folder = copy_of_carrier(name, |name| name.ends_with(".kdl") && name != "tests.kdl");
    edit(&folder, "policy.kdl", "carrier version=\"2019-12-11\"", "carrier version=\"2027-04-01\"");
    edit(&folder, "policy.kdl", "announced \"2019-08-27\"", "announced \"2026-12-01\"");
    edit(
        &folder,
        "policy.kdl",
        "effective \"2019-12-11T00:00:00+09:00\"",
        "effective \"2027-04-01T00:00:00+09:00\"",
    );
    // A class of partners of which no wording spoke.
    edit(
        &folder,
        "recipients.kdl",
        "recipient overseas_stores ",
        "recipient insurers kind=third_party country=JP {\n    ja \"保険会社\"; en \"Insurance companies\"\n    cite \"R42\"\n}\nrecipient overseas_stores ",
    );
    edit(
        &folder,
        "provisions.kdl",
        "provision partner_offers_abroad {",
        "provision partner_offers_to_insurers {\n    activity partner_offers\n    give purchase club.number\n    to insurers\n    basis consent=partner_sharing\n    cite \"R42\"\n}\nprovision partner_offers_abroad {",
    );
    // Proposals come to rest on where the customer is.
    edit(
        &folder,
        "purposes.kdl",
        "needs purchase service_use browsing interest contract club profile.birth_date profile.gender\n",
        "needs purchase service_use browsing interest contract club profile.birth_date profile.gender location.base_station\n",
    );
    // The company that runs the customer desk is gone.
    let recipients = std::fs::read_to_string(folder.join("recipients.kdl")).unwrap();
    let begin = recipients.find("recipient call_center ").unwrap();
    let end = begin + recipients[begin..].find("\n}\n").unwrap() + 3;
    std::fs::write(folder.join("recipients.kdl"), [&recipients[..begin], &recipients[end..]].concat())
        .unwrap();
    // The consent to advertising e-mail is worded anew, and the former wording no longer counts.
    edit(
        &folder,
        "consents.kdl",
        "consent advertising_mail text=\"1\" accepts=\"1\" principal-matter=#true {",
        "consent advertising_mail text=\"2\" accepts=\"2\" principal-matter=#true {\n    wording \"2\" { ja \"当社、提携先、保険会社の商品の広告をお送りします。\"; en \"We send advertisements of ours, of partners and of insurance companies.\" }",
    );
    folder
}

const FOUR: [(&str, &str); 4] = [
    ("purpose_widened:proposals", "consent_again"),
    ("third_party_added:insurers", "consent_again"),
    ("consent_wording_not_accepted:advertising_mail", "consent_again"),
    ("processor_removed:call_center", "none"),
];

#[test]
fn the_difference_tells_the_four_changes_with_their_classes_and_places_and_nothing_else() {
    let (old, new) = (carrier(), newer("diff-newer"));
    let output =
        nattoku(&["policy", "diff", old.to_str().unwrap(), new.to_str().unwrap(), "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let difference: Value = serde_json::from_str(&said(&output)).unwrap();
    let changes = difference["changes"].as_array().unwrap();
    let told: Vec<(&str, &str)> =
        changes.iter().map(|c| (c["change"].as_str().unwrap(), c["class"].as_str().unwrap())).collect();
    assert_eq!(told, FOUR);
    let articles: Vec<String> = changes
        .iter()
        .map(|c| {
            let cited = &c["rulings"][0]["cites"][0];
            format!("{} {}({})", cited["law"], cited["article"], cited["paragraph"]).replace('"', "")
        })
        .collect();
    assert_eq!(articles, ["APPI 17(2)", "APPI 27(1)", "APPI 27(1)", "APPI 25(null)"]);
    assert!(changes.iter().all(|c| c["rulings"][0]["version"] == "2022-04-01"));
    assert_eq!(changes[1]["before"], Value::Null);
    assert_eq!(changes[1]["after"]["file"], "recipients.kdl");
    assert_eq!(changes[3]["after"], Value::Null);
    assert_eq!(changes[2]["before"]["line"], changes[2]["after"]["line"]);
    let shifts = |change: &Value| -> BTreeSet<String> {
        let effects = change["effects"].as_array().unwrap();
        effects
            .iter()
            .map(|e| format!("{} {} {}", e["shift"], e["action"], e["whom"]).replace('"', ""))
            .collect()
    };
    assert_eq!(
        shifts(&changes[0]),
        set(["permitted combine unless_declined", "permitted use unless_declined"])
    );
    assert_eq!(shifts(&changes[1]), set(["permitted provide agreed_unless_declined"]));
    assert_eq!(shifts(&changes[2]), set(["stopped use agreed_unless_declined"]));
    assert_eq!(shifts(&changes[3]), set(["stopped entrust everybody", "stopped entrust unless_declined"]));
}

fn set<const N: usize>(words: [&str; N]) -> BTreeSet<String> {
    words.map(str::to_owned).into()
}

#[test]
fn a_policy_against_itself_makes_no_difference_and_what_cannot_be_compared_is_said() {
    let carrier = carrier();
    let dir = carrier.to_str().unwrap();
    let same = nattoku(&["policy", "diff", dir, &format!("{dir}@2019-12-11"), "--lang", "ja"]);
    assert_eq!(same.status.code(), Some(0));
    assert_eq!(said(&same), "2019-12-11 → 2019-12-11: 意味の上での違いはありません\n");
    let absent = nattoku(&["policy", "diff", &format!("{dir}@2015-10-01"), dir]);
    assert_eq!(absent.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&absent.stderr).contains("the text of version 2015-10-01"));
    let unknown = nattoku(&["policy", "diff", &format!("{dir}@2019-12-12"), dir]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("versions: 2015-10-01, 2019-12-11"));
}

#[test]
fn a_draft_whose_scenarios_name_the_version_before_can_be_compared() {
    let draft = copy_of_carrier("diff-scenarios", |_| true);
    edit(&draft, "policy.kdl", "carrier version=\"2019-12-11\"", "carrier version=\"2027-04-01\"");
    let scenarios = std::fs::read_to_string(draft.join("tests.kdl")).unwrap();
    assert!(scenarios.contains("governing=\"2019-12-11\""));
    let (old, new) = (carrier(), draft);
    let (old, new) = (old.to_str().unwrap(), new.to_str().unwrap());
    let checked = nattoku(&["policy", "check", new]);
    assert_eq!(checked.status.code(), Some(1), "the check asks for the scenarios");
    assert!(String::from_utf8_lossy(&checked.stdout).contains("help: versions: 2015-10-01, 2027-04-01"));
    let compared = nattoku(&["policy", "diff", old, new]);
    assert_eq!(said(&compared), "2019-12-11 → 2027-04-01: no difference in meaning\n");
    assert_eq!(compared.status.code(), Some(0));
    let store = demo_ledger(&folder("scenarios-ledger"), PRINCIPALS);
    let counted = nattoku(&["policy", "impact", old, new, "--store", &store]);
    assert_eq!(counted.status.code(), Some(0), "{}", String::from_utf8_lossy(&counted.stderr));

    let absent = nattoku(&["policy", "diff", &format!("{new}@2019-12-11"), new, "--lang", "ja"]);
    assert_eq!(absent.status.code(), Some(2));
    let told = String::from_utf8_lossy(&absent.stderr).into_owned();
    assert!(told.contains("ヒント: ある版: 2015-10-01、2027-04-01\n"), "{told}");
}

#[test]
fn the_impact_counts_whom_a_naive_reading_of_every_event_counts() {
    let (old, new, store) =
        (carrier(), newer("impact-newer"), demo_ledger(&folder("impact-ledger"), PRINCIPALS));
    let (old, new) = (old.to_str().unwrap(), new.to_str().unwrap());
    let ask = |more: &[&str]| {
        let args = [&["policy", "impact", old, new, "--store", &store, "--at", AT], more].concat();
        let output = nattoku(&args);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let impact: Value = serde_json::from_str(&ask(&["--format", "json"])).unwrap();
    let principals = naive::read(&said(&nattoku(&["ledger", "export", "--store", &store])), AT);

    let concerned: BTreeMap<&str, BTreeSet<&str>> = FOUR
        .iter()
        .map(|(change, _)| (*change, names(principals.iter().filter(|(_, p)| concerns(p, change)))))
        .collect();
    for (number, (change, _)) in FOUR.iter().enumerate() {
        let told = &impact["changes"][number];
        assert_eq!(told["change"], *change);
        let naive = concerned[change].len() as u64;
        assert!(naive > 10 && naive < PRINCIPALS, "{change}: {naive} tell nothing");
        assert_eq!(told["principals"]["affected"], naive, "{change}");
        let listed = ask(&["--list", change]);
        assert_eq!(listed.lines().collect::<BTreeSet<_>>(), concerned[change], "{change}");
    }
    let again: BTreeSet<&str> = FOUR[..3].iter().flat_map(|(change, _)| concerned[change].clone()).collect();
    let known = principals.len() as u64;
    let expected = json!({
        "all": known, "consent_again": again.len(), "notify": 0, "nothing_to_do": known - again.len() as u64,
    });
    assert_eq!(impact["principals"], expected);
    assert_eq!(impact["changes"][1]["principals"]["permitted"], permitted(&principals, new, &store));
    assert_eq!(impact["changes"][1]["principals"]["stopped"], 0);
    assert!(impact["changes"][3]["principals"]["stopped"].as_u64().unwrap() > 10);

    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("impact.csv");
    ask(&["--out", out.to_str().unwrap()]);
    let rows = std::fs::read_to_string(&out).unwrap().lines().count() - 1;
    assert_eq!(rows, concerned.values().map(BTreeSet::len).sum::<usize>());
}

#[test]
fn an_unknown_change_is_refused_with_the_nearest() {
    let (old, new, store) = (carrier(), newer("list-newer"), demo_ledger(&folder("list-ledger"), PRINCIPALS));
    let args = ["policy", "impact", old.to_str().unwrap(), new.to_str().unwrap(), "--store", &store];
    let output = nattoku(&[&args[..], &["--list", "purpose_widened:proposal"]].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("changes: purpose_widened:proposals"));
}

fn names<'p>(principals: impl Iterator<Item = (&'p String, &'p Principal)>) -> BTreeSet<&'p str> {
    principals.map(|(name, _)| name.as_str()).collect()
}

/// Whom each change concerns, as `docs/reference/policy-diff.md` says.
fn concerns(principal: &Principal, change: &str) -> bool {
    match change {
        "purpose_widened:proposals" => principal.holds(&["location.base_station"]),
        "third_party_added:insurers" => {
            principal.holds(&["purchase", "club.number"]) && principal.agreed("partner_sharing", &["1", "2"])
        }
        "processor_removed:call_center" => {
            principal.holds(&["contact", "contract", "inquiry", "billing.amount"])
        }
        "consent_wording_not_accepted:advertising_mail" => principal.agreed("advertising_mail", &["1"]),
        _ => panic!("{change}"),
    }
}

/// For how many the decision, asked one by one, lets insurers have something that is held.
fn permitted(principals: &BTreeMap<String, Principal>, policy: &str, store: &str) -> u64 {
    let mut questions = Vec::new();
    for (name, principal) in principals {
        for category in ["purchase", "club.number"].into_iter().filter(|c| principal.has(c)) {
            let question = json!({
                "application": "campaign_platform", "principal": name, "action": "provide",
                "activity": "partner_offers", "categories": [category], "recipient": "insurers",
                "at": AS_OF, "known_at": AT,
            });
            questions.push(question.to_string());
        }
    }
    let mut process = Command::new(env!("CARGO_BIN_EXE_nattoku"))
        .args(["decide", "--requests", "-", "--policy", policy, "--store", store])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = process.stdin.take().unwrap();
    let text = questions.join("\n");
    let writing = std::thread::spawn(move || input.write_all(text.as_bytes()).unwrap());
    let output = process.wait_with_output().unwrap();
    writing.join().unwrap();
    let permitted: BTreeSet<String> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|answer| answer["decision"].as_str().unwrap().starts_with("permit"))
        .map(|answer| answer["principal"].as_str().unwrap().to_owned())
        .collect();
    assert!(!permitted.is_empty());
    permitted.len() as u64
}
