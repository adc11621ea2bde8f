//! A plausible life with the carrier, drawn by chance: how somebody became a customer, what came in over the years, what they
//! agreed to and what they stopped.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use nattoku_model::Language;
use nattoku_model::event::{By, Event};
use nattoku_model::policy::Period;

use super::draw::{Draw, days};
use super::looks;
use super::named::day;
use super::story::Story;

/// A customer while the story is drawn.
struct Life {
    story: Story,
    draw: Draw,
    born: Date,
    customer_since: Timestamp,
    customer_until: Timestamp,
    member_since: Option<Timestamp>,
    guardian: Option<String>,
}

/// The end of the demo's time.
fn horizon() -> Timestamp {
    day(2026, 11, 1)
}

/// The day on which the present version took effect.
fn turning_point() -> Timestamp {
    day(2019, 12, 11)
}

/// The story of the customer of a number.
pub(crate) fn of(number: u32) -> Story {
    let mut draw = Draw::of(number);
    let year = 1938 + i16::try_from(draw.below(76)).unwrap_or(0);
    let month = 1 + i8::try_from(draw.below(12)).unwrap_or(0);
    let born = date(year, month, 1 + i8::try_from(draw.below(28)).unwrap_or(0));
    let earliest = day(2011.max(year + 12), 4, 1);
    let customer_since = draw.between(earliest, day(2026, 6, 1).max(days(earliest, 30)));
    let mut life = Life {
        story: Story::of(format!("c{number:07}")),
        draw,
        born,
        customer_since,
        customer_until: horizon(),
        member_since: None,
        guardian: None,
    };
    life.becomes_a_customer(number);
    life.joins_the_club();
    life.uses_services();
    life.agrees();
    life.declines();
    life.leaves();
    looks::add(&mut life.story, number, life.customer_since, horizon());
    life.story
}

impl Life {
    /// The contract: on paper at a shop, in the app or on the web.
    fn becomes_a_customer(&mut self, number: u32) {
        let since = self.customer_since;
        // Of a few, an old migration does not tell whether they were ever in the club.
        let unknown: &[&str] = if self.draw.chance(1) { &["club"] } else { &[] };
        // Of a few, the date of birth was never asked.
        let born = (!self.draw.chance(2)).then_some(self.born);
        self.story.register(since, born, unknown);
        if self.is_minor_at(since) {
            let guardian = format!("guardian-of-c{number:07}");
            self.story.tell(since, Event::GuardianLinked { guardian: guardian.clone(), until: None });
            self.guardian = Some(guardian);
        }
        self.story.start(since, "line");
        let source = self.draw.pick(&["shop_paper", "shop_paper", "app_screen", "web_form"]);
        let recorded = if source == "shop_paper" { self.draw.days_after(since, 1, 4) } else { since };
        self.story.acquire_late(
            since,
            recorded,
            source,
            &["contact.name", "contact.address", "contact.phone"],
        );
        self.story.acquire_late(
            since,
            recorded,
            source,
            &["profile.birth_date", "identity_document", "contract.line"],
        );
        if self.draw.chance(80) {
            self.story.acquire_late(since, recorded, source, &["payment"]);
        }
        if since < day(2019, 9, 1) {
            let at = self.draw.days_after(day(2019, 9, 1), 0, 60);
            self.story.tell(
                at,
                Event::NoticeGiven {
                    policy_version: "2019-12-11".into(),
                    language: Language::Ja,
                    channel: "mail".to_owned(),
                },
            );
        }
    }

    /// Members before the date, after it, and never; some left again.
    fn joins_the_club(&mut self) {
        if !self.draw.chance(70) {
            return;
        }
        let since = self.draw.between(self.customer_since, horizon());
        self.story.start(since, "club");
        self.story.acquire(since, "app_screen", &["club.number"]);
        self.member_since = Some(since);
        if self.draw.chance(12) {
            let until = self.draw.between(days(since, 30), horizon());
            if until > since {
                self.story.end(until, "club");
            }
        }
    }

    /// What comes in by using services, and by way of stores.
    fn uses_services(&mut self) {
        let recent = self.customer_since.max(day(2026, 6, 1));
        for _ in 0..=self.draw.below(3) {
            let at = self.draw.between(self.customer_since, horizon());
            self.story.acquire(at, "service_records", &["billing.amount", "data_volume"]);
        }
        if self.draw.chance(60) {
            let at = self.draw.between(self.customer_since, horizon());
            self.story.acquire(at, "service_records", &["service_use"]);
        }
        if self.draw.chance(70) {
            let at = self.draw.between(recent, horizon());
            self.story.acquire(at, "service_records", &["call_history"]);
        }
        if self.draw.chance(40) {
            let at = self.draw.between(recent, horizon());
            self.story.acquire(at, "service_records", &["location.base_station"]);
        }
        if self.draw.chance(15) {
            let at = self.draw.between(self.customer_since, horizon());
            self.story.acquire(at, "phone_desk", &["inquiry"]);
        }
        if self.draw.chance(20) {
            let at = self.draw.between(self.customer_since, horizon());
            self.story.acquire(at, "app_screen", &["contact.address"]);
        }
        if let Some(since) = self.member_since {
            for _ in 0..self.draw.below(5) {
                let at = self.draw.between(since, horizon());
                self.story.acquire(at, "member_store", &["purchase"]);
            }
        }
    }

    /// What they agreed to: by app, web or paper, some of it withdrawn again.
    fn agrees(&mut self) {
        if let Some(since) = self.member_since.map(|since| since.max(turning_point())) {
            let by = self.giver(since);
            self.story.grant(since, since, "point_card_use", "1", "app", by);
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

    fn agrees_to_sharing(&mut self, since: Timestamp) {
        let at = self.draw.between(since, horizon());
        // The second wording came with the online partners.
        let wording = if at < day(2023, 4, 1) { "1" } else { "2" };
        let on_paper = self.draw.chance(30);
        let (channel, recorded) =
            if on_paper { ("shop", self.draw.days_after(at, 1, 5)) } else { ("web", at) };
        let by = self.giver(at);
        self.story.grant(at, recorded, "partner_sharing", wording, channel, by.clone());
        for _ in 0..self.draw.below(3) {
            let given = self.draw.between(recorded, horizon());
            let categories = ["purchase", "club.number"];
            self.story.provide(
                given,
                "store_partners",
                "partner_offers",
                &categories,
                "consent partner_sharing",
            );
        }
        if self.draw.chance(20) {
            let withdrawn = self.draw.between(recorded, horizon());
            self.story.withdraw(withdrawn, "partner_sharing", "web", by);
        }
    }

    fn agrees_to(&mut self, item: &str) {
        let at = self.draw.between(self.customer_since.max(turning_point()), horizon());
        let by = self.giver(at);
        self.story.grant(at, at, item, "1", "app", by.clone());
        if item == "location_use" {
            let recent = at.max(day(2026, 6, 1));
            let measured = self.draw.between(recent, horizon());
            self.story.acquire(measured, "device", &["location.gps"]);
        }
        if self.draw.chance(25) {
            let withdrawn = self.draw.between(at, horizon());
            self.story.withdraw(withdrawn, item, "app", by);
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
            let at = self.draw.between(self.customer_since.max(turning_point()), horizon());
            let channel = self.draw.pick(&["web", "app", "phone", "shop"]);
            self.story.decline(at, choice, channel);
            if self.draw.chance(15) {
                let restored = self.draw.between(at, horizon());
                self.story.restore(restored, choice, "web");
            }
        }
        if self.draw.chance(1) {
            let at = self.draw.between(self.customer_since.max(turning_point()), horizon());
            let event = Event::RestrictionPlaced {
                categories: vec!["purchase".into()],
                actions: Vec::new(),
                claim: Some(format!("claim-{}", at.as_second() % 1_000_000)),
            };
            self.story.tell(at, event);
        }
    }

    /// Some contracts end.
    fn leaves(&mut self) {
        if self.draw.chance(15) {
            let until = self.draw.between(days(self.customer_since, 90), self.customer_until);
            if until > self.customer_since {
                self.story.end(until, "line");
            }
        }
    }

    /// Who gives a consent at an instant: a guardian for most minors, otherwise the principal.
    fn giver(&mut self, at: Timestamp) -> By {
        let is_minor = self.is_minor_at(at);
        match &self.guardian {
            Some(guardian) if is_minor && self.draw.chance(85) => By::Guardian(guardian.clone()),
            _ => By::Principal,
        }
    }

    /// Whether the customer is below 16 on that day.
    fn is_minor_at(&self, at: Timestamp) -> bool {
        let tokyo = jiff::tz::TimeZone::fixed(jiff::tz::Offset::constant(9));
        let born = self.born.at(0, 0, 0, 0).to_zoned_datetime(tokyo.clone());
        born.is_ok_and(|born| Period::months(16 * 12).after(born.timestamp(), &tokyo) > at)
    }
}
