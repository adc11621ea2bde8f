//! Who looked at a principal's data, as far as the principal may be told (R57, DASH-6).

use jiff::Timestamp;
use jiff::civil::Date;
use nattoku_model::event::{Event, Recorded};
use nattoku_model::name::{ApplicationName, ViewReasonName};
use nattoku_model::policy::{Told, Versions, ViewReason};

use crate::error::OperationError;
use crate::nattoku::Nattoku;

/// Who looked at a principal's data.
#[derive(Debug, Clone)]
pub struct Views {
    /// The looks that may be told, newest first.
    pub told: Vec<Recorded>,
    /// Whether there are looks of which may be told that there are some, and no more.
    pub has_withheld: bool,
    /// Whether the policy has reasons of which the principal may never be told, or not at once.
    pub may_withhold: bool,
    /// The applications that report looks, each with the day from which on it does, the first of them first.
    pub reporting: Vec<(ApplicationName, Date)>,
    /// The applications that do not report them.
    pub silent: Vec<ApplicationName>,
}

impl Nattoku {
    /// Who looked at a principal's data, as far as they may be told now.
    ///
    /// # Errors
    /// Where the ledger knows no such principal, or cannot be read.
    pub fn views(&self, principal: &str) -> Result<Views, OperationError> {
        let versions = self.versions();
        let events = self.events_of(principal)?;
        let now = self.present(&events);
        let mut told: Vec<Recorded> = Vec::new();
        let mut has_withheld = false;
        for recorded in events.iter().filter(|e| matches!(e.event, Event::DataViewed { .. })) {
            if is_told(versions, recorded, now) {
                told.push(recorded.clone());
            } else {
                has_withheld |= is_counted(versions, recorded);
            }
        }
        told.sort_by_key(|e| std::cmp::Reverse((e.at, e.revision)));
        let policy = self.policy();
        let today = now.to_zoned_datetime(policy.timezone.clone()).date();
        let mut reporting: Vec<(ApplicationName, Date)> = Vec::new();
        let mut silent = Vec::new();
        for (name, application) in &policy.applications {
            match application.reports_views.filter(|since| *since <= today) {
                Some(since) => reporting.push((name.clone(), since)),
                None => silent.push(name.clone()),
            }
        }
        reporting.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
        Ok(Views {
            told,
            has_withheld,
            may_withhold: policy.view_reasons.values().any(|reason| reason.hidden.is_some()),
            reporting,
            silent,
        })
    }
}

/// Whether a principal may be told of an event about them at an instant. A look whose reason no version declares is kept back: what
/// law says of it is not known.
pub(crate) fn is_told(versions: &Versions, recorded: &Recorded, now: Timestamp) -> bool {
    let Event::DataViewed { reason, hidden_until, .. } = &recorded.event else { return true };
    let timezone = &versions.current().timezone;
    match view_reason(versions, reason).map(|r| r.told(recorded.at, *hidden_until, timezone)) {
        Some(Told::From(instant)) => instant <= now,
        Some(Told::Never) | None => false,
    }
}

fn is_counted(versions: &Versions, recorded: &Recorded) -> bool {
    let Event::DataViewed { reason, .. } = &recorded.event else { return false };
    let hidden = view_reason(versions, reason).and_then(|r| r.hidden.as_ref());
    hidden.is_some_and(|hidden| hidden.counted)
}

/// What the newest version that declares a reason says of it.
pub(crate) fn view_reason<'v>(versions: &'v Versions, name: &ViewReasonName) -> Option<&'v ViewReason> {
    versions.oldest_first().into_iter().rev().find_map(|policy| policy.view_reasons.get(name))
}
