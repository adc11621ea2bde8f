//! Provision to third parties: what is given, to whom, where, and on what it rests.

use std::collections::BTreeSet;

use nattoku_model::name::{CategoryName, ConsentName, PurposeName};
use nattoku_model::policy::{Activity, Basis, Minimisation, Provision, Recipient, Transfer};

use super::{Shown, Tables};
use crate::citation::citation;

impl Tables<'_> {
    /// `{provisions}`: what is given to whom, and on what that rests.
    pub(super) fn provisions(&self) -> Vec<Shown> {
        vec![self.provision_table().closed_if_long(self.words)]
    }

    /// Every provision in one table.
    pub(super) fn provision_table(&self) -> Shown {
        self.provision_rows(|_| true)
    }

    /// The provisions that serve a purpose; nothing where there is none.
    pub(super) fn provisions_for(&self, purpose: &PurposeName) -> Option<Shown> {
        let serves = |p: &Provision| {
            self.policy.activities.get(&p.activity).is_some_and(|a| a.purposes.contains(purpose))
        };
        let is_any = self.policy.provisions.values().any(serves);
        is_any.then(|| self.provision_rows(serves))
    }

    fn provision_rows(&self, is_shown: impl Fn(&Provision) -> bool) -> Shown {
        let words = self.words;
        let provisions = self.in_order("provision", &self.policy.provisions);
        let shown = provisions.into_iter().filter(|(_, p)| is_shown(p));
        let rows = shown.map(|(_, p)| self.provision(p)).collect();
        let head = ["what-for", "what-is-given", "to-whom", "country", "rests-on"].map(|key| words.get(key));
        Shown::Table { caption: words.get("provisions-caption"), head: head.to_vec(), rows }
    }

    fn provision(&self, provision: &Provision) -> Vec<String> {
        let words = self.words;
        let activity = self.policy.activities.get(&provision.activity);
        let to: Vec<&Recipient> =
            provision.to.iter().filter_map(|name| self.policy.recipients.get(name)).collect();
        let mut countries: Vec<String> = to.iter().map(|r| self.country(r)).collect();
        countries.dedup();
        let mut bases = vec![self.basis(&provision.basis)];
        for recipient in to {
            if let Some(transfer) = self.transfer(recipient) {
                bases.push(transfer);
            }
        }
        bases.dedup();
        vec![
            activity.map_or_else(|| provision.activity.to_string(), |a| self.text(&a.title).to_owned()),
            activity.map_or_else(|| self.categories(&provision.gives), |a| self.given(&provision.gives, a)),
            self.recipient_titles(&provision.to),
            countries.join(&words.get("list-comma")),
            bases.join(&words.get("list-and")),
        ]
    }

    /// What is given, after what the activity must do to give no more than it needs (R25); what is treated alike
    /// stands together.
    pub(super) fn given<'c>(
        &self,
        gives: impl IntoIterator<Item = &'c CategoryName>,
        activity: &Activity,
    ) -> String {
        let words = self.words;
        let mut groups: Vec<(BTreeSet<Minimisation>, Vec<&'c CategoryName>)> = Vec::new();
        for category in gives {
            let steps = activity.minimisations_of(category);
            match groups.iter_mut().find(|(of, _)| *of == steps) {
                Some((_, categories)) => categories.push(category),
                None => groups.push((steps, vec![category])),
            }
        }
        let given = groups.into_iter().map(|(steps, categories)| {
            if steps.contains(&Minimisation::AgeResultOnly) {
                return words.get("given-age-result-only");
            }
            let names = self.categories(categories);
            steps.iter().fold(names, |names, step| words.fill_named("given", step.as_str(), &names))
        });
        given.collect::<Vec<_>>().join(&words.get("list-comma"))
    }

    fn basis(&self, basis: &Basis) -> String {
        let words = self.words;
        match basis {
            Basis::Consent(item, _) => words.fill("basis-consent", self.consent_title(item)),
            Basis::OptOut(choice) => {
                let title = self.policy.choices.get(choice).map(|c| self.text(&c.title));
                words.fill("basis-opt-out", title.unwrap_or(choice.as_str()))
            }
            Basis::Law(written) => words.fill("basis-law", &citation(written, self.language)),
        }
    }

    fn consent_title<'t>(&'t self, item: &'t ConsentName) -> &'t str {
        self.policy.consents.get(item).map_or(item.as_str(), |c| self.text(&c.title))
    }

    /// The recipient's country in words.
    pub(crate) fn country(&self, recipient: &Recipient) -> String {
        self.words.named("country", &recipient.country.to_ascii_lowercase())
    }

    /// What makes giving data to a recipient abroad lawful (APPI-28-1).
    pub(crate) fn transfer(&self, recipient: &Recipient) -> Option<String> {
        let words = self.words;
        let transfer = recipient.transfer.as_ref().filter(|_| self.policy.is_abroad(recipient));
        transfer.map(|transfer| match transfer {
            Transfer::EquivalentCountry => words.get("transfer-equivalent-country"),
            Transfer::ConformingSystem(checked) => {
                words.fill("transfer-conforming-system", &self.dates.period(checked.every))
            }
            Transfer::Consent(item) => words.fill("transfer-consent", self.consent_title(item)),
        })
    }
}
