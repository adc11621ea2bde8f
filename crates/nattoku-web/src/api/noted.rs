//! What is noted of a call where it is recorded: what was decided, and by which rule of ours. Nothing of it says about whom.

use nattoku_operations::Line;
use nattoku_trace::{current_number, note};
use serde::Deserialize;

/// Of a decision's line, what decided it.
#[derive(Deserialize)]
struct Decided {
    reason: Option<Reason>,
}

#[derive(Deserialize)]
struct Reason {
    gate: Option<String>,
    reason: String,
}

/// One decision. Its id is the number of the call: what its answer has as `X-Request-ID`, unless the caller had one.
pub(crate) fn decision(line: &Line) {
    note("nattoku.decision", || line.verdict.as_str());
    note("nattoku.decision.id", || current_number().map(|number| number.to_string()).unwrap_or_default());
    note("nattoku.revision", || line.revision.0);
    note("nattoku.by_engine", || line.by_engine);
    note("nattoku.reason", || {
        let told: Option<Decided> = serde_json::from_str(&line.text).ok();
        let reason = told.and_then(|told| told.reason);
        reason.map_or_else(String::new, |Reason { gate, reason }| match gate {
            Some(gate) => format!("{gate}.{reason}"),
            None => reason,
        })
    });
}

/// Several decisions in one answer, of which each is known by the call's number and its place.
pub(crate) fn decisions<E>(answers: &[Result<Line, E>]) {
    let count = |of: fn(&Line) -> bool| {
        let those = answers.iter().flatten().filter(|line| of(line)).count();
        u64::try_from(those).unwrap_or(u64::MAX)
    };
    note("nattoku.decisions", || count(|_| true));
    note("nattoku.decisions.permitted", || count(|line| line.verdict.is_permitted()));
    note("nattoku.revision", || answers.iter().flatten().map(|line| line.revision.0).min().unwrap_or(0));
}
