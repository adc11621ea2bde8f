//! The quick start of the documentation, word for word, run against a server.

use nattoku_client::{Act, Client, ClientError, Question, Settings, blocking};

use crate::server::Server;

async fn quick_start(address: &str, token: &str) -> Result<(), ClientError> {
    let nattoku = Client::new(Settings::new(address, token))?;
    let question = Question::provide("sakura", "partner_offers", "purchase", "store_partners");
    if nattoku.decide(&question).await?.is_permitted() {
        // Give the purchase history to the stores.
    }
    nattoku.withdraw(Act::on("sakura", "partner_sharing", "app")).await?;
    assert!(!nattoku.decide(&question).await?.is_permitted());
    Ok(())
}

#[tokio::test]
async fn the_quick_start_runs() {
    let server = Server::start();
    server.import(&Server::past_of("sakura"));
    let (address, token) = (server.address(), server.token());
    let before = blocking_answer(&address, token).await;
    assert!(before, "what is withdrawn was agreed to before");
    quick_start(&address, token).await.unwrap();
    assert!(!blocking_answer(&address, token).await);
}

/// "The same without `await`".
async fn blocking_answer(address: &str, token: &str) -> bool {
    let settings = Settings::new(address, token);
    let asked = tokio::task::spawn_blocking(move || {
        let nattoku = blocking::Client::new(settings).unwrap();
        let question = Question::provide("sakura", "partner_offers", "purchase", "store_partners");
        nattoku.decide(&question).unwrap().is_permitted()
    });
    asked.await.unwrap()
}

#[test]
fn the_documentation_has_the_very_same() {
    let trimmed = |lines: &[&str]| lines.iter().map(|line| line.trim().to_owned()).collect::<Vec<_>>();
    let own: Vec<&str> = include_str!("quick_start.rs").lines().collect();
    let begin = own.iter().position(|line| line.starts_with("async fn quick_start")).unwrap();
    let end = own.iter().position(|line| line.trim() == "Ok(())").unwrap();
    let run = trimmed(&own[begin + 1..end]);
    assert_eq!(run.len(), 7);
    let of_crate = include_str!("../../src/lib.rs").lines().filter_map(|line| line.strip_prefix("//!"));
    let of_crate: Vec<&str> = of_crate.collect();
    let of_page: Vec<&str> = include_str!("../../../../docs/reference/clients.md").lines().collect();
    for text in [of_crate, of_page] {
        assert!(text.windows(run.len()).any(|lines| trimmed(lines) == run), "{run:#?} is not in {text:#?}");
    }
}
