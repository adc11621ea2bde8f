//! Scenarios: what a policy promises about an example, as data. Running them is not done here.

use nattoku_model::name::VersionName;
use nattoku_model::policy::Place;
use nattoku_model::{Gate, Reason, Recorded, Request, Verdict};

use crate::diagnostic::Label;

/// An example of a principal, a question and the answer expected.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// What it shows.
    pub title: String,
    /// Where it stands.
    pub place: Place,
    /// The bytes of its title.
    pub label: Label,
    /// The bytes of its `expect` line, for saying what came instead.
    pub expect_label: Label,
    /// What happened, in the order in which it was recorded, revisions from 1.
    pub events: Vec<Recorded>,
    /// What is asked.
    pub request: Request,
    /// What must be answered.
    pub expect: Expect,
}

/// The answer expected. What is not named is not compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expect {
    /// The verdict.
    pub verdict: Verdict,
    /// The reason: of `gate` where one is named, otherwise of the gate that decides.
    pub reason: Option<Reason>,
    /// The gate that must say it.
    pub gate: Option<Gate>,
    /// The version that governs.
    pub governing: Option<VersionName>,
    /// An obligation that must be among the answer's: `pseudonymize`.
    pub obligation: Option<String>,
}
