//! The difference for people: what obliges to most first, each change with its places, its grounds and what it shifts.

use std::fmt::Write as _;

use nattoku_analysis::difference::{Affected, Change};
use nattoku_model::policy::Place;
use nattoku_model::{ChangeClass, Language};

use super::Compared;

/// Most acts shown of one change; the rest is counted. The JSON has all.
const EFFECTS_SHOWN: usize = 6;

/// The difference in words.
#[must_use]
pub fn difference_text(compared: &Compared, language: Language) -> String {
    let mut out = String::new();
    let changes = &compared.difference.changes;
    for class in ChangeClass::ALL.into_iter().rev() {
        let of_class: Vec<&Change> = changes.iter().filter(|c| c.class == class).collect();
        if of_class.is_empty() {
            continue;
        }
        line(&mut out, class.words(language));
        for change in of_class {
            change_text(&mut out, change, compared, language);
        }
        out.push('\n');
    }
    line(&mut out, &summary(compared, language));
    out
}

fn line(out: &mut String, text: &str) {
    let _ = writeln!(out, "{text}");
}

/// One change: its sentence, where it stands, why it is classed as it is, whom it concerns, and what it shifts.
fn change_text(out: &mut String, change: &Change, compared: &Compared, language: Language) {
    line(out, &format!("  {}", headline(change, language)));
    line(out, &format!("      {}  {}", change.id(), places(change, language)));
    for ruling in &change.rulings {
        let (cites, why) = (ruling.cites_in_words.get(language), ruling.why.get(language));
        line(
            out,
            &match language {
                Language::Ja => format!("      {cites}（{} {}）: {why}", ruling.law, ruling.version),
                Language::En => format!("      {cites} ({} {}): {why}", ruling.law, ruling.version),
            },
        );
    }
    if change.rulings.is_empty() {
        line(out, &format!("      {}", unruled(language)));
    }
    if change.affected != Affected::Nobody {
        let whom = change.affected.words(compared.before(), compared.after());
        let concerns = match language {
            Language::Ja => "対象",
            Language::En => "concerns",
        };
        line(out, &format!("      {concerns}: {}", whom.get(language)));
    }
    for effect in change.effects.iter().take(EFFECTS_SHOWN) {
        let act = effect.act_words(compared.before(), compared.after());
        let (shift, whom) = (effect.shift.words(language), effect.whom.words(language));
        line(
            out,
            &match language {
                Language::Ja => format!("      {shift}: {whom}、{}", act.get(language)),
                Language::En => format!("      {shift}: {}, {whom}", act.get(language)),
            },
        );
    }
    let more = change.effects.len().saturating_sub(EFFECTS_SHOWN);
    if more > 0 {
        line(
            out,
            &match language {
                Language::Ja => format!("      ほかに {more} 件（--format json で全部が見られます）"),
                Language::En => format!("      and {more} more (all of them with --format json)"),
            },
        );
    }
}

/// What changes, in one line.
pub(crate) fn headline(change: &Change, language: Language) -> String {
    let (title, sentence) = (change.title.get(language), change.sentence(language));
    match language {
        Language::Ja => format!("「{title}」{sentence}"),
        Language::En => format!("{title}: {sentence}"),
    }
}

fn places(change: &Change, language: Language) -> String {
    let (was, is) = match language {
        Language::Ja => ("旧", "新"),
        Language::En => ("old", "new"),
    };
    let of = |name: &str, places: Vec<&Place>| {
        let mut shown: Vec<String> = places.iter().map(ToString::to_string).collect();
        shown.dedup();
        (!shown.is_empty()).then(|| format!("{name} {}", shown.join(", ")))
    };
    let before = change.before.iter().chain(change.causes.iter().filter_map(|c| c.before.as_ref())).collect();
    let after = change.after.iter().chain(change.causes.iter().filter_map(|c| c.after.as_ref())).collect();
    let shown: Vec<String> = [of(was, before), of(is, after)].into_iter().flatten().collect();
    if shown.is_empty() { String::new() } else { format!("({})", shown.join("; ")) }
}

const fn unruled(language: Language) -> &'static str {
    match language {
        Language::Ja => "この種類の変更について定めた法令パックがないため、最も厳しく扱います",
        Language::En => "no law pack speaks of this kind of change, so it is classed as strictly as can be",
    }
}

fn summary(compared: &Compared, language: Language) -> String {
    let changes = &compared.difference.changes;
    let (from, to) = (&compared.difference.from, &compared.difference.to);
    let count = |class: ChangeClass| changes.iter().filter(|c| c.class == class).count();
    let (again, notify, none) =
        (count(ChangeClass::ConsentAgain), count(ChangeClass::Notify), count(ChangeClass::None));
    match (language, changes.len()) {
        (Language::Ja, 0) => format!("{from} → {to}: 意味の上での違いはありません"),
        (Language::En, 0) => format!("{from} → {to}: no difference in meaning"),
        (Language::Ja, n) => format!(
            "{from} → {to}: {n} 件の変更。同意の取り直し {again} 件、通知または公表 {notify} 件、手続きなし {none} 件"
        ),
        (Language::En, n) => format!(
            "{from} → {to}: {n} {}; consent again {again}, notify {notify}, nothing to do {none}",
            if n == 1 { "change" } else { "changes" }
        ),
    }
}
