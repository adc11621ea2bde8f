//! The sections of a pack's page.

use std::collections::BTreeSet;

use nattoku_model::Language;
use nattoku_model::law::{Deadline, FactNumber, Grounds, Strength};

use super::{Page, state, words};

impl Page<'_> {
    pub(super) fn head(&mut self) {
        let pack = self.pack;
        let title = pack.instrument().map_or("", |i| i.title.get(self.language)).to_owned();
        let state = state(pack);
        let state = state.get(self.language);
        let version = pack.version.as_str();
        self.out += &["# ", &title, "\n\n", &pack.law, " ", version, ": ", state, "\n"].concat();
        let base = pack.based_on.as_ref().map(|base| match self.language {
            Language::Ja => format!("{base} の版を改めるもの。ここに書かれていない点は、その版と同じ\n"),
            Language::En => format!("changes the version {base}; what it does not say is as there\n"),
        });
        self.out += &base.unwrap_or_default();
    }

    pub(super) fn ages(&mut self) {
        let Some(age) = &self.pack.age else { return };
        self.section("本人の同意が有効な年齢", "From which age a principal's own consent counts");
        let under = age.guardian.under;
        let mut text = match self.language {
            Language::Ja => format!("{under}歳未満は法定代理人の同意"),
            Language::En => format!("under {under} a guardian must consent"),
        };
        if let Some(from) = age.guardian.judge_from {
            let more = match self.language {
                Language::Ja => format!("、{from}歳からは本人の判断能力による"),
                Language::En => format!(", from {from} on a person judges"),
            };
            text += &more;
        }
        if age.strength == Strength::Guideline {
            text += self.say("（指針）", " (guideline)");
        }
        self.item(&text, &age.grounds);
    }

    pub(super) fn routes(&mut self) {
        self.section("提供の経路", "Routes of provision");
        for (route, rule) in &self.pack.routes {
            let mut text = words::route(*route).get(self.language).to_owned();
            if !rule.closed_for.is_empty() {
                text += self.say("。次には使えない: ", "; closed to: ");
                text += &self.list(rule.closed_for.iter().copied(), words::class);
            }
            self.item(&text, &rule.grounds);
        }
    }

    pub(super) fn classes(&mut self) {
        self.section("特別に守られるデータ", "Protected classes");
        for (class, rule) in &self.pack.protections {
            let on = self.list(rule.on.iter().copied(), words::handling);
            let (class, needs) = (words::class(*class), words::need(rule.needs));
            let (class, needs) = (class.get(self.language), needs.get(self.language));
            let mut text = match self.language {
                Language::Ja => format!("{class}: {on}には{needs}が要る"),
                Language::En => format!("{class}: {on} needs {needs}"),
            };
            if rule.warrant {
                text += self.say("。令状があれば足りる", "; a court's warrant will do");
            }
            if rule.strength == Strength::Guideline {
                text += self.say("（指針）", " (guideline)");
            }
            self.item(&text, &rule.grounds);
        }
    }

    pub(super) fn abroad(&mut self) {
        let rule = &self.pack.transfer;
        self.section("国外への提供", "Giving data abroad");
        let home: Vec<&str> = rule.home.iter().map(String::as_str).collect();
        let text = format!("{}{}", self.say("国外でない国: ", "not abroad: "), home.join(" "));
        self.item(&text, &Grounds::default());
        for (condition, grounds) in &rule.conditions {
            self.item(words::condition(*condition).get(self.language), grounds);
        }
        let equal: Vec<&str> = rule.equivalent_countries.iter().map(String::as_str).collect();
        let text = format!("{}{}", self.say("同等の国: ", "equivalent countries: "), equal.join(" "));
        self.item(&text, &Grounds::default());
    }

    pub(super) fn joint_use(&mut self) {
        let Some(rule) = &self.pack.joint_use else { return };
        self.section("共同利用であらかじめ知らせること", "What is made known of a joint use");
        for (_, title) in &rule.items {
            self.item(title.get(self.language), &rule.grounds);
        }
    }

    pub(super) fn changes(&mut self) {
        self.section("ポリシーの変更に要ること", "What changes of a policy need");
        let mut told = BTreeSet::new();
        // Kinds of change that are classed alike for one reason are one line.
        for change in self.pack.changes.values().filter(|c| told.insert(c.title.get(Language::En))) {
            let class = words::change(change.class);
            let text = format!("{}: {}", change.title.get(self.language), class.get(self.language));
            self.item(&text, &change.grounds);
        }
    }

    pub(super) fn records(&mut self) {
        let Some(records) = &self.pack.records else { return };
        self.section("提供の記録", "Records of provision");
        for item in &records.items {
            let mut text = item.title.get(self.language).to_owned();
            if !item.routes.is_empty() {
                let routes = self.list(item.routes.iter().copied(), words::route);
                text = format!("{text} ({routes})");
            }
            self.item(&text, &item.grounds);
        }
        for kept in &records.retentions {
            let (term, start) = (words::term(kept.term), words::start(kept.after));
            let (term, start) = (term.get(self.language), start.get(self.language));
            let title = kept.title.get(self.language);
            let text = match self.language {
                Language::Ja => format!("{title}の保存: {start}{term}"),
                Language::En => format!("{title} is kept {term} {start}"),
            };
            self.item(&text, &kept.grounds);
        }
        if !records.exempt.is_empty() {
            let exempt = self.list(records.exempt.iter().copied(), words::route);
            let text = format!("{}{exempt}", self.say("記録の要らない経路: ", "nothing is recorded for: "));
            self.item(&text, &records.grounds);
        }
    }

    pub(super) fn breach(&mut self) {
        let Some(breach) = &self.pack.breach else { return };
        self.section("漏えい等の報告", "Breaches that are reported");
        for trigger in &breach.triggers {
            let mut text = trigger.title.get(self.language).to_owned();
            if let Some(n) = trigger.more_than {
                let more = match self.language {
                    Language::Ja => format!("（{n}人を超えるとき）"),
                    Language::En => format!(" (above {n})"),
                };
                text += &more;
            }
            self.item(&text, &trigger.grounds);
        }
        let parts = [
            (&breach.excluded, "対象外: ", "left out: "),
            (&breach.report_items, "報告の事項: ", "the report says: "),
            (&breach.notice_items, "本人への通知の事項: ", "the principals are told: "),
        ];
        for (entries, ja, en) in parts.into_iter().filter(|(entries, ..)| !entries.is_empty()) {
            let titles: Vec<&str> = entries.iter().map(|e| e.title.get(self.language)).collect();
            let text = format!("{}{}", self.say(ja, en), titles.join(self.say("、", ", ")));
            self.item(&text, &Grounds::default());
        }
    }

    pub(super) fn deadlines(&mut self) {
        self.section("期限", "Deadlines");
        for deadline in self.pack.deadlines.values() {
            let text = self.deadline(deadline);
            self.item(&text, &deadline.grounds);
        }
    }

    fn deadline(&self, deadline: &Deadline) -> String {
        let title = deadline.title.get(self.language);
        let start = words::start(deadline.after);
        let start = start.get(self.language);
        let term = |t| words::term(t).get(self.language).to_owned();
        let number = match (deadline.least, deadline.within, self.language) {
            (Some(least), Some(within), Language::Ja) => {
                format!("{start}{}から{}以内", term(least), term(within))
            }
            (Some(least), Some(within), Language::En) => {
                format!("within {} to {} {start}", term(least), term(within))
            }
            (_, Some(within), Language::Ja) => format!("{start}{}以内", term(within)),
            (_, Some(within), Language::En) => format!("within {} {start}", term(within)),
            (_, None, _) => start.to_owned(),
        };
        let word = deadline.legal_word.get(self.language);
        let parts: Vec<&str> = [word, &number].into_iter().filter(|p| !p.is_empty()).collect();
        format!("{title}: {}", parts.join(self.say("、", ", ")))
    }

    pub(super) fn provisions(&mut self) {
        self.section("条文", "Provisions");
        for (citation, provision) in &self.pack.provisions {
            let place = self.pack.in_words(citation, self.language);
            let facts: Vec<&str> = provision.facts.iter().map(FactNumber::as_str).collect();
            let facts = if facts.is_empty() { String::new() } else { format!(" ({})", facts.join(", ")) };
            let text = format!("{place}: {}{facts}", provision.title.get(self.language));
            self.item(&text, &Grounds { cites: Vec::new(), unchecked: provision.unchecked });
        }
        self.section("条文でない事実", "Facts that are no provisions");
        for (number, fact) in &self.pack.facts {
            let source = fact.source.as_ref().map(|s| format!(" ({s})")).unwrap_or_default();
            let text = format!("{number}: {}{source}", fact.title.get(self.language));
            self.item(&text, &Grounds { cites: Vec::new(), unchecked: fact.unchecked });
        }
    }
}
