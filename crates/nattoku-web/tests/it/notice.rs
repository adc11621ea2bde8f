//! What the published notice must say, and how.

use crate::site::Site;

async fn notice(language: &str) -> String {
    Site::new().get(&format!("/{language}/privacy")).await.body
}

/// The row of a table that has all the words.
fn row<'b>(body: &'b str, words: &[&str]) -> Option<&'b str> {
    body.split("<tr").find(|row| words.iter().all(|w| row.contains(w)))
}

#[tokio::test]
async fn giving_data_abroad_shows_both_consents_and_the_country() {
    let body = notice("en").await;
    let both = [
        "Consent: Giving data to partners",
        "Consent to going abroad: Giving data to stores abroad",
        "United States",
    ];
    assert!(row(&body, &both).is_some(), "APPI-28-1");
    let body = notice("ja").await;
    let both = ["同意: 提携先への提供", "国外に渡すことへの同意: 外国にある加盟店への提供", "アメリカ合衆国"];
    assert!(row(&body, &both).is_some(), "APPI-28-1");
    assert!(row(&body, &["ドイツ（国内と同等"]).is_some(), "a processor abroad");
}

#[tokio::test]
async fn what_is_given_is_what_is_left_after_minimising() {
    let body = notice("en").await;
    let given = row(&body, &["Content providers that check age", "Consent: Telling providers"]).unwrap();
    assert!(given.contains("Only whether you are of the age") && !given.contains("Date of birth"), "{given}");
}

#[tokio::test]
async fn law_is_cited_as_each_language_does() {
    let body = notice("ja").await;
    for citation in ["個人情報保護法27条1項1号", "番号法19条", "刑事訴訟法218条1項"] {
        assert!(body.contains(citation), "{citation}");
    }
    assert!(!body.contains("APPI "));
}

#[tokio::test]
async fn examples_and_rulings_stand_in_their_own_order() {
    let body = notice("en").await;
    let at = |words: &str| body.find(words).unwrap_or_else(|| panic!("{words} is missing"));
    assert!(at("Providing the services and functions") < at("Confirming who you"));
    assert!(at("Confirming who you") < at("Deciding on credit"));
    assert!(at("Proposing a rate plan when") < at("News of campaigns"));
    assert!(at("<dt>A2</dt>") < at("<dt>A10</dt>"));
}

#[tokio::test]
async fn what_is_to_come_says_when_it_begins() {
    let body = notice("en").await;
    let travel = body.split("<details").find(|d| d.contains("Point benefits for travel")).unwrap();
    assert!(travel.contains("Begins on") && !travel.contains("Published"), "{travel}");
}

#[tokio::test]
async fn a_language_is_named_once_and_the_contents_lead_to_every_part() {
    let body = notice("en").await;
    let paragraphs = body.split("<p>").filter_map(|p| p.split("</p>").next());
    let intro = paragraphs.into_iter().find(|p| p.contains("At a glance")).unwrap();
    assert_eq!(intro.matches("in Japanese only").count(), 1, "{intro}");
    let contents = body.split("class=\"contents\"").nth(1).unwrap().split("</nav>").next().unwrap();
    for anchor in ["#claims", "#transition", "#documents", "#bodies"] {
        assert!(contents.contains(&format!("href=\"{anchor}\"")), "{anchor}");
    }
}
