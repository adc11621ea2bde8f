//! What goes out to the editor.

use std::io::{self, Write};

use gen_lsp_types::{Notification, PublishDiagnosticsNotification, PublishDiagnosticsParams};
use serde_json::{Value, json};

use crate::message::Fault;
use crate::transport;

/// The editor's end.
#[derive(Debug)]
pub(crate) struct Client<W> {
    writer: W,
}

impl<W: Write> Client<W> {
    pub(crate) const fn new(writer: W) -> Self {
        Self { writer }
    }

    /// Answers a request.
    pub(crate) fn answer(&mut self, id: &Value, result: &Value) -> io::Result<()> {
        transport::write(&mut self.writer, &json!({"jsonrpc": "2.0", "id": id, "result": result}))
    }

    /// Says why a request is not answered.
    pub(crate) fn refuse(&mut self, fault: &Fault) -> io::Result<()> {
        transport::write(&mut self.writer, &fault.to_json())
    }

    /// Tells what is wrong with a file now.
    pub(crate) fn publish(&mut self, params: &PublishDiagnosticsParams) -> io::Result<()> {
        let method = PublishDiagnosticsNotification::METHOD;
        transport::write(&mut self.writer, &json!({"jsonrpc": "2.0", "method": method, "params": params}))
    }

    /// Shows the reader a sentence.
    pub(crate) fn show(&mut self, message: &str) -> io::Result<()> {
        let params = json!({"type": 2, "message": message});
        let shown = json!({"jsonrpc": "2.0", "method": "window/showMessage", "params": params});
        transport::write(&mut self.writer, &shown)
    }
}
