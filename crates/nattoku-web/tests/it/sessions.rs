//! Sessions of people, at every server of a deployment.

use std::sync::atomic::{AtomicU8, Ordering};

use axum::http::{StatusCode, header};
use jiff::SignedDuration;
use nattoku_store::{OpenMode, SeededRandomness, Settings};
use nattoku_testkit::postgresql::Postgresql;
use nattoku_web::Sessions;
use nattoku_web::session::{Opened, REMEMBERED};

use crate::site::{PRINCIPAL, Site};

fn sessions() -> Sessions {
    let next = AtomicU8::new(0);
    Sessions::new(Box::new(move || [next.fetch_add(1, Ordering::Relaxed); 32]))
}

fn open(sessions: &Sessions, site: &Site) -> String {
    let link = sessions.issue_link(PRINCIPAL, site.now());
    match sessions.open(&site.web.node, &link, site.now()).unwrap() {
        Opened::Session(token) => token,
        other => panic!("{other:?}"),
    }
}

fn whose(sessions: &Sessions, site: &Site, token: &str) -> Option<String> {
    sessions.principal(&site.web.node, token, site.now()).unwrap()
}

#[test]
fn a_link_works_once() {
    let (site, sessions) = (Site::new(), sessions());
    let node = &site.web.node;
    let link = sessions.issue_link(PRINCIPAL, site.now());
    let Opened::Session(token) = sessions.open(node, &link, site.now()).unwrap() else { panic!("{link}") };
    assert_eq!(whose(&sessions, &site, &token).as_deref(), Some(PRINCIPAL));
    assert_eq!(sessions.open(node, &link, site.now()).unwrap(), Opened::Spent);
    assert_eq!(sessions.open(node, "nonsense", site.now()).unwrap(), Opened::Unknown);
    assert_eq!(sessions.close(node, &token).unwrap(), None);
    assert_eq!(whose(&sessions, &site, &token), None, "at once where it was ended");
    for nonsense in ["", "nonsense", &token.to_uppercase(), &format!("{token}00")] {
        assert_eq!(whose(&sessions, &site, nonsense), None, "{nonsense}");
    }
}

#[test]
fn a_link_does_not_wait_for_ever() {
    let (site, sessions) = (Site::new(), sessions());
    let link = sessions.issue_link(PRINCIPAL, site.now());
    site.pass(12 * 60 + 1);
    assert_eq!(sessions.open(&site.web.node, &link, site.now()).unwrap(), Opened::Spent);
}

#[test]
fn a_session_ends_when_idle_and_after_twelve_hours() {
    let (site, sessions) = (Site::new(), sessions());
    let idle = open(&sessions, &site);
    site.pass(20);
    assert!(whose(&sessions, &site, &idle).is_some(), "not sooner than is promised");
    site.pass(21);
    assert_eq!(whose(&sessions, &site, &idle), None);
    let busy = open(&sessions, &site);
    for _ in 1..=48 {
        site.pass(15);
        assert!(whose(&sessions, &site, &busy).is_some());
    }
    site.pass(1);
    assert_eq!(whose(&sessions, &site, &busy), None);
}

/// A new server, as after a restart, knows whoever was signed in before.
#[test]
fn a_restart_signs_nobody_out() {
    let site = Site::new();
    let token = open(&sessions(), &site);
    assert_eq!(whose(&sessions(), &site, &token).as_deref(), Some(PRINCIPAL));
}

/// Whoever was erased is signed in no longer, and whoever is registered under the same identifier after that does not go on in their place.
#[test]
fn a_session_is_not_handed_on_with_an_identifier() {
    let (site, sessions) = (Site::new(), sessions());
    let token = open(&sessions, &site);
    let (randomness, settings) = (SeededRandomness::new(9), Settings::default());
    let store = site.place().open(OpenMode::Existing, randomness, settings, &site.kek()).unwrap();
    nattoku_operations::erase(&*store, PRINCIPAL, site.now()).unwrap();
    site.pass(1);
    assert_eq!(whose(&sessions, &site, &token), None);
    let again = format!(
        r#"{{"event":"principal_registered","principal":"{PRINCIPAL}","at":"2026-11-01T10:00:00+09:00","born":"2001-04-01"}}"#
    );
    site.nattoku.import_events(again.as_bytes(), false, &mut |_| {}).unwrap();
    site.pass(1);
    assert_eq!(whose(&sessions, &site, &token), None);
    assert!(whose(&sessions, &site, &open(&sessions, &site)).is_some());
}

/// What is over does not stay in the state until somebody asks for it.
#[test]
fn sessions_that_are_over_are_removed_when_others_begin() {
    let (site, sessions) = (Site::new(), sessions());
    let secret = |token: &str| {
        <[u8; 32]>::try_from(data_encoding::HEXLOWER.decode(token.as_bytes()).unwrap()).unwrap()
    };
    let token = open(&sessions, &site);
    let is_kept = || site.web.node.state().session(&secret(&token)).unwrap().is_some();
    site.pass(22);
    assert!(is_kept());
    open(&sessions, &site);
    assert!(!is_kept());
}

#[test]
fn whoever_signs_in_at_one_server_is_known_at_the_other_and_signs_out_of_both() {
    let Some(server) = Postgresql::start("sessions") else { return };
    server.make_database("site");
    let mut here = Site::in_database(&server.address("site"));
    let mut there = here.beside();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        assert_eq!(there.get("/en/my").await.status, StatusCode::SEE_OTHER);
        here.sign_in(PRINCIPAL).await;
        there.take_cookie(&here);
        for site in [&here, &there] {
            let page = site.get("/en/my").await;
            assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        }
        let out = there.post("/en/sign-out", &[]).await;
        assert_eq!(out.header(header::LOCATION), "/en/sign-in?out=1");
        assert_eq!(there.get("/en/my").await.status, StatusCode::SEE_OTHER);
        // The other one has asked a moment ago, and asks again after this.
        let later = here.now() + REMEMBERED - SignedDuration::from_millis(1);
        here.set_clock(later);
        assert_eq!(here.get("/en/my").await.status, StatusCode::OK, "the state is not asked for every page");
        here.set_clock(later + SignedDuration::from_millis(1));
        assert_eq!(here.get("/en/my").await.status, StatusCode::SEE_OTHER);
        // Nothing of whom it was, and no secret, is left in the database.
        here.sign_in(PRINCIPAL).await;
        let rows = server.ask(
            "site",
            "select count(*), bool_or(sealed::text like '%73616b757261%') from nattoku_state.sessions",
        );
        assert_eq!(rows, "1|f\n");
        // Where the state cannot be read nobody is taken for signed in, and nobody is told that they are signed out.
        here.set_clock(here.now() + REMEMBERED);
        server.stop();
        assert_eq!(here.get("/en/my").await.status, StatusCode::SERVICE_UNAVAILABLE);
        let out = here.post("/en/sign-out", &[]).await;
        assert_eq!((out.status, out.header(header::SET_COOKIE)), (StatusCode::SERVICE_UNAVAILABLE, ""));
    });
}
