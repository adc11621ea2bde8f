//! `unused-name`: something declared that nothing refers to.

use nattoku_model::name::CategoryName;
use nattoku_model::policy::{Basis, Policy, RecipientKind, Rule, Transfer};

use super::{meet, topmost};
use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports declarations that nothing refers to.
    UnusedName = "unused-name", Language, Warning, ["R4"];
    ja: "どこからも参照されていない区分、アプリケーション、関係、業務、相手方、同意事項、委託元、カレンダーを報告します。",
        "使われない宣言は、綴りの誤りで参照が切れたか、消し忘れたものです。お客さまには、求められることのない同意や、渡ることのない相手が見えてしまいます。";
    en: "Reports categories, applications, relationships, kinds of work, recipients, consent items, entrusters and \
         calendars that nothing refers to.",
        "What nothing refers to was misspelt elsewhere or left behind. Customers would see a consent that is never \
         asked for, or a recipient that never gets anything.";
    kdl: r#"application campaign_platform { ja "キャンペーン基盤"; en "Campaign platform" }
activity partner_offers purpose=proposals {
    ja "提携先のご案内"; en "Partner offers"
    needs purchase
    by points_system
}"#
    => r#"application campaign_platform { ja "キャンペーン基盤"; en "Campaign platform" }
activity partner_offers purpose=proposals {
    ja "提携先のご案内"; en "Partner offers"
    needs purchase
    by campaign_platform
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut report = |kind: &'static str, ja: &str, en: &str, name: &str, help: Words| {
        let message = Words::new(
            format!("{ja} `{name}` はどこからも参照されていません"),
            format!("nothing refers to the {en} `{name}`"),
        );
        out.push(rule.finding(cx.span_of(&Rule::new(kind, name)), message).help(help));
    };
    let policy = cx.policy;
    let generic = || {
        Words::new(
            "使う箇所で参照するか、宣言を消してください",
            "refer to it where it is used, or take it out",
        )
    };
    for name in categories(policy) {
        report("category", "区分", "category", name.as_str(), generic());
    }
    for name in policy.applications.keys().filter(|n| !policy.activities.values().any(|a| a.by.contains(n))) {
        let help = Words::new(
            "依頼してよい利用の `by` に書くか、宣言を消してください",
            "name it in `by` of the activities it may ask for, or take it out",
        );
        report("application", "アプリケーション", "application", name.as_str(), help);
    }
    for name in policy.relationships.keys().filter(|n| !uses_relationship(policy, n.as_str())) {
        report("relationship", "関係", "relationship", name.as_str(), generic());
    }
    for name in policy.works.keys().filter(|n| !policy.recipients.values().any(|r| r.works.contains(n))) {
        report("work", "委託する業務", "kind of work", name.as_str(), generic());
    }
    for name in recipients(policy) {
        let help = Words::new(
            "提供の `to` または共同利用の `users` に書くか、宣言を消してください",
            "name it in `to` of a provision or in `users` of a joint use, or take it out",
        );
        report("recipient", "相手方", "recipient", name, help);
    }
    for name in policy.consents.keys().filter(|n| !uses_consent(policy, n.as_str())) {
        let help = Words::new(
            "利用の `requires`、提供の `basis`、相手方の `transfer` で使うか、宣言を消してください",
            "use it in `requires` of an activity, `basis` of a provision or `transfer` of a recipient, or take it out",
        );
        report("consent", "同意事項", "consent item", name.as_str(), help);
    }
    let serves = |name| policy.activities.values().any(|a| a.entrusted_by.as_ref() == Some(name));
    for name in policy.entrusters.keys().filter(|n| !serves(n)) {
        report("entruster", "委託元", "entruster", name.as_str(), generic());
    }
    let opens_by =
        |name: &str| policy.desks.iter().filter_map(|d| d.hours.as_ref()).any(|h| h.calendar == name);
    for name in policy.calendars.keys().filter(|n| !opens_by(n)) {
        report("calendar", "カレンダー", "calendar", name, generic());
    }
}

/// Categories that nothing speaks of, the topmost of each tree.
fn categories(policy: &Policy) -> Vec<CategoryName> {
    let mut spoken_of: Vec<&CategoryName> = Vec::new();
    spoken_of.extend(policy.sources.values().flat_map(|s| &s.gives));
    for activity in policy.activities.values() {
        spoken_of.extend(&activity.needs);
        spoken_of.extend(activity.occasions.iter().map(|o| &o.category));
    }
    spoken_of.extend(policy.provisions.values().flat_map(|p| &p.gives));
    spoken_of.extend(policy.recipients.values().flat_map(|r| &r.may).flat_map(|m| &m.on));
    spoken_of.extend(policy.categories.values().flat_map(|c| &c.derived_from));
    spoken_of.extend(policy.joint_uses.values().flat_map(|j| &j.items));
    spoken_of.extend(policy.anonymized_sets.values().flat_map(|a| &a.items));
    spoken_of.extend(policy.prohibitions.values().flat_map(|p| &p.on));
    let unused: Vec<&CategoryName> =
        policy.categories.keys().filter(|name| !spoken_of.iter().any(|s| meet(s, name))).collect();
    topmost(&unused)
}

fn uses_relationship(policy: &Policy, name: &str) -> bool {
    use nattoku_model::policy::RetentionStart::Ended;
    let during = policy.activities.values().flat_map(|a| &a.during);
    let unless = policy.transitions.iter().filter_map(|t| t.unless.as_ref()).map(|(tie, _)| tie);
    let ended = policy.retentions.iter().filter_map(|r| match &r.after {
        Ended(ties) => Some(ties),
        nattoku_model::policy::RetentionStart::Acquired => None,
    });
    during.chain(unless).chain(ended.flatten()).any(|tie| tie.as_str() == name)
}

/// Third parties and joint users that no rule gives anything. Processors carry their own work; successors and
/// authorities may get data by succession and by exception.
fn recipients(policy: &Policy) -> impl Iterator<Item = &str> {
    let unused = policy.recipients.iter().filter(|(name, recipient)| {
        let is_provided = policy.provisions.values().any(|p| p.to.contains(name));
        let is_joint = policy.joint_uses.values().any(|j| j.users.contains(name));
        match recipient.kind {
            RecipientKind::ThirdParty => !is_provided,
            RecipientKind::JointUser => !is_provided && !is_joint,
            RecipientKind::Processor | RecipientKind::Successor | RecipientKind::Authority => false,
        }
    });
    unused.map(|(name, _)| name.as_str())
}

fn uses_consent(policy: &Policy, name: &str) -> bool {
    let is_required = policy.activities.values().flat_map(|a| &a.requires).any(|c| c.as_str() == name);
    let is_basis = policy
        .provisions
        .values()
        .any(|p| matches!(&p.basis, Basis::Consent(item, _) if item.as_str() == name));
    let is_transfer = policy
        .recipients
        .values()
        .any(|r| matches!(&r.transfer, Some(Transfer::Consent(item)) if item.as_str() == name));
    is_required || is_basis || is_transfer
}
