//! Why nothing is sent to a receiver, or why it did not take an event: kept as a code, and told in the language of whoever asks.

use nattoku_model::Language;

/// Somebody has paused the subscription.
pub const BY_HAND: &str = "by_hand";
/// The receiver answered 410.
pub(crate) const GONE: &str = "gone";
/// The cursor lies beyond the end of the ledger.
pub(crate) const BEYOND: &str = "beyond";
pub(crate) const TIMEOUT: &str = "timeout";
pub(crate) const HOST_NOT_FOUND: &str = "host_not_found";
pub(crate) const NO_CONNECTION: &str = "no_connection";
pub(crate) const PRIVATE_ADDRESS: &str = "private_address";
pub(crate) const BAD_ADDRESS: &str = "bad_address";
/// In front of the status that a receiver answered.
const STATUS: &str = "status_";

/// The code of a status.
pub(crate) fn of_status(status: u16) -> String {
    format!("{STATUS}{status}")
}

/// What a code says. What is none stands as it is.
#[must_use]
pub fn in_words(code: &str, language: Language) -> String {
    if let Some(status) = code.strip_prefix(STATUS) {
        return match language {
            Language::Ja => format!("受信側が {status} を返しました"),
            Language::En => format!("the receiver answered {status}"),
        };
    }
    let (ja, en) = match code {
        BY_HAND => ("手動", "by hand"),
        GONE => ("受信側が 410 を返しました", "the receiver answered 410"),
        BEYOND => (
            "台帳が、送信済みの位置より前の状態に戻されています。`subscription replay` で位置を決めてください",
            "the ledger was set back to before what was sent; say from where by `subscription replay`",
        ),
        TIMEOUT => ("時間内に応答がありません", "no answer in time"),
        HOST_NOT_FOUND => ("ホストが見つかりません", "the host is not found"),
        NO_CONNECTION => ("接続できません", "no connection"),
        PRIVATE_ADDRESS => (
            "名前が組織内のアドレスを指しています。設定の `feed.private_addresses` で許せます",
            "the name leads into a private network; `feed.private_addresses` of the settings allows that",
        ),
        BAD_ADDRESS => ("アドレスが使えません", "the address cannot be used"),
        other => (other, other),
    };
    match language {
        Language::Ja => ja.to_owned(),
        Language::En => en.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_told_in_both_languages() {
        assert_eq!(in_words(&of_status(500), Language::Ja), "受信側が 500 を返しました");
        assert_eq!(in_words(&of_status(500), Language::En), "the receiver answered 500");
        for code in
            [BY_HAND, GONE, BEYOND, TIMEOUT, HOST_NOT_FOUND, NO_CONNECTION, PRIVATE_ADDRESS, BAD_ADDRESS]
        {
            let (ja, en) = (in_words(code, Language::Ja), in_words(code, Language::En));
            assert!(!ja.is_ascii() && en.is_ascii() && en != code, "{code}");
        }
        assert_eq!(in_words("something else", Language::Ja), "something else");
    }
}
