//! Who else gets data: work done for us, provision, joint use, anonymised information.

use nattoku_model::policy::{Basis, JointUse, Provision, Recipient, RecipientKind};

use super::{Shown, Tables};

impl Tables<'_> {
    /// `{works}`: the kinds of work that may be entrusted.
    pub(super) fn works(&self) -> Vec<Shown> {
        let items = self.policy.works.values().map(|w| self.text(&w.title).to_owned()).collect();
        vec![Shown::List { items }]
    }

    /// `{recipients}`: who gets data, by the class of the flow.
    pub(super) fn recipients(&self) -> Vec<Shown> {
        let words = self.words;
        RecipientKind::ALL
            .into_iter()
            .filter_map(|kind| {
                let of_kind = self.policy.recipients.values().filter(|r| r.kind == kind);
                let rows: Vec<Vec<String>> = of_kind.map(|r| self.recipient(r)).collect();
                let head = vec![words.get("who"), words.get("for-example"), words.get("country")];
                let caption = words.named("recipient-kind", kind.as_str());
                (!rows.is_empty()).then(|| {
                    let summary = words.fill2("open-recipients", &caption, &rows.len().to_string());
                    Shown::details(summary, vec![Shown::Table { caption, head, rows }])
                })
            })
            .collect()
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
        vec![
            self.text(&recipient.title).to_owned(),
            example,
            self.words.named("country", &recipient.country.to_ascii_lowercase()),
        ]
    }

    /// `{provisions}`: what is given to whom, and on what that rests.
    pub(super) fn provisions(&self) -> Vec<Shown> {
        let words = self.words;
        let rows = self.policy.provisions.values().map(|p| self.provision(p)).collect();
        let head = vec![
            words.get("what-for"),
            words.get("what-is-given"),
            words.get("to-whom"),
            words.get("rests-on"),
        ];
        vec![Shown::table(words, words.get("provisions-caption"), head, rows)]
    }

    fn provision(&self, provision: &Provision) -> Vec<String> {
        let words = self.words;
        let activity = self.policy.activities.get(&provision.activity);
        let basis = match &provision.basis {
            Basis::Consent(item, _) => {
                let title = self.policy.consents.get(item).map(|c| self.text(&c.title));
                words.fill("basis-consent", title.unwrap_or(item.as_str()))
            }
            Basis::OptOut(choice) => {
                let title = self.policy.choices.get(choice).map(|c| self.text(&c.title));
                words.fill("basis-opt-out", title.unwrap_or(choice.as_str()))
            }
            Basis::Law(citation) => words.fill("basis-law", citation),
        };
        vec![
            activity.map_or_else(|| provision.activity.to_string(), |a| self.text(&a.title).to_owned()),
            self.categories(&provision.gives),
            self.recipient_titles(&provision.to),
            basis,
        ]
    }

    /// `{joint-use}`: the published items of each joint use (APPI-27-5c).
    pub(super) fn joint_uses(&self) -> Vec<Shown> {
        if self.policy.joint_uses.is_empty() {
            return vec![Shown::paragraph(self.words.get("no-joint-use"))];
        }
        self.policy.joint_uses.values().map(|joint| self.joint_use(joint)).collect()
    }

    fn joint_use(&self, joint: &JointUse) -> Shown {
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
            (words.get("published"), joint.published.map(|at| self.dates.day(&at)).unwrap_or_default()),
        ]);
        Shown::details(self.text(&joint.title), vec![facts])
    }

    /// `{anonymized}`: the published anonymised information (APPI-43-2).
    pub(super) fn anonymized(&self) -> Vec<Shown> {
        let words = self.words;
        if self.policy.anonymized_sets.is_empty() {
            return vec![Shown::paragraph(words.get("no-anonymized"))];
        }
        let sets = self.policy.anonymized_sets.values().map(|set| {
            let facts = Shown::facts([
                (words.get("anonymized-items"), self.categories(&set.items)),
                (words.get("anonymized-method"), self.text(&set.method).to_owned()),
                (words.get("published"), set.published.map(|at| self.dates.day(&at)).unwrap_or_default()),
            ]);
            Shown::details(self.text(&set.title), vec![facts])
        });
        sets.collect()
    }
}
