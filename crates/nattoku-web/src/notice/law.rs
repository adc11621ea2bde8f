//! What law permits besides, which version governs what, and what was decided where the text leaves it open.

use std::collections::BTreeSet;

use nattoku_model::policy::{Exception, RecipientKind, Transition};

use super::order::natural;
use super::{Shown, Tables};
use crate::citation::citation;

impl Tables<'_> {
    /// `{exceptions}`: what law permits although this notice does not.
    pub(super) fn exceptions(&self) -> Vec<Shown> {
        let words = self.words;
        let comma = words.get("list-comma");
        let rows: Vec<Vec<String>> = self
            .in_order("exception", &self.policy.exceptions)
            .into_iter()
            .map(|(_, e)| {
                let requires: Vec<String> =
                    e.requires.iter().map(|r| words.named("requirement", r.as_str())).collect();
                vec![
                    self.text(&e.title).to_owned(),
                    citation(&e.basis, self.language),
                    self.receiving(e),
                    requires.join(&comma),
                ]
            })
            .collect();
        let head = vec![words.get("exception"), words.get("law"), words.get("to-whom"), words.get("needs")];
        let summary = words.count("open-exceptions", rows.len());
        let table = Shown::Table { caption: words.get("exceptions-caption"), head, rows };
        vec![Shown::details(summary, vec![table])]
    }

    /// To whom an exception lets data be given (R44).
    fn receiving(&self, exception: &Exception) -> String {
        let words = self.words;
        let comma = words.get("list-comma");
        if !exception.actions.is_empty() && !exception.actions.iter().any(|a| a.gives()) {
            return words.get("nobody");
        }
        let kinds = |kinds: &BTreeSet<RecipientKind>| {
            kinds.iter().map(|k| words.named("receiving", k.as_str())).collect::<Vec<_>>().join(&comma)
        };
        if exception.warrant {
            return kinds(&BTreeSet::from([RecipientKind::Authority]));
        }
        if exception.to.is_empty() {
            return words.get("receiving-anybody");
        }
        let each = exception.to.iter().map(|to| {
            if to.except.is_empty() {
                kinds(&to.kinds)
            } else {
                words.fill2("receiving-except", &kinds(&to.kinds), &self.categories(&to.except))
            }
        });
        each.collect::<Vec<_>>().join(&comma)
    }

    /// `{transitions}`: which older version keeps governing what was acquired before (R75).
    pub(super) fn transitions(&self) -> Vec<Shown> {
        self.policy.transitions.iter().map(|t| Shown::paragraph(self.transition(t))).collect()
    }

    pub(super) fn transition(&self, transition: &Transition) -> String {
        let words = self.words;
        let before = self.dates.day(&transition.acquired_before);
        let version = transition.governing.as_str();
        let mut sentence = words.fill2("transition", &before, version);
        if let Some((relationship, since)) = &transition.unless {
            let title = self.policy.relationships.get(relationship).map(|r| self.text(&r.title));
            let title = title.unwrap_or(relationship.as_str());
            sentence.push_str(&words.fill2("transition-unless", &self.dates.day(since), title));
        }
        sentence
    }

    /// `{rulings}`: decisions on what the text leaves open.
    pub(super) fn rulings(&self) -> Vec<Shown> {
        let mut rulings: Vec<_> = self.policy.rulings.iter().collect();
        rulings.sort_by_cached_key(|(name, _)| natural(name));
        let rulings = rulings.into_iter().map(|(name, text)| (name.clone(), self.text(text).to_owned()));
        let facts = Shown::facts(rulings);
        vec![Shown::details(self.words.count("open-rulings", self.policy.rulings.len()), vec![facts])]
    }

    /// `{versions}`: every version with its dates.
    pub(super) fn versions(&self) -> Vec<Shown> {
        let words = self.words;
        // A version tells of itself and those before it, so that it reads the same when there are later ones.
        let versions = self.reading.publication.versions().oldest_first();
        let known = versions.into_iter().filter(|v| v.effective <= self.policy.effective);
        let rows = known.rev().map(|policy| {
            let remark = if policy.text_absent { "text-absent" } else { "text-present" };
            vec![
                policy.version.to_string(),
                policy.announced.map(|d| self.dates.date(d)).unwrap_or_default(),
                self.dates.day(&policy.effective),
                words.get(remark),
            ]
        });
        let head = vec![
            words.get("version"),
            words.get("announced"),
            words.get("in-force-from"),
            words.get("its-text"),
        ];
        vec![Shown::table(words, words.get("versions-caption"), head, rows.collect())]
    }

    /// The edition: version, dates, which language prevails (R74, R76), and whom it applies to (R75).
    pub(crate) fn edition(&self) -> Shown {
        let words = self.words;
        let policy = self.policy;
        let to_whom = if policy.transitions.is_empty() {
            words.get("applies-to-all")
        } else {
            let but: Vec<String> = policy.transitions.iter().map(|t| self.transition(t)).collect();
            format!("{}{}", words.get("applies-to-all-but"), but.join(""))
        };
        Shown::facts([
            (words.get("version"), policy.version.to_string()),
            (words.get("in-force-from"), self.dates.day(&policy.effective)),
            (words.get("announced"), policy.announced.map(|d| self.dates.date(d)).unwrap_or_default()),
            (words.get("prevailing-language"), words.named("language", policy.prevails.tag())),
            (words.get("applies-to"), to_whom),
        ])
    }
}
