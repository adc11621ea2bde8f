//! A plan as conditions over whatever may be held: by where in the tree of categories it is, and by where it came from.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use nattoku_model::name::{CategoryName, EntrusterName, SourceName};
use nattoku_model::{Action, Verdict};

use super::{Asked, HoldingRules, Plan, holding};
use crate::bounds::Bounds;
use crate::condition::Condition;
use crate::lexicon::Kind;
use crate::population::Population;
use crate::said::Said;

/// What may be held of one category, by its place in the tree, with when each is permitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) category: CategoryName,
    /// Of the category itself.
    pub(crate) itself: Vec<Origin>,
    /// Of what is below it by a name that no version knows.
    pub(crate) below: Vec<Origin>,
    pub(crate) children: Vec<Place>,
}

/// When what came from some sources, or was entrusted by somebody, is permitted. What came from elsewhere never is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Origin {
    /// Whose data they are; the controller's own where there is nobody.
    pub(crate) entrusted_from: Option<EntrusterName>,
    pub(crate) sources: Sources,
    pub(crate) condition: Condition,
}

/// Some of all sources that there may be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sources {
    All,
    Of(Vec<SourceName>),
    AllBut(Vec<SourceName>),
}

impl Place {
    /// What is said of it all, where that is one thing.
    pub(crate) fn throughout(&self) -> Option<&[Origin]> {
        let is_alike = self.itself == self.below
            && self.children.iter().all(|child| child.throughout() == Some(&self.itself));
        is_alike.then_some(&self.itself)
    }

    /// All that is said of it and of what is below.
    pub(crate) fn all(&self) -> Vec<&Origin> {
        let here = self.itself.iter().chain(&self.below);
        here.chain(self.children.iter().flat_map(Self::all)).collect()
    }
}

/// When one category asked is permitted. Everything that is held of it has to be, and of what it was worked out from what is
/// not newer; restrictions of what is held are left aside.
#[derive(Debug, Clone)]
pub(crate) struct OfCategory {
    /// Where nothing is held of it, with what restrictions say then.
    pub(crate) assumed: Condition,
    /// What is held of it; nothing where that does not count, since it is to be collected.
    pub(crate) own: Option<Place>,
    /// What is held of each category that it was worked out from.
    pub(crate) origins: Vec<Place>,
}

impl Plan<'_> {
    /// When each category asked is permitted at an instant, with nothing worse than a verdict.
    pub(crate) fn of_categories(
        &self,
        population: &Population,
        at: Timestamp,
        at_most: Verdict,
    ) -> Vec<OfCategory> {
        let of_category = |(number, asked): (usize, &Asked)| {
            let place = |root| {
                let names = self.known_categories(root);
                self.place(population, asked, root, &names, (at, at_most))
            };
            let counts = self.request.action != Action::Collect;
            OfCategory {
                assumed: self.permits(population, number, None, at, at_most),
                own: counts.then(|| place(&asked.category)),
                origins: asked.origins.iter().map(place).collect(),
            }
        };
        self.asked.iter().enumerate().map(of_category).collect()
    }

    fn place(
        &self,
        population: &Population,
        asked: &Asked,
        category: &CategoryName,
        names: &BTreeSet<CategoryName>,
        when: (Timestamp, Verdict),
    ) -> Place {
        let children = names.iter().filter(|name| name.parent().as_ref() == Some(category));
        let mut unknown = CategoryName::new(format!("{category}.x"));
        while names.contains(&unknown) {
            unknown = CategoryName::new(format!("{unknown}x"));
        }
        Place {
            category: category.clone(),
            itself: self.origins(population, asked, category, when),
            below: self.origins(population, asked, &unknown, when),
            children: children.map(|child| self.place(population, asked, child, names, when)).collect(),
        }
    }

    /// The names below a category by which a rule about holdings may tell one from another, and those between.
    fn known_categories(&self, root: &CategoryName) -> BTreeSet<CategoryName> {
        let mut names = BTreeSet::new();
        for text in &self.texts {
            let prohibited = text.prohibitions.values().flat_map(|p| &p.on);
            let retained = text.retentions.iter().map(|r| &r.category);
            let given = text.sources.values().flat_map(|s| &s.gives);
            for name in text.categories.keys().chain(prohibited).chain(retained).chain(given) {
                let mut name = Some(name.clone());
                while let Some(below) = name.take().filter(|name| root.covers(name) && name != root) {
                    name = below.parent();
                    names.insert(below);
                }
            }
        }
        names
    }

    fn origins(
        &self,
        population: &Population,
        asked: &Asked,
        category: &CategoryName,
        (at, at_most): (Timestamp, Verdict),
    ) -> Vec<Origin> {
        let bounds = Cell::new(Bounds::new(self.request.at));
        let kind = |source: &SourceName, entrusted_from: Option<&EntrusterName>| Kind {
            category: category.clone(),
            source: source.clone(),
            entrusted_from: entrusted_from.cloned(),
            without: Vec::new(),
        };
        // No source has this name, since it is no name.
        let other = SourceName::from("");
        let mut by_text: Vec<Condition> = Vec::new();
        for (text, case) in self.texts.iter().zip(&asked.cases) {
            let mut rules = self.with_context(population, text, &asked.category, &bounds, |context| {
                HoldingRules::new(context, Some(&kind(&other, None)), asked.lift)
            });
            rules.origin = Said::permit(rules.origin.reason);
            by_text.push(case.permits(&rules, at, at_most));
        }
        // Under which texts an origin is confirmed.
        let confirmed = |source: &SourceName, entrusted_from: Option<&EntrusterName>| -> Vec<bool> {
            let under = self.texts.iter().map(|text| {
                let kind = kind(source, entrusted_from);
                self.with_context(population, text, &asked.category, &bounds, |context| {
                    holding::origin(context, Some(&kind)).is_at_most(at_most)
                })
            });
            under.collect()
        };
        let condition = |confirmed: &[bool]| {
            let counting = by_text.iter().zip(confirmed);
            let counting: Vec<Condition> =
                counting.map(|(c, counts)| if *counts { c.clone() } else { Condition::Never }).collect();
            self.governed(&counting, at_most)
        };
        let mut origins: Vec<Origin> = Vec::new();
        let mut by_sources: BTreeMap<Vec<bool>, Vec<SourceName>> = BTreeMap::new();
        let known: BTreeSet<&SourceName> = self.texts.iter().flat_map(|text| text.sources.keys()).collect();
        for source in known {
            by_sources.entry(confirmed(source, None)).or_default().push(source.clone());
        }
        let elsewhere = confirmed(&other, None);
        by_sources.remove(&elsewhere);
        let others: Vec<SourceName> = by_sources.values().flatten().cloned().collect();
        let sources = if others.is_empty() { Sources::All } else { Sources::AllBut(others) };
        origins.push(Origin { entrusted_from: None, sources, condition: condition(&elsewhere) });
        origins.extend(by_sources.into_iter().map(|(confirmed, sources)| Origin {
            entrusted_from: None,
            sources: Sources::Of(sources),
            condition: condition(&confirmed),
        }));
        let activities = self.texts.iter().filter_map(|text| text.activities.get(&self.request.activity));
        let entrusters: BTreeSet<&EntrusterName> =
            activities.filter_map(|a| a.entrusted_by.as_ref()).collect();
        origins.extend(entrusters.into_iter().map(|entruster| Origin {
            entrusted_from: Some(entruster.clone()),
            sources: Sources::All,
            condition: condition(&confirmed(&other, Some(entruster))),
        }));
        origins.retain(|origin| origin.condition != Condition::Never);
        origins.sort();
        origins
    }
}
