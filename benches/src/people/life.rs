//! A plausible life with the carrier: how somebody became a customer, what came in over the years, what they agreed to and
//! what they stopped.

mod tell;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::{Offset, TimeZone};
use nattoku_engine::PrincipalId;
use nattoku_model::event::{By, Event, Recorded, Revision};

use super::draw::Draw;

const DAY: i64 = 86_400;
const YEAR: i64 = 31_556_952;

/// Seconds since 1970 of days in Tokyo that count.
const TURNING_POINT: i64 = 1_575_990_000; // 2019-12-11
const SECOND_WORDING: i64 = 1_680_274_800; // 2023-04-01, when screens began to tell microseconds as well
const RECENT: i64 = 1_780_239_600; // 2026-06-01
const HORIZON: i64 = 1_793_458_800; // 2026-11-01

/// What somebody gives who becomes a customer.
const SIGNED: [&str; 6] = [
    "contact.name",
    "contact.address",
    "contact.phone",
    "profile.birth_date",
    "identity_document",
    "contract.line",
];

/// The beginning of a day in Tokyo.
pub(super) fn second(year: i16, month: i8, day: i8) -> Timestamp {
    let tokyo = TimeZone::fixed(Offset::constant(9));
    let midnight = date(year, month, day).to_zoned_datetime(tokyo);
    midnight.map(|zoned| zoned.timestamp()).unwrap_or_default()
}

/// A customer while the story is drawn.
pub(super) struct Life<'a> {
    draw: Draw,
    revision: Revision,
    events: &'a mut Vec<Recorded>,
    /// The second of birth, near enough to tell who is a minor.
    born: i64,
    since: i64,
    member_since: Option<i64>,
    has_guardian: bool,
}

impl<'a> Life<'a> {
    /// Draws a whole life, and gives the customer's id.
    pub(super) fn lead(mut draw: Draw, revision: Revision, events: &'a mut Vec<Recorded>) -> PrincipalId {
        let id = draw.id();
        let years = i64::from(draw.below(76));
        let day = i64::from(draw.below(365));
        // From 1938 on.
        let born = (years - 32) * YEAR + day * DAY;
        let earliest = 1_301_583_600.max(born + 12 * YEAR);
        let since = draw.between(earliest, RECENT.max(earliest + 30 * DAY)).min(HORIZON - 60 * DAY);
        let mut life = Self { draw, revision, events, born, since, member_since: None, has_guardian: false };
        life.becomes_a_customer();
        life.joins_the_club();
        life.takes_a_card();
        life.uses_services();
        life.buys();
        life.agrees();
        life.declines();
        life.has_data_erased_or_stopped();
        life.leaves();
        id
    }

    /// The contract: on paper at a shop, in the app or on the web; what is given then comes within one second or two.
    fn becomes_a_customer(&mut self) {
        let since = self.since;
        let unknown = if self.draw.chance(1) { vec!["club".into()] } else { Vec::new() };
        let born = if self.draw.chance(2) { None } else { birthday(self.born) };
        self.tell(
            since,
            Event::PrincipalRegistered {
                born,
                residence: Some("JP".to_owned()),
                unknown_relationships: unknown,
            },
        );
        if self.is_minor(since) {
            self.has_guardian = true;
            self.tell(since, Event::GuardianLinked { guardian: "guardian".to_owned(), until: None });
        }
        self.start(since, "line");
        let source = self.draw.pick(&["shop_paper", "shop_paper", "app_screen", "web_form"]);
        let mut given = SIGNED.to_vec();
        if self.draw.chance(80) {
            given.push("payment");
        }
        self.acquire(since, source, &given);
        if self.draw.chance(12) {
            let at = self.later(since);
            self.start(at, "home");
        }
    }

    fn joins_the_club(&mut self) {
        if !self.draw.chance(70) {
            return;
        }
        let since = self.later(self.since);
        self.start(since, "club");
        self.acquire(since, "app_screen", &["club.number"]);
        self.member_since = Some(since);
        if self.draw.chance(12) {
            let until = self.later(since + 30 * DAY);
            self.end(until, "club");
        }
    }

    fn takes_a_card(&mut self) {
        if !self.draw.chance(20) {
            return;
        }
        let since = self.later(self.since);
        self.start(since, "card");
        self.grant(since, "credit_agency", "1", By::Principal);
        self.acquire(since, "credit_inquiry", &["credit.agency_report"]);
        if self.draw.chance(15) {
            let until = self.later(since + 30 * DAY);
            self.end(until, "card");
        }
    }

    /// What comes in by using services.
    fn uses_services(&mut self) {
        let recent = self.since.max(RECENT);
        for _ in 0..=self.draw.below(3) {
            let at = self.later(self.since);
            self.acquire(at, "service_records", &["billing.amount", "data_volume"]);
        }
        for (percent, from, source, category) in [
            (60, self.since, "service_records", "service_use"),
            (70, recent, "service_records", "call_history"),
            (40, recent, "service_records", "location.base_station"),
            (15, self.since, "phone_desk", "inquiry"),
            (20, self.since, "app_screen", "contact.address"),
        ] {
            if self.draw.chance(percent) {
                let at = self.later(from);
                self.acquire(at, source, &[category]);
            }
        }
    }

    /// What members buy at stores.
    fn buys(&mut self) {
        if let Some(since) = self.member_since {
            for _ in 0..self.draw.below(5) {
                let at = self.later(since);
                self.acquire(at, "member_store", &["purchase"]);
            }
        }
    }

    /// What they agreed to, some of it withdrawn again.
    fn agrees(&mut self) {
        if let Some(since) = self.member_since.map(|since| since.max(TURNING_POINT)) {
            let by = self.giver(since);
            self.grant(since, "point_card_use", "1", by);
            if self.draw.chance(50) {
                self.agrees_to_sharing(since);
            }
        }
        for (item, percent) in [("advertising_mail", 35), ("location_use", 20), ("billing_companies", 10)] {
            if self.draw.chance(percent) {
                self.agrees_to(item);
            }
        }
    }

    fn agrees_to_sharing(&mut self, since: i64) {
        let at = self.later(since);
        let wording = if at < SECOND_WORDING { "1" } else { "2" };
        let by = self.giver(at);
        self.grant(at, "partner_sharing", wording, by.clone());
        if self.draw.chance(20) {
            let withdrawn = self.later(at);
            self.withdraw(withdrawn, "partner_sharing", by);
        }
    }

    fn agrees_to(&mut self, item: &str) {
        let at = self.later(self.since.max(TURNING_POINT));
        let by = self.giver(at);
        self.grant(at, item, "1", by.clone());
        if item == "location_use" {
            let measured = self.later(at.max(RECENT));
            self.acquire(measured, "device", &["location.gps"]);
        }
        if self.draw.chance(25) {
            let withdrawn = self.later(at);
            self.withdraw(withdrawn, item, by);
        }
    }

    /// What they stopped, and in part took back.
    fn declines(&mut self) {
        let choices =
            [("partner_provision", 8), ("offers", 6), ("ad_targeting", 15), ("telephone_offers", 12)];
        for (choice, percent) in choices {
            if !self.draw.chance(percent) {
                continue;
            }
            let at = self.later(self.since.max(TURNING_POINT));
            let channel = || "web".to_owned();
            self.tell(
                at,
                Event::ChoiceDeclined { choice: choice.into(), channel: channel(), by: By::Principal },
            );
            if self.draw.chance(15) {
                let restored = self.later(at);
                self.tell(
                    restored,
                    Event::ChoiceRestored { choice: choice.into(), channel: channel(), by: By::Principal },
                );
            }
        }
    }

    fn has_data_erased_or_stopped(&mut self) {
        if self.draw.chance(1) {
            let at = self.later(self.since.max(TURNING_POINT));
            let claim = Some(format!("claim-{}", at % 1_000_000));
            let categories = vec!["purchase".into()];
            self.tell(at, Event::RestrictionPlaced { categories, actions: Vec::new(), claim });
        }
        if self.draw.per_mille(15) {
            let at = self.later(self.since.max(TURNING_POINT));
            let category = self.draw.pick(&["purchase", "service_use", "location", "inquiry"]);
            self.tell(at, Event::DataErased { category: category.into() });
        }
    }

    /// Some contracts end.
    fn leaves(&mut self) {
        if self.draw.chance(15) {
            let until = self.later(self.since + 90 * DAY);
            self.end(until, "line");
        }
    }

    /// A second from then on, as long as the time that is told of goes.
    fn later(&mut self, from: i64) -> i64 {
        self.draw.between(from.min(HORIZON), HORIZON)
    }

    /// Who gives a consent: a guardian for most minors, otherwise the customer.
    fn giver(&mut self, at: i64) -> By {
        if self.has_guardian && self.is_minor(at) && self.draw.chance(85) {
            By::Guardian("guardian".to_owned())
        } else {
            By::Principal
        }
    }

    fn is_minor(&self, at: i64) -> bool {
        at < self.born + 16 * YEAR
    }
}

/// The day in the calendar of a second of birth.
fn birthday(born: i64) -> Option<Date> {
    Some(Timestamp::from_second(born).ok()?.to_zoned_datetime(TimeZone::UTC).date())
}
