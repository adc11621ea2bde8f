//! The few shapes in which the notice shows what the policy says.

use askama::Template;

use crate::compare::Fate;
use crate::words::Words;

/// The longest table that stands open.
const ROWS_SHOWN_MAX: usize = 8;

/// One thing shown.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
pub(crate) enum Shown {
    /// Prose of the notice, already HTML.
    #[template(source = "{{ html|safe }}", ext = "html")]
    Html {
        /// The HTML.
        html: String,
    },
    /// A sentence.
    #[template(source = "<p{% if *quiet %} class=\"quiet\"{% endif %}>{{ text }}</p>\n", ext = "html")]
    Paragraph {
        /// The sentence.
        text: String,
        /// Whether it is said beside the matter.
        quiet: bool,
    },
    /// A list of sentences.
    #[template(
        source = "<ul class=\"dots\">\n{% for item in items %}<li>{{ item }}</li>\n{% endfor %}</ul>\n",
        ext = "html"
    )]
    List {
        /// The sentences.
        items: Vec<String>,
    },
    /// A list of links, each with a remark after it.
    #[template(path = "notice/links.html")]
    Links {
        /// Address (none: no link), text, remark.
        items: Vec<(Option<String>, String, String)>,
    },
    /// Words with what they mean here.
    #[template(path = "notice/facts.html")]
    Facts {
        /// Word and meaning.
        facts: Vec<(String, String)>,
    },
    /// A table whose first column names the row.
    #[template(path = "notice/table.html")]
    Table {
        /// What the table shows.
        caption: String,
        /// The heads of the columns.
        head: Vec<String>,
        /// The rows, each as long as the head.
        rows: Vec<Vec<String>>,
    },
    /// What opens when asked, and always in print.
    #[template(path = "notice/details.html")]
    Details {
        /// The fragment of its address, if it has one.
        anchor: Option<String>,
        /// The line that opens it.
        summary: String,
        /// A word that marks it, none where it is empty.
        mark: String,
        /// Whether it stands open.
        is_open: bool,
        /// What is inside.
        inside: Vec<Shown>,
    },
    /// A purpose of use with its number.
    #[template(path = "notice/purpose.html")]
    Purpose {
        /// The number in the notice.
        number: String,
        /// The purpose.
        title: String,
        /// What the customer has of it.
        benefit: String,
        /// The examples.
        inside: Vec<Shown>,
    },
    /// A line that one version changed of another.
    #[template(path = "notice/compared.html")]
    Compared {
        /// Whether it changed, is new or is gone, in a word.
        word: String,
        /// Its pieces.
        pieces: Vec<(Fate, String)>,
        /// "Taken away" and "added", for those who hear the page.
        marks: (String, String),
    },
    /// A place to ask.
    #[template(path = "notice/desk.html")]
    Place {
        /// Its name.
        title: String,
        /// Lines on it: number with its address, remark.
        phone: Option<(String, String, String)>,
        /// When it is open.
        lines: Vec<String>,
        /// Whether it is open now, in words.
        state: Option<(bool, String)>,
    },
}

impl Shown {
    /// A sentence.
    pub(crate) fn paragraph(text: impl Into<String>) -> Self {
        Self::Paragraph { text: text.into(), quiet: false }
    }

    /// A sentence beside the matter.
    pub(crate) fn quiet(text: impl Into<String>) -> Self {
        Self::Paragraph { text: text.into(), quiet: true }
    }

    /// A part that opens.
    pub(crate) fn details(summary: impl Into<String>, inside: Vec<Self>) -> Self {
        Self::Details { anchor: None, summary: summary.into(), mark: String::new(), is_open: false, inside }
    }

    /// A part that opens, with an address of its own: to follow a link to it opens it.
    pub(crate) fn anchored(anchor: String, summary: impl Into<String>, inside: Vec<Self>) -> Self {
        Self::marked(anchor, summary, String::new(), inside)
    }

    /// A part that opens, with an address of its own and a word that marks it.
    pub(crate) fn marked(
        anchor: String,
        summary: impl Into<String>,
        mark: String,
        inside: Vec<Self>,
    ) -> Self {
        Self::Details { anchor: Some(anchor), summary: summary.into(), mark, is_open: false, inside }
    }

    /// A table; a long one opens when asked.
    pub(crate) fn table(words: &Words, caption: String, head: Vec<String>, rows: Vec<Vec<String>>) -> Self {
        Self::Table { caption, head, rows }.closed_if_long(words)
    }

    /// A table of more rows than stand open becomes a part that opens; everything else stays as it is.
    pub(crate) fn closed_if_long(self, words: &Words) -> Self {
        match &self {
            Self::Table { caption, rows, .. } if rows.len() > ROWS_SHOWN_MAX => {
                let summary = words.fill2("open-table", caption, &rows.len().to_string());
                Self::details(summary, vec![self])
            }
            _ => self,
        }
    }

    /// Facts, those without a meaning left out.
    pub(crate) fn facts(facts: impl IntoIterator<Item = (String, String)>) -> Self {
        Self::Facts { facts: facts.into_iter().filter(|(_, meaning)| !meaning.is_empty()).collect() }
    }
}
