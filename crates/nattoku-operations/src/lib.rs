//! Everything Nattoku can do, one file each; the only writer to the ledger.
//!
//! The terminal and the pages call the same operations, so neither has a second answer. An operation takes plain values,
//! checks names against the policy, reads or appends, and gives plain values back; HTML, HTTP and SQL are elsewhere.

mod answer;
mod append;
mod audience;
mod callers;
mod changed;
mod check_receipt;
mod choices;
mod consents;
mod dashboard;
mod decide;
mod difference;
mod erase;
mod error;
mod explain;
mod feed;
mod fields;
mod filter;
mod follow;
mod general;
mod grouped;
mod impact;
mod import_events;
mod in_force;
mod issue_receipt;
mod json;
mod log;
mod names;
mod nattoku;
mod node;
mod policy_folder;
mod policy_watch;
mod population;
mod publication;
mod question;
mod record;
mod run_scenarios;
mod signals;
mod unregistered;
mod uses;
mod version_change;
mod views;

pub use answer::decision_json;
pub use audience::{
    Asked, Audience, AudienceChange, AudienceError, Baseline, Listed, Moved, OtherPolicy, Others, Together,
    Way, audience_about, audience_json, audience_text,
};
pub use callers::{Caller, CallerAct, Callers, EVERY_APPLICATION, Secret};
pub use changed::Changed;
pub use check_receipt::{CheckedReceipt, ReceiptFinding, ReceiptStep};
pub use choices::{ChoiceAct, ChoiceState};
pub use consents::{ConsentState, ConsentStatus, GrantedText, refusals};
pub use dashboard::{GoverningLine, HeldCategory, HeldLine, Overview, ReceiptView, WillAct};
pub use decide::resolve;
pub use difference::{Compared, difference_json, difference_text};
pub use erase::{erase, erase_everywhere};
pub use error::{OperationError, Undeclared};
pub use explain::explain;
pub use feed::{FeedEvent, FeedPage};
pub use fields::{FieldError, Fields, is_too_long, not_too_long};
pub use filter::{AskedFilter, FilterError, SnapshotTaken, filter_json, filter_text};
pub use follow::{
    Figures, Following, Line, PermittedPage, Renewed, Respondent, Respondents, Standing, Telling,
};
pub use grouped::grouped;
pub use impact::{Count, Impact, ImpactError, impact, impact_json, impact_text};
pub use import_events::{ImportError, Imported, LineFault};
pub use in_force::{
    InForceFrom, PutInForce, UnusablePolicy, activations, hexadecimal, in_force, kept_publication,
    kept_sources, published_in_force, to_be_kept,
};
pub use issue_receipt::{ReceiptFile, ReceiptWanted};
pub use json::{Json, JsonObject};
pub use log::{LogError, PublishedLog, continues, next_checkpoint};
pub use nattoku::{Nattoku, Receipt, WillRequest};
pub use node::{
    Enforcing, Freshness, Hearing, Keeping, Kept, LOOK_EVERY, Leasing, MadeReady, Node, NodeError, TakenIn,
};
pub use policy_folder::{FolderError, Instead, read_folder};
pub use policy_watch::{Look, PolicyWatch};
pub use population::{CaughtUp, Opened, PopulationError, Progress, SnapshotUse, Unfit, Written};
pub use publication::Publication;
pub use question::{Alike, ClaimText, Question};
pub use record::RecordError;
pub use run_scenarios::{ScenarioResult, run_scenarios};
pub use unregistered::{did_you_mean, nearest_activity};
pub use uses::{Foreseen, Outcome, Snapshot, Use, UseLine};
pub use version_change::{Concerning, Ended, VersionChange, VersionShifts};
pub use views::Views;
