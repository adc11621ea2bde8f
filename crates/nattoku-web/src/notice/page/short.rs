//! The notice in five lines: what would be asked first, and what would surprise most, each leading to the whole.

use std::collections::BTreeSet;

use nattoku_model::policy::{Category, Class, Policy, RecipientKind, Refusability, Rule};

use super::super::address::{Page, purposes};
use crate::desk::desks;
use crate::notice::Tables;

/// A line: its word, then pieces of text, each with where it leads.
pub(super) struct Short {
    pub(super) word: String,
    pub(super) items: Vec<(String, Option<String>)>,
}

/// The lines of the version in force; those without anything to say are left out.
pub(super) fn of(tables: &Tables<'_>) -> Vec<Short> {
    let lines = [
        ("short-purposes", what_for(tables)),
        ("short-unexpected", unexpected(tables)),
        ("short-recipients", recipients(tables)),
        ("short-stop", stop(tables)),
        ("short-ask", ask(tables)),
    ];
    lines
        .into_iter()
        .filter(|(_, items)| !items.is_empty())
        .map(|(key, items)| Short { word: tables.words.get(key), items })
        .collect()
}

type Items = Vec<(String, Option<String>)>;

fn link(tables: &Tables<'_>, page: &Page) -> String {
    tables.reading.link(&page.path(tables.policy))
}

/// The address of the section that states a rule of a kind.
fn section(tables: &Tables<'_>, kind: &str) -> Option<String> {
    let mut places = tables.policy.places.iter().filter(|(rule, _): &(&Rule, _)| rule.kind == kind);
    let anchor = places.find_map(|(_, place)| place.section.as_ref())?;
    Some(format!("{}#{anchor}", link(tables, &Page::Whole)))
}

fn what_for(tables: &Tables<'_>) -> Items {
    purposes(tables.policy)
        .into_iter()
        .map(|(name, purpose)| {
            let text = tables.words.fill2("page-purpose", &purpose.number, tables.text(&purpose.title));
            (text, Some(link(tables, &Page::Purpose(name.clone()))))
        })
        .collect()
}

/// Kinds of data that nobody expects without being told: whatever law or the policy protects more than the rest, and what is
/// worked out about a person.
fn unexpected(tables: &Tables<'_>) -> Items {
    let words = tables.words;
    let listed = |key: &str, titles: Vec<String>| {
        let text = words.fill(key, &titles.join(&words.get("list-comma")));
        (!titles.is_empty()).then(|| (text, section(tables, "category")))
    };
    let classes = protected(tables.policy).into_iter();
    let classes = classes.map(|class| words.named("class", class.as_str())).collect();
    let derived = derived(tables).into_iter().map(|category| tables.text(&category.title).to_owned());
    let items = [listed("short-protected", classes), listed("short-derived", derived.collect())];
    items.into_iter().flatten().collect()
}

/// The classes of a policy's data that are protected more than the rest.
pub(super) fn protected(policy: &Policy) -> BTreeSet<Class> {
    let classes = policy.categories.keys().flat_map(|name| policy.classes_of(name));
    classes.filter(|class| !matches!(class, Class::Identifier | Class::Referral)).collect()
}

/// The kinds of data that are worked out from others.
pub(super) fn derived<'a>(tables: &Tables<'a>) -> Vec<&'a Category> {
    let categories = tables.in_order("category", &tables.policy.categories).into_iter();
    categories.map(|(_, category)| category).filter(|category| !category.derived_from.is_empty()).collect()
}

fn recipients(tables: &Tables<'_>) -> Items {
    let kinds = RecipientKind::ALL.into_iter().filter_map(|kind| {
        let count = tables.policy.recipients.values().filter(|r| r.kind == kind).count();
        let page = if kind == RecipientKind::Processor { Page::Processors } else { Page::Recipients };
        let title = tables.words.named("recipient-kind", kind.as_str());
        let text = tables.words.fill2("open-recipients", &title, &count.to_string());
        (count > 0).then(|| (text, Some(link(tables, &page))))
    });
    kinds.chain(abroad(tables)).collect()
}

fn abroad(tables: &Tables<'_>) -> Items {
    let mut countries: Vec<String> = tables
        .policy
        .recipients
        .values()
        .filter(|r| tables.policy.is_abroad(r))
        .map(|r| tables.country(r))
        .collect();
    countries.sort();
    countries.dedup();
    if countries.is_empty() {
        return Vec::new();
    }
    let countries = countries.join(&tables.words.get("list-comma"));
    vec![(tables.words.fill("short-abroad", &countries), Some(link(tables, &Page::Recipients)))]
}

fn stop(tables: &Tables<'_>) -> Items {
    let words = tables.words;
    let choices = tables.policy.choices.values();
    let can = choices.filter(|c| c.refusability != Refusability::NotRefusable).count();
    let mut items = Vec::new();
    if can > 0 {
        items.push((words.count("short-choices", can), section(tables, "choice")));
    }
    if !tables.policy.consents.is_empty() {
        items.push((words.count("short-consents", tables.policy.consents.len()), section(tables, "consent")));
    }
    items
}

/// Who is responsible, and where to ask.
fn ask(tables: &Tables<'_>) -> Items {
    let contact = link(tables, &Page::Contact);
    let controller = tables.text(&tables.policy.controller.name).to_owned();
    let desks = desks(tables.reading, tables.policy).into_iter().filter_map(|desk| {
        Some((tables.words.fill2("short-desk", &desk.title, &desk.phone?), Some(contact.clone())))
    });
    std::iter::once((controller, Some(contact.clone()))).chain(desks).collect()
}
