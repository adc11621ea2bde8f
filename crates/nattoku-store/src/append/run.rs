//! One group through all steps: what the writer does, at the first time and after a failure alike.

use std::collections::{HashMap, HashSet};

use hashlink::LruCache;
use nattoku_ledger::Frontier;

use super::commit::commit;
use super::plan::LookedUp;
use super::reached::reached;
use super::{Asking, KnownPrincipal, Medium, Plan, Prepared, Request, StoredId};
use crate::error::StoreError;
use crate::random::Randomness;
use crate::record::Appended;

/// Most principals remembered between groups.
const REMEMBERED_MAX: usize = 200_000;

/// What becomes of each request of a group.
pub(super) type Answers = Vec<Result<Vec<Appended>, StoreError>>;

/// A ledger's database, and what is remembered of it between groups.
pub(super) struct Runner {
    medium: Box<dyn Medium>,
    randomness: Box<dyn Randomness>,
    /// Principals, of whom the first that came is forgotten first. Their rows stay what they are until somebody is erased, and
    /// while they are there.
    known: LruCache<String, KnownPrincipal>,
    /// The largest ordinal of a principal, where it was looked up.
    newest_ordinal: Option<i64>,
    /// The edge of the tree as the last group left it.
    left_at: Option<Frontier>,
}

impl Runner {
    pub(super) fn new(medium: Box<dyn Medium>, randomness: Box<dyn Randomness>) -> Self {
        Self::of(medium, randomness, REMEMBERED_MAX)
    }

    /// One that remembers so many principals.
    pub(super) fn of(
        medium: Box<dyn Medium>,
        randomness: Box<dyn Randomness>,
        remembered_max: usize,
    ) -> Self {
        Self { medium, randomness, known: LruCache::new(remembered_max), newest_ordinal: None, left_at: None }
    }

    pub(super) fn rest(&mut self) {
        self.medium.rest();
    }

    fn forget(&mut self) {
        self.known.clear();
        self.newest_ordinal = None;
        self.left_at = None;
    }

    /// Forgets all that is remembered, after a panic.
    pub(super) fn break_off(&mut self) {
        self.forget();
        self.medium.break_off();
    }

    /// Steps 2 to 7 for a group. An error is the whole group's: then nothing of it is stored, unless the error is
    /// [`StoreError::Uncertain`].
    pub(super) fn run(&mut self, group: &[Request]) -> Result<Answers, StoreError> {
        reached("append::begin")?;
        let head = self.medium.begin()?;
        // Where the ledger is not as it was left, others have appended, or it is an older one that was put in its place: then
        // nothing that is remembered need be there. Nor need a principal, where somebody was erased.
        let has_forgotten = self.medium.has_forgotten().inspect_err(|_| self.medium.abandon())?;
        if has_forgotten || self.left_at.as_ref() != Some(&head.frontier) {
            self.forget();
            self.left_at = Some(head.frontier.clone());
        }
        self.have_decided(group).inspect_err(|_| self.medium.abandon())?;
        let looked_up = self.look_up(group, head.recorded_at).inspect_err(|_| self.medium.abandon())?;
        let mut plan = Plan::new(head, looked_up);
        let answers = group.iter().map(|request| plan.add(request, self.randomness.as_mut())).collect();
        if plan.events.is_empty() {
            self.medium.abandon();
            return Ok(answers);
        }
        reached("append::planned").inspect_err(|_| self.medium.abandon())?;
        commit(self.medium.as_mut(), &plan)?;
        let left_at = plan.head.frontier.clone();
        let made: Vec<_> = plan.principals.iter().map(|new| (new.identifier.to_owned(), new.row)).collect();
        self.remember(made, left_at);
        reached("append::committed")?;
        Ok(answers)
    }

    /// The first half of step 3: those who decide on the state are shown it, and decide.
    fn have_decided(&mut self, group: &[Request]) -> Result<(), StoreError> {
        let asking: Vec<&Asking> = group.iter().filter_map(Request::asking).collect();
        if asking.is_empty() {
            return Ok(());
        }
        let mut seen = self.medium.views(&asking)?.into_iter();
        for one in &asking {
            one.show(seen.next());
        }
        for one in asking {
            one.wait();
        }
        Ok(())
    }

    /// The other half of step 3.
    fn look_up<'a>(
        &mut self,
        group: &'a [Request],
        recorded_at: Option<i64>,
    ) -> Result<LookedUp<'a>, StoreError> {
        let events = || group.iter().flat_map(Request::events);
        let (mut known, mut unknown) = (HashMap::new(), Vec::new());
        for identifier in events().filter_map(|event| event.principal.as_deref()) {
            if known.contains_key(identifier) {
                continue;
            }
            match self.known.peek(identifier) {
                Some(row) => _ = known.insert(identifier, *row),
                None => unknown.push(identifier),
            }
        }
        let mut newest_ordinal = 0;
        if !unknown.is_empty() {
            unknown.sort_unstable();
            unknown.dedup();
            let found = self.medium.principals(&unknown)?;
            if found.len() < unknown.len() {
                newest_ordinal = match self.newest_ordinal {
                    Some(newest) => newest,
                    None => *self.newest_ordinal.insert(self.medium.newest_ordinal()?),
                };
            }
            for (identifier, row) in found {
                if let Ok(place) = unknown.binary_search(&identifier.as_str()) {
                    known.extend(unknown.get(place).map(|identifier| (*identifier, row)));
                }
                self.known.insert(identifier, row);
            }
        }
        let (decided, others): (Vec<_>, Vec<_>) =
            group.iter().partition(|request| request.asking().is_some());
        let conditional = others.iter().filter(|request| request.newest_known().is_some());
        let about = conditional.flat_map(|request| request.events());
        let about: HashSet<&str> = about.filter_map(|event| event.principal.as_deref()).collect();
        let about =
            about.into_iter().filter_map(|identifier| Some((identifier, known.get(identifier)?.ordinal)));
        let (about, ordinals): (Vec<&str>, Vec<i64>) = about.unzip();
        // Whoever decided has seen that there is no event of the id that they give, and none that they derive can be there of what happened
        // after all that is recorded.
        let is_open = |event: &&Prepared| match event.id {
            StoredId::Given(_) => false,
            StoredId::Derived(_) | StoredId::Erased(_) => recorded_at >= Some(event.at.as_microsecond()),
        };
        let looked_for = others.iter().flat_map(|request| request.events());
        let looked_for =
            looked_for.chain(decided.iter().flat_map(|request| request.events()).filter(is_open));
        let ids: Vec<_> = looked_for.map(|event| &event.id).collect();
        let (found, newest) = self.medium.find(&ids, &ordinals)?;
        let decided_on = decided.iter().filter_map(|request| {
            let principal = request.events().first()?.principal.as_deref()?;
            Some((principal, request.newest_known()?))
        });
        let newest = about.into_iter().zip(newest).chain(decided_on).collect();
        Ok(LookedUp { found, known, newest, newest_ordinal })
    }

    fn remember(&mut self, made: Vec<(String, KnownPrincipal)>, left_at: Frontier) {
        if let Some((_, last)) = made.last() {
            self.newest_ordinal = Some(last.ordinal);
        }
        for (identifier, row) in made {
            self.known.insert(identifier, row);
        }
        self.left_at = Some(left_at);
    }
}
