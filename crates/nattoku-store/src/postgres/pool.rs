//! A few connections for reading, lent out one call at a time.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::address::Address;
use super::session::Session;
use crate::error::StoreError;

/// Most connections at once: a server has a hundred where nobody says otherwise, for all programs together.
const LENT_MAX: usize = 16;
/// Connections beyond so many are closed once they have rested for so long, and no earlier: under load as many calls come and go as may,
/// and to connect and prepare everything anew takes as long as dozens of them.
const IDLE_MAX: usize = 8;
const RESTS_MAX: Duration = Duration::from_secs(30);
/// How long a call waits for another to give its connection back.
const WAITS_MAX: Duration = Duration::from_secs(10);

pub(crate) struct Pool {
    address: Address,
    lent_max: usize,
    waits_max: Duration,
    rests_max: Duration,
    connections: Mutex<Connections>,
    given_back: Condvar,
}

#[derive(Default)]
struct Connections {
    /// With since when it has been; the last to be given back is the first to be lent, so the first has rested longest.
    idle: Vec<(Session, Instant)>,
    n_lent: usize,
}

impl Pool {
    pub(crate) fn new(address: Address) -> Self {
        Self::of(address, LENT_MAX, WAITS_MAX)
    }

    /// A pool that lends so many connections at once, and has whoever wants one more wait so long.
    pub(crate) fn of(address: Address, lent_max: usize, waits_max: Duration) -> Self {
        let (connections, given_back) = (Mutex::default(), Condvar::new());
        Self { address, lent_max, waits_max, rests_max: RESTS_MAX, connections, given_back }
    }

    /// Runs `read` over a connection. One that was kept may have gone stale, as when the server was restarted: then it is run
    /// once more over a new one.
    pub(crate) fn read<T>(
        &self,
        read: impl Fn(&mut Session) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut lent = self.lend()?;
        if let Some(session) = &mut lent.session {
            let answer = read(session);
            if !session.is_closed() {
                return answer;
            }
        }
        read(lent.session.insert(self.address.connect()?))
    }

    /// As [`Pool::read`], where `read` can be run only once: over a connection that was seen to work.
    pub(crate) fn read_once<T>(
        &self,
        read: impl FnOnce(&mut Session) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut lent = self.lend()?;
        let kept = lent.session.take().and_then(|mut kept| kept.query("select", &[]).is_ok().then_some(kept));
        let session = match kept {
            Some(kept) => kept,
            None => self.address.connect()?,
        };
        read(lent.session.insert(session))
    }

    /// Keeps a connection for the next call.
    pub(crate) fn give_back(&self, session: Session) {
        // Closed, where it is, after others may go on.
        let _left = self.connections().keep(session, self.rests_max);
    }

    /// A turn to read, with a connection where one is kept.
    fn lend(&self) -> Result<Lent<'_>, StoreError> {
        let all_lent = |connections: &mut Connections| connections.n_lent >= self.lent_max;
        let waited = self.given_back.wait_timeout_while(self.connections(), self.waits_max, all_lent);
        let (mut connections, time) = waited.unwrap_or_else(PoisonError::into_inner);
        if time.timed_out() {
            return Err(StoreError::Busy);
        }
        connections.n_lent += 1;
        Ok(Lent { pool: self, session: connections.idle.pop().map(|(session, _)| session) })
    }

    fn connections(&self) -> MutexGuard<'_, Connections> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connections {
    /// Keeps a connection, and gives one that is not to be kept any more.
    fn keep(&mut self, session: Session, rests_max: Duration) -> Option<Session> {
        if session.is_closed() {
            return Some(session);
        }
        self.idle.push((session, Instant::now()));
        let has_rested = |(_, since): &(Session, Instant)| since.elapsed() >= rests_max;
        let n_idle = self.idle.len();
        let is_left = n_idle > LENT_MAX || n_idle > IDLE_MAX && self.idle.first().is_some_and(has_rested);
        is_left.then(|| self.idle.remove(0).0)
    }
}

/// A turn to read. It ends when this is dropped, and somebody who waits has the next.
struct Lent<'a> {
    pool: &'a Pool,
    session: Option<Session>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        // After a panic nothing is known of the connection; a transaction may be open in it.
        let session = self.session.take().filter(|_| !std::thread::panicking());
        let mut connections = self.pool.connections();
        connections.n_lent = connections.n_lent.saturating_sub(1);
        let left = session.and_then(|session| connections.keep(session, self.pool.rests_max));
        drop(connections);
        self.pool.given_back.notify_one();
        drop(left);
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let connections = self.connections.get_mut().unwrap_or_else(PoisonError::into_inner);
        let idle = std::mem::take(&mut connections.idle);
        // A connection waits for its end, which the thread of an asynchronous server must not.
        let _ = std::thread::spawn(move || drop(idle)).join();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::mpsc::channel;

    use nattoku_testkit::postgresql::Postgresql;

    use super::*;

    fn pool(server: &Postgresql, waits_max: Duration) -> Pool {
        Pool::of(Address::read(&server.address("postgres")).unwrap(), 2, waits_max)
    }

    fn process(session: &mut Session) -> Result<i32, StoreError> {
        Ok(session.query("select pg_backend_pid()", &[])?[0].get(0))
    }

    #[test]
    fn no_more_connections_are_open_than_may_be() {
        let Some(server) = Postgresql::start("pools") else { return };
        let pool = pool(&server, Duration::ZERO);
        let first = pool.lend().unwrap();
        pool.read(|_| {
            let third = pool.read(process);
            assert!(matches!(third, Err(StoreError::Busy)), "{third:?}");
            let third = pool.read_once(process);
            assert!(matches!(third, Err(StoreError::Busy)), "{third:?}");
            Ok(())
        })
        .unwrap();
        drop(first);
        pool.read(|_| pool.read(process).map(drop)).unwrap();
    }

    #[test]
    fn whoever_waits_reads_when_a_connection_is_given_back() {
        let Some(server) = Postgresql::start("turns") else { return };
        let pool = pool(&server, Duration::MAX);
        let (told, tells) = channel();
        std::thread::scope(|scope| {
            let lent = [pool.lend().unwrap(), pool.lend().unwrap()];
            for _ in 0..8 {
                let (pool, told) = (&pool, told.clone());
                scope.spawn(move || told.send(pool.read(process).unwrap()).unwrap());
            }
            drop(lent);
        });
        drop(told);
        assert_eq!(tells.iter().count(), 8);
    }

    /// All that were lent at once are kept for the next rush, and those beyond what is usual for no longer than they may rest.
    #[test]
    fn connections_of_a_rush_are_kept_until_they_have_rested() {
        let Some(server) = Postgresql::start("rush") else { return };
        let mut pool =
            Pool::of(Address::read(&server.address("postgres")).unwrap(), LENT_MAX, Duration::ZERO);
        let rush = |pool: &Pool| {
            let mut lent: Vec<Lent<'_>> = (0..LENT_MAX).map(|_| pool.lend().unwrap()).collect();
            let mut processes = BTreeSet::new();
            for lent in &mut lent {
                if lent.session.is_none() {
                    lent.session = Some(pool.address.connect().unwrap());
                }
                processes.insert(process(lent.session.as_mut().unwrap()).unwrap());
            }
            processes
        };
        assert_eq!(rush(&pool), rush(&pool));
        assert_eq!(pool.connections().idle.len(), LENT_MAX);
        pool.rests_max = Duration::ZERO;
        for _ in 0..LENT_MAX {
            pool.read(process).unwrap();
        }
        assert_eq!(pool.connections().idle.len(), IDLE_MAX);
    }

    #[test]
    fn one_connection_serves_one_call_after_the_other_and_is_made_anew_when_it_is_lost() {
        let Some(server) = Postgresql::start("kept") else { return };
        let pool = pool(&server, Duration::ZERO);
        let first = pool.read(process).unwrap();
        assert_eq!(pool.read_once(process).unwrap(), first);
        assert_eq!(pool.read(process).unwrap(), first);
        let end =
            |process: i32| server.ask("postgres", &format!("select pg_terminate_backend({process}, 60000)"));
        assert_eq!(end(first), "t\n");
        let second = pool.read_once(process).unwrap();
        assert_ne!(second, first);
        assert_eq!(end(second), "t\n");
        assert_ne!(pool.read(process).unwrap(), second);
    }

    #[test]
    fn a_connection_in_which_a_call_panicked_is_not_used_again() {
        let Some(server) = Postgresql::start("thrown") else { return };
        let pool = pool(&server, Duration::ZERO);
        let first = pool.read(process).unwrap();
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            pool.read(|session| -> Result<(), StoreError> {
                session.run("begin")?;
                panic!("a test has it fail");
            })
        }));
        assert!(panicked.is_err());
        assert_ne!(pool.read(process).unwrap(), first);
        assert_eq!(pool.connections().n_lent, 0);
    }
}
