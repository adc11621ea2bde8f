//! A draft, written out.

mod data;
mod notice;
mod recipients;
mod uses;

use std::fmt::Write as _;

use nattoku_model::Language;
use nattoku_policy::{Source, Words, format};

use super::manifest::Manifest;
use super::names::{Names, part};
use super::report::{Kind, Report};
use super::{Draft, Options};
use crate::kdl::{comment, quoted_text, word};
use crate::place::Place;

/// When a draft takes effect: not before a person says when.
const EFFECTIVE: &str = "9999-01-01";
/// The country of a controller that nobody named, and that of a recipient: two that no country has, and not the same, so
/// that every recipient counts as abroad.
const NO_COUNTRY: &str = "XX";
const NO_COUNTRY_OF_RECIPIENT: &str = "ZZ";

/// Writes every file of the draft.
pub(super) fn write(manifest: &Manifest, options: &Options, report: Report) -> Draft {
    let mut writer = Writer {
        options,
        report,
        categories: Names::default(),
        start: manifest.start.clone().unwrap_or(Place { file: String::new(), line: 1, column: 1 }),
    };
    let mut files = vec![file("data.kdl", &data::write(manifest, &mut writer))];
    let uses = uses::write(manifest, &mut writer);
    files.push(file("purposes.kdl", &uses.text));
    files.push(file("consents.kdl", &uses.consents));
    files.push(file("recipients.kdl", &recipients::write(manifest, &uses, &mut writer)));
    files.push(file("policy.kdl", &policy(manifest, &mut writer)));
    files.push(notice::write(manifest, &writer));
    files.retain(|file| !file.bytes.is_empty());
    files.sort_by(|a, b| a.name.cmp(&b.name));
    writer.report.sort();
    Draft { files, report: writer.report }
}

/// What every part of a draft is written with.
struct Writer<'o> {
    options: &'o Options,
    report: Report,
    categories: Names,
    start: Place,
}

impl Writer<'_> {
    fn note(&mut self, kind: Kind, what: &str, place: &Place, ja: &str, en: &str) {
        self.report.note(kind, what, place, Words::new(ja, en));
    }

    /// A text node in the language of the manifests.
    fn text(&self, text: &str) -> String {
        format!("{} {}", self.options.texts.tag(), quoted_text(text))
    }
}

/// A file laid out as every policy is.
fn file(name: &str, text: &str) -> Source {
    let laid_out = format(name, text);
    Source::new(name, laid_out.unwrap_or_else(|_| text.to_owned()))
}

/// A comment that says where the node below it comes from.
fn origin(place: &Place, key: &str, description: Option<&str>) -> String {
    let mut line = format!("// From fides: {} {key}", comment(&place.to_string()));
    if let Some(description) = description {
        let _ = write!(line, ": {}", comment(description));
    }
    line + "\n"
}

fn policy(manifest: &Manifest, writer: &mut Writer<'_>) -> String {
    let organization = &manifest.organization;
    let place = organization.name.as_ref().map_or(&writer.start, |name| &name.place).clone();
    let name = organization.name.as_ref().map_or_else(|| "draft".to_owned(), |name| part(&name.text));
    let name: String = name.chars().take(60).collect();
    let language = writer.options.texts.tag();
    writer.note(
        Kind::Missing,
        "policy.effective",
        &place,
        "いつから効力を持つかは書かれていません。`effective` と `version` を決めてください。それまでは何も許されません",
        "nothing says when the policy takes effect: set `effective` and `version`; until then nothing is permitted",
    );
    writer.note(
        Kind::Missing,
        "policy.timezone",
        &place,
        "日付をどの時間帯で数えるかは書かれていません。`timezone` を確かめてください",
        "nothing says in which time zone dates are meant: check `timezone`",
    );
    writer.note(
        Kind::Missing,
        "policy.law",
        &place,
        "どの法令の下のポリシーかは書かれていません。`law` を書いてください",
        "nothing says under which law the policy is written: write `law`",
    );
    let other = match writer.options.texts {
        Language::Ja => ("英語の文章がありません", "there are no texts in English"),
        Language::En => ("日本語の文章がありません", "there are no texts in Japanese"),
    };
    writer.note(Kind::Missing, "policy.languages", &place, other.0, other.1);
    let mut out = format!(
        "// A first draft, made from manifests of Fides. It is in force in no year that comes: set `effective` when it is whole.\n\n\
         policy {} version=\"draft\" {{\neffective {EFFECTIVE:?}\ntimezone \"UTC\"\nlanguages {language} prevails={language}\n",
        word(&name)
    );
    out += &controller(manifest, &place, writer);
    out + "}\n"
}

fn controller(manifest: &Manifest, place: &Place, writer: &mut Writer<'_>) -> String {
    let organization = &manifest.organization;
    let Some(name) = &organization.name else {
        writer.note(
            Kind::Missing,
            "policy.controller",
            place,
            "事業者の名称がありません。`controller` を書いてください",
            "nothing names who is responsible: write `controller`",
        );
        return String::new();
    };
    if writer.options.country.is_none() {
        writer.note(
            Kind::Missing,
            "controller.country",
            place,
            "事業者の国が書かれていません。`controller country=` を書いてください",
            "nothing says in which country the controller is: write `controller country=`",
        );
    }
    let country = writer.options.country.as_deref().unwrap_or(NO_COUNTRY);
    let mut out = origin(&name.place, "organization", None);
    let _ = writeln!(out, "controller country={country} {{\n{}", writer.text(&name.text));
    for (node, text) in [("address", &organization.address), ("representative", &organization.representative)]
    {
        if let Some(text) = text {
            let _ = writeln!(out, "{node} {{ {} }}", writer.text(text));
        }
    }
    out + "}\n"
}
