//! What the engine answers: codes, in a buffer that is used again and again.

use jiff::Timestamp;
use nattoku_model::{Gate, Reason, Revision, Verdict};

use crate::plan::{EraOf, HeldPart};
use crate::said::Said;

/// How many gates there are.
pub(crate) const GATES: usize = Gate::ALL.len();

/// The answer about one principal. Names of categories and eras are those of the plan.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The greatest verdict of all categories and eras.
    pub verdict: Verdict,
    /// By category asked, in the order asked, and era, oldest first.
    pub cases: Vec<CaseAnswer>,
    /// How much of the ledger it rests on.
    pub revision: Revision,
    /// The instant it is about.
    pub at: Timestamp,
    /// The principal's eras.
    pub(crate) eras: Vec<EraOf>,
    /// What is held of the category that is being judged, each with the second of its acquisition.
    pub(crate) turns: Vec<(u32, HeldPart)>,
}

/// The answer for one category in one era of acquisition.
#[derive(Debug, Clone, Copy)]
pub struct CaseAnswer {
    /// The category's place among those asked.
    pub asked: usize,
    pub(crate) era: EraOf,
    /// The greatest verdict of all gates.
    pub verdict: Verdict,
    /// What each gate says; nothing yet where no holding was judged.
    gates: [Option<Said>; GATES],
    /// Which of the act's provisions it falls under.
    pub(crate) provision: usize,
    /// The kind of holding that was judged last, and whether it should be gone: one more of these says the same again.
    pub(crate) judged: Option<(u32, bool)>,
}

impl Default for Answer {
    fn default() -> Self {
        Self {
            verdict: Verdict::Deny,
            cases: Vec::new(),
            revision: Revision(0),
            at: Timestamp::MIN,
            eras: Vec::new(),
            turns: Vec::new(),
        }
    }
}

impl Answer {
    /// Makes it the answer about nobody: a deny without anything that says why.
    pub(crate) fn clear(&mut self) {
        self.cases.clear();
        self.verdict = Verdict::Deny;
    }

    /// Whether it tells the same as another of the same plan, but for whom it is about, when, and by how much of the ledger.
    #[must_use]
    pub fn tells_as(&self, verdict: Verdict, cases: &[CaseAnswer]) -> bool {
        let same = |(own, other): (&CaseAnswer, &CaseAnswer)| own.tells_as(other);
        self.verdict == verdict && self.cases.len() == cases.len() && self.cases.iter().zip(cases).all(same)
    }

    /// What decides: the first with the answer's verdict, in the order of categories and gates. A permit rests on all gates
    /// alike; there it is what the provision rests on, or else the purpose.
    #[must_use]
    pub fn deciding(&self) -> Option<(Gate, Said)> {
        let gates =
            || self.cases.iter().filter(|case| case.verdict == self.verdict).flat_map(CaseAnswer::gates);
        if self.verdict == Verdict::Permit {
            let of = |wanted: Gate| gates().find(|(gate, _)| *gate == wanted);
            let rests_on_a_rule =
                |said: &Said| matches!(said.reason, Reason::OnConsent | Reason::OnOptOut | Reason::OnLaw);
            return of(Gate::Provision)
                .filter(|(_, said)| rests_on_a_rule(said))
                .or_else(|| of(Gate::Purpose));
        }
        gates().find(|(_, said)| said.verdict == self.verdict)
    }
}

impl CaseAnswer {
    pub(crate) const fn new(asked: usize, era: EraOf) -> Self {
        Self { asked, era, verdict: Verdict::Deny, gates: [None; GATES], provision: 0, judged: None }
    }

    /// Whether it tells the same as another of the same plan, whatever was judged to come to it.
    #[must_use]
    pub fn tells_as(&self, other: &Self) -> bool {
        self.asked == other.asked
            && self.era == other.era
            && self.verdict == other.verdict
            && self.provision == other.provision
            && self.gates == other.gates
    }

    /// What each gate says, in the order of the gates.
    pub fn gates(&self) -> impl Iterator<Item = (Gate, Said)> + use<> {
        Gate::ALL.into_iter().zip(self.gates).filter_map(|(gate, said)| Some((gate, said?)))
    }

    /// Adds what a gate says, of one more holding or of all of them.
    pub(crate) fn add(&mut self, gate: Gate, said: Said) {
        if let Some(place) = self.gates.get_mut(gate as usize) {
            *place = Some(place.map_or(said, |before| before.worse(said)));
        }
    }

    /// Works out the case's own verdict.
    pub(crate) fn close(&mut self) {
        // A gate that said nothing permits nothing.
        let verdict = |said: &Option<Said>| said.map_or(Verdict::Deny, |said| said.verdict);
        self.verdict = self.gates.iter().map(verdict).max().unwrap_or(Verdict::Deny);
    }
}
