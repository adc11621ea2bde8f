use super::*;

fn at(milliseconds: u64) -> NodeTime {
    NodeTime(Duration::from_millis(milliseconds))
}

/// A node that asked at `sent`, was answered `head` and has applied it.
fn with_lease(sent: u64, head: u64) -> NodeLease {
    let mut lease = NodeLease::new(Terms::default());
    let asked = lease.asked(at(sent));
    lease.answered(asked, Revision(head));
    lease.applied(Revision(head));
    lease
}

#[test]
fn without_an_answer_there_is_no_lease() {
    let mut lease = NodeLease::new(Terms::default());
    assert_eq!((lease.ask_at(), lease.until(), lease.staleness(at(0))), (None, None, None));
    let _unanswered = lease.asked(at(1_000));
    lease.applied(Revision(9));
    assert_eq!(lease.sending(Revision(9), at(1_001)), Sending::Stale);
    assert_eq!(lease.remaining(at(1_001)), Duration::ZERO);
}

#[test]
fn a_lease_counts_from_the_asking() {
    let lease = with_lease(1_000, 5);
    assert_eq!(lease.until(), Some(at(3_000)));
    assert_eq!(lease.remaining(at(2_400)), Duration::from_millis(600));
    assert_eq!(lease.sending(Revision(5), at(2_999)), Sending::Allowed);
    assert_eq!(lease.sending(Revision(5), at(3_000)), Sending::Stale);
    assert_eq!(lease.remaining(at(3_000)), Duration::ZERO);
}

#[test]
fn a_clock_that_went_back_ends_it() {
    let lease = with_lease(1_000, 5);
    assert!(!lease.holds(at(999)));
    assert_eq!(lease.remaining(at(999)), Duration::ZERO);
}

#[test]
fn a_head_that_is_not_applied_is_no_lease() {
    let mut lease = NodeLease::new(Terms::default());
    let asked = lease.asked(at(1_000));
    lease.applied(Revision(4));
    lease.answered(asked, Revision(5));
    assert_eq!(lease.sending(Revision(4), at(1_100)), Sending::Stale);
    lease.applied(Revision(5));
    assert_eq!(lease.sending(Revision(5), at(1_100)), Sending::Allowed);
}

#[test]
fn a_node_that_lags_takes_the_older_answer_first() {
    let mut lease = NodeLease::new(Terms::default());
    let first = lease.asked(at(1_000));
    lease.answered(first, Revision(5));
    let second = lease.asked(at(1_700));
    lease.answered(second, Revision(8));
    lease.applied(Revision(6));
    assert_eq!(lease.until(), Some(at(3_000)));
    lease.applied(Revision(8));
    assert_eq!(lease.until(), Some(at(3_700)));
}

#[test]
fn answers_out_of_order_leave_the_newest() {
    let mut lease = NodeLease::new(Terms::default());
    let (first, second) = (lease.asked(at(1_000)), lease.asked(at(1_700)));
    lease.applied(Revision(9));
    lease.answered(second, Revision(8));
    lease.answered(first, Revision(9));
    assert_eq!(lease.until(), Some(at(3_700)));
    assert!(lease.waiting.is_empty());
}

#[test]
fn what_was_evaluated_before_the_head_of_the_lease_is_evaluated_again() {
    let mut lease = with_lease(1_000, 5);
    let asked = lease.asked(at(2_000));
    lease.answered(asked, Revision(6));
    assert_eq!(lease.sending(Revision(5), at(2_100)), Sending::Allowed);
    lease.applied(Revision(6));
    // The lease that holds is no longer the one under which it was evaluated.
    assert_eq!(lease.sending(Revision(5), at(2_100)), Sending::Behind);
    assert_eq!(lease.sending(Revision(6), at(2_100)), Sending::Allowed);
}

#[test]
fn what_was_evaluated_before_a_report_is_evaluated_again() {
    let mut lease = with_lease(1_000, 5);
    lease.applied(Revision(6));
    assert_eq!(lease.sending(Revision(5), at(1_100)), Sending::Allowed);
    assert_eq!(lease.report(), Revision(6));
    assert_eq!(lease.sending(Revision(5), at(1_100)), Sending::Behind);
    lease.applied(Revision(7));
    assert_eq!(lease.asked(at(1_200)).applied(), Revision(7));
    assert_eq!(lease.sending(Revision(6), at(1_200)), Sending::Behind);
}

#[test]
fn it_asks_at_a_third_and_forgets_what_can_give_no_lease() {
    let mut lease = NodeLease::new(Terms::new(Duration::from_millis(900), Duration::ZERO).unwrap());
    for n in 0..100 {
        let asked = lease.asked(at(n * 300));
        assert_eq!(lease.ask_at(), Some(at((n + 1) * 300)));
        lease.answered(asked, Revision(n + 1));
    }
    assert_eq!(lease.waiting.len(), 3);
}

#[test]
fn staleness_is_from_the_asking_for_what_is_applied() {
    let mut lease = with_lease(1_000, 5);
    let asked = lease.asked(at(2_000));
    lease.answered(asked, Revision(6));
    assert_eq!(lease.staleness(at(2_500)), Some(Duration::from_millis(1_500)));
    lease.applied(Revision(6));
    assert_eq!(lease.staleness(at(9_000)), Some(Duration::from_secs(7)));
}
