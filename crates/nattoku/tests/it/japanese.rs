//! What the program says in Japanese of itself: of a command line that it does not understand, of its own output, of tests.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::folders::copy_of_carrier;

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn nattoku() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nattoku"));
    command.env("LC_ALL", "C.UTF-8").env_remove("NATTOKU_STORE").current_dir(project());
    command
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_folder_that_is_not_there_is_told_with_the_nearest_one() {
    for (lang, said) in [
        (
            "ja",
            "エラー: フォルダー policies/carier はありません\nヒント: `policies/carrier` のことでしょうか\n",
        ),
        ("en", "error: there is no folder policies/carier\nhint: did you mean `policies/carrier`?\n"),
    ] {
        let output = nattoku().args(["policy", "check", "policies/carier", "--lang", lang]).output().unwrap();
        assert_eq!((output.status.code(), told(&output).as_str()), (Some(3), said));
    }
}

#[test]
fn a_command_line_that_is_not_understood_is_told_in_japanese_with_the_nearest_name() {
    for (args, said) in [
        (
            &["policy", "check", "policies/carrier", "--frmat", "json"] as &[&str],
            "エラー: 引数 `--frmat` はありません\nヒント: `--format` のことでしょうか\n使い方: nattoku policy check",
        ),
        (&["polcy"], "エラー: `polcy` というコマンドはありません\nヒント: `policy` のことでしょうか\n"),
        (
            &["policy", "chek"],
            "エラー: `chek` というコマンドはありません\nヒント: `check` のことでしょうか\n",
        ),
        (&["policy", "check"], "エラー: 必要な引数がありません: <DIR>\nヒント: 使い方: nattoku policy check"),
        (&["ledger", "stats", "--format"], "に値がありません\nヒント: 使えるもの: text、concise、json"),
        (
            &["ledger", "stats", "--format", "jsn"],
            "の値に `jsn` は使えません\nヒント: `json` のことでしょうか\n",
        ),
        (
            &["policy", "impact", "a", "b", "--at", "2026-04-01"],
            "の値に `2026-04-01` は使えません。2020-01-05T12:00:00+09:00 のように、時差を付けた",
        ),
        (
            &["demo", "--principals", "3"],
            "の値に `3` は使えません。10 から 1000000 までの整数を書いてください\n",
        ),
        (&["demo", "--port", "x"], "の値に `x` は使えません。0 から 65535 までの整数を書いてください\n"),
        (
            &["policy", "check", "policies/carrier", "--fix", "--diff"],
            "`--fix` は `--diff` と一緒には使えません",
        ),
        (&["policy", "render", "a", "--out", "b", "--out", "c"], "は一度だけ書けます"),
    ] {
        let output = nattoku().arg("--lang=ja").args(args).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", told(&output));
        assert!(told(&output).contains(said), "{args:?}: {}", told(&output));
        assert!(!told(&output).contains("error:"), "{args:?}: {}", told(&output));
    }
}

#[test]
fn the_language_of_a_wrong_command_line_is_that_of_the_environment_where_none_is_asked_for() {
    let japanese = nattoku().arg("polcy").env("LC_ALL", "ja_JP.UTF-8").output().unwrap();
    assert!(told(&japanese).starts_with("エラー: "), "{}", told(&japanese));
    let english = nattoku().args(["polcy", "--lang", "en"]).env("LC_ALL", "ja_JP.UTF-8").output().unwrap();
    assert!(told(&english).starts_with("error: unrecognized subcommand 'polcy'"), "{}", told(&english));
    let number = nattoku().args(["demo", "--principals", "1000001", "--lang", "en"]).output().unwrap();
    assert!(told(&number).contains("expected a whole number from 10 to 1000000"), "{}", told(&number));
    let help = nattoku().args(["policy", "check", "--help", "--lang", "ja"]).output().unwrap();
    assert_eq!(help.status.code(), Some(0));
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

#[test]
fn results_of_scenarios_are_counted_in_the_readers_language_and_nothing_is_counted_where_there_are_none() {
    let only = ["policy", "test", "policies/carrier", "--only", "withdrawn", "--lang", "ja"];
    let counted = nattoku().args(only).output().unwrap();
    assert!(told(&counted).contains("合格 ") && told(&counted).contains("件、不合格 0 件\n"));
    assert!(!told(&counted).contains("passed"), "{}", told(&counted));

    let folder = copy_of_carrier("no-scenarios", |name| !matches!(name, "tests.kdl" | "invariants.kdl"));
    for (language, said) in [("ja", "にシナリオがありません\n"), ("en", " has no scenarios\n")] {
        let none = nattoku().args(["policy", "test", "--lang", language]).arg(&folder).output().unwrap();
        assert_eq!((none.status.code(), none.stdout.as_slice()), (Some(2), b"".as_slice()));
        assert!(told(&none).ends_with(said) && told(&none).lines().count() == 1, "{}", told(&none));
    }
    let none = nattoku().args(["policy", "test", "policies/carrier", "--only", "no such title"]).output();
    let none = told(&none.unwrap());
    assert!(none.starts_with("error: no scenario of policies/carrier has `no such title` in its title"));
    let invariants = std::fs::read_to_string(project().join("policies/carrier/invariants.kdl")).unwrap();
    let count = invariants.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase())).count();
    let hint = format!("hint: {count} invariants: run `nattoku policy prove policies/carrier`");
    assert!(count > 0 && none.contains(&hint), "{none}");
}
