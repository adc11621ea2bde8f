//! What the proof rests on: that a gate looks at no more than its footprint says.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use std::collections::HashMap;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::*;
use nattoku_policy::check;

fn carrier() -> Versions {
    let sources = nattoku_testkit::carrier().expect("it can be read");
    check(&sources).versions.expect("the policy is sound")
}

/// Numbers that stay the same.
struct Draw(ChaCha8Rng);

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.0.next_u32()).expect("it is small") % n.max(1)
    }

    fn of<'x, T>(&mut self, all: &'x [T]) -> &'x T {
        &all[self.below(all.len())]
    }

    /// One of them, or none now and then.
    fn maybe(&mut self, n: usize) -> Option<usize> {
        let drawn = self.below(n + 2);
        (drawn < n).then_some(drawn)
    }

    /// A request that is likely to get somewhere: categories that the activity needs, an application that may ask.
    fn shape(&mut self, words: &Words<'_>) -> Shape {
        let action = *self.of(&Action::ALL);
        let activity = self.below(words.activities.len());
        let known = words.policy.activities.get(&words.activities[activity]);
        let applications: Vec<_> = words.policy.applications.keys().cloned().collect();
        let application = match known {
            Some(a) if self.below(8) > 0 => self.of(&a.by).clone(),
            _ => self.of(&applications).clone(),
        };
        let needed: Vec<usize> = (0..words.categories.len())
            .filter(|c| known.is_some_and(|a| a.is_necessary(&words.categories[*c])))
            .collect();
        let category = if needed.is_empty() || self.below(4) == 0 {
            self.below(words.categories.len())
        } else {
            *self.of(&needed)
        };
        let recipient = if action.gives() { self.maybe(words.recipients.len()) } else { None };
        let purpose = if self.below(2) == 0 { None } else { self.maybe(words.purposes.len()) };
        let exception = if self.below(2) == 0 { None } else { self.maybe(words.exceptions.len()) };
        Shape { action, activity, purpose, application, category, recipient, exception }
    }

    fn choice(&mut self, variables: &Variables) -> Vec<usize> {
        variables.iter().map(|v| if self.below(3) == 0 { 0 } else { self.below(v.values.len()) }).collect()
    }
}

#[test]
fn a_gate_looks_at_nothing_beyond_its_footprint() {
    let versions = carrier();
    let invariants: Vec<&Invariant> = versions.current().invariants.iter().collect();
    let words = Words::new(&versions, &invariants);
    let prover = Prover::new(&words, &invariants);
    let mut domains = Domains::new(ages(&versions, &invariants));
    let mut draw = Draw(ChaCha8Rng::seed_from_u64(20_191_211));
    let mut said: HashMap<Vec<u32>, (Gate, bool, Request)> = HashMap::new();
    let mut n_permitted = 0;
    for _ in 0..4_000 {
        let shape = draw.shape(&words);
        let Some(probe) = words.request(&shape, words.policy.effective) else { continue };
        let at = *draw.of(&prover.turns(&shape, &probe).instants());
        let request = words.request(&shape, at).expect("its words are there");
        let extra = Extra { origins: true, ..Extra::default() };
        let held = if draw.below(3) == 0 { domain::Held::Origins } else { domain::Held::Own };
        let question = Question {
            words: &words,
            policy: policy_at(&versions, &request),
            request: &request,
            category: &words.categories[shape.category],
            extra: &extra,
            held,
        };
        let variables = domains.variables(&question);
        let instant = u32::try_from(at.as_second().rem_euclid(1_000_000_007)).expect("it is small");
        let problem = Problem::new(&question, &shape, &variables, instant);
        let choice = draw.choice(&variables);
        let whole = problem.events(&choice);
        let decision = decide(&versions, &whole, &request, Revision(0));
        let mut all_permit = true;
        for gate in Gate::ALL {
            let of_all = judge_gate(&versions, &whole, &request, gate).verdict.is_permitted();
            let (key, events) = problem.seen_by(gate, &choice);
            let of_some = judge_gate(&versions, &events, &request, gate).verdict.is_permitted();
            assert_eq!(
                of_all, of_some,
                "{gate} sees more than it says: {request:?}\n{whole:#?}\n{events:#?}"
            );
            let (_, before, other) = said.entry(key).or_insert((gate, of_all, request.clone()));
            assert_eq!(*before, of_all, "{gate} tells apart {request:?}\nand {other:?}\n{whole:#?}");
            all_permit &= of_all;
        }
        assert_eq!(decision.verdict.is_permitted(), all_permit, "{request:?}");
        n_permitted += usize::from(all_permit);
    }
    assert!(n_permitted > 100, "only {n_permitted} were permitted");
}
