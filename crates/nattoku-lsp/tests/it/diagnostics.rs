//! What is wrong, at the right place, for every file of the policy, and gone once mended.

use serde_json::{Value, json};

use crate::editor::{Editor, folder, place, slice, text, uri};

#[test]
fn a_mistake_is_shown_where_it_is_and_gone_when_mended() {
    let folder = folder("mistake", &[]);
    let (uri, good) = (uri(&folder, "provisions.kdl"), text(&folder, "provisions.kdl"));
    let mut editor = Editor::plain();
    editor.open(&uri, &good);
    assert_eq!(editor.diagnostics(&uri, 1), Vec::<Value>::new());

    let wrong = good.replacen("consent=partner_sharing", "consent=partner_sharng", 1);
    editor.change(&uri, 2, &wrong);
    let said = editor.diagnostics(&uri, 2);
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!(said[0]["code"], "undeclared-name");
    assert_eq!((&said[0]["severity"], &said[0]["source"]), (&json!(1), &json!("nattoku")));
    assert_eq!(slice(&wrong, &said[0]["range"]), "partner_sharng");
    let message = said[0]["message"].as_str().unwrap();
    assert_eq!(message, "the consent item `partner_sharng` is not declared\ndid you mean `partner_sharing`?");
    assert_eq!(text(&folder, "provisions.kdl"), good, "the disk is left alone");

    editor.change(&uri, 3, &good);
    assert_eq!(editor.diagnostics(&uri, 3), Vec::<Value>::new());
}

#[test]
fn a_mistake_in_one_file_is_shown_in_the_others_that_it_breaks() {
    let folder = folder("other-file", &[]);
    let (consents, provisions) = (uri(&folder, "consents.kdl"), uri(&folder, "provisions.kdl"));
    let mut editor = Editor::plain();
    let good = text(&folder, "consents.kdl");
    editor.open(&consents, &good);
    editor.diagnostics(&consents, 1);
    editor.change(&consents, 2, &good.replacen("consent partner_sharing ", "consent partner_sharing_2 ", 1));
    editor.diagnostics(&consents, 2);
    // The answer to a request comes after everything that was published before it.
    editor.ask("textDocument/documentSymbol", json!({"textDocument": {"uri": consents}}));
    let (said, version) = &editor.published[&provisions];
    assert_eq!(*version, None, "it is not open");
    assert!(said.iter().any(|d| d["code"] == "undeclared-name"), "{said:?}");

    editor.tell("textDocument/didClose", json!({"textDocument": {"uri": consents}}));
    editor.ask("textDocument/documentSymbol", json!({"textDocument": {"uri": consents}}));
    while !editor.published[&provisions].0.is_empty() {
        editor.hear();
    }
}

#[test]
fn a_rule_that_no_scenario_exercises_is_shown_as_the_terminal_shows_it() {
    let text = include_str!("../../../../cases/faulty/untested/policy.kdl");
    let folder = folder("untested", &[("policy.kdl", text)]);
    let uri = uri(&folder, "policy.kdl");
    let mut editor = Editor::plain();
    editor.open(&uri, text);
    let said = editor.diagnostics(&uri, 1);
    let untested: Vec<&Value> = said.iter().filter(|d| d["code"] == "untested-rule").collect();
    assert_eq!(untested.len(), 1, "{said:?}");
    assert_eq!(slice(text, &untested[0]["range"]), "night_till");
}

#[test]
fn other_places_are_told_with_what_is_said_about_them() {
    let text = "policy p version=\"1\" { effective \"2020-01-01\"; timezone \"Asia/Tokyo\"; languages ja }\n\
        category 位 { ja \"x\" }\ncategory a { ja \"😀\" }; category a { ja \"x\" }\n";
    let folder = folder("labels", &[("policy.kdl", text)]);
    let uri = uri(&folder, "policy.kdl");
    let mut editor = Editor::plain();
    editor.open(&uri, text);
    let said = editor.diagnostics(&uri, 1);
    let twice = said.iter().find(|d| d["code"] == "duplicate-name").unwrap();
    let related = &twice["relatedInformation"][0];
    assert_eq!(related["message"], "declared here first");
    assert_eq!(related["location"]["uri"], uri);
    assert_eq!(related["location"]["range"]["start"], place(text, "a { ja \"😀", 0));
    let second = text.rfind("a { ja").unwrap();
    let before = text[..second].rsplit('\n').next().unwrap();
    assert_eq!(twice["range"]["start"]["character"], before.encode_utf16().count());
    assert_ne!(before.encode_utf16().count(), before.chars().count(), "an emoji is two units");
}

#[test]
fn an_editor_that_counts_bytes_is_told_bytes() {
    let text = "policy p version=\"1\" { effective \"2020-01-01\"; timezone \"Asia/Tokyo\"; languages ja }\n\
        category a { ja \"位置😀\"; class colour }\n";
    let folder = folder("bytes", &[("policy.kdl", text)]);
    let uri = uri(&folder, "policy.kdl");
    let known = json!({"general": {"positionEncodings": ["utf-8", "utf-16"]}});
    let mut editor = Editor::new(json!({"processId": null, "rootUri": null, "capabilities": known}));
    editor.open(&uri, text);
    let said = editor.diagnostics(&uri, 1);
    let line = text.lines().nth(1).unwrap();
    let found = said.iter().find(|d| d["code"] == "unexpected-value").unwrap();
    assert_eq!(found["range"]["start"]["character"], line.find("colour").unwrap(), "{found}");
}

#[test]
fn messages_are_in_the_language_that_is_asked_for() {
    let text = "policy p version=\"1\" { effective \"2020-01-01\"; languages ja }\n";
    let folder = folder("language", &[("policy.kdl", text)]);
    let uri = uri(&folder, "policy.kdl");
    for (options, locale, expected) in [
        (json!({"language": "ja"}), "en-US", "が必要です"),
        (Value::Null, "ja_JP.UTF-8", "が必要です"),
        (json!({"language": "en"}), "ja", "needs a node"),
        (json!({"language": "tlh"}), "fr", "needs a node"),
    ] {
        let mut editor = Editor::new(json!({
            "processId": null, "rootUri": null, "capabilities": {}, "initializationOptions": options, "locale": locale,
        }));
        editor.open(&uri, text);
        let said = editor.diagnostics(&uri, 1);
        let message = said[0]["message"].as_str().unwrap();
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn a_burst_of_keystrokes_ends_in_the_diagnostics_of_the_last() {
    let folder = folder("burst", &[]);
    let (uri, good) = (uri(&folder, "data.kdl"), text(&folder, "data.kdl"));
    let mut editor = Editor::plain();
    editor.open(&uri, &good);
    for version in 2..100 {
        let wrong = format!("{good}\ncategory x{version} {{ colour }}\n");
        editor.change(&uri, version, if version == 99 { &good } else { &wrong });
    }
    assert_eq!(editor.diagnostics(&uri, 99), Vec::<Value>::new());
}

#[test]
fn a_folder_stays_a_policy_while_its_first_word_is_typed_anew() {
    let text = "policy p version=\"1\" { effective \"2020-01-01\"; timezone \"Asia/Tokyo\"; languages ja }\n";
    let folder = folder("first-word", &[("shop.kdl", text)]);
    let uri = uri(&folder, "shop.kdl");
    let mut editor = Editor::plain();
    editor.open(&uri, text);
    editor.diagnostics(&uri, 1);
    editor.change(&uri, 2, &text.replacen("policy", "polic", 1));
    let said = editor.diagnostics(&uri, 2);
    assert!(said.iter().any(|d| d["code"] == "unexpected-node"), "{said:?}");
}
