//! `long-sentence`: a sentence of the first layer that cannot be read at a glance.

use nattoku_model::Language;

use crate::diagnostic::{Diagnostic, Label, Words};
use crate::lint::sentences::{length, length_max, sentences};
use crate::lint::texts::{RuleText, texts};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports sentences that are longer than a customer reads at a glance.
    LongSentence = "long-sentence", Language, Note, [];
    ja: "文面 `wording`、影響 `consequence`、例 `example`、説明 `description`、お客さまの利点 `benefit` のうち、60字を超える文（英語では20語を超える文）を報告します。",
        "これらは、お客さまが決める前に読む文です。長い文は読み飛ばされ、何に答えたのかが分からなくなります。";
    en: "Reports sentences of more than 20 words in English, 60 characters in Japanese, in wordings, consequences, examples, \
         descriptions and benefits.",
        "They are what a customer reads before deciding. A long sentence is skipped, and then nobody knows what was answered.";
    kdl: r#"consent mail text="1" {
    ja "メール"; en "E-mail"
    wording "1" { ja "…"; en "When you buy from us we send you, until you tell us otherwise, news of goods, campaigns and events that suit you." }
    consequence { ja "…"; en "…" }
}"#
    => r#"consent mail text="1" {
    ja "メール"; en "E-mail"
    wording "1" { ja "…"; en "When you buy from us, we send you news that suits you. You can stop it at any time." }
    consequence { ja "…"; en "…" }
}"#
}

/// The parts that stand in the first layer of what customers read.
const PARTS: [&str; 5] = ["wording", "consequence", "example", "description", "benefit"];

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for text in texts(cx.policy) {
        let Some(part) = text.part.filter(|part| PARTS.contains(part)) else { continue };
        for language in Language::ALL.into_iter().filter(|language| text.text.has(*language)) {
            let longest = sentences(text.text.get(language), language).map(|s| length(s, language)).max();
            let Some(n) = longest.filter(|n| *n > length_max(language)) else { continue };
            let max = length_max(language);
            let message = match language {
                Language::Ja => Words::new(
                    format!("日本語の文が {n} 字あります（{max} 字まで）"),
                    format!("a sentence in Japanese has {n} characters, where {max} are read at a glance"),
                ),
                Language::En => Words::new(
                    format!("英語の文が {n} 語あります（{max} 語まで）"),
                    format!("a sentence in English has {n} words, where {max} are read at a glance"),
                ),
            };
            let help = Words::new("短い文に分けてください", "make shorter sentences of it");
            out.push(rule.finding(place(cx, &text, part, language), message).help(help));
        }
    }
}

/// The text in its language, or the part it stands in.
fn place(cx: &Context<'_>, text: &RuleText<'_>, part: &str, language: Language) -> Label {
    let is_meant = |word: &str| text.word.is_none_or(|meant| meant == word);
    let said = cx.node(&text.rule).and_then(|node| {
        let mut parts = node.children_named(part);
        let part = parts.find(|part| {
            part.args.is_empty() || part.args.iter().any(|arg| arg.value.as_str().is_some_and(is_meant))
        })?;
        let said = part.child(language.tag())?;
        Some(said.at(&said.args.first()?.span))
    });
    said.unwrap_or_else(|| cx.part(&text.rule, part))
}
