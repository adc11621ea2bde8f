//! How long each category is kept: what applies to it is compared, wherever it is written.

use std::collections::BTreeSet;

use nattoku_model::name::{CategoryName, RelationshipName};
use nattoku_model::policy::{Period, Retention, RetentionStart, Rule};
use nattoku_model::{ChangeKind, Language, Policy, Text};

use super::affected::Affected;
use super::compare::{Comparison, names};
use super::titles::{joined, period, words};
use super::touch::Touch;

/// What limits the keeping of a category: lengths, and what they are counted from.
type Limits = BTreeSet<(Period, Option<BTreeSet<RelationshipName>>)>;

/// Compares what applies to every category that both policies declare. Where it changes for the node above alike, it is told
/// there.
pub(super) fn compare(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    let shift = |name: &CategoryName| (limits(old, name), limits(new, name));
    for name in names(&old.categories, &new.categories).both {
        let (was, is) = shift(&name);
        if was == is || name.parent().is_some_and(|above| shift(&above) == (was.clone(), is.clone())) {
            continue;
        }
        let rules = |policy: &Policy| {
            policy.retention_of(&name).map(|r| Rule::new("retention", &r.category)).collect::<Vec<_>>()
        };
        let rule = rules(new).into_iter().chain(rules(old)).next();
        let rule = rule.unwrap_or_else(|| Rule::new("retention", &name));
        let texts = [(&was, old), (&is, new)].map(|(limits, policy)| in_words(limits, policy));
        let [before, after] = texts;
        let affected = Affected::holds([&name]);
        let noted = comparison.add(kind(&was, &is), rule.clone()).between(before, after).concerns(affected);
        let noted = noted.touches([Touch::category(&name)]);
        if rule.name == name.as_str() { noted.done() } else { noted.within(&name).done() }
    }
}

fn limits(policy: &Policy, name: &CategoryName) -> Limits {
    let start = |r: &Retention| match &r.after {
        RetentionStart::Acquired => None,
        RetentionStart::Ended(of) => Some(of.iter().cloned().collect()),
    };
    policy.retention_of(name).map(|r| (r.period, start(r))).collect()
}

/// Longer where every limit that remains is longer or gone, counted from the same; shorter likewise.
fn kind(was: &Limits, is: &Limits) -> ChangeKind {
    let starts = |limits: &Limits| limits.iter().map(|(_, start)| start.clone()).collect::<BTreeSet<_>>();
    let longest = |limits: &Limits| limits.iter().map(|(period, _)| *period).min();
    match (longest(was), longest(is)) {
        (Some(_), None) => ChangeKind::RetentionLengthened,
        (None, Some(_)) => ChangeKind::RetentionShortened,
        (Some(before), Some(after)) if starts(was) == starts(is) && days(after) > days(before) => {
            ChangeKind::RetentionLengthened
        }
        (Some(before), Some(after)) if starts(was) == starts(is) && days(after) < days(before) => {
            ChangeKind::RetentionShortened
        }
        _ => ChangeKind::RetentionChanged,
    }
}

/// The length to compare by: counted out from one day, so that 12 months and 1 year are alike.
fn days(period: Period) -> jiff::Timestamp {
    period.after(jiff::Timestamp::UNIX_EPOCH, &jiff::tz::TimeZone::UTC)
}

fn in_words(limits: &Limits, policy: &Policy) -> Text {
    if limits.is_empty() {
        return words("期限なし", "without limit");
    }
    joined(limits.iter().map(|(length, start)| {
        let length = period(*length);
        let (ja, en) = (length.get(Language::Ja), length.get(Language::En));
        let Some(of) = start else {
            return words(format!("取得から {ja}"), format!("{en} from acquisition"));
        };
        let titles = joined(of.iter().filter_map(|r| policy.relationships.get(r)).map(|r| r.title.clone()));
        words(
            format!("終了から {ja}（{}）", titles.get(Language::Ja)),
            format!("{en} from the end of {}", titles.get(Language::En)),
        )
    }))
}
