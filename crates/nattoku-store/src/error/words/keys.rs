//! What is said of keys that changed, and of bytes that could make none.

use nattoku_model::Text;

use crate::event_json::both;
use crate::random::RandomnessError;

pub(super) fn changed() -> Text {
    both(
        "書き出している間に、鍵が更新されたか、消去が行われました。もう一度書き出してください",
        "keys were rotated, or somebody was erased, while the ledger was being exported; export it anew",
    )
}

pub(super) fn no_randomness(error: &RandomnessError) -> Text {
    both(
        format!("OSから乱数を得られません({error})。何も保存していません"),
        format!("the operating system gives no random bytes ({error}); nothing was stored"),
    )
}
