//! What people call the things that a policy declares.

use std::fmt::Display;

use nattoku_model::name::{
    ActivityName, CategoryName, ChoiceName, ConsentName, PurposeName, RecipientName, WorkName,
};
use nattoku_model::policy::{Channel, Period, RecipientKind, Refusability, Rule, Transfer};
use nattoku_model::{Language, Policy, Text};

/// The same words in every language.
pub(super) fn plain(words: impl Display) -> Text {
    let words = words.to_string();
    Text(Language::ALL.into_iter().map(|language| (language, words.clone())).collect())
}

/// Words in both languages.
pub(super) fn words(ja: impl Into<String>, en: impl Into<String>) -> Text {
    Text([(Language::Ja, ja.into()), (Language::En, en.into())].into())
}

/// Nothing of the kind.
pub(super) fn nothing() -> Text {
    words("なし", "none")
}

/// Several things in one phrase.
pub(super) fn joined(texts: impl IntoIterator<Item = Text>) -> Text {
    let texts: Vec<Text> = texts.into_iter().collect();
    if texts.is_empty() {
        return nothing();
    }
    let join = |language: Language, between: &str| {
        texts.iter().map(|t| t.get(language).to_owned()).collect::<Vec<_>>().join(between)
    };
    words(join(Language::Ja, "、"), join(Language::En, ", "))
}

/// Several names as they are written.
pub(super) fn written<T: Display>(names: impl IntoIterator<Item = T>) -> Text {
    joined(names.into_iter().map(plain))
}

/// One phrase after another: `A: B`.
pub(super) fn about(first: &Text, second: &Text) -> Text {
    let pair = |language, between| format!("{}{between}{}", first.get(language), second.get(language));
    words(pair(Language::Ja, "："), pair(Language::En, ": "))
}

/// A title, or the name where there is none.
fn titled(title: Option<&Text>, name: impl Display) -> Text {
    title.filter(|t| !t.is_empty()).cloned().unwrap_or_else(|| plain(name))
}

pub(super) fn category(policies: [&Policy; 2], name: &CategoryName) -> Text {
    titled(policies.iter().find_map(|p| p.categories.get(name)).map(|c| &c.title), name)
}

pub(super) fn categories<'n>(
    policies: [&Policy; 2],
    names: impl IntoIterator<Item = &'n CategoryName>,
) -> Text {
    joined(names.into_iter().map(|name| category(policies, name)))
}

pub(super) fn activity(policies: [&Policy; 2], name: &ActivityName) -> Text {
    titled(policies.iter().find_map(|p| p.activities.get(name)).map(|a| &a.title), name)
}

pub(super) fn purpose(policies: [&Policy; 2], name: &PurposeName) -> Text {
    titled(policies.iter().find_map(|p| p.purposes.get(name)).map(|p| &p.title), name)
}

pub(super) fn recipient(policies: [&Policy; 2], name: &RecipientName) -> Text {
    titled(policies.iter().find_map(|p| p.recipients.get(name)).map(|r| &r.title), name)
}

pub(super) fn consent(policies: [&Policy; 2], name: &ConsentName) -> Text {
    titled(policies.iter().find_map(|p| p.consents.get(name)).map(|c| &c.title), name)
}

pub(super) fn choice(policies: [&Policy; 2], name: &ChoiceName) -> Text {
    titled(policies.iter().find_map(|p| p.choices.get(name)).map(|c| &c.title), name)
}

pub(super) fn work(policies: [&Policy; 2], name: &WorkName) -> Text {
    titled(policies.iter().find_map(|p| p.works.get(name)).map(|w| &w.title), name)
}

/// A length of time.
pub(super) fn period(period: Period) -> Text {
    let written = period.to_string();
    let ja = match written.split_once(' ') {
        Some((count, unit)) if unit.starts_with("year") => format!("{count} 年"),
        Some((count, unit)) if unit.starts_with("month") => format!("{count} か月"),
        Some((count, _)) => format!("{count} 日"),
        None => written.clone(),
    };
    words(ja, written)
}

/// The class of a flow.
pub(super) fn recipient_kind(kind: RecipientKind) -> Text {
    match kind {
        RecipientKind::Processor => words("委託先", "processor"),
        RecipientKind::ThirdParty => words("第三者", "third party"),
        RecipientKind::JointUser => words("共同利用者", "joint user"),
        RecipientKind::Successor => words("事業の承継者", "successor"),
        RecipientKind::Authority => words("公的機関", "authority"),
    }
}

/// How freely something can be declined.
pub(super) fn refusability(refusability: Refusability) -> Text {
    match refusability {
        Refusability::Refusable => words("止められる", "can be declined"),
        Refusability::RefusableWithConsequence => {
            words("影響はあるが止められる", "can be declined, with a consequence")
        }
        Refusability::NotRefusable => words("止められない", "cannot be declined"),
    }
}

/// A way of acquisition.
pub(super) fn channel(channel: Channel) -> Text {
    match channel {
        Channel::Direct => words("直接", "direct"),
        Channel::Automatic => words("自動", "automatic"),
        Channel::Indirect => words("間接", "indirect"),
    }
}

/// What makes giving data abroad lawful, in words.
pub(super) fn transfer(policies: [&Policy; 2], transfer: Option<&Transfer>) -> Text {
    match transfer {
        None => nothing(),
        Some(Transfer::EquivalentCountry) => words("同等の水準の国", "a country of equal protection"),
        Some(Transfer::ConformingSystem(_)) => words("相手方の体制", "a conforming system"),
        Some(Transfer::Consent(item)) => consent(policies, item),
    }
}

/// What people call what a rule declares; nothing where it declares no such thing or gives it no title.
pub(super) fn of_rule(policy: &Policy, rule: &Rule) -> Option<Text> {
    let name = rule.name.as_str();
    let title = match rule.kind {
        "category" | "retention" => &policy.categories.get(name)?.title,
        "source" => &policy.sources.get(name)?.title,
        "entruster" => &policy.entrusters.get(name)?.title,
        "relationship" => &policy.relationships.get(name)?.title,
        "purpose" => &policy.purposes.get(name)?.title,
        "application" => &policy.applications.get(name)?.title,
        "department" => &policy.departments.get(name)?.title,
        "view-reason" => &policy.view_reasons.get(name)?.sentence,
        "activity" => &policy.activities.get(name)?.title,
        "work" => &policy.works.get(name)?.title,
        "recipient" => &policy.recipients.get(name)?.title,
        "consent" => &policy.consents.get(name)?.title,
        "choice" => &policy.choices.get(name)?.title,
        "prohibition" => &policy.prohibitions.get(name)?.title,
        "exception" => &policy.exceptions.get(name)?.title,
        "joint-use" => &policy.joint_uses.get(name)?.title,
        "anonymized" => &policy.anonymized_sets.get(name)?.title,
        "transmission" => &policy.transmissions.get(name)?.title,
        "desk" => &policy.desks.iter().find(|d| d.name == name)?.title,
        "line" => &policy.lines.iter().find(|l| l.name == name)?.title,
        "body" => &policy.bodies.iter().find(|b| b.name == name)?.title,
        "regulator" => &policy.regulators.iter().find(|r| r.name == name)?.title,
        "document" => &policy.documents.iter().find(|d| d.name == name)?.title,
        "policy" => &policy.controller.name,
        _ => return None,
    };
    Some(title.clone()).filter(|t| !t.is_empty())
}
