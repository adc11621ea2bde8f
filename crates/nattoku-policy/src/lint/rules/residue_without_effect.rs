//! `residue-without-effect`: a residue of what the choice does not stop anyway.

use std::collections::BTreeSet;

use nattoku_model::policy::{Basis, Choice, Cover, Policy, Provision, Refusability, Rule};

use super::{meet, word};
use crate::diagnostic::{Diagnostic, Words};
use crate::lint::{Context, LintRule};

lint_rule! {
    /// Reports residues that let nothing pass.
    ResidueWithoutEffect = "residue-without-effect", Language, Warning, ["R50"];
    ja: "選択が及ばない利用や、その利用に要らない項目を挙げた `residue` を報告します。",
        "「それでも渡るもの」として示しながら、実際には何も変わりません。綴りの誤りで、渡るはずのものが止まることもあります。";
    en: "Reports a `residue` for an activity that the choice does not cover, or of a category that the activity does \
         not need.",
        "It is shown as what passes all the same and changes nothing; or a slip stops what should have passed.";
    kdl: r#"choice offers refusability=refusable {
    ja "ご案内"; en "Offers"
    covers partner_offers
    residue club.number for=invoicing
}"#
    => r#"choice offers refusability=refusable {
    ja "ご案内"; en "Offers"
    covers partner_offers
    residue club.number for=partner_offers
}"#
}

fn check(rule: &dyn LintRule, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let opt_outs: BTreeSet<(&str, &str)> = cx.policy.provisions.values().filter_map(opt_out).collect();
    for (name, choice) in &cx.policy.choices {
        let declared = Rule::new("choice", name);
        for residue in &choice.residue {
            let activity = &residue.activity;
            let rests_on_it = opt_outs.contains(&(activity.as_str(), name.as_str()));
            if !rests_on_it && !covers(cx.policy, choice, activity.as_str()) {
                let message = Words::new(
                    format!("選択 `{name}` は利用 `{activity}` に及ばないので、この残りは何も変えません"),
                    format!(
                        "the choice `{name}` does not cover `{activity}`, so that this residue changes nothing"
                    ),
                );
                let help = Words::new(
                    "`covers` に加えるか、`residue` を除いてください",
                    "cover the activity, or take the `residue` out",
                );
                out.push(rule.finding(word(cx, &declared, "residue", activity.as_str()), message).help(help));
                continue;
            }
            let Some(registered) = cx.policy.activities.get(activity) else { continue };
            for category in residue.categories.iter().filter(|c| !registered.needs.iter().any(|n| meet(n, c)))
            {
                let message = Words::new(
                    format!(
                        "利用 `{activity}` は項目 `{category}` を必要としないので、この残りは何も変えません"
                    ),
                    format!("`{activity}` does not need `{category}`, so that this residue changes nothing"),
                );
                let help = Words::new(
                    "利用の `needs` に加えるか、`residue` から除いてください",
                    "add it to the activity's `needs`, or take it out of the `residue`",
                );
                out.push(rule.finding(word(cx, &declared, "residue", category.as_str()), message).help(help));
            }
        }
    }
}

/// The activity and the choice of a provision that rests on an opt-out.
fn opt_out(provision: &Provision) -> Option<(&str, &str)> {
    match &provision.basis {
        Basis::OptOut(choice) => Some((provision.activity.as_str(), choice.as_str())),
        Basis::Consent(..) | Basis::Law(_) => None,
    }
}

/// Whether the choice can stop any act of the activity.
fn covers(policy: &Policy, choice: &Choice, activity: &str) -> bool {
    if choice.refusability == Refusability::NotRefusable {
        return false;
    }
    let purposes = policy.activities.get(activity).map(|a| a.purposes.as_slice()).unwrap_or_default();
    choice.covers.iter().any(|cover| match cover {
        Cover::Activity(covered, _) => covered.as_str() == activity,
        Cover::Purpose(purpose, _) => purposes.contains(purpose),
        Cover::Recipients(_) => true,
    })
}
