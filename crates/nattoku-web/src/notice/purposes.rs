//! Purposes of use with their examples, and what nothing overrides.

use nattoku_model::name::PurposeName;
use nattoku_model::policy::Activity;

use super::{Shown, Tables, address};

impl Tables<'_> {
    /// `{purposes}`: each purpose with its activities as examples, in the order of their numbers.
    pub(super) fn purposes(&self) -> Vec<Shown> {
        address::purposes(self.policy)
            .into_iter()
            .map(|(name, purpose)| {
                let summary = self.words.count("examples-count", self.activities_of(name).len());
                let inside = vec![Shown::quiet(self.words.get("examples-lead")), self.examples(name)];
                Shown::Purpose {
                    number: purpose.number.clone(),
                    title: self.text(&purpose.title).to_owned(),
                    benefit: self.text(&purpose.benefit).to_owned(),
                    inside: vec![Shown::details(summary, inside)],
                }
            })
            .collect()
    }

    /// Every example of a purpose with the data it uses.
    pub(super) fn examples(&self, purpose: &PurposeName) -> Shown {
        let rows = self.activities_of(purpose).into_iter().map(|a| self.example(a)).collect();
        let head = vec![self.words.get("example"), self.words.get("data-used")];
        let number = self.policy.purposes.get(purpose).map(|p| p.number.as_str()).unwrap_or_default();
        Shown::Table { caption: self.words.fill("examples-of", number), head, rows }
    }

    /// The activities of a purpose in the order of the source; those that serve another purpose first come last.
    pub(super) fn activities_of(&self, purpose: &PurposeName) -> Vec<&Activity> {
        let activities = self.in_order("activity", &self.policy.activities);
        let at = |a: &Activity| a.purposes.iter().position(|p| p == purpose);
        let mut serving: Vec<&Activity> =
            activities.into_iter().map(|(_, a)| a).filter(|a| at(a).is_some()).collect();
        serving.sort_by_key(|a| at(a));
        serving
    }

    fn example(&self, activity: &Activity) -> Vec<String> {
        let words = self.words;
        let mut title = self.text(&activity.title).to_owned();
        let entruster = activity.entrusted_by.as_ref().and_then(|name| self.policy.entrusters.get(name));
        if let Some(entruster) = entruster {
            title.push_str(&words.fill("work-for", self.text(&entruster.title)));
        }
        if activity.to_nobody {
            title.push_str(&words.get("given-to-nobody"));
        }
        let whole = activity.minimise.iter().filter(|(_, on)| on.is_empty());
        let needs = self.categories(&activity.needs);
        let used = whole.fold(needs, |needs, (step, _)| words.fill_named("given", step.as_str(), &needs));
        vec![title, used]
    }

    /// `{prohibitions}`: what is never done.
    pub(super) fn prohibitions(&self) -> Vec<Shown> {
        let prohibitions = self.in_order("prohibition", &self.policy.prohibitions);
        let items = prohibitions.into_iter().map(|(_, p)| self.text(&p.title).to_owned()).collect();
        vec![Shown::List { items }]
    }
}
