//! Sessions of people, at every server of a deployment.

use std::process::Stdio;
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

/// An answer may be lost on its way: until somebody has come with the cookie of a link, it can be opened again, and no two sessions are of
/// one link.
#[test]
fn a_link_whose_cookie_never_came_is_opened_again() {
    let (site, sessions) = (Site::new(), sessions());
    let node = &site.web.node;
    let link = sessions.issue_link(PRINCIPAL, site.now());
    let again = || match sessions.open(node, &link, site.now()).unwrap() {
        Opened::Session(token) => token,
        other => panic!("{other:?}"),
    };
    let (lost, came) = (again(), again());
    assert_eq!(whose(&sessions, &site, &lost), None, "it ended when the link was opened again");
    assert!(whose(&sessions, &site, &came).is_some());
    assert_eq!(sessions.open(node, &link, site.now()).unwrap(), Opened::Spent);
    assert!(whose(&sessions, &site, &came).is_some(), "who asks in vain ends nothing");
}

/// Be it that the cookie came to another server, or that nothing but signing out was asked with it.
#[test]
fn a_link_whose_cookie_came_elsewhere_is_used_up() {
    let (site, sessions, there) = (Site::new(), sessions(), self::sessions());
    let node = &site.web.node;
    let used = sessions.issue_link(PRINCIPAL, site.now());
    let Opened::Session(token) = sessions.open(node, &used, site.now()).unwrap() else { panic!("{used}") };
    assert!(whose(&there, &site, &token).is_some());
    assert_eq!(sessions.open(node, &used, site.now()).unwrap(), Opened::Spent);
    assert!(whose(&there, &site, &token).is_some());
    let left = sessions.issue_link(PRINCIPAL, site.now());
    let Opened::Session(token) = sessions.open(node, &left, site.now()).unwrap() else { panic!("{left}") };
    there.close(node, &token).unwrap();
    assert_eq!(sessions.open(node, &left, site.now()).unwrap(), Opened::Spent);
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
    // Whoever signs in is not found in the database by their id either.
    let id = here.nattoku.principal_id(PRINCIPAL).unwrap().unwrap();
    let owner = data_encoding::HEXLOWER.encode(&here.nattoku.session_owner(&id));
    let is_owner =
        format!("select count(*) from nattoku_state.sign_ins where encode(owner, 'hex') = '{owner}'");
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
        assert_eq!(server.ask("site", &is_owner), "1\n");
        assert_ne!(data_encoding::HEXLOWER.encode(&id), owner);
        // Where the state cannot be read nobody is taken for signed in, and nobody is told that they are signed out.
        here.set_clock(here.now() + REMEMBERED);
        server.stop();
        assert_eq!(here.get("/en/my").await.status, StatusCode::SERVICE_UNAVAILABLE);
        let out = here.post("/en/sign-out", &[]).await;
        assert_eq!((out.status, out.header(header::SET_COOKIE)), (StatusCode::SERVICE_UNAVAILABLE, ""));
        assert_eq!(out.heading(), "This was not done");
    });
}

/// Signing out may have been done where its answer is lost.
#[test]
fn a_sign_out_without_an_answer_is_not_told_as_not_done() {
    let Some(server) = Postgresql::start("signing_out") else { return };
    server.make_database("site");
    let mut site = Site::in_database(&server.address("site"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        site.sign_in(PRINCIPAL).await;
        // Somebody else has the rows: it is begun, and does not end.
        let sql = "select 1 from nattoku_state.sessions for update; select pg_sleep(600)";
        let mut holder = server.program("psql");
        let mut holder =
            holder.args(["-X", "-q", "-d", "site", "-c", sql]).stdout(Stdio::null()).spawn().unwrap();
        let held = "select count(*) from pg_stat_activity where query like '%for update; select pg_sleep%' \
                    and wait_event = 'PgSleep'";
        let waits = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'";
        let until = async |sql: &str| {
            while server.ask("site", sql) == "0\n" {
                tokio::task::yield_now().await;
            }
        };
        until(held).await;
        let (out, ()) = tokio::join!(site.post("/en/sign-out", &[]), async {
            until(waits).await;
            server.stop();
        });
        holder.wait().unwrap();
        let told = "We do not know yet whether this was done";
        assert_eq!((out.status, out.heading().as_str()), (StatusCode::SERVICE_UNAVAILABLE, told));
        assert_eq!(out.header(header::SET_COOKIE), "", "it can be tried again");
    });
}
