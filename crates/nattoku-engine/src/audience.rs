//! Who may be part of something: one request asked about everybody.

mod movers;

use std::collections::BTreeMap;

use jiff::Timestamp;
use nattoku_model::{Gate, Reason, Verdict};
use roaring::RoaringBitmap;

use crate::answer::Answer;
use crate::decide::{NotNow, decide_each};
use crate::plan::Plan;
use crate::population::{Ordinal, Population};

pub use movers::{Causes, Movers, Side};

/// What decides about somebody: the first gate with the answer's verdict, and its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cause {
    /// The verdict.
    pub verdict: Verdict,
    /// The first gate with that verdict.
    pub gate: Gate,
    /// Its reason.
    pub reason: Reason,
}

/// The answer about everybody.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Audience {
    /// Those for whom it is permitted, by ordinal.
    pub permitted: RoaringBitmap,
    /// Those for whom it is permitted on conditions alone, by ordinal; not among [`Audience::permitted`].
    pub with_conditions: RoaringBitmap,
    /// Those about whom the engine has no answer, by ordinal: the definition is to be asked, and [`Audience::settle`] told.
    pub open: RoaringBitmap,
    /// How many there are of each verdict.
    pub verdicts: BTreeMap<Verdict, u64>,
    /// How many are left out, by what decides.
    pub causes: BTreeMap<Cause, u64>,
}

impl Audience {
    /// Asks a plan's request about everybody at an instant; `progress` is told how many have been looked at.
    ///
    /// # Errors
    /// Where the engine has no answer for that instant.
    pub fn new(
        plan: &mut Plan<'_>,
        population: &Population,
        at: Timestamp,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Self, NotNow> {
        let mut audience = Self::default();
        let mut answer = Answer::default();
        let mut n_asked = 0;
        decide_each(plan, population, population.ordinals(), at, &mut answer, &mut |ordinal, decided| {
            match decided {
                Ok(answer) => audience.count(ordinal, cause(answer)),
                Err(_) => _ = audience.open.insert(ordinal.0),
            }
            n_asked += 1;
            if n_asked % 4_096 == 0 {
                progress(n_asked);
            }
        })?;
        Ok(audience)
    }

    /// Settles somebody about whom the engine has no answer with the answer of the definition.
    pub fn settle(&mut self, ordinal: Ordinal, cause: Cause) {
        if self.open.remove(ordinal.0) {
            self.count(ordinal, cause);
        }
    }

    fn count(&mut self, ordinal: Ordinal, cause: Cause) {
        *self.verdicts.entry(cause.verdict).or_default() += 1;
        match cause.verdict {
            Verdict::Permit => _ = self.permitted.insert(ordinal.0),
            Verdict::PermitWithConditions => _ = self.with_conditions.insert(ordinal.0),
            _ => *self.causes.entry(cause).or_default() += 1,
        }
    }

    /// Everybody for whom it may be done, conditions or not.
    #[must_use]
    pub fn members(&self) -> RoaringBitmap {
        &self.permitted | &self.with_conditions
    }
}

/// What decides: the first gate with the answer's verdict.
fn cause(answer: &Answer) -> Cause {
    let deciding = answer.deciding().map(|(gate, said)| (gate, said.reason));
    let (gate, reason) = deciding.unwrap_or((Gate::Governing, Reason::NoHolding));
    Cause { verdict: answer.verdict, gate, reason }
}
