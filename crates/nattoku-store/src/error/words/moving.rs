//! What is said of ledgers that are copied or moved.

use std::fmt::Display;

use nattoku_model::Text;

use crate::event_json::both;

pub(super) fn arriving() -> Text {
    both(
        "この台帳は移している途中です。取り込みをもう一度行うと、途中から続けます",
        "the ledger is being moved here and is not whole; \
         run the import again, which goes on from where it was broken off",
    )
}

pub(super) fn not_empty(place: &str) -> Text {
    both(
        format!("`{place}` にはすでに何かがあるため、変更していません。別の場所を指定してください"),
        format!("something is at `{place}` already, and was left as it is; give another place"),
    )
}

pub(super) fn not_a_file() -> Text {
    both(
        "PostgreSQLの台帳のバックアップは、PostgreSQLのプログラムで取ります。\
         `pg_dump --schema nattoku データベース` を、鍵には `--schema nattoku_keys` を実行してください",
        "a ledger in PostgreSQL is backed up by PostgreSQL's own programs; \
         run `pg_dump --schema nattoku DATABASE`, and `--schema nattoku_keys` for its keys",
    )
}

pub(super) fn no_copy(place: &str, source: &dyn Display) -> Text {
    both(
        format!("`{place}` に複製を作れません({source})。フォルダー、権限、ディスクの空きを確かめてください"),
        format!(
            "no copy can be made at `{place}` ({source}); check the folder, its permissions and the room on its disk"
        ),
    )
}
