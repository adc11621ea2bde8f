//! The order of messages: initialize, work, shut down, exit.

mod capabilities;
mod requests;

use std::io::{self, BufReader, Read, Write};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};

use gen_lsp_types::{
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams, ErrorCodes,
};
use nattoku_model::Language;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::client::Client;
use crate::documents::Document;
use crate::message::{Fault, Incoming, understand};
use crate::transport;
use crate::workspace::Workspace;

/// Messages read ahead of being answered.
const WAITING_MAX: usize = 64;

/// What the server does until the editor says otherwise.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// The language of messages, where the editor names none.
    pub language: Language,
}

/// How the conversation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The editor asked the server to shut down, and then to exit.
    InOrder,
    /// The editor said `exit` or went away without asking first.
    Abruptly,
}

/// Serves one editor until it says goodbye.
///
/// # Errors
/// Where the editor cannot be read from or written to.
pub fn serve<R: Read + Send + 'static, W: Write>(
    reader: R,
    writer: W,
    settings: Settings,
) -> io::Result<Ended> {
    let (sender, incoming) = sync_channel(WAITING_MAX);
    // A thread of its own, so that what waits can be told from what does not.
    std::thread::spawn(move || read_all(BufReader::new(reader), &sender));
    let mut server = Server {
        client: Client::new(writer),
        workspace: Workspace::new(settings.language),
        phase: Phase::New,
    };
    server.run(&incoming)
}

fn read_all(mut reader: impl io::BufRead, sender: &SyncSender<io::Result<Incoming>>) {
    loop {
        let message = match transport::read(&mut reader) {
            Ok(Some(frame)) => Ok(understand(frame)),
            Ok(None) => return,
            Err(error) => Err(error),
        };
        let is_last = match &message {
            Ok(Incoming::Notification { method, .. }) => method == "exit",
            Ok(_) => false,
            Err(_) => true,
        };
        if sender.send(message).is_err() || is_last {
            return;
        }
    }
}

/// How far the conversation has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    New,
    Working,
    ShutDown,
}

/// Why a request is not answered.
#[derive(Debug)]
struct Refusal {
    code: ErrorCodes,
    message: String,
}

impl Refusal {
    fn new(code: ErrorCodes, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

struct Server<W> {
    client: Client<W>,
    workspace: Workspace,
    phase: Phase,
}

impl<W: Write> Server<W> {
    fn run(&mut self, incoming: &Receiver<io::Result<Incoming>>) -> io::Result<Ended> {
        loop {
            let message = match incoming.try_recv() {
                Ok(message) => message,
                Err(TryRecvError::Disconnected) => return Ok(Ended::Abruptly),
                Err(TryRecvError::Empty) => {
                    // Nothing waits: now is the time to look at what changed.
                    self.tell_news()?;
                    match incoming.recv() {
                        Ok(message) => message,
                        Err(_) => return Ok(Ended::Abruptly),
                    }
                }
            };
            match message? {
                Incoming::Notification { method, .. } if method == "exit" => {
                    let in_order = self.phase == Phase::ShutDown;
                    return Ok(if in_order { Ended::InOrder } else { Ended::Abruptly });
                }
                Incoming::Notification { method, params } => self.hear(&method, params),
                Incoming::Request { id, method, params } => match self.answer(&method, params) {
                    Ok(result) => self.client.answer(&id, &result)?,
                    Err(refusal) => {
                        self.client.refuse(&Fault::new(id, refusal.code, refusal.message))?;
                    }
                },
                Incoming::Answer => {}
                Incoming::Malformed(fault) => self.client.refuse(&fault)?,
            }
        }
    }

    fn tell_news(&mut self) -> io::Result<()> {
        let news = self.workspace.news();
        for trouble in news.troubles {
            self.client.show(&trouble)?;
        }
        for params in news.diagnostics {
            self.client.publish(&params)?;
        }
        Ok(())
    }

    fn answer(&mut self, method: &str, params: Value) -> Result<Value, Refusal> {
        match (self.phase, method) {
            (Phase::New, "initialize") => {
                let result = capabilities::initialize(&mut self.workspace, read(params)?);
                self.phase = Phase::Working;
                written(&result)
            }
            (Phase::New, _) => {
                Err(Refusal::new(ErrorCodes::ServerNotInitialized, "expected `initialize` first"))
            }
            (Phase::ShutDown, _) => {
                Err(Refusal::new(ErrorCodes::InvalidRequest, "expected `exit` after `shutdown`"))
            }
            (Phase::Working, "initialize") => {
                Err(Refusal::new(ErrorCodes::InvalidRequest, "expected `initialize` once"))
            }
            (Phase::Working, "shutdown") => {
                self.phase = Phase::ShutDown;
                Ok(Value::Null)
            }
            (Phase::Working, method) => requests::answer(&mut self.workspace, method, params),
        }
    }

    /// Takes in what wants no answer. What cannot be understood changes nothing, and there is nobody to tell.
    fn hear(&mut self, method: &str, params: Value) {
        if self.phase != Phase::Working {
            return;
        }
        match method {
            "textDocument/didOpen" => {
                if let Ok(DidOpenTextDocumentParams { text_document: opened }) = read(params) {
                    let (uri, version, text) = (opened.uri, opened.version, opened.text);
                    self.workspace.open(Document { uri, version, text });
                }
            }
            "textDocument/didChange" => {
                if let Ok(params) = read::<DidChangeTextDocumentParams>(params) {
                    let encoding = self.workspace.encoding;
                    let at = params.text_document;
                    if let Some(document) = self.workspace.document_mut(&at.text_document_identifier.uri) {
                        document.change(at.version, params.content_changes, encoding);
                    }
                }
            }
            "textDocument/didClose" => {
                if let Ok(params) = read::<DidCloseTextDocumentParams>(params) {
                    self.workspace.close(&params.text_document.uri);
                }
            }
            "textDocument/didSave" | "workspace/didChangeWatchedFiles" => self.workspace.touch_all(),
            _ => {}
        }
    }
}

/// The parameters of a message.
fn read<P: DeserializeOwned>(params: Value) -> Result<P, Refusal> {
    serde_json::from_value(params).map_err(|error| {
        Refusal::new(ErrorCodes::InvalidParams, format!("expected other parameters: {error}"))
    })
}

fn written(result: &impl serde::Serialize) -> Result<Value, Refusal> {
    serde_json::to_value(result).map_err(|error| Refusal::new(ErrorCodes::InternalError, error.to_string()))
}
