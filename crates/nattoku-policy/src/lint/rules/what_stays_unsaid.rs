//! `what-stays-unsaid`: a consequence that tells what ends and nothing of what stays.

use nattoku_model::Language;
use nattoku_model::language::Text;
use nattoku_model::policy::{Refusability, Rule};

use crate::diagnostic::{Diagnostic, Words};
use crate::lint::sentences::sentences;
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports consequences of a single sentence, where no residue says what stays.
    WhatStaysUnsaid = "what-stays-unsaid", Language, Note, [];
    ja: "止められる選択と同意事項の影響 `consequence` のうち、一つの文しかないものを報告します。`residue` のある選択は除きます。",
        "何がなくなるかだけを読むと、お客さまは契約や料金まで変わると思い、止めることをためらいます。変わらないことも一文で伝えます。";
    en: "Reports a `consequence` of a single sentence, of consent items and of choices that can be declined. A choice with a \
         `residue` is left out.",
        "Who reads only what ends fears for the rest, the contract and the charges, and does not dare to stop. What stays takes a \
         sentence too.";
    kdl: r#"choice offers refusability=refusable {
    ja "ご案内"; en "Offers"
    consequence { ja "止めると、ご案内が届かなくなります。"; en "If you stop, offers end." }
    covers offers
}"#
    => r#"choice offers refusability=refusable {
    ja "ご案内"; en "Offers"
    consequence { ja "止めると、ご案内が届かなくなります。ご契約は変わりません。"; en "If you stop, offers end. Your contract stays the same." }
    covers offers
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let items = cx.policy.consents.iter().map(|(name, item)| (Rule::new("consent", name), &item.consequence));
    let refusable = cx.policy.choices.iter().filter(|(_, choice)| {
        choice.refusability != Refusability::NotRefusable && choice.residue.is_empty()
    });
    let choices = refusable.map(|(name, choice)| (Rule::new("choice", name), &choice.consequence));
    for (of, _) in items.chain(choices).filter(|(_, consequence)| is_alone(consequence)) {
        let message = Words::new(
            format!("`{}` の影響に、止めても変わらないことが書かれていません", of.name),
            format!("the consequence of `{}` does not say what stays", of.name),
        );
        let help = Words::new(
            "変わらないことを、もう一文で書いてください",
            "say in a second sentence what stays as it is",
        );
        out.push(rule.finding(cx.part(&of, "consequence"), message).help(help));
    }
}

/// Whether a text is a single sentence in a language it exists in. A clause of its own may say what stays as well.
fn is_alone(text: &Text) -> bool {
    let is_alone = |language: Language| {
        let said = text.get(language);
        let has_clause = match language {
            Language::Ja => said.contains("が、"),
            Language::En => said.contains(';') || said.contains(", but "),
        };
        text.has(language) && sentences(said, language).count() == 1 && !has_clause
    };
    Language::ALL.into_iter().any(is_alone)
}
