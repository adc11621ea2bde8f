//! `versions-out-of-order`: an earlier version that takes effect with the current one or after it.

use nattoku_model::policy::Rule;

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports earlier versions that take effect no earlier than the current one.
    VersionsOutOfOrder = "versions-out-of-order", Language, Error, ["R7", "R74"];
    ja: "`earlier/` にある版のうち、今の版と同時か後に効力が始まるものを報告します。",
        "どの版が効いているかは効力の始まりで決まります。順序が逆だと、置き換えたはずの版が適用されます。";
    en: "Reports versions below `earlier/` that take effect together with the current one or after it.",
        "Which version is in force is told by when each takes effect. In the wrong order the version that was replaced \
         would apply.";
    kdl: r#"// earlier/2015-10-01/policy.kdl
effective "2025-10-01"
// policy.kdl
effective "2019-12-11""#
    => r#"// earlier/2015-10-01/policy.kdl
effective "2015-10-01"
// policy.kdl
effective "2019-12-11""#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let current = cx.policy;
    let late = |p: &&nattoku_model::Policy| p.version != current.version && p.effective >= current.effective;
    for earlier in cx.versions.oldest_first().into_iter().filter(late) {
        let message = Words::new(
            format!("以前の版 `{}` の効力が、今の版 `{}` より前に始まっていません", earlier.version, current.version),
            format!("the earlier version `{}` does not take effect before `{}`", earlier.version, current.version),
        );
        let help = Words::new(
            "今の版か以前の版の `effective` を直してください",
            "correct `effective` of the current version or of the earlier one",
        );
        out.push(rule.finding(cx.part(&Rule::new("policy", &current.name), "effective"), message).help(help));
    }
}
