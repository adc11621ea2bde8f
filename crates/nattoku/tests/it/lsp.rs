//! The language server in a real editor: Neovim, without a screen, in a copy of the reference policy.
//!
//! `lsp/editor.lua` does what a person would and writes down what the editor showed. `cargo xtask test` installs Neovim
//! where it is missing; without it this fails in CI, and elsewhere says that nothing was tried.

#![expect(clippy::print_stderr, reason = "what was not tried is said")]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::folders::{copy_of_carrier, folder};

fn has_neovim() -> bool {
    let is_here = Command::new("nvim").arg("--version").output().is_ok_and(|out| out.status.success());
    let is_promised = ["CI", "NATTOKU_INSTALLED"].iter().any(|name| std::env::var_os(name).is_some());
    assert!(is_here || !is_promised, "Neovim is not installed: apt-get install neovim");
    is_here
}

/// What the editor showed, step by step.
fn in_neovim(name: &str, options: &str) -> Option<(Value, PathBuf)> {
    if !has_neovim() {
        eprintln!("Neovim is not installed, so that nothing was tried: apt-get install neovim");
        return None;
    }
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = folder(name);
    copy_of_carrier(&format!("{name}/policy"), |_| true);
    let out = Command::new("nvim")
        .args(["--headless", "--clean", "-i", "NONE", "-n"])
        .arg("-c")
        .arg(format!("luafile {}", tests.join("tests/it/lsp/editor.lua").display()))
        .current_dir(folder.join("policy"))
        .env("NATTOKU", env!("CARGO_BIN_EXE_nattoku"))
        .env("NATTOKU_OPTIONS", options)
        .env("NATTOKU_SHOWN", folder.join("shown.json"))
        .env("XDG_STATE_HOME", folder.join("state"))
        .env("XDG_CACHE_HOME", folder.join("cache"))
        .output()
        .unwrap();
    let shown = std::fs::read_to_string(folder.join("shown.json"));
    let shown = shown.unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&out.stderr)));
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown["error"], Value::Null, "{shown}");
    Some((shown, folder.join("policy")))
}

#[test]
fn neovim_shows_what_the_check_knows() {
    let Some((shown, folder)) = in_neovim("neovim", r#"{"language": "en"}"#) else { return };
    assert_eq!(shown["before"], 0, "the reference policy has nothing wrong with it: {shown}");
    let said = &shown["diagnostics"][0];
    assert_eq!((&said["code"], &said["source"]), (&"undeclared-name".into(), &"nattoku".into()));
    assert!(said["message"].as_str().unwrap().contains("did you mean `partner_sharing`?"));
    assert_eq!(said["shown_at"], "partner_sharng", "it is underlined behind Japanese text and an emoji");

    let hover = shown["hover"].as_str().unwrap();
    assert!(hover.starts_with("**recipient** `store_partners`"), "{hover}");
    assert!(hover.contains("Member stores") && hover.contains("APPI 27(1)"), "{hover}");
    assert!(shown["definition"].as_str().unwrap().ends_with("/recipients.kdl"), "{shown}");
    assert_eq!(shown["definition_line"], "recipient store_partners");

    let items = shown["completion"].as_array().unwrap();
    assert!(
        items.contains(&"partner_sharing".into()) && !items.contains(&"store_partners".into()),
        "{items:?}"
    );
    assert_eq!(shown["action"], "change `partner_sharng` to `partner_sharing`");
    assert_eq!(shown["after_action"], 0, "the fix mends it");
    assert_eq!(shown["formatted"], shown["original"], "laid out anew, it is what it was");
    assert_eq!(shown["exit_code"], 0);
    let on_disk = std::fs::read_to_string(folder.join("provisions.kdl")).unwrap();
    assert!(!on_disk.contains("partner_sharng"), "nothing was written");
}

#[test]
fn neovim_shows_it_in_japanese_where_it_is_asked_for() {
    let Some((shown, _)) = in_neovim("neovim-ja", r#"{"language": "ja"}"#) else { return };
    let message = shown["diagnostics"][0]["message"].as_str().unwrap();
    assert!(message.starts_with("同意事項 `partner_sharng` は宣言されていません"), "{message}");
    assert!(shown["hover"].as_str().unwrap().starts_with("**相手方**"), "{}", shown["hover"]);
}
