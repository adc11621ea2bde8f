//! What must be true of a principal, as questions to the tables.

use jiff::Timestamp;
use nattoku_model::Action;
use nattoku_model::name::{CategoryName, ChoiceName, RelationshipName};

use super::schema::{BY_GUARDIAN, BY_PRINCIPAL, EVERYTHING};
use super::snapshot::{TooFar, nanoseconds, zone_name};
use super::sql::Sql;
use crate::condition::{Condition, Instants, ItemCondition};
use crate::vocabulary::Vocabulary;

/// Turns conditions into SQL.
#[derive(Clone, Copy)]
pub(crate) struct Leaves<'a> {
    pub(crate) vocabulary: &'a Vocabulary,
    pub(crate) action: Action,
}

/// Where the principal and, in a question about holdings, the holding are found.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    /// The expression that names the principal.
    pub(crate) principal: &'a str,
    /// The instant of acquisition; of nothing that is asked otherwise.
    pub(crate) acquired: &'a str,
}

impl Leaves<'_> {
    pub(crate) fn sql(self, condition: &Condition, row: Row<'_>) -> Result<Sql, TooFar> {
        let several = |conditions: &[Condition]| -> Result<Vec<Sql>, TooFar> {
            conditions.iter().map(|condition| self.sql(condition, row)).collect()
        };
        let names = &self.vocabulary;
        let relationship = |number: &usize| names.relationships.name(*number).map(RelationshipName::as_str);
        let of = |table, also: Sql| {
            Sql::exists(table, "f", Sql::all([Sql::test(format!("f.principal = {}", row.principal)), also]))
        };
        // What has no name was asked by no rule.
        let named = |table, column, name: Option<&str>, also: Sql| {
            name.map_or(Sql::False, |name| of(table, Sql::all([Sql::is(column, name), also])))
        };
        Ok(match condition {
            Condition::Always => Sql::True,
            Condition::Never => Sql::False,
            Condition::All(all) => Sql::all(several(all)?),
            Condition::Any(any) => Sql::any(several(any)?),
            Condition::Not(other) => self.sql(other, row)?.negated(),
            Condition::Registered => {
                let this = Sql::test(format!("f.id = {}", row.principal));
                Sql::exists("nattoku_principal", "f", Sql::all([this, Sql::test("f.is_registered")]))
            }
            Condition::PastUnknown(number) => {
                named("nattoku_past_unknown", "f.relationship", relationship(number), Sql::True)
            }
            Condition::TieAlive(number) => {
                named("nattoku_tie", "f.relationship", relationship(number), Sql::test("f.is_alive"))
            }
            Condition::TieEnded(number, instants) => {
                let ended = Sql::all([Sql::test("NOT f.is_alive"), within("f.ended_at", instants)?]);
                named("nattoku_tie", "f.relationship", relationship(number), ended)
            }
            Condition::Declined(number) => {
                let choice = names.choices.name(*number).map(ChoiceName::as_str);
                named("nattoku_declined", "f.choice", choice, Sql::True)
            }
            Condition::Stands(item) => self.stands(item, &of)?,
            Condition::Recent(number, instants) => {
                let occasion = names.occasions.get(*number).map(CategoryName::as_str);
                named("nattoku_occasion", "f.category", occasion, within("f.last_at", instants)?)
            }
            Condition::Stopped(category, action) => {
                let near = Sql::any([Sql::is("f.category", EVERYTHING), near("f.category", category)]);
                named("nattoku_restriction", "f.action", Some(action.as_str()), near)
            }
            Condition::Erased(category) => of("nattoku_erased", near("f.category", category)),
            Condition::Acquired(instants) => within(row.acquired, instants)?,
        })
    }

    fn stands(self, item: &ItemCondition, of: &dyn Fn(&'static str, Sql) -> Sql) -> Result<Sql, TooFar> {
        let Some(name) = self.vocabulary.items.name(item.item) else { return Ok(Sql::False) };
        let wordings = item.wordings.iter().filter_map(|number| self.vocabulary.wordings.name(*number));
        let wordings: Vec<String> = wordings.map(|wording| wording.as_str().to_owned()).collect();
        let zone = item.age.and_then(|age| Some((self.vocabulary.zones.get(age.zone)?, age.from)));
        let by_principal = Sql::is("f.giver", BY_PRINCIPAL);
        let giver = match (item.age, zone) {
            (None, _) => Sql::In("f.giver".to_owned(), vec![BY_PRINCIPAL.to_owned(), BY_GUARDIAN.to_owned()]),
            // In a zone that no version counts in, nobody's age is known.
            (Some(_), None) => Sql::is("f.giver", BY_GUARDIAN),
            (Some(_), Some((zone, from))) => {
                let is_old_enough = Sql::all([
                    Sql::test("a.principal = f.principal"),
                    Sql::test("a.item = f.item"),
                    Sql::is("a.zone", &zone_name(zone)),
                    Sql::test(format!("a.age >= {from}")),
                ]);
                let aged = Sql::exists("nattoku_consent_age", "a", is_old_enough);
                Sql::any([Sql::is("f.giver", BY_GUARDIAN), Sql::all([by_principal, aged])])
            }
        };
        let has_not_run_out = Sql::test(format!("f.until_at > {}", told(item.at)?));
        let given = within("f.given_at", &item.given)?;
        let wording = Sql::In("f.wording".to_owned(), wordings);
        Ok(of(
            "nattoku_consent",
            Sql::all([Sql::is("f.item", name.as_str()), wording, has_not_run_out, given, giver]),
        ))
    }

    /// A restriction of the principal's stops the act for what a row holds of a category: `part` is an expression for its name,
    /// or nothing where it is the category itself.
    pub(crate) fn stopped(self, principal: &str, category: &CategoryName, part: Option<&str>) -> Sql {
        let near_part = part.map(|part| {
            let covers = |above: &str, below: &str| {
                let below_it = format!("SUBSTR({below}, 1, LENGTH({above}) + 1) = {above} || '.'");
                Sql::any([Sql::test(format!("{above} = {below}")), Sql::test(below_it)])
            };
            Sql::any([covers("s.category", part), covers(part, "s.category")])
        });
        let near = near_part.unwrap_or_else(|| near("s.category", category));
        Sql::exists(
            "nattoku_restriction",
            "s",
            Sql::all([
                Sql::test(format!("s.principal = {principal}")),
                Sql::is("s.action", self.action.as_str()),
                Sql::any([Sql::is("s.category", EVERYTHING), near]),
            ]),
        )
    }
}

/// A column names a category, something under it or something that it is under.
fn near(column: &str, category: &CategoryName) -> Sql {
    let within = Sql::Within(column.to_owned(), category.as_str().to_owned());
    let above = above(category);
    let above = if above.is_empty() { Sql::False } else { Sql::In(column.to_owned(), above) };
    Sql::any([within, above])
}

/// The names that a category is under, the nearest first.
pub(crate) fn above(category: &CategoryName) -> Vec<String> {
    let all = std::iter::successors(category.parent(), CategoryName::parent);
    all.map(|name| name.as_str().to_owned()).collect()
}

/// A column is one of the instants.
fn within(column: &str, instants: &Instants) -> Result<Sql, TooFar> {
    let mut any = Vec::new();
    for stretch in instants.stretches() {
        let from = stretch.from.map(|from| Ok(Sql::test(format!("{column} >= {}", told(from)?))));
        let before = stretch.before.map(|before| Ok(Sql::test(format!("{column} < {}", told(before)?))));
        let both: Result<Vec<Sql>, TooFar> = from.into_iter().chain(before).collect();
        any.push(Sql::all(both?));
    }
    Ok(Sql::any(any))
}

/// An instant as a number, with a comment for people.
fn told(instant: Timestamp) -> Result<String, TooFar> {
    Ok(format!("{} /* {instant} */", nanoseconds(instant)?))
}
