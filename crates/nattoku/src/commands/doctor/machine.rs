//! The machine: its clocks, its disk, and the address to listen at.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{TcpListener, TcpStream, ToSocketAddrs as _};
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use nattoku_lease::Terms;
use nattoku_model::clock::Clock as _;
use nattoku_store::{Place, Store, time_since_boot};

use super::Deployment;
use super::finding::Finding;
use crate::cli::ServeArgs;
use crate::clock::SystemClock;
use crate::commands::serve::LISTEN;
use crate::settings::Settings;

const CLOCK: &str = "clock";
const DISK: &str = "disk";
const LISTENING: &str = "listen";

/// Below so many bytes a ledger soon cannot go on, and below so many it hardly can at all.
const ROOM_SMALL: u64 = 1 << 30;
const ROOM_NONE: u64 = 64 << 20;

/// How long a server that is there may take to say so.
const ANSWERS_WITHIN: Duration = Duration::from_secs(2);

/// The clock by which leases run, and the server's against ours.
pub(super) fn clocks(place: &Place) -> Vec<Finding> {
    let mut findings = vec![match time_since_boot() {
        Ok(_) => Finding::good(
            CLOCK,
            "起動からの時刻を読めます",
            "the time since the machine was started can be read",
        ),
        Err(error) => Finding::fault(
            CLOCK,
            [
                format!("起動からの時刻を読めません: {error}"),
                format!("there is no time since the machine was started: {error}"),
            ],
            ["別の機械で動かしてください", "run it on a system that has CLOCK_BOOTTIME"],
        ),
    }];
    let before = SystemClock.now();
    match place.clock() {
        Ok(None) => {}
        Ok(Some(server)) => findings.push(compared(before, server, SystemClock.now())),
        Err(error) => findings.push(Finding::of_error(CLOCK, &error.into())),
    }
    findings
}

/// The server's clock, read between two readings of ours.
fn compared(before: Timestamp, server: Timestamp, after: Timestamp) -> Finding {
    let (early, late) = (before.duration_since(server), server.duration_since(after));
    let apart = Duration::try_from(early.max(late)).unwrap_or_default();
    let drift = Terms::default().drift();
    let milliseconds = apart.as_millis();
    if apart <= drift {
        return Finding::good(
            CLOCK,
            "データベースの時計と合っています",
            "the database's clock and this machine's agree",
        );
    }
    Finding::warning(
        CLOCK,
        [
            format!("データベースの時計と {milliseconds} ミリ秒違います（{} ミリ秒まで）", drift.as_millis()),
            format!(
                "the database's clock is {milliseconds} ms from this machine's, where {} ms are allowed",
                drift.as_millis()
            ),
        ],
        [
            "両方の機械で、時刻を少しずつ合わせるサービス（chrony など）を動かしてください",
            "run a service on both machines that keeps time without jumps, such as chrony",
        ],
    )
}

/// Whether the machine's clock is behind what the ledger has.
pub(super) fn ledgers_clock(store: &dyn Store) -> Finding {
    let now = SystemClock.now();
    match store.last_recorded_at() {
        Ok(Some(last)) if last > now => Finding::warning(
            CLOCK,
            [
                format!("台帳の最新の記録は {last} で、この機械の時計より先です"),
                format!("the ledger's newest event is of {last}, which is ahead of this machine's clock"),
            ],
            ["この機械の時計を合わせてください", "set this machine's clock right"],
        ),
        Ok(_) => Finding::good(CLOCK, "時計は台帳より進んでいます", "the clock is not behind the ledger"),
        Err(error) => Finding::of_error(CLOCK, &error.into()),
    }
}

/// How much room there is beside the files.
pub(super) fn room(deployment: &Deployment<'_>) -> Vec<Finding> {
    let files = deployment.place.file().into_iter().chain(deployment.key.as_deref());
    let mut folders: Vec<&Path> = files.filter_map(Path::parent).collect();
    folders.dedup();
    folders.into_iter().filter_map(room_in).collect()
}

#[cfg(unix)]
fn room_in(folder: &Path) -> Option<Finding> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let found = rustix::fs::statvfs(folder).ok()?;
    Some(of_room(folder, found.f_bavail.saturating_mul(found.f_frsize)))
}

#[cfg(not(unix))]
const fn room_in(_: &Path) -> Option<Finding> {
    None
}

fn of_room(folder: &Path, bytes: u64) -> Finding {
    let (folder, mebibytes) = (folder.display(), bytes >> 20);
    let said =
        [format!("{folder} の空きは {mebibytes} MiB です"), format!("{folder} has {mebibytes} MiB of room")];
    let remedy = [
        "空きを増やしてください。足りなくなると書き込みを断ります",
        "make room: without any, writes are refused",
    ];
    match bytes {
        ..ROOM_NONE => Finding::fault(DISK, said, remedy),
        ROOM_NONE..ROOM_SMALL => Finding::warning(DISK, said, remedy),
        ROOM_SMALL.. => {
            let [ja, en] = said;
            Finding::good(DISK, ja, en)
        }
    }
}

/// Whether a server could listen where it is to, or does already.
pub(super) fn address(args: &ServeArgs, settings: &Settings) -> Finding {
    let named = args.listen.as_deref().or(settings.server.listen.as_deref()).unwrap_or(LISTEN);
    match TcpListener::bind(named) {
        Ok(_) => Finding::good(LISTENING, format!("{named} は空いています"), format!("{named} is free")),
        Err(error) if error.kind() == ErrorKind::AddrInUse && answers(named) => Finding::good(
            LISTENING,
            format!("{named} でサーバーが応じています"),
            format!("a server answers at {named}"),
        ),
        Err(error) => Finding::fault(
            LISTENING,
            [format!("{named} で待ち受けられません: {error}"), format!("cannot listen at {named}: {error}")],
            [
                "[server] の listen か --listen で、空いている番号を示してください",
                "name an address with a free port by `listen` in [server], or by --listen",
            ],
        ),
    }
}

/// Whether something at an address says that it is alive, as our servers do.
fn answers(address: &str) -> bool {
    let ask = || {
        let to = address.to_socket_addrs()?.next().ok_or(ErrorKind::NotFound)?;
        let mut stream = TcpStream::connect_timeout(&to, ANSWERS_WITHIN)?;
        stream.set_read_timeout(Some(ANSWERS_WITHIN))?;
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: doctor\r\nConnection: close\r\n\r\n")?;
        let mut answer = Vec::new();
        stream.take(4_096).read_to_end(&mut answer)?;
        std::io::Result::Ok(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with(b"HTTP/1.1 200") && answer.ends_with(b"\r\n\r\nok\n"))
}

#[cfg(test)]
mod tests {
    use super::super::finding::Grade;
    use super::*;

    #[test]
    fn a_clock_is_as_far_away_as_it_is_at_least() {
        let at = |milliseconds: i64| {
            Timestamp::from_millisecond(1_800_000_000_000 + milliseconds).unwrap_or_default()
        };
        let grade = |before, server, after| compared(at(before), at(server), at(after)).grade;
        assert_eq!(grade(0, 300, 900), Grade::Ok, "it may have been read at any moment in between");
        assert_eq!(grade(0, 110, 10), Grade::Ok);
        assert_eq!(grade(0, 111, 10), Grade::Warning);
        assert_eq!(grade(0, -101, 10), Grade::Warning);
    }

    #[test]
    fn little_room_is_a_warning_and_none_a_fault() {
        let grade = |bytes| of_room(Path::new("."), bytes).grade;
        assert_eq!(grade(ROOM_NONE - 1), Grade::Fault);
        assert_eq!(grade(ROOM_NONE), Grade::Warning);
        assert_eq!(grade(ROOM_SMALL - 1), Grade::Warning);
        assert_eq!(grade(ROOM_SMALL), Grade::Ok);
    }
}
