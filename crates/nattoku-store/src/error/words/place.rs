//! What is said of where a ledger is, and of what it is kept in.

use std::fmt::Display;
use std::path::Path;

use nattoku_model::Text;

use crate::event_json::both;

pub(super) fn missing(path: &Path) -> Text {
    let path = path.display();
    both(
        format!("`{path}` に台帳がありません。パスを確かめるか、取り込みを行って作成してください"),
        format!("there is no store at `{path}`; check the path, or import into it to create one"),
    )
}

pub(super) fn no_folder(folder: &Path) -> Text {
    let folder = folder.display();
    both(
        format!("フォルダー `{folder}` がありません。`mkdir -p '{folder}'` で作成してください"),
        format!("the folder `{folder}` does not exist; create it with `mkdir -p '{folder}'`"),
    )
}

pub(super) fn not_a_store(path: &Path) -> Text {
    let path = path.display();
    both(
        format!("`{path}` はNattokuの台帳ではないため、変更していません。別のパスを指定してください"),
        format!("`{path}` is not a Nattoku store, and was left as it is; give another path"),
    )
}

pub(super) fn newer_format(path: &Path, format: u32, supported: u32) -> Text {
    let path = path.display();
    both(
        format!(
            "`{path}` の形式は {format} ですが、この版が扱えるのは {supported} までです。\
             変更していません。新しいNattokuを使ってください"
        ),
        format!(
            "`{path}` has format {format}, and this version knows formats up to {supported}; \
             it was left as it is: use a newer Nattoku"
        ),
    )
}

pub(super) fn older_format(place: &str, format: u32) -> Text {
    both(
        format!(
            "`{place}` の形式は {format} で、封がされていません。変更していません。\
             バックアップしてから `nattoku ledger migrate --store {place}` を行ってください"
        ),
        format!(
            "`{place}` has format {format}, in which nothing was sealed, and was left as it is; \
             back it up, then run `nattoku ledger migrate --store {place}`"
        ),
    )
}

pub(super) fn moved(path: &Path) -> Text {
    let path = path.display();
    both(
        format!(
            "`{path}` の台帳が、開いている間に移されたか置き換えられました。正しい台帳を置いてから、もう一度始めてください"
        ),
        format!(
            "the store at `{path}` was moved away or replaced while it was open; start again once the right one is there"
        ),
    )
}

pub(super) fn read_only() -> Text {
    both(
        "台帳は読み取り専用で開かれています。ファイルとフォルダーに書き込み権限を与えてください",
        "the store is open for reading only; give write permission to the file and its folder",
    )
}

pub(super) fn locked() -> Text {
    both(
        "ほかのプログラムが台帳をロックしています。\
         再試行し、続くようならそのプログラムを終了してください",
        "another program keeps the store locked; try again, and stop the other program if this goes on",
    )
}

pub(super) fn full() -> Text {
    both(
        "台帳を保存する空きがありません。\
         ディスクを空けて送り直してください。今回の分は何も保存していません",
        "there is no room left for the store; \
         free disk space and send the batch again, none of it was stored",
    )
}

pub(super) fn unavailable(source: &dyn Display) -> Text {
    both(
        format!("台帳を読み書きできません({source})。パス、権限、ディスクを確かめてください"),
        format!("the store cannot be reached ({source}); check the path, its permissions and its disk"),
    )
}

pub(super) fn corrupt(what: &str) -> Text {
    both(
        format!("台帳が壊れています({what})。書き込みを止め、バックアップから復元してください"),
        format!("the store is damaged: {what}; stop writing to it and restore it from a backup"),
    )
}

pub(super) fn old_sqlite(version: &str) -> Text {
    both(
        format!(
            "SQLite {version} には確定した書き込みを失う不具合があります。3.51.3以降でビルドしてください"
        ),
        format!("SQLite {version} can lose committed writes; build with 3.51.3 or newer"),
    )
}
