//! Events out: whether those who subscribed are sent what happens, and whether NATS is reached.

use nattoku_feed::{NatsPlace, in_words, look_at_nats};
use nattoku_model::{Language, Revision};
use nattoku_store::{State, Store, StoreError};

use super::finding::Finding;

const ABOUT: &str = "feed";
/// How many events a receiver may lie behind before that is told.
const BEHIND_MAX: u64 = 10_000;

/// What is told of those who subscribed; nothing where there are none.
pub(super) fn subscriptions(state: &dyn State, newest: Revision) -> Result<Vec<Finding>, StoreError> {
    let (subscriptions, letters) = (state.subscriptions()?, state.dead_letters()?);
    let mut findings = Vec::new();
    for one in &subscriptions {
        let name = &one.name;
        if let Some((at, why)) = &one.paused {
            let [ja, en] = [Language::Ja, Language::En].map(|language| in_words(why, language));
            findings.push(Finding::warning(
                ABOUT,
                [
                    format!("購読 {name} は {at} から停止中です（{ja}）"),
                    format!("the subscription {name} is paused since {at} ({en})"),
                ],
                [
                    "受信側を確かめ、nattoku subscription resume で再開してください",
                    "see to the receiver, and go on by `nattoku subscription resume`",
                ],
            ));
        } else if newest.0.saturating_sub(one.cursor.0) > BEHIND_MAX {
            let behind = newest.0.saturating_sub(one.cursor.0);
            findings.push(Finding::warning(
                ABOUT,
                [
                    format!("購読 {name} は {behind} 件遅れています"),
                    format!("the subscription {name} is {behind} events behind"),
                ],
                [
                    "受信側が応答しているか、nattoku serve が動いているかを確かめてください",
                    "see whether the receiver answers, and whether `nattoku serve` runs",
                ],
            ));
        }
        let dead = letters.iter().filter(|letter| letter.subscription == *name && !letter.again).count();
        if dead > 0 {
            findings.push(Finding::warning(
                ABOUT,
                [
                    format!("購読 {name} で送信を断念したものが {dead} 件あります"),
                    format!("the subscription {name} has {dead} dead letters"),
                ],
                [
                    "nattoku subscription dead で理由を見て、nattoku subscription replay で送り直してください",
                    "see why by `nattoku subscription dead`, and send them again by `nattoku subscription replay`",
                ],
            ));
        }
    }
    if findings.is_empty() && !subscriptions.is_empty() {
        let count = subscriptions.len();
        findings.push(Finding::good(
            ABOUT,
            format!("{count} 件の購読に送信しています"),
            format!("{count} subscriptions are sent what happens"),
        ));
    }
    Ok(findings)
}

/// Whether the server is reached to which every event is published, where there is one.
pub(super) fn nats(place: &NatsPlace, store: &dyn Store) -> Finding {
    let of_ledger = || Ok::<_, StoreError>((store.ledger_id()?, store.revision()?));
    let (ledger, newest) = match of_ledger() {
        Ok(of_ledger) => of_ledger,
        Err(error) => return Finding::of_error(ABOUT, &error.into()),
    };
    let stream = &place.stream;
    match look_at_nats(place, ledger, newest) {
        Ok(None) => Finding::good(
            ABOUT,
            format!("NATS が応答します。ストリーム {stream} は最初の送信で作られます"),
            format!("NATS answers; the stream {stream} is made when the first event is published"),
        ),
        Ok(Some(revision)) if newest.0.saturating_sub(revision.0) > BEHIND_MAX => Finding::warning(
            ABOUT,
            [
                format!("NATS のストリーム {stream} はリビジョン {revision} までで、台帳は {newest} です"),
                format!(
                    "the stream {stream} of NATS goes to revision {revision}, and the ledger to {newest}"
                ),
            ],
            ["nattoku serve が動いているかを確かめてください", "see whether `nattoku serve` runs"],
        ),
        Ok(Some(revision)) => Finding::good(
            ABOUT,
            format!("NATS が応答します。ストリーム {stream} はリビジョン {revision} までです"),
            format!("NATS answers; the stream {stream} goes to revision {revision}"),
        ),
        Err(error) => Finding::warning(
            ABOUT,
            [
                format!("NATS に送信できません: {error}"),
                format!("events cannot be published to NATS: {error}"),
            ],
            [
                "`feed.nats` のアドレス、TLS の証明書、`feed.nats_credentials` と、このマシンからそこへ届くかを確かめてください",
                "check the address of `feed.nats`, its certificate, `feed.nats_credentials`, and whether this machine reaches it",
            ],
        ),
    }
}
