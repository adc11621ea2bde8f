//! The first layer of the notice: a sentence, the few lines, and then question by question what is answered most shortly by
//! example.

use nattoku_model::Text;
use nattoku_model::policy::{Class, RecipientKind, Refusability};

use super::super::address::{Page, purposes};
use super::{NoticePage, name, short};
use crate::notice::{Shown, ShownSection, Tables};

/// The page; the whole text is one step away.
pub(super) fn page<'a>(tables: &Tables<'a>) -> NoticePage<'a> {
    let words = tables.words;
    let mut page = NoticePage::new(tables, &Page::Short, name(tables, &Page::Short), Vec::new());
    page.sentence = Some(sentence(tables));
    page.short = short::of(tables);
    let whole = Some(tables.reading.link(&Page::Whole.path(tables.policy)));
    page.lead = vec![Shown::Links { items: vec![(whole, words.get("brief-whole"), String::new())] }];
    let questions = [
        ("examples", "brief-purposes", for_purposes(tables)),
        ("unexpected", "brief-unexpected", unexpected(tables)),
        ("recipients", "brief-recipients", for_recipients(tables)),
        ("decide", "brief-decide", decisions(tables)),
    ];
    let mut sections: Vec<ShownSection> = questions
        .into_iter()
        .filter(|(.., answers)| !answers.is_empty())
        .map(|(anchor, key, answers)| ShownSection::new(anchor, words.get(key), vec![Shown::facts(answers)]))
        .collect();
    sections.push(ShownSection::new("ask", words.get("brief-ask"), tables.desks()));
    page.with(sections)
}

/// Who uses data, and for how many purposes.
pub(super) fn sentence(tables: &Tables<'_>) -> String {
    let controller = tables.text(&tables.policy.controller.name);
    tables.words.fill2("brief-sentence", controller, &tables.policy.purposes.len().to_string())
}

/// A question's answers: what it is about, and an example.
type Answers = Vec<(String, String)>;

/// Each purpose with the first of its uses, as the policy orders them.
fn for_purposes(tables: &Tables<'_>) -> Answers {
    let example = |(name, purpose): (_, &nattoku_model::policy::Purpose)| {
        let title = tables.words.fill2("page-purpose", &purpose.number, tables.text(&purpose.title));
        let first = tables.activities_of(name).first().map(|a| tables.text(&a.title).to_owned());
        (title, first.map(|first| tables.words.fill("brief-example", &first)).unwrap_or_default())
    };
    purposes(tables.policy).into_iter().map(example).collect()
}

/// What would surprise: a kind of data of each class that is protected more than the rest, then what is worked out.
fn unexpected(tables: &Tables<'_>) -> Answers {
    let categories = tables.in_order("category", &tables.policy.categories);
    let of_class = |class: Class| {
        let (_, first) =
            categories.iter().find(|(name, _)| tables.policy.classes_of(name).contains(&class))?;
        let example = tables.words.fill("brief-example", tables.text(&first.title));
        Some((tables.words.named("class", class.as_str()), example))
    };
    let classes = short::protected(tables.policy).into_iter().filter_map(of_class);
    let derived = short::derived(tables).into_iter().map(|category| {
        (tables.text(&category.title).to_owned(), tables.text(&category.description).to_owned())
    });
    classes.chain(derived).collect()
}

/// Each way data go to others, with somebody as an example.
fn for_recipients(tables: &Tables<'_>) -> Answers {
    let example = |kind: RecipientKind| {
        let mut of_kind = tables.in_order("recipient", &tables.policy.recipients).into_iter();
        let (_, recipient) = of_kind.find(|(_, r)| r.kind == kind && !tables.text(&r.example).is_empty())?;
        let (title, example) = (tables.text(&recipient.title), tables.text(&recipient.example));
        let kind = tables.words.named("recipient-kind", kind.as_str());
        Some((kind, tables.words.fill2("brief-recipient", title, example)))
    };
    RecipientKind::ALL.into_iter().filter_map(example).collect()
}

/// The first of what can be stopped and the first of what needs a consent, each with what stopping it changes.
fn decisions(tables: &Tables<'_>) -> Answers {
    let words = tables.words;
    let example = |title: &Text, consequence: &Text| {
        words.fill2("brief-decision", tables.text(title), tables.text(consequence))
    };
    let choices = tables.in_order("choice", &tables.policy.choices);
    let choice = choices.into_iter().find(|(_, c)| c.refusability != Refusability::NotRefusable);
    let consent = tables.in_order("consent", &tables.policy.consents).into_iter().next();
    let answers = [
        choice.map(|(_, c)| (words.get("group-choices"), example(&c.title, &c.consequence))),
        consent.map(|(_, c)| (words.get("group-consents"), example(&c.title, &c.consequence))),
    ];
    answers.into_iter().flatten().collect()
}
