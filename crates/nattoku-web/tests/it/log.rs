//! The ledger as a public log, as a program that checks it meets it.

use axum::http::{StatusCode, header};
use nattoku_ledger::{Bundle, Checkpoint, Note, TileNodes, node};
use nattoku_operations::next_checkpoint;
use nattoku_store::{OpenMode, SeededRandomness, Settings};
use nattoku_testkit::postgresql::Postgresql;

use crate::site::{Site, log_key};

/// Signs the site's ledger as it stands.
pub(crate) fn sign(site: &Site) -> Checkpoint {
    let randomness = SeededRandomness::new(1);
    let store = site.place().open(OpenMode::ReadOnly, randomness, Settings::default(), &site.kek()).unwrap();
    let checkpoint = next_checkpoint(store.as_ref(), "example.jp/log", None).unwrap();
    let mut note = Note::new(checkpoint.to_string()).unwrap();
    note.sign(&log_key(), 0).unwrap();
    std::fs::write(site.checkpoint(), note.to_string()).unwrap();
    checkpoint
}

#[tokio::test]
async fn nothing_is_served_before_a_checkpoint_is_signed() {
    let site = Site::new();
    for path in ["/log/checkpoint", "/log/tile/0/000.p/1", "/log/tile/entries/000.p/1", "/log/tile/0"] {
        assert_eq!(site.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_checkpoint_and_the_tiles_that_it_stands_for() {
    let site = Site::new();
    let checkpoint = sign(&site);
    is_served(&site, &checkpoint).await;

    // What came after the checkpoint is not shown, nor is anything under another name.
    let size = checkpoint.size;
    let newer = r#"{"event":"relationship_ended","principal":"sakura","at":"2026-11-01T00:00:00Z","relationship":"club"}"#;
    site.nattoku.import_events(newer.as_bytes(), false, &mut |_| {}).unwrap();
    for path in [
        format!("/log/tile/0/000.p/{}", size + 1),
        "/log/tile/0/000".to_owned(),
        format!("/log/tile/00/000.p/{size}"),
        "/log/tile/entries/../checkpoint".to_owned(),
        "/log/other".to_owned(),
    ] {
        assert_eq!(site.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

/// What a store of a server waits for must not be waited for in the threads that answer.
#[test]
fn a_ledger_in_postgresql_is_served_as_well() {
    let Some(server) = Postgresql::start("web") else { return };
    server.make_database("site");
    let site = Site::in_database(&server.address("site"));
    let checkpoint = sign(&site);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(is_served(&site, &checkpoint));
}

pub(crate) async fn is_served(site: &Site, checkpoint: &Checkpoint) {
    let answer = site.get("/log/checkpoint").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header(header::CONTENT_TYPE), "text/plain; charset=utf-8");
    assert_eq!(answer.header(header::CACHE_CONTROL), "no-cache");
    assert!(answer.body.starts_with(&checkpoint.to_string()), "{}", answer.body);

    let size = checkpoint.size;
    let tile = site.get(&format!("/log/tile/0/000.p/{size}")).await;
    assert_eq!(tile.header(header::CONTENT_TYPE), "application/octet-stream");
    assert_eq!(tile.header(header::CACHE_CONTROL), "public, max-age=3600");
    let entries = site.get(&format!("/log/tile/entries/000.p/{size}")).await;
    let hashes: Vec<u8> = Bundle::hashes(&entries.bytes).unwrap().iter().flat_map(|hash| hash.0).collect();
    assert_eq!(hashes, tile.bytes);
    let mut tiles = TileNodes::new(size, |_| Ok::<_, ()>(tile.bytes.clone()));
    assert_eq!(node::root(size, &mut tiles).unwrap(), checkpoint.root);
}
