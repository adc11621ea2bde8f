//! Who of everybody may be asked something: built, counted and listed, beside sets of the same size intersected bare.

use std::hint::black_box;

use nattoku_engine::{Audience, Members, Ordinal, Plan, Population, Slices};
use nattoku_model::Request;
use nattoku_model::policy::Versions;
use roaring::RoaringBitmap;

use super::{GOAL_FROM, middle_of, once_of};
use crate::carrier::questions;
use crate::cpu::thread_time;
use crate::report::{Report, float};

/// Ids that are to be listed in a second.
const IDS_A_SECOND: f64 = 50e6;

/// How often the bare intersection of two sets counting may take.
const TIMES_THE_FLOOR: f64 = 20.0;

/// Measures the audience of partners' offers.
pub(super) fn measure(report: &Report, versions: &Versions, population: &Population) {
    let [offers, ..] = questions();
    let start = thread_time();
    let purchases = audience(versions, population, &offers.request);
    let asking = thread_time().saturating_sub(start).as_secs_f64() * 1e9;
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
    by_columns(report, versions, population, &purchases, floor);
    list(report, population, &one);
}

/// Measures the same audience out of columns: the first time, which cuts them, and when they are there.
fn by_columns(report: &Report, versions: &Versions, population: &Population, asked: &Audience, floor: f64) {
    let [offers, ..] = questions();
    let request = &offers.request;
    let mut plan = Plan::new(versions, population, request);
    let mut slices = Slices::new(population);
    let mut members = Members::default();
    let mut ask = || {
        members = slices.members(&mut plan, population, request.at, &mut |_| {}).expect("it serves");
        black_box(members.len());
    };
    report.figure("audience by columns, the first time", once_of(&mut ask) / 1e6, "ms");
    let again = middle_of(&mut ask);
    let known = |set: &RoaringBitmap| set - &members.open;
    assert_eq!(known(&members.permitted), known(&asked.permitted), "columns and decisions agree");
    report.figure("audience by columns, left to the definition", float(members.open.len()), "");
    report.figure("audience by columns, counted", again / 1e3, "µs");
    let times = again / floor;
    if population.len() < usize::try_from(GOAL_FROM).unwrap_or(usize::MAX) {
        report.figure("audience by columns, to the bare intersection", times, "times");
    } else {
        report.goal("audience by columns, to the bare intersection", times, "times", TIMES_THE_FLOOR);
    }
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
