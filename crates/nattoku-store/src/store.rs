//! What a store of a ledger does, whichever database it is kept in.

use std::ops::ControlFlow;
use std::path::Path;

use jiff::Timestamp;
use nattoku_ledger::{Hash, Tree};
use nattoku_model::{Recorded, Revision};

use crate::error::StoreError;
use crate::event_json::{EventId, ExportLine, NewEvent};
use crate::keys::Rotated;
use crate::listening::Listening;
use crate::nodes::NodeRange;
use crate::record::{
    Appended, Copied, Erased, ErasedEverywhere, IdentifiersPage, KeyStats, NewerEvent, News, OpenedLeaf,
    PageMark, PrincipalKeysPage, PrincipalView, PrincipalsPage, Stats,
};
use crate::transfer::{Identity, KeyParts, PrincipalKeys, WholeEvent};

/// Decides what is to be appended on what the ledger knows about a principal, and on where the event stands to which its sender gave an id.
pub type Decide<'a> = &'a mut dyn FnMut(&PrincipalView, Option<Revision>) -> Option<(NewEvent, Timestamp)>;

/// A ledger kept for good: events numbered without gaps, hashed into a tree, read back by principal and by revision.
///
/// Every call sees one revision of the ledger throughout, and any number of threads may call at once. What holds of one
/// store holds of every other: the same events give the same leaves and the same root. Errors of reading are that the store
/// cannot be reached, or does not hold what was stored.
pub trait Store: Send + Sync + std::fmt::Debug {
    /// The file in which the ledger is, where it is in one.
    fn file(&self) -> Option<&Path>;

    /// Makes sure that what was opened is still what stands in its place. What is read of a file that was moved away or replaced
    /// is of a ledger to which nobody writes any more; and a server may have gone back to an older state of its ledger, or have
    /// another.
    ///
    /// # Errors
    /// [`StoreError::Moved`]
    fn is_in_its_place(&self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Begins to hear of what is appended, by whichever program. Nothing, where the store does not tell of it: then whoever follows the
    /// ledger looks again and again.
    ///
    /// # Errors
    /// The store cannot be reached, or does not let this connection listen.
    fn listen(&self) -> Result<Option<Box<dyn Listening>>, StoreError> {
        Ok(None)
    }

    /// Appends the events of `batch` in their order, all or none, and returns when they are durable.
    ///
    /// An event whose id, or without an id whose content, is there already is not stored again. `recorded_at` is
    /// `now`, or the newest `recorded_at` of the ledger where the clock went back. With `keep_recorded_at`, as in a
    /// migration, an event that brings its own keeps it: it may lie neither after `now` nor before that of the
    /// event before it. Instants are kept to the microsecond.
    ///
    /// # Errors
    /// [`StoreError::Refused`] and [`StoreError::Conflict`] name the event by its place in the batch. Nothing is stored
    /// on any error but [`StoreError::Uncertain`], after which either all is there or nothing.
    fn append(
        &self,
        batch: &[NewEvent],
        now: Timestamp,
        keep_recorded_at: bool,
    ) -> Result<Vec<Appended>, StoreError>;

    /// Appends one event about a principal, if `newest` is still the newest that the ledger has about them: what was decided
    /// on a state is done only while the state is that one.
    ///
    /// # Errors
    /// [`StoreError::Changed`] where another event about the principal came since; otherwise as [`append`](Self::append).
    fn append_if_unchanged(
        &self,
        event: &NewEvent,
        now: Timestamp,
        newest: Revision,
    ) -> Result<Appended, StoreError>;

    /// Appends what is decided on the state of the ledger, while that is the state: `decide` is given what [`view_with`](Self::view_with)
    /// gives, and gives the event with when it was decided, or nothing. The event is about the principal and has the id; where an event
    /// has it already, nothing is appended. `decide` is run once, and not where the ledger cannot be read. It must not write to the store: there is
    /// one writer, who waits for it.
    ///
    /// # Errors
    /// [`StoreError::Changed`] where another event about the principal came since; otherwise as [`append`](Self::append).
    fn append_decided(
        &self,
        identifier: &str,
        id: Option<&EventId>,
        decide: Decide<'_>,
    ) -> Result<Option<Appended>, StoreError> {
        let (view, of_id) = self.view_with(identifier, id)?;
        let (Some((event, now)), None) = (decide(&view, of_id), of_id) else { return Ok(None) };
        let own = view.events.iter().filter(|event| event.event.is_about_a_principal());
        let newest = own.map(|event| event.revision).max().unwrap_or_default();
        let event = NewEvent { id: id.cloned(), principal: Some(identifier.to_owned()), ..event };
        self.append_if_unchanged(&event, now, newest).map(Some)
    }

    /// The newest revision; 0 while the ledger is empty.
    fn revision(&self) -> Result<Revision, StoreError>;

    /// The newest revision of what [still stands in its place](Self::is_in_its_place).
    ///
    /// # Errors
    /// [`StoreError::Moved`]
    fn revision_in_its_place(&self) -> Result<Revision, StoreError> {
        self.is_in_its_place()?;
        self.revision()
    }

    /// When the ledger took in its newest event; nothing while it is empty.
    fn last_recorded_at(&self) -> Result<Option<Timestamp>, StoreError>;

    /// Numbers about the whole ledger.
    fn stats(&self) -> Result<Stats, StoreError>;

    /// The 16 random bytes that tell this ledger from every other.
    fn ledger_id(&self) -> Result<[u8; 16], StoreError>;

    /// What the ledger knows about one principal, with the revision at which it was read. For a principal that no event
    /// is about, the events are those that concern everybody.
    fn view_of(&self, identifier: &str) -> Result<PrincipalView, StoreError> {
        Ok(self.view_with(identifier, None)?.0)
    }

    /// The same, and where the event stands to which its sender gave an id, where one was given and an event has it: all that an
    /// act is decided on, of one revision and by one question.
    fn view_with(
        &self,
        identifier: &str,
        id: Option<&EventId>,
    ) -> Result<(PrincipalView, Option<Revision>), StoreError>;

    /// The events of one principal and those that concern everybody, by revision; none when no event is about such a
    /// principal.
    fn events_of(&self, identifier: &str) -> Result<Option<Vec<Recorded>>, StoreError> {
        let view = self.view_of(identifier)?;
        Ok(view.known.then_some(view.events))
    }

    /// The random id of a principal; none when no event is about such a one.
    fn principal_id(&self, identifier: &str) -> Result<Option<[u8; 16]>, StoreError>;

    /// By what the sessions of the principal with a random id are found in the state: nobody without the ledger's keys learns from it
    /// whose they are. Nothing is read.
    fn session_owner(&self, id: &[u8; 16]) -> [u8; 16];

    /// The events about the principal with a random id up to `revision`, by revision; those that concern everybody are not
    /// among them.
    fn events_of_id(&self, id: &[u8; 16], revision: Revision) -> Result<Vec<Recorded>, StoreError>;

    /// The events that concern everybody, up to `revision`, by revision.
    fn general_events(&self, revision: Revision) -> Result<Vec<Recorded>, StoreError>;

    /// The event at `revision` with its principal, if the ledger is that long.
    fn event_at(&self, revision: Revision) -> Result<Option<ExportLine>, StoreError>;

    /// The events after one revision up to another, by revision, as they are exported; those of the erased are not among them.
    fn lines_between(&self, after: Revision, until: Revision) -> Result<Vec<ExportLine>, StoreError>;

    /// Where the event stands to which its sender gave an id; nothing where no event has it.
    fn revision_of(&self, id: &EventId) -> Result<Option<Revision>, StoreError>;

    /// The random ids of those to whom something happened after a revision and who are erased by now: whoever keeps a fold of the
    /// ledger at that revision forgets them.
    fn erased_after(&self, after: Revision) -> Result<Vec<[u8; 16]>, StoreError>;

    /// Erases a principal from all that is in use, the first of two steps: keys, identifier and personal parts are gone, and an
    /// event says so. Nothing, where no event is about such a principal any more; then whatever an earlier erasure that broke off
    /// left to do is done.
    ///
    /// # Errors
    /// The store or its keys cannot be written. After [`StoreError::Uncertain`] ask again.
    fn erase(&self, identifier: &str, now: Timestamp) -> Result<Option<Erased>, StoreError>;

    /// The second step, for all who are erased from what is in use: rotates what copies of their keys rest on, destroys what it
    /// was before, and says so by an event for each. Copies of the key file made before open nothing from then on.
    ///
    /// # Errors
    /// As [`erase`](Self::erase).
    fn erase_everywhere(&self, now: Timestamp) -> Result<ErasedEverywhere, StoreError>;

    /// Gives the key-encryption key, and on demand every group, a new version, and destroys the earlier ones. No payload is
    /// sealed anew.
    ///
    /// # Errors
    /// As [`erase`](Self::erase).
    fn rotate_keys(&self, with_groups: bool) -> Result<Rotated, StoreError>;

    /// What the ledger's keys rest on, and how many of them there are.
    ///
    /// # Errors
    /// As [`erase`](Self::erase).
    fn keys(&self) -> Result<KeyStats, StoreError>;

    /// The hash of the leaf at a revision, if the ledger is that long: two ledgers that agree on it have the same event there.
    fn leaf_hash(&self, revision: Revision) -> Result<Option<[u8; 32]>, StoreError>;

    /// The tree over all events, once all of them are durable: what may be signed.
    fn durable_tree(&self) -> Result<Tree, StoreError>;

    /// The hashes of nodes of the tree, range by range. None where there is no such node, or where it is not kept: then those
    /// below give it.
    fn kept_nodes(&self, ranges: &[NodeRange]) -> Result<Vec<Vec<Option<Hash>>>, StoreError>;

    /// The bytes of at most `count` leaves, from the `first` on, which is counted from 0.
    fn leaves(&self, first: u64, count: u16) -> Result<Vec<Vec<u8>>, StoreError>;

    /// The leaf at a revision with its payload and its principal's key; none where the ledger is shorter.
    fn opened_leaf(&self, revision: Revision) -> Result<Option<OpenedLeaf>, StoreError>;

    /// The events after one revision up to another, in their order, at most `count` of them, each with whom it is about.
    fn events_after(
        &self,
        after: Revision,
        until: Revision,
        count: u32,
    ) -> Result<Vec<NewerEvent>, StoreError>;

    /// What is new after a revision in what [still stands in its place](Self::is_in_its_place): at most `count` events, and who is erased of
    /// those to whom something happened since. Whose events are left out is among these.
    ///
    /// # Errors
    /// [`StoreError::Moved`]
    fn news_after(&self, after: Revision, count: u32) -> Result<News, StoreError> {
        let revision = self.revision_in_its_place()?;
        if revision <= after {
            return Ok(News { revision, events: Vec::new(), erased: Vec::new() });
        }
        let events = self.events_after(after, revision, count)?;
        // After the events were read: whose events they lack since they were erased by then is among them.
        let erased = self.erased_after(after)?;
        Ok(News { revision, events, erased })
    }

    /// The principals after a mark, at most `count` of them, in the order in which the ledger first heard of them.
    fn identifiers_page(&self, after: PageMark, count: u32) -> Result<IdentifiersPage, StoreError>;

    /// The principals after a mark, at most `count` of them, each with the events about them up to `revision`, by revision.
    ///
    /// Events are never changed and none comes to stand before another, so pages read one after another at one revision
    /// are the ledger as it stood there, whatever is appended meanwhile; no reading lasts longer than its page.
    fn principals_page(
        &self,
        after: PageMark,
        count: u32,
        revision: Revision,
    ) -> Result<PrincipalsPage, StoreError>;

    /// Gives every event to `take`, by revision, one at a time, until it breaks off; all of them as they stand when the call
    /// begins.
    fn each_event(&self, take: &mut dyn FnMut(ExportLine) -> ControlFlow<()>) -> Result<(), StoreError>;

    /// What tells this ledger from every other, with the keys of the whole ledger as they lie: for whoever moves it.
    fn identity(&self) -> Result<Identity, StoreError>;

    /// The keys of groups as they lie, and who was erased: for whoever moves the ledger.
    fn key_parts(&self) -> Result<KeyParts, StoreError>;

    /// The principals after a mark with their keys as they lie, at most `count` of them, in the order in which the ledger first
    /// heard of them: for whoever moves the ledger.
    fn principal_keys_page(&self, after: PageMark, count: u32) -> Result<PrincipalKeysPage, StoreError>;

    /// The events after one revision up to another as they lie, at most `count` of them: for whoever moves the ledger.
    fn whole_events(
        &self,
        after: Revision,
        until: Revision,
        count: u32,
    ) -> Result<Vec<WholeEvent>, StoreError>;

    /// Takes in keys and principals of a ledger that arrives, in their order, before the events about them.
    fn arrive(&self, parts: &KeyParts, principals: &[PrincipalKeys]) -> Result<(), StoreError>;

    /// Takes in events of a ledger that arrives, in their order: those that come after a revision. Of these some may be there
    /// already, where the same ledger is arriving twice at once.
    ///
    /// # Errors
    /// [`StoreError::Refused`] where one is no leaf, or about somebody who has not arrived; [`StoreError::Conflict`] where one has
    /// the id of another. Both name it by its place among the events.
    fn arrive_events(&self, after: Revision, events: &[WholeEvent]) -> Result<(), StoreError>;

    /// Tells that a ledger has arrived whole, and can be used from now on.
    fn arrived(&self) -> Result<(), StoreError>;

    /// Copies the ledger, as it stands at one revision, to a new file, while it is in use. Its keys are not in the copy.
    ///
    /// # Errors
    /// [`StoreError::NotEmpty`] where something is there, or another copy is being made; [`StoreError::NoCopy`] where none can be
    /// made, [`StoreError::NotAFile`] where the ledger is in no file.
    fn backup(&self, path: &Path) -> Result<Copied, StoreError>;

    /// Copies the ledger's keys, sealed as they are, to a new file, while they are in use.
    ///
    /// # Errors
    /// As [`backup`](Self::backup).
    fn backup_keys(&self, path: &Path) -> Result<(), StoreError>;

    /// Reads everything, and checks that it is whole: numbers without gaps, times that never go back, bytes that are what their own
    /// content gives, commitments that fit the personal parts, ids that are derived from contents, hashes, the nodes that are kept
    /// of the tree, the tree that the head tells, the counts, and the principals. In a file also the tables as they were made, the
    /// indexes, and the pages. Several threads do it; `progress` is told how many events were read.
    ///
    /// What is erased meanwhile is as if it had been before, and what is appended meanwhile is not looked at.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] names the first revision that does not hold; where all of them do, what does not beside them.
    fn verify_telling(&self, progress: &mut dyn FnMut(u64)) -> Result<Stats, StoreError>;

    /// The same, without telling how far it is.
    ///
    /// # Errors
    /// As [`verify_telling`](Self::verify_telling).
    fn verify(&self) -> Result<Stats, StoreError> {
        self.verify_telling(&mut |_| ())
    }
}

impl dyn Store + '_ {
    /// Gives every event to `take`, by revision, one at a time; all of them as they stand when the call begins.
    ///
    /// # Errors
    /// The store cannot be read, or what `take` answers.
    pub fn export<E: From<StoreError>>(
        &self,
        mut take: impl FnMut(ExportLine) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut failed = None;
        self.each_event(&mut |line| match take(line) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        })?;
        failed.map_or(Ok(()), Err)
    }
}
