//! Consent items: which wordings count, from whom, and for how long (R41, R42).

use std::collections::BTreeSet;

use nattoku_model::name::{ConsentName, WordingName};
use nattoku_model::policy::{ConsentItem, Guardian, Period, Rule};
use nattoku_model::{ChangeKind, Language, Policy, Text};

use super::affected::Affected;
use super::compare::{Comparison, names, squeezed};
use super::titles::{self, nothing, plain, words, written};
use super::touch::Touch;

/// The wordings that count under both versions, for a provision or for any act of an activity: where there is one, consents
/// given earlier are used for it. `accepts` narrows what the item accepts.
pub(super) fn standing(
    old: &Policy,
    new: &Policy,
    item: &ConsentName,
    accepts: Option<&BTreeSet<WordingName>>,
) -> Option<BTreeSet<WordingName>> {
    let (before, after) = (old.consents.get(item)?, new.consents.get(item)?);
    let counts = |w: &WordingName| after.accepts.contains(w) && accepts.is_none_or(|a| a.contains(w));
    let wordings: BTreeSet<WordingName> = before.accepts.iter().filter(|w| counts(w)).cloned().collect();
    (!wordings.is_empty()).then_some(wordings)
}

/// Compares the consent items.
pub(super) fn compare(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    let names = names(&old.consents, &new.consents);
    for name in &names.added {
        comparison.add(ChangeKind::ConsentAdded, Rule::new("consent", name)).done();
    }
    for name in &names.gone {
        let wordings = old.consents.get(name).map(|c| c.accepts.clone()).unwrap_or_default();
        comparison
            .add(ChangeKind::ConsentRemoved, Rule::new("consent", name))
            .concerns(Affected::Agreed(name.clone(), wordings))
            .touches([Touch::consent(name)])
            .done();
    }
    for name in &names.both {
        if let (Some(before), Some(after)) = (old.consents.get(name), new.consents.get(name)) {
            let pair = Pair { name, before, after };
            wordings(comparison, &pair);
            conditions(comparison, &pair);
            comparison.words(
                &Rule::new("consent", name),
                &[(&before.title, &after.title), (&before.consequence, &after.consequence)],
            );
        }
    }
}

/// A consent item as both versions have it.
struct Pair<'a> {
    name: &'a ConsentName,
    before: &'a ConsentItem,
    after: &'a ConsentItem,
}

impl Pair<'_> {
    fn rule(&self) -> Rule {
        Rule::new("consent", self.name)
    }

    /// Those whose consent counts under the older version.
    fn agreed(&self) -> Affected {
        Affected::Agreed(self.name.clone(), self.before.accepts.clone())
    }
}

fn wordings(comparison: &mut Comparison<'_>, pair: &Pair<'_>) {
    let (before, after) = (pair.before, pair.after);
    let altered: BTreeSet<WordingName> = before
        .wordings
        .iter()
        .filter(|(version, text)| after.wordings.get(*version).is_some_and(|now| differs(text, now)))
        .map(|(version, _)| version.clone())
        .collect();
    if !altered.is_empty() {
        comparison
            .add(ChangeKind::ConsentWordingAltered, pair.rule())
            .items(written(&altered))
            .concerns(Affected::Agreed(pair.name.clone(), altered))
            .touches([Touch::consent(pair.name)])
            .done();
    }
    let dropped: BTreeSet<WordingName> = before.accepts.difference(&after.accepts).cloned().collect();
    // A wording that the older version did not know cannot have been agreed to.
    let gained: BTreeSet<WordingName> = after
        .accepts
        .difference(&before.accepts)
        .filter(|w| before.wordings.contains_key(*w))
        .cloned()
        .collect();
    if !gained.is_empty() {
        comparison
            .add(ChangeKind::ConsentAcceptsMore, pair.rule())
            .items(written(&gained))
            .concerns(Affected::GainsConsent(pair.name.clone()))
            .touches([Touch::consent(pair.name)])
            .done();
    }
    if !dropped.is_empty() {
        comparison
            .add(ChangeKind::ConsentWordingNotAccepted, pair.rule())
            .items(written(&dropped))
            .concerns(Affected::Agreed(pair.name.clone(), dropped))
            .touches([Touch::consent(pair.name)])
            .done();
    } else if before.text != after.text {
        comparison
            .add(ChangeKind::ConsentReworded, pair.rule())
            .between(plain(&before.text), plain(&after.text))
            .concerns(pair.agreed())
            .done();
    }
}

/// Whether a wording differs in any language: each was read by those to whom it was shown.
fn differs(old: &Text, new: &Text) -> bool {
    Language::ALL.into_iter().any(|language| squeezed(old, language) != squeezed(new, language))
}

fn conditions(comparison: &mut Comparison<'_>, pair: &Pair<'_>) {
    let (before, after) = (pair.before, pair.after);
    let note = |comparison: &mut Comparison<'_>, kind, affected: Affected, texts: [Text; 2]| {
        let [was, is] = texts;
        comparison
            .add(kind, pair.rule())
            .between(was, is)
            .concerns(affected)
            .touches([Touch::consent(pair.name)])
            .done();
    };
    let none = || [nothing(), nothing()];
    match (before.individual, after.individual) {
        (false, true) => note(comparison, ChangeKind::ConsentBecameIndividual, pair.agreed(), none()),
        (true, false) => note(comparison, ChangeKind::ConsentNoLongerIndividual, pair.agreed(), none()),
        _ => {}
    }
    if before.principal_matter != after.principal_matter {
        comparison.add(ChangeKind::ConsentPrincipalMatterChanged, pair.rule()).done();
    }
    let age =
        |guardian: Option<Guardian>| guardian.map_or((0, 0), |g| (g.under, g.judge_from.unwrap_or(g.under)));
    let (was, is) = (age(before.guardian), age(after.guardian));
    if was != is {
        // Whoever is younger than either age is judged less freely where one of them rises.
        let (kind, affected) = if is.0 > was.0 || is.1 > was.1 {
            (ChangeKind::GuardianAgeRaised, Affected::LosesConsent(pair.name.clone()))
        } else {
            (ChangeKind::GuardianAgeLowered, Affected::GainsConsent(pair.name.clone()))
        };
        note(comparison, kind, affected, [before.guardian, after.guardian].map(guardian_words));
    }
    let reach = |period: Option<Period>| {
        period.map(|p| p.after(jiff::Timestamp::UNIX_EPOCH, &jiff::tz::TimeZone::UTC))
    };
    let texts = || [before.lasts, after.lasts].map(lasts_words);
    match (reach(before.lasts), reach(after.lasts)) {
        (was, is) if was == is => {}
        (Some(was), Some(is)) if is < was => {
            note(comparison, ChangeKind::ConsentLastsShorter, pair.agreed(), texts());
        }
        (None, Some(_)) => note(comparison, ChangeKind::ConsentLastsShorter, pair.agreed(), texts()),
        _ => note(comparison, ChangeKind::ConsentLastsLonger, pair.agreed(), texts()),
    }
}

fn guardian_words(guardian: Option<Guardian>) -> Text {
    match guardian {
        None => nothing(),
        Some(Guardian { under, judge_from: None }) => {
            words(format!("{under} 歳未満"), format!("under {under}"))
        }
        Some(Guardian { under, judge_from: Some(from) }) => words(
            format!("{under} 歳未満（{from} 歳からは個別に判断）"),
            format!("under {under}, judged one by one from {from}"),
        ),
    }
}

fn lasts_words(period: Option<Period>) -> Text {
    period.map_or_else(|| words("撤回まで", "until withdrawn"), titles::period)
}
