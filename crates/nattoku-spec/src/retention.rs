//! When the retention of a holding ends (R38, APPI-22).

use jiff::Timestamp;
use nattoku_model::Policy;
use nattoku_model::event::Revision;
use nattoku_model::history::{History, Holding, Interval};
use nattoku_model::name::RelationshipName;
use nattoku_model::policy::{Retention, RetentionStart};

/// The rules that limit how long the holding, or some of it, may be kept, each with the instant at which it ends; none while a relationship
/// that it waits for is alive.
pub fn ends<'a>(
    policy: &'a Policy,
    history: &History<'_>,
    holding: &Holding,
) -> impl Iterator<Item = (&'a Retention, Option<Timestamp>)> {
    policy.retention_within(&holding.category).map(move |retention| {
        let start = clock_starts(history, holding, &retention.after);
        (retention, start.map(|start| retention.period.after(start, &policy.timezone)))
    })
}

/// When the clock starts; never while one of the relationships it waits for is alive. Where there never was one, nothing is
/// waited for.
fn clock_starts(history: &History<'_>, holding: &Holding, after: &RetentionStart) -> Option<Timestamp> {
    let RetentionStart::Ended(relationships) = after else { return Some(holding.acquired) };
    let intervals = intervals(history, relationships);
    if intervals.iter().any(|i| i.until.is_none()) {
        return None;
    }
    Some(last_end(&intervals).map_or(holding.acquired, |(end, _)| end.max(holding.acquired)))
}

/// The stretches in which any of these relationships was alive.
pub(crate) fn intervals(history: &History<'_>, relationships: &[RelationshipName]) -> Vec<Interval> {
    relationships.iter().flat_map(|r| history.intervals(r)).collect()
}

/// The last end among them.
pub(crate) fn last_end(intervals: &[Interval]) -> Option<(Timestamp, Revision)> {
    intervals.iter().filter_map(|i| i.until).max()
}
