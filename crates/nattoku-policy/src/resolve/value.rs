//! Values: texts, names, words of a list, dates, lengths of time.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use nattoku_model::language::Text;
use nattoku_model::name::is_name;
use nattoku_model::policy::{Class, Period, RecipientKind};
use nattoku_model::{Action, Language};

use super::names::NameKind;
use super::scope::Scope;
use super::shape::BARE;
use crate::ast::{Node, Spanned, Value};
use crate::diagnostic::{Diagnostic, Label, Words};
use crate::language_rules::FULL_WIDTH_PUNCTUATION;
use crate::syntax::width::narrowed;

/// A word of a property that takes several, with its place.
pub(crate) struct Word<'n> {
    pub(crate) text: &'n str,
    pub(crate) at: Label,
    /// Whether the place includes quotes, so that a replacement must bring its own.
    pub(crate) quoted: bool,
}

impl Scope<'_> {
    /// A string.
    pub(crate) fn string<'n>(&mut self, node: &'n Node, value: &'n Spanned<Value>) -> Option<&'n str> {
        if let Value::String(s) = &value.value {
            return Some(s);
        }
        self.expected(node, value, &Words::new("引用符で囲んだ文字列", "a text in quotes"));
        None
    }

    /// A string that is not blank.
    pub(crate) fn filled<'n>(&mut self, node: &'n Node, value: &'n Spanned<Value>) -> Option<&'n str> {
        let text = self.string(node, value)?;
        if text.trim().is_empty() {
            self.expected(node, value, &Words::new("空でない文字列", "a text that is not empty"));
            return None;
        }
        Some(text)
    }

    /// The string of a property, where there is one.
    pub(crate) fn string_prop<'n>(&mut self, node: &'n Node, prop: &str) -> Option<&'n str> {
        let value = node.prop(prop)?;
        self.filled(node, value)
    }

    /// The string of the first argument of a child, where there is one.
    pub(crate) fn string_child<'n>(&mut self, node: &'n Node, child: &str) -> Option<&'n str> {
        let child = node.child(child)?;
        self.filled(child, child.args.first()?)
    }

    /// `#true` or `#false`; false where it is not written.
    pub(crate) fn flag(&mut self, node: &Node, prop: &str) -> bool {
        match node.prop(prop) {
            None => false,
            Some(Spanned { value: Value::Bool(b), .. }) => *b,
            Some(other) => {
                self.expected(node, other, &Words::new("`#true` または `#false` ", "`#true` or `#false`"));
                false
            }
        }
    }

    /// An age in whole years.
    pub(crate) fn age(&mut self, node: &Node, prop: &str) -> Option<u8> {
        let value = node.prop(prop)?;
        if let Value::Integer(n) = value.value
            && let Ok(age) = u8::try_from(n)
            && age <= 120
        {
            return Some(age);
        }
        self.expected(node, value, &Words::new("0〜120 の年齢", "an age from 0 to 120"));
        None
    }

    /// The texts of a node that stands within it as `ja` and `en`.
    pub(crate) fn title(&mut self, node: &Node) -> Text {
        let mut texts = BTreeMap::new();
        for language in Language::ALL {
            if let Some(child) = node.child(language.tag()) {
                self.shape(child, &BARE.args(1, 1, "文", "a text"));
                let text = child.args.first().and_then(|arg| self.string(child, arg));
                texts.extend(text.map(|t| (language, t.to_owned())));
            }
        }
        Text(texts)
    }

    /// The texts of a child that holds nothing else: `benefit { ja "…"; en "…" }`. Empty where there is none.
    pub(crate) fn text(&mut self, node: &Node, child: &str) -> Text {
        let Some(child) = node.child(child) else { return Text::default() };
        self.shape(child, &BARE.texts(true));
        self.title(child)
    }

    /// One of a list of words, as read by `find`.
    pub(crate) fn one_of<T: Copy>(
        &mut self,
        node: &Node,
        value: &Spanned<Value>,
        all: &[T],
        word: impl Fn(T) -> &'static str,
    ) -> Option<T> {
        let text = self.string(node, value)?;
        self.one_of_words(text, &node.at(&value.span), all, word)
    }

    fn one_of_words<T: Copy>(
        &mut self,
        text: &str,
        at: &Label,
        all: &[T],
        word: impl Fn(T) -> &'static str,
    ) -> Option<T> {
        let found = all.iter().copied().find(|v| word(*v) == text);
        if found.is_none() {
            let allowed: Vec<&str> = all.iter().map(|v| word(*v)).collect();
            self.none_of(at, text, &allowed);
        }
        found
    }

    /// The classes named by values of a node.
    pub(crate) fn classes<'n>(
        &mut self,
        node: &'n Node,
        values: impl IntoIterator<Item = &'n Spanned<Value>>,
    ) -> Vec<Class> {
        let words = self.words_of(node, values);
        words.iter().filter_map(|w| self.one_of_words(w.text, &w.at, &Class::ALL, Class::as_str)).collect()
    }

    /// The actions named by values of a node.
    pub(crate) fn actions<'n>(
        &mut self,
        node: &'n Node,
        values: impl IntoIterator<Item = &'n Spanned<Value>>,
    ) -> Vec<Action> {
        let words = self.words_of(node, values);
        words.iter().filter_map(|w| self.one_of_words(w.text, &w.at, &Action::ALL, Action::as_str)).collect()
    }

    /// A kind of recipient.
    pub(crate) fn recipient_kind(&mut self, node: &Node, value: &Spanned<Value>) -> Option<RecipientKind> {
        self.one_of(node, value, &RecipientKind::ALL, RecipientKind::as_str)
    }

    /// The words of values, each of which may hold several separated by spaces.
    pub(crate) fn words_of<'n>(
        &mut self,
        node: &'n Node,
        values: impl IntoIterator<Item = &'n Spanned<Value>>,
    ) -> Vec<Word<'n>> {
        let mut words = Vec::new();
        for value in values {
            let Some(text) = self.string(node, value) else { continue };
            if text.trim().is_empty() {
                self.expected(node, value, &Words::new("名前", "a name"));
                continue;
            }
            // A value in quotes without escapes is exactly two bytes longer than its text, so its words can be placed.
            let is_plain = value.span.len() == text.len() + 2;
            let is_bare = value.span.len() == text.len();
            for word in text.split_whitespace() {
                let offset = word.as_ptr() as usize - text.as_ptr() as usize;
                let (at, quoted) = if is_plain || is_bare {
                    let start = value.span.start + offset + usize::from(is_plain);
                    (node.at(&(start..start + word.len())), false)
                } else {
                    (node.at(&value.span), true)
                };
                words.push(Word { text: word, at, quoted });
            }
        }
        words
    }

    /// The declared names among values, each of which may hold several separated by spaces.
    pub(crate) fn names_of<'n, N: From<&'n str>>(
        &mut self,
        kind: NameKind,
        node: &'n Node,
        values: impl IntoIterator<Item = &'n Spanned<Value>>,
    ) -> Vec<N> {
        let words = self.words_of(node, values);
        words
            .into_iter()
            .filter(|w| self.is_declared(kind, w.text, &w.at, w.quoted))
            .map(|w| N::from(w.text))
            .collect()
    }

    /// The declared names in the arguments of every child of a name: `needs a b` and `needs c`.
    pub(crate) fn names_in<'n, N: From<&'n str>>(
        &mut self,
        kind: NameKind,
        node: &'n Node,
        child: &'n str,
    ) -> Vec<N> {
        let mut names = Vec::new();
        for child in node.children_named(child) {
            let Words { ja, en } = kind.words();
            if child.args.is_empty() {
                let name = &child.name.value;
                self.missing(
                    child.head_label(),
                    Words::new(
                        format!("`{name}` には{ja}の名前が必要です"),
                        format!("`{name}` needs the name of a {en}"),
                    ),
                );
            }
            self.shape(child, &BARE.args(0, usize::MAX, "名前", "names"));
            names.extend(self.names_of(kind, child, &child.args));
        }
        names
    }

    /// The declared name that a value is.
    pub(crate) fn name<'n, N: From<&'n str>>(
        &mut self,
        kind: NameKind,
        node: &'n Node,
        value: &'n Spanned<Value>,
    ) -> Option<N> {
        let text = self.string(node, value)?;
        let at = node.at(&value.span);
        let is_quoted = value.span.len() != text.len();
        self.is_declared(kind, text, &at, is_quoted).then(|| N::from(text))
    }

    /// The declared name of a property, where there is one.
    pub(crate) fn name_prop<'n, N: From<&'n str>>(
        &mut self,
        kind: NameKind,
        node: &'n Node,
        prop: &str,
    ) -> Option<N> {
        let value = node.prop(prop)?;
        self.name(kind, node, value)
    }

    /// The declared name that a child's only argument is, where there is such a child.
    pub(crate) fn name_child<'n, N: From<&'n str>>(
        &mut self,
        kind: NameKind,
        node: &'n Node,
        child: &str,
    ) -> Option<N> {
        let child = node.child(child)?;
        let (ja, en) = ("名前", "one name");
        self.shape(child, &BARE.args(1, 1, ja, en));
        self.name(kind, child, child.args.first()?)
    }

    /// A free word such as an outcome or a duty; its form is that of a name.
    pub(crate) fn plain_word(&mut self, node: &Node, value: &Spanned<Value>) -> Option<String> {
        let text = self.filled(node, value)?;
        if is_name(text) {
            return Some(text.to_owned());
        }
        self.malformed(
            node,
            value,
            text,
            &Words::new("`refuse_service` の形の語", "a word such as `refuse_service`"),
        );
        None
    }

    /// The free word of a child, where there is one.
    pub(crate) fn word_child(&mut self, node: &Node, child: &str) -> Option<String> {
        let child = node.child(child)?;
        self.shape(child, &BARE.args(1, 1, "語", "one word"));
        self.plain_word(child, child.args.first()?)
    }

    /// Whether a child without any value is there: `combines`.
    pub(crate) fn mark(&mut self, node: &Node, child: &str) -> bool {
        let Some(child) = node.child(child) else { return false };
        self.shape(child, &BARE);
        true
    }

    /// A day.
    pub(crate) fn date(&mut self, node: &Node, value: &Spanned<Value>) -> Option<Date> {
        let text = self.string(node, value)?;
        let date = read_date(text);
        if date.is_none() {
            self.malformed(
                node,
                value,
                text,
                &Words::new("`2019-12-11` の形の日付", "a date such as `2019-12-11`"),
            );
        }
        date
    }

    /// An instant: a date, whose midnight in the policy's zone is meant, or an instant with an offset.
    pub(crate) fn instant(&mut self, node: &Node, value: &Spanned<Value>) -> Option<Timestamp> {
        let text = self.string(node, value)?;
        let instant = match read_date(text) {
            Some(date) => self.midnight(date),
            None => text.parse().ok(),
        };
        if instant.is_none() {
            let what = Words::new(
                "`2019-12-11` の形の日付、または時差の付いた `2019-12-11T00:00:00+09:00` の形の日時",
                "a date such as `2019-12-11` or an instant with its offset such as `2019-12-11T00:00:00+09:00`",
            );
            self.malformed(node, value, text, &what);
        }
        instant
    }

    /// The beginning of a day in the policy's zone.
    pub(crate) fn midnight(&self, date: Date) -> Option<Timestamp> {
        let zoned = date.to_datetime(Time::midnight()).to_zoned_datetime(self.timezone.clone()).ok()?;
        Some(zoned.timestamp())
    }

    /// The instant of a property, where there is one.
    pub(crate) fn instant_prop(&mut self, node: &Node, prop: &str) -> Option<Timestamp> {
        let value = node.prop(prop)?;
        self.instant(node, value)
    }

    /// A length of time.
    pub(crate) fn period(&mut self, node: &Node, value: &Spanned<Value>) -> Option<Period> {
        let text = self.string(node, value)?;
        let period = text.parse().ok();
        if period.is_none() {
            let what = Words::new(
                "`\"30 days\"`、`\"6 months\"`、`\"3 years\"` の形の期間（100 年まで）",
                "a length of time such as `\"30 days\"`, `\"6 months\"` or `\"3 years\"`, at most 100 years",
            );
            self.malformed(node, value, text, &what);
        }
        period
    }

    /// The length of time of a property, where there is one.
    pub(crate) fn period_prop(&mut self, node: &Node, prop: &str) -> Option<Period> {
        let value = node.prop(prop)?;
        self.period(node, value)
    }

    /// A time of day.
    pub(crate) fn time_of_day(&mut self, node: &Node, prop: &str) -> Option<Time> {
        let value = node.prop(prop)?;
        let text = self.string(node, value)?;
        let time = text.split_once(':').and_then(|(hour, minute)| {
            let part = |s: &str| (s.len() == 2).then(|| s.parse::<i8>().ok()).flatten();
            Time::new(part(hour)?, part(minute)?, 0, 0).ok()
        });
        if time.is_none() {
            self.malformed(
                node,
                value,
                text,
                &Words::new("`10:00` の形の時刻", "a time of day such as `10:00`"),
            );
        }
        time
    }

    /// A country as an ISO 3166 two-letter code.
    pub(crate) fn country(&mut self, node: &Node, value: &Spanned<Value>) -> Option<String> {
        let text = self.string(node, value)?;
        if text.len() == 2 && text.chars().all(|c| c.is_ascii_uppercase()) {
            return Some(text.to_owned());
        }
        self.expected(
            node,
            value,
            &Words::new("`JP` のような国の 2 文字コード", "a country as two capital letters such as `JP`"),
        );
        None
    }

    /// Reports a value that does not have the form expected; full-width signs are told apart.
    pub(crate) fn malformed(&mut self, node: &Node, value: &Spanned<Value>, text: &str, what: &Words) {
        let Some(plain) = narrowed(text).filter(|p| p.is_ascii()) else {
            return self.expected(node, value, what);
        };
        let at = node.at(&value.span);
        let message = Words::new(
            format!("`{text}` に全角の文字が使われています"),
            format!("`{text}` has full-width signs"),
        );
        let diagnostic = Diagnostic::error(FULL_WIDTH_PUNCTUATION.name, at.clone(), message)
            .help(Words::new("半角で書いてください", "write it half-width"))
            .fix(&at, format!("\"{plain}\""));
        self.report.push(diagnostic);
    }
}

/// `2019-12-11` and nothing else.
fn read_date(text: &str) -> Option<Date> {
    (text.len() == 10).then(|| text.parse().ok()).flatten()
}
