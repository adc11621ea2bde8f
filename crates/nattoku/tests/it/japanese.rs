//! What the program says in Japanese of its own output and of tests.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn nattoku() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nattoku"));
    command
        .env("LC_ALL", "C.UTF-8")
        .env_remove("NATTOKU_STORE")
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."));
    command
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[cfg(target_os = "linux")]
#[test]
fn standard_output_that_cannot_be_written_is_told_in_the_readers_language() {
    for (language, said) in
        [("ja", "エラー: 標準出力に書けません: "), ("en", "error: cannot write to standard output: ")]
    {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let output = nattoku().args(["policy", "packs", "--lang", language]).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(3));
        assert!(told(&output).starts_with(said), "{}", told(&output));
    }
}

/// The reference policy without its scenarios.
fn without_scenarios() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-scenarios");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.join("earlier/2015-10-01")).unwrap();
    let carrier = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/carrier");
    for entry in std::fs::read_dir(&carrier).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() && !path.ends_with("tests.kdl") && !path.ends_with("invariants.kdl") {
            std::fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
        }
    }
    let earlier = "earlier/2015-10-01/policy.kdl";
    std::fs::copy(carrier.join(earlier), folder.join(earlier)).unwrap();
    folder
}

#[test]
fn results_of_scenarios_are_counted_in_the_readers_language_and_nothing_is_counted_where_there_are_none() {
    let only = ["policy", "test", "policies/carrier", "--only", "withdrawn", "--lang", "ja"];
    let counted = nattoku().args(only).output().unwrap();
    assert!(told(&counted).contains("合格 ") && told(&counted).contains("件、不合格 0 件\n"));
    assert!(!told(&counted).contains("passed"), "{}", told(&counted));

    let folder = without_scenarios();
    for (language, said) in [("ja", "にシナリオがありません\n"), ("en", " has no scenarios\n")] {
        let none = nattoku().args(["policy", "test", "--lang", language]).arg(&folder).output().unwrap();
        assert_eq!((none.status.code(), none.stdout.as_slice()), (Some(2), b"".as_slice()));
        assert!(told(&none).ends_with(said) && told(&none).lines().count() == 1, "{}", told(&none));
    }
    let none = nattoku().args(["policy", "test", "policies/carrier", "--only", "no such title"]).output();
    let none = told(&none.unwrap());
    assert!(none.starts_with("error: no scenario of policies/carrier has `no such title` in its title"));
    assert!(none.contains("hint: 41 invariants: run `nattoku policy prove policies/carrier`"), "{none}");
}
