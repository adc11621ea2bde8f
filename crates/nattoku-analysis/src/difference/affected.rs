//! Whom a change concerns: a condition on a principal's history, that can be said in words and counted.

use std::collections::BTreeSet;

use nattoku_model::history::{ConsentAct, History, Holding};
use nattoku_model::name::{
    CategoryName, ChoiceName, ConsentName, EntrusterName, RelationshipName, SourceName, WordingName,
};
use nattoku_model::policy::{Rule, Versions};
use nattoku_model::{Language, Policy, Text, Verdict};

use super::data::top_only;
use super::titles::{self, words};

/// A condition on a principal. It is closed under "any of" and "all of", and never looks at anything but the history and
/// both policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Affected {
    /// Nobody's data or will are concerned.
    Nobody,
    /// Every principal of the ledger.
    Everybody,
    /// Who holds, in our keeping, one of these categories or of what is below them, in a holding that the newer version
    /// governs: what a transition keeps under an earlier version is not concerned (R75).
    Holds(BTreeSet<CategoryName>),
    /// Of whom something is held that came from this source.
    HeldFrom(SourceName),
    /// Of whom something is held that this business entrusted.
    HeldFor(EntrusterName),
    /// Whose consent to the item counts under the older version, and is to one of these wordings.
    Agreed(ConsentName, BTreeSet<WordingName>),
    /// Whose consent to the item counts under the older version and not under the newer one.
    LosesConsent(ConsentName),
    /// Whose consent to the item counts under the newer version and not under the older one.
    GainsConsent(ConsentName),
    /// Who declined the choice and has not taken it back.
    Declined(ChoiceName),
    /// Who has had the relationship at any time.
    Tied(RelationshipName),
    /// One of these.
    Any(Vec<Self>),
    /// All of these.
    All(Vec<Self>),
}

/// A principal as a change sees one.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The older version.
    pub old: &'a Policy,
    /// The newer version with those before it.
    pub new: &'a Versions,
    /// The principal's history, seen from an instant at which the newer version is in force.
    pub history: &'a History<'a>,
}

impl Affected {
    /// Any of these; nobody where there is none, and the one where there is one.
    pub(super) fn any(conditions: impl IntoIterator<Item = Self>) -> Self {
        let mut distinct: Vec<Self> = Vec::new();
        for condition in conditions {
            if condition != Self::Nobody && !distinct.contains(&condition) {
                distinct.push(condition);
            }
        }
        match distinct.len() {
            0 => Self::Nobody,
            1 => distinct.pop().unwrap_or(Self::Nobody),
            _ => Self::Any(distinct),
        }
    }

    /// Who holds one of these categories; nobody where none is named.
    pub(super) fn holds<'n>(categories: impl IntoIterator<Item = &'n CategoryName>) -> Self {
        let categories: BTreeSet<CategoryName> =
            top_only(categories.into_iter().cloned()).into_iter().collect();
        if categories.is_empty() { Self::Nobody } else { Self::Holds(categories) }
    }

    /// Those of these who fulfil another condition as well.
    pub(super) fn and(self, other: Self) -> Self {
        Self::All(vec![self, other])
    }

    /// Whether the principal is concerned.
    #[must_use]
    pub fn includes(&self, seen: &Seen<'_>) -> bool {
        match self {
            Self::Nobody => false,
            Self::Everybody => true,
            Self::Holds(categories) => {
                let is_governed = |holding: &Holding| {
                    let (era, _) = nattoku_spec::governing(seen.new, seen.history, holding.acquired);
                    era.governing == seen.new.current().version
                };
                categories.iter().flat_map(|c| seen.history.holdings(c)).any(|h| is_governed(&h))
            }
            Self::HeldFrom(source) => held(seen).any(|h| h.source.as_ref() == Some(source)),
            Self::HeldFor(entruster) => held(seen).any(|h| h.entrusted_from.as_ref() == Some(entruster)),
            Self::Agreed(item, wordings) => {
                stands(seen.old, seen, item)
                    && matches!(seen.history.consent(item),
                        Some(ConsentAct::Granted { text_version, .. }) if wordings.contains(&text_version))
            }
            Self::LosesConsent(item) => {
                stands(seen.old, seen, item) && !stands(seen.new.current(), seen, item)
            }
            Self::GainsConsent(item) => {
                !stands(seen.old, seen, item) && stands(seen.new.current(), seen, item)
            }
            Self::Declined(choice) => seen.history.declined(choice).is_some(),
            Self::Tied(relationship) => !seen.history.intervals(relationship).is_empty(),
            Self::Any(conditions) => conditions.iter().any(|c| c.includes(seen)),
            Self::All(conditions) => conditions.iter().all(|c| c.includes(seen)),
        }
    }

    /// The condition in words, as what follows "concerns".
    #[must_use]
    pub fn words(&self, old: &Policy, new: &Policy) -> Text {
        match self {
            Self::Nobody => words("なし", "nobody"),
            Self::Everybody => words("すべての方", "everybody"),
            Self::Holds(_) | Self::HeldFrom(_) | Self::HeldFor(_) | Self::Tied(_) => {
                self.held_in_words([new, old])
            }
            Self::Agreed(..) | Self::LosesConsent(_) | Self::GainsConsent(_) | Self::Declined(_) => {
                self.will_in_words([new, old])
            }
            Self::Any(conditions) => several(conditions, old, new, ["、または", ", or "]),
            Self::All(conditions) => several(conditions, old, new, ["、かつ", ", and "]),
        }
    }

    /// What is held of them, and what ties them to us.
    fn held_in_words(&self, policies: [&Policy; 2]) -> Text {
        let titled = |kind, name: &str| {
            let rule = Rule::new(kind, name);
            let title = policies.iter().find_map(|p| titles::of_rule(p, &rule));
            title.unwrap_or_else(|| titles::plain(name))
        };
        let (title, ja, en) = match self {
            Self::Holds(categories) => (
                titles::categories(policies, categories),
                "次のデータのどれかが保有されている方（{}）",
                "of whom any of this is held ({})",
            ),
            Self::HeldFrom(source) => (
                titled("source", source.as_str()),
                "{}から取得したデータがある方",
                "of whom something is held that came from {}",
            ),
            Self::HeldFor(entruster) => (
                titled("entruster", entruster.as_str()),
                "{}から預かったデータがある方",
                "of whom something is held for {}",
            ),
            Self::Tied(relationship) => (
                titled("relationship", relationship.as_str()),
                "{}があるか、あった方",
                "who have or had this tie: {}",
            ),
            _ => return Text::default(),
        };
        filled(&title, ja, en)
    }

    /// What they agreed to and declined.
    fn will_in_words(&self, policies: [&Policy; 2]) -> Text {
        let (title, ja, en) = match self {
            Self::Agreed(item, wordings) => {
                let title = titles::consent(policies, item);
                let wordings = titles::written(wordings);
                return words(
                    format!(
                        "「{}」の文面 {} に同意している方",
                        title.get(Language::Ja),
                        wordings.get(Language::Ja)
                    ),
                    format!(
                        "whose consent to “{}” stands, in wording {}",
                        title.get(Language::En),
                        wordings.get(Language::En)
                    ),
                );
            }
            Self::LosesConsent(item) => (
                titles::consent(policies, item),
                "「{}」への同意が有効でなくなる方",
                "whose consent to “{}” no longer counts",
            ),
            Self::GainsConsent(item) => (
                titles::consent(policies, item),
                "「{}」への同意が有効とされることになる方",
                "whose consent to “{}” comes to count",
            ),
            Self::Declined(choice) => {
                (titles::choice(policies, choice), "「{}」を止めている方", "who declined “{}”")
            }
            _ => return Text::default(),
        };
        filled(&title, ja, en)
    }
}

/// A sentence with a title in its place.
fn filled(title: &Text, ja: &str, en: &str) -> Text {
    words(ja.replace("{}", title.get(Language::Ja)), en.replace("{}", title.get(Language::En)))
}

fn several(conditions: &[Affected], old: &Policy, new: &Policy, between: [&str; 2]) -> Text {
    let texts: Vec<Text> = conditions.iter().map(|c| c.words(old, new)).collect();
    let join = |language: Language, between: &str| {
        texts.iter().map(|t| t.get(language).to_owned()).collect::<Vec<_>>().join(between)
    };
    let [ja, en] = between;
    words(join(Language::Ja, ja), join(Language::En, en))
}

/// Everything held, of categories that either policy declares.
fn held<'s>(seen: &'s Seen<'_>) -> impl Iterator<Item = Holding> + 's {
    let roots: BTreeSet<&CategoryName> =
        [seen.old, seen.new.current()].into_iter().flat_map(|p| p.categories.keys()).collect();
    roots.into_iter().filter(|c| c.parent().is_none()).flat_map(|root| seen.history.holdings(root))
}

/// Whether the consent counts, as the consent gate sees it.
fn stands(policy: &Policy, seen: &Seen<'_>, item: &ConsentName) -> bool {
    nattoku_spec::consent_standing(policy, seen.history, item).verdict == Verdict::Permit
}
