//! What is known of everybody: a row for each principal, and the events that concern all.

use std::sync::Arc;

use jiff::Timestamp;
use nattoku_model::{Recorded, Revision};

use crate::dates::{Beside, Dates, Doubt};
use crate::facts::{Facts, Step};
use crate::flat::{ProfileView, WillView};
use crate::ids::{Ids, PrincipalId};
use crate::lexicon::Lexicon;
use crate::pattern::Patterns;
use crate::row::Row;
use crate::storage::Storage;
use crate::vocabulary::Vocabulary;

/// A principal's place in a population: dense, from 0, in the order in which they came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ordinal(pub u32);

/// There are more principals, patterns or dates than numbers for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no number left for one more principal or pattern")]
pub struct Full;

/// What came of telling a population one more event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// It is taken in.
    Done,
    /// It came out of its order, or bears on what came before: the population is as it was, and the principal is to be
    /// folded anew from all events by [`Population::rebuild`].
    Rebuild,
}

/// How much memory a population takes, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bytes {
    /// The rows.
    pub rows: usize,
    /// Dates for which their rows had no room.
    pub beside: usize,
    /// The ids with their index.
    pub ids: usize,
    /// The patterns of profile, will and holdings that rows share.
    pub patterns: usize,
    /// How many of these there are.
    pub n_patterns: usize,
}

/// An earlier instant, and perhaps only what was known at another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AsOf {
    /// What happened later is left out.
    pub at: Timestamp,
    /// What the ledger came to know later is left out; nothing is, where this is absent.
    pub known_at: Option<Timestamp>,
}

impl AsOf {
    /// Whether an event had happened and was known.
    fn holds(&self, recorded: &Recorded) -> bool {
        recorded.at <= self.at && self.known_at.is_none_or(|known| recorded.recorded_at <= known)
    }
}

/// One population and no other, whatever comes to be in it: what was made for it is worth nothing to any other, where the
/// same numbers name other patterns. A copy is another one.
#[derive(Debug, Default)]
pub(crate) struct Identity(Arc<()>);

impl Clone for Identity {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Identity {
    /// What something is marked with that is made for this population.
    pub(crate) fn mark(&self) -> Arc<()> {
        Arc::clone(&self.0)
    }

    /// Whether something is marked as made for this population.
    pub(crate) fn is(&self, mark: &Arc<()>) -> bool {
        Arc::ptr_eq(&self.0, mark)
    }
}

/// Packed state of every principal, as of one revision of the ledger.
#[derive(Debug, Clone)]
pub struct Population {
    pub(crate) identity: Identity,
    /// How many times something in it changed.
    pub(crate) n_changes: u64,
    vocabulary: Arc<Vocabulary>,
    pub(crate) lexicon: Lexicon,
    pub(crate) patterns: Patterns,
    pub(crate) beside: Beside,
    pub(crate) rows: Storage<Row>,
    pub(crate) ids: Ids,
    /// The events that concern everybody.
    pub(crate) general: Vec<Recorded>,
    /// When the last of all events happened.
    pub(crate) newest: Timestamp,
    pub(crate) revision: Revision,
    /// Whatever lies after it is left out.
    cut: Option<AsOf>,
}

/// A principal's row with the patterns it names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct State<'a> {
    pub(crate) profile: ProfileView<'a>,
    pub(crate) will: WillView<'a>,
    /// The number of the pattern of holdings.
    pub(crate) held: u32,
    pub(crate) dates: Dates<'a>,
    pub(crate) doubt: &'a Doubt,
}

impl Population {
    /// Nobody, for the versions that the vocabulary is of.
    #[must_use]
    pub fn new(vocabulary: Arc<Vocabulary>) -> Self {
        Self {
            identity: Identity::default(),
            n_changes: 0,
            vocabulary,
            lexicon: Lexicon::default(),
            patterns: Patterns::default(),
            beside: Beside::default(),
            rows: Storage::default(),
            ids: Ids::default(),
            general: Vec::new(),
            newest: Timestamp::MIN,
            revision: Revision(0),
            cut: None,
        }
    }

    /// Nobody, to be told what is known now and to keep what was so at an earlier instant, or known at one: whoever asks
    /// about that instant is answered as if nothing had come since.
    #[must_use]
    pub fn as_of(vocabulary: Arc<Vocabulary>, cut: AsOf) -> Self {
        Self { cut: Some(cut), ..Self::new(vocabulary) }
    }

    /// Forgets everybody, as if nothing had been told yet: for where what was told last got lost half way, and what is known
    /// is of no revision.
    pub fn begin_anew(&mut self) {
        let nobody = Self::new(Arc::clone(&self.vocabulary));
        *self = Self { cut: self.cut, ..nobody };
    }

    /// Whether an event is among what the population keeps: always, but where it is one of an earlier instant.
    #[must_use]
    pub fn sees(&self, recorded: &Recorded) -> bool {
        self.cut.is_none_or(|cut| cut.holds(recorded))
    }

    /// Takes in one more event about a principal, or says that the principal is to be rebuilt.
    ///
    /// # Errors
    /// There are more principals or patterns than numbers.
    pub fn apply(&mut self, id: PrincipalId, recorded: &Recorded) -> Result<Applied, Full> {
        if !self.sees(recorded) {
            self.stands_at(recorded.revision);
            return Ok(Applied::Done);
        }
        let known = self.find(&id);
        let row = known.and_then(|ordinal| self.row(ordinal)).copied();
        let mut facts = match row {
            None => Facts::none(&self.vocabulary, &mut self.lexicon)?,
            Some(row) => match row.unpack(&self.patterns, &self.beside) {
                Some(facts) => facts,
                None => return Ok(Applied::Rebuild),
            },
        };
        if facts.step(&self.vocabulary, &mut self.lexicon, recorded)? == Step::Anew {
            return Ok(Applied::Rebuild);
        }
        self.put(id, &facts)?;
        self.seen(recorded);
        Ok(Applied::Done)
    }

    /// Folds a principal anew from all events about them, in whatever order these stand.
    ///
    /// # Errors
    /// There are more principals or patterns than numbers.
    pub fn rebuild(&mut self, id: PrincipalId, events: &[Recorded]) -> Result<Ordinal, Full> {
        let cut = self.cut;
        let seen = events.iter().filter(|recorded| cut.is_none_or(|cut| cut.holds(recorded)));
        let facts = Facts::of(&self.vocabulary, &mut self.lexicon, seen)?;
        let ordinal = self.put(id, &facts)?;
        for recorded in events {
            self.seen(recorded);
        }
        Ok(ordinal)
    }

    /// Takes in an event that concerns everybody. Plans made before are to be made anew.
    pub fn apply_general(&mut self, recorded: &Recorded) {
        self.n_changes += 1;
        if self.sees(recorded) {
            self.general.push(recorded.clone());
        }
        self.seen(recorded);
    }

    fn put(&mut self, id: PrincipalId, facts: &Facts) -> Result<Ordinal, Full> {
        self.n_changes += 1;
        let known = self.find(&id);
        // What the row had beside it is given back only once the new one is whole.
        let row = Row::pack(facts, &mut self.patterns, &mut self.beside)?;
        if let Some(before) = known.and_then(|ordinal| self.row(ordinal)).copied() {
            before.leave(&self.patterns, &mut self.beside);
        }
        if let Some(ordinal) = known {
            if let Some(place) = usize::try_from(ordinal.0).ok().and_then(|n| self.rows.get_mut(n)) {
                *place = row;
            }
            return Ok(ordinal);
        }
        let ordinal = self.ids.insert(id).ok_or(Full)?;
        self.rows.push(row);
        Ok(Ordinal(ordinal))
    }

    fn seen(&mut self, recorded: &Recorded) {
        if self.sees(recorded) {
            self.newest = self.newest.max(recorded.at);
        }
        self.stands_at(recorded.revision);
    }

    /// Notes that all there is up to a revision was told, also where nothing of it is about anybody who is kept.
    pub fn stands_at(&mut self, revision: Revision) {
        self.revision = self.revision.max(revision);
    }

    /// The instant that it is of, where it is one of an earlier instant.
    #[must_use]
    pub const fn cut(&self) -> Option<AsOf> {
        self.cut
    }

    /// Whether it answers for an instant with what was known at another: all of its events lie before, and none is left out
    /// that would count.
    pub(crate) fn answers(&self, at: Timestamp, known_at: Option<Timestamp>) -> bool {
        let is_within = match self.cut {
            Some(cut) => at <= cut.at && known_at == cut.known_at,
            None => known_at.is_none(),
        };
        is_within && at >= self.newest
    }

    /// The ordinal of a principal.
    #[must_use]
    pub fn find(&self, id: &PrincipalId) -> Option<Ordinal> {
        self.ids.find(id).map(Ordinal)
    }

    /// The id of a principal.
    #[must_use]
    pub fn id(&self, ordinal: Ordinal) -> Option<&PrincipalId> {
        self.ids.get(ordinal.0)
    }

    /// Everybody.
    pub fn ordinals(&self) -> impl Iterator<Item = Ordinal> + use<> {
        (0..u32::try_from(self.ids.len()).unwrap_or(u32::MAX)).map(Ordinal)
    }

    /// How many principals there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The newest event taken in.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// When the last of all events happened; from then on the population answers.
    #[must_use]
    pub fn newest(&self) -> Timestamp {
        self.newest
    }

    /// How much memory it takes.
    #[must_use]
    pub fn bytes(&self) -> Bytes {
        Bytes {
            rows: self.rows.bytes(),
            beside: self.beside.bytes(),
            ids: self.ids.bytes(),
            patterns: self.patterns.bytes(),
            n_patterns: self.patterns.len(),
        }
    }

    pub(crate) fn vocabulary(&self) -> &Arc<Vocabulary> {
        &self.vocabulary
    }

    pub(crate) fn general(&self) -> &[Recorded] {
        &self.general
    }

    pub(crate) fn row(&self, ordinal: Ordinal) -> Option<&Row> {
        self.rows.get(usize::try_from(ordinal.0).ok()?)
    }

    /// A row with the patterns that it names.
    pub(crate) fn state<'a>(&'a self, row: &'a Row, doubt: &'a Doubt) -> Option<State<'a>> {
        Some(State {
            profile: self.patterns.flat_profiles.get(row.profile)?,
            will: self.patterns.flat_wills.get(row.will)?,
            held: row.held,
            dates: row.dates(&self.beside),
            doubt,
        })
    }
}
