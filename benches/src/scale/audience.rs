//! Who of everybody may be asked something: built, counted and listed, beside sets of the same size intersected bare.

use std::hint::black_box;

use nattoku_engine::{Audience, Ordinal, Plan, Population};
use nattoku_model::Request;
use nattoku_model::policy::Versions;
use roaring::RoaringBitmap;

use super::middle_of;
use crate::carrier::questions;
use crate::cpu::thread_time;
use crate::report::{Report, float};

/// Ids that are to be listed in a second.
const IDS_A_SECOND: f64 = 50e6;

/// Measures the audience of partners' offers.
pub(super) fn measure(report: &Report, versions: &Versions, population: &Population) {
    let [offers, ..] = questions();
    let start = thread_time();
    let purchases = audience(versions, population, &offers.request);
    let asking = (thread_time().saturating_sub(start)).as_secs_f64() * 1e9;
    report.figure("audience, everybody asked", asking / float(population.len()), "ns a principal");
    let mut request = offers.request;
    request.categories = vec!["club.number".into()];
    let numbers = audience(versions, population, &request);
    let (one, other) = (purchases.members(), numbers.members());
    let of_all = |set: &RoaringBitmap| float(set.len()) * 100.0 / float(population.len());
    report.figure("audience, members", of_all(&one), "of 100");
    report.figure("audience, members of the other", of_all(&other), "of 100");
    let floor = middle_of(&mut || _ = black_box(black_box(&one).intersection_len(black_box(&other))));
    report.figure("bare intersection of both, counted", floor / 1e3, "µs");
    list(report, population, &one);
}

fn audience(versions: &Versions, population: &Population, request: &Request) -> Audience {
    let mut plan = Plan::new(versions, population, request);
    Audience::new(&mut plan, population, request.at, &mut |_| {}).expect("it serves")
}

/// Measures listing the ids of a set of people.
fn list(report: &Report, population: &Population, members: &RoaringBitmap) {
    let nanos = middle_of(&mut || {
        let ids = members.iter().filter_map(|ordinal| population.id(Ordinal(ordinal)));
        let sum = ids.fold(0_u128, |sum, id| sum ^ u128::from_le_bytes(*id));
        black_box(sum);
    });
    let each = nanos / float(members.len()).max(1.0);
    report.goal("audience, one id listed", each, "ns", 1e9 / IDS_A_SECOND);
}
