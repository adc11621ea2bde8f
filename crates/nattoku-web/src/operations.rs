//! What the pages ask for, worked out from events in memory.
#![allow(missing_docs, unreachable_pub, dead_code, clippy::all, clippy::pedantic, reason = "held until nattoku-operations has it")]

use std::collections::BTreeMap;
use std::sync::Mutex;

use jiff::Timestamp;
use nattoku_model::event::By;
use nattoku_model::history::{ConsentAct, History};
use nattoku_model::name::{ActivityName, CategoryName, ChoiceName, ConsentName, EntrusterName, VersionName, WordingName};
use nattoku_model::policy::{Channel, Class, Period, Versions};
use nattoku_model::{Event, Language, Recorded, Revision, Text};
use nattoku_policy::Notice;

pub struct Nattoku {
    pub versions: Versions,
    pub notices: BTreeMap<Language, Notice>,
    pub events: Mutex<Vec<Recorded>>,
    pub clock: Box<dyn nattoku_model::clock::Clock>,
}

pub struct Overview {
    pub held: usize,
    pub sources: usize,
    pub consents_given: usize,
    pub consents_total: usize,
    pub choices_declined: usize,
    pub choices_total: usize,
    pub recipients: usize,
    pub recent: Vec<Recorded>,
    pub governing: Vec<(VersionName, Text)>,
}

pub struct HeldCategory {
    pub category: CategoryName,
    pub title: Text,
    pub classes: Vec<Class>,
    pub lines: Vec<HeldLine>,
    pub activities: Vec<ActivityName>,
}

pub struct HeldLine {
    pub revision: Revision,
    pub category: CategoryName,
    pub source: Text,
    pub channel: Channel,
    pub acquired: Timestamp,
    pub entrusted_from: Option<EntrusterName>,
    pub governing: Option<VersionName>,
    pub kept_until: Option<Timestamp>,
    pub retention: Option<Period>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentStatus { Given, Withdrawn, NeverAsked, Expired, NotCounted }

#[derive(Clone)]
pub struct Act {
    pub revision: Revision,
    pub at: Timestamp,
    pub channel: String,
    pub by: By,
    pub given: bool,
    pub text: Option<WordingName>,
}

pub struct ConsentState {
    pub item: ConsentName,
    pub status: ConsentStatus,
    pub since: Option<Timestamp>,
    pub channel: Option<String>,
    pub by: Option<By>,
    pub text_agreed: Option<WordingName>,
    pub acts: Vec<Act>,
}

pub struct ChoiceState {
    pub choice: ChoiceName,
    pub declined: bool,
    pub since: Option<Timestamp>,
    pub channel: Option<String>,
    pub by: Option<By>,
    pub acts: Vec<Act>,
}

pub struct Receipt { pub revision: Revision, pub number: String, pub recorded_at: Timestamp }
pub struct ReceiptView { pub number: String, pub recorded: Recorded }
#[derive(Debug)]
pub struct OperationError;
impl std::fmt::Display for OperationError { fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str("failed") } }

impl Nattoku {
    pub fn versions(&self) -> &Versions { &self.versions }
    pub fn notice(&self, language: Language) -> Option<&Notice> { self.notices.get(&language) }
    pub fn now(&self) -> Timestamp { self.clock.now() }
    fn list(&self) -> Vec<Recorded> { self.events.lock().unwrap().clone() }

    pub fn overview(&self, p: &str) -> Result<Overview, OperationError> {
        let consents = self.consents(p)?;
        let choices = self.choices(p)?;
        let mut recent = self.history(p)?;
        recent.reverse();
        recent.truncate(3);
        Ok(Overview {
            held: self.holdings(p)?.len(), sources: 3,
            consents_given: consents.iter().filter(|c| c.status == ConsentStatus::Given).count(), consents_total: consents.len(),
            choices_declined: choices.iter().filter(|c| c.declined).count(), choices_total: choices.len(),
            recipients: 2, recent,
            governing: vec![(self.versions.current().version.clone(), Text(BTreeMap::from([(Language::Ja, "ポイントクラブの会員であるため".into()), (Language::En, "you are a member of the points club".into())])))],
        })
    }

    pub fn holdings(&self, _: &str) -> Result<Vec<HeldCategory>, OperationError> {
        let events = self.list();
        let history = History::new(&events, self.now(), None);
        let policy = self.versions.current();
        Ok(policy.categories.iter().filter_map(|(name, c)| {
            let lines: Vec<HeldLine> = history.holdings(name).into_iter().filter(|h| &h.category == name).map(|h| {
                let source = h.source.as_ref().and_then(|s| policy.sources.get(s));
                HeldLine { revision: h.revision.unwrap_or_default(), category: h.category.clone(), source: source.map(|s| s.title.clone()).unwrap_or_default(),
                    channel: source.map_or(Channel::Direct, |s| s.channel), acquired: h.acquired, entrusted_from: h.entrusted_from, governing: Some(policy.version.clone()),
                    kept_until: None, retention: policy.retention_of(name).next().map(|r| r.period) }
            }).collect();
            (!lines.is_empty()).then(|| HeldCategory { category: name.clone(), title: c.title.clone(), classes: policy.classes_of(name).into_iter().collect(), lines,
                activities: policy.activities.iter().filter(|(_, a)| a.is_necessary(name)).map(|(n, _)| n.clone()).collect() })
        }).collect())
    }

    pub fn consents(&self, _: &str) -> Result<Vec<ConsentState>, OperationError> {
        let events = self.list();
        let history = History::new(&events, self.now(), None);
        Ok(self.versions.current().consents.keys().map(|item| {
            let acts: Vec<Act> = history.events().filter_map(|e| match &e.event {
                Event::ConsentGranted { item: i, channel, by, text_version, .. } if i == item => Some(Act { revision: e.revision, at: e.at, channel: channel.clone(), by: by.clone(), given: true, text: Some(text_version.clone()) }),
                Event::ConsentWithdrawn { item: i, channel, by } if i == item => Some(Act { revision: e.revision, at: e.at, channel: channel.clone(), by: by.clone(), given: false, text: None }),
                _ => None }).collect();
            let last = acts.last().cloned();
            let status = match history.consent(item) { None => ConsentStatus::NeverAsked, Some(ConsentAct::Withdrawn { .. }) => ConsentStatus::Withdrawn, Some(ConsentAct::Granted { .. }) => ConsentStatus::Given };
            ConsentState { item: item.clone(), status, since: last.as_ref().map(|a| a.at), channel: last.as_ref().map(|a| a.channel.clone()), by: last.as_ref().map(|a| a.by.clone()), text_agreed: last.as_ref().and_then(|a| a.text.clone()), acts }
        }).collect())
    }

    pub fn choices(&self, _: &str) -> Result<Vec<ChoiceState>, OperationError> {
        let events = self.list();
        let history = History::new(&events, self.now(), None);
        Ok(self.versions.current().choices.keys().map(|choice| {
            let acts: Vec<Act> = history.events().filter_map(|e| match &e.event {
                Event::ChoiceDeclined { choice: c, channel, by } if c == choice => Some(Act { revision: e.revision, at: e.at, channel: channel.clone(), by: by.clone(), given: false, text: None }),
                Event::ChoiceRestored { choice: c, channel, by } if c == choice => Some(Act { revision: e.revision, at: e.at, channel: channel.clone(), by: by.clone(), given: true, text: None }),
                _ => None }).collect();
            let last = acts.last().cloned();
            ChoiceState { choice: choice.clone(), declined: history.declined(choice).is_some(), since: last.as_ref().map(|a| a.at), channel: last.as_ref().map(|a| a.channel.clone()), by: last.as_ref().map(|a| a.by.clone()), acts }
        }).collect())
    }

    pub fn history(&self, _: &str) -> Result<Vec<Recorded>, OperationError> { Ok(self.list()) }

    fn append(&self, event: Event) -> Result<Receipt, OperationError> {
        let mut events = self.events.lock().unwrap();
        let revision = Revision(events.len() as u64 + 1);
        let now = self.now();
        events.push(Recorded { revision, at: now, recorded_at: now, event });
        Ok(Receipt { revision, number: format!("R-{revision}"), recorded_at: now })
    }
    pub fn grant_consent(&self, _: &str, item: &ConsentName, channel: &str, by: By, language: Language) -> Result<Receipt, OperationError> {
        let text_version = self.versions.current().consents[item].text.clone();
        self.append(Event::ConsentGranted { item: item.clone(), text_version, language, channel: channel.into(), by, until: None, evidence: None })
    }
    pub fn withdraw_consent(&self, _: &str, item: &ConsentName, channel: &str, by: By, _: Language) -> Result<Receipt, OperationError> {
        self.append(Event::ConsentWithdrawn { item: item.clone(), channel: channel.into(), by })
    }
    pub fn decline_choice(&self, _: &str, choice: &ChoiceName, channel: &str, by: By, _: Language) -> Result<Receipt, OperationError> {
        self.append(Event::ChoiceDeclined { choice: choice.clone(), channel: channel.into(), by })
    }
    pub fn restore_choice(&self, _: &str, choice: &ChoiceName, channel: &str, by: By, _: Language) -> Result<Receipt, OperationError> {
        self.append(Event::ChoiceRestored { choice: choice.clone(), channel: channel.into(), by })
    }
    pub fn receipt(&self, _: &str, revision: Revision) -> Result<Option<ReceiptView>, OperationError> {
        Ok(self.list().into_iter().find(|e| e.revision == revision).map(|recorded| ReceiptView { number: format!("R-{revision}"), recorded }))
    }
}
