//! A principal's events and a question as a `scenario` that can be pasted into a policy.

use std::fmt::Write as _;

use jiff::Timestamp;
use nattoku_model::event::By;
use nattoku_model::name::CategoryName;
use nattoku_model::policy::invariant::{Ground, GroundWord, Invariant};
use nattoku_model::{Action, Event, Policy, Recorded, Request, Verdict};

/// The channel that a scenario means where it names none.
pub const CHANNEL: &str = "scenario";

/// Writes it: read back, it gives these very events and this very question. `expect` is the verdict that should come.
#[must_use]
pub fn scenario(
    policy: &Policy,
    title: &str,
    events: &[Recorded],
    request: &Request,
    expect: &str,
) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "scenario {} {{", quoted(title));
    for recorded in events {
        let _ = writeln!(out, "    given {}", given(policy, recorded));
    }
    let _ = writeln!(out, "    ask {}", ask(policy, request));
    let _ = writeln!(out, "    expect {expect}");
    out.push_str("}\n");
    out
}

/// The scenario that shows how an invariant is broken, with the answer that the invariant wants: that a consent be asked for
/// where one would do, or else a refusal.
#[must_use]
pub fn against(policy: &Policy, invariant: &Invariant, events: &[Recorded], request: &Request) -> String {
    let is_consent = |ground: &Ground| match ground {
        Ground::Consent(_) => true,
        Ground::Basis(word) => {
            matches!(word, GroundWord::Consent | GroundWord::IndividualConsent | GroundWord::Guardian)
        }
        Ground::Exception(_) => false,
    };
    let wants = if invariant.unless.iter().any(is_consent) { Verdict::NeedsConsent } else { Verdict::Deny };
    scenario(policy, &format!("against: {invariant}"), events, request, wants.as_str())
}

/// One event with its fields.
fn given(policy: &Policy, recorded: &Recorded) -> String {
    let mut line = Line { policy, text: recorded.event.name().to_owned() };
    let is_beginning =
        matches!(recorded.event, Event::PrincipalRegistered { .. }) && Some(recorded.at) == beginning(policy);
    if is_beginning {
        "principal".clone_into(&mut line.text);
    }
    line.event(&recorded.event);
    if !is_beginning {
        line.instant("at", recorded.at);
    }
    if recorded.recorded_at != recorded.at {
        line.instant("recorded_at", recorded.recorded_at);
    }
    line.text
}

/// The instant at which `given principal` stands: before anything that a scenario tells.
#[must_use]
pub fn beginning(policy: &Policy) -> Option<Timestamp> {
    let day = jiff::civil::date(1900, 1, 1);
    day.to_datetime(jiff::civil::Time::midnight())
        .to_zoned_datetime(policy.timezone.clone())
        .ok()
        .map(|z| z.timestamp())
}

fn ask(policy: &Policy, request: &Request) -> String {
    let categories: Vec<&str> = request.categories.iter().map(CategoryName::as_str).collect();
    let mut line = Line { policy, text: format!("{} {}", request.action, categories.join(" ")) };
    line.name("activity", &request.activity);
    line.name("by", &request.application);
    line.maybe("purpose", request.purpose.as_ref());
    line.maybe("to", request.recipient.as_ref());
    if let Some(claim) = &request.exception {
        line.name("exception", &claim.name);
        let names: Vec<&str> = claim.categories.iter().map(CategoryName::as_str).collect();
        if !names.is_empty() {
            line.quoted("names", &names.join(" "));
        }
        for (requirement, evidence) in claim.evidence.iter().filter(|(r, _)| *r != "time_limit") {
            line.quoted(requirement, evidence);
        }
        if let Some(until) = claim.until {
            line.instant("time_limit", until);
        }
    }
    line.instant("at", request.at);
    if let Some(known_at) = request.known_at {
        line.instant("known_at", known_at);
    }
    line.text
}

struct Line<'a> {
    policy: &'a Policy,
    text: String,
}

impl Line<'_> {
    fn name(&mut self, key: &str, value: impl std::fmt::Display) {
        let _ = write!(self.text, " {key}={value}");
    }

    fn maybe(&mut self, key: &str, value: Option<impl std::fmt::Display>) {
        if let Some(value) = value {
            self.name(key, value);
        }
    }

    fn quoted(&mut self, key: &str, value: &str) {
        let _ = write!(self.text, " {key}={}", quoted(value));
    }

    /// An instant as people write it: the day alone where its first moment is meant.
    fn instant(&mut self, key: &str, at: Timestamp) {
        let local = self.policy.local(at);
        let date = local.split_once("T00:00:00").map(|(date, _)| date.to_owned());
        self.quoted(key, &date.unwrap_or(local));
    }

    fn by(&mut self, by: &By, channel: &str) {
        if *by != By::Principal {
            self.quoted("by", &by.to_string());
        }
        if channel != CHANNEL {
            self.quoted("channel", channel);
        }
    }

    fn event(&mut self, event: &Event) {
        match event {
            Event::PrincipalRegistered { born, residence, unknown_relationships } => {
                if let Some(born) = born {
                    self.quoted("born", &born.to_string());
                }
                if let Some(residence) = residence {
                    self.quoted("residence", residence);
                }
                self.list("unknown", unknown_relationships);
            }
            Event::GuardianLinked { guardian, until } => {
                self.quoted("guardian", guardian);
                if let Some(until) = until {
                    self.instant("until", *until);
                }
            }
            Event::RelationshipStarted { relationship } | Event::RelationshipEnded { relationship } => {
                self.name("relationship", relationship);
            }
            Event::RecipientAssessed { recipient }
            | Event::RecipientSupervised { recipient }
            | Event::RecipientSuspended { recipient }
            | Event::RecipientEnded { recipient } => self.name("recipient", recipient),
            Event::PublicationPublished { publication } => self.name("publication", publication),
            Event::RestrictionPlaced { categories, actions, claim }
            | Event::RestrictionLifted { categories, actions, claim } => {
                self.list("categories", categories);
                self.list("actions", &actions.iter().map(|a| Action::as_str(*a)).collect::<Vec<_>>());
                if let Some(claim) = claim {
                    self.quoted("claim", claim);
                }
            }
            event => self.about_data_or_will(event),
        }
    }

    fn about_data_or_will(&mut self, event: &Event) {
        match event {
            Event::DataAcquired { category, source, entrusted_from, policy_version } => {
                self.name("category", category);
                self.name("source", source);
                self.maybe("entrusted_from", entrusted_from.as_ref());
                if let Some(version) = policy_version {
                    self.quoted("policy_version", version.as_str());
                }
            }
            Event::DataErased { category } => self.name("category", category),
            Event::ConsentGranted { item, text_version, language, channel, by, until, evidence } => {
                self.name("item", item);
                self.quoted("text_version", text_version.as_str());
                if *language != self.policy.prevails {
                    self.name("language", language);
                }
                self.by(by, channel);
                if let Some(until) = until {
                    self.instant("until", *until);
                }
                if let Some(evidence) = evidence {
                    self.quoted("evidence", evidence);
                }
            }
            Event::ConsentWithdrawn { item, channel, by } => {
                self.name("item", item);
                self.by(by, channel);
            }
            Event::ChoiceDeclined { choice, channel, by } | Event::ChoiceRestored { choice, channel, by } => {
                self.name("choice", choice);
                self.by(by, channel);
            }
            event => self.told(event),
        }
    }

    /// Events that change no decision, told all the same.
    fn told(&mut self, event: &Event) {
        match event {
            Event::NoticeGiven { policy_version, language, channel } => {
                self.quoted("policy_version", policy_version.as_str());
                self.name("language", language);
                self.quoted("channel", channel);
            }
            Event::DataUsed { application, activity, categories } => {
                self.name("application", application);
                self.name("activity", activity);
                self.list("categories", categories);
            }
            Event::DataProvided { recipient, activity, categories, basis } => {
                self.name("recipient", recipient);
                self.name("activity", activity);
                self.list("categories", categories);
                self.quoted("basis", basis);
            }
            Event::DataReceived { source, activity, categories, basis } => {
                self.name("source", source);
                self.name("activity", activity);
                self.list("categories", categories);
                self.quoted("basis", basis);
            }
            Event::DataViewed { application, department, role, activity, categories, reason } => {
                self.name("application", application);
                self.name("department", department);
                self.name("role", role);
                self.name("activity", activity);
                self.list("categories", categories);
                self.name("reason", reason);
            }
            Event::PolicyPublished { version, digest } => {
                self.quoted("version", version.as_str());
                self.quoted("digest", digest);
            }
            _ => {}
        }
    }

    fn list(&mut self, key: &str, names: &[impl std::fmt::Display]) {
        if !names.is_empty() {
            let names: Vec<String> = names.iter().map(ToString::to_string).collect();
            self.quoted(key, &names.join(" "));
        }
    }
}

/// A text in quotes as KDL has it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
