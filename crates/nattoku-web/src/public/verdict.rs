//! What the check of a receipt found, in words.

use jiff::Timestamp;
use nattoku_ledger::receipt::CONSENT_REFUSED;
use nattoku_ledger::{Json, Receipt, VerifiedReceipt, receipt};
use nattoku_model::Language;
use nattoku_operations::{CheckedReceipt, ReceiptFinding, ReceiptStep};

use crate::visit::Visit;

/// What is said of a receipt.
pub(super) struct Verdict {
    /// Whether all that could be looked at holds.
    pub(super) holds: bool,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) facts: Option<Facts>,
    pub(super) steps: Vec<StepView>,
    /// What no check of a receipt shows.
    pub(super) beyond: Vec<String>,
}

/// What a receipt that holds says.
pub(super) struct Facts {
    pub(super) number: String,
    pub(super) what: String,
    /// When it happened, and when the ledger took it in: for machines and for people.
    pub(super) at: (String, String),
    pub(super) recorded: (String, String),
    pub(super) log: String,
    /// The words that were shown, with their version and their language.
    pub(super) wording: Option<(String, String, String)>,
}

/// A part of the check.
pub(super) struct StepView {
    pub(super) title: String,
    pub(super) state: StateView,
    pub(super) text: String,
}

/// A state in words and in shape.
pub(super) struct StateView {
    pub(super) kind: &'static str,
    pub(super) icon: &'static str,
    pub(super) word: String,
}

impl Verdict {
    /// The verdict on a receipt that could be read.
    pub(super) fn of(visit: &Visit, checked: &CheckedReceipt) -> Self {
        let words = visit.words;
        match checked {
            CheckedReceipt::Looked { shown, receipt, findings } => {
                let name = match shown {
                    Some(_) if findings.iter().any(|(_, found)| *found == ReceiptFinding::Unknown) => {
                        "holds-alone"
                    }
                    Some(_) => "holds",
                    None => "fails",
                };
                Self {
                    holds: shown.is_some(),
                    title: words.named("verify-verdict", name),
                    text: words.named("verify-verdict-text", name),
                    facts: shown.as_ref().map(|shown| Facts::of(visit, shown, receipt)),
                    steps: findings.iter().map(|(step, found)| step_view(visit, *step, found)).collect(),
                    beyond: ["later", "holder", "others"].map(|b| words.named("verify-beyond", b)).to_vec(),
                }
            }
            CheckedReceipt::OfAnotherLog(named) => Self {
                holds: false,
                title: words.get("verify-verdict-other-log"),
                text: words.fill("verify-verdict-text-other-log", named),
                facts: None,
                steps: Vec::new(),
                beyond: Vec::new(),
            },
            CheckedReceipt::Unreadable(_) => Self {
                holds: false,
                title: words.get("verify-verdict-fails"),
                text: words.get("verify-verdict-text-fails"),
                facts: None,
                steps: Vec::new(),
                beyond: Vec::new(),
            },
        }
    }
}

impl Facts {
    fn of(visit: &Visit, shown: &VerifiedReceipt, receipt: &Receipt) -> Self {
        let moment = |text: &str| match text.parse::<Timestamp>() {
            Ok(at) => (visit.dates.machine(&at), visit.dates.minute(&at)),
            Err(_) => (text.to_owned(), text.to_owned()),
        };
        let wording = receipt.record.get("notice").and_then(|notice| {
            let field = |name| notice.text_of(name).map(str::to_owned);
            Some((field("text_version")?, field("language")?, field("text")?))
        });
        // The entry of the ledger is of the same kind, be it that nothing was ever allowed; its issuer signed which it was.
        let events = receipt.record.get("events").map(Json::list).unwrap_or_default();
        let is_refusal = events.iter().any(|event| event.text_of("event_state") == Some(CONSENT_REFUSED));
        Self {
            number: receipt::number(shown.revision),
            what: visit.words.named("happening", if is_refusal { "consent_declined" } else { &shown.event }),
            at: moment(&shown.at),
            recorded: moment(&shown.recorded_at),
            log: shown.origin.clone(),
            wording,
        }
    }
}

fn step_view(visit: &Visit, step: ReceiptStep, finding: &ReceiptFinding) -> StepView {
    let words = visit.words;
    let (kind, icon, state) = match finding {
        ReceiptFinding::Holds => ("on", "on", "holds"),
        ReceiptFinding::Fails(_) => ("warn", "warn", "fails"),
        ReceiptFinding::Nothing => ("off", "off", "nothing"),
        _ => ("off", "off", "not-checked"),
    };
    let name = step.name();
    let text = match finding {
        ReceiptFinding::Holds => words.named("verify-holds", name),
        ReceiptFinding::Fails(why) => match visit.language {
            Language::Ja => why.ja.clone(),
            Language::En => why.en.clone(),
        },
        ReceiptFinding::LeftOut => words.get("verify-left-out"),
        ReceiptFinding::Nothing => words.get("verify-nothing-personal"),
        ReceiptFinding::NotReached => words.get("verify-not-reached"),
        ReceiptFinding::Unknown => words.get("verify-ledger-unknown"),
    };
    let state = StateView { kind, icon, word: words.named("verify-state", state) };
    StepView { title: words.named("verify-step", name), state, text }
}
