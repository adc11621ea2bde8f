//! Who the principal is and what they said.

use std::rc::Rc;

use jiff::civil::Date;
use jiff::{SignedDuration, Span};
use nattoku_model::Event;
use nattoku_model::event::By;
use nattoku_model::name::{ChoiceName, ConsentName, WordingName};

use super::super::time::{LATELY, before};
use super::super::variable::{Draft, Kind, Variable};
use super::{Domains, Question};
use crate::scenario_text::{CHANNEL, beginning};

/// A guardian, an agent, by the ids that scenarios use for them.
const GUARDIAN: &str = "g1";
const AGENT: &str = "a1";

/// Somebody who is linked to nobody.
const STRANGER: &str = "g9";

/// Old enough for everything.
const ADULT: u8 = 40;

impl Domains {
    /// Not registered; registered with no date of birth; or of an age in each band that some rule tells apart.
    pub(super) fn principal(&mut self, question: &Question<'_>) -> Rc<Variable> {
        let at = question.at();
        let ages = self.ages.clone();
        self.make(at, "principal".to_owned(), || {
            let mut draft = Draft::new(Kind::Principal, "").value("not registered", Vec::new());
            let Some(begin) = beginning(question.policy) else { return draft };
            let registered = |born| {
                let event =
                    Event::PrincipalRegistered { born, residence: None, unknown_relationships: Vec::new() };
                vec![(begin.min(at), event)]
            };
            draft.push("of unknown age", registered(None));
            let today = at.to_zoned_datetime(question.policy.timezone.clone()).date();
            let last = ages.last().copied().unwrap_or(0);
            let ages = ages.iter().map(|upper| upper.saturating_sub(1)).chain([last.max(ADULT)]);
            for age in ages {
                draft.push(&format!("aged {age}"), registered(born(today, age)));
            }
            draft
        })
    }

    /// Nothing said, withdrawn, or agreed to in every wording by everybody who may or may not, lasting still or not.
    pub(super) fn consent(&mut self, question: &Question<'_>, name: &ConsentName) -> Option<Rc<Variable>> {
        let at = question.at();
        let item = question.policy.consents.get(name)?;
        Some(self.make(at, format!("consent {name}"), || {
            let withdrawn = Event::ConsentWithdrawn {
                item: name.clone(),
                channel: CHANNEL.to_owned(),
                by: By::Principal,
            };
            let mut draft = Draft::new(Kind::Consent, name.as_str())
                .value("unanswered", Vec::new())
                .value("withdrawn", vec![(before(at, LATELY), withdrawn)]);
            let when = before(at, LATELY);
            let linked = (when, Event::GuardianLinked { guardian: GUARDIAN.to_owned(), until: None });
            let language = question.policy.prevails;
            for wording in item.wordings.keys() {
                let given = |by: By, when, until, evidence: Option<&str>| {
                    let event = Event::ConsentGranted {
                        item: name.clone(),
                        text_version: wording.clone(),
                        language,
                        channel: CHANNEL.to_owned(),
                        by,
                        until,
                        evidence: evidence.map(str::to_owned),
                    };
                    (when, event)
                };
                let guardian = || By::Guardian(GUARDIAN.to_owned());
                let agent = || By::Agent(AGENT.to_owned());
                let mut add = |what: &str, events| draft.push(&says(wording, what), events);
                add("by the principal", vec![given(By::Principal, when, None, None)]);
                add("by a guardian", vec![linked.clone(), given(guardian(), when, None, None)]);
                let stranger = By::Guardian(STRANGER.to_owned());
                add("by somebody not linked", vec![given(stranger, when, None, None)]);
                add("by an agent", vec![given(agent(), when, None, Some("POA-1"))]);
                add("by an agent who shows nothing", vec![given(agent(), when, None, None)]);
                let long_ago = item.lasts.map_or(when, |lasts| {
                    before(lasts.before(at, &question.policy.timezone), SignedDuration::from_hours(24))
                });
                let until = item.lasts.is_none().then_some(at);
                add("and over", vec![given(By::Principal, long_ago, until, None)]);
            }
            draft
        }))
    }

    /// Open or declined.
    pub(super) fn choice(&mut self, question: &Question<'_>, name: &ChoiceName) -> Rc<Variable> {
        let at = question.at();
        self.make(at, format!("choice {name}"), || {
            let declined = Event::ChoiceDeclined {
                choice: name.clone(),
                channel: CHANNEL.to_owned(),
                by: By::Principal,
            };
            Draft::new(Kind::Choice, name.as_str())
                .value("open", Vec::new())
                .value("declined", vec![(before(at, LATELY), declined)])
        })
    }
}

fn says(wording: &WordingName, what: &str) -> String {
    format!("agreed to {wording} {what}")
}

/// Born so that the age is this one, half a year after the birthday.
fn born(today: Date, age: u8) -> Option<Date> {
    today.checked_sub(Span::new().years(i32::from(age)).months(6)).ok()
}
