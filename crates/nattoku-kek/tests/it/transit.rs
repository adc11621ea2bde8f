//! A key-encryption key in the transit engine of a real `OpenBao`, over TLS.

use nattoku_kek::{TransitKek, TransitServer};
use nattoku_seal::KeyEncryptionKey;

use crate::contract;
use crate::programs::OpenBao;
use crate::support::Folder;

#[test]
fn an_engine_keeps_every_promise() {
    let Some(bao) = OpenBao::start() else { return };
    let server = bao.server();
    let open = || TransitKek::open(&server, "transit", "ledger");
    let error = open().unwrap_err();
    assert!(error.en.contains("refuses (404"), "{error}");
    let kek = TransitKek::create(&server, "transit", "ledger").unwrap();
    assert_eq!(kek.name(), "transit:transit/ledger");
    contract::holds(&kek, || Box::new(open().unwrap()));
    let error = TransitKek::create(&server, "transit", "ledger").unwrap_err();
    assert!(error.en.contains("is there already"), "{error}");
    // One that an operator made by the server's own client does as well.
    bao.bao(&["write", "-f", "transit/keys/made"]);
    assert_eq!(TransitKek::open(&server, "transit", "made").unwrap().version().unwrap(), 1);

    let wrong = |change: &dyn Fn(&mut TransitServer), wanted: &str| {
        let mut changed = server.clone();
        change(&mut changed);
        let error = TransitKek::open(&changed, "transit", "ledger").unwrap_err();
        assert!(error.en.contains(wanted) && !error.ja.is_empty(), "{error}");
    };
    let folder = Folder::new();
    std::fs::write(folder.path("token"), "s.not-a-token-of-this-server").unwrap();
    wrong(&|server| server.token_file = folder.path("token"), "refuses (403");
    wrong(&|server| server.token_file = folder.path("none"), "check `transit_token_file`");
    wrong(&|server| server.ca_file = None, "https needs `transit_ca_file`");
    wrong(&|server| server.ca_file = Some(folder.path("token")), "has no certificate");
    wrong(&|server| server.address = "http://bao.example.jp:8200".to_owned(), "are not sent in the clear");
    wrong(&|server| server.address = "http://127.0.0.1:1".to_owned(), "cannot be reached");
    let error = TransitKek::open(&server, "transit", "../sys").unwrap_err();
    assert!(error.en.contains("must consist of letters"), "{error}");
}
