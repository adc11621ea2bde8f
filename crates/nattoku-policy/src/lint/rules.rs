//! The registry of rules, one file each, and what they share: the form of a rule, where a word stands, how categories
//! of a tree meet.

use std::collections::BTreeSet;
use std::ops::Bound;

use nattoku_model::law::{Handling, Need};
use nattoku_model::name::CategoryName;
use nattoku_model::policy::{Class, Policy, Recipient, RecipientKind, Rule};

use super::{Context, LintRule};
use crate::ast::Node;
use crate::diagnostic::{Diagnostic, Label, Words};

/// Declares a rule: its name, what it looks after, how bad a finding is, what it rests on, and its page: what it does
/// and why in both languages, an example and what to write instead. Beside it stands `fn check`, which adds the findings.
macro_rules! lint_rule {
    (
        $(#[$doc:meta])*
        $type:ident = $name:literal, $kind:ident, $severity:ident, [$($cite:literal),*];
        ja: $what_ja:literal, $why_ja:literal;
        en: $what_en:literal, $why_en:literal;
        $notation:ident: $example:literal => $instead:literal
    ) => {
        $(#[$doc])*
        pub(crate) struct $type;

        impl $crate::lint::LintRule for $type {
            fn name(&self) -> &'static str {
                $name
            }

            fn kind(&self) -> $crate::lint::Kind {
                $crate::lint::Kind::$kind
            }

            fn severity(&self) -> $crate::diagnostic::Severity {
                $crate::diagnostic::Severity::$severity
            }

            fn cites(&self) -> &'static [&'static str] {
                &[$($cite),*]
            }

            fn page(&self, language: nattoku_model::Language) -> &'static str {
                match language {
                    nattoku_model::Language::Ja => concat!(
                        "## 何を見るか\n\n", $what_ja, "\n\n## なぜいけないか\n\n", $why_ja,
                        "\n\n## 例\n\n```", stringify!($notation), "\n", $example,
                        "\n```\n\n## 代わりに\n\n```", stringify!($notation), "\n", $instead, "\n```\n",
                    ),
                    nattoku_model::Language::En => concat!(
                        "## What it does\n\n", $what_en, "\n\n## Why is this bad\n\n", $why_en,
                        "\n\n## Example\n\n```", stringify!($notation), "\n", $example,
                        "\n```\n\n## Use instead\n\n```", stringify!($notation), "\n", $instead, "\n```\n",
                    ),
                }
            }

            fn check(&self, cx: &$crate::lint::Context<'_>, out: &mut Vec<$crate::diagnostic::Diagnostic>) {
                check(self, cx, out);
            }
        }
    };
}

macro_rules! registry {
    ($($module:ident $type:ident)*) => {
        $(mod $module;)*

        /// Every rule, in the order in which their findings are made.
        pub static RULES: &[&dyn LintRule] = &[$(&$module::$type),*];
    };
}

registry! {
    activity_without_application ActivityWithoutApplication
    agreement_ended AgreementEnded
    anonymized_incomplete AnonymizedIncomplete
    benefit_missing BenefitMissing
    blanket_consent_for_secrecy BlanketConsentForSecrecy
    body_missing_for_line BodyMissingForLine
    category_never_needed CategoryNeverNeeded
    category_without_description CategoryWithoutDescription
    charter_missing CharterMissing
    choice_without_consequence ChoiceWithoutConsequence
    citation_unknown CitationUnknown
    consent_of_several_purposes ConsentOfSeveralPurposes
    consent_text_not_accepted ConsentTextNotAccepted
    consent_without_consequence ConsentWithoutConsequence
    controller_incomplete ControllerIncomplete
    current_text_absent CurrentTextAbsent
    desk_calendar_incomplete DeskCalendarIncomplete
    desk_missing DeskMissing
    desk_never_open DeskNeverOpen
    desk_without_hours DeskWithoutHours
    discriminating_outcome DiscriminatingOutcome
    effective_before_announced EffectiveBeforeAnnounced
    entrusted_data_provided EntrustedDataProvided
    entrusts_more_than_needed EntrustsMoreThanNeeded
    equivalent_country_unlisted EquivalentCountryUnlisted
    exception_without_approver ExceptionWithoutApprover
    exception_without_assessment ExceptionWithoutAssessment
    exception_without_difficulty ExceptionWithoutDifficulty
    exception_without_document ExceptionWithoutDocument
    foreign_recipient_without_condition ForeignRecipientWithoutCondition
    guardian_below_law GuardianBelowLaw
    indirect_source_unconfirmed IndirectSourceUnconfirmed
    joint_use_incomplete JointUseIncomplete
    joint_use_of_other_kind JointUseOfOtherKind
    law_missing LawMissing
    location_provided_without_consent LocationProvidedWithoutConsent
    long_sentence LongSentence
    may_continue_without_effect MayContinueWithoutEffect
    minimise_without_effect MinimiseWithoutEffect
    missing_translation MissingTranslation
    my_number_outside_statute MyNumberOutsideStatute
    need_never_acquired NeedNeverAcquired
    notice_anchor_mismatch NoticeAnchorMismatch
    notice_missing NoticeMissing
    occasion_never_arises OccasionNeverArises
    occasion_outlives_retention OccasionOutlivesRetention
    opt_out_for_special_care OptOutForSpecialCare
    opt_out_not_refusable OptOutNotRefusable
    processor_without_agreement ProcessorWithoutAgreement
    processor_without_assessment ProcessorWithoutAssessment
    processor_without_supervision ProcessorWithoutSupervision
    processor_without_work ProcessorWithoutWork
    prohibition_without_effect ProhibitionWithoutEffect
    provides_more_than_needed ProvidesMoreThanNeeded
    provision_to_nobody ProvisionToNobody
    provision_to_processor ProvisionToProcessor
    purpose_number_repeated PurposeNumberRepeated
    purpose_widened PurposeWidened
    purpose_without_activity PurposeWithoutActivity
    recipient_without_example RecipientWithoutExample
    referral_provided_without_consent ReferralProvidedWithoutConsent
    repeated_word RepeatedWord
    residue_without_effect ResidueWithoutEffect
    retention_missing RetentionMissing
    route_not_in_law RouteNotInLaw
    rule_without_sentence RuleWithoutSentence
    section_without_rule SectionWithoutRule
    shadowed_provision ShadowedProvision
    special_care_without_consent SpecialCareWithoutConsent
    statute_without_effect StatuteWithoutEffect
    transfer_without_effect TransferWithoutEffect
    transition_after_effect TransitionAfterEffect
    transmission_incomplete TransmissionIncomplete
    transition_overlap TransitionOverlap
    untested_rule UntestedRule
    unused_name UnusedName
    what_stays_unsaid WhatStaysUnsaid
    wording_changed WordingChanged
    // The last: it looks at what the others found.
    unused_allow UnusedAllow
}

/// Reports each processor that lacks something. `lacked` names it in both languages, `help` says what to write.
fn processors_lacking(
    rule: &dyn LintRule,
    cx: &Context<'_>,
    out: &mut Vec<Diagnostic>,
    lacks: impl Fn(&Recipient) -> bool,
    lacked: (&str, &str),
    help: (&str, &str),
) {
    let processors = cx.policy.recipients.iter().filter(|(_, r)| r.kind == RecipientKind::Processor);
    for (name, _) in processors.filter(|(_, r)| lacks(r)) {
        let message = Words::new(
            format!("委託先 `{name}` に{}がありません", lacked.0),
            format!("the processor `{name}` has no {}", lacked.1),
        );
        let place = cx.span_of(&Rule::new("recipient", name));
        out.push(rule.finding(place, message).help(Words::new(help.0, help.1)));
    }
}

/// A label on a word within a part of a rule: the argument or property of any child `part` that holds the word, alone or
/// among several separated by spaces; the part itself where none does.
fn word(cx: &Context<'_>, rule: &Rule, part: &str, word: &str) -> Label {
    let found =
        cx.node(rule).and_then(|node| node.children_named(part).find_map(|child| within(child, word)));
    found.unwrap_or_else(|| cx.word(rule, part, word))
}

/// A label on a word in a node's own arguments and properties.
fn within(node: &Node, word: &str) -> Option<Label> {
    let values = node.args.iter().chain(node.props.iter().map(|(_, value)| value));
    values.into_iter().find_map(|value| {
        let text = value.value.as_str()?;
        let found = text.split_whitespace().find(|w| *w == word)?;
        // A value with escapes is longer than its text by more than its quotes; then all of it is underlined.
        let quotes = match value.span.len().checked_sub(text.len()) {
            Some(0) => 0,
            Some(2) => 1,
            _ => return Some(node.at(&value.span)),
        };
        let start = value.span.start + quotes + (found.as_ptr() as usize - text.as_ptr() as usize);
        Some(node.at(&(start..start + word.len())))
    })
}

/// Whether two categories have anything in common: one is the other or stands above it.
fn meet(a: &CategoryName, b: &CategoryName) -> bool {
    a.covers(b) || b.covers(a)
}

/// Categories, looked up by what they have in common with others without going through all of them.
struct Tree<'a>(BTreeSet<&'a str>);

impl<'a> Tree<'a> {
    fn of(names: impl IntoIterator<Item = &'a CategoryName>) -> Self {
        Self(names.into_iter().map(CategoryName::as_str).collect())
    }

    /// Whether the category or one above it is among these.
    fn covers(&self, name: &CategoryName) -> bool {
        with_those_above(name.as_str()).any(|n| self.0.contains(n))
    }

    /// Whether one below the category is among these.
    fn has_below(&self, name: &CategoryName) -> bool {
        let below = format!("{name}.");
        self.0.range(below.as_str()..).next().is_some_and(|n| n.starts_with(&below))
    }

    /// Whether any of these has anything in common with the category.
    fn meets(&self, name: &CategoryName) -> bool {
        self.covers(name) || self.has_below(name)
    }

    /// Of categories found wanting, those with no other found above them, so that a whole tree is one finding.
    fn topmost(&self) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .copied()
            .filter(|name| !with_those_above(name).skip(1).any(|above| self.0.contains(above)))
    }
}

/// A name and those of the categories above it, the nearest first.
fn with_those_above(name: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(name), |n| n.rsplit_once('.').map(|(above, _)| above))
}

/// The classes of a category and of everything below it, found without going through all categories.
fn classes_within(policy: &Policy, name: &CategoryName) -> BTreeSet<Class> {
    let below = format!("{name}.");
    let from = (Bound::Included(below.as_str()), Bound::Unbounded);
    let below_it = policy
        .categories
        .range::<str, _>(from)
        .map(|(n, _)| n)
        .take_while(|n| n.as_str().starts_with(&below));
    below_it.chain([name]).flat_map(|n| policy.classes_of(n)).collect()
}

/// Whether a law of the policy, be it by statute or by guideline, wants this of a class for a way of handling.
fn protects(policy: &Policy, class: Class, handling: Handling, needs: Need) -> bool {
    let protections = policy.packs.iter().filter_map(|law| law.protections.get(&class));
    protections.into_iter().any(|p| p.needs == needs && p.on.contains(&handling))
}

/// What comes in: from a source, or worked out from other categories.
fn acquired(policy: &Policy) -> Tree<'_> {
    let given = policy.sources.values().flat_map(|s| &s.gives);
    let derived = policy.categories.iter().filter(|(_, c)| !c.derived_from.is_empty()).map(|(name, _)| name);
    Tree::of(given.chain(derived))
}
