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
