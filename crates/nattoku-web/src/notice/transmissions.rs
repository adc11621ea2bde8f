//! What pages and apps make a device send to others (Telecommunications Business Act 27-12).

use nattoku_model::policy::Transmission;

use super::{Shown, Tables};

impl Tables<'_> {
    /// `{transmissions}`: what is sent, to whom, what for, and how to stop it.
    pub(super) fn transmissions(&self) -> Vec<Shown> {
        if self.policy.transmissions.is_empty() {
            return vec![Shown::paragraph(self.words.get("no-transmission"))];
        }
        let declared = self.in_order("transmission", &self.policy.transmissions);
        declared.into_iter().map(|(name, one)| self.transmission(name, one)).collect()
    }

    fn transmission(&self, name: &str, transmission: &Transmission) -> Shown {
        let words = self.words;
        let comma = words.get("list-comma");
        let purposes: Vec<&str> = transmission
            .purposes
            .iter()
            .filter_map(|name| self.policy.purposes.get(name))
            .map(|purpose| self.text(&purpose.title))
            .collect();
        let to = transmission.to.iter().filter_map(|name| self.policy.recipients.get(name));
        let to: Vec<String> = to
            .map(|recipient| words.fill2("sent-to-in", self.text(&recipient.title), &self.country(recipient)))
            .collect();
        let facts = Shown::facts([
            (words.get("sent-items"), self.categories(&transmission.items)),
            (words.get("sent-to"), to.join(&comma)),
            (words.get("sent-purposes"), purposes.join(&comma)),
            (words.get("sent-usage"), self.text(&transmission.usage).to_owned()),
        ]);
        let anchor = format!("transmission-{name}");
        Shown::anchored(anchor, self.text(&transmission.title), vec![facts, self.ways_to_stop(transmission)])
    }

    /// How it is stopped; where there is no way of ours, that is said.
    fn ways_to_stop(&self, transmission: &Transmission) -> Shown {
        let words = self.words;
        let choice =
            transmission.choice.as_ref().and_then(|name| Some((name, self.policy.choices.get(name)?)));
        let mut items = Vec::new();
        if let Some((name, choice)) = choice {
            let address = format!("my/choices/choice/{name}");
            let link = self.reading.has_dashboard.then(|| self.reading.link(&address));
            items.push((link, words.fill("sent-stop-choice", self.text(&choice.title)), String::new()));
        }
        if let Some(address) = &transmission.address {
            items.push((Some(address.clone()), words.get("sent-stop-elsewhere"), address.clone()));
        }
        if items.is_empty() { Shown::paragraph(words.get("sent-no-stop")) } else { Shown::Links { items } }
    }
}
