//! What a version changes for one person, and which version applies to what is held, each held against the ledger.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use nattoku_model::ChangeClass;
use nattoku_model::policy::Versions;
use nattoku_operations::{Compared, impact};
use nattoku_policy::Source;

use crate::decided::{KIKO, RIKU, page};
use crate::site::{PRINCIPAL, Site, carrier};

/// A version by which who agreed to the first wording alone is asked again, a use of held data comes in, and another with data
/// that nobody gave yet; it takes effect at `effective`.
pub(crate) fn replaced(effective: &str) -> Vec<Source> {
    let mut sources = carrier();
    let earlier: Vec<Source> = sources
        .iter()
        .filter(|s| !s.name.starts_with("earlier/") && s.name != "tests.kdl")
        .map(|s| Source::new(format!("earlier/2019-12-11/{}", s.name), s.bytes.clone()))
        .collect();
    let mut change = |file: &str, from: &str, to: &str| {
        let source = sources.iter_mut().find(|s| s.name == file).unwrap();
        let text = String::from_utf8(source.bytes.clone()).unwrap();
        assert!(text.contains(from), "{file}: {from}");
        source.bytes = text.replacen(from, to, 1).into_bytes();
    };
    change("policy.kdl", "version=\"2019-12-11\"", &format!("version=\"{effective}\""));
    change("policy.kdl", "announced \"2019-08-27\"", "announced \"2026-09-01\"");
    change(
        "policy.kdl",
        "effective \"2019-12-11T00:00:00+09:00\"",
        &format!("effective \"{effective}T00:00:00+09:00\""),
    );
    change(
        "consents.kdl",
        "consent partner_sharing text=\"2\" accepts=\"1 2\"",
        "consent partner_sharing text=\"2\" accepts=\"2\"",
    );
    change(
        "purposes.kdl",
        "// ---- (1) Contract ----\n",
        r#"// ---- (1) Contract ----
activity contract_yearbook purpose=contract {
    ja "契約のまとめの年1回の送付"; en "Sending a yearly summary of your contract"
    needs contact contract
    by service_platform
    during line
    cite "R19"
}
activity device_check purpose=contract {
    ja "端末の点検のお知らせ"; en "Telling you when your device is due for a check"
    needs device.model
    by service_platform
    during line
    cite "R19"
}
"#,
    );
    sources.retain(|s| s.name != "tests.kdl");
    sources.extend(earlier);
    sources
}

/// A site of that version with somebody else known too, and signed in.
async fn site(effective: &str, principal: &str, past: &str) -> Site {
    let mut site = Site::of(&replaced(effective), "http://127.0.0.1:8080");
    site.nattoku.import_events(past.trim().as_bytes(), false, &mut |_| {}).unwrap();
    site.sign_in(principal).await;
    site
}

/// Somebody who came when the newer version was in force already.
const NAO: &str = r#"
{"event":"principal_registered","principal":"nao","at":"2026-11-01T10:00:00+09:00","born":"1985-04-01","unknown_relationships":[]}
{"event":"relationship_started","principal":"nao","at":"2026-11-01T10:00:00+09:00","relationship":"line"}
{"event":"data_acquired","principal":"nao","at":"2026-11-01T10:05:00+09:00","category":"contact.email","source":"app_screen"}
"#;

/// A member who agreed to the first wording of what is asked for.
fn agreed_to_the_first_wording() -> String {
    let second = r#""item":"partner_sharing","text_version":"2""#;
    assert!(KIKO.contains(second));
    KIKO.replace(second, r#""item":"partner_sharing","text_version":"1""#)
}

/// Between two headings of a page.
fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let after = text.split(from).nth(1).unwrap_or_else(|| panic!("{from} is not in {text}"));
    after.split(to).next().unwrap()
}

#[tokio::test]
async fn a_version_says_what_becomes_possible_and_what_ends_for_the_person() {
    let site = site("2026-10-01", "kiko", &agreed_to_the_first_wording()).await;
    let text = page(&site, "/en/my/versions/2026-10-01").await;
    assert!(text.contains("came into force on Thu 1 Oct 2026, 54 days ago"), "{text}");
    let becomes = between(&text, "Becomes possible", "No longer possible");
    assert!(becomes.contains("Sending a yearly summary of your contract"), "{becomes}");
    assert!(becomes.contains("Data: ") && becomes.contains("Contract"), "{becomes}");
    let ends = between(&text, "No longer possible", "What does not change");
    assert!(ends.contains("(to Member stores)") && ends.contains("Purchase history"), "{ends}");
    assert!(ends.contains("Under this version: waits for your consent “Giving data to partners”"), "{ends}");
    let gone = between(&text, "Who does not receive data any more", "Becomes possible");
    assert!(gone.contains("Member stores"), "{gone}");
    let ahead = between(&text, "Possible once such data are held", "What the law asks of us");
    assert!(
        ahead.contains("Telling you when your device is due") && ahead.contains("not held now"),
        "{ahead}"
    );
    let again = between(&text, "We must ask for your consent again", "Which version applies");
    assert!(again.contains("Giving data to partners"), "{again}");
    assert!(text.contains(
        "Version 2026-10-01 governs all your data, because you were in “Membership of Nattoku Club”"
    ));

    let text = page(&site, "/ja/my/versions/2026-10-01").await;
    let becomes = between(&text, "できるようになること", "できなくなること");
    assert!(becomes.contains("契約のまとめの年1回の送付"), "{becomes}");
    let ends = between(&text, "できなくなること", "変わらないこと");
    assert!(ends.contains("この版では: 「提携先への提供」の同意を待っています"), "{ends}");
    assert!(text.contains("2026年10月1日（木、54日前）に施行"), "{text}");
    assert!(between(&text, "改めて同意をお願いすること", "あなたに適用される版").contains("提携先への提供"));
}

#[tokio::test]
async fn where_nothing_changes_the_page_says_so() {
    let site = site("2026-10-01", "riku", RIKU).await;
    for (language, nothing, kept) in [
        (
            "en",
            "With what is held now, nothing changes for you.",
            "because you have not been in “Membership of Nattoku Club” on or after",
        ),
        ("ja", "あなたに変わることはありません。", "「なっとくクラブの会員」であったことがないためです"),
    ] {
        let text = page(&site, &format!("/{language}/my/versions/2026-10-01")).await;
        assert!(text.contains(nothing), "{text}");
        assert!(text.contains(kept) && text.contains("2015-10-01"), "{text}");
        assert!(!text.contains("Becomes possible") && !text.contains("できなくなること"), "{text}");
    }
}

#[tokio::test]
async fn a_version_to_come_is_told_beforehand_and_as_of_its_day() {
    let site = site("2027-04-01", PRINCIPAL, "").await;
    let home = site.get("/en/my").await;
    for version in ["2027-04-01", "2019-12-11"] {
        assert!(home.body.contains(&format!("href=\"/en/my/versions/{version}\"")), "{version}");
    }
    assert!(home.body.contains("What version 2027-04-01 changes for you (begins on Thu 1 Apr 2027)"));
    let text = page(&site, "/en/my/versions/2027-04-01").await;
    assert!(text.contains("comes into force on Thu 1 Apr 2027, in 4 months"), "{text}");
    assert!(text.contains("Which version applies to you from Thu 1 Apr 2027 on"), "{text}");
    assert!(text.contains("Version 2027-04-01 governs all your data"), "{text}");
    assert!(between(&text, "Becomes possible", "No longer").contains("yearly summary"), "{text}");
    let text = page(&site, "/ja/my/versions/2027-04-01").await;
    assert!(text.contains("2027年4月1日（木、あと4か月）に施行されます"), "{text}");
    // Until then the older version governs, and the decision follows it.
    let data = page(&site, "/en/my/data").await;
    assert!(data.contains("Version 2019-12-11 governs all your data"), "{data}");
    let summary = data.split("Sending a yearly summary of your contract").nth(1).unwrap();
    assert!(summary.trim_start().starts_with("a person decides"), "{summary}");
}

#[tokio::test]
async fn who_came_later_is_told_the_same_and_nothing_of_what_they_never_had() {
    let site = site("2026-10-01", "nao", NAO).await;
    let text = page(&site, "/en/my/versions/2026-10-01").await;
    let becomes = between(&text, "Becomes possible", "What does not change");
    assert!(becomes.contains("yearly summary") && becomes.contains("E-mail address"), "{becomes}");
    assert!(!text.contains("No longer possible"), "{text}");
    let older = page(&site, "/en/my/versions/2019-12-11").await;
    assert!(older.contains("The text of version 2015-10-01 was not kept."), "{older}");
    assert!(older.contains("Possible under this version") && !older.contains("Becomes possible"), "{older}");
    assert!(older.contains("Version 2026-10-01 replaced it on"), "{older}");
    let oldest = page(&site, "/ja/my/versions/2015-10-01").await;
    assert!(oldest.contains("2015-10-01版の本文は保存されていません。"), "{oldest}");
    assert_eq!(site.get("/en/my/versions/1999-01-01").await.status, StatusCode::NOT_FOUND);
}

/// What is counted before a version is published is what each person is told after it.
#[tokio::test]
async fn the_pages_tell_whom_the_impact_counts() {
    let site = site("2026-10-01", "riku", &format!("{RIKU}{NAO}{}", agreed_to_the_first_wording())).await;
    let versions = site.nattoku.versions();
    let (old, new) = (versions.get(&"2019-12-11".into()).unwrap(), versions.current());
    let first = versions.get(&"2015-10-01".into()).unwrap();
    let before = Versions::new(old.clone(), [first.clone()]);
    let compared = Compared::new(before, versions.clone());
    let mut listed = BTreeSet::new();
    let counted = impact(
        &compared,
        &*site.store(),
        site.now(),
        &mut |change, principal| {
            listed.insert((principal.to_owned(), change.title.get(nattoku_model::Language::En).to_owned()));
            Ok(())
        },
        &mut |_| (),
    )
    .unwrap();
    assert_eq!(counted.principals, 4);
    let (mut again, mut permitted, mut stopped) = (0, 0, 0);
    for principal in [PRINCIPAL, "riku", "nao", "kiko"] {
        let change = site.nattoku.version_change(principal, &new.version).unwrap().unwrap();
        let shifts = change.shifts.unwrap();
        again += u64::from(shifts.concerning.iter().any(|c| c.class == ChangeClass::ConsentAgain));
        permitted += u64::from(!shifts.becomes.is_empty());
        stopped += u64::from(!shifts.ends.is_empty());
        for concerning in &shifts.concerning {
            let title = concerning.title.get(nattoku_model::Language::En).to_owned();
            assert!(listed.contains(&(principal.to_owned(), title.clone())), "{principal}: {title}");
        }
    }
    assert_eq!(again, counted.consent_again);
    assert_eq!(permitted, counted.changes.iter().map(|c| c.permitted).max().unwrap());
    // Among them who agreed to a wording that is not the last.
    assert_eq!(stopped, counted.changes.iter().map(|c| c.stopped).max().unwrap());
    assert_eq!((again, permitted, stopped), (2, 3, 1));
}

#[tokio::test]
async fn what_is_held_says_which_version_applies_and_why() {
    let riku = Site::signed_in_as("riku", RIKU).await;
    for (language, old, new) in [
        (
            "en",
            "Version 2015-10-01 governs your data acquired before Wed 11 Dec 2019, because you have not been in “Membership of Nattoku Club” on or after Wed 11 Dec 2019. The text of that version was not kept",
            "Version 2019-12-11 governs your data acquired on or after Wed 11 Dec 2019, because it was acquired on or after Wed 11 Dec 2019, in “Membership of Nattoku Club” or not.",
        ),
        (
            "ja",
            "2019年12月11日（水）より前に取得した情報には2015-10-01版が適用されます。2019年12月11日（水）以降に「なっとくクラブの会員」であったことがないためです。その版の本文は保存されていない",
            "2019年12月11日（水）以降に取得した情報には2019-12-11版が適用されます。「なっとくクラブの会員」であったかどうかにかかわらず",
        ),
    ] {
        for address in ["my/data", "my"] {
            let text = page(&riku, &format!("/{language}/{address}")).await;
            assert!(text.contains(old) && text.contains(new), "{language} {address}: {text}");
        }
    }
    let sakura = Site::signed_in().await;
    let text = page(&sakura, "/en/my/data").await;
    assert!(
        text.contains("because you were in “Membership of Nattoku Club” on or after Wed 11 Dec 2019."),
        "{text}"
    );
    let ja = page(&sakura, "/ja/my/data").await;
    assert!(ja.contains("2019年12月11日（水）以降に「なっとくクラブの会員」であった方だからです。"), "{ja}");
    // Nothing is known of whether they were a member.
    let unknown = RIKU.replace("\"unknown_relationships\":[]", "\"unknown_relationships\":[\"club\"]");
    let site = Site::signed_in_as("riku", &unknown).await;
    let text = page(&site, "/en/my/data").await;
    assert!(
        text.contains("but a person checks first, as “Membership of Nattoku Club” on or after"),
        "{text}"
    );
    let ja = page(&site, "/ja/my/data").await;
    assert!(ja.contains("「なっとくクラブの会員」であったかが記録から分からないため"), "{ja}");
}

/// The reference policy with one text of one of its files changed.
fn carrier_but(file: &str, from: &str, to: &str) -> Vec<Source> {
    let mut sources = carrier();
    sources.retain(|s| s.name != "tests.kdl");
    let source = sources.iter_mut().find(|s| s.name == file).unwrap();
    let text = String::from_utf8(source.bytes.clone()).unwrap();
    assert!(text.contains(from), "{file}: {from}");
    source.bytes = text.replacen(from, to, 1).into_bytes();
    sources
}

#[tokio::test]
async fn a_transition_that_asks_for_no_relationship_says_that_the_version_leaves_it() {
    let unless = "    unless relationship=club since=\"2019-12-11T00:00:00+09:00\"\n";
    let mut site = Site::of(&carrier_but("law.kdl", unless, ""), "http://127.0.0.1:8080");
    site.sign_in(PRINCIPAL).await;
    for (language, kept, after) in [
        (
            "en",
            "Version 2015-10-01 governs your data acquired before Wed 11 Dec 2019, because the version in force leaves such data to it.",
            "because it was acquired on or after Wed 11 Dec 2019.",
        ),
        ("ja", "2015-10-01版が適用されます。", "2019-12-11版が適用されます。"),
    ] {
        let text = page(&site, &format!("/{language}/my/data")).await;
        assert!(text.contains(kept) && text.contains(after), "{language}: {text}");
    }
}

#[tokio::test]
async fn where_no_version_is_in_force_yet_a_person_checks_first_and_the_page_says_so() {
    let mut sources = carrier_but(
        "policy.kdl",
        "effective \"2019-12-11T00:00:00+09:00\"",
        "effective \"2027-04-01T00:00:00+09:00\"",
    );
    sources.retain(|s| !s.name.starts_with("earlier/"));
    let law = sources.iter_mut().find(|s| s.name == "law.kdl").unwrap();
    let text = String::from_utf8(law.bytes.clone()).unwrap();
    let (before, _) = text.split_once("transition governing=").unwrap();
    law.bytes = before.as_bytes().to_vec();
    let mut site = Site::of(&sources, "http://127.0.0.1:8080");
    site.sign_in(PRINCIPAL).await;
    for (language, said) in [
        ("en", "but a person checks first, as no version is in force yet."),
        ("ja", "まだどの版も施行されていないため、担当者が確かめます。"),
    ] {
        let text = page(&site, &format!("/{language}/my")).await;
        assert!(text.contains(said), "{language}: {text}");
    }
}

#[tokio::test]
async fn the_notice_leads_to_the_own_page_and_knows_nobody() {
    let site = Site::new();
    let answer = site.get("/en/privacy/diff/2015-10-01/2019-12-11").await;
    assert!(answer.body.contains("href=\"/en/my/versions/2019-12-11\""), "{}", answer.body);
    assert!(answer.headers.get("set-cookie").is_none());
    let own = site.get("/en/my/versions/2019-12-11").await;
    assert_eq!(own.status, StatusCode::SEE_OTHER);
}
