//! Where data come from, what kinds there are, and how long they are kept.

use nattoku_model::policy::{Channel, RetentionStart};

use super::{Shown, Tables};

impl Tables<'_> {
    /// `{sources}`: the three ways, then every kind of data.
    pub(super) fn sources(&self) -> Vec<Shown> {
        let words = self.words;
        let mut shown = Vec::new();
        for channel in Channel::ALL {
            let rows: Vec<Vec<String>> = self
                .in_order("source", &self.policy.sources)
                .into_iter()
                .filter(|(_, s)| s.channel == channel)
                .map(|(_, s)| vec![self.text(&s.title).to_owned(), self.categories(&s.gives)])
                .collect();
            if !rows.is_empty() {
                let head = vec![words.get("source"), words.get("what-comes")];
                let caption = words.named("channel-way", channel.as_str());
                shown.push(Shown::table(words, caption, head, rows));
            }
        }
        shown.push(self.category_table());
        shown
    }

    fn category_table(&self) -> Shown {
        let words = self.words;
        let comma = words.get("list-comma");
        let categories = self.in_order("category", &self.policy.categories);
        let rows = categories.into_iter().map(|(name, category)| {
            let classes = self.policy.classes_of(name);
            let classes: Vec<String> = classes.iter().map(|c| words.named("class", c.as_str())).collect();
            let derived = self.categories(&category.derived_from);
            let mut about = self.text(&category.description).to_owned();
            if !derived.is_empty() {
                about.push_str(&words.fill("worked-out-from", &derived));
            }
            vec![self.text(&category.title).to_owned(), about, classes.join(&comma)]
        });
        let head = vec![words.get("category"), words.get("about"), words.get("protected-as")];
        Shown::table(words, words.get("all-categories"), head, rows.collect())
    }

    /// `{retention}`: how long each kind is kept.
    pub(super) fn retention(&self) -> Vec<Shown> {
        let words = self.words;
        let comma = words.get("list-comma");
        let rows = self.policy.retentions.iter().map(|r| {
            let from = match &r.after {
                RetentionStart::Acquired => words.get("after-acquired"),
                RetentionStart::Ended(relationships) => {
                    let titles: Vec<&str> = relationships
                        .iter()
                        .filter_map(|name| self.policy.relationships.get(name))
                        .map(|r| self.text(&r.title))
                        .collect();
                    words.fill("after-ended", &titles.join(&comma))
                }
            };
            vec![self.categories([&r.category]), self.dates.period(r.period), from]
        });
        let head = vec![words.get("category"), words.get("kept-for"), words.get("counted-from")];
        vec![Shown::table(words, words.get("retention-caption"), head, rows.collect())]
    }
}
