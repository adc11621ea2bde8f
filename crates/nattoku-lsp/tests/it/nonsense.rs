//! Whatever is typed and asked, wherever, the server answers, and at the end it still knows what is right.

use nattoku_lsp::Ended;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::editor::{Editor, folder, uri};

const TEXT: &str = "policy p version=\"1\" { effective \"2020-01-01\"; timezone \"Asia/Tokyo\"; languages ja en }\n\
    // 位置😀\ncategory location class=location { ja \"位置\"; en \"Location\"; base_station { ja \"基\"; en \"B\" } }\n\
    purpose offers number=\"1\" { ja \"提案\"; en \"Offers\" }\napplication mailer { ja \"送\"; en \"Mailer\" }\n\
    activity letters purpose=offers { ja \"手紙\"; en \"Letters\"; needs location.base_station; by mailer; cite \"R1\" }\n";

const METHODS: [&str; 10] = [
    "hover",
    "definition",
    "references",
    "documentHighlight",
    "prepareRename",
    "rename",
    "completion",
    "formatting",
    "documentSymbol",
    "codeAction",
];

fn position() -> impl Strategy<Value = Value> {
    let number = prop_oneof![9 => 0..80_u32, 1 => any::<u32>().prop_map(|n| n & 0x7fff_ffff)];
    (prop_oneof![9 => 0..8_u32, 1 => Just(0x7fff_ffff)], number)
        .prop_map(|(line, character)| json!({"line": line, "character": character}))
}

fn scrap() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "", "{", "}", "\"", "\\\n", "/-", "/*", "=", "需", "😀", "\r", "\u{feff}", "needs ", "#\"",
            "\"\"\"\n"
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn anything_may_be_typed_and_asked(
        steps in prop::collection::vec((position(), position(), scrap(), 0..METHODS.len()), 1..12)
    ) {
        let folder = folder("nonsense", &[("policy.kdl", TEXT)]);
        let uri = uri(&folder, "policy.kdl");
        let mut editor = Editor::plain();
        editor.open(&uri, TEXT);
        let mut version = 1;
        for (start, end, scrap, method) in steps {
            version += 1;
            let change = json!({"range": {"start": start, "end": end}, "text": scrap});
            let document = json!({"uri": uri, "version": version});
            editor.tell("textDocument/didChange", json!({"textDocument": document, "contentChanges": [change]}));
            let asked = json!({
                "textDocument": {"uri": uri}, "position": start, "newName": scrap,
                "range": {"start": start, "end": end}, "context": {"includeDeclaration": true, "diagnostics": []},
                "options": {"tabSize": 4, "insertSpaces": true},
            });
            editor.ask_whole(&format!("textDocument/{}", METHODS[method]), asked);
        }
        editor.change(&uri, version + 1, TEXT);
        let said = editor.diagnostics(&uri, version + 1);
        prop_assert!(said.iter().all(|d| d["severity"] != 1), "{:?}", said);
        prop_assert_eq!(editor.goodbye(), Ended::InOrder);
    }
}
