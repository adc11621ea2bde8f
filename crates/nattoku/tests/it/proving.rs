//! `nattoku policy prove` and what `policy test` tells besides passed and failed.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const POLICY: &str = r#"policy shop version="2020-01-01" {
    effective "2020-01-01"
    timezone "Asia/Tokyo"
    languages en
}
category purchase { en "Purchases" }
source shop channel=direct { en "Shop"; gives purchase }
purpose proposals number="1" { en "Proposals" }
application app { en "App" }
activity offers purpose=proposals { en "Offers"; needs purchase; by app; requires consent=news }
consent news text="1" { en "News"; wording "1" { en "We send you news." } }
choice stop refusability=refusable { en "Stop"; covers offers }
"#;

const TESTS: &str = r#"never any purchase unless=consent
never any purchase declined=stop
scenario "who agreed gets offers" {
    given principal
    given consent_granted item=news text_version="1" at="2020-02-01"
    ask use purchase activity=offers at="2020-03-01"
    expect permit
}
scenario "silence is not consent" {
    ask use purchase activity=offers at="2020-03-01"
    expect deny
}
"#;

fn policy(name: &str, policy: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("policy.kdl"), policy).unwrap();
    std::fs::write(folder.join("tests.kdl"), TESTS).unwrap();
    folder
}

fn nattoku(args: &[&str], folder: &Path, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nattoku"))
        .env("LC_ALL", "C.UTF-8")
        .args(args)
        .arg(folder)
        .args(more)
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn noted(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn what_holds_is_said_to_hold_and_for_how_many() {
    let folder = policy("prove-holds", POLICY);
    let output = nattoku(&["policy", "prove"], &folder, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", noted(&output));
    assert!(
        out(&output)
            .starts_with("holds   never any purchase unless=consent\nholds   never any purchase declined")
    );
    let noted = noted(&output);
    assert!(noted.contains("2 of 2 hold for every principal and every request, 0 refuted"), "{noted}");
    // 9 actions, the activity and one that is not registered, a purpose or none, one application and category, nobody to give to.
    assert!(noted.contains("covered: all 36 kinds of request;"), "{noted}");

    let japanese = nattoku(&["policy", "prove", "--lang", "ja"], &folder, &["--only", "declined"]);
    assert!(out(&japanese).starts_with("成立 never any purchase declined=stop"), "{}", out(&japanese));
    assert_eq!(nattoku(&["policy", "prove"], &folder, &["--only", "nothing"]).status.code(), Some(2));
}

#[test]
fn what_does_not_hold_is_refuted_by_a_scenario_that_fails_when_pasted() {
    let folder = policy("prove-refuted", &POLICY.replace("; requires consent=news", ""));
    let output = nattoku(&["policy", "prove"], &folder, &[]);
    assert_eq!(output.status.code(), Some(1));
    let text = out(&output);
    let (_, scenario) =
        text.split_once("REFUTED never any purchase unless=consent (tests.kdl:1)\n\n").unwrap();
    let (scenario, _) = scenario.split_once("\n}\n").unwrap();
    assert!(
        scenario.starts_with(
            "scenario \"against: never any purchase unless=consent\" {\n    ask collect purchase"
        ),
        "{scenario}"
    );
    assert!(scenario.ends_with("    expect needs_consent"), "{scenario}");

    std::fs::write(folder.join("pasted.kdl"), format!("{scenario}\n}}\n")).unwrap();
    let tested = nattoku(&["policy", "test"], &folder, &["--only", "against"]);
    assert_eq!(tested.status.code(), Some(1), "{}", noted(&tested));
    assert!(out(&tested).contains("- verdict: needs_consent\n     + verdict: "), "{}", out(&tested));

    let json = nattoku(&["policy", "prove", "--format", "json"], &folder, &[]);
    let lines: Vec<Value> = out(&json).lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines[0]["outcome"], "refuted");
    assert_eq!(lines[0]["counterexample"]["decision"], "permit");
    assert!(lines[0]["counterexample"]["scenario"].as_str().unwrap().starts_with("scenario"));
    assert_eq!(lines[1]["outcome"], "holds");
    assert_eq!(lines[2]["covered"]["all"], true);
    assert_eq!(lines[2]["covered"]["requests"], "36");
}

#[test]
fn a_scenario_that_fails_says_what_each_gate_said() {
    let folder = policy("test-fails", POLICY);
    let junit = folder.join("results.xml");
    let output = nattoku(&["policy", "test"], &folder, &["--junit", junit.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        out(&output),
        "ok   who agreed gets offers
FAIL silence is not consent (tests.kdl:9)
     - expected  + found
     - verdict: deny
     + verdict: consent needs_consent consent_missing
     purchase is answered needs_consent
       consent: needs_consent consent_missing, consent has not been given: news
"
    );
    let noted = noted(&output);
    assert!(noted.contains("1 passed, 1 failed\n2 invariants: run `nattoku policy prove "), "{noted}");

    let xml = std::fs::read_to_string(junit).unwrap();
    for part in [
        "<testsuite name=\"shop\" tests=\"2\" skipped=\"0\" errors=\"0\" failures=\"1\">",
        "<testcase name=\"who agreed gets offers\" classname=\"shop.tests.kdl\"/>",
        "<failure message=\"verdict: deny / consent needs_consent consent_missing\" type=\"scenario\">",
    ] {
        assert!(xml.contains(part), "{part}\n{xml}");
    }
}

#[test]
fn coverage_tells_which_rules_are_exercised_and_the_check_which_are_not() {
    let folder = policy("test-coverage", POLICY);
    let output = nattoku(&["policy", "test"], &folder, &["--coverage", "--only", "agreed"]);
    let text = out(&output);
    assert!(
        text.contains("activity: 1/1\n  offers                       who agreed gets offers\n"),
        "{text}"
    );
    assert!(text.contains("choice: 0/1\n  stop                         none\n"), "{text}");
    assert!(noted(&output).contains("2 rules no scenario exercises"), "{}", noted(&output));

    let json = nattoku(&["policy", "test", "--format", "json"], &folder, &["--coverage"]);
    let lines: Vec<Value> = out(&json).lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let consent = lines.iter().find(|l| l["rule"] == "consent news").unwrap();
    assert_eq!(consent["scenarios"][1], "silence is not consent");

    let checked = nattoku(&["policy", "check", "--format", "concise"], &folder, &[]);
    assert!(
        out(&checked).contains("warning[untested-rule]: no scenario exercises `choice stop`"),
        "{}",
        out(&checked)
    );
    let page = Command::new(env!("CARGO_BIN_EXE_nattoku"))
        .args(["policy", "explain", "untested-rule", "--lang", "ja"])
        .output()
        .unwrap();
    assert!(out(&page).starts_with("# untested-rule (warning)\n\n## 何を見るか"), "{}", out(&page));
}
