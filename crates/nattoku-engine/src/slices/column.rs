//! Columns: the answers to questions about everybody, as sets.

use roaring::RoaringBitmap;

use super::question::Question;
use crate::dates::Doubt;
use crate::population::{Ordinal, Population};

/// As many columns are kept as this; those that were not asked for longest go first.
const KEPT: usize = 256;

/// Rows that are gone through before their answers are put into the sets.
const AT_ONCE: usize = 1 << 16;

/// The columns that were asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Columns {
    columns: Vec<Column>,
    /// How many times something was wanted.
    turn: u64,
}

/// The answers to one question.
#[derive(Debug, Clone)]
struct Column {
    question: Question,
    /// When it was wanted last.
    turn: u64,
    is_filled: bool,
    is: RoaringBitmap,
    /// Those of whom the rows do not tell.
    doubtful: RoaringBitmap,
}

impl Columns {
    /// Says which questions are to be answered next.
    pub(crate) fn want(&mut self, questions: Vec<Question>) {
        for question in questions {
            let turn = self.turn;
            match self.columns.iter_mut().find(|column| column.question == question) {
                Some(column) => column.turn = turn,
                None => self.columns.push(Column {
                    question,
                    turn,
                    is_filled: false,
                    is: RoaringBitmap::new(),
                    doubtful: RoaringBitmap::new(),
                }),
            }
        }
    }

    /// Makes the columns that are wanted and not there, in one pass over the rows.
    pub(crate) fn fill(&mut self, population: &Population, progress: &mut dyn FnMut(u64)) {
        let turn = self.turn;
        self.turn += 1;
        let mut empty: Vec<&mut Column> =
            self.columns.iter_mut().filter(|column| !column.is_filled).collect();
        if empty.is_empty() {
            return;
        }
        let mut found: Vec<Vec<u32>> = vec![Vec::new(); empty.len()];
        let mut n_read = 0;
        for ordinal in population.ordinals() {
            let doubt = Doubt::default();
            let row = population.row(ordinal);
            let state = row.and_then(|row| population.state(row, &doubt));
            if state.is_none() {
                // Of somebody without a state nothing is known, whatever is asked.
                for column in &mut empty {
                    column.doubtful.insert(ordinal.0);
                }
            }
            if let Some(state) = state {
                for (column, found) in empty.iter_mut().zip(&mut found) {
                    doubt.forget();
                    if column.question.ask(population, &state) {
                        found.push(ordinal.0);
                    }
                    if doubt.is_there() {
                        column.doubtful.insert(ordinal.0);
                    }
                }
            }
            n_read += 1;
            if n_read % AT_ONCE == 0 {
                progress(u64::try_from(n_read).unwrap_or(u64::MAX));
                put(&mut empty, &mut found);
            }
        }
        put(&mut empty, &mut found);
        for column in empty {
            column.is_filled = true;
        }
        if self.columns.len() > KEPT {
            self.columns.sort_by_key(|column| std::cmp::Reverse(column.turn));
            let n_wanted = self.columns.iter().filter(|column| column.turn == turn).count();
            self.columns.truncate(KEPT.max(n_wanted));
        }
    }

    /// Asks anew about those who changed.
    pub(crate) fn renew(&mut self, population: &Population, changed: &[Ordinal]) {
        for column in &mut self.columns {
            for ordinal in changed {
                let (is, is_told) = ask(&column.question, population, *ordinal);
                set(&mut column.is, ordinal.0, is);
                set(&mut column.doubtful, ordinal.0, !is_told);
            }
        }
    }

    /// The answers to a question that was wanted; nobody where it was not.
    pub(crate) fn get(&self, question: &Question) -> Option<&RoaringBitmap> {
        self.columns.iter().find(|column| column.question == *question).map(|column| &column.is)
    }

    /// Those of whom some column last wanted does not know.
    pub(crate) fn doubtful(&self) -> RoaringBitmap {
        let wanted = self.columns.iter().filter(|column| column.turn + 1 == self.turn);
        wanted.fold(RoaringBitmap::new(), |all, column| all | &column.doubtful)
    }
}

/// The answer to a question about somebody, and whether the row tells it.
fn ask(question: &Question, population: &Population, ordinal: Ordinal) -> (bool, bool) {
    let doubt = Doubt::default();
    let row = population.row(ordinal);
    let state = row.and_then(|row| population.state(row, &doubt));
    match state {
        Some(state) => (question.ask(population, &state), !doubt.is_there()),
        None => (false, false),
    }
}

fn put(columns: &mut [&mut Column], found: &mut [Vec<u32>]) {
    for (column, found) in columns.iter_mut().zip(found) {
        // Ordinals come in their order, each later than all before.
        if column.is.append(found.iter().copied()).is_err() {
            column.is.extend(found.iter().copied());
        }
        found.clear();
    }
}

fn set(all: &mut RoaringBitmap, number: u32, is_in: bool) {
    if is_in {
        all.insert(number);
    } else {
        all.remove(number);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use nattoku_model::event::{Event, Recorded, Revision};
    use nattoku_policy::check;

    use super::*;
    use crate::condition::Condition;
    use crate::vocabulary::Vocabulary;

    fn id(n: u32) -> [u8; 16] {
        u128::from(n).to_be_bytes()
    }

    fn registered() -> Recorded {
        let at = "2026-01-01T00:00:00Z".parse().unwrap();
        let event = Event::PrincipalRegistered {
            born: None,
            residence: None,
            unknown_relationships: vec!["line".into()],
        };
        Recorded { revision: Revision(1), at, recorded_at: at, event }
    }

    /// So many, of whom every third is registered, with a past that is unknown.
    fn population(n: u32) -> Population {
        let versions = check(&nattoku_testkit::carrier().unwrap()).versions.unwrap();
        let mut population = Population::new(Arc::new(Vocabulary::new(&versions)));
        for n in 0..n {
            let events: &[Recorded] = if n % 3 == 0 { &[registered()] } else { &[] };
            population.rebuild(id(n), events).unwrap();
        }
        population
    }

    const REGISTERED: Question = Question::Meets(Condition::Registered);

    #[test]
    fn a_column_is_whole_where_there_are_more_rows_than_are_gone_through_at_once() {
        let at_once = u32::try_from(AT_ONCE).unwrap();
        let n = 2 * at_once + 10;
        let mut population = population(n);
        let mut columns = Columns::default();
        columns.want(vec![REGISTERED]);
        let mut told = Vec::new();
        columns.fill(&population, &mut |n| told.push(n));
        assert_eq!(told, [u64::from(at_once), 2 * u64::from(at_once)]);
        let mut expected: RoaringBitmap = (0..n).filter(|n| n % 3 == 0).collect();
        assert_eq!(columns.get(&REGISTERED), Some(&expected));
        assert!(columns.doubtful().is_empty());
        // Those who change and those who come are asked about alone, wherever they stand.
        let changed = [(1, true), (at_once + 1, true), (2 * at_once + 1, false), (n, true)];
        let ordinals = changed.map(|(n, is)| {
            let events: &[Recorded] = if is { &[registered()] } else { &[] };
            set(&mut expected, n, is);
            population.rebuild(id(n), events).unwrap()
        });
        columns.renew(&population, &ordinals);
        assert_eq!(columns.get(&REGISTERED), Some(&expected));
    }

    #[test]
    fn columns_that_were_not_asked_for_longest_go_and_come_again() {
        let population = population(30);
        let mut columns = Columns::default();
        let past_unknown = |n: usize| Question::Meets(Condition::PastUnknown(n));
        let mut ask = |asked: &[Question]| -> Columns {
            columns.want(asked.to_vec());
            columns.fill(&population, &mut |_| ());
            columns.clone()
        };
        let old: Vec<Question> = (0..KEPT).map(past_unknown).collect();
        let new: Vec<Question> = (KEPT..KEPT + 10).map(past_unknown).chain([REGISTERED]).collect();
        let first = ask(&old);
        let answers: Vec<RoaringBitmap> = old.iter().map(|q| first.get(q).cloned().unwrap()).collect();
        assert!(
            answers.iter().any(|is| !is.is_empty()),
            "some relationship is the one of which nothing is known"
        );
        // Some of the old ones are asked for with the new: these stay, and as many of the others go.
        let again = old.iter().rev().take(20);
        let second = ask(&new.iter().chain(again.clone()).cloned().collect::<Vec<_>>());
        assert_eq!(second.columns.len(), KEPT);
        assert!(new.iter().chain(again).all(|question| second.get(question).is_some()));
        let gone = old.iter().filter(|question| second.get(question).is_none());
        assert_eq!(gone.count(), new.len());
        // Whatever was gone is answered as before, also where more is wanted at once than is kept.
        let third = ask(&old.iter().chain(&new).cloned().collect::<Vec<_>>());
        assert_eq!(third.columns.len(), old.len() + new.len());
        for (question, answer) in old.iter().zip(&answers) {
            assert_eq!(third.get(question), Some(answer));
        }
        assert_eq!(third.get(&REGISTERED), second.get(&REGISTERED));
    }
}
