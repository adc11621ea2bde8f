//! Purposes, applications and activities: what systems declare to do, and what for; the consents some of it rests on, and how
//! long data are kept for it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use nattoku_model::policy::Period;

use super::super::fields::Said;
use super::super::manifest::{Declaration, Label, Manifest};
use super::super::names::{Names, in_words};
use super::super::report::Kind;
use super::{Writer, origin};
use crate::kdl::{comment, string, word, words};

/// What was written, and the names that were given.
#[derive(Default)]
pub(super) struct Uses {
    pub(super) text: String,
    pub(super) consents: String,
    /// The activities of each system, in the order of `Manifest::systems`, each with the categories it needs.
    pub(super) activities: Vec<Vec<(String, Vec<String>)>>,
}

/// Writes all of it.
pub(super) fn write(manifest: &Manifest, writer: &mut Writer<'_>) -> Uses {
    let mut uses = Uses::default();
    let mut purposes = Names::default();
    uses.text = self::purposes(manifest, &mut purposes, writer);
    let mut applications = Names::default();
    for system in &manifest.systems {
        let key = &system.key;
        let title = system.name.clone().unwrap_or_else(|| in_words(&key.text));
        uses.text += &origin(&key.place, &key.text, system.description.as_deref());
        let name = applications.of(&key.text);
        let _ = writeln!(uses.text, "application {} {{ {} }}", word(&name), writer.text(&title));
    }
    let mut names = Names::default();
    for system in &manifest.systems {
        let application = applications.of(&system.key.text);
        let mut own = Vec::new();
        for (index, declaration) in system.declarations.iter().enumerate() {
            let called = declaration.name.as_deref().unwrap_or(&declaration.used_for.text);
            // Two declarations of one system may have one name; the index tells their keys apart.
            let name = names.of_words(&format!("{application} {called}"), &format!("{application} {index}"));
            let needs = needs(declaration, writer);
            let activity = Activity { name: &name, application: &application, needs: &needs, declaration };
            let purpose = purposes.of(&declaration.used_for.text);
            uses.text += &activity.write(&purpose, manifest, writer);
            uses.consents += &activity.consent(manifest, writer);
            own.push((name, needs));
        }
        uses.activities.push(own);
    }
    uses.text += &retentions(manifest, writer);
    uses
}

/// A purpose for everything that data are declared to be used for; for all the taxonomy has where no system declares any.
fn purposes(manifest: &Manifest, names: &mut Names, writer: &mut Writer<'_>) -> String {
    let labels: BTreeMap<&str, &Label> =
        manifest.uses.iter().rev().map(|label| (label.key.text.as_str(), label)).collect();
    let declared = manifest.systems.iter().flat_map(|system| &system.declarations);
    let mut used: BTreeMap<&str, &Said> = BTreeMap::new();
    for declaration in declared {
        used.entry(&declaration.used_for.text).or_insert(&declaration.used_for);
    }
    let is_taxonomy_alone = manifest.systems.is_empty();
    let mut out = String::new();
    let mut number = 0;
    for (key, label) in &labels {
        if is_taxonomy_alone {
            number += 1;
            out += &purpose(&label.key, Some(*label), number, names, writer);
        } else if !used.contains_key(key) {
            writer.note(
                Kind::LeftOut,
                "data_use",
                &label.key.place,
                "どのシステムの宣言にもない目的です。使わない目的は公表しません",
                "no system declares it: a purpose without a use is not published",
            );
        }
    }
    for (key, said) in used {
        number += 1;
        let label = labels.get(key).copied();
        if label.is_none() {
            writer.note(
                Kind::Missing,
                "data_use",
                &said.place,
                "宣言のない目的です。名前はキーから作りました。分類のファイルも渡すか、名前を書いてください",
                "a purpose that no file declares: it is named after its key; give the taxonomy's file too, or write its name",
            );
        }
        out += &purpose(said, label, number, names, writer);
    }
    out
}

fn purpose(
    said: &Said,
    label: Option<&Label>,
    number: u32,
    names: &mut Names,
    writer: &Writer<'_>,
) -> String {
    let key = said.text.as_str();
    let place = label.map_or(&said.place, |label| &label.key.place);
    let title = label.and_then(|label| label.name.clone()).unwrap_or_else(|| in_words(key));
    let mut out = origin(place, key, label.and_then(|label| label.description.as_deref()));
    let _ =
        writeln!(out, "purpose {} number=\"{number}\" {{ {} }}", word(&names.of(key)), writer.text(&title));
    out
}

fn needs(declaration: &Declaration, writer: &mut Writer<'_>) -> Vec<String> {
    let mut needs: Vec<String> =
        declaration.categories.iter().map(|said| writer.categories.path(&said.text)).collect();
    needs.sort();
    needs.dedup();
    needs
}

/// A declaration that becomes an activity.
struct Activity<'m> {
    name: &'m str,
    application: &'m str,
    needs: &'m [String],
    declaration: &'m Declaration,
}

impl Activity<'_> {
    fn title(&self, manifest: &Manifest) -> String {
        let declaration = self.declaration;
        let label = manifest.uses.iter().find(|label| label.key.text == declaration.used_for.text);
        let named = declaration.name.clone().or_else(|| label.and_then(|label| label.name.clone()));
        named.unwrap_or_else(|| in_words(&declaration.used_for.text))
    }

    fn write(&self, purpose: &str, manifest: &Manifest, writer: &mut Writer<'_>) -> String {
        let declaration = self.declaration;
        let mut out = origin(&declaration.place, &declaration.used_for.text, None);
        if let Some(third_parties) = &declaration.third_parties {
            let _ = writeln!(
                out,
                "// From fides: {} shares with {}. A provision needs its basis before it can be written.",
                comment(&third_parties.place.to_string()),
                comment(&third_parties.text)
            );
            writer.note(
                Kind::LeftOut,
                "privacy_declaration.third_parties",
                &third_parties.place,
                "相手方は載せましたが、提供には根拠が要ります。`provision` を書き、同意、通知による停止、法令のどれかを選んでください",
                "the recipient is there, but a provision needs its basis: write a `provision` with a consent, a notified opt-out or a law",
            );
        }
        let _ = writeln!(
            out,
            "activity {} purpose={} {{\n{}",
            word(self.name),
            word(purpose),
            writer.text(&self.title(manifest))
        );
        if !self.needs.is_empty() {
            let _ = writeln!(out, "needs {}", words(self.needs.iter().map(String::as_str)));
        }
        let _ = writeln!(out, "by {}", word(self.application));
        if declaration.consent.is_some() {
            let _ = writeln!(out, "requires consent={}", word(self.name));
        }
        out + "}\n"
    }

    /// The consent it rests on, asked in the only words there are.
    fn consent(&self, manifest: &Manifest, writer: &mut Writer<'_>) -> String {
        let Some(place) = &self.declaration.consent else { return String::new() };
        writer.note(
            Kind::Assumed,
            "consent.wording",
            place,
            "同意の文面は書かれていないため、利用の名前だけを文面にしました。何に同意するのか、同意しないとどうなるのかを書いてください",
            "nothing says in what words consent is asked, so that the wording is the name of the use: write what is agreed to, and what follows where it is not",
        );
        let title = writer.text(&self.title(manifest));
        let mut out = origin(place, &self.declaration.used_for.text, None);
        let name = word(self.name);
        let _ = writeln!(
            out,
            "consent {name} text=\"1\" accepts=\"1\" {{\n{title}\nwording \"1\" {{ {title} }}\n}}"
        );
        out
    }
}

/// A retention for each category of which every declaration that says how long says the same.
fn retentions(manifest: &Manifest, writer: &mut Writer<'_>) -> String {
    let mut periods: BTreeMap<String, Vec<(&Said, Period, String)>> = BTreeMap::new();
    for declaration in manifest.systems.iter().flat_map(|system| &system.declarations) {
        let Some(said) = &declaration.retention else { continue };
        let Some((period, shown)) = period(&said.text) else {
            writer.note(
                Kind::LeftOut,
                "privacy_declaration.retention_period",
                &said.place,
                "日、週、月、年の数として読めない期間です。`retain` に書いてください",
                "it cannot be read as a number of days, weeks, months or years: write `retain`",
            );
            continue;
        };
        for category in needs(declaration, writer) {
            periods.entry(category).or_default().push((said, period, shown.clone()));
        }
    }
    let mut out = String::new();
    for (category, said) in periods {
        let Some((first, period, shown)) = said.first() else { continue };
        if let Some((other, ..)) = said.iter().find(|(_, other, _)| other != period) {
            writer.note(
                Kind::LeftOut,
                "privacy_declaration.retention_period",
                &other.place,
                "同じ項目に違う期間が書かれています。項目に一つの期間を `retain` に書いてください",
                "it differs from what is said elsewhere of the same category: write one `retain` for it",
            );
            continue;
        }
        out += &origin(&first.place, "retention_period", None);
        let _ = writeln!(out, "retain {} for={} after=acquired", word(&category), string(shown));
        writer.note(
            Kind::Assumed,
            "retain.after",
            &first.place,
            "いつから数えるかは書かれていないため、取得からとしました。確かめてください",
            "nothing says from when it is counted; it was taken to be from acquisition: see whether it is so",
        );
    }
    out
}

/// A length of time as people write it: `30 days`, `1 Year`, `P6M`.
fn period(text: &str) -> Option<(Period, String)> {
    let lower = text.trim().to_lowercase();
    let (count, unit) = match lower.strip_prefix('p') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => {
            rest.split_at_checked(rest.len().checked_sub(1)?)?
        }
        _ => lower.split_once([' ', '-'])?,
    };
    let count: u32 = count.trim().parse().ok()?;
    let (count, unit) = match unit.trim() {
        "d" | "day" | "days" => (count, "days"),
        "w" | "week" | "weeks" => (count.checked_mul(7)?, "days"),
        "m" | "month" | "months" => (count, "months"),
        "y" | "year" | "years" => (count, "years"),
        _ => return None,
    };
    let unit = if count == 1 { unit.trim_end_matches('s') } else { unit };
    let shown = format!("{count} {unit}");
    shown.parse().ok().map(|period| (period, shown))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_read_as_people_write_them() {
        let read = |text| period(text).map(|(_, shown)| shown);
        for (text, shown) in
            [("30 days", "30 days"), ("1 Year", "1 year"), ("P6M", "6 months"), ("2 weeks", "14 days")]
        {
            assert_eq!(read(text).as_deref(), Some(shown), "{text}");
        }
        for text in ["", "as long as needed", "0 days", "P", "Pé", "99999999999 days", "1.5 years"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
