//! `route-not-in-law`: a provision or a joint use by a route that one of the policy's laws does not have.

use nattoku_model::law::{Pack, Route};
use nattoku_model::policy::{Basis, RecipientKind, Rule};

use crate::diagnostic::{Diagnostic, Label, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports provisions on an opt-out, and joint uses, that a law of the policy has no route for.
    RouteNotInLaw = "route-not-in-law", Law, Warning, ["R6", "MAP-1"];
    ja: "オプトアウト `basis opt-out=…` による提供、共同利用 `joint-use`、事業の承継者 `kind=successor` のうち、`law` に書かれた法令のどれかがその経路を認めていないものを報告します。",
        "複数の法令の下では、最も厳しい答えで判断します。経路を認めない法令があれば、その流れには本人の同意が要り、同意を求める利用でなければ何も渡せません。";
    en: "Reports provisions on an opt-out, `basis opt-out=…`, joint uses and successors, `kind=successor`, that one of the laws \
         named in `law` has no route for.",
        "Under several laws the strictest answer counts. Where one of them does not have the route, the flow needs the \
         principal's consent, and by an activity that asks for none nothing can be given.";
    kdl: r#"law appi "2022-04-01"
law gdpr "2018-05-25"

provision names_to_publishers { activity listing; give contact.name; to publishers; basis opt-out=listing }"#
    => r#"law appi "2022-04-01"
law gdpr "2018-05-25"

provision names_to_publishers { activity listing; give contact.name; to publishers; basis consent=listing }"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let lacking = |route: Route| cx.policy.packs.iter().filter(move |law| !law.routes.contains_key(&route));
    for (name, provision) in &cx.policy.provisions {
        let asks = cx.policy.activities.get(&provision.activity).is_some_and(|a| !a.requires.is_empty());
        if !matches!(provision.basis, Basis::OptOut(_)) || asks {
            continue;
        }
        let at = cx.part(&Rule::new("provision", name), "basis");
        out.extend(lacking(Route::OptOut).map(|law| finding(rule, at.clone(), ("提供", name.as_str()), law)));
    }
    for name in cx.policy.joint_uses.keys() {
        let at = cx.span_of(&Rule::new("joint-use", name));
        out.extend(lacking(Route::JointUse).map(|law| finding(rule, at.clone(), ("共同利用", name.as_str()), law)));
    }
    let successors = cx.policy.recipients.iter().filter(|(_, r)| r.kind == RecipientKind::Successor);
    for (name, _) in successors {
        let at = cx.part(&Rule::new("recipient", name), "kind");
        let found = lacking(Route::Succession);
        out.extend(found.map(|law| finding(rule, at.clone(), ("承継者", name.as_str()), law)));
    }
}

fn finding(rule: &dyn LintRule, at: Label, (kind, name): (&str, &str), law: &Pack) -> Diagnostic {
    let (law, version) = (&law.law, &law.version);
    let message = Words::new(
        format!("法令 `{law}` の版 `{version}` には、{kind} `{name}` の経路がありません"),
        format!("`{law}` `{version}` has no such route as `{name}` takes"),
    );
    let help = Words::new(
        "同意を根拠にするか、利用に `requires consent=…` を書いてください",
        "rest it on consent, or write `requires consent=…` in the activity",
    );
    rule.finding(at, message).help(help)
}
