//! `notice-missing`: a language of the policy in which there is no notice.

use nattoku_model::Language;

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule, rules::word};

lint_rule! {
    /// Reports languages in which there is no notice.
    NoticeMissing = "notice-missing", Language, Warning, ["R4", "R76", "APPI-21-1"];
    ja: "`languages` に挙げた言語のうち、通知文 `notice.ja.md`、`notice.en.md` がないものを報告します。",
        "ポリシーは公表されて初めてお客さまに対して意味を持ちます。通知文のない言語では、規則だけがあって説明がありません。";
    en: "Reports languages of the policy without their notice, `notice.ja.md` or `notice.en.md`.",
        "A policy means something to customers once it is published. Without a notice there are rules in that language \
         and nobody to explain them.";
    kdl: "languages ja en   // and only notice.ja.md in the folder"
    => "languages ja en   // notice.ja.md and notice.en.md in the folder"
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let policy = nattoku_model::policy::Rule::new("policy", &cx.policy.name);
    for language in cx.policy.languages.iter().filter(|l| !cx.notices.contains_key(l)) {
        let tag = language.tag();
        let (ja, en) = match language {
            Language::Ja => ("日本語", "Japanese"),
            Language::En => ("英語", "English"),
        };
        let message = Words::new(format!("{ja}の通知文がありません"), format!("there is no notice in {en}"));
        let help = Words::new(
            format!("`notice.{tag}.md` を書くか、`languages` から `{tag}` を除いてください"),
            format!("write `notice.{tag}.md`, or take `{tag}` out of `languages`"),
        );
        out.push(rule.finding(word(cx, &policy, "languages", tag), message).help(help));
    }
}
