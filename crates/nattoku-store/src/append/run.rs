//! One group through all steps: what the writer does, at the first time and after a failure alike.

use std::collections::{HashMap, HashSet};

use super::plan::LookedUp;
use super::reached::reached;
use super::{KnownPrincipal, Medium, Plan, Request};
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
    /// Principals seen lately. Their rows stay what they are until somebody is erased.
    known: HashMap<String, KnownPrincipal>,
}

impl Runner {
    pub(super) fn new(medium: Box<dyn Medium>, randomness: Box<dyn Randomness>) -> Self {
        Self { medium, randomness, known: HashMap::new() }
    }

    pub(super) fn rest(&mut self) {
        self.medium.rest();
    }

    /// Steps 2 to 7 for a group. An error is the whole group's: then nothing of it is stored.
    pub(super) fn run(&mut self, group: &[Request]) -> Result<Answers, StoreError> {
        reached("append::begin")?;
        let head = self.medium.begin()?;
        if self.medium.has_forgotten().inspect_err(|_| self.medium.abandon())? {
            self.known.clear();
        }
        let looked_up = self.look_up(group).inspect_err(|_| self.medium.abandon())?;
        let mut plan = Plan::new(head, &self.known, looked_up);
        let answers = group.iter().map(|request| plan.add(request, self.randomness.as_mut())).collect();
        if plan.events.is_empty() {
            self.medium.abandon();
            return Ok(answers);
        }
        let committed = reached("append::planned").and_then(|()| self.medium.commit(&plan));
        if let Err(error) = committed {
            self.medium.abandon();
            // The answer may have been lost after the commit came about: the head tells.
            if !is_committed(self.medium.as_mut(), &plan) {
                return Err(error);
            }
        }
        reached("append::committed")?;
        let made: Vec<_> = plan.principals.iter().map(|new| (new.identifier.to_owned(), new.row)).collect();
        self.remember(made);
        Ok(answers)
    }

    /// Step 3.
    fn look_up<'a>(&mut self, group: &'a [Request]) -> Result<LookedUp<'a>, StoreError> {
        let events = || group.iter().flat_map(|request| &request.events);
        let identifiers: HashSet<&str> = events().filter_map(|event| event.principal.as_deref()).collect();
        if self.known.len() + identifiers.len() > REMEMBERED_MAX {
            self.known.clear();
        }
        let is_new = |identifier: &&str| !self.known.contains_key(*identifier);
        let mut unknown: Vec<&str> = identifiers.into_iter().filter(is_new).collect();
        let mut newest_ordinal = 0;
        if !unknown.is_empty() {
            unknown.sort_unstable();
            let found = self.medium.principals(&unknown)?;
            if found.len() < unknown.len() {
                newest_ordinal = self.medium.newest_ordinal()?;
            }
            self.known.extend(found);
        }
        let mut newest = HashMap::new();
        for request in group.iter().filter(|request| request.newest_known.is_some()) {
            for principal in request.events.iter().filter_map(|event| event.principal.as_deref()) {
                newest.insert(principal, self.medium.newest_event(principal)?);
            }
        }
        let ids: Vec<_> = group.iter().flat_map(|request| &request.ids).collect();
        let found = self.medium.find(&ids)?;
        Ok(LookedUp { found, newest, newest_ordinal })
    }

    fn remember(&mut self, made: Vec<(String, KnownPrincipal)>) {
        self.known.extend(made);
    }
}

/// Whether a commit that gave an error has come about all the same: steps 2 and 3 once more. Where the plan's last event stands
/// at the plan's own revision, all of the plan is there; others may have appended since.
fn is_committed(medium: &mut dyn Medium, plan: &Plan<'_>) -> bool {
    let Some(last) = plan.events.last() else { return false };
    let found = medium.begin().and_then(|_| medium.find(&[last.id]));
    medium.abandon();
    let stands = found.ok().and_then(|mut found| found.remove(last.id));
    stands.is_some_and(|there| (there.revision, there.recorded_at) == (last.revision, last.recorded_at))
}
