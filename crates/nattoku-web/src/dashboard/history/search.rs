//! What is looked for in the record: a kind of event, a time, words.

use std::collections::BTreeSet;

use jiff::civil::Date;
use nattoku_model::{Event, Recorded, Revision};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::PAGE;
use crate::dashboard::line::line;
use crate::visit::Visit;

/// Longest text that is looked for, in characters.
const WORDS_MAX: usize = 100;

/// Kinds of entries, with the events that each has.
pub(super) const KINDS: [(&str, &[&str]); 8] = [
    ("answers", &["consent_granted", "consent_withdrawn", "choice_declined", "choice_restored"]),
    ("held", &["data_acquired", "data_erased"]),
    ("used", &["data_used"]),
    ("views", &["data_viewed"]),
    ("passed", &["data_provided"]),
    ("received", &["data_received"]),
    ("told", &["notice_given"]),
    (
        "other",
        &[
            "principal_registered",
            "guardian_linked",
            "relationship_started",
            "relationship_ended",
            "restriction_placed",
            "restriction_lifted",
        ],
    ),
];

/// What was typed, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) kind: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) words: String,
}

/// What cannot be looked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) field: &'static str,
    pub(super) words: String,
}

/// What is looked for.
pub(super) struct Search {
    events: Option<&'static [&'static str]>,
    from: Option<Date>,
    to: Option<Date>,
    /// In small letters; all of them are to be found.
    words: Vec<String>,
}

impl Typed {
    /// What the address says.
    pub(super) fn of(visit: &Visit) -> Self {
        let typed = |name: &str| visit.query(name).unwrap_or_default().trim().to_owned();
        Self { kind: typed("kind"), from: typed("from"), to: typed("to"), words: typed("words") }
    }

    /// It as the query of an address; nothing where nothing is looked for.
    pub(super) fn query(&self) -> String {
        let fields = [("kind", &self.kind), ("from", &self.from), ("to", &self.to), ("words", &self.words)];
        let fields = fields.into_iter().filter(|(_, value)| !value.is_empty());
        let pairs = fields.map(|(name, value)| {
            // A date and the name of a kind are shown as they are.
            let value = utf8_percent_encode(value, NON_ALPHANUMERIC).to_string().replace("%2D", "-");
            format!("{name}={value}")
        });
        pairs.collect::<Vec<_>>().join("&")
    }

    /// The same without one of its conditions each, in words and as addresses; at the end all there is.
    pub(super) fn wider(&self, visit: &Visit) -> Vec<(String, String)> {
        let without = [
            ("words", Self { words: String::new(), ..self.clone() }),
            ("dates", Self { from: String::new(), to: String::new(), ..self.clone() }),
            ("kind", Self { kind: String::new(), ..self.clone() }),
            ("all", Self::default()),
        ];
        let mut wider: Vec<(String, String)> = Vec::new();
        for (name, typed) in without.into_iter().filter(|(_, typed)| typed != self) {
            let query = typed.query();
            let address = if query.is_empty() { PAGE.to_owned() } else { format!("{PAGE}?{query}") };
            let address = visit.link(&address);
            // Without the only condition there is, all is shown.
            if wider.iter().all(|(_, known)| *known != address) && (name == "all" || !query.is_empty()) {
                wider.push((visit.words.named("history-wider", name), address));
            }
        }
        wider
    }
}

impl Search {
    /// What is looked for, or why that cannot be.
    pub(super) fn of(visit: &Visit, typed: &Typed) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut fault = |field, key| faults.push(Fault { field, words: visit.words.get(key) });
        let kind = KINDS.iter().find(|(name, _)| *name == typed.kind);
        if kind.is_none() && !typed.kind.is_empty() {
            fault("kind", "history-fault-kind");
        }
        let from = typed.from.parse::<Date>().ok();
        if from.is_none() && !typed.from.is_empty() {
            fault("from", "history-fault-date");
        }
        let to = typed.to.parse::<Date>().ok();
        if to.is_none() && !typed.to.is_empty() {
            fault("to", "history-fault-date");
        }
        if from.zip(to).is_some_and(|(from, to)| to < from) {
            fault("to", "history-fault-order");
        }
        if typed.words.chars().count() > WORDS_MAX {
            fault("words", "history-fault-words");
        }
        let words = typed.words.split_whitespace().map(str::to_lowercase).collect();
        let events = kind.map(|(_, events)| *events);
        if faults.is_empty() { Ok(Self { events, from, to, words }) } else { Err(faults) }
    }

    /// Whether nothing in particular is looked for.
    pub(super) const fn is_of_everything(&self) -> bool {
        self.events.is_none() && self.from.is_none() && self.to.is_none() && self.words.is_empty()
    }

    /// Whether an entry is among what is looked for.
    pub(super) fn finds(&self, visit: &Visit, recorded: &Recorded, refusals: &BTreeSet<Revision>) -> bool {
        let day = visit.dates.civil(&recorded.at);
        self.events.is_none_or(|events| events.contains(&recorded.event.name()))
            && self.from.is_none_or(|from| from <= day)
            && self.to.is_none_or(|to| day <= to)
            && self.has_words(visit, recorded, refusals)
    }

    fn has_words(&self, visit: &Visit, recorded: &Recorded, refusals: &BTreeSet<Revision>) -> bool {
        if self.words.is_empty() {
            return true;
        }
        let shown = line(visit, recorded, refusals);
        let number = nattoku_ledger::receipt::number(recorded.revision.0);
        let text = format!("{} {} {} {number}", shown.when, shown.text, shown.remark).to_lowercase();
        self.words.iter().all(|word| text.contains(word))
    }
}

/// The kinds to choose from: name, words, and whether it is the one looked for.
pub(super) fn kinds(visit: &Visit, typed: &Typed) -> Vec<(&'static str, String, bool)> {
    let kinds = KINDS.iter();
    kinds.map(|(name, _)| (*name, visit.words.named("history-kind", name), *name == typed.kind)).collect()
}

/// The kind of an event.
pub(crate) fn kind_of(event: &Event) -> &'static str {
    let found = KINDS.iter().find(|(_, events)| events.contains(&event.name()));
    found.map_or("other", |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An event that no kind had would be found by no kind.
    #[test]
    fn every_event_about_a_person_is_of_one_kind() {
        for name in Event::NAMES {
            let concerns_all = ["recipient_", "publication_", "policy_"].iter().any(|p| name.starts_with(p));
            let of = KINDS.iter().filter(|(_, events)| events.contains(&name)).count();
            assert_eq!(of, usize::from(!concerns_all), "{name}");
        }
    }

    #[test]
    fn an_address_has_what_was_typed() {
        let typed = Typed {
            kind: "answers".to_owned(),
            from: "2026-11-01".to_owned(),
            to: String::new(),
            words: "a b&c".to_owned(),
        };
        assert_eq!(typed.query(), "kind=answers&from=2026-11-01&words=a%20b%26c");
        assert_eq!(Typed::default().query(), "");
    }
}
