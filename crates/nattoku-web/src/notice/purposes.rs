//! Purposes of use with their examples, and what nothing overrides.

use nattoku_model::name::PurposeName;
use nattoku_model::policy::Activity;

use super::{Shown, Tables};

impl Tables<'_> {
    /// `{purposes}`: each purpose with its activities as examples, in the order of their numbers.
    pub(super) fn purposes(&self) -> Vec<Shown> {
        let mut purposes: Vec<_> = self.policy.purposes.iter().collect();
        purposes.sort_by_key(|(_, p)| (p.number.len(), p.number.clone()));
        purposes
            .into_iter()
            .map(|(name, purpose)| {
                let examples = self.activities_of(name);
                let summary = self.words.count("examples-count", examples.len());
                let rows = examples.into_iter().map(|a| self.example(a)).collect();
                let head = vec![self.words.get("example"), self.words.get("data-used")];
                let caption = self.words.fill("examples-of", &purpose.number);
                let mut inside = vec![Shown::Table { caption, head, rows }];
                inside.insert(0, Shown::quiet(self.words.get("examples-lead")));
                Shown::Purpose {
                    number: purpose.number.clone(),
                    title: self.text(&purpose.title).to_owned(),
                    benefit: self.text(&purpose.benefit).to_owned(),
                    inside: vec![Shown::details(summary, inside)],
                }
            })
            .collect()
    }

    /// The activities of a purpose in the order of the source; those that serve another purpose first come last.
    fn activities_of(&self, purpose: &PurposeName) -> Vec<&Activity> {
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
