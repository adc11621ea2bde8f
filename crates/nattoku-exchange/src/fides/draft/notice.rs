//! The notice: headings, and the tables that the policy fills. The sentences are a person's to write.

use std::fmt::Write as _;

use nattoku_model::Language;
use nattoku_policy::Source;

use super::super::manifest::Manifest;
use super::Writer;
use crate::kdl::comment;

/// Sections: anchor, which is the directive too, with the heading in Japanese and in English.
const SECTIONS: [(&str, &str, &str); 5] = [
    ("sources", "取得するデータ", "Data and where they come from"),
    ("purposes", "利用目的", "Purposes"),
    ("consents", "同意していただく事項", "What we ask your consent to"),
    ("recipients", "データを渡す相手方", "Who else gets data"),
    ("retention", "保存する期間", "How long data are kept"),
];

/// Writes it.
pub(super) fn write(manifest: &Manifest, writer: &Writer<'_>) -> Source {
    let language = writer.options.texts;
    let who = manifest.organization.name.as_ref().map_or_else(String::new, |name| plain(&name.text));
    let title = match language {
        Language::Ja => format!("{who}プライバシーポリシー（下書き）"),
        Language::En if who.is_empty() => "Privacy policy (draft)".to_owned(),
        Language::En => format!("Privacy policy of {who} (draft)"),
    };
    let mut out = format!("# {title}\n");
    for (anchor, ja, en) in SECTIONS {
        let heading = match language {
            Language::Ja => ja,
            Language::En => en,
        };
        let _ = write!(out, "\n## {heading} {{#{anchor}}}\n\n{{{anchor}}}\n");
    }
    Source::new(format!("notice.{}.md", language.tag()), out)
}

/// A name that Markdown takes as it stands.
fn plain(text: &str) -> String {
    comment(text).chars().filter(|c| !"\\`*_{}[]<>#|!&".contains(*c)).collect()
}
