//! Duties that fall due again and again: assessment, supervision, the check of a foreign system (R63, R64, APPI-28-3).

use jiff::Timestamp;
use nattoku_model::event::Revision;
use nattoku_model::policy::Recurring;

use crate::case::Case;

/// How a duty that falls due again and again stands.
pub(crate) enum Duty {
    /// Done in time; by this event, if the ledger knows of one.
    Kept(Option<Revision>),
    /// Overdue since this day.
    Overdue(String),
    /// Whether it had been done by then, nobody wrote down.
    Unknown,
}

/// Whether a recurring duty was done in time. The policy writes down when it was last done, so it says nothing of the time
/// before that; there, and after it, the ledger's own record counts where it has one. Where neither says anything, a person
/// must find out: a date mistyped into the future must not pass for a duty done.
pub(crate) fn duty(
    case: &Case<'_>,
    recurring: Option<&Recurring>,
    recorded: Option<(Timestamp, Revision)>,
) -> Duty {
    let Some(recurring) = recurring else { return Duty::Overdue("-".to_owned()) };
    let at = case.history.at;
    let written = Some(recurring.last).filter(|last| *last <= at).map(|last| (last, None));
    let newest = recorded.map(|(when, event)| (when, Some(event))).max(written);
    let Some((last, event)) = newest else { return Duty::Unknown };
    let due = recurring.every.after(last, &case.policy.timezone);
    if at < due {
        return Duty::Kept(event);
    }
    Duty::Overdue(due.to_zoned_datetime(case.policy.timezone.clone()).date().to_string())
}
