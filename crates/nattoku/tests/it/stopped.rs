//! A server whose database stops or says nothing: whoever asks for a page of theirs is told so within two seconds, and it comes back.
#![cfg(target_os = "linux")]

use std::time::{Duration, Instant};

use nattoku_store::{Kek, OpenMode, Place, Settings, SignedIn};
use nattoku_testkit::postgresql::Postgresql;

use crate::served::{Answer, Deployment, Served};

/// How soon a page is answered whose store has stopped.
const SOON: Duration = Duration::from_secs(2);
/// How often it is tried: what else the machine does is not measured.
const TRIES: usize = 5;
/// Pages that are asked for at once, and the threads that may wait for the store on behalf of those who asked.
const AT_ONCE: usize = 120;
const THREADS_MAX: usize = 64;
/// The secret of a session.
const SECRET: [u8; 32] = [7; 32];

/// Signs `p0` in, as a provider's word would.
#[expect(clippy::disallowed_methods, reason = "the server that is signed in to goes by the same clock")]
fn sign_in(deployment: &Deployment, address: &str) {
    let place = Place::read(address).unwrap();
    let kek = nattoku_kek::FileKek::open(deployment.folder.join("own.kek")).unwrap();
    let no_randomness = |_: &mut [u8]| Ok(());
    let kek = Kek::Given(std::sync::Arc::new(kek));
    let store = place.open(OpenMode::ReadOnly, no_randomness, Settings::default(), &kek).unwrap();
    let id = store.principal_id("p0").unwrap().unwrap();
    let now = jiff::Timestamp::now();
    let session =
        SignedIn { principal: "p0".to_owned(), id, id_token: None, proved: None, opened: now, seen: now };
    let state = place.open_state(store.ledger_id().unwrap(), Settings::default()).unwrap();
    state.begin_session(&SECRET, &store.session_owner(&id), &session).unwrap();
}

fn request(path: &str) -> String {
    let secret = "07".repeat(32);
    format!("GET {path} HTTP/1.1\r\nHost: test\r\nCookie: nattoku_session={secret}\r\n\r\n")
}

fn get(served: &Served, path: &str) -> Answer {
    let mut client = served.connect();
    client.send(&request(path)).unwrap();
    client.answer().unwrap()
}

/// Every page is refused, and at least one of them as soon as is promised: so are the others where the machine has nothing else to do.
fn is_told_soon(served: &Served) {
    let mut quickest = Duration::MAX;
    for _ in 0..TRIES {
        let began = Instant::now();
        let answer = get(served, "/en/my");
        quickest = quickest.min(began.elapsed());
        assert_eq!(answer.status, 503);
        assert!(answer.body.contains("We cannot show this page just now"), "{}", answer.body);
    }
    assert!(quickest < SOON, "{quickest:?}");
    assert_eq!(get(served, "/en/privacy").status, 200);
}

fn comes_back(served: &Served) {
    for _ in 0..600 {
        let answer = get(served, "/en/my");
        if answer.status == 200 {
            return;
        }
        assert_eq!(answer.status, 503, "{}", answer.body);
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("it does not come back");
}

#[test]
fn a_database_that_stops_is_told_within_two_seconds_and_pages_come_back() {
    let Some(database) = Postgresql::start("stopping") else { return };
    database.make_database("ledger");
    let address = database.address("ledger");
    let deployment = Deployment::over("store_stopped", &address, "");
    sign_in(&deployment, &address);
    let served = deployment.start();
    comes_back(&served);

    // It takes connections, and says nothing.
    let before = served.n_threads();
    let paused = database.pause();
    is_told_soon(&served);
    let mut waiting: Vec<_> = (0..AT_ONCE).map(|_| served.connect()).collect();
    for client in &mut waiting {
        client.send(&request("/ja/my")).unwrap();
    }
    for mut client in waiting {
        assert_eq!(client.answer().unwrap().status, 503);
    }
    // Beside those that wait there are those that connect on their behalf, one for each connection of the pool at most.
    let more = served.n_threads().saturating_sub(before);
    assert!(more < 2 * THREADS_MAX, "{more} threads wait for the store");
    assert_eq!(get(&served, "/ja/privacy").status, 200);
    drop(paused);
    comes_back(&served);

    database.stop();
    is_told_soon(&served);
    database.start_again();
    comes_back(&served);
}
