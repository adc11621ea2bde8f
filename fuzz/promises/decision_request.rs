//! What is promised about any lines that somebody sends: events and questions, in JSON, one a line.
//!
//! Events make up one principal's history, and a question is decided over those that stand before it, under the reference
//! policy.

use std::path::Path;
use std::sync::LazyLock;

use jiff::Timestamp;
use nattoku_model::Language;
use nattoku_model::event::Revision;
use nattoku_model::policy::Versions;
use nattoku_model::{Recorded, Verdict};
use nattoku_operations::{Question, decision_json, explain, read_folder, resolve};
use nattoku_store::NewEvent;

/// Most events that a history is made of here.
const EVENTS_MAX: usize = 64;

static CARRIER: LazyLock<Versions> = LazyLock::new(|| {
    let mut folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|f| f.join("policies/carrier"));
    let folder = folders.find(|f| f.is_dir()).expect("the reference policy is in the repository");
    let sources = read_folder(&folder).expect("the reference policy can be read");
    nattoku_policy::check(&sources).versions.expect("the reference policy has no errors")
});

/// An event is read back as it was written; a question is answered or refused in both languages, twice the same, and never
/// permitted where a gate does not permit.
pub(crate) fn hold(bytes: &[u8]) {
    let mut history: Vec<Recorded> = Vec::new();
    for line in bytes.split(|b| *b == b'\n') {
        match NewEvent::from_line(line) {
            Ok(event) => {
                is_read_as_written(&event);
                if event.principal.is_some() && history.len() < EVENTS_MAX {
                    history.push(recorded(event, &history));
                }
            }
            Err(error) => assert!(!error.to_string().is_empty(), "an event is refused without a word"),
        }
        if let Ok(line) = std::str::from_utf8(line) {
            ask(line, &history);
        }
    }
}

fn is_read_as_written(event: &NewEvent) {
    let line = event.to_line();
    let read = NewEvent::from_line(line.as_bytes()).expect("what was written is read");
    assert_eq!(&read, event, "another event was read from {line}");
    assert_eq!(read.to_line(), line);
    assert!(event.check().is_ok(), "an event that was read cannot be appended: {line}");
}

fn recorded(event: NewEvent, history: &[Recorded]) -> Recorded {
    let last = history.last().map_or(event.at, |last| last.recorded_at);
    let revision = Revision(u64::try_from(history.len()).unwrap_or(u64::MAX).saturating_add(1));
    Recorded { revision, at: event.at, recorded_at: last.max(event.at), event: event.event }
}

fn ask(line: &str, history: &[Recorded]) {
    let question = match Question::from_json(line) {
        Ok(question) => question,
        Err(error) => {
            let told = [Language::Ja, Language::En].map(|language| !error.problem.get(language).is_empty());
            assert_eq!(told, [true, true], "a question is refused without a word");
            return;
        }
    };
    let Ok(request) = resolve(CARRIER.current(), &question, Timestamp::UNIX_EPOCH) else { return };
    let revision = history.last().map_or(Revision(0), |last| last.revision);
    let decision = nattoku_spec::decide(&CARRIER, history, &request, revision);
    assert_eq!(decision, nattoku_spec::decide(&CARRIER, history, &request, revision), "decided otherwise");
    let gates = decision.answers.iter().flat_map(|answer| &answer.gates);
    let worst = gates.map(|gate| gate.verdict).max().unwrap_or(Verdict::Permit);
    assert!(decision.verdict >= worst, "{} though a gate says {worst}", decision.verdict);
    let json = decision_json(&decision, &CARRIER, &question.principal).to_string();
    assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok(), "the answer is not JSON: {json}");
    for language in Language::ALL {
        assert!(!explain(&decision, &CARRIER, language).is_empty());
    }
}
