//! `shadowed-provision`: a provision that another one always stands before.

use std::collections::BTreeMap;

use nattoku_model::name::ProvisionName;
use nattoku_model::policy::{Basis, Provision, Rule};

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports provisions of which everything falls under another one first.
    ShadowedProvision = "shadowed-provision", Language, Warning, ["R41", "APPI-27-1"];
    ja: "渡すものも相手も、先に適用される別の提供にすべて含まれている提供を報告します。法令による提供が同意による提供に、同意による提供がオプトアウトに先立ちます。",
        "その提供は決して適用されません。オプトアウトのつもりでも、同意のない人には渡りません。";
    en: "Reports provisions whose every category and recipient falls under another provision that comes first: one by law \
         before one by consent, and that before an opt-out.",
        "It never decides anything. What was meant to pass unless somebody declines waits for a consent instead.";
    kdl: r#"provision offers_by_choice { activity offers; give purchase; to stores; basis opt-out=offers }
provision offers_by_consent { activity offers; give purchase; to stores; basis consent=sharing }"#
    => r#"provision offers_by_consent { activity offers; give purchase; to stores; basis consent=sharing }"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut by_activity: BTreeMap<&str, Vec<(&ProvisionName, &Provision)>> = BTreeMap::new();
    for (name, provision) in &cx.policy.provisions {
        by_activity.entry(provision.activity.as_str()).or_default().push((name, provision));
    }
    for (name, provision) in &cx.policy.provisions {
        let rivals = by_activity.get(provision.activity.as_str()).into_iter().flatten();
        let before = rivals.copied().find(|(other, p)| {
            (rank(p), *other) < (rank(provision), name) && decides(p, provision) && holds(p, provision)
        });
        let Some((other, _)) = before else { continue };
        let message = Words::new(
            format!("提供 `{name}` のすべてに、先に `{other}` が適用されます"),
            format!("all of the provision `{name}` falls under `{other}` first"),
        );
        let there = cx
            .span_of(&Rule::new("provision", other))
            .saying(Words::new("先に適用される提供", "the one that comes first"));
        let help = Words::new(
            "どちらかを消すか、渡すものか相手を分けてください",
            "take one of the two out, or part what they give or to whom",
        );
        out.push(rule.finding(cx.span_of(&Rule::new("provision", name)), message).label(there).help(help));
    }
}

/// Which comes first, as the decision has it.
const fn rank(provision: &Provision) -> u8 {
    match provision.basis {
        Basis::Law(_) => 0,
        Basis::Consent(..) => 1,
        Basis::OptOut(_) => 2,
    }
}

/// Whether the first is asked before the second whatever the principal's will: two consents stand beside each other unless
/// they are the same, since the one that is given counts.
fn decides(first: &Provision, second: &Provision) -> bool {
    rank(first) < rank(second) || rank(first) == 0 || first.basis == second.basis
}

/// Whether all that the second gives, and everybody it gives to, is the first's too.
fn holds(first: &Provision, second: &Provision) -> bool {
    second.to.iter().all(|r| first.to.contains(r))
        && second.gives.iter().all(|c| first.gives.iter().any(|g| g.covers(c)))
}
