//! What is said of what was to be appended, and of the part of a program that does it.

use std::fmt::Display;

use nattoku_model::{Language, Text};

use crate::event_json::{EventError, both};

pub(super) fn conflict(index: usize, id: &str, revision: u64) -> Text {
    let number = index + 1;
    both(
        format!(
            "{number}件目のID `{id}` は、内容の異なる版番号 {revision} のできごとが使っています。\
             別のIDを付けてください"
        ),
        format!(
            "event {number} of the batch has the id `{id}`, which belongs to revision {revision} with other content; \
             give it an id of its own"
        ),
    )
}

pub(super) fn refused(index: usize, error: &EventError) -> Text {
    let number = index + 1;
    both(
        format!("{number}件目: {}", error.message(Language::Ja)),
        format!("event {number} of the batch: {}", error.message(Language::En)),
    )
}

pub(super) fn changed() -> Text {
    both(
        "その間に別の記録が加わりました。もう一度確かめてから行ってください",
        "something else was recorded about the principal in the meantime; look again and decide anew",
    )
}

pub(super) fn superseded() -> Text {
    both(
        "別の書き込み元が台帳を引き継いだため、何も保存していません。\
         送り直し、続くようならプログラムを起動し直してください",
        "another writer has taken the ledger over, and nothing was stored; \
         send the batch again, and start the program again if this goes on",
    )
}

pub(super) fn uncertain(source: &dyn Display) -> Text {
    both(
        format!(
            "保存できたかどうかを確かめられませんでした({source})。同じものを送り直してください。\
             保存済みの分が重なることはありません"
        ),
        format!(
            "it is not known whether the events are stored ({source}); \
             send them again as they are, what is there is not stored twice"
        ),
    )
}

pub(super) fn stopped() -> Text {
    both(
        "このプログラムは台帳に書き込めない状態です。今回の分は保存していません。\
         プログラムを起動し直してください",
        "this program no longer writes to the ledger, and nothing was stored; start it again",
    )
}

pub(super) fn busy() -> Text {
    both(
        "台帳への依頼が多すぎるため、受け付けませんでした。しばらくしてから送り直してください",
        "too much is asked of the ledger at once, and nothing was done; send it again later",
    )
}
