//! What may stand as an argument or behind the `=` of a property.

use nattoku_model::Language;

use crate::index;

/// A kind of value.
#[derive(Debug, Clone, Copy)]
pub enum Value {
    /// The name that the node declares.
    NewName,
    /// A declared name of a kind of rule: `activity`.
    Name(&'static str),
    /// Several such names; in a property in one string, separated by spaces.
    Names(&'static str),
    /// Names of these kinds of rule, or words.
    NamesOr(&'static [&'static str], fn() -> Vec<&'static str>),
    /// One of a closed list of words.
    Word(fn() -> Vec<&'static str>),
    /// Several of them.
    Words(fn() -> Vec<&'static str>),
    /// A word of the policy's own: an outcome, a duty.
    OwnWord,
    /// A text.
    Text,
    /// `2019-12-11`
    Date,
    /// A date, or an instant with an offset.
    Instant,
    /// `"6 months"`
    Period,
    /// `10:00`
    Time,
    /// `12-29`
    MonthDay,
    /// `Asia/Tokyo`
    TimeZone,
    /// Two capital letters.
    Country,
    /// Whole years.
    Age,
    /// `#true` or `#false`.
    Flag,
    /// A version of the policy.
    Version,
    /// The version of a consent item's wording; several in one string.
    Wording,
    /// A requirement or a place in the law: `R31`, `APPI-27-1`.
    Citation,
    /// A law, or its version.
    Law,
    /// A place in the law in words: `APPI 18(3)(i)`.
    Basis,
    /// Where a document is.
    Address,
    /// A telephone number.
    Phone,
    /// A rule of the check.
    Rule,
}

impl Value {
    /// The words of its closed list, if it has one.
    #[must_use]
    pub fn words(self) -> Vec<&'static str> {
        match self {
            Self::Word(words) | Self::Words(words) | Self::NamesOr(_, words) => words(),
            Self::Flag => vec!["#true", "#false"],
            _ => Vec::new(),
        }
    }

    /// The kinds of rule whose names it may be.
    #[must_use]
    pub fn kinds(self) -> Vec<&'static str> {
        match self {
            Self::Name(kind) | Self::Names(kind) => vec![kind],
            Self::NamesOr(kinds, _) => kinds.to_vec(),
            _ => Vec::new(),
        }
    }

    /// A word for it in machine-readable output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NewName => "new-name",
            Self::Name(_) => "name",
            Self::Names(_) => "names",
            Self::NamesOr(..) => "names-or-words",
            Self::Word(_) => "word",
            Self::Words(_) => "words",
            Self::OwnWord => "own-word",
            Self::Text => "text",
            Self::Date => "date",
            Self::Instant => "instant",
            Self::Period => "period",
            Self::Time => "time",
            Self::MonthDay => "month-day",
            Self::TimeZone => "time-zone",
            Self::Country => "country",
            Self::Age => "age",
            Self::Flag => "flag",
            Self::Version => "version",
            Self::Wording => "wording",
            Self::Citation => "citation",
            Self::Law => "law",
            Self::Basis => "basis",
            Self::Address => "address",
            Self::Phone => "phone",
            Self::Rule => "rule",
        }
    }

    /// What it is, in words.
    #[must_use]
    pub fn about(self, language: Language) -> String {
        let kinds: Vec<String> = self
            .kinds()
            .into_iter()
            .map(|kind| index::words(kind).map_or_else(|| kind.to_owned(), |w| w.get(language).to_owned()))
            .collect();
        let words = self.words().join(" | ");
        let of = |kinds: &[String]| {
            let kinds = kinds.join(" or ");
            let article = if kinds.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
            format!("name of {article} {kinds}")
        };
        let (ja, en) = match self {
            Self::Name(_) | Self::Names(_) => (format!("{}の名前", kinds.join("、")), of(&kinds)),
            Self::NamesOr(..) if kinds.is_empty() => (words.clone(), words),
            Self::NamesOr(..) if words.is_empty() => (format!("{}の名前", kinds.join("、")), of(&kinds)),
            Self::NamesOr(..) => {
                (format!("{}の名前 | {words}", kinds.join("、")), format!("{} | {words}", of(&kinds)))
            }
            Self::Word(_) | Self::Words(_) | Self::Flag => (words.clone(), words),
            other => other.plain(),
        };
        match language {
            Language::Ja => ja,
            Language::En => en,
        }
    }

    fn plain(self) -> (String, String) {
        let (ja, en) = match self {
            Self::NewName => ("新しい名前", "new name"),
            Self::OwnWord => ("語（例: `refuse_service`）", "word such as `refuse_service`"),
            Self::Date => ("日付（例: `\"2019-12-11\"`）", "date such as `\"2019-12-11\"`"),
            Self::Instant => (
                "日付、または時差の付いた日時",
                "date, or instant with its offset such as `\"2019-12-11T00:00:00+09:00\"`",
            ),
            Self::Period => ("期間（例: `\"6 months\"`）", "length of time such as `\"6 months\"`"),
            Self::Time => ("時刻（例: `\"10:00\"`）", "time of day such as `\"10:00\"`"),
            Self::MonthDay => ("月日（例: `\"12-29\"`）", "day of the year such as `\"12-29\"`"),
            Self::TimeZone => ("時間帯の名前（例: `\"Asia/Tokyo\"`）", "time zone such as `\"Asia/Tokyo\"`"),
            Self::Country => ("国の 2 文字コード（例: `JP`）", "country as two capital letters such as `JP`"),
            Self::Age => ("年齢", "age in years"),
            Self::Version => ("ポリシーの版", "version of the policy"),
            Self::Wording => ("文面の版", "version of a wording"),
            Self::Citation => {
                ("要件または法令（例: `\"APPI-27-1\"`）", "requirement or law such as `\"APPI-27-1\"`")
            }
            Self::Law => ("法令の名前または版", "law, or its version"),
            Self::Basis => {
                ("法令の箇所（例: `\"APPI 18(3)(i)\"`）", "place in the law such as `\"APPI 18(3)(i)\"`")
            }
            Self::Address => ("アドレス", "address"),
            Self::Phone => ("電話番号", "telephone number"),
            Self::Rule => ("検査の規則の名前", "rule of the check"),
            _ => ("文", "text"),
        };
        (ja.to_owned(), en.to_owned())
    }
}

/// A closed list from the model's own.
macro_rules! words {
    ($all:expr, $word:path) => {
        || $all.iter().map(|one| $word(*one)).collect()
    };
}
pub(super) use words;
