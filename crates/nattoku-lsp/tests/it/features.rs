//! What an editor asks about the place of its cursor.

use serde_json::{Value, json};

use crate::editor::{Editor, folder, place, slice, text, uri};

/// An editor in a copy of the reference policy.
struct Carrier {
    editor: Editor,
    folder: std::path::PathBuf,
}

impl Carrier {
    fn new(name: &str) -> Self {
        Self { editor: Editor::plain(), folder: folder(name, &[]) }
    }

    fn uri(&self, file: &str) -> String {
        uri(&self.folder, file)
    }

    fn text(&self, file: &str) -> String {
        text(&self.folder, file)
    }

    fn open(&mut self, file: &str) -> String {
        let text = self.text(file);
        let uri = self.uri(file);
        self.editor.open(&uri, &text);
        text
    }

    /// What a method says of the place of a text in an open file, a character in.
    fn at(&mut self, method: &str, file: &str, wanted: &str, more: Value) -> Value {
        let at = place(&self.text(file), wanted, 1);
        let mut params = json!({"textDocument": {"uri": self.uri(file)}, "position": at});
        params.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        self.editor.ask(&format!("textDocument/{method}"), params)
    }
}

#[test]
fn a_name_is_told_in_both_languages_with_its_place_and_what_it_rests_on() {
    let mut carrier = Carrier::new("hover");
    let text = carrier.open("provisions.kdl");
    let hover = carrier.at("hover", "provisions.kdl", "store_partners\n", json!({}));
    let words = hover["contents"]["value"].as_str().unwrap();
    assert!(words.starts_with("**recipient** `store_partners`\n\nMember stores\n\n"), "{words}");
    assert!(words.contains("declared in `recipients.kdl:"), "{words}");
    assert!(words.contains("R30"), "{words}");
    assert_eq!(slice(&text, &hover["range"]), "store_partners");
    assert_eq!(carrier.at("hover", "provisions.kdl", "// ", json!({})), Value::Null);
}

#[test]
fn the_declaration_of_a_name_is_found_from_any_file() {
    let mut carrier = Carrier::new("definition");
    for (file, wanted, target, name) in [
        ("provisions.kdl", "store_partners\n", "recipients.kdl", "store_partners"),
        ("provisions.kdl", "partner_sharing", "consents.kdl", "partner_sharing"),
        ("tests.kdl", "partner_offers", "purposes.kdl", "partner_offers"),
        ("notice.ja.md", "retail_analysis}", "purposes.kdl", "retail_analysis"),
    ] {
        carrier.open(file);
        let found = carrier.at("definition", file, wanted, json!({}));
        assert_eq!(found["uri"], carrier.uri(target), "{file} {wanted}");
        assert_eq!(slice(&carrier.text(target), &found["range"]), name);
    }
}

#[test]
fn every_place_of_a_name_is_found() {
    let mut carrier = Carrier::new("references");
    carrier.open("consents.kdl");
    let more = json!({"context": {"includeDeclaration": true}});
    let found = carrier.at("references", "consents.kdl", "partner_sharing ", more);
    let mut files: Vec<String> = found.as_array().unwrap().iter().map(|l| l["uri"].to_string()).collect();
    files.dedup();
    for file in ["consents.kdl", "provisions.kdl", "tests.kdl"] {
        assert!(files.iter().any(|f| f.contains(file)), "{file}: {files:?}");
    }
    for location in found.as_array().unwrap() {
        let file = location["uri"].as_str().unwrap().rsplit('/').next().unwrap();
        assert!(slice(&carrier.text(file), &location["range"]).contains("partner_sharing"), "{location}");
    }
    let without = json!({"context": {"includeDeclaration": false}});
    let fewer = carrier.at("references", "consents.kdl", "partner_sharing ", without);
    assert_eq!(fewer.as_array().unwrap().len() + 1, found.as_array().unwrap().len());
    let here = carrier.at("documentHighlight", "consents.kdl", "partner_sharing ", json!({}));
    assert_eq!(here.as_array().unwrap().len(), 1);
}

#[test]
fn the_outline_has_the_declarations_with_their_titles_and_the_headings_of_a_notice() {
    let mut carrier = Carrier::new("symbols");
    carrier.open("data.kdl");
    let asked = json!({"textDocument": {"uri": carrier.uri("data.kdl")}});
    let symbols = carrier.editor.ask("textDocument/documentSymbol", asked);
    let location = symbols.as_array().unwrap().iter().find(|s| s["name"] == "category location").unwrap();
    assert!(location["detail"].is_string(), "{location}");
    assert!(location["children"].as_array().unwrap().iter().any(|c| c["name"] == "base_station"));
    carrier.open("notice.en.md");
    let asked = json!({"textDocument": {"uri": carrier.uri("notice.en.md")}});
    let headings = carrier.editor.ask("textDocument/documentSymbol", asked);
    assert!(headings.as_array().unwrap().iter().any(|h| h["detail"] == "#purposes"), "{headings}");
}

#[test]
fn a_fix_is_offered_and_mends_the_mistake() {
    let mut carrier = Carrier::new("actions");
    let good = carrier.open("provisions.kdl");
    let uri = carrier.uri("provisions.kdl");
    let wrong = good.replacen("consent=partner_sharing", "consent=partner_sharng", 1);
    carrier.editor.change(&uri, 2, &wrong);
    let said = carrier.editor.diagnostics(&uri, 2);
    let context = json!({"diagnostics": said});
    let asked = json!({"textDocument": {"uri": uri}, "range": said[0]["range"], "context": context});
    let actions = carrier.editor.ask("textDocument/codeAction", asked.clone());
    assert_eq!(actions[0]["title"], "change `partner_sharng` to `partner_sharing`");
    assert_eq!((&actions[0]["kind"], &actions[0]["isPreferred"]), (&json!("quickfix"), &json!(false)));
    assert_eq!(actions[0]["diagnostics"], json!(said));
    let edit = &actions[0]["edit"]["changes"][&uri][0];
    assert_eq!(wrong.replacen(&slice(&wrong, &edit["range"]), edit["newText"].as_str().unwrap(), 1), good);
    let mut refactor = asked;
    refactor["context"]["only"] = json!(["refactor"]);
    assert_eq!(carrier.editor.ask("textDocument/codeAction", refactor), json!([]));
}

#[test]
fn full_width_signs_are_certain_and_so_preferred() {
    let text =
        "policy p version=\"1\" { effective \"2020-01-01\"; timezone \"Asia/Tokyo\"; languages ja ｝\n";
    let folder = folder("full-width", &[("policy.kdl", text)]);
    let uri = uri(&folder, "policy.kdl");
    let mut editor = Editor::plain();
    editor.open(&uri, text);
    let said = editor.diagnostics(&uri, 1);
    assert_eq!(said[0]["code"], "full-width-punctuation");
    let asked =
        json!({"textDocument": {"uri": uri}, "range": said[0]["range"], "context": {"diagnostics": []}});
    let actions = editor.ask("textDocument/codeAction", asked);
    assert_eq!(actions[0]["isPreferred"], true);
}

#[test]
fn a_text_is_laid_out_as_the_command_does() {
    let mut carrier = Carrier::new("formatting");
    let good = carrier.open("data.kdl");
    let uri = carrier.uri("data.kdl");
    let asked = json!({"textDocument": {"uri": uri}, "options": {"tabSize": 2, "insertSpaces": true}});
    assert_eq!(carrier.editor.ask("textDocument/formatting", asked.clone()), json!([]));
    carrier.editor.change(&uri, 2, &good.replacen("category ", "category   ", 1));
    let edits = carrier.editor.ask("textDocument/formatting", asked);
    assert_eq!(edits.as_array().unwrap().len(), 1);
    let line = edits[0]["newText"].as_str().unwrap();
    assert!(good.contains(line) && line.starts_with("category "), "{line}");
}

#[test]
fn a_name_is_changed_in_every_file_at_once() {
    let mut carrier = Carrier::new("rename");
    carrier.open("consents.kdl");
    let prepared = carrier.at("prepareRename", "consents.kdl", "partner_sharing ", json!({}));
    assert_eq!(prepared["placeholder"], "partner_sharing");
    let edit = carrier.at("rename", "consents.kdl", "partner_sharing ", json!({"newName": "giving"}));
    let changes = edit["changes"].as_object().unwrap();
    assert!(changes.len() >= 3, "{changes:?}");
    apply(&carrier, changes);
    let checked = nattoku_policy::check(&nattoku_operations::read_folder(&carrier.folder).unwrap());
    assert_eq!(checked.diagnostics.len(), 0, "{:?}", checked.diagnostics.first());
    assert!(!carrier.text("tests.kdl").contains("partner_sharing"));
}

#[test]
fn a_category_is_changed_with_the_whole_names_of_those_below() {
    let mut carrier = Carrier::new("rename-tree");
    carrier.open("data.kdl");
    let edit = carrier.at("rename", "data.kdl", "location class", json!({"newName": "whereabouts"}));
    apply(&carrier, edit["changes"].as_object().unwrap());
    let checked = nattoku_policy::check(&nattoku_operations::read_folder(&carrier.folder).unwrap());
    assert_eq!(checked.diagnostics.len(), 0, "{:?}", checked.diagnostics.first());
}

fn apply(carrier: &Carrier, changes: &serde_json::Map<String, Value>) {
    for (uri, edits) in changes {
        let file = uri.rsplit('/').next().unwrap();
        let mut edits: Vec<&Value> = edits.as_array().unwrap().iter().collect();
        let start =
            |e: &Value| (e["range"]["start"]["line"].as_u64(), e["range"]["start"]["character"].as_u64());
        edits.sort_by_key(|e| start(e));
        let mut text = carrier.text(file);
        for edit in edits.into_iter().rev() {
            let lines: Vec<&str> = text.split_inclusive('\n').collect();
            let line = edit["range"]["start"]["line"].as_u64().unwrap() as usize;
            let before: usize = lines[..line].iter().map(|l| l.len()).sum();
            let units: Vec<u16> = lines[line].encode_utf16().collect();
            let at = |end: &str| {
                let n = edit["range"][end]["character"].as_u64().unwrap() as usize;
                before + String::from_utf16(&units[..n]).unwrap().len()
            };
            text.replace_range(at("start")..at("end"), edit["newText"].as_str().unwrap());
        }
        std::fs::write(carrier.folder.join(file), text).unwrap();
    }
}

#[test]
fn a_name_that_is_taken_or_none_is_refused_with_the_reason() {
    let mut carrier = Carrier::new("rename-refused");
    let text = carrier.open("consents.kdl");
    let uri = carrier.uri("consents.kdl");
    let at = place(&text, "partner_sharing ", 1);
    let ask = |editor: &mut Editor, name: &str| {
        let params = json!({"textDocument": {"uri": uri}, "position": at, "newName": name});
        let answer = editor.ask_whole("textDocument/rename", params);
        assert_eq!(answer["error"]["code"], -32803, "{answer}");
        answer["error"]["message"].as_str().unwrap().to_owned()
    };
    assert!(ask(&mut carrier.editor, "location_use").contains("declared already"));
    assert!(ask(&mut carrier.editor, "Partner Sharing").contains("lower-case"));
    assert!(ask(&mut carrier.editor, "a.b").contains("tree"));
    carrier.editor.change(&uri, 2, &format!("{text}\ncategory"));
    assert!(ask(&mut carrier.editor, "giving").contains("errors"));
}

/// The labels that are offered where `|` stands in a text that replaces a file.
fn offered(carrier: &mut Carrier, file: &str, version: i64, text: &str) -> Vec<String> {
    let at = place(text, "|", 0);
    let uri = carrier.uri(file);
    carrier.editor.change(&uri, version, &text.replacen('|', "", 1));
    let params = json!({"textDocument": {"uri": uri}, "position": at});
    let items = carrier.editor.ask("textDocument/completion", params);
    items.as_array().unwrap().iter().map(|i| i["label"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_may_be_typed_is_offered_while_the_line_is_half_typed() {
    let mut carrier = Carrier::new("completion");
    carrier.open("purposes.kdl");
    let mut version = 1;
    let mut at = |text: &str| {
        version += 1;
        offered(&mut carrier, "purposes.kdl", version, text)
    };
    let top = at("act|");
    assert!(top.contains(&"activity".to_owned()) && top.contains(&"scenario".to_owned()), "{top:?}");
    assert!(!top.contains(&"needs".to_owned()));
    let within = at("activity a purpose=x {\n    ne|");
    assert!(within.contains(&"needs".to_owned()) && within.contains(&"cite".to_owned()), "{within:?}");
    let categories = at("activity a purpose=x {\n    needs purchase loc|");
    assert!(categories.contains(&"location.base_station".to_owned()), "{categories:?}");
    assert!(!categories.contains(&"store_partners".to_owned()), "a recipient is no category");
    assert_eq!(at("activity a |"), ["purpose="], "and no argument more");
    let classes = at("category a class=|");
    assert!(classes.contains(&"my_number".to_owned()), "{classes:?}");
    let refusability = at("choice a refusability=ref|");
    assert_eq!(refusability, ["refusable", "refusable_with_consequence", "not_refusable"]);
    let consents = at("provision a {\n    basis consent=\"par|\n");
    assert!(consents.contains(&"partner_sharing".to_owned()), "{consents:?}");
    let rules = at("application a {\n    allow unus|");
    assert!(rules.contains(&"unused-name".to_owned()), "{rules:?}");
    let event = at("scenario \"a\" {\n    given data_acquired |");
    assert!(event.contains(&"source=".to_owned()) && !event.contains(&"born=".to_owned()), "{event:?}");
    assert_eq!(at("// act|"), Vec::<String>::new());
}

#[test]
fn directives_and_names_are_offered_in_a_notice() {
    let mut carrier = Carrier::new("completion-notice");
    carrier.open("notice.en.md");
    let directives = offered(&mut carrier, "notice.en.md", 2, "# Privacy\n\n{pur|\n");
    assert!(directives.contains(&"purposes".to_owned()), "{directives:?}");
    let names = offered(&mut carrier, "notice.en.md", 3, "# Privacy\n\nWe do. {see activity.|\n");
    assert!(names.contains(&"activity.partner_offers".to_owned()), "{names:?}");
    let documents = offered(&mut carrier, "notice.en.md", 4, "# Privacy\n\nSee {document ch|\n");
    assert!(documents.contains(&"charter".to_owned()), "{documents:?}");
}

#[test]
fn words_of_the_language_and_citations_are_told() {
    let mut carrier = Carrier::new("hover-words");
    carrier.open("purposes.kdl");
    let mut told = |file: &str, wanted: &str| {
        let hover = carrier.at("hover", file, wanted, json!({}));
        hover["contents"]["value"].as_str().unwrap_or_else(|| panic!("{wanted}: {hover}")).to_owned()
    };
    assert!(told("purposes.kdl", "activity ").starts_with("**activity**\n\na registered use of data"));
    assert!(told("purposes.kdl", "purpose=").starts_with("**purpose=**\n\nthe purposes it is for"));
    let law = told("purposes.kdl", "APPI-27-1");
    assert!(law.starts_with("`APPI-27-1`\n\nAPPI 27(1): "), "{law}");
}

#[test]
fn what_a_rule_does_is_told_where_its_findings_are_allowed() {
    let mut carrier = Carrier::new("hover-rule");
    let good = carrier.open("purposes.kdl");
    let uri = carrier.uri("purposes.kdl");
    let text =
        format!("{good}application old {{\n    ja \"旧\"\n    allow unused-name reason=\"later\"\n}}\n");
    carrier.editor.change(&uri, 2, &text);
    let params = json!({"textDocument": {"uri": uri}, "position": place(&text, "unused-name", 3)});
    let hover = carrier.editor.ask("textDocument/hover", params);
    let words = hover["contents"]["value"].as_str().unwrap();
    assert!(words.starts_with("**unused-name** (warning)\n\n"), "{words}");
    assert_eq!(slice(&text, &hover["range"]), "unused-name");
}
