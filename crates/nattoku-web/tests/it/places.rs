//! Who waits for the store keeps nobody else from it: of each kind of work as many wait at once as have places, and no kind takes those of
//! another.

use std::time::Duration;

use nattoku_store::Place;
use serde_json::json;

use crate::log;
use crate::program::{Program, by_consent, site_on};
use crate::site::{Site, Terms};

/// Another program keeps the ledger, and all that may write wait for it.
#[tokio::test]
async fn writes_that_wait_keep_no_place_from_whoever_asks() {
    let site =
        site_on(Terms { programs: (1, 1), wait_for_lock_max: Duration::from_hours(1), ..Terms::default() });
    let program = Program::campaigns(&site);
    let Place::Sqlite(path) = site.place() else { panic!("it is a file") };
    let other = rusqlite::Connection::open(path).unwrap();
    other.execute_batch("begin immediate").unwrap();
    let before = site.watch.appends();
    let event = json!({ "event": "data_acquired", "category": "call_history", "source": "service_records" });
    let write = program.post("/v1/principals/kiko/events", &event);
    tokio::pin!(write);
    let asked = async {
        while site.watch.appends() == before {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        // More than are answered without a place.
        let questions = json!({ "questions": vec![by_consent(); 200] });
        let answers = program.post("/v1/decide/batch", &questions).await.good();
        assert_eq!(answers["answers"].as_array().unwrap().len(), 200);
        program.get("/v1/principals/kiko/history").await.good();
    };
    tokio::select! {
        () = asked => {}
        answer = &mut write => panic!("it waits: {}", answer.body),
    }
    other.execute_batch("rollback").unwrap();
    write.await.good();
}

/// Those that ask, and have all the places there are for that, keep none from what is written.
#[tokio::test]
async fn whoever_asks_keeps_no_place_from_what_is_written() {
    let site = site_on(Terms { programs: (0, 1), ..Terms::default() });
    let program = Program::campaigns(&site);
    let withdrawal =
        json!({ "item": "partner_sharing", "act": "withdraw", "channel": "shop", "acknowledge": "durable" });
    program.post("/v1/principals/kiko/consents", &withdrawal).await.good();
}

/// The log is for everybody: whoever reads it takes no place of a program, and no program one of theirs.
#[tokio::test]
async fn the_log_has_places_of_its_own() {
    let site = Site::on(Terms { programs: (0, 0), ..Terms::default() });
    let checkpoint = log::sign(&site);
    log::is_served(&site, &checkpoint).await;
}
