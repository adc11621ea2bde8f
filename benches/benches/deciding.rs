//! How long one decision takes, in every gate with its reason, beside the least that could be done: one bit test with a reason.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a measurement stops at the first surprise"
)]

use std::cell::Cell;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use nattoku_engine::{Answer, Ordinal, Plan, Population, PrincipalId, Vocabulary, decide};
use nattoku_model::event::{By, Event, Recorded, Revision};
use nattoku_model::policy::Versions;
use nattoku_model::request::ExceptionClaim;
use nattoku_model::{Action, Language, Request};
use nattoku_operations::read_folder;
use nattoku_policy::check;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

const PRINCIPALS: u32 = 10_000;

fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A customer as the reference policy knows them: a line, perhaps the club, what they said, and what is held of them.
struct Customer {
    draw: ChaCha8Rng,
    at: Timestamp,
    events: Vec<Recorded>,
}

impl Customer {
    fn new(n: u32) -> Self {
        let draw = ChaCha8Rng::seed_from_u64(u64::from(n));
        let mut customer = Self { draw, at: instant("2020-01-01T00:00:00Z"), events: Vec::new() };
        let year = 1940 + i16::try_from(customer.below(60)).unwrap();
        customer.add(Event::PrincipalRegistered {
            born: Some(date(year, 4, 1)),
            residence: None,
            unknown_relationships: Vec::new(),
        });
        customer.add(Event::RelationshipStarted { relationship: "line".into() });
        if customer.below(4) > 0 {
            customer.add(Event::RelationshipStarted { relationship: "club".into() });
        }
        for (category, source) in [
            ("contact", "shop_paper"),
            ("purchase", "service_records"),
            ("club", "service_records"),
            ("billing", "service_records"),
            ("data_volume", "service_records"),
        ] {
            let at_source = Event::DataAcquired {
                category: category.into(),
                source: source.into(),
                entrusted_from: None,
                policy_version: None,
            };
            customer.add(at_source);
        }
        if customer.below(2) == 0 {
            customer.consent();
        }
        if customer.below(5) == 0 {
            let (choice, channel) = ("partner_provision".into(), "web".to_owned());
            customer.add(Event::ChoiceDeclined { choice, channel, by: By::Principal });
        }
        customer
    }

    fn below(&mut self, n: u32) -> u32 {
        self.draw.next_u32() % n
    }

    fn consent(&mut self) {
        let wording = if self.below(2) == 0 { "1" } else { "2" };
        self.add(Event::ConsentGranted {
            item: "partner_sharing".into(),
            text_version: wording.into(),
            language: Language::Ja,
            channel: "web".to_owned(),
            by: By::Principal,
            until: None,
            evidence: None,
        });
    }

    /// One more event, some days after the last.
    fn add(&mut self, event: Event) {
        let days = i64::from(1 + self.below(90));
        self.at += SignedDuration::from_hours(24 * days);
        let revision = Revision(u64::try_from(self.events.len()).unwrap() + 1);
        self.events.push(Recorded { revision, at: self.at, recorded_at: self.at, event });
    }
}

fn request(action: Action, activity: &str, application: &str, categories: &[&str]) -> Request {
    Request {
        application: application.into(),
        action,
        activity: activity.into(),
        purpose: None,
        categories: categories.iter().map(|c| (*c).into()).collect(),
        recipient: (action == Action::Provide).then(|| "store_partners".into()),
        at: instant("2026-11-26T00:00:00Z"),
        known_at: None,
        exception: None,
    }
}

/// What is asked: partners' offers, a bill, what no customer agreed to, and an answer to the police.
fn requests() -> [(&'static str, Request); 4] {
    let offers = request(Action::Provide, "partner_offers", "campaign_platform", &["purchase"]);
    let four = ["contact.name", "contact.address", "billing.amount", "data_volume"];
    let bill = request(Action::Use, "invoicing", "billing_system", &four);
    let denied = request(Action::Provide, "partner_offers", "campaign_platform", &["contact.email"]);
    let mut police = request(Action::Provide, "legal_cooperation", "privacy_office", &["contact.name"]);
    police.recipient = Some("police".into());
    let shown = ["document", "approver", "assessment"].map(|word| (word.to_owned(), "shown".to_owned()));
    police.exception = Some(ExceptionClaim {
        name: "provide_by_law".into(),
        categories: Vec::new(),
        evidence: shown.into(),
        until: None,
    });
    [("consent", offers), ("four", bill), ("denied", denied), ("exception", police)]
}

/// The ordinals in an order that chance might give, one at a time.
struct Turns(Cell<u32>);

impl Turns {
    fn next(&self) -> u32 {
        // A step that has no divisor in common with the number of principals reaches each of them.
        self.0.set((self.0.get() + 7_919) % PRINCIPALS);
        self.0.get()
    }
}

fn measure(criterion: &mut Criterion, versions: &Versions, population: &Population, customers: &[Customer]) {
    let turns = Turns(Cell::new(0));
    let bits: Vec<u64> = (0..u64::from(PRINCIPALS)).map(|n| n.wrapping_mul(0x9E37_79B9_7F4A_7C15)).collect();
    for (name, request) in requests() {
        let mut group = criterion.benchmark_group(format!("decide_{name}"));
        group.bench_function("bit_test", |b| {
            b.iter(|| {
                let row = bits[usize::try_from(turns.next()).unwrap()];
                // The first requirement that is not met is the reason.
                black_box((!row & black_box(0b1011)).trailing_zeros())
            });
        });
        let mut plan = Plan::new(versions, population, &request);
        let mut answer = Answer::default();
        for ordinal in population.ordinals() {
            decide(&mut plan, population, ordinal, request.at, &mut answer).unwrap();
        }
        group.bench_function("engine", |b| {
            b.iter(|| {
                let ordinal = Ordinal(turns.next());
                decide(&mut plan, population, ordinal, request.at, &mut answer).unwrap();
                black_box(answer.verdict)
            });
        });
        group.bench_function("definition", |b| {
            b.iter(|| {
                let events = &customers[usize::try_from(turns.next()).unwrap()].events;
                nattoku_spec::decide(versions, black_box(events), &request, Revision(1)).verdict
            });
        });
        group.finish();
    }
}

fn deciding(criterion: &mut Criterion) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies/carrier");
    let versions = check(&read_folder(&folder).unwrap()).versions.unwrap();
    let customers: Vec<Customer> = (0..PRINCIPALS).map(Customer::new).collect();
    let mut population = Population::new(Arc::new(Vocabulary::new(&versions)));
    for (n, customer) in (0_u128..).zip(&customers) {
        let id: PrincipalId = n.to_be_bytes();
        population.rebuild(id, &customer.events).unwrap();
    }
    measure(criterion, &versions, &population, &customers);
}

criterion_group!(benches, deciding);
criterion_main!(benches);
