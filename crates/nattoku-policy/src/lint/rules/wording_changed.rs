//! `wording-changed`: a wording with another text than an earlier version of the policy gave it.

use nattoku_model::policy::Rule;

use super::word;
use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports wordings whose text changed while their version stayed.
    WordingChanged = "wording-changed", Language, Error, ["R42", "CORE-3"];
    ja: "以前の版と同じ番号のまま、文が変わっている同意の文面を報告します。",
        "お客さまは読んだ文に同意しました。同じ番号で文を変えると、読んでいない文に同意したことになります。";
    en: "Reports wordings of consent items whose text differs from that of the same wording in an earlier version.",
        "Customers agreed to the words they read. Other words under the same number would make them agree to what they \
         never saw.";
    kdl: r#"wording "1" { ja "加盟店とネット提携先に提供します。"; en "We give it to stores and online partners." }"#
    => r#"wording "1" { ja "加盟店に提供します。"; en "We give it to stores." }
wording "2" { ja "加盟店とネット提携先に提供します。"; en "We give it to stores and online partners." }"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (name, item) in &cx.policy.consents {
        for (wording, text) in &item.wordings {
            let changed_since = cx.versions.oldest_first().into_iter().find(|earlier| {
                earlier.version != cx.policy.version
                    && earlier
                        .consents
                        .get(name)
                        .and_then(|c| c.wordings.get(wording))
                        .is_some_and(|t| t != text)
            });
            let Some(earlier) = changed_since else { continue };
            let message = Words::new(
                format!("文面 `{wording}` の文が、版 `{}` のものと違います", earlier.version),
                format!("the wording `{wording}` has another text than in the version `{}`", earlier.version),
            );
            let help = Words::new(
                "元の文に戻し、新しい文には新しい番号を付けてください",
                "put the former text back, and give the new one a wording of its own",
            );
            let at = word(cx, &Rule::new("consent", name), "wording", wording.as_str());
            out.push(rule.finding(at, message).help(help));
        }
    }
}
