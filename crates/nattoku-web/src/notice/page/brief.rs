//! The first layer of the notice: a sentence, the few lines, and an example for each purpose and each way data go to others.

use nattoku_model::policy::RecipientKind;

use super::super::address::{Page, purposes};
use super::{NoticePage, name, short};
use crate::notice::{Shown, ShownSection, Tables};

/// The page; the whole text is one step away.
pub(super) fn page<'a>(tables: &Tables<'a>) -> NoticePage<'a> {
    let words = tables.words;
    let policy = tables.policy;
    let controller = tables.text(&policy.controller.name);
    let sentence = words.fill2("brief-sentence", controller, &policy.purposes.len().to_string());
    let mut page = NoticePage::new(tables, &Page::Short, name(tables, &Page::Short), Vec::new());
    page.short = short::of(tables);
    let whole = Some(tables.reading.link(&Page::Whole.path(policy)));
    page.lead = vec![
        Shown::paragraph(sentence),
        Shown::Links { items: vec![(whole, words.get("brief-whole"), String::new())] },
    ];
    let mut sections = vec![ShownSection::new(
        "examples",
        words.get("brief-purposes"),
        vec![Shown::facts(for_purposes(tables))],
    )];
    let recipients = for_recipients(tables);
    if !recipients.is_empty() {
        let shown = vec![Shown::facts(recipients)];
        sections.push(ShownSection::new("recipients", words.get("brief-recipients"), shown));
    }
    page.with(sections)
}

/// Each purpose with the first of its uses, as the policy orders them.
fn for_purposes(tables: &Tables<'_>) -> Vec<(String, String)> {
    let example = |(name, purpose): (_, &nattoku_model::policy::Purpose)| {
        let title = tables.words.fill2("page-purpose", &purpose.number, tables.text(&purpose.title));
        let first = tables.activities_of(name).first().map(|a| tables.text(&a.title).to_owned());
        (title, first.map(|first| tables.words.fill("brief-example", &first)).unwrap_or_default())
    };
    purposes(tables.policy).into_iter().map(example).collect()
}

/// Each way data go to others, with somebody as an example.
fn for_recipients(tables: &Tables<'_>) -> Vec<(String, String)> {
    let example = |kind: RecipientKind| {
        let mut of_kind = tables.in_order("recipient", &tables.policy.recipients).into_iter();
        let (_, recipient) = of_kind.find(|(_, r)| r.kind == kind && !tables.text(&r.example).is_empty())?;
        let (title, example) = (tables.text(&recipient.title), tables.text(&recipient.example));
        let kind = tables.words.named("recipient-kind", kind.as_str());
        Some((kind, tables.words.fill2("brief-recipient", title, example)))
    };
    RecipientKind::ALL.into_iter().filter_map(example).collect()
}
