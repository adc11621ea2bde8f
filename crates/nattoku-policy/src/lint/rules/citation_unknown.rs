//! `citation-unknown`: a citation of a law that the law's pack does not have.

use nattoku_model::law::{Cited, Pack};
use nattoku_model::policy::{Basis, Rule};

use super::word;
use crate::diagnostic::{Diagnostic, Label, Words};
use crate::lint::{Context, LintRule};
use crate::pack::Packs;

lint_rule! {
    /// Reports citations that the packs of the policy's laws do not have.
    CitationUnknown = "citation-unknown", Law, Warning, ["R6", "CORE-10"];
    ja: "`cite`、`basis=`、`law=` に引用された条文または番号のうち、ポリシーの法令のパックにないものと、ポリシーが `law` に書いていない法令のものを報告します。",
        "改正で条文の番号は変わります。存在しない条文を根拠にした規則は、何にもとづくのか誰にも確かめられません。";
    en: "Reports places in laws and numbers of facts cited in `cite`, `basis=` or `law=` that the packs of the policy's laws do \
         not have, and those of laws that the policy does not name.",
        "Amendments renumber articles. What a rule rests on that cites one which is not there, nobody can look up.";
    kdl: r#"exception statute basis="APPI 16(3)(i)" { ja "…"; en "…"; requires document approver assessment }"#
    => r#"exception statute basis="APPI 18(3)(i)" { ja "…"; en "…"; requires document approver assessment }"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (declared, place) in &cx.policy.places {
        for text in &place.cites {
            out.extend(finding(rule, cx, text, || word(cx, declared, "cite", text)));
        }
    }
    for (name, exception) in &cx.policy.exceptions {
        let at = || cx.part(&Rule::new("exception", name), "basis");
        out.extend(finding(rule, cx, &exception.basis, at));
    }
    for (name, activity) in &cx.policy.activities {
        for statute in &activity.statutes {
            let at = || word(cx, &Rule::new("activity", name), "statute", statute.class.as_str());
            out.extend(finding(rule, cx, &statute.basis, at));
        }
    }
    for (name, provision) in &cx.policy.provisions {
        let Basis::Law(text) = &provision.basis else { continue };
        out.extend(finding(rule, cx, text, || cx.part(&Rule::new("provision", name), "basis")));
    }
}

fn finding(
    rule: &dyn LintRule,
    cx: &Context<'_>,
    text: &str,
    at: impl FnOnce() -> Label,
) -> Option<Diagnostic> {
    let cited: Cited = text.parse().ok()?;
    let mut about = cx.policy.packs.iter().filter(|law| law.is_about(&cited)).peekable();
    let Some(law) = about.peek().copied() else { return of_other_law(rule, text, &cited, at) };
    if about.any(|law| law.knows(&cited)) {
        return None;
    }
    let message = Words::new(
        format!("`{text}` は、ポリシーの法令のパックにありません"),
        format!("the packs of the policy's laws have no `{text}`"),
    );
    Some(rule.finding(at(), message).help(nearest(law, &cited)))
}

fn nearest(law: &Pack, cited: &Cited) -> Words {
    match law.nearest(cited) {
        Some(near) => Words::new(format!("`{near}` のことですか"), format!("did you mean `{near}`?")),
        None => Words::new(
            "`nattoku policy packs` でパックの条文を確かめてください",
            "look up the provisions with `nattoku policy packs`",
        ),
    }
}

/// A citation of a law of which there is a pack, and which the policy does not name.
fn of_other_law(
    rule: &dyn LintRule,
    text: &str,
    cited: &Cited,
    at: impl FnOnce() -> Label,
) -> Option<Diagnostic> {
    let law = Packs::built_in().all().find(|law| law.is_about(cited))?;
    let message = Words::new(
        format!("`{text}` の法令は、ポリシーの `law` に書かれていません"),
        format!("the policy does not name the law of `{text}`"),
    );
    let help = Words::new(
        format!("`law {} \"{}\"` を書くか、引用を除いてください", law.law, law.version),
        format!("write `law {} \"{}\"`, or take the citation out", law.law, law.version),
    );
    Some(rule.finding(at(), message).help(help))
}
