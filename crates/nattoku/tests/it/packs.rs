//! Law packs at the terminal: listed, told in words, looked up by citation.

use std::path::Path;
use std::process::{Command, Output};

/// A policy's own pack, of a law that is not built in.
const SHOP: &str = "pack shop \"1\" state=in_force cited-as=SHOP { in-force from=\"2020-01-01\" }
instrument SHOP numbering=roman { ja \"商店法\"; en \"Shop Act\"; short { ja \"商店法\"; en \"SHOP\" } }
";

fn nattoku(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nattoku")).env("LC_ALL", "C.UTF-8").args(args).output().unwrap()
}

fn said(args: &[&str]) -> String {
    let output = nattoku(args);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What is said of a question asked wrongly.
fn refused(args: &[&str]) -> String {
    let output = nattoku(args);
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr).unwrap()
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn the_packs_are_listed_with_their_state() {
    let listed = said(&["policy", "packs"]);
    assert_eq!(
        listed.lines().collect::<Vec<_>>(),
        [
            "appi   2022-04-01   APPI             in force since 2022-04-01",
            "appi   2026-07-17   APPI             promulgated, not in force (at the latest 2028-07-16)",
            "gdpr   2018-05-25   GDPR             in force since 2018-05-25",
        ]
    );
    let second = said(&["policy", "packs", "--format", "json"]);
    let second = json(second.lines().nth(1).unwrap());
    assert_eq!((&second["state"], &second["in_force_by"]), (&"promulgated".into(), &"2028-07-16".into()));
}

#[test]
fn a_pack_is_told_in_words_the_one_in_force_by_default() {
    let told = said(&["policy", "packs", "appi", "--lang", "ja"]);
    assert!(told.contains("appi 2022-04-01: 施行中"), "{told}");
    assert!(told.contains("- 届け出たオプトアウト。次には使えない: 要配慮個人情報"), "{told}");
    let later = said(&["policy", "packs", "appi", "2026-07-17"]);
    assert!(later.contains("changes the version 2022-04-01"), "{later}");
    let gdpr = json(&said(&["policy", "packs", "gdpr", "--format", "json"]));
    assert_eq!(gdpr["deadlines"]["breach_report"]["within"], "72 hours");
    assert_eq!(gdpr["routes"]["consent"]["grounds"]["cites"][0], "GDPR 6(1)(a)");
    assert_eq!(gdpr["routes"].get("opt_out"), None);
}

#[test]
fn a_law_or_version_that_there_is_not_is_refused_with_the_nearest() {
    assert!(refused(&["policy", "packs", "apppi"]).contains("did you mean `appi`?"));
    assert!(refused(&["policy", "packs", "appi", "2022-04-02"]).contains("did you mean `2022-04-01`?"));
    assert!(refused(&["policy", "packs", "ccpa"]).contains("there is appi, gdpr"));
}

#[test]
fn the_packs_that_a_policy_brings_are_there_with_its_folder() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("own-packs");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.join("packs/shop")).unwrap();
    std::fs::write(folder.join("packs/shop/1.kdl"), SHOP).unwrap();
    std::fs::write(folder.join("policy.kdl"), "").unwrap();
    let listed = said(&["policy", "packs", "--policy", folder.to_str().unwrap()]);
    assert!(listed.contains("shop   1            SHOP"), "{listed}");
    assert_eq!(listed.lines().count(), 4);
}

#[test]
fn a_pack_whose_text_is_broken_is_said_to_be_and_never_shown_as_if_good() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("broken-packs");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.join("packs/shop")).unwrap();
    std::fs::write(folder.join("packs/shop/1.kdl"), SHOP).unwrap();
    std::fs::write(folder.join("packs/shop/2.kdl"), SHOP.replace("\"1\"", "\"2\"") + "rout consent\n")
        .unwrap();
    std::fs::write(folder.join("packs/shop/3.kdl"), "pack shop {").unwrap();
    // Nothing is wrong with these but what they are based on, the one by way of the other.
    let based = |on: &str, version: &str| {
        format!(
            "pack shop \"{version}\" state=in_force cited-as=SHOP {{ based-on \"{on}\"; in-force from=\"2021-01-01\" }}\n"
        )
    };
    std::fs::write(folder.join("packs/shop/4.kdl"), based("2", "4")).unwrap();
    std::fs::write(folder.join("packs/shop/5.kdl"), based("4", "5")).unwrap();
    std::fs::write(folder.join("packs/shop/6.kdl"), based("1", "6")).unwrap();
    std::fs::write(folder.join("policy.kdl"), "").unwrap();
    let dir = folder.to_str().unwrap();
    let output = nattoku(&["policy", "packs", "--policy", dir]);
    let (listed, told) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(1), "{listed}{told}");
    assert!(listed.contains("shop   1            SHOP             in force since 2020-01-01"), "{listed}");
    assert!(
        listed.contains("shop   2            SHOP             has errors and cannot be used"),
        "{listed}"
    );
    assert!(told.contains("packs with errors: packs/shop/2.kdl, packs/shop/3.kdl"), "{told}");
    assert!(told.contains("no node `rout` can stand here"), "{told}");

    let as_json = nattoku(&["policy", "packs", "--policy", dir, "--format", "json"]);
    let broken: Vec<_> = String::from_utf8(as_json.stdout)
        .unwrap()
        .lines()
        .map(json)
        .filter(|pack| pack["broken"] == true)
        .map(|pack| pack["version"].clone())
        .collect();
    assert_eq!(broken, ["2", "4", "5"]);

    let one = nattoku(&["policy", "packs", "shop", "2", "--policy", dir, "--lang", "ja"]);
    assert_eq!((one.status.code(), one.stdout.as_slice()), (Some(1), b"".as_slice()));
    assert!(String::from_utf8(one.stderr).unwrap().contains("版 `2` のパックには誤りがあります"));
    let based = nattoku(&["policy", "packs", "shop", "5", "--policy", dir]);
    assert_eq!((based.status.code(), based.stdout.as_slice()), (Some(1), b"".as_slice()));
    for good in ["1", "6"] {
        assert!(said(&["policy", "packs", "shop", good, "--policy", dir]).contains("Shop Act"));
    }
}

#[test]
fn a_citation_is_told_in_words_in_either_form() {
    let by_place = said(&["policy", "explain", "APPI 27(5)(iii)", "--lang", "ja"]);
    assert!(by_place.starts_with("個人情報保護法第27条第5項第3号: "), "{by_place}");
    assert_eq!(by_place, said(&["policy", "explain", "APPI-27-5c", "--lang", "ja"]));
    let told = json(&said(&["policy", "explain", "GDPR 8(1)", "--format", "json"]));
    assert_eq!((&told["law"], &told["unchecked"]), (&"gdpr".into(), &true.into()));
    assert!(refused(&["policy", "explain", "APPI 27(5)(iiii)"]).contains("did you mean `APPI 27(5)(iii)`?"));
    assert!(refused(&["policy", "explain", "APPI-27-55"]).contains("did you mean `APPI-27-5"));
}
