//! What is seen of a node only from within: its lease has come further than what was evaluated.

use jiff::Timestamp;
use nattoku_model::Language;
use nattoku_model::clock::Clock;
use nattoku_model::event::By;
use nattoku_policy::source::Source;
use nattoku_store::{OpenMode, Place, SeededRandomness, Settings, SqliteStore};

use super::*;
use crate::nattoku::{Nattoku, WillRequest};
use crate::publication::Publication;

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

struct Stands(Timestamp);

impl Clock for Stands {
    fn now(&self) -> Timestamp {
        self.0
    }
}

fn by_principal() -> WillRequest {
    WillRequest { channel: "web".to_owned(), by: By::Principal, language: Language::En, seen: None, id: None }
}

/// A node that has its lease, over a shop in which p1 and p2 have agreed.
fn node(name: &str) -> (Nattoku, Node) {
    let folder = std::env::temp_dir().join(format!("nattoku-node-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("ledger.sqlite");
    let store = SqliteStore::open(&path, OpenMode::Create, SeededRandomness::new(1)).unwrap();
    let publication = Publication::of(&nattoku_policy::check(&[Source::new("policy.kdl", POLICY)])).unwrap();
    let now = "2020-06-01T12:00:00Z".parse().unwrap();
    let shop = Nattoku::of(publication, Box::new(store), Box::new(Stands(now)));
    for p in ["p1", "p2"] {
        let lines = format!(
            r#"{{"event":"principal_registered","principal":"{p}","at":"2020-06-01T11:00:00Z"}}
{{"event":"data_acquired","principal":"{p}","at":"2020-06-01T11:00:00Z","category":"purchase","source":"till"}}"#
        );
        shop.import_events(lines.as_bytes(), false, &mut |_| {}).unwrap();
        shop.grant_consent(p, "mail", &by_principal(), None).unwrap();
    }
    let state = Place::Sqlite(path).open_state(shop.ledger_id().unwrap(), Settings::default()).unwrap();
    let terms = Terms::new(Duration::from_hours(1), Duration::from_secs(1)).unwrap();
    let node = Node::new(shop.clone().follow(&mut |_| ()).unwrap(), state, [9; 16], terms);
    node.renew().unwrap();
    (shop, node)
}

fn offers() -> Question {
    Question {
        application: "campaigns".to_owned(),
        principal: "p1".to_owned(),
        action: "use".to_owned(),
        activity: "offers".to_owned(),
        categories: vec!["purchase".to_owned()],
        ..Question::default()
    }
}

/// G3: once it was told that a withdrawal is applied, nothing is sent that was evaluated before it, be it one answer or a list.
#[test]
fn what_was_evaluated_before_what_was_reported_is_not_sent() {
    let (shop, node) = node("reported");
    let list = || {
        let page = node.permitted(&offers(), PageMark::default(), 10, 10).unwrap();
        page.map(|page| page.principals.into_iter().map(|(principal, _)| principal).collect::<Vec<_>>())
    };
    assert!(node.answer(&offers(), Telling::Verdicts).unwrap().verdict.is_permitted());
    assert_eq!(list().unwrap(), ["p1", "p2"]);

    // Another thread of this node has taken in the withdrawal and reported it, while this one still has what it evaluated before.
    let withdrawn = shop.withdraw_consent("p1", "mail", &by_principal()).unwrap();
    node.lease().applied(withdrawn.revision);
    assert_eq!(node.lease().report(), withdrawn.revision);
    assert_eq!(node.answer_at_once(&offers(), Telling::Verdicts).unwrap(), None);
    let line = node.answer(&offers(), Telling::Verdicts).unwrap();
    assert!(!line.verdict.is_permitted() && line.text.contains("withdrawn"), "{}", line.text);
    assert_eq!(list().unwrap(), ["p2"], "whoever has changed since is left out");

    // Where what concerns everybody has come, whom it leaves is not known.
    let event =
        serde_json::json!({ "event": "policy_published", "version": "2019-12-11", "digest": "0".repeat(64) });
    let event = shop.read_event(event.as_object().unwrap(), None, None).unwrap();
    let last = shop.record(&[event]).unwrap()[0].revision;
    node.lease().applied(last);
    node.lease().report();
    assert_eq!(list(), None);
    node.take_in().unwrap();
    assert_eq!(list().unwrap(), ["p2"]);
}
