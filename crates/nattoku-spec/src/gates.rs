//! The gates, one file each, in the order of the design's table.

mod choice;
mod consent;
mod governing;
mod minimisation;
mod origin;
mod prohibition;
mod provision;
mod purpose;
mod recipient;
mod relationship;
mod restriction;
mod secrecy;
mod transfer;

use nattoku_model::history::Holding;
use nattoku_model::{Gate, GateAnswer};

use crate::case::Case;

/// What one gate says of one holding.
pub(crate) fn judge(gate: Gate, case: &Case<'_>, holding: &Holding) -> GateAnswer {
    match gate {
        Gate::Governing => governing::judge(case),
        Gate::Prohibition => prohibition::judge(case, holding),
        Gate::Origin => origin::judge(case, holding),
        Gate::Purpose => purpose::judge(case),
        Gate::Relationship => relationship::judge(case, holding),
        Gate::Secrecy => secrecy::judge(case, holding),
        Gate::Recipient => recipient::judge(case),
        Gate::Provision => provision::judge(case, holding),
        Gate::Transfer => transfer::judge(case),
        Gate::Choice => choice::judge(case),
        Gate::Consent => consent::judge(case),
        Gate::Restriction => restriction::judge(case, holding),
        Gate::Minimisation => minimisation::judge(case),
    }
}
