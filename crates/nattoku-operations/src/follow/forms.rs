//! What was told before: of most principals the same is told, but for who they are, when, and as of which revision.

use nattoku_engine::{Answer, CaseAnswer, Edition, Plan};
use nattoku_model::Verdict;

use super::Telling;
use super::json::Form;

/// Most bytes of forms that are kept of one request: some ten of those that are usual. Each stands for an outcome of its gates and the
/// eras of the data, of which few are common.
const BYTES_MAX: usize = 16 * 1024;

/// The forms of a request's answers, those of most use first.
#[derive(Debug, Default)]
pub(super) struct Forms {
    /// The number of the plan they are of.
    made: u64,
    kept: Vec<Kept>,
    bytes: usize,
}

#[derive(Debug)]
struct Kept {
    telling: Telling,
    verdict: Verdict,
    cases: Vec<CaseAnswer>,
    form: Form,
}

impl Forms {
    /// The line of an answer about a principal and an instant: in the form of one that told the same by the same plan, or in a new one.
    pub(super) fn line(
        &mut self,
        (plan, made): (&Plan<'_>, u64),
        answer: &Answer,
        about: (&str, &str),
        (edition, telling): (&Edition, Telling),
    ) -> String {
        if self.made != made {
            *self = Self { made, ..Self::default() };
        }
        let is_of = |kept: &Kept| kept.telling == telling && answer.tells_as(kept.verdict, &kept.cases);
        let found = self.kept.iter().enumerate().find(|(_, kept)| is_of(kept));
        if let Some((place, kept)) = found {
            let line = kept.form.line(answer, about);
            // Whoever is asked for comes forward.
            self.kept.swap(place, place.saturating_sub(1));
            return line;
        }
        let form = Form::of(plan, answer, edition, telling);
        let line = form.line(answer, about);
        self.keep(Kept { telling, verdict: answer.verdict, cases: answer.cases.clone(), form });
        line
    }

    /// Keeps one more, in the place of those of least use.
    fn keep(&mut self, one: Kept) {
        let Some(room) = BYTES_MAX.checked_sub(one.bytes()) else { return };
        while self.bytes > room {
            let Some(last) = self.kept.pop() else { return };
            self.bytes -= last.bytes();
        }
        self.bytes += one.bytes();
        self.kept.push(one);
    }
}

impl Kept {
    fn bytes(&self) -> usize {
        size_of::<Self>() + size_of_val(self.cases.as_slice()) + self.form.bytes()
    }
}
