//! What is known of principals, as rows of tables.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use nattoku_model::name::{CategoryName, ConsentName, RelationshipName};
use nattoku_model::policy::Versions;
use nattoku_model::{Action, Recorded, Revision};

use super::schema::{
    BY_GUARDIAN, BY_PRINCIPAL, CONSENT, CONSENT_AGE, DECLINED, ERASED, EVERYTHING, HOLDING, HOLDING_WITHOUT,
    NOT_LINKED, OCCASION, PAST_UNKNOWN, PRINCIPAL, RESTRICTION, SNAPSHOT, TIE, Table, UNPROVEN, entruster,
};
use crate::facts::{Facts, Standing, Tie};
use crate::lexicon::{Act, Giver, Lexicon, Stop};
use crate::population::Full;
use crate::snapshot::digest::digest;
use crate::vocabulary::Vocabulary;

/// An instant that nanoseconds since 1970 in eight bytes do not reach: before 1677 or after 2262.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} is beyond what the tables can hold, which is from 1677 to 2262")]
pub struct TooFar(pub Timestamp);

/// A principal's rows could not be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// Something happened at an instant that the tables cannot hold.
    #[error(transparent)]
    TooFar(#[from] TooFar),
    /// There are more kinds of things than numbers for them.
    #[error(transparent)]
    Full(#[from] Full),
}

/// The number that stands for an instant.
pub(crate) fn nanoseconds(instant: Timestamp) -> Result<i64, TooFar> {
    let number = i64::try_from(instant.as_nanosecond()).map_err(|_| TooFar(instant))?;
    // The first and the last stand for all that lies beyond.
    if number == i64::MIN || number == i64::MAX { Err(TooFar(instant)) } else { Ok(number) }
}

/// What tables hold is named by a digest of all that the versions ask about: a filter of others finds too little in them.
pub(crate) fn vocabulary_name(vocabulary: &Vocabulary) -> String {
    digest(vocabulary).iter().fold(String::new(), |mut name, byte| {
        let _ = write!(name, "{byte:02x}");
        name
    })
}

/// The name of a zone.
pub(crate) fn zone_name(zone: &TimeZone) -> String {
    zone.iana_name().map_or_else(|| format!("{zone:?}"), str::to_owned)
}

/// Makes rows of the events of one principal after the other.
#[derive(Debug)]
pub struct Snapshot {
    vocabulary: Vocabulary,
    lexicon: Lexicon,
}

/// Whoever takes rows: the table, and a field for each of its columns.
type Put<'a> = &'a mut dyn FnMut(&'static Table, &[&str]);

/// The rows of one principal.
struct Rows<'a, 'p> {
    vocabulary: &'a Vocabulary,
    lexicon: &'a Lexicon,
    id: &'a str,
    put: Put<'p>,
}

impl Snapshot {
    /// For a ledger that is decided by these versions. What no version can ask about is left out.
    #[must_use]
    pub fn new(versions: &Versions) -> Self {
        let mut vocabulary = Vocabulary::new(versions);
        // When a consent was given is told of every item, whether or not it runs out by itself.
        vocabulary.lasting.iter_mut().for_each(|lasts| *lasts = true);
        Self { vocabulary, lexicon: Lexicon::default() }
    }

    /// The row about the snapshot itself: the revision of the ledger it stands at, and when its newest event was recorded.
    ///
    /// # Errors
    /// That instant is one that the tables cannot hold.
    pub fn itself(
        &self,
        versions: &Versions,
        revision: Revision,
        newest: Timestamp,
        put: Put<'_>,
    ) -> Result<(), TooFar> {
        let newest = if newest == Timestamp::MIN { i64::MIN } else { nanoseconds(newest)? };
        let version = versions.current().version.as_str();
        let vocabulary = vocabulary_name(&Vocabulary::new(versions));
        put(&SNAPSHOT, &[&revision.0.to_string(), &newest.to_string(), version, &vocabulary]);
        Ok(())
    }

    /// The rows of one principal with these events; those that concern everybody are not among them.
    ///
    /// # Errors
    /// Something happened at an instant that the tables cannot hold, or there are too many kinds of things.
    pub fn principal(&mut self, id: &str, events: &[Recorded], put: Put<'_>) -> Result<(), SnapshotError> {
        let facts = Facts::of(&self.vocabulary, &mut self.lexicon, events)?;
        let mut rows = Rows { vocabulary: &self.vocabulary, lexicon: &self.lexicon, id, put };
        rows.profile(&facts)?;
        rows.will(&facts)?;
        rows.holdings(&facts)?;
        Ok(())
    }
}

impl Rows<'_, '_> {
    fn row(&mut self, table: &'static Table, fields: &[&str]) {
        let mut row = vec![self.id];
        row.extend(fields);
        (self.put)(table, &row);
    }

    fn profile(&mut self, facts: &Facts) -> Result<(), TooFar> {
        let vocabulary = self.vocabulary;
        self.row(&PRINCIPAL, &[flag(facts.is_registered)]);
        for (number, tie) in facts.ties.iter().enumerate() {
            let Some(name) = vocabulary.relationships.name(number).map(RelationshipName::as_str) else {
                continue;
            };
            match tie {
                Tie::Never => {}
                Tie::Alive => self.row(&TIE, &[name, flag(true), &i64::MAX.to_string()]),
                Tie::Ended(end) => self.row(&TIE, &[name, flag(false), &nanoseconds(*end)?.to_string()]),
            }
        }
        let told = |is_so: &[bool]| -> Vec<usize> {
            is_so.iter().enumerate().filter(|(_, is_so)| **is_so).map(|(number, _)| number).collect()
        };
        for number in told(&facts.unknown) {
            if let Some(name) = vocabulary.relationships.name(number) {
                self.row(&PAST_UNKNOWN, &[name.as_str()]);
            }
        }
        for number in told(&facts.declined) {
            if let Some(name) = vocabulary.choices.name(number) {
                self.row(&DECLINED, &[name.as_str()]);
            }
        }
        for (category, last) in vocabulary.occasions.iter().zip(&facts.occasions) {
            if let Some(last) = last {
                self.row(&OCCASION, &[category.as_str(), &nanoseconds(*last)?.to_string()]);
            }
        }
        self.restrictions(facts);
        Ok(())
    }

    fn restrictions(&mut self, facts: &Facts) {
        let lexicon = self.lexicon;
        for category in lexicon.erased.get(facts.erased).into_iter().flatten() {
            self.row(&ERASED, &[category.as_str()]);
        }
        let mut stopped: Vec<(&str, &str)> = Vec::new();
        for Stop { categories, actions } in lexicon.stops.get(facts.stops).into_iter().flatten() {
            let actions = Action::ALL.into_iter().filter(|action| {
                if actions.is_empty() { *action != Action::Disclose } else { actions.contains(action) }
            });
            for action in actions {
                let everything = categories.is_empty().then_some(EVERYTHING);
                // Nothing that can be asked about is near one that is called like the mark for all of them.
                let named = categories.iter().map(CategoryName::as_str).filter(|name| *name != EVERYTHING);
                stopped.extend(everything.into_iter().chain(named).map(|c| (action.as_str(), c)));
            }
        }
        stopped.sort_unstable();
        stopped.dedup();
        for (action, category) in stopped {
            self.row(&RESTRICTION, &[action, category]);
        }
    }

    fn will(&mut self, facts: &Facts) -> Result<(), TooFar> {
        for (number, standing) in facts.will.iter().enumerate() {
            let Some(item) = self.vocabulary.items.name(number).map(ConsentName::as_str) else { continue };
            if let Some(standing) = standing {
                self.consent(item, *standing)?;
            }
        }
        Ok(())
    }

    /// A consent that was granted last; one that was withdrawn is no row, nor is one to a wording that no version accepts:
    /// whatever could stand for that wording may be the name of another.
    fn consent(&mut self, item: &str, standing: Standing) -> Result<(), TooFar> {
        let Some(Act::Granted { wording, giver }) = self.lexicon.acts.get(standing.act) else {
            return Ok(());
        };
        let Some(wording) = wording.and_then(|number| self.vocabulary.wordings.name(number)) else {
            return Ok(());
        };
        let giver_name = match giver {
            Giver::Guardian => BY_GUARDIAN,
            Giver::NotLinked => NOT_LINKED,
            Giver::Unproven => UNPROVEN,
            Giver::Principal(_) => BY_PRINCIPAL,
        };
        let given = standing.given.map_or(Ok(i64::MIN), nanoseconds)?;
        // Later than anything that is asked about is as good as without end.
        let until = standing.until.map_or(i64::MAX, |until| {
            let beyond = if until > Timestamp::UNIX_EPOCH { i64::MAX } else { i64::MIN };
            nanoseconds(until).unwrap_or(beyond)
        });
        self.row(&CONSENT, &[item, wording.as_str(), giver_name, &given.to_string(), &until.to_string()]);
        if let Giver::Principal(Some(ages)) = giver {
            for (zone, age) in self.vocabulary.zones.iter().zip(ages) {
                // Younger than the first age at which anything changes: whatever is asked for, it is not that old.
                let age = if *age == i16::MIN { "-1".to_owned() } else { age.to_string() };
                self.row(&CONSENT_AGE, &[item, &zone_name(zone), &age]);
            }
        }
        Ok(())
    }

    fn holdings(&mut self, facts: &Facts) -> Result<(), TooFar> {
        for (number, held) in (1_u32..).zip(&facts.held) {
            let Some(kind) = self.lexicon.kinds.get(held.kind) else { continue };
            let (number, acquired) = (number.to_string(), nanoseconds(held.acquired)?.to_string());
            let entrusted_from = entruster(kind.entrusted_from.as_ref());
            let (category, source) = (kind.category.as_str(), kind.source.as_str());
            self.row(&HOLDING, &[&number, category, source, &entrusted_from, &acquired]);
            for part in &kind.without {
                self.row(&HOLDING_WITHOUT, &[&number, part.as_str()]);
            }
        }
        Ok(())
    }
}

const fn flag(is_so: bool) -> &'static str {
    if is_so { "true" } else { "false" }
}
