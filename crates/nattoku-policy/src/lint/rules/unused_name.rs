//! `unused-name`: something declared that nothing refers to.

use std::collections::BTreeSet;

use nattoku_model::policy::{Basis, Policy, RecipientKind, RetentionStart, Rule, Transfer};

use super::Tree;
use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports declarations that nothing refers to.
    UnusedName = "unused-name", Language, Warning, ["R4"];
    ja: "どこからも参照されていない項目、アプリケーション、関係、業務、相手方、同意事項、委託元、カレンダーを報告します。",
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
    let policy = cx.policy;
    let mut used = by_activities(policy);
    used.extend(by_recipients(policy));
    used.extend(by_others(policy));
    let unspoken = unspoken(policy);
    let unspoken: BTreeSet<&str> = unspoken.topmost().collect();
    for declaration in cx.declarations {
        let Rule { kind, name } = &declaration.rule;
        let Some((ja, en)) = called(kind) else { continue };
        let is_unused = match *kind {
            "category" => unspoken.contains(name.as_str()),
            "recipient" => waits_for_a_rule(policy, name) && !used.contains(&(*kind, name.as_str())),
            _ => !used.contains(&(*kind, name.as_str())),
        };
        if is_unused {
            let message = Words::new(
                format!("{ja} `{name}` はどこからも参照されていません"),
                format!("nothing refers to the {en} `{name}`"),
            );
            out.push(rule.finding(declaration.node.declared_label(), message).help(help(kind)));
        }
    }
}

/// The kinds of name that do nothing by themselves, as people call them.
fn called(kind: &str) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        "category" => ("項目", "category"),
        "application" => ("アプリケーション", "application"),
        "relationship" => ("関係", "relationship"),
        "work" => ("委託する業務", "kind of work"),
        "recipient" => ("相手方", "recipient"),
        "consent" => ("同意事項", "consent item"),
        "entruster" => ("委託元", "entruster"),
        "calendar" => ("カレンダー", "calendar"),
        _ => return None,
    })
}

fn help(kind: &str) -> Words {
    match kind {
        "application" => Words::new(
            "依頼してよい利用の `by` に書くか、宣言を消してください",
            "name it in `by` of the activities it may ask for, or take it out",
        ),
        "recipient" => Words::new(
            "提供または外部送信の `to`、共同利用の `users` に書くか、宣言を消してください",
            "name it in `to` of a provision or an external transmission or in `users` of a joint use, or take it out",
        ),
        "consent" => Words::new(
            "利用の `requires`、提供の `basis`、相手方の `transfer` で使うか、宣言を消してください",
            "use it in `requires` of an activity, `basis` of a provision or `transfer` of a recipient, or take it out",
        ),
        _ => Words::new(
            "使う箇所で参照するか、宣言を消してください",
            "refer to it where it is used, or take it out",
        ),
    }
}

type Used<'a> = BTreeSet<(&'static str, &'a str)>;

fn by_activities(policy: &Policy) -> Used<'_> {
    let mut used = BTreeSet::new();
    for activity in policy.activities.values() {
        used.extend(activity.by.iter().map(|n| ("application", n.as_str())));
        used.extend(activity.during.iter().map(|n| ("relationship", n.as_str())));
        used.extend(activity.requires.iter().map(|n| ("consent", n.as_str())));
        used.extend(activity.entrusted_by.iter().map(|n| ("entruster", n.as_str())));
    }
    used
}

fn by_recipients(policy: &Policy) -> Used<'_> {
    let mut used = BTreeSet::new();
    for recipient in policy.recipients.values() {
        used.extend(recipient.works.iter().map(|n| ("work", n.as_str())));
        if let Some(Transfer::Consent(item)) = &recipient.transfer {
            used.insert(("consent", item.as_str()));
        }
    }
    for provision in policy.provisions.values() {
        used.extend(provision.to.iter().map(|n| ("recipient", n.as_str())));
        if let Basis::Consent(item, _) = &provision.basis {
            used.insert(("consent", item.as_str()));
        }
    }
    used.extend(policy.joint_uses.values().flat_map(|j| &j.users).map(|n| ("recipient", n.as_str())));
    used.extend(policy.transmissions.values().flat_map(|t| &t.to).map(|n| ("recipient", n.as_str())));
    used
}

fn by_others(policy: &Policy) -> Used<'_> {
    let mut used = BTreeSet::new();
    for retention in &policy.retentions {
        if let RetentionStart::Ended(relationships) = &retention.after {
            used.extend(relationships.iter().map(|n| ("relationship", n.as_str())));
        }
    }
    used.extend(
        policy
            .transitions
            .iter()
            .filter_map(|t| t.unless.as_ref())
            .map(|(n, _)| ("relationship", n.as_str())),
    );
    let hours = policy.desks.iter().filter_map(|d| d.hours.as_ref());
    used.extend(hours.map(|h| ("calendar", h.calendar.as_str())));
    used
}

/// Whether a recipient gets data only by a rule that names it. Processors carry their own work; successors and
/// authorities may get data by succession and by exception.
fn waits_for_a_rule(policy: &Policy, name: &str) -> bool {
    let kind = policy.recipients.get(name).map(|r| r.kind);
    matches!(kind, Some(RecipientKind::ThirdParty | RecipientKind::JointUser))
}

/// Categories that nothing speaks of.
fn unspoken(policy: &Policy) -> Tree<'_> {
    let activities = policy.activities.values();
    let spoken_of = activities.flat_map(|a| a.needs.iter().chain(a.occasions.iter().map(|o| &o.category)));
    let spoken_of = spoken_of
        .chain(policy.sources.values().flat_map(|s| &s.gives))
        .chain(policy.provisions.values().flat_map(|p| &p.gives))
        .chain(policy.recipients.values().flat_map(|r| &r.may).flat_map(|m| &m.on))
        .chain(policy.categories.values().flat_map(|c| &c.derived_from))
        .chain(policy.joint_uses.values().flat_map(|j| &j.items))
        .chain(policy.anonymized_sets.values().flat_map(|a| &a.items))
        .chain(policy.transmissions.values().flat_map(|t| &t.items))
        .chain(policy.prohibitions.values().flat_map(|p| &p.on));
    let spoken_of = Tree::of(spoken_of);
    Tree::of(policy.categories.keys().filter(|name| !spoken_of.meets(name)))
}
