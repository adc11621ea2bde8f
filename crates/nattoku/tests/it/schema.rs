//! The vocabulary as the program prints it.

use std::process::{Command, Output};

fn schema(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nattoku"))
        .args(["policy", "schema"])
        .args(args)
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn a_node_is_shown_with_all_that_it_takes() {
    let choice = said(&schema(&["choice"]));
    let expected = "\
choice <new name>  // what a principal can decline
    refusability=<refusable | refusable_with_consequence | not_refusable>  // whether it can be stopped
    covers <name of an activity>…  // the activities it covers
        [action=<collect | use | provide | entrust | share | combine | pseudonymize | anonymize | disclose>]  // only this act of them
";
    assert!(choice.starts_with(expected), "{choice}");
    assert!(
        said(&schema(&["choice", "--lang", "ja"])).starts_with("choice <新しい名前>  // 本人が断れること\n")
    );
    let all = said(&schema(&[]));
    for node in ["policy ", "category ", "never ", "scenario "] {
        assert!(all.lines().any(|line| line.starts_with(node)), "{node}");
    }
}

#[test]
fn a_program_gets_the_same_as_json() {
    let line = said(&schema(&["consent", "--format", "json"]));
    let consent: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(consent["node"], "consent");
    let text = consent["properties"].as_array().unwrap().iter().find(|p| p["name"] == "text").unwrap();
    assert_eq!((&text["needed"], &text["value"]["kind"]), (&true.into(), &"wording".into()));
    let nodes: Vec<&str> =
        consent["nodes"].as_array().unwrap().iter().map(|n| n["node"].as_str().unwrap()).collect();
    assert!(nodes.contains(&"wording") && nodes.contains(&"cite"), "{nodes:?}");
}

#[test]
fn a_node_that_is_none_is_refused_with_the_nearest() {
    let refused = schema(&["activty"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("did you mean `activity`?"));
}
