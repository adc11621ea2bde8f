//! The pages show what the decision says: for small pasts, each page held against `decide` and against what it must say.

use axum::http::{StatusCode, header};
use nattoku_operations::{Outcome, Question};

use crate::site::{Answer, Site, carrier_in_europe};

/// A member with a partner consent, a fresh purchase and one past its retention.
pub(crate) const KIKO: &str = r#"
{"event":"principal_registered","principal":"kiko","at":"2020-02-01T10:00:00+09:00","born":"1985-04-01","unknown_relationships":[]}
{"event":"relationship_started","principal":"kiko","at":"2020-02-01T10:00:00+09:00","relationship":"line"}
{"event":"relationship_started","principal":"kiko","at":"2020-02-01T10:01:00+09:00","relationship":"club"}
{"event":"data_acquired","principal":"kiko","at":"2020-02-01T10:05:00+09:00","category":"contact.name","source":"shop_paper"}
{"event":"data_acquired","principal":"kiko","at":"2020-02-01T10:05:00+09:00","category":"contact.email","source":"app_screen"}
{"event":"data_acquired","principal":"kiko","at":"2020-02-01T10:06:00+09:00","category":"contract","source":"shop_paper"}
{"event":"data_acquired","principal":"kiko","at":"2020-02-01T10:07:00+09:00","category":"club.number","source":"app_screen"}
{"event":"data_acquired","principal":"kiko","at":"2020-03-01T10:07:00+09:00","category":"browsing","source":"service_records"}
{"event":"data_acquired","principal":"kiko","at":"2026-08-31T10:07:00+09:00","category":"billing.amount","source":"service_records"}
{"event":"data_acquired","principal":"kiko","at":"2026-09-10T12:00:00+09:00","category":"purchase","source":"member_store"}
{"event":"data_acquired","principal":"kiko","at":"2026-10-01T09:00:00+09:00","category":"call_history","source":"service_records"}
{"event":"consent_granted","principal":"kiko","at":"2023-04-08T10:00:00+09:00","item":"partner_sharing","text_version":"2","language":"ja","channel":"app","by":"principal"}
{"event":"consent_granted","principal":"kiko","at":"2023-04-08T10:01:00+09:00","item":"billing_companies","text_version":"1","language":"ja","channel":"app","by":"principal"}
"#;

/// Never a member, with an address from before the transition and one from after it; the contract has ended.
pub(crate) const RIKU: &str = r#"
{"event":"principal_registered","principal":"riku","at":"2015-11-20T10:00:00+09:00","born":"1979-08-05","unknown_relationships":[]}
{"event":"relationship_started","principal":"riku","at":"2015-11-20T10:00:00+09:00","relationship":"line"}
{"event":"data_acquired","principal":"riku","at":"2015-11-20T10:05:00+09:00","category":"contact.address","source":"shop_paper"}
{"event":"data_acquired","principal":"riku","at":"2022-05-09T10:05:00+09:00","category":"contact.address","source":"app_screen"}
{"event":"data_acquired","principal":"riku","at":"2024-12-31T10:05:00+09:00","category":"billing.amount","source":"service_records"}
{"event":"relationship_ended","principal":"riku","at":"2025-03-31T10:00:00+09:00","relationship":"line"}
"#;

/// A person of a given day of birth, with a line and a club.
fn young(born: &str) -> String {
    let born = if born.is_empty() { String::new() } else { format!(r#""born":"{born}","#) };
    format!(
        r#"{{"event":"principal_registered","principal":"mio","at":"2026-04-02T10:00:00+09:00",{born}"unknown_relationships":[]}}
{{"event":"relationship_started","principal":"mio","at":"2026-04-02T10:00:00+09:00","relationship":"line"}}
{{"event":"data_acquired","principal":"mio","at":"2026-04-02T10:05:00+09:00","category":"contact.email","source":"app_screen"}}"#
    )
}

/// What a page says in its main part, without its tags.
pub(crate) fn said(page: &Answer) -> String {
    let main = page.body.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
    let mut text = String::new();
    let mut inside = false;
    for c in format!("<main{main}").chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => text.push(c),
            _ => {}
        }
    }
    text.replace("&#39;", "'").replace("&#38;", "&")
}

pub(crate) async fn page(site: &Site, address: &str) -> String {
    let answer = site.get(address).await;
    assert_eq!(answer.status, StatusCode::OK, "{address}");
    said(&answer)
}

async fn done(site: &Site, address: &str) -> String {
    let form = site.get(address).await;
    assert_eq!(form.status, StatusCode::OK, "{address}");
    let answer = site.submit(&form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{address}");
    let receipt = answer.header(header::LOCATION).to_owned();
    assert!(receipt.contains("/receipts/"), "{receipt}");
    page(site, &receipt).await
}

#[tokio::test]
async fn every_use_on_the_pages_is_what_a_program_would_be_answered() {
    for (principal, past) in [("kiko", KIKO), ("riku", RIKU), ("mio", &young("2012-06-15"))] {
        let site = Site::signed_in_as(principal, past).await;
        let uses = site.nattoku.snapshot(principal).unwrap().uses();
        assert!(uses.len() > 60, "{principal}: {}", uses.len());
        let policy = site.nattoku.policy();
        for u in &uses {
            let question = Question {
                application: u.act.application.to_string(),
                principal: principal.to_owned(),
                action: u.act.action.to_string(),
                activity: u.act.activity.to_string(),
                purpose: Some(u.act.purpose.to_string()),
                categories: u.lines.iter().map(|l| l.category.to_string()).collect(),
                recipient: u.act.recipient.as_ref().map(ToString::to_string),
                ..Question::default()
            };
            let decision = site.nattoku.decide(&question).unwrap();
            assert_eq!(u.verdict, decision.verdict, "{principal}: {question:?}");
        }
        for (name, choice) in &policy.choices {
            let text = page(&site, &format!("/en/my/choices/choice/{name}")).await;
            let covered: Vec<_> = uses.iter().filter(|u| u.act.is_covered_by(policy, name)).collect();
            let refusable = choice.refusability != nattoku_model::policy::Refusability::NotRefusable;
            let open = covered.iter().any(|u| u.outcome() == Outcome::InUse);
            assert_eq!(text.contains("In use (you can stop it)"), open && refusable, "{principal}: {name}");
            for u in covered.iter().filter(|u| refusable && u.outcome() == Outcome::InUse) {
                let Some(recipient) = &u.act.recipient else { continue };
                let title = policy.recipients[recipient].title.get(nattoku_model::Language::En);
                let now = text.split("Who receives it now").nth(1).unwrap().split("If you stop it").next();
                assert!(now.unwrap().contains(title), "{principal}: {name} gives to {title}");
            }
        }
    }
}

#[tokio::test]
async fn a_choice_without_an_open_use_is_not_in_use_and_can_be_stopped_beforehand() {
    let site = Site::signed_in_as("riku", RIKU).await;
    let text = page(&site, "/en/my/choices/choice/ad_targeting").await;
    assert!(text.contains("Not in use now (you can stop it beforehand)"), "{text}");
    assert!(text.contains("no contract or membership that it needs"));
    assert!(text.contains("None now") && text.contains("Nobody"));
    let receipt = done(&site, "/en/my/choices/choice/ad_targeting/stop").await;
    assert!(receipt.contains("You stopped “Advertisements chosen for you”"));
}

#[tokio::test]
async fn what_is_decided_stands_by_purpose_and_what_cannot_be_stopped_below() {
    let site = Site::signed_in_as("kiko", KIKO).await;
    let policy = site.nattoku.policy();
    let uses = site.nattoku.snapshot("kiko").unwrap().uses();
    for language in ["en", "ja"] {
        let list = site.get(&format!("/{language}/my/choices")).await.body;
        let sections: Vec<&str> = list.split("<section aria-labelledby=\"").skip(1).collect();
        let group_of = |item: &str| {
            let link = format!("href=\"/{language}/my/choices/{item}\"");
            let holds: Vec<&str> =
                sections.iter().copied().filter(|section| section.contains(&link)).collect();
            assert_eq!(holds.len(), 1, "{item} stands once");
            (holds[0].split('"').next().unwrap().to_owned(), holds[0].to_owned())
        };
        let must_stand = |item: String, purposes: std::collections::BTreeSet<String>| {
            let (group, section) = group_of(&item);
            let wanted = match purposes.len() {
                0 => "unused".to_owned(),
                1 => format!("purpose-{}", purposes.first().unwrap()),
                _ => "several".to_owned(),
            };
            assert_eq!(group, wanted, "{item}");
            let row = section.split("<div class=\"row-head\">").find(|row| row.contains(&item)).unwrap();
            for purpose in purposes.iter().filter(|_| purposes.len() > 1) {
                let title = policy.purposes[purpose.as_str()].title.get(language.parse().unwrap());
                assert!(row.contains(title), "{item} names {purpose}: {row}");
            }
        };
        for name in policy.consents.keys() {
            let served = uses.iter().filter(|u| u.act.consents.contains(name));
            must_stand(format!("consent/{name}"), served.map(|u| u.act.purpose.to_string()).collect());
        }
        for (name, choice) in &policy.choices {
            if choice.refusability == nattoku_model::policy::Refusability::NotRefusable {
                assert_eq!(group_of(&format!("choice/{name}")).0, "locked");
                continue;
            }
            let served = uses.iter().filter(|u| u.act.is_covered_by(policy, name));
            must_stand(format!("choice/{name}"), served.map(|u| u.act.purpose.to_string()).collect());
        }
        assert!(sections.last().unwrap().starts_with("locked\""), "what cannot be stopped stands last");
        let duty = sections.iter().find(|section| section.starts_with("purpose-legal_duty\"")).unwrap();
        let nothing =
            if language == "en" { "nothing to decide" } else { "決められることはありません" };
        assert!(duty.contains(nothing), "{duty}");
    }
}

#[tokio::test]
async fn joint_users_are_among_those_who_receive() {
    let site = Site::signed_in_as("kiko", KIKO).await;
    for choice in ["joint_use", "offers", "recommendation"] {
        let text = page(&site, &format!("/en/my/choices/choice/{choice}")).await;
        let now = text.split("Who receives it now").nth(1).unwrap().split("If you stop it").next().unwrap();
        assert!(now.contains("Card company of our group") && !now.contains("Nobody"), "{choice}: {now}");
    }
}

#[tokio::test]
async fn what_cannot_be_stopped_leaves_out_what_rests_on_a_consent() {
    let site = Site::signed_in_as("kiko", KIKO).await;
    let provided = page(&site, "/en/my/choices/consent/billing_companies").await;
    assert!(provided.contains("Companies that bill together"), "the provision is open: {provided}");
    let locked = page(&site, "/en/my/choices/choice/contract_work").await;
    assert!(locked.contains("Needed, cannot be stopped"));
    assert!(!locked.contains("Companies that bill together"), "{locked}");
}

#[tokio::test]
async fn a_consent_that_a_stop_overrides_says_so() {
    let site = Site::signed_in_as("kiko", KIKO).await;
    let item = "/en/my/choices/consent/partner_sharing";
    let before = page(&site, item).await;
    assert!(before.contains("You allowed this") && before.contains("Online partners; Member stores"));
    done(&site, "/en/my/choices/choice/partner_provision/stop").await;
    let after = page(&site, item).await;
    assert!(after.contains("You allowed this, but it is stopped by “Giving data to other companies”"));
    let receives = after.split("Who receives it now").nth(1).unwrap().split("If you stop it").next().unwrap();
    assert!(receives.contains("Nobody"), "{receives}");
    let home = page(&site, "/en/my").await;
    assert!(home.contains("2 of 15") && home.contains("1 of 9"), "{home}");
}

/// A child whose guardian has agreed to mail.
fn agreed_to_by_a_guardian() -> String {
    format!(
        r#"{}
{{"event":"guardian_linked","principal":"mio","at":"2026-04-02T10:06:00+09:00","guardian":"g1"}}
{{"event":"consent_granted","principal":"mio","at":"2026-04-02T10:07:00+09:00","item":"advertising_mail","text_version":"1","language":"en","channel":"shop","by":"guardian:g1"}}"#,
        young("2018-06-15")
    )
}

/// Nobody is told that they can take back alone what only a guardian can.
#[tokio::test]
async fn before_a_child_stops_something_the_page_says_what_allowing_it_again_needs() {
    let needs = "A guardian must agree as well before it counts.";
    let site = Site::signed_in_as("mio", &agreed_to_by_a_guardian()).await;
    let mail = "/en/my/choices/consent/advertising_mail";
    assert!(page(&site, mail).await.contains("You allowed this"));
    let ask = page(&site, &format!("{mail}/stop")).await;
    assert!(ask.contains(&format!("To allow it again{needs}")), "{ask}");
    let all = page(&site, "/en/my/choices/stop").await;
    assert!(all.contains(&format!("To allow it againReceiving advertising e-mail: {needs}")), "{all}");
    let receipt = done(&site, &format!("{mail}/stop")).await;
    assert!(receipt.contains(&format!("That is a new consent to today's text. {needs}")), "{receipt}");
    // What was never allowed is declined.
    let location = "/en/my/choices/consent/location_use";
    let ask = page(&site, &format!("{location}/stop")).await;
    assert!(ask.contains(&format!("You can allow it later. {needs}")), "{ask}");
    let receipt = done(&site, &format!("{location}/stop")).await;
    assert!(receipt.contains(&format!("on its own page at any time. {needs}")), "{receipt}");
    // Whoever is of age can.
    let site = Site::signed_in_as("mio", &young("1990-01-01")).await;
    let ask = page(&site, &format!("{location}/stop")).await;
    assert!(ask.contains("You can allow it at any time.") && !ask.contains("guardian"), "{ask}");
    let all = page(&site, "/en/my/choices/stop").await;
    assert!(!all.contains("To allow it again"), "{all}");
}

#[tokio::test]
async fn where_a_guardian_or_a_check_is_needed_the_page_says_so_beforehand_and_afterwards() {
    for (born, says) in [
        ("2012-06-15", "A person first checks whether your own answer counts."),
        ("2018-06-15", "A guardian must agree as well before it counts."),
        ("", "A person first checks whether your own answer counts."),
    ] {
        let site = Site::signed_in_as("mio", &young(born)).await;
        let item = "/en/my/choices/consent/advertising_mail";
        let ask = page(&site, &format!("{item}/resume")).await;
        assert!(ask.contains(says) && ask.contains("it is not used until it is checked"), "{born}: {ask}");
        let receipt = done(&site, &format!("{item}/resume")).await;
        assert!(receipt.contains("It is not used until it is checked.") && receipt.contains(says), "{born}");
        assert!(!receipt.contains("may be used"), "{born}: {receipt}");
        let answer = site.get(item).await;
        assert!(!answer.body.contains(&format!("{item}/resume")), "{born}: allowing again changes nothing");
        assert!(answer.body.contains(&format!("{item}/stop")), "{born}");
        assert!(said(&answer).contains(says), "{born}");
    }
    let site = Site::signed_in_as("mio", &young("1990-01-01")).await;
    let receipt = done(&site, "/en/my/choices/consent/advertising_mail/resume").await;
    assert!(receipt.contains("your data may be used as shown"), "{receipt}");
}

#[tokio::test]
async fn resuming_and_allowing_tell_what_is_used_from_then_on() {
    let site = Site::signed_in_as("kiko", KIKO).await;
    done(&site, "/en/my/choices/choice/joint_use/stop").await;
    let resume = page(&site, "/en/my/choices/choice/joint_use/resume").await;
    assert!(
        resume.contains("From then on, data are used for:") && resume.contains("Card company of our group")
    );
    let allow = page(&site, "/en/my/choices/consent/advertising_mail/resume").await;
    assert!(allow.contains("Sending advertising e-mail") && allow.contains("E-mail address"), "{allow}");
    let item = page(&site, "/en/my/choices/consent/advertising_mail").await;
    assert!(item.contains("If you allow it"));
    assert!(item.contains("We are the sender") && !item.contains("If you stop it"), "{item}");
}

#[tokio::test]
async fn what_cannot_be_stopped_says_why_and_where_to_make_a_claim() {
    let site = Site::signed_in_as("kiko", KIKO).await;
    let address = "/en/my/choices/choice/contract_work/stop";
    let text = page(&site, address).await;
    assert!(text.contains("cannot be stopped here") && text.contains("Needed for your contract"));
    assert!(text.contains("Claims office") && !text.contains("meantime"), "{text}");
    let posted = site.post(address, &[]).await;
    assert_eq!(posted.header(header::LOCATION), address);
}

#[tokio::test]
async fn taking_a_withdrawal_back_is_a_new_consent_and_says_so() {
    let site = Site::signed_in_as("kiko", KIKO).await;
    let item = "/en/my/choices/consent/partner_sharing";
    let receipt = done(&site, &format!("{item}/stop")).await;
    assert!(receipt.contains("That is a new consent to today's text."), "{receipt}");
    let allow = page(&site, &format!("{item}/resume")).await;
    assert!(allow.contains("This is a new consent to today's text."));
    assert!(allow.contains("recorded for this text (version 2)"));
}

#[tokio::test]
async fn giving_abroad_shows_both_consents() {
    let site = Site::signed_in_as("kiko", KIKO).await;
    let card = page(&site, "/en/my/choices/consent/partner_sharing").await;
    assert!(card.contains(
        "Member stores in the United States: it also needs your consent “Giving data to stores abroad”"
    ));
    let item = page(&site, "/en/my/choices/consent/foreign_provision").await;
    assert!(item.contains("it also needs your consent “Giving data to partners”"));
    let brings =
        item.split("Data used if you allow it").nth(1).unwrap().split("If you allow it").next().unwrap();
    assert!(
        brings.contains("Purchase history") && brings.contains("Member stores in the United States"),
        "{brings}"
    );
    let recipients = page(&site, "/en/my/recipients").await;
    let card = recipients.split("Member stores in the United States").nth(1).unwrap();
    let card = card.split("There is no record").next().unwrap();
    assert!(card.contains("“Giving data to partners”") && card.contains("“Giving data to stores abroad”"));
}

/// Under the GDPR a country of the European Economic Area is not abroad (GDPR 44).
#[tokio::test]
async fn nobody_within_the_area_is_marked_as_abroad() {
    let site = Site::signed_in().await;
    let recipients = page(&site, "/en/my/recipients").await;
    assert!(recipients.contains("Abroad (Germany)") && recipients.contains("Abroad (United States)"));
    let site = Site::signed_in_under(&carrier_in_europe()).await;
    let recipients = page(&site, "/en/my/recipients").await;
    assert!(recipients.contains("Abroad (United States)") && !recipients.contains("Abroad (France)"));
}

#[tokio::test]
async fn what_is_minimised_is_said_beside_the_data() {
    let site = Site::signed_in_as("kiko", KIKO).await;
    let item = page(&site, "/en/my/choices/consent/age_notice").await;
    assert!(item.contains("Date of birth (only whether of age)"), "{item}");
    let choice = page(&site, "/en/my/choices/choice/joined_analysis").await;
    assert!(choice.contains("Purchase history (with names removed)"), "{choice}");
}

#[tokio::test]
async fn principal_matters_are_marked_in_both_languages() {
    let site = Site::signed_in_as("kiko", KIKO).await;
    for (language, mark) in [("en", "Principal matter"), ("ja", "主な事項")] {
        for address in ["my/choices", "my/choices/consent/partner_sharing"] {
            assert!(page(&site, &format!("/{language}/{address}")).await.contains(mark), "{address}");
        }
    }
}

/// The part of the data page about one kind of data.
async fn held(site: &Site, anchor: &str) -> String {
    let answer = site.get("/en/my/data").await;
    let part = answer.body.split(&format!("<li id=\"{anchor}\">")).nth(1).expect(anchor).to_owned();
    let part = part.split("<li id=\"").next().unwrap().split("<section").next().unwrap();
    said(&Answer { body: format!("<main>{part}</main>"), ..answer })
}

#[tokio::test]
async fn held_data_list_only_the_uses_permitted_now() {
    let site = Site::signed_in_as("kiko", KIKO).await;
    let purchase = held(&site, "purchase").await;
    let (open, others) = purchase.split_once("Not used now, and why").unwrap();
    assert!(open.contains("Studying and analyzing sales and use"), "{open}");
    assert!(open.contains("(to Online partners)"), "{open}");
    assert!(
        others.contains("(to Partner that ordered a study)") && others.contains("waits for your consent")
    );
    assert!(!purchase.contains("retailer that entrusts it"), "{purchase}");
    assert!(!open.contains("United States") && others.contains("“Giving data to stores abroad”"), "{others}");

    let browsing = held(&site, "browsing").await;
    assert!(browsing.contains("past its retention since"), "{browsing}");
    assert!(browsing.contains("Not used for anything now"), "{browsing}");

    let riku = Site::signed_in_as("riku", RIKU).await;
    let address = held(&riku, "contact-address").await;
    assert!(address.contains("a person decides (version 2015-10-01)"), "{address}");
    assert!(address.contains("no contract or membership that it needs"), "{address}");
}

#[tokio::test]
async fn the_record_of_consents_is_held_as_soon_as_there_is_one() {
    let site = Site::signed_in_as("kiko", KIKO).await;
    let text = page(&site, "/en/my/data").await;
    let (held, absent) = text.split_once("What is not held").unwrap();
    assert!(held.contains("Record of consents and stops") && held.contains("Nattoku Mobile Inc. holds it"));
    assert!(!absent.contains("Record of consents and stops"), "{absent}");
    let riku = Site::signed_in_as("riku", RIKU).await;
    let text = page(&riku, "/en/my/data").await;
    assert!(text.split_once("What is not held").unwrap().1.contains("Record of consents and stops"));
}

#[tokio::test]
async fn the_pages_bear_the_name_of_who_is_responsible() {
    let site = Site::signed_in_as("kiko", KIKO).await;
    let answer = site.get("/en/my").await;
    let header = answer.body.split("<main").next().unwrap();
    assert!(header.contains("Nattoku Mobile Inc."));
}
