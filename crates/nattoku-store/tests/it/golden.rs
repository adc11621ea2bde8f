//! The bytes of leaves, payloads and ids. They never change: a ledger written by any version must verify for ever.
//!
//! The expected values were worked out apart from this code, from `docs/reference/ledger-format.md`.

use nattoku_store::{OpenMode, Randomness, RandomnessError, SeededRandomness, SqliteStore, Store};
use rusqlite::Connection;

use crate::support::{Folder, LATER_EVENTS, event, every_event, now};

/// The root over every event, with the principals' random bytes that tests have.
const ROOT: &str = "c3dddbfc003e8e0e0e915f64a82c53ec463397a8688c5e49c598ff55a55b4244";

struct Golden {
    revision: u64,
    /// The id derived from the content.
    event_id: &'static str,
    /// The leaf after its version byte.
    leaf: &'static str,
    payload: Option<&'static str>,
    leaf_hash: &'static str,
}

const GOLDEN: [Golden; 7] = [
    Golden {
        revision: 1,
        event_id: "805e0be100209e3c298b625742077c70",
        leaf: r#"{"at":"2020-01-01T00:00:00Z","event":"principal_registered","principal":"0c730b69905c5ef7a4ca5269f7236540","recorded_at":"2026-04-01T00:00:00Z","sealed":"6be3180512a8c9f04e3d88be0f62edffa9f2ce682471ed9fa41fb52e1ce36049","unknown_relationships":["club"]}"#,
        payload: Some(r#"{"born":"1985-04-01","residence":"JP-13 東京都"}"#),
        leaf_hash: "113ff5684fc1148885924fcc783bdef2f8a3fb9d4598a539b33392d3a9ff4a61",
    },
    Golden {
        revision: 8,
        event_id: "805e13ca0088127cf51b9b4db35e12f4",
        leaf: r#"{"at":"2020-01-07T00:00:00.5Z","by":"agent","channel":"shop","event":"consent_granted","item":"partner_sharing","language":"en","principal":"0c730b69905c5ef7a4ca5269f7236540","recorded_at":"2026-04-01T00:00:00Z","sealed":"2f6bd1d9541866b39224089af1353dee61c79a0a318ae723ed06cecc7ec31f15","text_version":"2","until":"2030-01-01T00:00:00Z"}"#,
        payload: Some(r#"{"by":"agent:a-7","evidence":"power of attorney no. 5\nseen by the desk"}"#),
        leaf_hash: "e064c69e0965d7997c566ddfdaf92b1272408ba465f83a87c5b4a71573ae687b",
    },
    Golden {
        revision: 9,
        event_id: "805e151b80ede33bb5d67e8dcdc81cf9",
        leaf: r#"{"at":"2020-01-08T00:00:00Z","by":"guardian","event":"consent_withdrawn","item":"partner_sharing","principal":"0c730b69905c5ef7a4ca5269f7236540","recorded_at":"2026-04-01T00:00:00Z","sealed":"95f1aaba7d81fc6ddea596f7af9a286a54493b05a70d78e95d0d06757ebb354f"}"#,
        payload: Some(r#"{"by":"guardian:g 1","channel":"call from 090-0000-0000"}"#),
        leaf_hash: "c3e7b8b42b471edcd65798001b39dd5b98ee12e3c06f67a93628bdc143e1d0e1",
    },
    Golden {
        revision: 10,
        event_id: "805e166d0017b6293f061f30cfef6066",
        leaf: r#"{"at":"2020-01-09T00:00:00Z","by":"principal","channel":"web","choice":"offers","event":"choice_declined","principal":"0c730b69905c5ef7a4ca5269f7236540","recorded_at":"2026-04-01T00:00:00Z"}"#,
        payload: None,
        leaf_hash: "b98cafd9bb8c94731c78eec0cb7f683d438d8ee35eb446eb3fb1b0508ce917f9",
    },
    Golden {
        revision: 13,
        event_id: "805e1a618030771386c21ba33a023363",
        leaf: r#"{"activity":"partner_offers","at":"2020-01-12T00:00:00Z","basis":"consent","categories":["purchase"],"event":"data_provided","principal":"0c730b69905c5ef7a4ca5269f7236540","recipient":"store_partners","recorded_at":"2026-04-01T00:00:00Z"}"#,
        payload: None,
        leaf_hash: "a9dcd4178975c53923bdcc544074dd750795dc6f583bce015fe41ae386dfc406",
    },
    Golden {
        revision: 17,
        event_id: "805e1fa780775196b57fbc0712baa276",
        leaf: r#"{"at":"2020-01-16T00:00:00Z","event":"recipient_assessed","recipient":"call_center","recorded_at":"2026-04-01T00:00:00Z"}"#,
        payload: None,
        leaf_hash: "a0d9ca617f236b7d924252d0b9432fb5cccb12d4df2f137b47a7a74134bcc0c3",
    },
    Golden {
        revision: 22,
        event_id: "805e263f00b1dceea4520f0c1646bfd3",
        leaf: r#"{"at":"2020-01-21T00:00:00Z","digest":"sha256:00ff","event":"policy_published","recorded_at":"2026-04-01T00:00:00Z","version":"2019-12-11"}"#,
        payload: None,
        leaf_hash: "db4950581acde4358884de0662cd9166fa794205f40ffad648f0f42a9a95710c",
    },
];

/// An event that came after the first version of the ledger: of what was looked at, and by whom, the leaf says nothing.
const LATER: Golden = Golden {
    revision: 23,
    event_id: "805e279080b0c364a7873383e4bac620",
    leaf: r#"{"at":"2020-01-22T00:00:00Z","event":"data_viewed","principal":"0c730b69905c5ef7a4ca5269f7236540","recorded_at":"2026-04-01T00:00:00Z","sealed":"17f0ffef7d3f4fed3378fabefdde96398b69afa3f62f15dd92cb298b699462f7"}"#,
    payload: Some(
        r#"{"activity":"inquiry_answer","application":"customer_desk","categories":["contact","billing"],"department":"service_desk","reason":"inquiry","role":"adviser"}"#,
    ),
    leaf_hash: "e26577b8bf6d2431e30fc20b26085cc157df86ac0805329874a2a1b5f1727999",
};

/// The random bytes with which the expected values were worked out, whatever else is drawn in between.
#[derive(Default)]
struct Drawn {
    n_ids: usize,
    n_keys: usize,
}

impl Randomness for Drawn {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), RandomnessError> {
        // Of seed 1: the ledger's id, the key of event ids, then of the first principal the id and the commitment key.
        let mut blocks = [[0; 32]; 4];
        let mut seeded = SeededRandomness::new(1);
        for block in &mut blocks {
            seeded.fill(block)?;
        }
        let n_drawn = if bytes.len() == 16 { &mut self.n_ids } else { &mut self.n_keys };
        let block = match (bytes.len(), *n_drawn) {
            // The id of the ledger, of the key-encryption key, of the principal.
            (16, 0) => blocks[0],
            (16, 2) => blocks[2],
            // The key-encryption key, the key of event ids, a nonce, the index key, a nonce, the commitment key.
            (32, n) if n == EVENT_ID_KEY => blocks[1],
            (32, n) if n == COMMITMENT_KEY => blocks[3],
            _ => [0x77; 32],
        };
        *n_drawn += 1;
        bytes.copy_from_slice(&block[..bytes.len()]);
        Ok(())
    }
}

/// Which of the longer draws it is.
const EVENT_ID_KEY: usize = 1;
const COMMITMENT_KEY: usize = 5;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

#[test]
fn leaves_payloads_and_ids() {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.path("ledger.sqlite"), OpenMode::Create, Drawn::default()).unwrap();
    store.append(&every_event(), now(), false).unwrap();
    assert_eq!(store.stats().unwrap().root.to_string(), ROOT);
    store.append(&LATER_EVENTS.map(event), now(), false).unwrap();
    let raw = Connection::open(store.path()).unwrap();
    let mut select =
        raw.prepare("select event_id, leaf, payload, leaf_hash from events left join payloads using (revision) where revision = ?1").unwrap();
    for wanted in GOLDEN.into_iter().chain([LATER]) {
        let revision = wanted.revision;
        let (event_id, leaf, payload, leaf_hash) = select
            .query_row([i64::try_from(revision).unwrap()], |row| {
                let payload: Option<Vec<u8>> = row.get(2)?;
                Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?, payload, row.get::<_, Vec<u8>>(3)?))
            })
            .unwrap();
        assert_eq!(leaf[0], 1);
        assert_eq!(std::str::from_utf8(&leaf[1..]).unwrap(), wanted.leaf, "revision {revision}");
        assert_eq!(
            payload.map(|sealed| sealed.len()),
            wanted.payload.map(|text| text.len() + 65),
            "{revision}"
        );
        assert_eq!(hex(&event_id), wanted.event_id, "revision {revision}");
        assert_eq!(hex(&leaf_hash), wanted.leaf_hash, "revision {revision}");
    }
}

#[test]
fn nothing_personal_is_in_a_leaf() {
    let folder = Folder::new();
    let store = folder.store();
    store.append(&every_event(), now(), false).unwrap();
    store.append(&LATER_EVENTS.map(event), now(), false).unwrap();
    let raw = Connection::open(store.path()).unwrap();
    let mut select = raw.prepare("select leaf from events").unwrap();
    let leaves: Vec<Vec<u8>> = select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    for leaf in leaves {
        let leaf = String::from_utf8(leaf).unwrap();
        for personal in [
            "\"p1\"",
            "1985",
            "JP-13",
            "g 1",
            "a-7",
            "attorney",
            "090",
            "C-1",
            "contract of 2019",
            "service_desk",
        ] {
            assert!(!leaf.contains(personal), "{personal} in {leaf}");
        }
    }
}
