//! A request as a filter in a database: partial evaluation of a plan to SQL over tables that hold what is known of principals.
//!
//! [`Snapshot`] tells the rows of the tables, [`TABLES`] what the tables are, and a [`Filter`] is the question as SQL. The
//! language is the part of SQL that PostgreSQL, DuckDB and Spark have in common; names stand in it as literals and nowhere else.

mod holdings;
mod leaves;
mod load;
mod schema;
mod snapshot;
mod sql;

use std::sync::Arc;

use jiff::Timestamp;
use nattoku_model::name::VersionName;
use nattoku_model::policy::Versions;
use nattoku_model::{Action, Recorded, Request, Verdict};

pub use load::load;
pub use schema::{Column, ColumnKind, Dialect, TABLES, Table};
pub use snapshot::{Snapshot, SnapshotError, TooFar};

use crate::plan::Plan;
use crate::plan::places::OfCategory;
use crate::population::Population;
use crate::vocabulary::Vocabulary;
use holdings::Holdings;
use leaves::Leaves;
use sql::Sql;

/// Whether a filter asks anything at all. There is none that always permits: a restriction may stop any act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilterKind {
    /// The request is permitted for nobody, whatever is known of them.
    Never,
    /// It is permitted for those for whom the condition is met.
    Conditional,
}

impl FilterKind {
    /// The kind's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Conditional => "conditional",
        }
    }
}

/// A request about everybody at one instant, as conditions on the tables of a snapshot.
#[derive(Debug, Clone)]
pub struct Filter {
    at: Timestamp,
    until: Timestamp,
    policy_version: Option<VersionName>,
    action: Action,
    vocabulary: Arc<Vocabulary>,
    /// When it is permitted without conditions.
    without_conditions: Vec<OfCategory>,
    /// When it is permitted, conditions or not.
    permitted: Vec<OfCategory>,
}

impl Filter {
    /// Compiles a request for the instant that it is about, which is no earlier than anything that is known; `general` are the
    /// events that concern everybody. Its names are declared in `versions.current()`, but for the activity.
    #[must_use]
    pub fn new(versions: &Versions, general: &[Recorded], request: &Request) -> Self {
        let vocabulary = Arc::new(Vocabulary::new(versions));
        let mut nobody = Population::new(Arc::clone(&vocabulary));
        for recorded in general {
            nobody.apply_general(recorded);
        }
        let plan = Plan::new(versions, &nobody, request);
        let of = |at_most| plan.of_categories(&nobody, request.at, at_most);
        Self {
            at: request.at,
            until: plan.until(),
            policy_version: plan.policy_version().cloned(),
            action: request.action,
            without_conditions: of(Verdict::Permit),
            permitted: of(Verdict::PermitWithConditions),
            vocabulary,
        }
    }

    /// The instant that it is about.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// From when on the rules say something else, so that the filter is to be made anew.
    #[must_use]
    pub fn until(&self) -> Timestamp {
        self.until
    }

    /// The version in force.
    #[must_use]
    pub fn policy_version(&self) -> Option<&VersionName> {
        self.policy_version.as_ref()
    }

    /// Whether anybody can be permitted.
    ///
    /// # Errors
    /// A rule compares with an instant that the tables cannot hold.
    pub fn kind(&self) -> Result<FilterKind, TooFar> {
        let permitted = self.of(&self.permitted, "p.id")?;
        Ok(if permitted == Sql::False { FilterKind::Never } else { FilterKind::Conditional })
    }

    /// A query with the columns `id` and `verdict` for everybody in the snapshot for whom it is permitted.
    ///
    /// # Errors
    /// A rule compares with an instant that the tables cannot hold.
    pub fn select(&self, dialect: Dialect) -> Result<String, TooFar> {
        let permitted = self.of(&self.permitted, "p.id")?;
        let without = self.of(&self.without_conditions, "p.id")?;
        let query = |verdict: Verdict, condition: &Sql| {
            let condition = condition.print(dialect, 0);
            format!("SELECT p.id, '{verdict}' AS verdict\nFROM nattoku_principal p\nWHERE {condition}")
        };
        if permitted == without {
            return Ok(query(Verdict::Permit, &without));
        }
        if without == Sql::False {
            return Ok(query(Verdict::PermitWithConditions, &permitted));
        }
        let with = Sql::all([permitted, without.clone().negated()]);
        let both = [query(Verdict::Permit, &without), query(Verdict::PermitWithConditions, &with)];
        Ok(both.join("\nUNION ALL\n"))
    }

    /// The condition alone, on an expression that names the principal in a query of the caller's: met where it is permitted,
    /// conditions or not, and by nobody who is not in the snapshot.
    ///
    /// # Errors
    /// A rule compares with an instant that the tables cannot hold.
    pub fn condition(&self, dialect: Dialect, id: &str) -> Result<String, TooFar> {
        let known = Sql::exists("nattoku_principal", "k", Sql::test(format!("k.id = {id}")));
        Ok(Sql::all([known, self.of(&self.permitted, id)?]).print(dialect, 0))
    }

    fn of(&self, categories: &[OfCategory], id: &str) -> Result<Sql, TooFar> {
        let leaves = Leaves { vocabulary: &self.vocabulary, action: self.action };
        let all: Result<Vec<Sql>, TooFar> =
            categories.iter().map(|category| Holdings { leaves, category }.sql(id)).collect();
        let all = all?;
        if all.is_empty() {
            return Ok(Sql::False);
        }
        Ok(Sql::all(std::iter::once(self.tables_serve()?).chain(all)))
    }

    /// Whether the tables hold what this filter asks about, and nothing later than it. Without that, what older tables do not
    /// tell, such as a choice that a new version offers, would count as never declined.
    fn tables_serve(&self) -> Result<Sql, TooFar> {
        let at = snapshot::nanoseconds(self.at)?;
        let is_known = Sql::is("t.vocabulary", &snapshot::vocabulary_name(&self.vocabulary));
        let is_not_later = Sql::test(format!("t.newest_at <= {at}"));
        Ok(Sql::exists("nattoku_snapshot", "t", Sql::all([is_known, is_not_later])))
    }
}
