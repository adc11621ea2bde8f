//! Checking a receipt that somebody shows: by the log's key, and against the ledger as it stands (R47).

use nattoku_ledger::{Checkpoint, NoteError, Opening, Receipt, ReceiptError, VerifiedReceipt};
use nattoku_policy::diagnostic::Words;

use crate::log::{LogError, continues};
use crate::nattoku::Nattoku;

/// A part of the check, in the order in which they are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReceiptStep {
    /// The log's key signed the record.
    Signature,
    /// The event is in the tree that the log signed.
    Inclusion,
    /// The record says what the ledger's entry says.
    Record,
    /// What is personal is what the entry commits to.
    Payload,
    /// The ledger as it stands continues the tree that was signed.
    Ledger,
}

impl ReceiptStep {
    /// Every part, in order.
    pub const ALL: [Self; 5] = [Self::Signature, Self::Inclusion, Self::Record, Self::Payload, Self::Ledger];

    /// Its name in catalogues of words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::Inclusion => "inclusion",
            Self::Record => "record",
            Self::Payload => "payload",
            Self::Ledger => "ledger",
        }
    }

    /// The part that an error of the proof is about.
    const fn of(error: &ReceiptError) -> Self {
        match error {
            ReceiptError::Key | ReceiptError::Statement(_) | ReceiptError::OtherRecord => Self::Signature,
            ReceiptError::Proof(_) => Self::Inclusion,
            ReceiptError::Payload => Self::Payload,
            _ => Self::Record,
        }
    }
}

/// What came of a part of the check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReceiptFinding {
    /// It holds.
    Holds,
    /// It does not, and why.
    Fails(Words),
    /// The receipt leaves it out.
    LeftOut,
    /// The event has nothing of the kind.
    Nothing,
    /// What comes before it does not hold.
    NotReached,
    /// It could not be looked at just now.
    Unknown,
}

/// What a check of a receipt found.
#[derive(Debug)]
pub enum CheckedReceipt {
    /// It cannot be read as a receipt.
    Unreadable(ReceiptError),
    /// It is signed by another log than this one; the name that it gives.
    OfAnotherLog(String),
    /// It was looked at, part by part.
    Looked {
        /// What it says of the ledger; none where it does not hold.
        shown: Option<Box<VerifiedReceipt>>,
        /// The receipt.
        receipt: Box<Receipt>,
        /// Every part with what came of it.
        findings: Vec<(ReceiptStep, ReceiptFinding)>,
    },
}

impl Nattoku {
    /// Checks a receipt that somebody shows; none where the ledger is not signed here, so that there is no key to check by. Nothing of
    /// it is kept.
    #[must_use]
    pub fn check_receipt(&self, file: &str) -> Option<CheckedReceipt> {
        let key = self.log_key()?;
        let receipt = match Receipt::parse(file) {
            Ok(receipt) => receipt,
            Err(error) => return Some(CheckedReceipt::Unreadable(error)),
        };
        Some(match receipt.verify(key, &[]) {
            // One that names this ledger and bears another signature does not hold.
            Err(ReceiptError::Statement(NoteError::NotSignedBy(_)))
                if origin_of(&receipt) != key.name().name =>
            {
                CheckedReceipt::OfAnotherLog(origin_of(&receipt))
            }
            Err(error) => {
                let findings = findings_of(&error);
                CheckedReceipt::Looked { shown: None, receipt: Box::new(receipt), findings }
            }
            Ok(shown) => {
                let ledger = self.ledger_finding(&shown);
                let holds = ledger == ReceiptFinding::Holds || ledger == ReceiptFinding::Unknown;
                let findings = ReceiptStep::ALL.into_iter().map(|step| match step {
                    ReceiptStep::Payload => (step, of_opening(shown.opening)),
                    ReceiptStep::Ledger => (step, ledger.clone()),
                    _ => (step, ReceiptFinding::Holds),
                });
                let findings = findings.collect();
                let shown = holds.then(|| Box::new(shown));
                CheckedReceipt::Looked { shown, receipt: Box::new(receipt), findings }
            }
        })
    }

    /// Whether the ledger as it stands has the tree that the receipt was proved by.
    fn ledger_finding(&self, shown: &VerifiedReceipt) -> ReceiptFinding {
        let signed = Checkpoint::of(&shown.origin, shown.tree);
        let looked = self.store.revision().map_err(LogError::from);
        match looked.and_then(|revision| continues(self.store.as_ref(), &signed, revision.0)) {
            Ok(()) => ReceiptFinding::Holds,
            // Whoever runs the ledger learns it from the log's own check; the receipt is neither better nor worse for it.
            Err(LogError::Store(_)) => ReceiptFinding::Unknown,
            Err(_) => ReceiptFinding::Fails(Words::new(
                "いまの台帳は、この控えが出たときの台帳の続きではありません",
                "the ledger as it stands does not continue the one by which this receipt was issued",
            )),
        }
    }
}

/// The log that a receipt names.
fn origin_of(receipt: &Receipt) -> String {
    let named = receipt.record.get("ledger").and_then(|ledger| ledger.text_of("origin"));
    named.unwrap_or_default().to_owned()
}

/// Every part, where one does not hold: those before it do, and those after it were not looked at.
fn findings_of(error: &ReceiptError) -> Vec<(ReceiptStep, ReceiptFinding)> {
    let failed = ReceiptStep::of(error);
    let findings = ReceiptStep::ALL.into_iter().map(|step| {
        let finding = match step.cmp(&failed) {
            std::cmp::Ordering::Less => ReceiptFinding::Holds,
            std::cmp::Ordering::Equal => {
                ReceiptFinding::Fails(Words::new(error.japanese(), error.to_string()))
            }
            std::cmp::Ordering::Greater => ReceiptFinding::NotReached,
        };
        (step, finding)
    });
    findings.collect()
}

const fn of_opening(opening: Opening) -> ReceiptFinding {
    match opening {
        Opening::Checked => ReceiptFinding::Holds,
        Opening::Nothing => ReceiptFinding::Nothing,
        Opening::LeftOut => ReceiptFinding::LeftOut,
    }
}
