//! A shop whose customers agree and withdraw, with a node that follows its ledger.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use nattoku_feed::{Counting, Courier, Outcome, Retry, Sender, Step};
use nattoku_lease::Terms;
use nattoku_model::Revision;
use nattoku_model::clock::Clock;
use nattoku_operations::{Nattoku, Node, Publication};
use nattoku_policy::source::Source;
use nattoku_store::{OpenMode, Place, SeededRandomness, Settings, SigningSecret, State, Subscription};

const POLICY: &str = r#"
policy shop version="2019-12-11" {
    effective "2019-12-11T00:00:00+09:00"
    timezone "Asia/Tokyo"
    languages en prevails=en
    controller country=JP { en "Nattoku Shop" }
}
category purchase { en "Purchase history" }
source till channel=direct { en "Our tills"; gives purchase }
purpose proposals number="2" { en "Proposals" }
application campaigns { en "Campaign desk" }
activity offers purpose=proposals { en "Offers"; needs purchase; by campaigns; requires consent=mail }
consent mail text="1" accepts="1" { en "Mail"; wording "1" { en "We send you offers." }; consequence { en "No offers." } }
"#;

struct Stands;

impl Clock for Stands {
    fn now(&self) -> Timestamp {
        "2020-06-01T12:00:00Z".parse().unwrap()
    }
}

/// What was counted.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) outcomes: Mutex<Vec<Outcome>>,
    pub(crate) behind: AtomicU64,
    pub(crate) dead: AtomicU64,
}

impl Counting for Counts {
    fn attempted(&self, _: &str, outcome: Outcome) {
        self.outcomes.lock().unwrap().push(outcome);
    }

    fn behind(&self, _: &str, events: u64) {
        self.behind.store(events, Ordering::Relaxed);
    }

    fn dead(&self, _: &str, letters: u64) {
        self.dead.store(letters, Ordering::Relaxed);
    }
}

pub(crate) struct Shop {
    folder: PathBuf,
    place: Place,
    pub(crate) nattoku: Nattoku,
    pub(crate) node: Arc<Node>,
    pub(crate) sender: Sender,
    pub(crate) counts: Counts,
}

/// What a shop's couriers do where an event is not taken: they try three times.
pub(crate) const RETRY: Retry =
    Retry { first: Duration::from_millis(1), most: Duration::from_millis(4), attempts_max: 3 };

pub(crate) fn secret() -> SigningSecret {
    SigningSecret::new((0..32).collect())
}

impl Shop {
    pub(crate) fn open(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("feed-{name}"));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let place = Place::Sqlite(folder.join("ledger.sqlite"));
        let nattoku = nattoku_at(&place, OpenMode::Create, 1).with_ledger_name("shop.example/nattoku");
        let node = node_at(&place, &nattoku, [9; 16]);
        let sender = Sender::new(false, Duration::from_secs(5));
        Self { folder, place, nattoku, node, sender, counts: Counts::default() }
    }

    /// Another program over the same ledger.
    pub(crate) fn another_node(&self, id: u8) -> Arc<Node> {
        let nattoku = nattoku_at(&self.place, OpenMode::Existing, u64::from(id));
        node_at(&self.place, &nattoku, [id; 16])
    }

    /// Something happens to each of some principals.
    pub(crate) fn happens(&self, event: &str, principals: &[&str]) {
        let lines: Vec<String> = principals
            .iter()
            .map(|p| match event {
                "principal_registered" => {
                    format!(r#"{{"event":"{event}","principal":"{p}","at":"2020-06-01T11:00:00Z"}}"#)
                }
                _ => format!(
                    r#"{{"event":"{event}","principal":"{p}","at":"2020-06-01T11:00:00Z","category":"purchase","source":"till"}}"#
                ),
            })
            .collect();
        self.nattoku.import_events(lines.join("\n").as_bytes(), false, &mut |_| {}).unwrap();
        self.node.take_in().unwrap();
    }

    pub(crate) fn state(&self) -> &dyn State {
        self.node.state()
    }

    /// Subscribes to some events from the beginning on.
    pub(crate) fn subscribe(&self, name: &str, url: &str, events: &[&str]) {
        let added = self.state().add_subscription(&Subscription {
            name: name.to_owned(),
            url: url.to_owned(),
            events: events.iter().map(|event| (*event).to_owned()).collect(),
            secret: secret(),
            created: Stands.now(),
            created_by: "a test".to_owned(),
            cursor: Revision(0),
            paused: None,
        });
        assert!(added.unwrap());
    }

    pub(crate) fn subscription(&self, name: &str) -> Subscription {
        self.state().subscriptions().unwrap().into_iter().find(|one| one.name == name).unwrap()
    }

    pub(crate) fn courier(&self, name: &str) -> Courier<'_> {
        self.courier_who(name, &|| true)
    }

    /// A courier who may send as long as this is so.
    pub(crate) fn courier_who<'a>(&'a self, name: &str, may_send: &'a dyn Fn() -> bool) -> Courier<'a> {
        Courier::new((&self.node, &self.sender, &self.counts), RETRY, || 0, name.to_owned(), may_send)
    }

    pub(crate) fn erase(&self, principal: &str) {
        let store = self.place.open(OpenMode::Existing, SeededRandomness::new(5), Settings::default(), &KEK);
        nattoku_operations::erase(&*store.unwrap(), principal, Stands.now()).unwrap();
        self.node.take_in().unwrap();
    }
}

/// Steps until there is nothing more to do, or it has to be waited.
pub(crate) fn carry(courier: &mut Courier<'_>) -> Step {
    loop {
        match courier.step().unwrap() {
            Step::Done => {}
            step => return step,
        }
    }
}

const KEK: nattoku_store::Kek = nattoku_store::Kek::Beside;

fn nattoku_at(place: &Place, mode: OpenMode, seed: u64) -> Nattoku {
    let store = place.open(mode, SeededRandomness::new(seed), Settings::default(), &KEK).unwrap();
    let publication = Publication::of(&nattoku_policy::check(&[Source::new("policy.kdl", POLICY)])).unwrap();
    Nattoku::of(publication, store, Box::new(Stands))
}

fn node_at(place: &Place, nattoku: &Nattoku, id: [u8; 16]) -> Arc<Node> {
    let state = place.open_state(nattoku.ledger_id().unwrap(), Settings::default()).unwrap();
    let following = nattoku.clone().follow(&mut |_| ()).unwrap();
    Arc::new(Node::new(following, state, id, Terms::default()))
}

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
