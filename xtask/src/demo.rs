//! The demonstration, started for the time of a check.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::command::Program;
use crate::steps::{Failure, Outcome};
use crate::workspace::Workspace;

/// How many synthetic principals: enough for every kind of page, few enough to start at once.
const PRINCIPALS: &str = "200";

/// How long the demonstration may take until it says that it is ready.
const READY_SECONDS: u64 = 180;

/// A running demonstration. It is ended, and its data removed, when this is dropped.
pub(crate) struct Demo {
    /// Where it serves, without a slash at the end.
    pub(crate) url: String,
    /// Links that sign a principal in, each with the name it was printed under.
    pub(crate) sign_in: Vec<(String, String)>,
    /// The link that signs an operator in, where the program has a desk.
    pub(crate) desk: Option<String>,
    /// Tokens by which programs call, each with its application.
    pub(crate) tokens: Vec<(String, String)>,
    /// The file of its ledger.
    pub(crate) ledger: Option<String>,
    child: Child,
    folder: PathBuf,
}

impl Demo {
    /// Starts `nattoku demo` on a free port, with its data in a folder that is named for the check, and waits for its line.
    pub(crate) fn start(workspace: &Workspace, check: &str) -> Outcome<Self> {
        let folder = workspace.target()?.join(check);
        clear(&folder)?;
        let port = free_port()?;
        let program = workspace.program()?;
        let store = folder.join("demo");
        let mut command = Program::new(&program.to_string_lossy(), workspace.root())
            .arguments(&["demo", "--port", &port, "--principals", PRINCIPALS, "--format", "json", "--dir"])
            .arguments(&[store.to_string_lossy()])
            .into_command();
        println!(
            "$ nattoku demo --port {port} --principals {PRINCIPALS} --format json --dir {}",
            store.display()
        );
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| Failure::new(format!("cannot start {}: {error}", program.display())))?;
        match ready_line(&mut child).and_then(|line| read_links(&line)) {
            Ok(Links { url, sign_in, desk, tokens, ledger }) => {
                Ok(Self { url, sign_in, desk, tokens, ledger, child, folder })
            }
            Err(failure) => {
                end(&mut child);
                Err(failure)
            }
        }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        end(&mut self.child);
        if let Err(failure) = clear(&self.folder) {
            println!("{failure}");
        }
    }
}

/// A port nobody listened on a moment ago.
fn free_port() -> Outcome<String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    let address = listener.map_err(|error| Failure::new(format!("no port is free on 127.0.0.1: {error}")))?;
    Ok(address.port().to_string())
}

/// The first line on standard output that is a JSON object.
fn ready_line(child: &mut Child) -> Outcome<String> {
    let stdout =
        child.stdout.take().ok_or_else(|| Failure::new("the demonstration has no standard output"))?;
    let (sender, lines) = mpsc::channel();
    // The thread goes on reading to the end, so that the demonstration never waits for a full pipe.
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            if line.starts_with('{') && sender.send(line).is_err() {
                return;
            }
        }
    });
    lines.recv_timeout(Duration::from_secs(READY_SECONDS)).map_err(|_| match child.try_wait() {
        Ok(Some(status)) => {
            Failure::new(format!("the demonstration ended with {status} before it was ready"))
        }
        _ => Failure::new(format!("the demonstration was not ready after {READY_SECONDS} s")),
    })
}

/// What the demonstration's line says.
#[derive(Debug)]
struct Links {
    url: String,
    sign_in: Vec<(String, String)>,
    desk: Option<String>,
    tokens: Vec<(String, String)>,
    ledger: Option<String>,
}

/// Reads `{"url": …, "sign_in": {name: link}, "desk": link, "tokens": {application: token}, "store": "sqlite:PATH"}`.
fn read_links(line: &str) -> Outcome<Links> {
    let value: Value = serde_json::from_str(line)
        .map_err(|error| Failure::new(format!("the demonstration's line is not JSON: {error}: {line}")))?;
    let text = |field: &str| value.get(field).and_then(Value::as_str).map(str::to_owned);
    let url =
        text("url").ok_or_else(|| Failure::new(format!("the demonstration's line has no `url`: {line}")))?;
    let named = |field: &str| {
        let named = value.get(field).and_then(Value::as_object).into_iter().flatten();
        named.filter_map(|(name, text)| Some((name.clone(), text.as_str()?.to_owned()))).collect()
    };
    let (sign_in, tokens) = (named("sign_in"), named("tokens"));
    let ledger = text("store").and_then(|store| store.strip_prefix("sqlite:").map(str::to_owned));
    Ok(Links { url: url.trim_end_matches('/').to_owned(), sign_in, desk: text("desk"), tokens, ledger })
}

fn end(child: &mut Child) {
    if child.kill().and_then(|()| child.wait()).is_err() {
        println!("the demonstration could not be ended: process {}", child.id());
    }
}

fn clear(folder: &PathBuf) -> Outcome {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Failure::new(format!("cannot remove {}: {error}", folder.display())))
        }
        _ => std::fs::create_dir_all(folder)
            .map_err(|error| Failure::new(format!("cannot make {}: {error}", folder.display()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_the_demonstration_is_read() {
        let line = r#"{"url":"http://127.0.0.1:9/","sign_in":{"hanako":"http://127.0.0.1:9/x"},"desk":"http://127.0.0.1:9/d","tokens":{"a":"t"},"store":"sqlite:/l"}"#;
        let Links { url, sign_in, desk, tokens, ledger } = read_links(line).unwrap();
        assert_eq!(url, "http://127.0.0.1:9");
        assert_eq!(sign_in, [("hanako".to_owned(), "http://127.0.0.1:9/x".to_owned())]);
        assert_eq!(desk.as_deref(), Some("http://127.0.0.1:9/d"));
        assert_eq!(tokens, [("a".to_owned(), "t".to_owned())]);
        assert_eq!(ledger.as_deref(), Some("/l"));
        assert!(read_links(r#"{"sign_in":{}}"#).is_err());
    }
}
