//! What is remembered beside the ledger: who may call, which nodes answer, and to whom events are sent.

use nattoku_model::clock::Clock as _;
use nattoku_store::{State, Store, StoreError};

use super::finding::Finding;
use super::{Deployment, feed};
use crate::clock::SystemClock;

const ABOUT: &str = "state";
const TOKENS: &str = "tokens";

pub(super) fn look(deployment: &Deployment<'_>, store: &dyn Store) -> Vec<Finding> {
    // It would be made, and nothing is to be changed here.
    let is_absent = deployment.place.file().is_some_and(|ledger| {
        let mut path = ledger.as_os_str().to_owned();
        path.push(".state");
        !std::path::Path::new(&path).exists()
    });
    if is_absent {
        return vec![nobody_may_call()];
    }
    let usual = nattoku_store::Settings::default();
    let opened = store.ledger_id().and_then(|ledger| deployment.place.open_state(ledger, usual));
    let looked = opened.and_then(|state| {
        let newest = store.revision()?;
        Ok([leases(&*state)?, tokens(&*state)?, feed::subscriptions(&*state, newest)?])
    });
    match looked {
        Ok(findings) => findings.into_iter().flatten().collect(),
        Err(error) => vec![Finding::of_error(ABOUT, &error.into())],
    }
}

fn leases(state: &dyn State) -> Result<Vec<Finding>, StoreError> {
    let leases = state.leases()?;
    if leases.is_empty() {
        return Ok(vec![Finding::good(
            ABOUT,
            "今、応じているノードはありません",
            "no node holds a lease now",
        )]);
    }
    let nodes: Vec<String> = leases
        .iter()
        .map(|lease| {
            let id = u128::from_be_bytes(lease.node);
            format!("{id:032x} @ {} ({} ms)", lease.applied, lease.remaining.as_millis())
        })
        .collect();
    let nodes = nodes.join(", ");
    let finding =
        Finding::good(ABOUT, format!("リースを持つノード: {nodes}"), format!("nodes with a lease: {nodes}"));
    Ok(vec![finding])
}

fn tokens(state: &dyn State) -> Result<Vec<Finding>, StoreError> {
    let now = SystemClock.now();
    let tokens = state.tokens()?;
    let (expired, good): (Vec<_>, Vec<_>) = tokens
        .iter()
        .filter(|token| token.revoked.is_none())
        .partition(|token| token.expires.is_some_and(|expires| expires <= now));
    let mut findings = Vec::new();
    if good.is_empty() {
        findings.push(nobody_may_call());
    } else {
        let unused = good.iter().filter(|token| token.last_used.is_none()).count();
        let count = good.len();
        findings.push(Finding::good(
            TOKENS,
            format!("有効なトークンは {count} 件、うち未使用は {unused} 件です"),
            format!("{count} tokens are good; {unused} of them were never used"),
        ));
    }
    if !expired.is_empty() {
        let names: Vec<&str> = expired.iter().map(|token| token.id.as_str()).collect();
        let names = names.join(", ");
        findings.push(Finding::warning(
            TOKENS,
            [format!("期限切れのトークン: {names}"), format!("tokens that have expired: {names}")],
            [
                "nattoku token create で新しく発行し、古いものは nattoku token revoke で取り消してください",
                "issue others by `nattoku token create`, and take these back by `nattoku token revoke`",
            ],
        ));
    }
    Ok(findings)
}

fn nobody_may_call() -> Finding {
    Finding::warning(
        TOKENS,
        [
            "有効なトークンがなく、どのプログラムも呼べません".into(),
            "no token is good: no program may call".into(),
        ],
        ["nattoku token create で発行してください", "issue one by `nattoku token create`"],
    )
}
