//! `notice-anchor-mismatch`: sections that differ between the languages of the notice.

use std::collections::BTreeSet;

use nattoku_model::Language;

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};
use crate::notice::Notice;

lint_rule! {
    /// Reports sections that one language of the notice has and another has not, or has elsewhere.
    NoticeAnchorMismatch = "notice-anchor-mismatch", Language, Warning, ["R73", "R76"];
    ja: "言語ごとの通知文を比べ、片方にしかない章、並び順や深さの違う章を報告します。章はアンカー `{#…}` で対応づけます。",
        "判断の回答は章を指して理由を示します。章が片方の言語にしかないと、もう一方の読者には行き先がありません。";
    en: "Compares the notices of the languages and reports sections that stand in one alone, in another order or at \
         another depth. Sections correspond by their anchors `{#…}`.",
        "Answers point at a section as their reason. A section in one language alone leaves the readers of the other \
         nowhere to go.";
    markdown: "notice.ja.md:  ## 3. 利用目的 {#purposes}
notice.en.md:  ## 3. Purposes {#purpose_of_use}"
    => "notice.ja.md:  ## 3. 利用目的 {#purposes}
notice.en.md:  ## 3. Purposes {#purposes}"
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let Some(model) = cx.notices.get(&cx.policy.prevails) else { return };
    for notice in cx.notices.values().filter(|n| n.language != model.language) {
        let before = out.len();
        missing(rule, model, notice, out);
        missing(rule, notice, model, out);
        if out.len() == before {
            misplaced(rule, model, notice, out);
        }
    }
}

/// Sections of `one` that `other` has not.
fn missing(rule: &dyn LintRule, one: &Notice, other: &Notice, out: &mut Vec<Diagnostic>) {
    let (ja, en) = called(other.language);
    let there: BTreeSet<&str> = other.sections.iter().map(|s| s.anchor.as_str()).collect();
    for section in one.sections.iter().filter(|s| !there.contains(s.anchor.as_str())) {
        let anchor = &section.anchor;
        let message = Words::new(
            format!("章 `{anchor}` が{ja}の通知文にありません"),
            format!("the {en} notice has no section `{anchor}`"),
        );
        let help = Words::new(
            format!("{ja}の通知文に `{{#{anchor}}}` の章を書いてください"),
            format!("write the section `{{#{anchor}}}` in the {en} notice too"),
        );
        out.push(rule.finding(section.label.clone(), message).help(help));
    }
}

/// The first section that stands in another order or at another depth.
fn misplaced(rule: &dyn LintRule, model: &Notice, notice: &Notice, out: &mut Vec<Diagnostic>) {
    let pairs = model.sections.iter().zip(&notice.sections);
    let Some((expected, found)) =
        pairs.into_iter().find(|(a, b)| (&a.anchor, a.level) != (&b.anchor, b.level))
    else {
        return;
    };
    let message = if expected.anchor == found.anchor {
        Words::new(
            format!("章 `{}` の深さが言語によって違います", found.anchor),
            format!("the section `{}` has another depth in the other language", found.anchor),
        )
    } else {
        Words::new(
            format!("ここには章 `{}` が来るはずですが `{}` があります", expected.anchor, found.anchor),
            format!("expected the section `{}` here, not `{}`", expected.anchor, found.anchor),
        )
    };
    let there = expected
        .label
        .clone()
        .saying(Words::new("優先する言語ではここ", "here in the language that prevails"));
    let help = Words::new("章の並びと深さをそろえてください", "give the sections the same order and depth");
    out.push(rule.finding(found.label.clone(), message).label(there).help(help));
}

fn called(language: Language) -> (&'static str, &'static str) {
    match language {
        Language::Ja => ("日本語", "Japanese"),
        Language::En => ("英語", "English"),
    }
}
