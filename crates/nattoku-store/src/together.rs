//! Questions that come while another is being answered, asked together by one of those who have them.
//!
//! Nobody is kept waiting for others to come: whoever comes when nothing is asked asks at once. While that takes, others gather, and the
//! first of those asks next.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::error::StoreError;

/// Most that is asked at once. Whoever comes then gathers anew.
const GATHERED_MAX: usize = 128;

/// Where questions gather.
pub(crate) struct Together<Q, A> {
    gathering: Mutex<Option<Arc<Batch<Q, A>>>>,
    /// Held by whoever asks.
    turn: Mutex<()>,
}

/// What is asked at once.
struct Batch<Q, A> {
    /// None as soon as it is being asked.
    questions: Mutex<Option<Vec<Q>>>,
    /// In the order of the questions. All who wait for them are woken at once.
    answers: OnceLock<Vec<Mutex<Option<Answer<A>>>>>,
}

type Answer<A> = Result<A, StoreError>;

impl<Q, A> Default for Together<Q, A> {
    fn default() -> Self {
        Self { gathering: Mutex::new(None), turn: Mutex::new(()) }
    }
}

impl<Q, A> Together<Q, A> {
    /// Gives the answer to a question, which is no older than this call. `ask` is run where this call is the one to ask for all who have
    /// gathered: it gives their answers in the order of the questions.
    pub(crate) fn ask(
        &self,
        question: Q,
        ask: impl FnOnce(&[Q]) -> Result<Vec<A>, StoreError>,
    ) -> Result<A, StoreError> {
        let (batch, place) = self.gather(question);
        if place == 0 {
            let _turn = lock(&self.turn);
            let telling = Telling(&batch);
            let questions = lock(&batch.questions).take().unwrap_or_default();
            match ask(&questions) {
                Ok(answers) => telling.0.tell(answers.into_iter().map(Ok)),
                Err(error) => telling.0.tell(questions.iter().map(|_| Err(error.again()))),
            }
        }
        batch.wait(place)
    }

    /// Has a question wait with others, and tells in which place. Whoever has the first asks for all.
    fn gather(&self, question: Q) -> (Arc<Batch<Q, A>>, usize) {
        let mut gathering = lock(&self.gathering);
        if let Some(batch) = &*gathering
            && let Some(questions) = &mut *lock(&batch.questions)
            && questions.len() < GATHERED_MAX
        {
            questions.push(question);
            return (Arc::clone(batch), questions.len() - 1);
        }
        let batch = Arc::new(Batch { questions: Mutex::new(Some(vec![question])), answers: OnceLock::new() });
        *gathering = Some(Arc::clone(&batch));
        (batch, 0)
    }
}

impl<Q, A> Batch<Q, A> {
    fn tell(&self, answers: impl Iterator<Item = Answer<A>>) {
        let answers = answers.map(|answer| Mutex::new(Some(answer))).collect();
        // Where they have been told, that stands.
        let _ = self.answers.set(answers);
    }

    /// Waits for the answer to the question in a place.
    fn wait(&self, place: usize) -> Answer<A> {
        let mine = self.answers.wait().get(place);
        mine.and_then(|answer| lock(answer).take()).unwrap_or_else(|| {
            let source = "whoever asked the database for several at once broke off";
            Err(StoreError::Unavailable { source: source.into() })
        })
    }
}

/// Nobody waits for ever, whatever becomes of whoever asks for all.
struct Telling<'a, Q, A>(&'a Batch<Q, A>);

impl<Q, A> Drop for Telling<'_, Q, A> {
    fn drop(&mut self) {
        self.0.tell(std::iter::empty());
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::*;

    fn doubled(questions: &[usize]) -> Vec<usize> {
        questions.iter().map(|question| question * 2).collect()
    }

    /// Has one call ask until `n` others have gathered, and gives what each of those was answered.
    fn gathered(
        together: &Together<usize, usize>,
        n: usize,
        ask: impl Fn(&[usize]) -> Result<Vec<usize>, StoreError> + Sync,
    ) -> Vec<thread::Result<Result<usize, StoreError>>> {
        let asked = Barrier::new(2);
        let ask = &ask;
        thread::scope(|scope| {
            let first = scope.spawn(|| {
                together.ask(0, |questions| {
                    asked.wait();
                    while waiting(together) < n {
                        thread::yield_now();
                    }
                    Ok(doubled(questions))
                })
            });
            asked.wait();
            let others: Vec<_> =
                (1..=n).map(|question| scope.spawn(move || together.ask(question, ask))).collect();
            let answers = others.into_iter().map(thread::ScopedJoinHandle::join).collect();
            assert_eq!(first.join().unwrap().unwrap(), 0);
            answers
        })
    }

    fn waiting(together: &Together<usize, usize>) -> usize {
        let gathering = lock(&together.gathering);
        let questions = gathering.as_ref().map(|batch| lock(&batch.questions).as_ref().map_or(0, Vec::len));
        questions.unwrap_or(0)
    }

    #[test]
    fn those_who_come_meanwhile_are_answered_by_one_of_them() {
        let (together, n_asked) = (Together::default(), AtomicUsize::new(0));
        let answers = gathered(&together, 20, |questions| {
            n_asked.fetch_add(1, Ordering::Relaxed);
            Ok(doubled(questions))
        });
        let answers: Vec<_> = answers.into_iter().map(|answer| answer.unwrap().unwrap()).collect();
        assert_eq!(answers, (1..=20).map(|question| question * 2).collect::<Vec<_>>(), "each its own");
        assert_eq!(n_asked.into_inner(), 1);
    }

    #[test]
    fn whoever_comes_alone_asks_alone_and_anew() {
        let together = Together::default();
        for question in [3, 4] {
            let answer = together.ask(question, |questions| {
                assert_eq!(questions, [question]);
                Ok(doubled(questions))
            });
            assert_eq!(answer.unwrap(), question * 2);
        }
    }

    #[test]
    fn no_more_are_asked_at_once_than_may_be() {
        let together = Together::default();
        let gathered: Vec<_> = (0..=GATHERED_MAX).map(|question| together.gather(question)).collect();
        let places: Vec<_> = gathered.iter().map(|(_, place)| *place).collect();
        assert_eq!(places, (0..GATHERED_MAX).chain([0]).collect::<Vec<_>>());
        let full: &Arc<Batch<usize, usize>> = &gathered[0].0;
        assert_eq!(
            lock(&full.questions).as_ref().map(Vec::len),
            Some(GATHERED_MAX),
            "nobody takes them away"
        );
    }

    #[test]
    fn where_asking_fails_or_breaks_off_everybody_is_told() {
        let together = Together::default();
        for answer in gathered(&together, 8, |_| Err(StoreError::Locked)) {
            assert!(matches!(answer.unwrap(), Err(StoreError::Locked)));
        }
        let silence = catch_unwind(AssertUnwindSafe(|| {
            let answers = gathered(&together, 8, |_| panic!("a test has it fail"));
            assert_eq!(answers.iter().filter(|answer| answer.is_err()).count(), 1, "whoever asked");
            for answer in answers.into_iter().flatten() {
                assert!(matches!(answer, Err(StoreError::Unavailable { .. })), "{answer:?}");
            }
        }));
        silence.unwrap();
        assert_eq!(
            together.ask(5, |questions| Ok(doubled(questions))).unwrap(),
            10,
            "and whoever comes next is answered"
        );
    }
}
