//! The reference policy's invariants.

use nattoku_analysis::prove::{Outcome, prove};
use nattoku_policy::{Checked, Source, check};

/// The files of the reference policy.
pub(crate) fn sources() -> Vec<Source> {
    nattoku_testkit::carrier().expect("it can be read")
}

pub(crate) fn checked(sources: &[Source]) -> Checked {
    let checked = check(sources);
    assert!(checked.versions.is_some(), "{:#?}", checked.diagnostics);
    checked
}

#[test]
fn every_invariant_holds_for_every_customer_and_every_request() {
    let versions = checked(&sources()).versions.expect("the policy is sound");
    let policy = versions.current();
    let invariants: Vec<_> = policy.invariants.iter().collect();
    let mut steps = 0;
    let proof = prove(&versions, &invariants, &mut |progress| {
        assert!(progress.done <= progress.total);
        steps += 1;
    });
    let fallen: Vec<String> = proof
        .results
        .iter()
        .filter(|p| !matches!(p.outcome, Outcome::Holds))
        .map(|p| format!("{}: {:?}", p.invariant, p.outcome))
        .collect();
    assert!(fallen.is_empty(), "{fallen:#?}");
    assert_eq!(proof.results.len(), invariants.len());
    assert!(steps > policy.activities.len());

    // Nothing was left out: every combination of what a request names is counted, and those that some state permits were
    // gone through state by state.
    let n = |len: usize| u128::try_from(len).expect("it is small");
    let claims: usize = policy.exceptions.values().map(|e| e.requires.len() + 3).sum();
    let requests = 9
        * n(policy.activities.len() + 1)
        * n(policy.purposes.len() + 1)
        * n(policy.applications.len())
        * n(policy.categories.len())
        * n(policy.recipients.len() + 1)
        * n(claims + 1);
    assert_eq!(proof.covered.requests, requests);
    assert!(proof.covered.examined > 1_000, "{:?}", proof.covered);
    assert!(proof.covered.states > u128::from(proof.covered.judgements), "{:?}", proof.covered);
}
