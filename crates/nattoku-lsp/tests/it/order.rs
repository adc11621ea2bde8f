//! The order of a conversation, and messages that are none.

use nattoku_lsp::Ended;
use serde_json::{Value, json};

use crate::editor::Editor;

fn code(answer: &Value) -> i64 {
    answer["error"]["code"].as_i64().unwrap_or_else(|| panic!("{answer}"))
}

#[test]
fn nothing_is_answered_before_initialize() {
    let mut editor = Editor::unacquainted();
    assert_eq!(code(&editor.ask_whole("textDocument/hover", json!({}))), -32002);
    assert_eq!(code(&editor.ask_whole("shutdown", Value::Null)), -32002);
    editor.tell("textDocument/didOpen", json!({}));
    let result = editor.ask("initialize", json!({"processId": null, "rootUri": null, "capabilities": {}}));
    assert_eq!(result["serverInfo"]["name"], "nattoku");
    assert_eq!(result["capabilities"]["positionEncoding"], "utf-16");
    let again =
        editor.ask_whole("initialize", json!({"processId": null, "rootUri": null, "capabilities": {}}));
    assert_eq!(code(&again), -32600);
    assert_eq!(editor.goodbye(), Ended::InOrder);
}

#[test]
fn nothing_but_exit_comes_after_shutdown() {
    let mut editor = Editor::plain();
    assert_eq!(editor.ask("shutdown", Value::Null), Value::Null);
    assert_eq!(code(&editor.ask_whole("textDocument/hover", json!({}))), -32600);
    assert_eq!(code(&editor.ask_whole("shutdown", Value::Null)), -32600);
    editor.tell("exit", Value::Null);
    assert_eq!(editor.ended(), Ended::InOrder);
}

#[test]
fn an_editor_that_goes_without_a_word_ends_the_server() {
    assert_eq!(Editor::plain().ended(), Ended::Abruptly);
    let mut editor = Editor::plain();
    editor.tell("exit", Value::Null);
    assert_eq!(editor.ended(), Ended::Abruptly);
    let mut editor = Editor::unacquainted();
    editor.tell("exit", Value::Null);
    assert_eq!(editor.ended(), Ended::Abruptly);
}

#[test]
fn what_is_no_message_is_answered_and_the_conversation_goes_on() {
    let mut editor = Editor::plain();
    for (bytes, expected) in [
        ("Content-Length: 1\r\n\r\n{", -32700),
        ("Content-Length: 2\r\n\r\n{}", -32600),
        ("Content-Length: 2\r\n\r\n[]", -32600),
        ("Content-Length: 4\r\n\r\n\u{0}\u{1}\u{2}\u{3}", -32700),
        ("nonsense\r\n\r\n", -32700),
        ("Content-Length: many\r\n\r\n", -32700),
    ] {
        editor.send_bytes(bytes.as_bytes());
        let answer = editor.hear();
        assert_eq!((code(&answer), &answer["id"]), (expected, &Value::Null), "{bytes:?}");
    }
    // Deeper than any reader of JSON goes.
    let deep = "[".repeat(100_000);
    editor.send_bytes(format!("Content-Length: {}\r\n\r\n{deep}", deep.len()).as_bytes());
    assert_eq!(code(&editor.hear()), -32700);
    assert_eq!(editor.goodbye(), Ended::InOrder);
}

#[test]
fn what_is_not_known_is_refused_and_what_is_optional_is_passed_over() {
    let mut editor = Editor::plain();
    assert_eq!(code(&editor.ask_whole("textDocument/inlayHint", json!({}))), -32601);
    assert_eq!(code(&editor.ask_whole("$/unknown", json!({}))), -32601);
    editor.tell("$/cancelRequest", json!({"id": 1}));
    editor.tell("$/setTrace", json!({"value": "off"}));
    editor.tell("textDocument/didOpen", json!({"textDocument": 7}));
    editor.tell("textDocument/didChange", Value::Null);
    assert_eq!(code(&editor.ask_whole("textDocument/hover", json!({"textDocument": 7}))), -32602);
    assert_eq!(editor.goodbye(), Ended::InOrder);
}

#[test]
fn a_file_that_is_unknown_or_of_no_policy_has_nothing_to_tell() {
    let mut editor = Editor::plain();
    for uri in ["file:///nowhere/policy.kdl", "untitled:Untitled-1", "file:///etc/passwd", "", "file:///%ff"]
    {
        let at = json!({"textDocument": {"uri": uri}, "position": {"line": 0, "character": 0}});
        for method in ["hover", "definition", "documentHighlight", "prepareRename"] {
            assert_eq!(editor.ask(&format!("textDocument/{method}"), at.clone()), Value::Null, "{uri}");
        }
        editor.change(uri, 1, "x");
        editor.tell("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
    }
    editor.open("file:///nowhere/zellij.kdl", "keybinds { }");
    let at = json!({"textDocument": {"uri": "file:///nowhere/zellij.kdl"}});
    assert_eq!(editor.ask("textDocument/documentSymbol", at), Value::Null);
    assert!(editor.published.is_empty(), "KDL has other uses than ours");
    assert_eq!(editor.goodbye(), Ended::InOrder);
}
