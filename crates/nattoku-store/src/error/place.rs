//! What is said of where a ledger and its keys are, and of who has them.

use nattoku_model::Language;

use super::StoreError;

impl StoreError {
    /// The message of an error about the place of a ledger; none for other errors.
    pub(super) fn of_its_place(&self, language: Language) -> Option<String> {
        match language {
            Language::Ja => self.of_its_place_in_japanese(),
            Language::En => self.of_its_place_in_english(),
        }
    }

    fn of_its_place_in_english(&self) -> Option<String> {
        Some(match self {
            Self::Moved { path } => format!(
                "the store at `{}` was moved away or replaced while it was open; start again once the right one is there",
                path.display()
            ),
            Self::OlderFormat { place, format } => format!(
                "`{place}` has format {format}, in which nothing was sealed, and was left as it is; \
                 back it up, then run `nattoku ledger migrate --store {place}`"
            ),
            Self::Keys(error) => error.en.clone(),
            Self::KeysChanged => {
                "keys were rotated, or somebody was erased, while the ledger was being exported; export it anew"
                    .to_owned()
            }
            Self::Held { process, program, machine } => format!(
                "`{program}` on {machine} holds the ledger and does not let go; end that program, \
                 or its session by `select pg_terminate_backend({process})` on the server, and try again"
            ),
            Self::Arriving => "the ledger is being moved here and is not whole; \
                               run the import again, which goes on from where it was broken off"
                .to_owned(),
            Self::NotEmpty { place } => {
                format!("something is at `{place}` already, and was left as it is; give another place")
            }
            Self::NotAFile => "a ledger in PostgreSQL is backed up by PostgreSQL's own programs; \
                               run `pg_dump --schema nattoku DATABASE`, and `--schema nattoku_keys` for its keys"
                .to_owned(),
            _ => return None,
        })
    }

    fn of_its_place_in_japanese(&self) -> Option<String> {
        Some(match self {
            Self::Moved { path } => format!(
                "`{}` の台帳が、開いている間に移されたか置き換えられました。正しい台帳を置いてから、もう一度始めてください",
                path.display()
            ),
            Self::OlderFormat { place, format } => format!(
                "`{place}` の形式は {format} で、封がされていません。変更していません。\
                 バックアップしてから `nattoku ledger migrate --store {place}` を行ってください"
            ),
            Self::Keys(error) => error.ja.clone(),
            Self::KeysChanged => {
                "書き出している間に、鍵が更新されたか、消去が行われました。もう一度書き出してください"
                    .to_owned()
            }
            Self::Held { process, program, machine } => format!(
                "{machine} の `{program}` が台帳への書き込みを占めたままです。そのプログラムを終了するか、\
                 サーバーで `select pg_terminate_backend({process})` を実行してから、再試行してください"
            ),
            Self::Arriving => {
                "この台帳は移している途中です。取り込みをもう一度行うと、途中から続けます".to_owned()
            }
            Self::NotEmpty { place } => {
                format!("`{place}` にはすでに何かがあるため、変更していません。別の場所を指定してください")
            }
            Self::NotAFile => "PostgreSQLの台帳のバックアップは、PostgreSQLのプログラムで取ります。\
                               `pg_dump --schema nattoku データベース` を、鍵には `--schema nattoku_keys` を実行してください"
                .to_owned(),
            _ => return None,
        })
    }
}
