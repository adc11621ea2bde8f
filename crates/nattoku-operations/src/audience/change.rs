//! An audience compared with another: who came in, who dropped out, and why each of them is not in the other one.
//!
//! Both sides are answered over the ledger at the same revision. People are the same by their ids: the two populations need not
//! number them alike.

use std::collections::BTreeMap;

use jiff::Timestamp;
use nattoku_engine::{Audience as Counted, Cause, Causes, Movers, Ordinal, Plan, Population, Side};
use nattoku_model::name::VersionName;
use nattoku_model::policy::Versions;
use nattoku_model::{Request, Revision, Verdict};
use nattoku_store::PageMark;

use super::baseline::Baseline;
use super::count::cause;
use super::{AudienceError, List, Listed, PAGE};
use crate::nattoku::Nattoku;
use crate::population::Progress;
use crate::question::Question;

/// What an audience was compared with, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AudienceChange {
    /// The other policy, where it was compared under one, with the digest of its sources.
    pub policy: Option<(String, String)>,
    /// The other side's version in force.
    pub policy_version: Option<VersionName>,
    /// The instant that the other side is about.
    pub at: Timestamp,
    /// With what was known at this one.
    pub known_at: Option<Timestamp>,
    /// How many there are on the other side.
    pub all: u64,
    /// For how many of these it is permitted.
    pub permitted: u64,
    /// For how many it is permitted on both sides.
    pub both: u64,
    /// How many of the other side's answers the definition gave.
    pub by_definition: u64,
    /// Who is in the audience and not in the other; the reasons are the other side's.
    pub came_in: Moved,
    /// Who is in the other audience and not in this one; the reasons are this side's.
    pub dropped_out: Moved,
}

/// Who is in one of two audiences alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moved {
    /// How many.
    pub principals: u64,
    /// Of whom the side that they are not in had not heard.
    pub unheard_of: u64,
    /// The others, by what decides about them on the side that they are not in.
    pub causes: BTreeMap<Cause, u64>,
}

/// Which way somebody moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Into the audience.
    In,
    /// Out of it.
    Out,
}

impl Way {
    /// As a list says it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
        }
    }
}

/// One side as it was answered.
pub(super) struct Answered<'a> {
    pub(super) versions: &'a Versions,
    pub(super) population: &'a Population,
    pub(super) request: &'a Request,
    pub(super) members: &'a Counted,
}

/// Those who moved one way, with what decides about each on the side that they are not in.
struct Away<'a> {
    movers: Movers,
    there: &'a Population,
    causes: Causes,
}

impl Nattoku {
    /// Compares an audience with its baseline, and tells `list` who moved.
    pub(super) fn change(
        &self,
        here: &Answered<'_>,
        (baseline, question): (&Baseline, &Question),
        revision: Revision,
        list: List<'_>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<AudienceChange, AudienceError> {
        let versions = baseline.versions(self.versions());
        let request = baseline.request(question, here.request)?;
        let nobody = baseline.nobody(self.versions(), here.population, &request);
        let folded = nobody.map(|nobody| self.fold(nobody, revision, progress)).transpose()?;
        let population = folded.as_ref().unwrap_or(here.population);
        let of = u64::try_from(population.len()).unwrap_or(u64::MAX);
        let mut asked = |done| progress(Progress { done, of });
        let (members, by_definition) = self.count(versions, population, &request, revision, &mut asked)?;
        let there = Answered { versions, population, request: &request, members: &members };
        let came_in = self.away(here, &there, revision)?;
        let dropped_out = self.away(&there, here, revision)?;
        if let Some(list) = list {
            self.tell_moved(here, &came_in, &dropped_out, list)?;
        }
        let policy = match baseline {
            Baseline::Earlier { .. } => None,
            Baseline::Policy(other) => Some((other.name.clone(), other.digest.clone())),
        };
        let permitted = members.members().len();
        Ok(AudienceChange {
            policy,
            policy_version: versions.in_force(request.at).map(|policy| policy.version.clone()),
            at: request.at,
            known_at: request.known_at,
            all: of,
            permitted,
            both: permitted - dropped_out.movers.members.len(),
            by_definition,
            came_in: came_in.moved(),
            dropped_out: dropped_out.moved(),
        })
    }

    /// Who is in one audience and not in another, and why not.
    fn away<'a>(
        &self,
        here: &Answered<'_>,
        there: &Answered<'a>,
        revision: Revision,
    ) -> Result<Away<'a>, AudienceError> {
        let [own, other] = [here, there].map(|side| side.members.members());
        let movers = Movers::new(
            Side { members: &own, population: here.population },
            Side { members: &other, population: there.population },
        );
        let mut plan = Plan::new(there.versions, there.population, there.request);
        let mut causes = Causes::new(&mut plan, there.population, &movers.elsewhere, there.request.at)?;
        let open: Vec<Ordinal> = causes.open.iter().map(Ordinal).collect();
        let about = (there.versions, there.request);
        self.settle(there.population, &open, about, revision, &mut |ordinal, decision| {
            causes.settle(ordinal, cause(decision));
        })?;
        Ok(Away { movers, there: there.population, causes })
    }

    /// Tells each who moved, in the order in which the ledger first heard of them.
    fn tell_moved(
        &self,
        here: &Answered<'_>,
        came_in: &Away<'_>,
        dropped_out: &Away<'_>,
        list: &mut dyn FnMut(&Listed<'_>) -> std::io::Result<()>,
    ) -> Result<(), AudienceError> {
        let mut mark = Some(PageMark::default());
        while let Some(after) = mark {
            let page = self.store.identifiers_page(after, PAGE)?;
            for (principal, id) in &page.principals {
                let is_among = |movers: &Movers, population: &Population| {
                    population.find(id).is_some_and(|ordinal| movers.members.contains(ordinal.0))
                };
                let why = |away: &Away<'_>| away.there.find(id).and_then(|ordinal| away.causes.of(ordinal));
                let (way, verdict, why) = if is_among(&came_in.movers, here.population) {
                    let ordinal = here.population.find(id);
                    let is_free = ordinal.is_some_and(|ordinal| here.members.permitted.contains(ordinal.0));
                    let verdict = if is_free { Verdict::Permit } else { Verdict::PermitWithConditions };
                    (Way::In, verdict, why(came_in))
                } else if is_among(&dropped_out.movers, came_in.there) {
                    let why = why(dropped_out);
                    // Of whom nothing is known, nothing is permitted.
                    (Way::Out, why.map_or(Verdict::Deny, |cause| cause.verdict), why)
                } else {
                    continue;
                };
                let moved = Some((way, why.map(|cause| cause.reason)));
                list(&Listed { principal, verdict, moved }).map_err(AudienceError::List)?;
            }
            mark = page.next;
        }
        Ok(())
    }
}

impl Away<'_> {
    fn moved(&self) -> Moved {
        Moved {
            principals: self.movers.members.len(),
            unheard_of: self.movers.unheard_of(),
            causes: self.causes.sets.iter().map(|(cause, set)| (*cause, set.len())).collect(),
        }
    }
}
