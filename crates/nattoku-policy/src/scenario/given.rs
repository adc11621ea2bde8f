//! `given`: what happened before the question of a scenario.

use jiff::Timestamp;
use jiff::civil::date;
use nattoku_model::event::By;
use nattoku_model::name::{ConsentName, PublicationName, RoleName, VersionName, WordingName};
use nattoku_model::policy::Versions;
use nattoku_model::{Event, Language, Recorded, Revision};

use super::is_version;
use crate::ast::Node;
use crate::diagnostic::Words;
use crate::resolve::Scope;
use crate::resolve::names::NameKind;
use crate::resolve::shape::BARE;
use crate::vocabulary::Variant;

/// The fields of each event: those that must be written, and those that may.
pub(crate) const EVENTS: &[Variant] = &[
    ("principal", &[], &["at", "recorded_at", "born", "residence", "unknown"]),
    ("principal_registered", &["at"], &["recorded_at", "born", "residence", "unknown"]),
    ("guardian_linked", &["at", "guardian"], &["recorded_at", "until"]),
    ("relationship_started", &["at", "relationship"], &["recorded_at"]),
    ("relationship_ended", &["at", "relationship"], &["recorded_at"]),
    ("data_acquired", &["at", "category", "source"], &["recorded_at", "entrusted_from", "policy_version"]),
    ("data_erased", &["at", "category"], &["recorded_at"]),
    ("notice_given", &["at", "policy_version"], &["recorded_at", "language", "channel"]),
    (
        "consent_granted",
        &["at", "item", "text_version"],
        &["recorded_at", "language", "channel", "by", "until", "evidence"],
    ),
    ("consent_withdrawn", &["at", "item"], &["recorded_at", "channel", "by"]),
    ("choice_declined", &["at", "choice"], &["recorded_at", "channel", "by"]),
    ("choice_restored", &["at", "choice"], &["recorded_at", "channel", "by"]),
    ("data_used", &["at", "application", "activity", "categories"], &["recorded_at"]),
    ("data_provided", &["at", "recipient", "activity", "categories"], &["recorded_at", "basis"]),
    ("data_received", &["at", "source", "activity", "categories"], &["recorded_at", "basis"]),
    (
        "data_viewed",
        &["at", "application", "department", "role", "activity", "categories", "reason"],
        &["recorded_at"],
    ),
    ("restriction_placed", &["at"], &["recorded_at", "categories", "actions", "claim"]),
    ("restriction_lifted", &["at"], &["recorded_at", "categories", "actions", "claim"]),
    ("recipient_assessed", &["at", "recipient"], &["recorded_at"]),
    ("recipient_supervised", &["at", "recipient"], &["recorded_at"]),
    ("recipient_suspended", &["at", "recipient"], &["recorded_at"]),
    ("recipient_ended", &["at", "recipient"], &["recorded_at"]),
    ("publication_published", &["at", "publication"], &["recorded_at"]),
    ("policy_published", &["at", "version"], &["recorded_at", "digest"]),
];

/// The event; none where it could not be read, which is reported. Its revision is given out later.
pub(super) fn event(node: &Node, versions: &Versions, scope: &mut Scope<'_>) -> Option<Recorded> {
    let Some(value) = node.args.first() else {
        scope.shape(node, &BARE.args(1, 1, "出来事の名前", "the name of an event"));
        return None;
    };
    let (word, needs, may) = scope.one_of(node, value, EVENTS, |(word, ..)| word)?;
    scope.shape(node, &BARE.args(1, 1, "", "").needs_props(needs).props(may));
    let event = Given { node, versions, scope: &mut *scope }.event(word);
    let at = match scope.instant_prop(node, "at") {
        None if word == "principal" => beginning(scope),
        at => at,
    };
    let recorded_at =
        if node.prop("recorded_at").is_some() { scope.instant_prop(node, "recorded_at") } else { at };
    if let Some((at, recorded_at)) = at.zip(recorded_at)
        && recorded_at < at
    {
        let message = Words::new(
            "`recorded_at=` は `at=` より前にはできません",
            "`recorded_at=` cannot be before `at=`",
        );
        scope.unexpected(node.head_label(), message);
    }
    Some(Recorded { revision: Revision(0), at: at?, recorded_at: recorded_at?, event: event? })
}

/// Before anything that a scenario tells.
fn beginning(scope: &Scope<'_>) -> Option<Timestamp> {
    scope.midnight(date(1900, 1, 1))
}

struct Given<'n, 's, 'r> {
    node: &'n Node,
    versions: &'n Versions,
    scope: &'s mut Scope<'r>,
}

impl<'n> Given<'n, '_, '_> {
    fn event(&mut self, word: &str) -> Option<Event> {
        match word {
            "principal" | "principal_registered" => Some(Event::PrincipalRegistered {
                born: self.node.prop("born").and_then(|v| self.scope.date(self.node, v)),
                residence: self.text("residence"),
                unknown_relationships: self.names(NameKind::Relationship, "unknown"),
            }),
            "guardian_linked" => Some(Event::GuardianLinked {
                guardian: self.text("guardian")?,
                until: self.scope.instant_prop(self.node, "until"),
            }),
            "relationship_started" => Some(Event::RelationshipStarted {
                relationship: self.name(NameKind::Relationship, "relationship")?,
            }),
            "relationship_ended" => Some(Event::RelationshipEnded {
                relationship: self.name(NameKind::Relationship, "relationship")?,
            }),
            "notice_given" => Some(Event::NoticeGiven {
                policy_version: self.version("policy_version")?,
                language: self.language(),
                channel: self.channel(),
            }),
            "publication_published" => Some(Event::PublicationPublished { publication: self.publication()? }),
            "policy_published" => Some(Event::PolicyPublished {
                version: self.version("version")?,
                digest: self.text("digest").unwrap_or_default(),
            }),
            "restriction_placed" => {
                let (categories, actions, claim) = self.restriction();
                Some(Event::RestrictionPlaced { categories, actions, claim })
            }
            "restriction_lifted" => {
                let (categories, actions, claim) = self.restriction();
                Some(Event::RestrictionLifted { categories, actions, claim })
            }
            word if word.starts_with("data_") => self.about_data(word),
            word if word.starts_with("recipient_") => self.about_recipient(word),
            word => self.about_will(word),
        }
    }

    fn about_data(&mut self, word: &str) -> Option<Event> {
        match word {
            "data_acquired" => Some(Event::DataAcquired {
                category: self.name(NameKind::Category, "category")?,
                source: self.name(NameKind::Source, "source")?,
                entrusted_from: self.name(NameKind::Entruster, "entrusted_from"),
                policy_version: self.version("policy_version"),
            }),
            "data_erased" => Some(Event::DataErased { category: self.name(NameKind::Category, "category")? }),
            "data_used" => Some(Event::DataUsed {
                application: self.name(NameKind::Application, "application")?,
                activity: self.name(NameKind::Activity, "activity")?,
                categories: self.names(NameKind::Category, "categories"),
            }),
            "data_provided" => Some(Event::DataProvided {
                recipient: self.name(NameKind::Recipient, "recipient")?,
                activity: self.name(NameKind::Activity, "activity")?,
                categories: self.names(NameKind::Category, "categories"),
                basis: self.text("basis").unwrap_or_default(),
            }),
            "data_viewed" => Some(Event::DataViewed {
                application: self.name(NameKind::Application, "application")?,
                department: self.name(NameKind::Department, "department")?,
                role: self.word("role")?,
                activity: self.name(NameKind::Activity, "activity")?,
                categories: self.names(NameKind::Category, "categories"),
                reason: self.name(NameKind::ViewReason, "reason")?,
            }),
            _ => Some(Event::DataReceived {
                source: self.name(NameKind::Source, "source")?,
                activity: self.name(NameKind::Activity, "activity")?,
                categories: self.names(NameKind::Category, "categories"),
                basis: self.text("basis").unwrap_or_default(),
            }),
        }
    }

    fn about_recipient(&mut self, word: &str) -> Option<Event> {
        let recipient = self.name(NameKind::Recipient, "recipient")?;
        Some(match word {
            "recipient_assessed" => Event::RecipientAssessed { recipient },
            "recipient_supervised" => Event::RecipientSupervised { recipient },
            "recipient_suspended" => Event::RecipientSuspended { recipient },
            _ => Event::RecipientEnded { recipient },
        })
    }

    fn about_will(&mut self, word: &str) -> Option<Event> {
        let channel = self.channel();
        let by = self.by()?;
        match word {
            "consent_granted" => {
                let item = self.name(NameKind::Consent, "item")?;
                let text_version = self.wording(&item)?;
                Some(Event::ConsentGranted {
                    item,
                    text_version,
                    language: self.language(),
                    channel,
                    by,
                    until: self.scope.instant_prop(self.node, "until"),
                    evidence: self.text("evidence"),
                })
            }
            "consent_withdrawn" => {
                Some(Event::ConsentWithdrawn { item: self.name(NameKind::Consent, "item")?, channel, by })
            }
            "choice_declined" => {
                Some(Event::ChoiceDeclined { choice: self.name(NameKind::Choice, "choice")?, channel, by })
            }
            _ => Some(Event::ChoiceRestored { choice: self.name(NameKind::Choice, "choice")?, channel, by }),
        }
    }

    fn name<N: From<&'n str>>(&mut self, kind: NameKind, prop: &str) -> Option<N> {
        self.scope.name_prop(kind, self.node, prop)
    }

    fn names<N: From<&'n str>>(&mut self, kind: NameKind, prop: &str) -> Vec<N> {
        self.scope.names_of(kind, self.node, self.node.prop(prop))
    }

    fn word(&mut self, prop: &str) -> Option<RoleName> {
        let word = self.scope.plain_word(self.node, self.node.prop(prop)?)?;
        Some(RoleName::from(word.as_str()))
    }

    fn text(&mut self, prop: &str) -> Option<String> {
        self.scope.string_prop(self.node, prop).map(str::to_owned)
    }

    /// By what way the principal was reached; a scenario's own name for it where none is written.
    fn channel(&mut self) -> String {
        self.text("channel").unwrap_or_else(|| "scenario".to_owned())
    }

    fn language(&mut self) -> Language {
        let written = self.node.prop("language");
        let written = written.and_then(|v| self.scope.one_of(self.node, v, &Language::ALL, Language::tag));
        written.unwrap_or(self.versions.current().prevails)
    }

    fn by(&mut self) -> Option<By> {
        let Some(value) = self.node.prop("by") else { return Some(By::Principal) };
        let by = self.scope.string(self.node, value)?.parse().ok();
        if by.is_none() {
            let what = Words::new(
                "`principal`、`guardian:g1`、`agent:a1` の形の本人または代理人",
                "`principal`, or somebody who acts for them such as `guardian:g1` or `agent:a1`",
            );
            self.scope.expected(self.node, value, &what);
        }
        by
    }

    fn version(&mut self, prop: &str) -> Option<VersionName> {
        let value = self.node.prop(prop)?;
        let text = self.scope.string(self.node, value)?;
        is_version(text, self.versions, &self.node.at(&value.span), self.scope)
            .then(|| VersionName::from(text))
    }

    fn wording(&mut self, item: &ConsentName) -> Option<WordingName> {
        let value = self.node.prop("text_version")?;
        let text = self.scope.string(self.node, value)?;
        let wordings = &self.versions.current().consents.get(item)?.wordings;
        if wordings.contains_key(text) {
            return Some(WordingName::from(text));
        }
        let declared: Vec<&str> = wordings.keys().map(WordingName::as_str).collect();
        let kind = Words::new("文面 (wording)", "wording");
        self.scope.undeclared(&kind, text, &self.node.at(&value.span), declared.into_iter(), true);
        None
    }

    /// A joint use or anonymized information: the two share their names.
    fn publication(&mut self) -> Option<PublicationName> {
        let text = self.node.prop("publication")?.value.as_str().unwrap_or_default();
        let is_anonymized = self.scope.names.has(NameKind::Anonymized, text);
        let kind = if is_anonymized { NameKind::Anonymized } else { NameKind::JointUse };
        self.name(kind, "publication")
    }

    #[allow(clippy::type_complexity, reason = "the fields of a restriction, taken apart at once")]
    fn restriction(
        &mut self,
    ) -> (Vec<nattoku_model::name::CategoryName>, Vec<nattoku_model::Action>, Option<String>) {
        let categories = self.names(NameKind::Category, "categories");
        let actions = self.scope.actions(self.node, self.node.prop("actions"));
        (categories, actions, self.text("claim"))
    }
}
