//! Who may be part of something: one request asked about everybody.

use std::collections::BTreeMap;

use jiff::Timestamp;
use nattoku_model::{Gate, Reason, Verdict};
use roaring::RoaringBitmap;

use crate::answer::Answer;
use crate::decide::{NotNow, decide};
use crate::plan::Plan;
use crate::population::{Ordinal, Population};

/// Why somebody is not in an audience: the gate that decided, with its verdict and reason.
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
        for (n, ordinal) in (1_u64..).zip(population.ordinals()) {
            decide(plan, population, ordinal, at, &mut answer)?;
            audience.add(ordinal, &answer);
            if n % 4_096 == 0 {
                progress(n);
            }
        }
        Ok(audience)
    }

    fn add(&mut self, ordinal: Ordinal, answer: &Answer) {
        *self.verdicts.entry(answer.verdict).or_default() += 1;
        match answer.verdict {
            Verdict::Permit => _ = self.permitted.insert(ordinal.0),
            Verdict::PermitWithConditions => _ = self.with_conditions.insert(ordinal.0),
            verdict => {
                let (gate, reason) = answer
                    .deciding()
                    .map_or((Gate::Governing, Reason::NoHolding), |(gate, said)| (gate, said.reason));
                *self.causes.entry(Cause { verdict, gate, reason }).or_default() += 1;
            }
        }
    }

    /// Everybody for whom it may be done, conditions or not.
    #[must_use]
    pub fn members(&self) -> RoaringBitmap {
        &self.permitted | &self.with_conditions
    }
}
