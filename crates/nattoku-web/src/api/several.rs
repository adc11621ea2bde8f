//! Several questions in one call: those that ask the same of one principal after another are asked together.

use std::convert::Infallible;
use std::sync::Arc;

use nattoku_model::Revision;
use nattoku_operations::{Alike, Line, Question, Telling};
use nattoku_trace::during;

use super::answer::{Deadline, await_revision, blocking};
use super::noted;
use super::problem::Problem;
use crate::Web;

/// Up to so many questions are answered between two other calls of the same thread: none is kept waiting for long.
const AT_ONCE_MAX: usize = 100;

/// The questions of a call, and what cannot be asked, in the order in which they were sent.
#[derive(Debug, Default)]
pub(crate) struct Several<'p> {
    asked: Vec<Alike<'p>>,
    places: Vec<Result<(), Problem>>,
}

impl<'p> Several<'p> {
    /// One question more, or why it cannot be asked.
    pub(crate) fn push(&mut self, question: Result<Question, Problem>) {
        self.places.push(question.map(|question| self.asked.push(Alike::new(question))));
    }

    /// One more that asks the same as the last, about another principal.
    pub(crate) fn push_alike(&mut self, principal: &'p str) {
        if let Some(last) = self.asked.last_mut() {
            last.ask_about(principal);
            self.places.push(Ok(()));
        }
    }

    /// Answers them in one answer: all that permits in it may be sent when it is whole. What cannot be asked stays what it is.
    ///
    /// # Errors
    /// The server cannot answer.
    pub(crate) async fn answer(
        self,
        web: &Web,
        telling: Telling,
    ) -> Result<Vec<Result<Line, Problem>>, Problem> {
        let Self { asked, places } = self;
        let wanted = asked.iter().filter_map(|alike| alike.question().min_revision).max();
        if let Some(wanted) = wanted {
            // Those that ask for more than there is are told so, each by itself.
            let _ = await_revision(web, Revision(wanted), Deadline::new()).await;
        }
        let at_once = (places.len() <= AT_ONCE_MAX).then(|| web.node.answer_each_at_once(&asked, telling));
        let answers = if let Some(lines) = at_once.flatten() {
            put(places, lines.into_iter().map(Ok))
        } else {
            let node = Arc::clone(&web.node);
            let questions: Vec<Question> = asked.into_iter().flat_map(Alike::each).collect();
            let decide = move || Ok::<_, Infallible>(node.answer_each(&questions, telling));
            let Ok(answers) = blocking(web, move || during("decide", decide)).await?;
            put(places, answers.into_iter().map(|answer| answer.map_err(Problem::from)))
        };
        noted::decisions(&answers);
        Ok(answers)
    }
}

/// Puts each answer in the place of its question.
fn put(
    places: Vec<Result<(), Problem>>,
    mut answers: impl Iterator<Item = Result<Line, Problem>>,
) -> Vec<Result<Line, Problem>> {
    let mut answered = |()| answers.next().unwrap_or_else(|| Err(Problem::failed_here()));
    places.into_iter().map(|place| place.and_then(&mut answered)).collect()
}
