//! The keys: whether they open, and who may read the files in which they are.

use std::path::{Path, PathBuf};

use nattoku_store::Store;

use super::Deployment;
use super::finding::Finding;

const ABOUT: &str = "keys";

/// That the ledger was opened says that its keys were.
pub(super) fn look(store: &dyn Store) -> Vec<Finding> {
    let keys = match store.keys() {
        Ok(keys) => keys,
        Err(error) => return vec![Finding::of_error(ABOUT, &error.into())],
    };
    let (kek, version, left) = (keys.kek, keys.kek_version, keys.erased_live);
    let mut findings = vec![Finding::good(
        ABOUT,
        format!("鍵暗号化鍵 {kek}（版 {version}）で開けます"),
        format!("the key-encryption key {kek}, of version {version}, opens them"),
    )];
    if left > 0 {
        findings.push(Finding::warning(
            ABOUT,
            [
                format!("{left} 人が使用中のものからだけ消去され、写しからはまだです"),
                format!("{left} principals are erased from what is in use, and not from copies yet"),
            ],
            [
                "nattoku ledger erase --everywhere を実行してください",
                "run `nattoku ledger erase --everywhere`",
            ],
        ));
    }
    findings
}

/// Files that hold secrets and that others may read.
pub(super) fn files(deployment: &Deployment<'_>) -> Vec<Finding> {
    let beside = deployment.place.file().into_iter();
    let beside = beside.flat_map(|ledger| [".keys", ".kek"].map(|suffix| with_suffix(ledger, suffix)));
    let files = beside.chain(deployment.key.clone()).filter(|path| is_open_to_others(path));
    files
        .map(|path| {
            let path = path.display();
            let said = [format!("{path} を、ほかの利用者も読めます"), format!("others can read {path}")];
            Finding::fault(
                ABOUT,
                said,
                [&format!("chmod 600 '{path}' を実行してください"), &format!("run `chmod 600 '{path}'`")],
            )
        })
        .collect()
}

fn with_suffix(ledger: &Path, suffix: &str) -> PathBuf {
    let mut path = ledger.as_os_str().to_owned();
    path.push(suffix);
    path.into()
}

#[cfg(unix)]
fn is_open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open_to_others(_: &Path) -> bool {
    false
}
