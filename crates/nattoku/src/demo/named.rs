//! Five customers with names, each a case worth looking at.

use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::{Offset, TimeZone};
use nattoku_model::Language;
use nattoku_model::event::{By, Event};

use super::looks::{ANSWER, BILL, CLAIM, FAILURE, PROCEDURE};
use super::story::Story;

/// A named customer: the name, and what there is to see, in both languages.
pub(crate) const NAMED: [(&str, &str, &str); 5] = [
    ("sakura", "長年の会員。同意も停止もあります", "a member for years, with consents and a stop"),
    (
        "haruto",
        "会員になったことがない人。2019年12月より前のデータは旧版のまま",
        "never a member: data from before December 2019 stay under the old version",
    ),
    ("mei", "14歳。保護者が同意しています", "aged 14: a guardian consents"),
    ("ren", "契約が終わった人", "whose contract has ended"),
    ("aoi", "紙で同意し、あとで撤回した人", "who agreed on paper and withdrew later"),
];

/// Their stories, in the same order.
pub(crate) fn stories() -> Vec<Story> {
    vec![sakura(), haruto(), mei(), ren(), aoi()]
}

/// Midday in Tokyo.
pub(crate) fn day(year: i16, month: i8, day: i8) -> Timestamp {
    let tokyo = TimeZone::fixed(Offset::constant(9));
    date(year, month, day)
        .at(12, 0, 0, 0)
        .to_zoned_datetime(tokyo)
        .map_or(Timestamp::UNIX_EPOCH, |z| z.timestamp())
}

const SIGNED: [&str; 6] = [
    "contact.name",
    "contact.address",
    "contact.phone",
    "profile.birth_date",
    "identity_document",
    "contract.line",
];

fn notice(story: &mut Story, at: Timestamp, channel: &str) {
    let event = Event::NoticeGiven {
        policy_version: "2019-12-11".into(),
        language: Language::Ja,
        channel: channel.to_owned(),
    };
    story.tell(at, event);
}

/// A member since 2016 who keeps most things on: what was acquired before the date is governed by today's version, too.
fn sakura() -> Story {
    let mut s = Story::of("sakura");
    s.register(day(2014, 4, 12), Some(date(1988, 3, 27)), &[]);
    s.start(day(2014, 4, 12), "line");
    s.acquire_late(day(2014, 4, 12), day(2014, 4, 15), "shop_paper", &SIGNED);
    s.acquire(day(2014, 4, 12), "shop_paper", &["payment"]);
    s.start(day(2016, 9, 1), "club");
    s.acquire(day(2016, 9, 1), "app_screen", &["club.number", "contact.email"]);
    notice(&mut s, day(2019, 9, 10), "mail");
    s.grant(day(2019, 12, 20), day(2019, 12, 20), "partner_sharing", "1", "web", By::Principal);
    s.grant(day(2019, 12, 20), day(2019, 12, 20), "point_card_use", "1", "web", By::Principal);
    s.grant(day(2020, 2, 3), day(2020, 2, 3), "advertising_mail", "1", "web", By::Principal);
    s.withdraw(day(2021, 6, 18), "advertising_mail", "web", By::Principal);
    s.grant(day(2023, 4, 8), day(2023, 4, 8), "partner_sharing", "2", "app", By::Principal);
    s.grant(day(2025, 11, 2), day(2025, 11, 2), "location_use", "1", "app", By::Principal);
    for (year, month) in [(2023, 5), (2024, 2), (2025, 8), (2026, 3), (2026, 9)] {
        s.acquire(day(year, month, 14), "member_store", &["purchase"]);
        s.provide(
            day(year, month, 15),
            "store_partners",
            "partner_offers",
            &["purchase", "club.number"],
            "consent partner_sharing",
        );
    }
    s.acquire(
        day(2026, 8, 31),
        "service_records",
        &["billing.amount", "data_volume", "club.balance", "service_use"],
    );
    s.acquire(day(2026, 9, 20), "service_records", &["call_history", "location.base_station"]);
    s.acquire(day(2026, 10, 5), "device", &["location.gps", "device.model"]);
    s.decline(day(2024, 7, 1), "ad_targeting", "web");
    s.decline(day(2025, 1, 15), "telephone_offers", "phone");
    s.restore(day(2026, 2, 10), "telephone_offers", "web");
    s.view(day(2021, 6, 18), &ANSWER, &["contact", "contract"]);
    s.view(day(2022, 11, 7), &BILL, &["billing"]);
    s.view(day(2024, 7, 1), &PROCEDURE, &["identity_document", "contact"]);
    s.view(day(2025, 1, 15), &ANSWER, &["contact", "inquiry"]);
    s.view(day(2026, 3, 9), &CLAIM, &["contact", "will_record"]);
    s.view(day(2026, 9, 22), &FAILURE, &["device", "network_log"]);
    s.view(day(2026, 10, 8), &ANSWER, &["contact", "billing"]);
    s
}

/// Never a member: what was acquired before the date stays under the version before (R75).
fn haruto() -> Story {
    let mut s = Story::of("haruto");
    s.register(day(2015, 11, 20), Some(date(1979, 8, 5)), &[]);
    s.start(day(2015, 11, 20), "line");
    s.acquire_late(day(2015, 11, 20), day(2015, 11, 24), "shop_paper", &SIGNED);
    s.acquire(day(2015, 11, 20), "shop_paper", &["payment"]);
    notice(&mut s, day(2019, 9, 12), "mail");
    s.acquire(day(2022, 5, 9), "app_screen", &["contact.email", "contact.address"]);
    s.acquire(day(2026, 8, 31), "service_records", &["billing.amount", "data_volume"]);
    s.acquire(day(2026, 9, 28), "service_records", &["call_history"]);
    s.decline(day(2022, 5, 9), "offers", "app");
    s.view(day(2023, 2, 14), &BILL, &["billing", "contract"]);
    s
}

/// Aged 14 at the end of the story: the guardian's consent counts, her own is for a person to judge.
fn mei() -> Story {
    let mut s = Story::of("mei");
    let guardian = || By::Guardian("guardian-of-mei".to_owned());
    s.register(day(2024, 4, 2), Some(date(2012, 6, 15)), &[]);
    let link = Event::GuardianLinked { guardian: "guardian-of-mei".to_owned(), until: None };
    s.tell(day(2024, 4, 2), link);
    s.start(day(2024, 4, 2), "line");
    s.acquire_late(day(2024, 4, 2), day(2024, 4, 3), "shop_paper", &SIGNED);
    s.acquire_late(day(2024, 4, 2), day(2024, 4, 3), "shop_paper", &["family"]);
    s.start(day(2024, 4, 20), "club");
    s.acquire(day(2024, 4, 20), "app_screen", &["club.number"]);
    s.grant(day(2024, 4, 20), day(2024, 4, 20), "point_card_use", "1", "shop", guardian());
    s.grant(day(2024, 4, 20), day(2024, 4, 22), "partner_sharing", "2", "shop", guardian());
    s.grant(day(2026, 5, 6), day(2026, 5, 6), "location_use", "1", "app", By::Principal);
    s.acquire(day(2026, 7, 30), "member_store", &["purchase"]);
    s.acquire(day(2026, 8, 31), "service_records", &["data_volume", "club.balance"]);
    s.decline(day(2025, 3, 3), "ad_targeting", "app");
    s.view(day(2024, 4, 2), &PROCEDURE, &["identity_document", "family"]);
    s
}

/// The contract ended in 2025: analysis may go on within retention, billing work is over.
fn ren() -> Story {
    let mut s = Story::of("ren");
    s.register(day(2017, 3, 30), Some(date(1994, 12, 1)), &[]);
    s.start(day(2017, 3, 30), "line");
    s.acquire_late(day(2017, 3, 30), day(2017, 4, 3), "shop_paper", &SIGNED);
    s.start(day(2018, 7, 7), "club");
    s.acquire(day(2018, 7, 7), "web_form", &["club.number", "contact.email"]);
    s.end(day(2019, 11, 30), "club");
    notice(&mut s, day(2019, 9, 11), "mail");
    s.acquire(day(2024, 12, 31), "service_records", &["billing.amount", "data_volume", "service_use"]);
    s.end(day(2025, 3, 31), "line");
    s.acquire(day(2025, 4, 2), "phone_desk", &["inquiry"]);
    s
}

/// Signed on paper, keyed three days later (R11), withdrawn by telephone.
fn aoi() -> Story {
    let mut s = Story::of("aoi");
    s.register(day(2018, 10, 6), Some(date(1966, 5, 19)), &[]);
    s.start(day(2018, 10, 6), "line");
    s.acquire_late(day(2018, 10, 6), day(2018, 10, 9), "shop_paper", &SIGNED);
    s.start(day(2021, 3, 1), "club");
    s.acquire(day(2021, 3, 1), "shop_paper", &["club.number"]);
    s.grant(day(2021, 3, 1), day(2021, 3, 4), "partner_sharing", "1", "shop", By::Principal);
    s.grant(day(2021, 3, 1), day(2021, 3, 4), "point_card_use", "1", "shop", By::Principal);
    s.acquire(day(2022, 8, 13), "member_store", &["purchase"]);
    s.provide(
        day(2022, 8, 14),
        "store_partners",
        "partner_offers",
        &["purchase", "club.number"],
        "consent partner_sharing",
    );
    s.acquire(day(2024, 1, 20), "member_store", &["purchase"]);
    s.withdraw(day(2024, 2, 9), "partner_sharing", "phone", By::Principal);
    s.decline(day(2024, 2, 9), "partner_provision", "phone");
    s.acquire(day(2026, 8, 31), "service_records", &["billing.amount", "club.balance"]);
    s.view(day(2024, 2, 9), &ANSWER, &["contact", "will_record"]);
    s
}
