//! A request asked about everybody of a population: by the engine, and where it leaves somebody open, by the definition.

use nattoku_engine::{Audience as Counted, Cause, Ordinal, Plan, Population};
use nattoku_model::policy::Versions;
use nattoku_model::{Decision, Gate, Reason, Request, Revision};

use super::AudienceError;
use crate::nattoku::Nattoku;

impl Nattoku {
    /// Asks by some versions about everybody of a population, and says how many answers the definition gave.
    pub(super) fn count(
        &self,
        versions: &Versions,
        population: &Population,
        request: &Request,
        revision: Revision,
        asked: &mut dyn FnMut(u64),
    ) -> Result<(Counted, u64), AudienceError> {
        let mut plan = Plan::new(versions, population, request);
        let mut members = Counted::new(&mut plan, population, request.at, asked)?;
        let open: Vec<Ordinal> = members.open.iter().map(Ordinal).collect();
        self.settle(population, &open, (versions, request), revision, &mut |ordinal, decision| {
            members.settle(ordinal, cause(decision));
        })?;
        Ok((members, u64::try_from(open.len()).unwrap_or(u64::MAX)))
    }

    /// Asks the definition, by some versions, about those whose answer depends on what a population does not keep in full, and
    /// tells what it decides about each.
    pub(super) fn settle(
        &self,
        population: &Population,
        open: &[Ordinal],
        (versions, request): (&Versions, &Request),
        revision: Revision,
        settled: &mut dyn FnMut(Ordinal, &Decision),
    ) -> Result<(), AudienceError> {
        if open.is_empty() {
            return Ok(());
        }
        let mut events = self.store.general_events(revision)?;
        let n_general = events.len();
        for &ordinal in open {
            let Some(id) = population.id(ordinal) else { continue };
            events.truncate(n_general);
            events.extend(self.store.events_of_id(id, revision)?);
            let decision = nattoku_spec::decide(versions, &events, request, revision);
            settled(ordinal, &decision);
        }
        Ok(())
    }
}

/// What decides: the first gate with the decision's verdict.
pub(crate) fn cause(decision: &Decision) -> Cause {
    let deciding = decision.deciding().map(|gate| (gate.gate, gate.reason));
    let (gate, reason) = deciding.unwrap_or((Gate::Governing, Reason::NoHolding));
    Cause { verdict: decision.verdict, gate, reason }
}
