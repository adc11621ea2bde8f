//! What a person can agree to, and what a person can stop.

use nattoku_model::name::{ChoiceName, ConsentName};
use nattoku_model::policy::{Choice, ConsentItem};

use super::{Shown, Tables};

impl Tables<'_> {
    /// `{consents}`: what is asked, in the words that are shown today.
    pub(super) fn consents(&self) -> Vec<Shown> {
        self.in_order("consent", &self.policy.consents)
            .into_iter()
            .map(|(name, item)| self.consent(name, item))
            .collect()
    }

    fn consent(&self, name: &ConsentName, item: &ConsentItem) -> Shown {
        let words = self.words;
        let wording = item.wordings.get(&item.text).map(|w| self.text(w)).unwrap_or_default();
        let guardian = self.policy.guardian_of(item).map(|g| match g.judge_from {
            Some(from) => words.fill2("guardian-judged", &from.to_string(), &g.under.to_string()),
            None => words.fill("guardian-under", &g.under.to_string()),
        });
        let facts = Shown::facts([
            (words.get("wording-today"), wording.to_owned()),
            (words.get("wording-version"), item.text.to_string()),
            (words.get("if-stopped"), self.text(&item.consequence).to_owned()),
            (words.get("age"), guardian.unwrap_or_default()),
            (words.get("lasts"), item.lasts.map(|p| self.dates.period(p)).unwrap_or_default()),
        ]);
        let mark = if item.principal_matter { words.get("principal-matter") } else { String::new() };
        Shown::marked(format!("consent-{name}"), self.text(&item.title), mark, vec![facts])
    }

    /// `{choices}`: what can be stopped, and what cannot.
    pub(super) fn choices(&self) -> Vec<Shown> {
        let words = self.words;
        let choices = self.in_order("choice", &self.policy.choices);
        let rows = choices.into_iter().map(|(name, choice)| self.choice(name, choice)).collect();
        let head = vec![words.get("choice"), words.get("can-be-stopped"), words.get("if-stopped")];
        vec![Shown::table(words, words.get("choices-caption"), head, rows)]
    }

    fn choice(&self, name: &ChoiceName, choice: &Choice) -> Vec<String> {
        let words = self.words;
        let mut consequence = self.text(&choice.consequence).to_owned();
        for residue in &choice.residue {
            let Some(activity) = self.policy.activities.get(&residue.activity) else { continue };
            let data = self.given(&residue.categories, activity);
            consequence.push_str(&words.fill2("residue", &data, self.text(&activity.title)));
        }
        for (kind, _) in self.policy.signals.iter().filter(|(_, signal)| signal.declines.contains(name)) {
            consequence.push_str(&words.fill("declined-by-signal", kind.title()));
        }
        vec![
            self.text(&choice.title).to_owned(),
            words.named("refusability", choice.refusability.as_str()),
            consequence,
        ]
    }
}
