//! Whether every invariant holds for every principal and every request, by going through all of them.
//!
//! **Requests** are finitely many kinds: every action, activity, purpose, application, category, recipient and claim that the
//! policy names, and an activity that it does not. **Principals** are made of variables with few values each: what was said
//! about each consent item and choice, which relationships are alive or when they ended, what is held and where it came
//! from, how the recipient stands. **Time** matters by its turns alone: where a version takes effect, an agreement or a duty
//! runs out. That this is all that the decision looks at, `footprint` says and tests hold.
//!
//! Several acts about one thing need no look: the newest counts. Neither do several holdings, nor several categories at
//! once: the decision is the worst of them, so that what is permitted of several is permitted of each. Nor does
//! `known_at`: what is not known then has not happened for that question.

mod bears;
mod domain;
mod footprint;
mod shape;
mod solve;
#[cfg(test)]
mod tests;
mod time;
mod variable;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use nattoku_model::event::{Recorded, Revision};
use nattoku_model::law::Need;
use nattoku_model::name::ConsentName;
use nattoku_model::policy::invariant::{Ground, GroundWord, Invariant, State, Which};
use nattoku_model::policy::{Basis, Exception, Versions};
use nattoku_model::{Action, Decision, Gate, Policy, Reason, Request};
use nattoku_spec::{decide, exception_relied_on, judge_gate};

use crate::invariant::{Act, Bearing, forbids_of, policy_at};
use domain::{Domains, Extra, Held, Question};
use shape::{Shape, Words};
use solve::{Memo, Problem, VARIABLES_MAX};
use time::Turns;
use variable::Variables;

/// What was shown.
#[derive(Debug, Clone)]
pub struct Proof {
    /// Each invariant with what came of it, in the order written.
    pub results: Vec<Proved>,
    /// How much was covered.
    pub covered: Covered,
}

/// How much was covered. All of it was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Covered {
    /// How many kinds of request there are.
    pub requests: u128,
    /// How many of them were looked at state by state, at each turn of time; one gate or another refuses the others in every
    /// state, or no invariant is about them.
    pub examined: u64,
    /// How many states those have together.
    pub states: u128,
    /// How often a gate, or an invariant, was asked about a state.
    pub judgements: u64,
}

/// One invariant with what came of it.
#[derive(Debug, Clone)]
pub struct Proved {
    /// The invariant.
    pub invariant: Invariant,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of an invariant.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// It holds for every principal and every request.
    Holds,
    /// This breaks it.
    Broken(Box<Counterexample>),
    /// Gate by gate this breaks it, and the whole decision says otherwise: a fault of the proof, which then proves nothing.
    Undecided(Box<Counterexample>),
}

/// A state and a request that an invariant forbids and the decision permits.
#[derive(Debug, Clone)]
pub struct Counterexample {
    /// What happened.
    pub events: Vec<Recorded>,
    /// What is asked.
    pub request: Request,
    /// What is decided.
    pub decision: Decision,
}

/// How far the work has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Steps done.
    pub done: usize,
    /// Steps in all.
    pub total: usize,
}

/// Proves each of the invariants, or finds the smallest counterexample: the fewest events, then the least evidence, then the
/// order of names.
pub fn prove(versions: &Versions, invariants: &[&Invariant], progress: &mut dyn FnMut(Progress)) -> Proof {
    let words = Words::new(versions, invariants);
    let mut prover = Prover::new(&words, invariants);
    let total = words.activities.len() * Action::ALL.len();
    for activity in 0..words.activities.len() {
        for (n, action) in Action::ALL.into_iter().enumerate() {
            progress(Progress { done: activity * Action::ALL.len() + n, total });
            prover.activity(activity, action);
        }
    }
    progress(Progress { done: total, total });
    prover.finish()
}

/// A counterexample with what it costs.
struct Found {
    cost: (usize, usize),
    is_witness: bool,
    counterexample: Counterexample,
}

/// What tells one request with a claim from another: all but its category, that, under which texts the claim counts, and what
/// it may break.
type Represented = (String, usize, Vec<bool>, Vec<(usize, Bearing)>);

struct Prover<'a> {
    words: &'a Words<'a>,
    invariants: Vec<(&'a Invariant, Extra)>,
    found: Vec<Option<Found>>,
    domains: Domains,
    memo: Memo,
    covered: Covered,
    instants: BTreeMap<Timestamp, u32>,
    /// What tells requests apart once an exception permits what their purposes do not.
    represented: BTreeSet<Represented>,
}

impl<'a> Prover<'a> {
    fn new(words: &'a Words<'a>, invariants: &[&'a Invariant]) -> Self {
        let domains = Domains::new(ages(words.versions, invariants));
        Self {
            words,
            invariants: invariants.iter().map(|i| (*i, Extra::of(i))).collect(),
            found: invariants.iter().map(|_| None).collect(),
            domains,
            memo: Memo::default(),
            covered: Covered { requests: words.n_shapes(), ..Covered::default() },
            instants: BTreeMap::new(),
            represented: BTreeSet::new(),
        }
    }

    /// Every request for an activity with an action.
    fn activity(&mut self, activity: usize, action: Action) {
        let Some(name) = self.words.activities.get(activity) else { return };
        let plain: Vec<&Invariant> = self.invariants.iter().map(|(i, _)| *i).collect();
        let recipients: Vec<Option<usize>> =
            if action.gives() { (0..self.words.recipients.len()).map(Some).collect() } else { vec![None] };
        for application in self.words.applications(name, &plain) {
            let shape = Shape {
                action,
                activity,
                purpose: None,
                application,
                category: 0,
                recipient: None,
                exception: None,
            };
            // Who may ask at all, and for what is registered, nothing else in a request changes.
            if self.is_refused(&shape, &[Reason::UnregisteredActivity, Reason::ApplicationNotAllowed]) {
                continue;
            }
            self.unclaimed(&shape, &recipients);
            for exception in 0..self.words.exceptions.len() {
                for recipient in recipients.iter().copied() {
                    let shape = Shape { recipient, exception: Some(exception), ..shape.clone() };
                    self.claimed(&shape);
                }
            }
        }
    }

    /// Every request without a claim.
    fn unclaimed(&mut self, shape: &Shape, recipients: &[Option<usize>]) {
        let purposes = std::iter::once(None).chain((0..self.words.purposes.len()).map(Some));
        let purposes: Vec<Option<usize>> = purposes
            .filter(|purpose| {
                let shape = Shape { purpose: *purpose, ..shape.clone() };
                !self.is_refused(&shape, &[Reason::PurposeNotServed])
            })
            .collect();
        for category in 0..self.words.categories.len() {
            let shape = Shape { category, ..shape.clone() };
            if self.is_refused(&shape, &[Reason::NotNecessary, Reason::CombinationNotDeclared]) {
                continue;
            }
            for purpose in purposes.iter().copied() {
                for recipient in recipients.iter().copied() {
                    self.shape(&Shape { purpose, recipient, ..shape.clone() });
                }
            }
        }
    }

    /// Whether the purpose gate refuses the request for one of these reasons, which it gives before it looks at anything that
    /// happened, under every version that may govern.
    fn is_refused(&self, shape: &Shape, reasons: &[Reason]) -> bool {
        self.words.under_each_text(shape).all(|request| {
            let answer = judge_gate(self.words.versions, &[], &request, Gate::Purpose);
            !answer.verdict.is_permitted() && reasons.contains(&answer.reason)
        })
    }

    /// Every request with one claim. A claim that does not count permits nothing, so the request without it stands for it.
    /// Under one that counts, and does so under every law, purpose, provision, transfer, choice and consent are lifted, so
    /// that what they alone look at tells nothing apart: of requests alike in all else one is looked at.
    fn claimed(&mut self, shape: &Shape) {
        let versions = self.words.versions;
        let probes: Vec<Request> = self.words.under_each_text(shape).collect();
        let may_bear = |i: &Invariant| probes.iter().any(|r| may_bear(i, policy_at(versions, r), r));
        if !self.invariants.iter().any(|(i, _)| may_bear(i)) {
            return;
        }
        let counts = |request: Request| {
            let policy = policy_at(versions, &request);
            request.categories.iter().any(|c| exception_relied_on(policy, &request, c).is_some())
        };
        // By what tells requests apart, which differs by what the invariants about a category look at.
        let mut signatures: BTreeMap<ToldApart, String> = BTreeMap::new();
        for category in 0..self.words.categories.len() {
            let shape = Shape { category, ..shape.clone() };
            let counts: Vec<bool> = self.words.under_each_text(&shape).map(counts).collect();
            if !counts.contains(&true) {
                continue;
            }
            let bearing = self.bearing_under_any(&shape);
            let about = bearing.iter().filter_map(|(i, _)| self.invariants.get(*i)).map(|(i, _)| *i);
            let told = ToldApart::by(&about.collect::<Vec<_>>());
            let signature =
                signatures.entry(told).or_insert_with(|| claimed_signature(versions, &shape, &probes, told));
            if bearing.is_empty() || !self.represented.insert((signature.clone(), category, counts, bearing))
            {
                continue;
            }
            self.shape(&shape);
            let purposes = if told.purposes { 0..self.words.purposes.len() } else { 0..0 };
            for purpose in purposes {
                self.shape(&Shape { purpose: Some(purpose), ..shape.clone() });
            }
        }
    }

    /// One kind of request at every turn of time.
    fn shape(&mut self, shape: &Shape) {
        let probes: Vec<Request> = self.words.under_each_text(shape).collect();
        let Some(probe) = probes.last() else { return };
        if self.bearing_under_any(shape).is_empty() || probes.iter().all(|r| self.is_without_basis(r)) {
            return;
        }
        let turns = self.turns(shape, probe);
        let mut is_examined = false;
        for at in turns.instants() {
            let Some(request) = self.words.request(shape, at) else { continue };
            let bearing = self.bearing(&request);
            is_examined |= !bearing.is_empty() && self.instant(shape, &request, &bearing);
        }
        self.covered.examined += u64::from(is_examined);
    }

    /// The invariants that the request may break under some version, and how much it takes.
    fn bearing_under_any(&self, shape: &Shape) -> Vec<(usize, Bearing)> {
        let mut bearing: Vec<_> =
            self.words.under_each_text(shape).flat_map(|request| self.bearing(&request)).collect();
        bearing.sort_unstable();
        bearing.dedup();
        bearing
    }

    /// Whether no provision covers it and no exception is claimed, so that no state permits it.
    fn is_without_basis(&self, request: &Request) -> bool {
        let policy = policy_at(self.words.versions, request);
        request.exception.is_none()
            && request.categories.iter().all(|c| Act::new(policy, request, c).provisions().next().is_none())
            && !judge_gate(self.words.versions, &[], request, Gate::Provision).verdict.is_permitted()
    }

    /// The invariants that the request may break, and how much it takes.
    fn bearing(&self, request: &Request) -> Vec<(usize, Bearing)> {
        let policy = policy_at(self.words.versions, request);
        let Some(category) = request.categories.first() else { return Vec::new() };
        let act = Act::new(policy, request, category);
        let all = self.invariants.iter().enumerate().map(|(i, (invariant, _))| (i, act.bearing(invariant)));
        all.filter(|(_, bearing)| *bearing != Bearing::No).collect()
    }

    /// The instants that need looking at.
    fn turns(&self, shape: &Shape, request: &Request) -> Turns {
        let mut turns = Turns::of_versions(self.words.versions);
        for (_, extra) in &self.invariants {
            for instant in &extra.acquired {
                turns.add_date(*instant);
            }
        }
        if let Some(category) = self.words.category(shape) {
            let within = self.words.categories.iter().filter(|c| category.covers(c));
            let kept = within.flat_map(|c| self.words.policy.retention_of(c)).map(|r| r.period);
            let named = self.invariants.iter().flat_map(|(_, extra)| extra.ages.iter().copied());
            for period in kept.chain(named).collect::<BTreeSet<_>>() {
                turns.add_ends(self.words.policy, period);
            }
        }
        let recipient = request.recipient.as_ref().filter(|_| request.action.gives());
        if let Some((name, recipient)) =
            recipient.and_then(|name| Some((name, self.words.policy.recipients.get(name)?)))
        {
            turns.add_recipient(self.words.policy, name, recipient, request.action);
        }
        turns
    }

    /// Whether the version in force has no text, so that nothing but disclosure is permitted, whatever happened.
    fn is_without_text(&self, request: &Request) -> bool {
        let in_force = self.words.versions.in_force(request.at);
        in_force.is_none_or(|p| p.text_absent)
            && !judge_gate(self.words.versions, &[], request, Gate::Governing).verdict.is_permitted()
    }

    /// Every state at one instant; whether any was looked at.
    fn instant(&mut self, shape: &Shape, request: &Request, bearing: &[(usize, Bearing)]) -> bool {
        let n = u32::try_from(self.instants.len()).unwrap_or(u32::MAX);
        let instant = *self.instants.entry(request.at).or_insert(n);
        let policy = policy_at(self.words.versions, request);
        let Some(category) = request.categories.first().filter(|_| !self.is_without_text(request)) else {
            return false;
        };
        let nothing = Extra::default();
        let question =
            Question { words: self.words, policy, request, category, extra: &nothing, held: Held::Own };
        let variables = self.domains.variables(&question);
        let problem = Problem::new(&question, shape, &variables, instant);
        // What one gate refuses in every state is done with; the gates that refuse most are asked first.
        let first = [Gate::Purpose, Gate::Provision, Gate::Recipient, Gate::Secrecy, Gate::Governing];
        if first.into_iter().any(|gate| !problem.permits_somewhere(gate, &mut self.memo))
            || problem.solve(None, &mut self.memo).is_none()
        {
            return false;
        }
        for (i, bearing) in bearing {
            let shaped = (shape, request, *bearing);
            self.look_for(*i, shaped, instant, Held::Own, &variables);
            let is_derived = !question.origins().is_empty();
            if is_derived && self.invariants.get(*i).is_some_and(|(_, extra)| extra.origins) {
                self.look_for(*i, shaped, instant, Held::Origins, &variables);
            }
        }
        true
    }

    /// Looks for a state that breaks one invariant.
    fn look_for(
        &mut self,
        i: usize,
        (shape, request, bearing): (&Shape, &Request, Bearing),
        instant: u32,
        held: Held,
        plain: &Variables,
    ) {
        let Some((invariant, extra)) = self.invariants.get(i) else { return };
        let policy = policy_at(self.words.versions, request);
        let Some(category) = request.categories.first() else { return };
        let question = Question { words: self.words, policy, request, category, extra, held };
        let is_plain = *extra == Extra::default() && held == Held::Own;
        let variables = if is_plain { plain.clone() } else { self.domains.variables(&question) };
        let problem = Problem::new(&question, shape, &variables, instant);
        self.covered.states = self.covered.states.saturating_add(problem.n_states());
        let is_too_large = variables.len() > VARIABLES_MAX;
        let choice = problem.solve(Some((i, invariant, bearing)), &mut self.memo);
        let Some(choice) = choice.or_else(|| is_too_large.then(|| vec![0; variables.len()])) else { return };
        let events = problem.events(&choice);
        let cost = (events.len(), self.words.n_evidence(shape));
        let Some(place) = self.found.get_mut(i) else { return };
        if place.as_ref().is_some_and(|found| found.cost <= cost) {
            return;
        }
        let revision = Revision(u64::try_from(events.len()).unwrap_or(0));
        let decision = decide(self.words.versions, &events, request, revision);
        // The state was put together gate by gate; the decision over the whole of it is the witness.
        let is_witness = decision.verdict.is_permitted()
            && forbids_of(invariant, self.words.versions, &events, request, category);
        let counterexample = Counterexample { events, request: request.clone(), decision };
        *place = Some(Found { cost, is_witness, counterexample });
    }

    fn finish(self) -> Proof {
        let covered = Covered { judgements: self.memo.asked, ..self.covered };
        let results = self
            .invariants
            .into_iter()
            .zip(self.found)
            .map(|((invariant, _), found)| Proved {
                invariant: invariant.clone(),
                outcome: match found {
                    None => Outcome::Holds,
                    Some(Found { is_witness: true, counterexample, .. }) => {
                        Outcome::Broken(Box::new(counterexample))
                    }
                    Some(found) => Outcome::Undecided(Box::new(found.counterexample)),
                },
            })
            .collect();
        Proof { results, covered }
    }
}

/// The ages at which some consent item, a law of its policy or an invariant tells principals apart.
fn ages(versions: &Versions, invariants: &[&Invariant]) -> BTreeSet<u8> {
    let policies = versions.oldest_first().into_iter();
    let guardians = policies.flat_map(|p| p.consents.values().filter_map(move |c| p.guardian_of(c)));
    let guardians = guardians.flat_map(|g| [Some(g.under), g.judge_from]).flatten();
    let states = invariants.iter().flat_map(|i| &i.states).filter_map(|s| match s {
        State::AgeUnder(age) => Some(*age),
        _ => None,
    });
    guardians.chain(states).filter(|age| *age > 0).collect()
}

/// Whether a request with this act and this claim may be about the invariant, whatever its category.
fn may_bear(invariant: &Invariant, policy: &Policy, request: &Request) -> bool {
    let is_of_claim = |g: &&Ground| {
        matches!(g, Ground::Exception(_) | Ground::Basis(GroundWord::Exception | GroundWord::Warrant))
    };
    let wide = Invariant {
        categories: Vec::new(),
        classes: BTreeSet::new(),
        except: Vec::new(),
        unless: invariant.unless.iter().filter(is_of_claim).cloned().collect(),
        ..invariant.clone()
    };
    !invariant.conditions.is_empty()
        || request
            .categories
            .first()
            .is_some_and(|c| Act::new(policy, request, c).bearing(&wide) != Bearing::No)
}

/// What else tells requests apart under an exception that counts, because an invariant looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct ToldApart {
    /// Purposes, and with them every word.
    purposes: bool,
    /// The consent items that the act needs.
    consents: bool,
}

impl ToldApart {
    fn by(about: &[&Invariant]) -> Self {
        let states = || about.iter().flat_map(|i| &i.states);
        let mut grounds = about.iter().flat_map(|i| i.unless.iter().chain(&i.conditions));
        let is_of_consent = |s: &State| {
            matches!(s, State::Withdrawn(Which::Any) | State::Unanswered(Which::Any) | State::Wording(_))
        };
        Self {
            purposes: states().any(|s| matches!(s, State::Declined(_)))
                || about.iter().any(|i| !i.way.purposes.is_empty()),
            consents: states().any(is_of_consent) || grounds.any(|g| !bears::is_static(g)),
        }
    }
}

/// What tells requests apart under an exception that counts, but for their categories.
fn claimed_signature(versions: &Versions, shape: &Shape, probes: &[Request], told: ToldApart) -> String {
    // A processor's work and a joint use are told by activity and purpose, and no exception lifts their gate.
    if told.purposes || matches!(shape.action, Action::Entrust | Action::Share) {
        return format!("{:?}", Shape { category: 0, ..shape.clone() });
    }
    let under = |request: &Request| {
        let policy = policy_at(versions, request);
        let Some(activity) = policy.activities.get(&request.activity) else { return format!("{shape:?}") };
        let exception = request.exception.as_ref().and_then(|e| policy.exceptions.get(&e.name));
        let lifts_all = |e: &Exception| policy.packs.iter().all(|law| policy.counts_under(law, &e.basis));
        if !exception.is_some_and(lifts_all) {
            return format!("{:?}", Shape { category: 0, ..shape.clone() });
        }
        // A consent about one matter, or any where a law asks for no more, opens what is protected, which no exception short
        // of a warrant lifts.
        let suffices = policy.packs.iter().any(|p| p.protections.values().any(|p| p.needs == Need::Consent));
        let is_individual =
            |item: &ConsentName| suffices || policy.consents.get(item).is_some_and(|c| c.individual);
        let individual: Vec<_> = activity.requires.iter().filter(|i| is_individual(i)).collect();
        let rests_on_one = policy.provisions.values().any(|p| {
            p.activity == request.activity
                && matches!(&p.basis, Basis::Consent(item, _) if is_individual(item))
        });
        // Such a consent, and a statute, speak of what the activity needs and gives.
        let has_its_own = rests_on_one || !individual.is_empty() || !activity.statutes.is_empty();
        let consents = (told.consents || has_its_own).then_some((shape.activity, shape.recipient));
        format!(
            "{:?} {:?} {consents:?} {individual:?} {:?} {:?} {:?} {} {:?}",
            shape.action,
            exception.map(|e| e.warrant),
            activity.outcome,
            activity.entrusted_by,
            activity.during,
            activity.may_continue,
            activity.statutes,
        )
    };
    probes.iter().map(under).collect::<Vec<_>>().join(" / ")
}
