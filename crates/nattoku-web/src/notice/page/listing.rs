//! Pages that show one matter whole: a purpose, who gets data, what is published, where to ask.

use nattoku_model::name::PurposeName;
use nattoku_model::policy::RecipientKind;

use super::super::address::Page;
use super::{NoticePage, glossary, name};
use crate::notice::{Shown, ShownSection, Tables};

/// One purpose: what the customer has of it, all its examples, and who is given data for it.
pub(super) fn purpose<'a>(tables: &Tables<'a>, purpose: &PurposeName) -> NoticePage<'a> {
    let words = tables.words;
    let here = Page::Purpose(purpose.clone());
    let benefit = tables.policy.purposes.get(purpose).map(|p| tables.text(&p.benefit)).unwrap_or_default();
    let mut lead = Vec::new();
    if !benefit.is_empty() {
        lead.push(Shown::paragraph(benefit));
    }
    let mut sections = vec![ShownSection::new(
        "examples",
        words.get("examples"),
        vec![Shown::quiet(words.get("examples-lead")), tables.examples(purpose)],
    )];
    if let Some(given) = tables.provisions_for(purpose) {
        sections.push(ShownSection::new("given", words.get("purpose-given"), vec![given]));
    } else {
        let nobody = Shown::paragraph(words.get("purpose-given-nobody"));
        sections.push(ShownSection::new("given", words.get("purpose-given"), vec![nobody]));
    }
    NoticePage::new(tables, &here, name(tables, &here), lead).with(sections)
}

/// Everybody who gets data, by kind, and the rules under which it is given.
pub(super) fn recipients<'a>(tables: &Tables<'a>) -> NoticePage<'a> {
    let words = tables.words;
    let mut sections: Vec<ShownSection> =
        RecipientKind::ALL.into_iter().filter_map(|kind| of_kind(tables, kind)).collect();
    if !tables.policy.provisions.is_empty() {
        let heading = words.get("provisions-caption");
        sections.push(ShownSection::new("provisions", heading, vec![tables.provision_table()]));
    }
    page(tables, &Page::Recipients, "page-recipients-lead").with(sections)
}

/// Work done by others: what kinds, and by whom.
pub(super) fn processors<'a>(tables: &Tables<'a>) -> NoticePage<'a> {
    let mut sections = Vec::new();
    if !tables.policy.works.is_empty() {
        sections.push(ShownSection::new("works", tables.words.get("works"), tables.works()));
    }
    sections.extend(of_kind(tables, RecipientKind::Processor));
    page(tables, &Page::Processors, "page-processors-lead").with(sections)
}

fn of_kind(tables: &Tables<'_>, kind: RecipientKind) -> Option<ShownSection> {
    let words = tables.words;
    let table = tables.recipient_table(kind)?;
    let mut content = vec![Shown::paragraph(words.named("recipient-kind-lead", kind.as_str()))];
    content.extend(glossary::of_recipients(kind).map(|term| tables.explained(term)));
    content.push(table);
    let anchor = kind.as_str().replace('_', "-");
    Some(ShownSection::new(anchor, words.named("recipient-kind", kind.as_str()), content))
}

/// The published joint uses with their items (APPI-27-5c).
pub(super) fn joint_use<'a>(tables: &Tables<'a>) -> NoticePage<'a> {
    published(tables, &Page::JointUse, "page-joint-use-lead", tables.joint_uses())
}

/// The published anonymized information (APPI-43-2).
pub(super) fn anonymized<'a>(tables: &Tables<'a>) -> NoticePage<'a> {
    published(tables, &Page::Anonymized, "page-anonymized-lead", tables.anonymized())
}

/// What devices are made to send to others (Telecommunications Business Act 27-12).
pub(super) fn external_transmission<'a>(tables: &Tables<'a>) -> NoticePage<'a> {
    published(tables, &Page::ExternalTransmission, "page-external-transmission-lead", tables.transmissions())
}

/// What opens on the page of the whole notice stands open here, each under a heading.
fn published<'a>(tables: &Tables<'a>, here: &Page, lead: &str, shown: Vec<Shown>) -> NoticePage<'a> {
    let mut page = page(tables, here, lead);
    for shown in shown {
        match shown {
            Shown::Details { anchor: Some(anchor), summary, inside, .. } => {
                page.sections.push(ShownSection::new(anchor, summary, inside));
            }
            other => page.intro.push(other),
        }
    }
    page
}

/// The desks with their hours, the accredited bodies, the regulators, and who is responsible.
pub(super) fn contact<'a>(tables: &Tables<'a>) -> NoticePage<'a> {
    let words = tables.words;
    let mut sections = vec![ShownSection::new("desks", words.get("desks"), tables.desks())];
    sections.extend(tables.elsewhere());
    sections.push(ShownSection::new("controller", words.get("controller"), tables.controller()));
    page(tables, &Page::Contact, "page-contact-lead").with(sections)
}

/// The documents beside the notice (R78).
pub(super) fn documents<'a>(tables: &Tables<'a>) -> NoticePage<'a> {
    let mut page = page(tables, &Page::Documents, "page-documents-lead");
    page.intro = tables.documents();
    page
}

fn page<'a>(tables: &Tables<'a>, here: &Page, lead: &str) -> NoticePage<'a> {
    let lead = vec![Shown::paragraph(tables.words.get(lead))];
    NoticePage::new(tables, here, name(tables, here), lead)
}
