//! For whom something is permitted, out of sets: a column for each thing that conditions ask, and set algebra over these.
//!
//! A [`Plan`] turns into conditions (`plan/permits.rs`). What they ask of a principal, such as whether a consent stands, is a
//! column: the set of all of whom it is true. A column is made by one pass over the rows when it is first asked for, and
//! kept; then an audience is a handful of intersections, however many principals there are. Whoever a row does not tell
//! enough about is asked about one by one.

mod column;
mod formula;
mod question;

use std::sync::Arc;

use jiff::Timestamp;
use nattoku_model::Verdict;
use roaring::RoaringBitmap;

use crate::answer::Answer;
use crate::decide::{NotNow, decide, may_ask};
use crate::plan::Plan;
use crate::population::{Ordinal, Population};
use column::Columns;
use formula::Formula;

/// For whom something is permitted, by ordinal.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Members {
    /// Those for whom it is permitted.
    pub permitted: RoaringBitmap,
    /// Those for whom it is permitted on conditions alone.
    pub with_conditions: RoaringBitmap,
    /// Those about whom the engine has no answer: the definition is to be asked.
    pub open: RoaringBitmap,
}

impl Members {
    /// Everybody for whom it may be done, conditions or not.
    #[must_use]
    pub fn all(&self) -> RoaringBitmap {
        &self.permitted | &self.with_conditions
    }

    /// How many these are.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.permitted.len() + self.with_conditions.len()
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The state of a population cut into columns, as far as somebody asked for them.
#[derive(Debug, Clone)]
pub struct Slices {
    columns: Columns,
    /// What the columns are of, and how often it had changed.
    of: Arc<()>,
    n_changes: u64,
}

impl Slices {
    /// No columns yet, for a population as it stands.
    #[must_use]
    pub fn new(population: &Population) -> Self {
        Self { columns: Columns::default(), of: population.identity.mark(), n_changes: population.n_changes }
    }

    /// Brings the columns to where the population stands now; these principals are all that changed or came since.
    pub fn follow(&mut self, population: &Population, changed: &[Ordinal]) {
        if population.identity.is(&self.of) {
            self.columns.renew(population, changed);
            self.n_changes = population.n_changes;
        }
    }

    /// For whom the plan's request is permitted at an instant. The first question of its kind takes one pass over the rows, of
    /// which `progress` is told how many it has gone through.
    ///
    /// # Errors
    /// Where the engine has no answer for that instant.
    pub fn members(
        &mut self,
        plan: &mut Plan<'_>,
        population: &Population,
        at: Timestamp,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Members, NotNow> {
        may_ask(plan, population, at)?;
        if !population.identity.is(&self.of) || self.n_changes != population.n_changes {
            // Columns of another state are worth nothing.
            *self = Self::new(population);
        }
        let formulas = [Verdict::Permit, Verdict::PermitWithConditions]
            .map(|at_most| Formula::new(plan, population, at, at_most));
        for formula in &formulas {
            self.columns.want(formula.questions());
        }
        self.columns.fill(population, progress);
        let [permitted, on_conditions] = formulas;
        let is_same = permitted == on_conditions;
        let permitted = permitted.members(&self.columns);
        let with_conditions =
            if is_same { RoaringBitmap::new() } else { on_conditions.members(&self.columns) - &permitted };
        let mut members = Members { permitted, with_conditions, open: RoaringBitmap::new() };
        self.settle(&mut members, plan, population, at)?;
        Ok(members)
    }

    /// Asks one by one about those of whom some column does not know.
    fn settle(
        &self,
        members: &mut Members,
        plan: &mut Plan<'_>,
        population: &Population,
        at: Timestamp,
    ) -> Result<(), NotNow> {
        let doubtful = self.columns.doubtful();
        members.permitted -= &doubtful;
        members.with_conditions -= &doubtful;
        let mut answer = Answer::default();
        for number in doubtful {
            let set = match decide(plan, population, Ordinal(number), at, &mut answer) {
                Ok(()) => match answer.verdict {
                    Verdict::Permit => &mut members.permitted,
                    Verdict::PermitWithConditions => &mut members.with_conditions,
                    _ => continue,
                },
                // Of somebody of whom nothing is kept there is no state.
                Err(NotNow::Finer | NotNow::Nobody) => &mut members.open,
                Err(other) => return Err(other),
            };
            set.insert(number);
        }
        Ok(())
    }
}
