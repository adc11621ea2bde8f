//! What an audience is compared with: the same question as of an earlier instant, or under another policy.

use jiff::Timestamp;
use nattoku_engine::{AsOf, Population, Vocabulary};
use nattoku_model::name::ActivityName;
use nattoku_model::policy::Versions;
use nattoku_model::{Language, Policy, Request};
use nattoku_policy::diagnostic::Words;

use super::together::Others;
use crate::decide::resolve;
use crate::error::{OperationError, Undeclared};
use crate::question::Question;

/// The other side of a comparison.
#[derive(Debug, Clone)]
pub enum Baseline {
    /// The same question about an earlier instant, or with only what was known at one; whichever is absent is that of the question.
    Earlier {
        /// The instant.
        at: Option<Timestamp>,
        /// With what was known at this one.
        known_at: Option<Timestamp>,
    },
    /// The same question under another policy.
    Policy(OtherPolicy),
}

/// A policy beside the one that stands.
#[derive(Debug, Clone)]
pub struct OtherPolicy {
    /// As whoever asks calls it.
    pub name: String,
    /// Its versions.
    pub versions: Versions,
    /// What its sources come to: SHA-256 in hexadecimal.
    pub digest: String,
}

impl Baseline {
    /// The other side's versions; these, unless it has its own.
    pub(super) const fn versions<'a>(&'a self, own: &'a Versions) -> &'a Versions {
        match self {
            Self::Earlier { .. } => own,
            Self::Policy(other) => &other.versions,
        }
    }

    /// Refuses a comparison that would mislead, before anything long is done. `at` is what the question is about.
    pub(super) fn check(
        &self,
        own: &Policy,
        (question, others): (&Question, &Others),
        at: Timestamp,
    ) -> Result<(), OperationError> {
        if !(others.and.is_empty() && others.except.is_empty()) {
            return Err(refused(
                "比べられるのは一つの問いだけです。--and と --except を外すか、それぞれの --ids の一覧を作って比べてください",
                "one question alone is compared: leave out --and and --except, or write a list with --ids for each side and compare those",
            ));
        }
        match self {
            Self::Earlier { at: earlier, known_at } => {
                let is_later = |then: &Option<Timestamp>, now| then.is_some_and(|then| now < then);
                if is_later(earlier, at) {
                    return Err(refused(
                        "比べる時点が問いの時点より後です。後の時点を --at で、前の時点を --compared-at で示してください",
                        "what it is compared with lies after the instant asked about: give the later one by --at and the earlier one by --compared-at",
                    ));
                }
                if question.known_at.is_some_and(|known| is_later(known_at, known)) {
                    return Err(refused(
                        "比べる側が問いより後に分かったことまで知ることになります。後の時点を --known-at で、前の時点を --compared-known-at で示してください",
                        "what it is compared with would know more than the question: give the later instant by --known-at and the earlier one by --compared-known-at",
                    ));
                }
                Ok(())
            }
            Self::Policy(other) => other.check(own, question, at),
        }
    }

    /// The question as the other side is asked it, once it is known what instant it is about.
    pub(super) fn request(&self, question: &Question, first: &Request) -> Result<Request, OperationError> {
        match self {
            Self::Earlier { at, known_at } => Ok(Request {
                at: at.unwrap_or(first.at),
                known_at: known_at.or(first.known_at),
                ..first.clone()
            }),
            Self::Policy(other) => other.request(question, first.at),
        }
    }

    /// Whom the other side is asked about, before they are folded; none where the same population serves both.
    pub(super) fn nobody(
        &self,
        own: &Versions,
        population: &Population,
        request: &Request,
    ) -> Option<Population> {
        let vocabulary = Vocabulary::new(self.versions(own));
        match self {
            Self::Earlier { .. } => {
                let cut = AsOf { at: request.at, known_at: request.known_at };
                Some(Population::as_of(vocabulary.into(), cut))
            }
            Self::Policy(_) if Vocabulary::new(own).covers(&vocabulary) => None,
            Self::Policy(_) => Some(match population.cut() {
                Some(cut) => Population::as_of(vocabulary.into(), cut),
                None => Population::new(vocabulary.into()),
            }),
        }
    }
}

impl OtherPolicy {
    /// The question under this policy: a name that it does not declare is told with its own.
    fn request(&self, question: &Question, at: Timestamp) -> Result<Request, OperationError> {
        let request = resolve(self.versions.current(), question, at);
        let request = request.map_err(|names| undeclared(&self.name, names))?;
        Ok(Request { at, ..request })
    }

    /// Both policies must know the act and have taken effect: otherwise everybody would seem to come or to go.
    fn check(&self, own: &Policy, question: &Question, at: Timestamp) -> Result<(), OperationError> {
        self.request(question, at)?;
        let other = self.versions.current();
        let known = [(self.name.as_str(), other), ("--policy", own)];
        let lacks =
            |(_, policy): &(&str, &Policy)| !policy.activities.contains_key(question.activity.as_str());
        let lacking: Vec<(&str, &Policy)> = known.into_iter().filter(lacks).collect();
        // An activity that neither registers is the same to both.
        if let [(name, policy)] = lacking.as_slice() {
            let declared = policy.activities.keys().map(ActivityName::as_str);
            let activity = Undeclared::new("activity", &question.activity, declared);
            return Err(undeclared(name, vec![activity]));
        }
        for (name, policy) in known {
            if at < policy.effective {
                let (version, effective) = (&policy.version, policy.local(policy.effective));
                return Err(refused(
                    format!(
                        "{name}: {version} 版は {effective} に施行されます。--at {effective} のように、両方が施行されている時点を示してください"
                    ),
                    format!(
                        "{name}: version {version} takes effect at {effective} only; ask about an instant at which both have, such as --at {effective}"
                    ),
                ));
            }
        }
        Ok(())
    }
}

/// Names that a policy does not declare, with the policy's own.
fn undeclared(policy: &str, names: Vec<Undeclared>) -> OperationError {
    let error = OperationError::Undeclared(names);
    let [ja, en] = [Language::Ja, Language::En].map(|language| error.sentence(language));
    refused(format!("{policy}: {ja}"), format!("{policy}: {en}"))
}

fn refused(ja: impl Into<String>, en: impl Into<String>) -> OperationError {
    OperationError::Refused(Words::new(ja, en))
}
