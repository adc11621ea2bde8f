//! A few connections for reading, lent out one call at a time.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::address::Address;
use super::session::Session;
use crate::error::StoreError;

/// Most connections at once: a server has a hundred where nobody says otherwise, for all programs together.
const LENT_MAX: usize = 16;
/// Most connections kept open for the next call.
const IDLE_MAX: usize = 8;
/// How long a call waits for another to give its connection back.
const WAITS_MAX: Duration = Duration::from_secs(10);

pub(crate) struct Pool {
    address: Address,
    lent_max: usize,
    waits_max: Duration,
    connections: Mutex<Connections>,
    given_back: Condvar,
}

#[derive(Default)]
struct Connections {
    idle: Vec<Session>,
    n_lent: usize,
}

impl Pool {
    pub(crate) fn new(address: Address) -> Self {
        Self::of(address, LENT_MAX, WAITS_MAX)
    }

    /// A pool that lends so many connections at once, and has whoever wants one more wait so long.
    pub(crate) fn of(address: Address, lent_max: usize, waits_max: Duration) -> Self {
        Self { address, lent_max, waits_max, connections: Mutex::default(), given_back: Condvar::new() }
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
        self.connections().keep(session);
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
        Ok(Lent { pool: self, session: connections.idle.pop() })
    }

    fn connections(&self) -> MutexGuard<'_, Connections> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connections {
    fn keep(&mut self, session: Session) {
        if self.idle.len() < IDLE_MAX && !session.is_closed() {
            self.idle.push(session);
        }
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
        if let Some(session) = session {
            connections.keep(session);
        }
        drop(connections);
        self.pool.given_back.notify_one();
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
