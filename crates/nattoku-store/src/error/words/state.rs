//! What is said of what is kept beside a ledger: tokens and leases.

use nattoku_model::Text;

use crate::event_json::both;

pub(super) fn other_ledger(place: &str) -> Text {
    both(
        format!(
            "`{place}` にあるのは別の台帳のトークンとリースで、変更していません。この台帳のものを置くか、\
             取り除いてください。取り除いたときは、トークンを作り直してください"
        ),
        format!(
            "`{place}` has the tokens and leases of another ledger, and was left as it is; \
             put those of this ledger there, or remove it and make the tokens anew"
        ),
    )
}

pub(super) fn token_there(id: &str) -> Text {
    both(
        format!("IDか秘密の値が同じトークン `{id}` がすでにあります。別のトークンを作ってください"),
        format!("a token `{id}` with that id or that secret is there already; make another"),
    )
}
