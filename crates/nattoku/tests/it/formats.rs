//! The formats of `policy check`, from the program itself and held against their public definitions.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::folders::{carrier, copy_of_carrier};

/// A copy of the reference policy with an error, warnings, a fix, other places, and something allowed.
fn faulty() -> PathBuf {
    let folder = copy_of_carrier("formats/位 置, 1", |name| !name.contains('/') && name != "tests.kdl");
    let faults = "purpose more number=\"1\" { ja \"その他\"; en \"More\" }
application old { ja \"旧\"; en \"Old\"; allow unused-name reason=\"2027 年に使う\" }
application other { ja \"他\"; en \"Other\"; allow missing-translation reason=\"none\" }
";
    std::fs::write(folder.join("faults.kdl"), faults).unwrap();
    // The transition names a version that was not copied.
    let law = folder.join("law.kdl");
    let text = std::fs::read_to_string(&law).unwrap();
    std::fs::write(&law, text.split("transition ").next().unwrap()).unwrap();
    folder
}

fn check(folder: &Path, args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_nattoku"))
        .current_dir(folder.parent().unwrap())
        .env("LC_ALL", "C.UTF-8")
        .args(["policy", "check"])
        .arg(folder.file_name().unwrap())
        .args(args)
        .output()
        .unwrap();
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The public schema of SARIF 2.1.0, as the crate `serde-sarif` carries it: cargo has it wherever this test was built.
fn schema() -> Value {
    // Of this machine alone: what other platforms need may never have been fetched.
    let host = Command::new("rustc").arg("-vV").output().unwrap();
    let host = String::from_utf8(host.stdout).unwrap();
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", host])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages.iter().find(|p| p["name"] == "serde-sarif").unwrap();
    let folder = Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap();
    let mut schema: Value =
        serde_json::from_slice(&std::fs::read(folder.join("src/schema.json")).unwrap()).unwrap();
    assert!(schema["$id"].as_str().unwrap().ends_with("sarif-schema-2.1.0.json"));
    escape_brackets(&mut schema);
    schema
}

/// The schema's pattern of a language has a stray `]`, which stands for itself in the expressions that JSON Schema means
/// and is an error in those of this validator. Escaped it means the same in both.
fn escape_brackets(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                match member {
                    Value::String(text) if name == "pattern" => *text = text.replace("{2}]?$", "{2}\\]?$"),
                    member => escape_brackets(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(escape_brackets),
        _ => {}
    }
}

/// Every policy that has something to say, each as SARIF.
fn logs() -> Vec<Value> {
    let mut logs = Vec::new();
    for language in ["ja", "en"] {
        let folder = faulty();
        logs.push(check(&folder, &["--format", "sarif", "--lang", language]));
        std::fs::write(
            folder.join("broken.kdl"),
            "category １ｘ { ja 「あ」\nretain purchas for=\"1 year\" after=acquired\n",
        )
        .unwrap();
        logs.push(check(&folder, &["--format", "sarif", "--lang", language]));
    }
    // One finding of every rule that a file as it stands can break.
    let faulty = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/faulty");
    for name in ["law", "absent", "untested", "language"] {
        logs.push(check(&faulty.join(name), &["--format", "sarif"]));
    }
    logs.iter().map(|log| serde_json::from_str(log).unwrap()).collect()
}

#[test]
fn sarif_follows_the_public_schema() {
    let validator = jsonschema::options().should_validate_formats(true).build(&schema()).unwrap();
    for log in logs() {
        let errors: Vec<String> =
            validator.iter_errors(&log).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        // The crate's own types, made from the schema, read it too.
        serde_json::from_value::<serde_sarif::sarif::Sarif>(log.clone()).unwrap();
        // The schema is not one that lets everything through.
        let mut wrong = log;
        wrong["runs"][0]["results"][0]["level"] = Value::from("grave");
        assert!(!validator.is_valid(&wrong));
    }
}

#[test]
fn sarif_says_all_that_is_known_of_a_finding() {
    let logs = logs();
    let run = &logs[0]["runs"][0];
    assert_eq!((&run["columnKind"], &run["language"]), (&"unicodeCodePoints".into(), &"ja".into()));
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    let result =
        |rule: &str| results.iter().find(|r| r["ruleId"] == rule).unwrap_or_else(|| panic!("{rule}"));
    for result in results {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        for text in ["shortDescription", "fullDescription", "help"] {
            assert!(!rule[text]["text"].as_str().unwrap().is_empty());
        }
    }
    let repeated = result("purpose-number-repeated");
    let place = &repeated["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "%E4%BD%8D%20%E7%BD%AE%2C%201/purposes.kdl");
    assert_eq!((&place["region"]["startColumn"], &place["region"]["endColumn"]), (&25.into(), &28.into()));
    assert_eq!(repeated["relatedLocations"].as_array().unwrap().len(), 1);
    let reasons: Vec<&Value> =
        results.iter().filter_map(|r| r["suppressions"].get(0)).map(|s| &s["justification"]).collect();
    assert_eq!(reasons, ["2027 年に使う"]);
    let fix = &result("unused-allow")["fixes"][0];
    assert_eq!(fix["properties"]["certain"], true);
    let deleted = &fix["artifactChanges"][0]["replacements"][0]["deletedRegion"];
    assert_eq!(
        (&deleted["startLine"], &deleted["startColumn"]),
        (&3.into(), &39.into()),
        "columns count characters"
    );
    let cites = rules.iter().find(|r| r["id"] == "opt-out-for-special-care").unwrap();
    assert!(
        cites["properties"]["cites"]
            .as_array()
            .unwrap()
            .iter()
            .any(|c| c.as_str().unwrap().starts_with("APPI"))
    );
    assert!(
        logs[1]["runs"][0]["results"]
            .as_array()
            .unwrap()
            .iter()
            .any(|r| r["ruleId"] == "syntax" || r["ruleId"] == "full-width-punctuation")
    );
}

#[test]
fn github_commands_name_files_from_where_the_program_runs() {
    let commands = check(&faulty(), &["--format", "github"]);
    let expected =
        "::warning file=位 置%2C 1/faults.kdl,line=1,endLine=1,col=9,endColumn=13,title=benefit-missing::";
    assert!(commands.lines().any(|line| line.starts_with(expected)), "{commands}");
    assert!(!commands.contains("the application `old`"), "what is allowed is no annotation: {commands}");
}

#[test]
fn formats_of_the_check_are_refused_by_other_commands() {
    let carrier = carrier();
    let carrier = carrier.to_str().unwrap();
    for command in
        [["explain", "syntax"].as_slice(), &["format", carrier, "--check"], &["export", "dpv", carrier]]
    {
        for format in ["sarif", "github"] {
            let output = Command::new(env!("CARGO_BIN_EXE_nattoku"))
                .env("LC_ALL", "C.UTF-8")
                .arg("policy")
                .args(command)
                .args(["--format", format])
                .output()
                .unwrap();
            assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{command:?}");
            let said = String::from_utf8(output.stderr).unwrap();
            let expected = format!("`--format {format}` is a format of `nattoku policy check`");
            assert!(said.contains(&expected), "{said}");
        }
    }
}
