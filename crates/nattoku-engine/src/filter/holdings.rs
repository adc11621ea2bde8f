//! One category asked, over everything that is held of it and of what it was worked out from.

use nattoku_model::name::CategoryName;

use super::leaves::{Leaves, Row, above};
use super::schema::entruster;
use super::snapshot::TooFar;
use super::sql::Sql;
use crate::condition::Condition;
use crate::plan::places::{OfCategory, Origin, Place, Sources};

/// The category's conditions, to be written down.
pub(crate) struct Holdings<'a> {
    pub(crate) leaves: Leaves<'a>,
    pub(crate) category: &'a OfCategory,
}

impl Holdings<'_> {
    /// When it is permitted for the principal whom an expression names.
    pub(crate) fn sql(&self, id: &str) -> Result<Sql, TooFar> {
        let OfCategory { assumed, own, origins } = self.category;
        let common = self.common();
        let principal = Row { principal: id, acquired: "" };
        let mut all = Vec::new();
        for condition in &common {
            all.push(self.leaves.sql(condition, principal)?);
        }
        let assumed = self.leaves.sql(&without(assumed, &common), principal)?;
        match own {
            None => all.push(assumed),
            Some(own) => {
                let mine = Sql::test(format!("h.principal = {id}"));
                let held = Sql::exists("nattoku_holding", "h", Sql::all([mine, is_of(&own.category, "h")]));
                all.push(Sql::any([held, assumed]));
                all.push(self.none_refused(id, own, &common, Sql::True)?);
            }
        }
        for origin in origins {
            let is_not_newer = own.as_ref().map_or(Sql::True, |own| {
                let mine = || Sql::test("n.principal = h.principal");
                let own = || is_of(&own.category, "n");
                let none = Sql::exists("nattoku_holding", "n", Sql::all([mine(), own()])).negated();
                let not_older = Sql::test("n.acquired_at >= h.acquired_at");
                Sql::any([none, Sql::exists("nattoku_holding", "n", Sql::all([mine(), not_older, own()]))])
            });
            all.push(self.none_refused(id, origin, &common, is_not_newer)?);
        }
        Ok(Sql::all(all))
    }

    /// What is asked whatever is held, and where nothing is: it need not be asked of each holding.
    fn common(&self) -> Vec<Condition> {
        let OfCategory { assumed, own, .. } = self.category;
        let parts = |condition: &Condition| match condition {
            Condition::All(all) => all.clone(),
            Condition::Never => Vec::new(),
            other => vec![other.clone()],
        };
        let mut alternatives: Vec<Vec<Condition>> = Vec::new();
        if *assumed != Condition::Never {
            alternatives.push(parts(assumed));
        }
        let held = own.iter().flat_map(Place::all);
        alternatives.extend(held.map(|origin| parts(&origin.condition)));
        let Some((first, others)) = alternatives.split_first() else { return vec![Condition::Never] };
        let is_common =
            |part: &&Condition| !speaks_of_a_holding(part) && others.iter().all(|other| other.contains(part));
        first.iter().filter(is_common).cloned().collect()
    }

    /// Nothing that is held at a place is refused, of all that counts.
    fn none_refused(
        &self,
        id: &str,
        place: &Place,
        common: &[Condition],
        counts: Sql,
    ) -> Result<Sql, TooFar> {
        let mut permitted = Vec::new();
        for (names, origins) in by_what_is_said(place) {
            let mut from = Vec::new();
            for origin in origins {
                let row = Row { principal: "h.principal", acquired: "h.acquired_at" };
                let condition = self.leaves.sql(&without(&origin.condition, common), row)?;
                from.push(Sql::all([came_from(origin), condition]));
            }
            permitted.push(Sql::all([Sql::any(names), Sql::any(from)]));
        }
        let category = &place.category;
        // What is held of the place is the holding itself or, of a holding that is above it, the place.
        let itself = self.leaves.stopped("h.principal", category, Some("h.category"));
        let stopped = if above(category).is_empty() {
            itself
        } else {
            let is_within = Sql::Within("h.category".to_owned(), category.as_str().to_owned());
            let the_place = self.leaves.stopped("h.principal", category, None);
            Sql::any([Sql::all([is_within.clone(), itself]), Sql::all([is_within.negated(), the_place])])
        };
        let refused = Sql::any([Sql::any(permitted).negated(), stopped]);
        let mine = Sql::test(format!("h.principal = {id}"));
        let is_refused = Sql::all([mine, is_of(category, "h"), counts, refused]);
        Ok(Sql::exists("nattoku_holding", "h", is_refused).negated())
    }
}

/// A holding is of a category: it lies within it, or else the category is a part of it that was not erased.
fn is_of(category: &CategoryName, alias: &str) -> Sql {
    let column = format!("{alias}.category");
    let within = Sql::Within(column.clone(), category.as_str().to_owned());
    let above = above(category);
    if above.is_empty() {
        return within;
    }
    let mut erased = vec![category.as_str().to_owned()];
    erased.extend(above.iter().cloned());
    let was_erased = Sql::exists(
        "nattoku_holding_without",
        "w",
        Sql::all([
            Sql::test(format!("w.principal = {alias}.principal")),
            Sql::test(format!("w.holding = {alias}.holding")),
            Sql::In("w.category".to_owned(), erased),
        ]),
    );
    Sql::any([within, Sql::all([Sql::In(column, above), was_erased.negated()])])
}

/// Where a holding came from.
fn came_from(origin: &Origin) -> Sql {
    let entrusted_from = entruster(origin.entrusted_from.as_ref());
    let names = |sources: &[_]| -> Vec<String> {
        sources.iter().map(|source: &nattoku_model::name::SourceName| source.as_str().to_owned()).collect()
    };
    let source = match &origin.sources {
        Sources::All => Sql::True,
        Sources::Of(sources) => Sql::In("h.source".to_owned(), names(sources)),
        Sources::AllBut(sources) => Sql::In("h.source".to_owned(), names(sources)).negated(),
    };
    Sql::all([Sql::is("h.entrusted_from", &entrusted_from), source])
}

/// The parts of a place of which the same is said, each with conditions on the name of a holding that is of the place.
fn by_what_is_said(place: &Place) -> Vec<(Vec<Sql>, Vec<&Origin>)> {
    let mut said: Vec<(Vec<Sql>, Vec<&Origin>)> = Vec::new();
    if place.throughout().is_some() {
        said.push((vec![Sql::True], place.itself.iter().collect()));
        return said;
    }
    collect(place, true, &mut said);
    said
}

fn collect<'p>(place: &'p Place, is_root: bool, said: &mut Vec<(Vec<Sql>, Vec<&'p Origin>)>) {
    let column = || "h.category".to_owned();
    let name = || place.category.as_str().to_owned();
    let mut add = |test: Sql, origins: &'p [Origin]| match said
        .iter_mut()
        .find(|(_, known)| known.iter().copied().eq(origins))
    {
        Some((tests, _)) => tests.push(test),
        None => said.push((vec![test], origins.iter().collect())),
    };
    if !is_root && let Some(origins) = place.throughout() {
        add(Sql::Within(column(), name()), origins);
        return;
    }
    let mut itself = vec![name()];
    if is_root {
        // What is above holds the place as a part.
        itself.extend(above(&place.category));
    }
    add(Sql::In(column(), itself), &place.itself);
    let below = Sql::all([
        Sql::Within(column(), name()),
        Sql::is(column(), place.category.as_str()).negated(),
        Sql::any(place.children.iter().map(|c| Sql::Within(column(), c.category.as_str().to_owned())))
            .negated(),
    ]);
    add(below, &place.below);
    for child in &place.children {
        collect(child, false, said);
    }
}

/// Whether a condition asks anything about a holding.
fn speaks_of_a_holding(condition: &Condition) -> bool {
    match condition {
        Condition::All(several) | Condition::Any(several) => several.iter().any(speaks_of_a_holding),
        Condition::Not(other) => speaks_of_a_holding(other),
        Condition::Acquired(_) => true,
        _ => false,
    }
}

/// What is left of a condition where others are asked elsewhere.
fn without(condition: &Condition, others: &[Condition]) -> Condition {
    match condition {
        Condition::All(all) => Condition::all(all.iter().filter(|one| !others.contains(one)).cloned()),
        one if others.contains(one) => Condition::Always,
        one => one.clone(),
    }
}
