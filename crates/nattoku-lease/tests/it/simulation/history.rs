//! What happened in a run, in the order in which it did, and whether the promises were kept.

use std::time::Duration;

use nattoku_model::Revision;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// An event, each of them a withdrawal, became durable.
    Durable(Revision),
    /// A withdrawal was answered `enforced`.
    Enforced(Revision),
    /// A node sent an answer that was evaluated at this revision: a permit for all who withdraw later.
    Sent(Revision),
    /// A node sent `deny stale`.
    Stale,
    /// A node evaluated again.
    Again,
}

/// What happened, and when, on the registry's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Happened {
    pub(crate) at: Duration,
    pub(crate) what: What,
}

/// What an answer broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Breach {
    Bounded { durable: Happened, sent: Happened },
    Enforced { enforced: Revision, sent: Happened },
}

/// Whether every answer respects what it has to, in one pass: what is durable since S, and what was enforced before.
pub(crate) fn check(history: &[Happened], bound: Duration) -> Result<(), Breach> {
    let durable = || history.iter().filter(|happened| matches!(happened.what, What::Durable(_)));
    let mut not_due = durable().peekable();
    let (mut due, mut enforced) = (None, Revision(0));
    for happened in history {
        while let Some(durable) = not_due.next_if(|durable| durable.at + bound <= happened.at) {
            due = Some(*durable);
        }
        match (happened.what, due) {
            (What::Enforced(revision), _) => enforced = enforced.max(revision),
            (What::Sent(evaluated), _) if evaluated < enforced => {
                return Err(Breach::Enforced { enforced, sent: *happened });
            }
            (What::Sent(evaluated), Some(Happened { at, what: What::Durable(revision) }))
                if evaluated < revision =>
            {
                let durable = Happened { at, what: What::Durable(revision) };
                return Err(Breach::Bounded { durable, sent: *happened });
            }
            _ => {}
        }
    }
    Ok(())
}

#[test]
fn the_checker_tells_what_is_late() {
    let at = |at, what| Happened { at: Duration::from_secs(at), what };
    let (one, two) = (Revision(1), Revision(2));
    let bound = Duration::from_secs(2);
    let durable = [at(0, What::Durable(one)), at(1, What::Durable(two))];
    let with = |more: &[Happened]| check(&[&durable, more].concat(), bound);

    assert_eq!(
        with(&[at(1, What::Sent(Revision(0))), at(2, What::Sent(one)), at(3, What::Sent(two))]),
        Ok(())
    );
    let sent = at(2, What::Sent(Revision(0)));
    assert_eq!(with(&[sent]), Err(Breach::Bounded { durable: durable[0], sent }));
    let sent = at(3, What::Sent(one));
    assert_eq!(with(&[sent]), Err(Breach::Bounded { durable: durable[1], sent }));

    let sent = at(1, What::Sent(one));
    assert_eq!(with(&[sent, at(1, What::Enforced(two))]), Ok(()));
    assert_eq!(with(&[at(1, What::Enforced(two)), sent]), Err(Breach::Enforced { enforced: two, sent }));
    assert_eq!(with(&[at(1, What::Enforced(two)), at(1, What::Stale), at(1, What::Again)]), Ok(()));
}
