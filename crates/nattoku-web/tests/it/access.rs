//! Who looked at a person's data, and what is said of systems that do not record it.

use axum::http::{StatusCode, header};
use nattoku_model::Event;
use nattoku_operations::CallerAct;
use serde_json::{Value, json};

use crate::demo_customers;
use crate::package::opened;
use crate::program::Program;
use crate::site::{Answer, PRINCIPAL, Site};

/// A look by an adviser of customer service, changed in some of its fields.
fn look(at: &str, changed: &Value) -> String {
    let mut look = json!({
        "event": "data_viewed", "principal": PRINCIPAL, "at": at, "application": "customer_desk",
        "department": "service_desk", "role": "adviser", "activity": "inquiry_answer",
        "categories": ["contact", "billing"], "reason": "inquiry",
    });
    for (field, value) in changed.as_object().unwrap() {
        look[field] = value.clone();
    }
    look.to_string()
}

async fn with(looks: &[String]) -> Site {
    let site = Site::signed_in().await;
    site.nattoku.import_events(looks.join("\n").as_bytes(), false, &mut |_| {}).unwrap();
    site
}

/// When each look that is shown happened.
fn shown(page: &Answer) -> Vec<String> {
    let times = page.body.split("role=\"rowheader\"").skip(1);
    times.filter_map(|row| row.split("datetime=\"").nth(1)?.split('"').next().map(str::to_owned)).collect()
}

#[tokio::test]
async fn a_look_is_told_with_department_role_system_reason_and_data() {
    let site = with(&[look("2026-10-08T03:00:00Z", &json!({}))]).await;
    let english = site.get("/en/my/access").await;
    assert_eq!((english.status, english.heading().as_str()), (StatusCode::OK, "Who looked at your data"));
    for told in [
        "Thu 8 Oct 2026, 12:00",
        "Customer service: Adviser",
        "Customer desk system",
        "We looked at it to answer your inquiry.",
        "For: Answering your opinions, requests and inquiries",
        "Entry 12",
        "id=\"entry-12\"",
        "href=\"tel:0570000000\"",
    ] {
        assert!(english.body.contains(told), "{told}: {}", english.body);
    }
    let japanese = site.get("/ja/my/access").await;
    assert!(japanese.body.contains("お客さまサービス窓口（受付の担当者）"), "{}", japanese.body);
    assert!(japanese.body.contains("あなたのお問い合わせに答えるために見ました。"));
    // The timeline and the home page have it as well, and what is looked for as one kind.
    for address in ["/en/my", "/en/my/history", "/en/my/history?kind=views"] {
        let page = site.get(address).await;
        assert!(page.body.contains("Looked at by Customer service: Adviser: "), "{address}: {}", page.body);
        assert!(page.body.contains("We looked at it to answer your inquiry."), "{address}");
    }
    assert!(site.get("/en/my").await.body.contains("href=\"/en/my/access\""));
}

/// Rule 27: where nobody looked, that is said, with since when looks are recorded and by which systems they are not.
#[tokio::test]
async fn where_nobody_looked_that_is_said_with_since_when_and_what_is_not_recorded() {
    let site = Site::signed_in().await;
    let page = site.get("/en/my/access").await;
    assert!(page.body.contains("Nobody is on record as having looked at your data."), "{}", page.body);
    assert!(page.body.contains("Looks are on record since Wed 1 Apr 2020."), "{}", page.body);
    assert!(page.body.contains("Customer desk system (since Wed 1 Apr 2020)"), "{}", page.body);
    let silent = page.body.split("Systems that do not record it yet").nth(1).unwrap();
    assert!(silent.contains("Campaign platform") && !silent.contains("Customer desk system"), "{silent}");
    // There is nothing to choose from, and nothing to ask about.
    assert!(!page.body.contains("Ask about a look"), "{}", page.body);
    assert!(!page.body.contains("<select"), "{}", page.body);
}

#[tokio::test]
async fn looks_are_found_by_month_and_department_at_addresses_that_stay() {
    let mut looks: Vec<String> =
        (0..60).map(|n| look(&format!("2026-09-{:02}T0{}:00:00Z", 1 + n / 3, n % 3), &json!({}))).collect();
    let bill = json!({
        "application": "billing_system", "department": "billing_office", "role": "clerk",
        "activity": "invoicing", "reason": "billing_check",
    });
    // Half an hour into September where the policy is from, and August elsewhere.
    looks.push(look("2026-08-31T15:30:00Z", &bill));
    looks.push(look("2026-07-01T00:00:00Z", &bill));
    let site = with(&looks).await;
    let first = site.get("/en/my/access?month=2026-09&department=").await;
    assert_eq!(shown(&first).len(), 50);
    assert!(first.body.contains("61 looks") && !first.body.contains("on record since"), "{}", first.body);
    let tags = first.tags();
    let older = tags.iter().find(|t| t.get("rel") == Some("next")).unwrap().get("href").unwrap();
    assert!(older.starts_with("/en/my/access?month=2026-09&before="), "{older}");
    let second = site.get(older).await;
    assert_eq!(shown(&second).len(), 11);
    assert!(second.body.contains("Looks are on record since"), "on the last page: {}", second.body);
    site.nattoku
        .import_events(look("2026-09-30T00:00:00Z", &json!({})).as_bytes(), false, &mut |_| {})
        .unwrap();
    assert_eq!(shown(&site.get(older).await), shown(&second));
    for (query, count) in [
        ("month=2026-09&department=billing_office", 1),
        ("department=billing_office", 2),
        ("month=2026-07", 1),
        ("month=2026-06", 0),
    ] {
        assert_eq!(shown(&site.get(&format!("/en/my/access?{query}")).await).len(), count, "{query}");
    }
    let none = site.get("/en/my/access?month=2026-06").await;
    assert!(none.body.contains("No entry matches.") && none.body.contains("href=\"/en/my/access\""));
    for wrong in ["month=2026-9", "month=September", "department=nobody", "before=99999"] {
        let page = site.get(&format!("/en/my/access?{wrong}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{wrong}");
    }
}

#[tokio::test]
async fn looks_are_taken_along_as_a_table() {
    let site = with(&[look("2026-10-08T03:00:00Z", &json!({}))]).await;
    let files = opened(&site.get("/en/my/download/package.zip").await);
    let rows: Vec<&str> =
        files["views.csv"].trim_start_matches('\u{feff}').split_terminator("\r\n").collect();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0], "When,Department and role,Why,Data,System");
    assert!(rows[1].starts_with("2026-10-08T12:00:00+09:00,Customer service: Adviser,"), "{}", rows[1]);
    let json: Value = serde_json::from_str(&files["views.json"]).unwrap();
    assert_eq!(json["events"][0]["department"], "service_desk");
    assert!(files["index.html"].contains("Who looked"));
}

#[tokio::test]
async fn a_program_records_looks_and_what_the_policy_does_not_declare_is_refused_with_the_nearest() {
    let site = Site::signed_in().await;
    let events = format!("/v1/principals/{PRINCIPAL}/events");
    let desk = Program::with(&site, &["customer_desk"], &[CallerAct::Record]);
    let one = |field: &str, value: Value| {
        let mut one: Value = serde_json::from_str(&look("2026-10-08T03:00:00Z", &json!({}))).unwrap();
        one[field] = value;
        one
    };
    for (field, wrong, near) in [
        ("department", json!("servise_desk"), "did you mean `service_desk`?"),
        ("role", json!("advisers"), "did you mean `adviser`?"),
        // A role of another department.
        ("role", json!("officer"), "the role `officer` is not declared"),
        ("reason", json!("inquirey"), "did you mean `inquiry`?"),
        ("activity", json!("inquiry_answers"), "did you mean `inquiry_answer`?"),
        ("categories", json!(["contacts"]), "did you mean `contact`?"),
        ("clerk", json!("Taro"), "a field of `data_viewed`"),
    ] {
        let answer = desk.post(&events, &one(field, wrong.clone())).await;
        assert_eq!(answer.problem(), "refused", "{field} {wrong}");
        let problem = answer.json();
        assert!(problem["detail"].as_str().unwrap().contains(near), "{field}: {problem}");
        let at = if field == "categories" { "category" } else { field };
        assert_eq!(problem["field"], at, "{problem}");
    }
    // A look is recorded as an application that the token is for.
    let campaigns = Program::with(&site, &["campaign_platform"], &[CallerAct::Record]);
    assert_eq!(campaigns.post(&events, &one("role", json!("adviser"))).await.status, StatusCode::FORBIDDEN);
    assert_eq!(shown(&site.get("/en/my/access").await).len(), 0);
    desk.post(&events, &one("role", json!("adviser"))).await.good();
    assert_eq!(shown(&site.get("/en/my/access").await).len(), 1);
}

#[tokio::test]
async fn nobody_else_sees_who_looked() {
    let site = Site::new();
    let answer = site.get("/en/my/access").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(answer.header(header::LOCATION).starts_with("/en/sign-in"));
}

/// The demonstration has looks to show, none from before its application reports them.
#[test]
fn the_demonstration_has_looks_that_its_systems_report() {
    let (site, customers) = Site::knowing(|policy, now| demo_customers::events(policy, 60, now));
    let policy = site.nattoku.policy();
    let mut some = 0;
    for customer in &customers {
        let views = site.nattoku.views(customer).unwrap().views;
        some += usize::from(!views.is_empty());
        for view in views {
            let Event::DataViewed { application, .. } = &view.event else { continue };
            let since = policy.applications[application].reports_views.unwrap();
            let day = view.at.to_zoned_datetime(policy.timezone.clone()).date();
            assert!(since <= day, "{customer}: {application} on {day}");
        }
    }
    assert!(some > 30, "{some} customers see looks");
}
