//! An editor's side of the conversation.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, PipeReader, PipeWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;

use nattoku_lsp::{Ended, Settings, serve};
use nattoku_model::Language;
use serde_json::{Value, json};

/// An editor with a server of its own.
pub(crate) struct Editor {
    to_server: Option<PipeWriter>,
    from_server: BufReader<PipeReader>,
    server: Option<JoinHandle<std::io::Result<Ended>>>,
    n_requests: i64,
    /// What was last published of each address: the diagnostics, and the version they are about.
    pub(crate) published: BTreeMap<String, (Vec<Value>, Option<i64>)>,
}

impl Editor {
    /// A server that knows nothing yet.
    pub(crate) fn unacquainted() -> Self {
        let (their_reader, to_server) = std::io::pipe().unwrap();
        let (from_server, their_writer) = std::io::pipe().unwrap();
        let settings = Settings { language: Language::En };
        let server = std::thread::spawn(move || serve(their_reader, their_writer, settings));
        Self {
            to_server: Some(to_server),
            from_server: BufReader::new(from_server),
            server: Some(server),
            n_requests: 0,
            published: BTreeMap::new(),
        }
    }

    /// A server that was told what the editor can do.
    pub(crate) fn new(params: Value) -> Self {
        let mut editor = Self::unacquainted();
        editor.ask("initialize", params);
        editor.tell("initialized", json!({}));
        editor
    }

    /// An editor in English that counts as the protocol has it by default.
    pub(crate) fn plain() -> Self {
        Self::new(json!({"processId": null, "rootUri": null, "capabilities": {}}))
    }

    pub(crate) fn send_bytes(&mut self, bytes: &[u8]) {
        self.to_server.as_mut().unwrap().write_all(bytes).unwrap();
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.send_bytes(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    pub(crate) fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// The whole answer to a request: `result` or `error`.
    pub(crate) fn ask_whole(&mut self, method: &str, params: Value) -> Value {
        self.n_requests += 1;
        let id = self.n_requests;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        loop {
            let message = self.hear();
            if message["id"] == id {
                return message;
            }
        }
    }

    /// The result of a request that must succeed.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Value {
        let answer = self.ask_whole(method, params);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// The next message; diagnostics are kept besides.
    pub(crate) fn hear(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(self.from_server.read_line(&mut line).unwrap() > 0, "the server went away");
            if line.trim().is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("Content-Length: ") {
                length = value.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        self.from_server.read_exact(&mut body).unwrap();
        let message: Value = serde_json::from_slice(&body).unwrap();
        if message["method"] == "textDocument/publishDiagnostics" {
            let params = &message["params"];
            let said = params["diagnostics"].as_array().unwrap().clone();
            let uri = params["uri"].as_str().unwrap().to_owned();
            self.published.insert(uri, (said, params["version"].as_i64()));
        }
        message
    }

    /// Reads until the diagnostics of this version of a file are there, and gives them.
    pub(crate) fn diagnostics(&mut self, uri: &str, version: i64) -> Vec<Value> {
        loop {
            if let Some((said, of)) = self.published.get(uri)
                && *of == Some(version)
            {
                return said.clone();
            }
            self.hear();
        }
    }

    pub(crate) fn open(&mut self, uri: &str, text: &str) {
        let document = json!({"uri": uri, "languageId": "kdl", "version": 1, "text": text});
        self.tell("textDocument/didOpen", json!({"textDocument": document}));
    }

    /// Replaces the whole text.
    pub(crate) fn change(&mut self, uri: &str, version: i64, text: &str) {
        let document = json!({"uri": uri, "version": version});
        let params = json!({"textDocument": document, "contentChanges": [{"text": text}]});
        self.tell("textDocument/didChange", params);
    }

    /// Says goodbye, and tells how the server took it.
    pub(crate) fn goodbye(mut self) -> Ended {
        self.ask("shutdown", Value::Null);
        self.tell("exit", Value::Null);
        self.ended()
    }

    /// Waits for the server to end.
    pub(crate) fn ended(mut self) -> Ended {
        let server = self.server.take().unwrap();
        drop(self.to_server.take());
        server.join().unwrap().unwrap()
    }
}

/// A copy of the reference policy, or a policy of the files given.
pub(crate) fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    if files.is_empty() {
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/carrier"), &folder);
    }
    for (file, text) in files {
        std::fs::write(folder.join(file), text).unwrap();
    }
    folder
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

/// The address of a file; the folders of tests need no escapes.
pub(crate) fn uri(folder: &Path, file: &str) -> String {
    format!("file://{}/{file}", folder.display())
}

pub(crate) fn text(folder: &Path, file: &str) -> String {
    std::fs::read_to_string(folder.join(file)).unwrap()
}

/// The place of the first `wanted` in a text, a character counted in UTF-16; `into` more characters on.
pub(crate) fn place(text: &str, wanted: &str, into: u64) -> Value {
    let at = text.find(wanted).unwrap_or_else(|| panic!("no {wanted}"));
    let before = &text[..at];
    let line = before.matches('\n').count();
    let character = before.rsplit('\n').next().unwrap().encode_utf16().count() as u64 + into;
    json!({"line": line, "character": character})
}

/// The text of a range, a character counted in UTF-16.
pub(crate) fn slice(text: &str, range: &Value) -> String {
    let units: Vec<Vec<u16>> = text.split_inclusive('\n').map(|line| line.encode_utf16().collect()).collect();
    let at = |end: &str| {
        let line = range[end]["line"].as_u64().unwrap() as usize;
        let before: usize = units[..line.min(units.len())].iter().map(Vec::len).sum();
        before + range[end]["character"].as_u64().unwrap() as usize
    };
    let whole: Vec<u16> = units.concat();
    String::from_utf16(&whole[at("start")..at("end")]).unwrap()
}
