//! Who else gets data: work done for us, joint use, anonymised information.

use jiff::Timestamp;
use nattoku_model::Text;
use nattoku_model::name::PublicationName;
use nattoku_model::policy::{JointUse, Recipient, RecipientKind};

use super::{Shown, Tables};

impl Tables<'_> {
    /// `{works}`: the kinds of work that may be entrusted.
    pub(super) fn works(&self) -> Vec<Shown> {
        let works = self.in_order("work", &self.policy.works);
        let items = works.into_iter().map(|(_, w)| self.text(&w.title).to_owned()).collect();
        vec![Shown::List { items }]
    }

    /// `{recipients}`: who gets data, by the class of the flow.
    pub(super) fn recipients(&self) -> Vec<Shown> {
        RecipientKind::ALL
            .into_iter()
            .filter_map(|kind| {
                let table = self.recipient_table(kind)?;
                let Shown::Table { caption, rows, .. } = &table else { return None };
                let summary = self.words.fill2("open-recipients", caption, &rows.len().to_string());
                Some(Shown::details(summary, vec![table]))
            })
            .collect()
    }

    /// The recipients of one kind; nothing where there is none.
    pub(super) fn recipient_table(&self, kind: RecipientKind) -> Option<Shown> {
        let words = self.words;
        let recipients = self.in_order("recipient", &self.policy.recipients);
        let of_kind = recipients.iter().filter(|(_, r)| r.kind == kind);
        let rows: Vec<Vec<String>> = of_kind.map(|(_, r)| self.recipient(r)).collect();
        let head = vec![words.get("who"), words.get("for-example"), words.get("country")];
        let caption = words.named("recipient-kind", kind.as_str());
        (!rows.is_empty()).then_some(Shown::Table { caption, head, rows })
    }

    fn recipient(&self, recipient: &Recipient) -> Vec<String> {
        let mut example = self.text(&recipient.example).to_owned();
        if example.is_empty() {
            let titles: Vec<&str> = recipient
                .works
                .iter()
                .filter_map(|name| self.policy.works.get(name))
                .map(|work| self.text(&work.title))
                .collect();
            example = titles.join(&self.words.get("list-comma"));
        }
        let mut country = self.country(recipient);
        if let Some(transfer) = self.transfer(recipient) {
            country = self.words.fill2("country-on", &country, &transfer);
        }
        vec![self.text(&recipient.title).to_owned(), example, country]
    }

    /// `{joint-use}`: the published items of each joint use (APPI-27-5c).
    pub(super) fn joint_uses(&self) -> Vec<Shown> {
        if self.policy.joint_uses.is_empty() {
            return vec![Shown::paragraph(self.words.get("no-joint-use"))];
        }
        let joint_uses = self.in_order("joint-use", &self.policy.joint_uses);
        joint_uses.into_iter().map(|(name, joint)| self.joint_use(name, joint)).collect()
    }

    fn joint_use(&self, name: &PublicationName, joint: &JointUse) -> Shown {
        let words = self.words;
        let purposes: Vec<&str> = joint
            .purposes
            .iter()
            .filter_map(|name| self.policy.purposes.get(name))
            .map(|p| self.text(&p.title))
            .collect();
        let facts = Shown::facts([
            (words.get("joint-items"), self.categories(&joint.items)),
            (words.get("joint-users"), self.recipient_titles(&joint.users)),
            (words.get("joint-purposes"), purposes.join(&words.get("list-comma"))),
            (words.get("joint-responsible"), self.text(&joint.responsible).to_owned()),
            self.published(joint.published),
        ]);
        let anchor = format!("joint-use-{name}");
        Shown::anchored(anchor, self.publication_title(&joint.title, joint.published), vec![facts])
    }

    /// `{anonymized}`: the published anonymised information (APPI-43-2).
    pub(super) fn anonymized(&self) -> Vec<Shown> {
        let words = self.words;
        if self.policy.anonymized_sets.is_empty() {
            return vec![Shown::paragraph(words.get("no-anonymized"))];
        }
        let sets = self.in_order("anonymized", &self.policy.anonymized_sets);
        let sets = sets.into_iter().map(|(name, set)| {
            let facts = Shown::facts([
                (words.get("anonymized-items"), self.categories(&set.items)),
                (words.get("anonymized-method"), self.text(&set.method).to_owned()),
                self.published(set.published),
            ]);
            let anchor = format!("anonymized-{name}");
            Shown::anchored(anchor, self.publication_title(&set.title, set.published), vec![facts])
        });
        sets.collect()
    }

    /// When it was published, or the day on which what is announced begins (R69).
    fn published(&self, at: Option<Timestamp>) -> (String, String) {
        let words = self.words;
        let Some(at) = at else { return (words.get("published"), String::new()) };
        let day = self.dates.day(&at);
        match self.reading.now {
            // A page that does not know the day it is read on cannot tell what has begun.
            None => (words.get("published-or-begins"), day),
            Some(now) if at > now => (words.get("begins"), words.fill("begins-on", &day)),
            Some(_) => (words.get("published"), day),
        }
    }

    /// The title, with the day on which it begins while that is to come, as far as the page knows the day it is read on.
    fn publication_title(&self, title: &Text, published: Option<Timestamp>) -> String {
        let title = self.text(title);
        match published.filter(|at| self.reading.now.is_some_and(|now| *at > now)) {
            Some(at) => self.words.fill2("title-from", title, &self.dates.day(&at)),
            None => title.to_owned(),
        }
    }
}
