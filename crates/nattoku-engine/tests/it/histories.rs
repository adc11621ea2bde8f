//! Histories of principals, and of what concerns everybody: late paper entries, corrections, guardians, names that no
//! version declares, and instants at the very edge of what the policy says.

use std::cell::Cell;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use nattoku_model::event::{By, Recorded, Revision};
use nattoku_model::name::{CategoryName, WordingName};
use nattoku_model::policy::{Policy, Versions};
use nattoku_model::{Action, Event};

use crate::draw::Draw;

/// The instants at which something changes by what the versions say, seen from `now`.
pub(crate) fn edges(versions: &Versions, now: Timestamp) -> Vec<Timestamp> {
    let mut edges = Vec::new();
    for policy in versions.oldest_first() {
        edges.push(policy.effective);
        for transition in &policy.transitions {
            let since = transition.unless.as_ref().map(|(_, since)| *since);
            // Both an acquisition and a tie must meet the same edge, so these are drawn the most often.
            edges.extend(std::iter::repeat_n(transition.acquired_before, 8));
            edges.extend(since.into_iter().flat_map(|since| std::iter::repeat_n(since, 8)));
        }
        let zone = &policy.timezone;
        edges.extend(policy.retentions.iter().map(|r| r.period.before(now, zone)));
        edges.extend(policy.consents.values().filter_map(|c| Some(c.lasts?.before(now, zone))));
        let occasions = policy.activities.values().flat_map(|a| &a.occasions);
        edges.extend(occasions.map(|o| o.within.before(now, zone)));
    }
    edges.retain(|edge| *edge < now);
    edges
}

pub(crate) struct Histories<'a> {
    pub(crate) versions: &'a Versions,
    pub(crate) now: Timestamp,
    pub(crate) edges: Vec<Timestamp>,
    /// An instant at which several things happen to one principal, perhaps on a birthday.
    pub(crate) meeting: Cell<Timestamp>,
}

impl Histories<'_> {
    fn policy<'p>(&'p self, draw: &mut Draw) -> &'p Policy {
        let all = self.versions.oldest_first();
        if draw.one_in(4) { all[draw.below(all.len())] } else { self.versions.current() }
    }

    fn when(&self, draw: &mut Draw) -> Timestamp {
        if draw.one_in(6) {
            return self.meeting.get();
        }
        if !self.edges.is_empty() && draw.one_in(3) {
            let edge = *draw.of(&self.edges);
            return draw.about(edge).min(self.now);
        }
        draw.before(self.now)
    }

    fn category(&self, draw: &mut Draw) -> CategoryName {
        let policy = self.policy(draw);
        let name = draw.pick(policy.categories.keys()).cloned();
        let name = name.unwrap_or_else(|| CategoryName::from("nothing"));
        if draw.one_in(20) { CategoryName::new(format!("{name}.of_old")) } else { name }
    }

    fn by(draw: &mut Draw) -> By {
        match draw.below(6) {
            0 => By::Guardian("g1".into()),
            1 => By::Agent("a1".into()),
            _ => By::Principal,
        }
    }

    fn event(&self, draw: &mut Draw) -> Option<Event> {
        let policy = self.policy(draw);
        let channel = "scenario".to_owned();
        Some(match draw.below(20) {
            0 => Event::GuardianLinked {
                guardian: if draw.one_in(4) { "g2" } else { "g1" }.into(),
                until: draw.one_in(2).then(|| self.when(draw)),
            },
            1 | 2 => {
                Event::RelationshipStarted { relationship: draw.pick(policy.relationships.keys())?.clone() }
            }
            3 | 4 => {
                Event::RelationshipEnded { relationship: draw.pick(policy.relationships.keys())?.clone() }
            }
            5..=9 => {
                let (name, source) = draw.pick(&policy.sources)?;
                let given = draw.pick(&source.gives).cloned().filter(|_| !draw.one_in(4));
                Event::DataAcquired {
                    category: given.unwrap_or_else(|| self.category(draw)),
                    source: name.clone(),
                    entrusted_from: draw.pick(policy.entrusters.keys()).filter(|_| draw.one_in(5)).cloned(),
                    policy_version: None,
                }
            }
            10 => Event::DataErased { category: self.category(draw) },
            11..=13 => {
                let (name, item) = draw.pick(&policy.consents)?;
                let accepted = draw.pick(&item.accepts).cloned().filter(|_| !draw.one_in(4));
                let shown = draw.pick(item.wordings.keys()).cloned();
                let text_version = accepted.or(shown).unwrap_or_else(|| WordingName::from("9"));
                let until = draw.one_in(6).then(|| self.until(draw));
                let evidence = draw.one_in(2).then(|| "POA-1".to_owned());
                let (item, language) = (name.clone(), policy.prevails);
                Event::ConsentGranted {
                    item,
                    text_version,
                    language,
                    channel,
                    by: Self::by(draw),
                    until,
                    evidence,
                }
            }
            14 => Event::ConsentWithdrawn {
                item: draw.pick(policy.consents.keys())?.clone(),
                channel,
                by: By::Principal,
            },
            15 => Event::ChoiceDeclined {
                choice: draw.pick(policy.choices.keys())?.clone(),
                channel,
                by: Self::by(draw),
            },
            16 => Event::ChoiceRestored {
                choice: draw.pick(policy.choices.keys())?.clone(),
                channel,
                by: By::Principal,
            },
            17 => self.registered(draw),
            18 => {
                let (categories, actions, claim) = self.restriction(draw);
                Event::RestrictionPlaced { categories, actions, claim }
            }
            _ => {
                let (categories, actions, claim) = self.restriction(draw);
                Event::RestrictionLifted { categories, actions, claim }
            }
        })
    }

    fn until(&self, draw: &mut Draw) -> Timestamp {
        match draw.below(3) {
            0 => self.now,
            1 => self.now + SignedDuration::from_hours(3),
            _ => self.when(draw),
        }
    }

    fn registered(&self, draw: &mut Draw) -> Event {
        let policy = self.policy(draw);
        let unknown =
            if draw.one_in(5) { draw.some(policy.relationships.keys().cloned()) } else { Vec::new() };
        let age = i16::try_from(if draw.one_in(2) { draw.below(22) } else { draw.below(90) }).expect("small");
        let today = self.now.to_zoned_datetime(TimeZone::UTC).date();
        let day = i8::try_from(1 + draw.below(28)).expect("small");
        let month = i8::try_from(1 + draw.below(12)).expect("small");
        let mut born = jiff::civil::date(today.year() - age, month, day);
        if draw.one_in(2) {
            born = self.comes_of_age(draw);
        }
        Event::PrincipalRegistered {
            born: (!draw.one_in(6)).then_some(born),
            residence: None,
            unknown_relationships: unknown,
        }
    }

    fn restriction(&self, draw: &mut Draw) -> (Vec<CategoryName>, Vec<Action>, Option<String>) {
        let categories = if draw.one_in(3) { Vec::new() } else { vec![self.category(draw)] };
        let actions = if draw.one_in(2) { Vec::new() } else { vec![*draw.of(&Action::ALL)] };
        let claim = draw.one_in(2).then(|| format!("c{}", draw.below(2)));
        (categories, actions, claim)
    }

    /// The events of one principal, by revision; many are known only later than they happened.
    pub(crate) fn principal(&self, draw: &mut Draw, first: u64) -> Vec<Recorded> {
        let mut events = Vec::new();
        self.meeting.set(self.meet(draw));
        if !draw.one_in(6) {
            events.push((draw.before(self.now), self.registered(draw)));
        }
        if draw.one_in(6) {
            events.extend(self.story(draw));
        }
        if draw.one_in(12) {
            events.extend(self.leaving(draw));
        }
        let length = if draw.one_in(10) { 60 } else { 24 };
        for _ in 0..draw.below(length) {
            let at = self.when(draw);
            // Several things often happen at one visit.
            for _ in 0..=usize::from(draw.one_in(4)) {
                events.extend(self.event(draw).map(|event| (at, event)));
            }
        }
        Self::recorded(draw, events, first)
    }

    /// Events that concern everybody.
    pub(crate) fn general(&self, draw: &mut Draw) -> Vec<Recorded> {
        let mut events = Vec::new();
        for _ in 0..draw.below(8) {
            let policy = self.policy(draw);
            let Some(recipient) = draw.pick(policy.recipients.keys()).cloned() else { continue };
            let publication = draw.pick(policy.joint_uses.keys()).cloned();
            let event = match draw.below(6) {
                0 | 1 => Event::RecipientAssessed { recipient },
                2 => Event::RecipientSupervised { recipient },
                3 => Event::RecipientSuspended { recipient },
                4 => Event::RecipientEnded { recipient },
                _ => match publication {
                    Some(publication) => Event::PublicationPublished { publication },
                    None => continue,
                },
            };
            events.push((self.when(draw), event));
        }
        Self::recorded(draw, events, 1)
    }

    fn recorded(draw: &mut Draw, mut events: Vec<(Timestamp, Event)>, first: u64) -> Vec<Recorded> {
        // In the order in which the ledger comes to know of them, which is not that in which they happened.
        events.sort_by_key(|(at, _)| *at);
        for place in 1..events.len() {
            if draw.one_in(5) {
                let other = draw.below(place + 1);
                events.swap(place, other);
            }
        }
        let mut recorded_at = Timestamp::MIN;
        // Some of it the ledger learns only after the instant that is asked about (R11).
        let late = if draw.one_in(8) { draw.below(2_000) } else { 0 };
        let late = SignedDuration::from_hours(i64::try_from(late).expect("small"));
        (first..)
            .zip(events)
            .map(|(n, (at, event))| {
                recorded_at = recorded_at.max(at + late);
                Recorded { revision: Revision(n), at, recorded_at, event }
            })
            .collect()
    }
}
