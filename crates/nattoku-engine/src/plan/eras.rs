//! Which version governs what was acquired when, as a condition over a principal's relationships (R75).

use jiff::Timestamp;
use nattoku_model::name::VersionName;
use nattoku_model::policy::{Transition, Versions};
use nattoku_model::{Policy, Reason};

use crate::condition::{Condition, Instants};
use crate::pattern::TieState;
use crate::population::State;
use crate::said::Said;
use crate::vocabulary::Vocabulary;

/// One version that may govern: by a transition, or because it is in force.
#[derive(Debug, Clone)]
pub(crate) struct Era {
    pub(crate) governing: VersionName,
    /// It governs what was acquired before this instant; without end for the version in force.
    pub(crate) before: Option<Timestamp>,
    /// The relationship that stops it, and since when, if one does.
    unless: Option<(Option<usize>, Timestamp)>,
    /// Which text applies, where it governs.
    text: usize,
    /// What the governing gate then says.
    said: Said,
}

/// The versions that may govern, in the order of their transitions, the one in force last.
#[derive(Debug, Clone)]
pub(crate) struct Eras(Vec<Era>);

/// An era as it is for one principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EraOf {
    /// Its number among [`Eras`].
    pub(crate) number: usize,
    /// The number of the era at whose end it begins; none for the principal's first.
    pub(crate) after: Option<usize>,
    pub(crate) text: usize,
    pub(crate) said: Said,
}

/// The text in force stands first among the texts of a plan; it applies also where another is not at hand.
const IN_FORCE: usize = 0;

impl Eras {
    /// The eras, with the texts that they need pushed to `texts`.
    pub(crate) fn new<'v>(
        versions: &'v Versions,
        in_force: Option<&'v Policy>,
        vocabulary: &Vocabulary,
        texts: &mut Vec<&'v Policy>,
    ) -> Self {
        let Some(in_force) = in_force else {
            let oldest = versions.oldest_first().first().map(|p| p.version.clone());
            return Self(vec![Era {
                governing: oldest.unwrap_or_else(|| versions.current().version.clone()),
                before: None,
                unless: None,
                text: IN_FORCE,
                said: Said::refer(Reason::NoVersionInForce),
            }]);
        };
        let mut transitions: Vec<&Transition> = in_force.transitions.iter().collect();
        transitions.sort_by_key(|t| t.acquired_before);
        let mut eras: Vec<Era> = Vec::new();
        for transition in transitions {
            let (text, said) = text_of(versions.get(&transition.governing), texts);
            let unless = transition.unless.as_ref();
            eras.push(Era {
                governing: transition.governing.clone(),
                before: Some(transition.acquired_before),
                unless: unless.map(|(tie, since)| (vocabulary.relationships.number(tie), *since)),
                text,
                said,
            });
        }
        let (text, said) = text_of(Some(in_force), texts);
        eras.push(Era { governing: in_force.version.clone(), before: None, unless: None, text, said });
        Self(eras)
    }

    pub(crate) fn get(&self, number: usize) -> Option<&Era> {
        self.0.get(number)
    }

    /// The instant before which an era governs what was acquired; none for the version in force.
    pub(crate) fn end(&self, number: usize) -> Option<Timestamp> {
        self.get(number)?.before
    }

    /// The eras that there are for a principal, oldest first.
    pub(crate) fn of(&self, state: &State<'_>, into: &mut Vec<EraOf>) {
        into.clear();
        let mut after = None;
        for (number, era) in self.0.iter().enumerate() {
            let (text, said) = match era.applies(state) {
                Some(true) => (era.text, era.said),
                Some(false) => continue,
                None => (IN_FORCE, Said::refer(Reason::HistoryUnknown)),
            };
            into.push(EraOf { number, after, text, said });
            after = Some(number);
        }
    }
}

impl Eras {
    /// When what was acquired at some instant is permitted under the text that governs it then, given when each text permits
    /// it, and whether a history that nobody knows stops it or leaves the text in force to judge.
    pub(crate) fn permits(
        &self,
        by_text: &[Condition],
        may_be_unknown: bool,
        is_at_most: impl Fn(Said) -> bool,
    ) -> Condition {
        let under = |text: usize| by_text.get(text).cloned().unwrap_or(Condition::Never);
        let unknown = if may_be_unknown { under(IN_FORCE) } else { Condition::Never };
        let mut permitted = Condition::Never;
        // From the last era to the first: what an era does not govern falls to the next.
        for era in self.0.iter().rev() {
            let said = if is_at_most(era.said) { under(era.text) } else { Condition::Never };
            let (touched, is_known) = era.is_touched();
            let here = Condition::any([
                Condition::all([touched.clone(), permitted.clone()]),
                Condition::all([
                    touched.negated(),
                    Condition::any([
                        Condition::all([is_known.clone(), said]),
                        Condition::all([is_known.negated(), unknown.clone()]),
                    ]),
                ]),
            ]);
            permitted = match era.before {
                None => here,
                Some(before) => Condition::any([
                    Condition::all([Condition::acquired(Instants::before(before)), here]),
                    Condition::all([Condition::acquired(Instants::from(before)), permitted]),
                ]),
            };
        }
        permitted
    }
}

impl Era {
    /// When a relationship stops it, and when it is known whether one does.
    fn is_touched(&self) -> (Condition, Condition) {
        let Some((relationship, since)) = self.unless else { return (Condition::Never, Condition::Always) };
        let touched = relationship.map(|r| {
            Condition::any([Condition::TieAlive(r), Condition::tie_ended(r, Instants::after(since))])
        });
        let is_unknown = relationship.map_or(Condition::Never, Condition::PastUnknown);
        let is_known = Condition::all([Condition::Registered, is_unknown.negated()]);
        (touched.unwrap_or(Condition::Never), is_known)
    }

    /// Whether it applies to a principal; nothing where the history that decides is not known.
    fn applies(&self, state: &State<'_>) -> Option<bool> {
        let Some((relationship, since)) = self.unless else { return Some(true) };
        let profile = state.profile;
        let touches = match relationship.and_then(|r| profile.tie(r)) {
            Some(TieState::Alive) => true,
            Some(TieState::Ended(place)) => state.doubt.test(state.dates.get(place), |ended| ended > since),
            Some(TieState::Never) | None => false,
        };
        if touches {
            return Some(false);
        }
        let is_unknown = relationship.is_some_and(|r| profile.is_unknown(r));
        (profile.is_registered() && !is_unknown).then_some(true)
    }
}

/// The place of a version's text, and what the governing gate says of it.
fn text_of<'v>(version: Option<&'v Policy>, texts: &mut Vec<&'v Policy>) -> (usize, Said) {
    let Some(version) = version.filter(|v| !v.text_absent) else {
        return (IN_FORCE, Said::refer(Reason::VersionTextAbsent));
    };
    let known = texts.iter().position(|text| text.version == version.version);
    let place = known.unwrap_or_else(|| {
        texts.push(version);
        texts.len() - 1
    });
    (place, Said::permit(Reason::Governed))
}
