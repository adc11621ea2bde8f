//! What `deploy/` and the page about serving name exists: commands, flags, settings.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::folders::folder;

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    std::fs::read_to_string(project().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A list of words between brackets, as the files write it.
fn list(text: &str) -> Vec<String> {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Every command line of the program that the files have.
fn command_lines() -> Vec<Vec<String>> {
    let unit = read("deploy/nattoku.service");
    let of_unit = unit.lines().filter(|line| line.starts_with("Exec")).map(|line| {
        let words = line.split_once('=').unwrap().1.split_whitespace().map(str::to_owned);
        let words: Vec<String> = words.collect();
        assert!(words[0].ends_with("/nattoku"), "{line}");
        words[1..].to_vec()
    });
    let container = read("deploy/Containerfile");
    let of_container = container.lines().filter_map(|line| line.strip_prefix("CMD ")).map(list);
    let kubernetes = read("deploy/kubernetes/nattoku.yaml");
    let of_kubernetes = kubernetes.lines().filter_map(|line| line.trim().strip_prefix("args: ")).map(list);
    of_unit.chain(of_container).chain(of_kubernetes).collect()
}

/// Settings between two lines, without what they are indented by.
fn settings_within(text: &str, after: &str) -> Vec<String> {
    text.split(after)
        .skip(1)
        .map(|rest| {
            let lines: Vec<&str> = rest.lines().skip(1).collect();
            let indent = lines[0].len() - lines[0].trim_start().len();
            let lines = lines.iter().take_while(|line| {
                !line.starts_with("```")
                    && (line.trim().is_empty() || line.len() - line.trim_start().len() >= indent)
            });
            lines.flat_map(|line| [line.get(indent..).unwrap_or_default(), "\n"]).collect()
        })
        .collect()
}

/// What the doctor says of the settings in a folder, first of all.
fn examined(settings: &str) -> Value {
    let folder = folder("deploy-settings");
    std::fs::write(folder.join("nattoku.toml"), settings).unwrap();
    let doctor = ["doctor", "--format", "json", "--listen", "127.0.0.1:0", "--store", "sqlite:nowhere"];
    let output = Command::new(env!("CARGO_BIN_EXE_nattoku"))
        .args(doctor)
        .env("LC_ALL", "C.UTF-8")
        .env_remove("NATTOKU_KEK")
        .current_dir(folder)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    serde_json::from_str(text.lines().next().unwrap()).unwrap()
}

#[test]
fn every_command_line_is_one_of_the_program() {
    let lines = command_lines();
    assert!(lines.len() >= 5, "{lines:?}");
    for line in lines {
        let output = Command::new(env!("CARGO_BIN_EXE_nattoku")).args(&line).arg("--help").output().unwrap();
        assert!(output.status.success(), "{line:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn every_setting_is_one_of_the_program() {
    let page = read("docs/reference/serving.md");
    let mut all = vec![read("deploy/nattoku.toml")];
    all.extend(settings_within(&read("deploy/kubernetes/nattoku.yaml"), "nattoku.toml: |"));
    all.extend(settings_within(&page, "```toml"));
    assert!(all.len() >= 3);
    for settings in all {
        let finding = examined(&settings);
        assert_eq!(
            (&finding["check"], &finding["finding"]),
            (&"settings".into(), &"ok".into()),
            "{finding}\n{settings}"
        );
    }
    // What there is to set is told by whoever sets what there is not.
    let finding = examined("[server]\nzzzzzzzzzzzz = 1\n");
    let settings = finding["remedy"].as_str().unwrap().strip_prefix("settings: ").unwrap();
    assert!(settings.split(", ").count() > 5, "{settings}");
    for setting in settings.split(", ") {
        assert!(
            page.contains(&format!("| `{setting}` |")),
            "docs/reference/serving.md does not tell of `{setting}`"
        );
    }
}

#[test]
fn the_unit_is_one_that_systemd_takes() {
    let folder = folder("deploy-unit");
    // The program is where it was built, and the user that of the test.
    let unit = read("deploy/nattoku.service")
        .replace("/usr/local/bin/nattoku", env!("CARGO_BIN_EXE_nattoku"))
        .replace("User=nattoku", "User=root")
        .replace("Group=nattoku", "Group=root");
    let path = folder.join("nattoku.service");
    std::fs::write(&path, unit).unwrap();
    let Ok(output) = Command::new("systemd-analyze").args(["verify", "--man=no"]).arg(&path).output() else {
        eprintln!("SKIPPED: there is no systemd-analyze here");
        return;
    };
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let told: Vec<&str> = told.lines().filter(|line| line.contains("nattoku.service")).collect();
    assert!(told.is_empty(), "{told:#?}");
}
