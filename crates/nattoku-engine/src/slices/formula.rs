//! A request as set algebra: which columns are to be intersected, and whose holdings take them out again.

use jiff::Timestamp;
use nattoku_model::name::CategoryName;
use nattoku_model::{Action, Verdict};
use roaring::RoaringBitmap;

use super::column::Columns;
use super::question::{Held, Question};
use crate::condition::{Condition, Instants, Stretch};
use crate::lexicon::Kind;
use crate::plan::{Asked, Plan};
use crate::population::Population;

/// Whom a request is permitted for, by category asked; nobody where nothing is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Formula {
    /// What everybody must meet, whatever is held of them.
    common: Condition,
    categories: Vec<OfCategory>,
    n_principals: u32,
}

/// Whom it is permitted for as far as one category goes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct OfCategory {
    /// Whoever holds this must meet that, besides.
    holders: Vec<(Held, Condition)>,
    /// Whoever holds none of this must meet that, besides.
    others: (Held, Condition),
}

/// Kinds of holdings of which the same is to be met, and what.
type Group = (Vec<u32>, Condition);

impl Formula {
    pub(crate) fn new(plan: &Plan<'_>, population: &Population, at: Timestamp, at_most: Verdict) -> Self {
        let n_principals = u32::try_from(population.len()).unwrap_or(u32::MAX);
        let mut common = Vec::new();
        let mut categories = Vec::new();
        for asked in plan.asked.iter().enumerate() {
            let (of_everybody, category) = OfCategory::new(plan, population, asked, at, at_most);
            common.push(of_everybody);
            categories.push(category);
        }
        let common = if categories.is_empty() { Condition::Never } else { Condition::all(common) };
        Self { common, categories, n_principals }
    }

    /// What it asks about principals.
    pub(crate) fn questions(&self) -> Vec<Question> {
        let mut questions = Vec::new();
        ask(&self.common, &mut questions);
        for category in &self.categories {
            for (held, condition) in category.holders.iter().chain([&category.others]) {
                if *condition != Condition::Always {
                    questions.push(Question::Holds(held.clone()));
                    ask(condition, &mut questions);
                }
            }
        }
        questions
    }

    /// Those for whom it is permitted, as far as columns know.
    pub(crate) fn members(&self, columns: &Columns) -> RoaringBitmap {
        // Where something was never asked, the answer is not known of anybody.
        if !self.questions().iter().all(|question| columns.get(question).is_some()) {
            return RoaringBitmap::new();
        }
        let algebra = Algebra { columns, n_principals: self.n_principals, nobody: RoaringBitmap::new() };
        let mut members = algebra.meeting(&self.common, None);
        for category in &self.categories {
            for (held, condition) in &category.holders {
                algebra.take_out(&mut members, condition, held, |some, holders| some & holders);
            }
            let (held, condition) = &category.others;
            algebra.take_out(&mut members, condition, held, |some, holders| some - holders);
        }
        members
    }
}

impl OfCategory {
    fn new(
        plan: &Plan<'_>,
        population: &Population,
        (number, asked): (usize, &Asked),
        at: Timestamp,
        at_most: Verdict,
    ) -> (Condition, Self) {
        let permits = |part: Option<&Kind>| plan.permits(population, number, part, at, at_most);
        let of = |category| groups(population, category, &permits);
        let own = if plan.request().action == Action::Collect { Vec::new() } else { of(&asked.category) };
        let mut own_kinds: Vec<u32> = own.iter().flat_map(|(kinds, _)| kinds).copied().collect();
        own_kinds.sort_unstable();
        let mut holders: Vec<(Held, Condition)> =
            own.into_iter().flat_map(|group| by_acquisition(&group, &[])).collect();
        let others = permits(None);
        // Of everybody who is permitted some holding is, or what is assumed where there is none.
        let possible = holders.iter().map(|(_, condition)| condition).chain([&others]);
        let common = in_common(possible.filter(|condition| **condition != Condition::Never));
        for origin in &asked.origins {
            holders.extend(of(origin).iter().flat_map(|group| by_acquisition(group, &own_kinds)));
        }
        let holders = holders.into_iter().map(|(held, condition)| (held, without(&condition, &common)));
        let held = Held { kinds: own_kinds, acquired: Instants::all(), not_after: Vec::new() };
        let holders = holders.filter(|(_, condition)| *condition != Condition::Always).collect();
        let others = (held, without(&others, &common));
        (common, Self { holders, others })
    }
}

/// The kinds of which something is held of a category, by what is to be met.
fn groups(
    population: &Population,
    category: &CategoryName,
    permits: &impl Fn(Option<&Kind>) -> Condition,
) -> Vec<Group> {
    let mut parts: Vec<(Kind, Vec<u32>)> = Vec::new();
    for (number, kind) in population.lexicon.kinds.all() {
        let Some(part) = kind.part_of(category) else { continue };
        match parts.iter_mut().find(|(known, _)| *known == part) {
            Some((_, kinds)) => kinds.push(number),
            None => parts.push((part, vec![number])),
        }
    }
    let mut groups: Vec<Group> = Vec::new();
    for (part, kinds) in parts {
        let condition = permits(Some(&part));
        match groups.iter_mut().find(|(_, known)| *known == condition) {
            Some((known, _)) => known.extend(kinds),
            None => groups.push((kinds, condition)),
        }
    }
    for (kinds, _) in &mut groups {
        kinds.sort_unstable();
    }
    groups
}

/// What is to be met of holdings, by when they were acquired, without asking when.
fn by_acquisition((kinds, condition): &Group, not_after: &[u32]) -> Vec<(Held, Condition)> {
    let mut edges = Vec::new();
    edges_of(condition, &mut edges);
    edges.sort();
    edges.dedup();
    let firsts = std::iter::once(None).chain(edges.iter().copied().map(Some));
    let lasts = edges.iter().copied().map(Some).chain([None]);
    let mut by_condition: Vec<(Condition, Vec<Stretch>)> = Vec::new();
    for (from, before) in firsts.zip(lasts) {
        let condition = condition.clone().of_what_was_acquired(from.unwrap_or(Timestamp::MIN));
        let stretch = Stretch { from, before };
        match by_condition.iter_mut().find(|(known, _)| *known == condition) {
            Some((_, stretches)) => stretches.push(stretch),
            None => by_condition.push((condition, vec![stretch])),
        }
    }
    let held = |stretches| Held {
        kinds: kinds.clone(),
        acquired: Instants::of(stretches),
        not_after: not_after.to_vec(),
    };
    by_condition.into_iter().map(|(condition, stretches)| (held(stretches), condition)).collect()
}

/// The instants at which what a condition says of a holding changes.
fn edges_of(condition: &Condition, edges: &mut Vec<Timestamp>) {
    match condition {
        Condition::All(some) | Condition::Any(some) => some.iter().for_each(|one| edges_of(one, edges)),
        Condition::Not(other) => edges_of(other, edges),
        Condition::Acquired(instants) => {
            edges.extend(instants.stretches().iter().flat_map(|s| [s.from, s.before]).flatten());
        }
        _ => {}
    }
}

/// What must be met for each of some conditions, whichever it is.
fn in_common<'a>(conditions: impl Iterator<Item = &'a Condition>) -> Condition {
    let common = conditions
        .map(all_of)
        .reduce(|one, other| one.into_iter().filter(|condition| other.contains(condition)).collect());
    common.map_or(Condition::Never, Condition::all)
}

fn all_of(condition: &Condition) -> Vec<Condition> {
    match condition {
        Condition::All(all) => all.clone(),
        other => vec![other.clone()],
    }
}

/// What of a condition is not told by another.
fn without(condition: &Condition, told: &Condition) -> Condition {
    let told = all_of(told);
    Condition::all(all_of(condition).into_iter().filter(|one| !told.contains(one)))
}

/// Whether a condition is a column of its own: whatever is one thing, and all that is said of relationships together.
fn is_column(condition: &Condition) -> bool {
    let of_ties = |condition: &Condition| {
        use Condition::{PastUnknown, Registered, TieAlive, TieEnded};
        matches!(condition, Registered | PastUnknown(_) | TieAlive(_) | TieEnded(..))
    };
    match condition {
        Condition::Always | Condition::Never | Condition::Not(_) => false,
        Condition::Any(some) | Condition::All(some) => some.iter().all(|one| match one {
            Condition::Not(other) => of_ties(other),
            other => of_ties(other),
        }),
        _ => true,
    }
}

/// The columns that a condition needs.
fn ask(condition: &Condition, questions: &mut Vec<Question>) {
    match condition {
        one if is_column(one) => questions.push(Question::Meets(one.clone())),
        Condition::All(some) | Condition::Any(some) => some.iter().for_each(|one| ask(one, questions)),
        Condition::Not(other) => ask(other, questions),
        _ => {}
    }
}

/// Conditions as sets.
struct Algebra<'a> {
    columns: &'a Columns,
    n_principals: u32,
    nobody: RoaringBitmap,
}

impl Algebra<'_> {
    /// Takes out of some those who do not meet a condition, among those whom `among` leaves of them.
    fn take_out(
        &self,
        members: &mut RoaringBitmap,
        condition: &Condition,
        held: &Held,
        among: impl Fn(&RoaringBitmap, &RoaringBitmap) -> RoaringBitmap,
    ) {
        if *condition == Condition::Always || members.is_empty() {
            return;
        }
        let holders = self.columns.get(&Question::Holds(held.clone())).unwrap_or(&self.nobody);
        let failing = match condition {
            Condition::Not(one) if is_column(one) => {
                // Mostly very few: so they are looked at first.
                among(&(&*members & self.of(one)), holders)
            }
            _ => {
                let some = among(members, holders);
                let meeting = self.meeting(condition, Some(some.clone()));
                some - meeting
            }
        };
        *members -= failing;
    }

    /// The column of a condition that is one.
    fn of(&self, condition: &Condition) -> &RoaringBitmap {
        self.columns.get(&Question::Meets(condition.clone())).unwrap_or(&self.nobody)
    }

    /// Those of some, or of all, who meet a condition.
    fn meeting(&self, condition: &Condition, some: Option<RoaringBitmap>) -> RoaringBitmap {
        if is_column(condition) {
            let column = self.of(condition);
            return match some {
                Some(some) => some & column,
                None => column.clone(),
            };
        }
        match condition {
            Condition::Always => some.unwrap_or_else(|| self.everybody()),
            Condition::All(all) => {
                // What takes people out comes last: before, there would have to be everybody to take them from.
                let (last, first): (Vec<_>, Vec<_>) =
                    all.iter().partition(|one| matches!(one, Condition::Not(_)));
                let meeting =
                    first.into_iter().chain(last).fold(some, |some, one| Some(self.meeting(one, some)));
                meeting.unwrap_or_else(|| self.everybody())
            }
            Condition::Any(any) => {
                let mut rest = some.unwrap_or_else(|| self.everybody());
                let mut meeting = RoaringBitmap::new();
                for one in any {
                    let more = self.meeting(one, Some(rest.clone()));
                    rest -= &more;
                    meeting |= more;
                }
                meeting
            }
            Condition::Not(other) => {
                let some = some.unwrap_or_else(|| self.everybody());
                if is_column(other) {
                    return some - self.of(other);
                }
                let meeting = self.meeting(other, Some(some.clone()));
                some - meeting
            }
            _ => RoaringBitmap::new(),
        }
    }

    fn everybody(&self) -> RoaringBitmap {
        let mut everybody = RoaringBitmap::new();
        everybody.insert_range(0..self.n_principals);
        everybody
    }
}
