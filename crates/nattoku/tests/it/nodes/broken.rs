//! Servers that leave out one step of the protocol are found out by the same look at what was asked and answered by which the real ones
//! hold: three processes over one database, paused at the moment at which the step matters.
//!
//! The program is `examples/broken_server.rs`. It also does nothing otherwise, and then holds: what is found out is the step, not how
//! it is asked here.

use super::history::{Breach, Counts, History, Moment, Withdrawn};
use super::server::Node;
use super::{BOUND, Deployment, deployment};

/// Three servers of one kind, of which the first is paused while somebody withdraws at the second.
struct Trial<'a> {
    deployment: &'a Deployment,
    nodes: [Node; 3],
    principal: usize,
    history: History,
}

/// What is done with the servers of a trial, and what has happened then.
type Course = fn(&Trial<'_>);

/// A principal withdraws while servers do otherwise what `broken` says.
fn trial(deployment: &Deployment, broken: &str, principal: usize, course: Course) -> Result<Counts, Breach> {
    let nodes = [(); 3].map(|()| deployment.start_broken(broken));
    let trial = Trial { deployment, nodes, principal, history: History::default() };
    assert!(trial.nodes.iter().all(|node| node.permits(principal)), "all had agreed");
    course(&trial);
    assert!(trial.nodes[1..].iter().all(|node| !node.permits(principal)), "only the first is paused");
    trial.history.check(BOUND)
}

/// The course finds servers out that do this otherwise, and no others.
fn is_found_out(broken: &str, course: Course) {
    let Some(deployment) = deployment(&format!("nodes-{broken}"), 2) else { return };
    let sound = trial(&deployment, "nothing", 0, course);
    assert!(sound.as_ref().is_ok_and(|counts| counts.asked == 1 && counts.enforced == 1), "{sound:?}");
    let found = trial(&deployment, broken, 1, course);
    assert!(matches!(found, Err(Breach::Enforced { principal: 1, .. })), "{broken}: {found:?}");
}

impl Trial<'_> {
    fn paused(&self) -> &Node {
        &self.nodes[0]
    }

    /// It stands still from here on, and somebody withdraws. Its lease runs out before that is enforced.
    fn withdraw_while_it_stands_still(&self) {
        self.paused().pause();
        let answer = self.nodes[1].withdraw(self.principal, "enforced");
        assert_eq!(answer["acknowledged"], "enforced", "{answer}");
        let revision = answer["revision"].as_u64().unwrap();
        self.history
            .withdrawn(self.principal, Withdrawn { answered: Moment::now(), revision, is_enforced: true });
    }

    /// Asks the server that was paused.
    fn ask(&self) {
        let sent = Moment::now();
        self.history.asked(self.principal, sent, self.paused().permits(self.principal));
    }
}

#[test]
fn a_lease_that_is_checked_before_evaluating_only_is_found_out() {
    is_found_out("checked-before-evaluating", |trial| {
        let node = trial.paused();
        node.tell("pause at questions");
        let question = node.send_question(trial.principal);
        node.await_pause();
        trial.withdraw_while_it_stands_still();
        // What it evaluates from is what it had: nobody can read the ledger when it wakes.
        let _blocked = trial.deployment.block_ledger();
        assert!(question.is_open(), "it stands still");
        let unanswered = Moment::now();
        node.go_on();
        node.tell("go on");
        let answer = question.answer().unwrap();
        trial.history.asked(trial.principal, unanswered, answer.body["permitted"].as_bool().unwrap());
    });
}

#[test]
fn a_lease_that_counts_from_the_answer_is_found_out() {
    is_found_out("from-the-answer", |trial| {
        let node = trial.paused();
        // The registry has counted the lease and read the ledger's head; its answer is long under way.
        node.tell("pause at answers");
        node.await_pause();
        trial.withdraw_while_it_stands_still();
        let _blocked = trial.deployment.block_ledger();
        node.go_on();
        node.tell("go on");
        trial.ask();
    });
}

#[test]
fn a_lease_of_which_nobody_looks_whether_it_has_run_out_is_found_out() {
    is_found_out("never-stale", |trial| {
        trial.withdraw_while_it_stands_still();
        let _blocked = trial.deployment.block_ledger();
        trial.paused().go_on();
        trial.ask();
    });
}
