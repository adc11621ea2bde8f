//! Who else gets data: those whose systems work for us, and third parties that declarations name.

use std::fmt::Write as _;

use super::super::manifest::{Manifest, System};
use super::super::names::{Names, in_words};
use super::super::report::Kind;
use super::uses::Uses;
use super::{NO_COUNTRY_OF_RECIPIENT, Writer, origin};
use crate::kdl::{string, word};
use crate::place::Place;

/// Most characters of a name made from free text.
const NAME_CHARS_MAX: usize = 40;

/// Writes them.
pub(super) fn write(manifest: &Manifest, uses: &Uses, writer: &mut Writer<'_>) -> String {
    let mut names = Names::default();
    let mut out = String::new();
    for (system, activities) in manifest.systems.iter().zip(&uses.activities) {
        let Some(place) = &system.processor else { continue };
        writer.note(
            Kind::Assumed,
            "recipient.kind",
            place,
            "`responsibility` から、このシステムの事業者を委託先としました。確かめ、契約、評価、監督を書いてください",
            "by `responsibility` the business behind this system was taken to be a processor: see whether it is so, and write its agreement, assessment and supervision",
        );
        no_country(place, writer);
        out += &processor(system, activities, &mut names, writer);
    }
    let mut third_parties: Vec<&str> = Vec::new();
    for declaration in manifest.systems.iter().flat_map(|system| &system.declarations) {
        let Some(said) = &declaration.third_parties else { continue };
        if third_parties.contains(&said.text.as_str()) {
            continue;
        }
        third_parties.push(&said.text);
        no_country(&said.place, writer);
        let short: String = said.text.chars().take(NAME_CHARS_MAX).collect();
        let name = names.of_words(&short, &said.text);
        out += &origin(&said.place, "third_parties", None);
        let _ = writeln!(
            out,
            "recipient {} kind=third_party country={NO_COUNTRY_OF_RECIPIENT} {{ {} }}",
            word(&name),
            writer.text(&said.text)
        );
    }
    out
}

fn processor(
    system: &System,
    activities: &[(String, Vec<String>)],
    names: &mut Names,
    writer: &Writer<'_>,
) -> String {
    let business = system.business.as_ref().map(|said| said.text.clone());
    let title = business.or_else(|| system.name.clone()).unwrap_or_else(|| in_words(&system.key.text));
    let mut out = origin(&system.key.place, &system.key.text, None);
    let _ = writeln!(
        out,
        "recipient {} kind=processor country={NO_COUNTRY_OF_RECIPIENT} {{\n{}",
        word(&names.of(&system.key.text)),
        writer.text(&title)
    );
    for (activity, needs) in activities.iter().filter(|(_, needs)| !needs.is_empty()) {
        let _ = writeln!(out, "may {} on={}", word(activity), string(&needs.join(" ")));
    }
    out + "}\n"
}

fn no_country(place: &Place, writer: &mut Writer<'_>) {
    writer.note(
        Kind::Missing,
        "recipient.country",
        place,
        "相手方の国が書かれていません。`country=` を書くまで、外国にあるものとして何も渡しません",
        "nothing says in which country the recipient is: until `country=` says so it counts as abroad and gets nothing",
    );
}
