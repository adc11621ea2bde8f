//! What a very large policy takes to compile: 2,000 activities, 300 categories, 500 recipients, 100 items, and a plan for
//! every act on one category that it speaks of.
#![allow(missing_docs, clippy::unwrap_used, reason = "a measurement stops at the first surprise")]

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use nattoku_benches::cpu::thread_time;
use nattoku_benches::report::{Report, float};
use nattoku_engine::{Plan, Population, Vocabulary};
use nattoku_model::name::{ActivityName, CategoryName, RecipientName};
use nattoku_model::policy::{Activity, Versions};
use nattoku_model::{Action, Policy, Request};
use nattoku_policy::check;
use nattoku_testkit::big_policy;

/// How long compiling may take, in milliseconds.
const MILLISECONDS: f64 = 2_000.0;
/// How much memory the tables may take, in MiB.
const MEBIBYTES: f64 = 64.0;

/// Acts to which nobody else belongs.
const INSIDE: [Action; 6] = [
    Action::Collect,
    Action::Use,
    Action::Combine,
    Action::Pseudonymize,
    Action::Anonymize,
    Action::Disclose,
];

fn main() {
    let report = Report::of("large");
    let sources = big_policy(2_000, 500);
    let start = thread_time();
    let versions = check(&sources).versions.unwrap();
    let checking = thread_time().saturating_sub(start);
    let policy = versions.current();
    for (name, count) in [
        ("activities", policy.activities.len()),
        ("categories", policy.categories.len()),
        ("recipients", policy.recipients.len()),
        ("items", policy.consents.len()),
    ] {
        report.figure(name, float(count), "");
    }
    report.figure("read and checked", checking.as_secs_f64() * 1e3, "ms");
    let requests: Vec<Request> =
        policy.activities.iter().flat_map(|(name, activity)| requests(policy, name, activity)).collect();
    report.figure("plans", float(requests.len()), "");
    let (compiling, bytes) = compile(&versions, &requests);
    report.figure("one plan", compiling.as_secs_f64() * 1e6 / float(requests.len()), "µs");
    report.figure("one plan", bytes / float(requests.len()), "bytes");
    report.goal("compiled, with all plans", (checking + compiling).as_secs_f64() * 1e3, "ms", MILLISECONDS);
    report.goal("tables, with all plans", bytes / 1024.0 / 1024.0, "MiB", MEBIBYTES);
}

/// Compiles everything: how long that takes, and how many bytes it holds in the end.
fn compile(versions: &Versions, requests: &[Request]) -> (Duration, f64) {
    let mut population = None;
    let mut plans = Vec::new();
    let start = thread_time();
    let of_tables = allocation_counter::measure(|| {
        population = Some(Population::new(Arc::new(Vocabulary::new(versions))));
    });
    let population = population.unwrap();
    let of_plans = allocation_counter::measure(|| {
        plans = requests.iter().map(|request| Plan::new(versions, &population, request)).collect();
    });
    let compiling = thread_time().saturating_sub(start);
    (compiling, float(of_tables.bytes_current + of_plans.bytes_current))
}

/// Every act on one category that the policy speaks of, of one activity.
fn requests(policy: &Policy, name: &ActivityName, activity: &Activity) -> Vec<Request> {
    let request = |action, category: &CategoryName, recipient: Option<&RecipientName>| Request {
        application: activity.by.first().unwrap().clone(),
        action,
        activity: name.clone(),
        purpose: None,
        categories: vec![category.clone()],
        recipient: recipient.cloned(),
        at: "2026-11-26T00:00:00Z".parse::<Timestamp>().unwrap(),
        known_at: None,
        exception: None,
    };
    let inside = activity.needs.iter().flat_map(|c| INSIDE.map(|action| request(action, c, None)));
    let provisions = policy.provisions.values().filter(|p| p.activity == *name).flat_map(|provision| {
        let to = |category| provision.to.iter().map(move |to| request(Action::Provide, category, Some(to)));
        provision.gives.iter().flat_map(to)
    });
    let entrusted = policy.recipients.iter().flat_map(|(recipient, declared)| {
        let works = declared.may.iter().filter(|may| may.activity == *name);
        works.flat_map(|may| &may.on).map(|category| request(Action::Entrust, category, Some(recipient)))
    });
    inside.chain(provisions).chain(entrusted).collect()
}
