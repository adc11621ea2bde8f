//! A pack in words, so that a lawyer can read what a decision goes by.

mod section;
mod words;

use nattoku_model::Language;
use nattoku_model::law::{Grounds, Pack, State};

use crate::diagnostic::Words;

/// The state of a pack in a few words: in force since when, or promulgated and in force by when at the latest.
#[must_use]
pub fn state(pack: &Pack) -> Words {
    let day = |d: Option<jiff::civil::Date>| d.map(|d| d.to_string()).unwrap_or_default();
    match (pack.state, pack.in_force_from) {
        (State::InForce, from) => {
            Words::new(format!("施行中（{}から）", day(from)), format!("in force since {}", day(from)))
        }
        (State::Promulgated, Some(from)) => {
            Words::new(format!("公布、{from}施行"), format!("promulgated, in force from {from}"))
        }
        (State::Promulgated, None) => Words::new(
            format!("公布、未施行（遅くとも{}）", day(pack.in_force_by)),
            format!("promulgated, not in force (at the latest {})", day(pack.in_force_by)),
        ),
    }
}

/// The whole pack in Markdown.
#[must_use]
pub fn describe(pack: &Pack, language: Language) -> String {
    let mut page = Page { pack, language, out: String::new() };
    page.head();
    page.ages();
    page.routes();
    page.classes();
    page.abroad();
    page.joint_use();
    page.changes();
    page.records();
    page.breach();
    page.deadlines();
    page.provisions();
    page.out
}

/// The page being written.
struct Page<'a> {
    pack: &'a Pack,
    language: Language,
    out: String,
}

impl Page<'_> {
    /// One of two texts.
    const fn say<'t>(&self, ja: &'t str, en: &'t str) -> &'t str {
        match self.language {
            Language::Ja => ja,
            Language::En => en,
        }
    }

    fn section(&mut self, ja: &str, en: &str) {
        let title = self.say(ja, en).to_owned();
        self.out += &["\n## ", &title, "\n\n"].concat();
    }

    /// A line of a list, with what it rests on.
    fn item(&mut self, text: &str, grounds: &Grounds) {
        let basis = self.basis(grounds);
        self.out += &["- ", text, &basis, "\n"].concat();
    }

    /// What a line rests on, and whether it must be checked.
    fn basis(&self, grounds: &Grounds) -> String {
        let mut parts: Vec<String> = grounds.cites.iter().map(ToString::to_string).collect();
        if grounds.unchecked {
            parts.push(self.say("要確認", "to be checked").to_owned());
        }
        if parts.is_empty() { String::new() } else { format!(" [{}]", parts.join("; ")) }
    }

    /// Several words in a row.
    fn list<T: Copy>(&self, of: impl IntoIterator<Item = T>, word: impl Fn(T) -> Words) -> String {
        let words: Vec<String> = of.into_iter().map(|t| word(t).get(self.language).to_owned()).collect();
        words.join(self.say("、", ", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::Packs;

    #[test]
    fn a_lawyer_can_read_what_a_pack_says() {
        let packs = Packs::built_in();
        let now = packs.get("appi", "2022-04-01").unwrap();
        let ja = describe(now, Language::Ja);
        for line in [
            "16歳未満は法定代理人の同意、12歳からは本人の判断能力による（指針） [CAP-1]",
            "届け出たオプトアウト。次には使えない: 要配慮個人情報 [APPI 27(2); 要確認]",
            "通信の秘密: 取得、利用、提供には個別の同意が要る。令状があれば足りる",
            "漏えい等の速報: 速やかに、漏えい等を知ってから3日から5日以内",
            "本人の数が千人を超える（1000人を超えるとき）",
            "個人情報保護法第27条第5項第3号",
        ] {
            assert!(ja.contains(line), "{line}\n{ja}");
        }
        let later = describe(packs.get("appi", "2026-07-17").unwrap(), Language::En);
        for line in [
            "promulgated, not in force (at the latest 2028-07-16)",
            "under 16 a guardian must consent [APPI26-3; to be checked]",
            "closed to: special care data, biometric data",
        ] {
            assert!(later.contains(line), "{line}\n{later}");
        }
    }

    #[test]
    fn every_pack_is_told_in_both_languages() {
        let is_japanese = |c: char| ('\u{3040}'..='\u{9fff}').contains(&c);
        for pack in Packs::built_in().all() {
            let (ja, en) = (describe(pack, Language::Ja), describe(pack, Language::En));
            assert_eq!(ja.lines().count(), en.lines().count(), "{} {}", pack.law, pack.version);
            for line in en.lines() {
                assert!(!line.chars().any(is_japanese), "{line}");
            }
            for line in ja.lines().filter(|l| l.starts_with("## ")) {
                assert!(line.chars().any(is_japanese), "{line}");
            }
        }
    }
}
