//! What is said of a server, and of who holds its ledger.

use std::fmt::Display;

use nattoku_model::Text;

use crate::event_json::both;

pub(super) fn held(process: i32, program: &str, machine: &str) -> Text {
    both(
        format!(
            "{machine} の `{program}` が台帳への書き込みを占めたままです。そのプログラムを終了するか、\
             サーバーで `select pg_terminate_backend({process})` を実行してから、再試行してください"
        ),
        format!(
            "`{program}` on {machine} holds the ledger and does not let go; end that program, \
             or its session by `select pg_terminate_backend({process})` on the server, and try again"
        ),
    )
}

pub(super) fn unreachable(source: &dyn Display) -> Text {
    both(
        format!(
            "台帳のサーバーを使えません({source})。アドレス、ユーザー、パスワードと、サーバーが動いているかを確かめてください"
        ),
        format!(
            "the ledger's server cannot be used ({source}); \
             check the address, the user and the password, and whether the server runs"
        ),
    )
}

pub(super) fn not_allowed(what: &str) -> Text {
    both(
        format!(
            "サーバーがこのユーザーの操作を許していません({what})。スキーマ `nattoku`、`nattoku_keys`、`nattoku_state` への権限を与え、\
             待機系ではなく書き込めるサーバーに接続してください"
        ),
        format!(
            "the server does not let this user do that ({what}); grant the rights on the schemas `nattoku`, \
             `nattoku_keys` and `nattoku_state`, and connect to the server that takes writes, not to a standby"
        ),
    )
}

pub(super) fn untrusted(source: &dyn Display) -> Text {
    both(
        format!(
            "サーバーとTLSで接続できません({source})。サーバーの `ssl` を有効にし、ホスト名の入った証明書を置いてください。\
             独自の認証局の証明書は、環境変数 SSL_CERT_FILE でファイルを示してください"
        ),
        format!(
            "there is no TLS with the server ({source}); turn `ssl` on there with a certificate that names the host, \
             and where an authority of your own signed it, name the file of its certificate by SSL_CERT_FILE"
        ),
    )
}

pub(super) fn not_utf8(place: &str, encoding: &str) -> Text {
    both(
        format!(
            "`{place}` の文字コードは {encoding} ですが、台帳にはUTF8が必要です。\
             `create database 名前 encoding 'UTF8' template template0` で作ったデータベースを使ってください"
        ),
        format!(
            "`{place}` has the encoding {encoding}, and a ledger needs UTF8; \
             use a database made by `create database NAME encoding 'UTF8' template template0`"
        ),
    )
}
