//! What happens to a principal at the very edge of a rule, where several events must meet for it to show: consents on the
//! birthday on which they begin to count, a guardian's at the end of the link, and a relationship that ends when a transition
//! begins to ask for it.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use nattoku_model::Event;
use nattoku_model::event::By;
use nattoku_model::policy::Guardian;

use crate::draw::Draw;
use crate::histories::Histories;

impl Histories<'_> {
    /// The zones of the versions, the one in force first.
    fn zones(&self) -> Vec<TimeZone> {
        let in_force = self.versions.in_force(self.now).map(|policy| policy.timezone.clone());
        let all = self.versions.oldest_first().into_iter().map(|policy| policy.timezone.clone());
        in_force.into_iter().chain(all).collect()
    }

    /// An instant at which several things happen: where versions count days in different zones, mostly one at which it is
    /// another day in one of them.
    pub(crate) fn meet(&self, draw: &mut Draw) -> Timestamp {
        let meeting = draw.before(self.now);
        let zones = self.zones();
        let is_another_day = |at: &Timestamp| {
            let mut days = zones.iter().map(|zone| at.to_zoned_datetime(zone.clone()).date());
            let first = days.next();
            days.any(|day| Some(day) != first)
        };
        if draw.one_in(4) {
            return meeting;
        }
        let mut hours = (0..24).map(|hours| meeting - SignedDuration::from_hours(hours));
        hours.find(is_another_day).unwrap_or(meeting)
    }

    /// A birthday on the day of the meeting, in the zone of some version, at an age from which some rule says something else.
    pub(crate) fn comes_of_age(&self, draw: &mut Draw) -> Date {
        let zone = draw.pick(self.zones()).unwrap_or(TimeZone::UTC);
        let on_the_day = self.meeting.get().to_zoned_datetime(zone).date();
        let ages: Vec<i16> = self.ages().collect();
        on_the_day - jiff::Span::new().years(draw.pick(ages).unwrap_or(18))
    }

    /// The ages at which what some version says of consents changes.
    fn ages(&self) -> impl Iterator<Item = i16> {
        let of = |guardian: Guardian| [Some(guardian.under), guardian.judge_from];
        let all = self.versions.oldest_first().into_iter().flat_map(move |policy| {
            let by_items = policy.consents.values().filter_map(|item| policy.guardian_of(item));
            by_items.flat_map(of).flatten().map(i16::from)
        });
        all.collect::<Vec<i16>>().into_iter()
    }

    /// A relationship that ends just when a transition begins to ask for it, of somebody who gave data before.
    pub(crate) fn leaving(&self, draw: &mut Draw) -> Vec<(Timestamp, Event)> {
        let policy = self.versions.in_force(self.now).unwrap_or_else(|| self.versions.current());
        let Some(transition) = draw.pick(&policy.transitions) else { return Vec::new() };
        let Some((relationship, since)) = &transition.unless else { return Vec::new() };
        let before = transition.acquired_before.min(*since).min(self.now) - SignedDuration::from_hours(1_000);
        let relationship = || relationship.clone();
        let registered =
            Event::PrincipalRegistered { born: None, residence: None, unknown_relationships: Vec::new() };
        let mut events = vec![
            (before, registered),
            (before, Event::RelationshipStarted { relationship: relationship() }),
            (draw.about(*since).min(self.now), Event::RelationshipEnded { relationship: relationship() }),
        ];
        for (name, source) in &policy.sources {
            for category in draw.some(source.gives.iter().cloned()) {
                let (source, entrusted_from, policy_version) = (name.clone(), None, None);
                events
                    .push((before, Event::DataAcquired { category, source, entrusted_from, policy_version }));
            }
        }
        events
    }

    /// Consents to all that is asked at the meeting: by a guardian whose link ends just then, or by somebody who comes of age.
    pub(crate) fn story(&self, draw: &mut Draw) -> Vec<(Timestamp, Event)> {
        let meeting = self.meeting.get();
        let mut events = Vec::new();
        let by = if draw.one_in(2) {
            let since =
                meeting - SignedDuration::from_hours(i64::try_from(draw.below(9_000)).expect("small"));
            let until = Some(draw.about(meeting));
            events.push((since, Event::GuardianLinked { guardian: "g1".into(), until }));
            By::Guardian("g1".into())
        } else {
            let born = Some(self.comes_of_age(draw));
            let registered =
                Event::PrincipalRegistered { born, residence: None, unknown_relationships: Vec::new() };
            events.push((meeting - SignedDuration::from_hours(24), registered));
            By::Principal
        };
        let policy = self.versions.in_force(self.now).unwrap_or_else(|| self.versions.current());
        for (name, item) in &policy.consents {
            let Some(text_version) = draw.pick(&item.accepts).cloned() else { continue };
            let granted = Event::ConsentGranted {
                item: name.clone(),
                text_version,
                language: policy.prevails,
                channel: "scenario".to_owned(),
                by: by.clone(),
                until: None,
                evidence: None,
            };
            events.push((meeting, granted));
        }
        events
    }
}
