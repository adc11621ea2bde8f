//! What a PDF of the notice is made from: the JSON of the notice, and the line at the foot of each page.

use nattoku_model::Language;
use nattoku_model::name::VersionName;
use nattoku_operations::Publication;

use super::{languages, reading};
use crate::dates::Dates;
use crate::notice::json;

/// The source of one PDF file.
#[derive(Debug, Clone)]
pub struct PaperSource {
    /// The version.
    pub version: VersionName,
    /// The language.
    pub language: Language,
    /// The notice, in the shape of `privacy.json`.
    pub notice: String,
    /// What stands at the foot of each page: version and hash (R77).
    pub foot: String,
}

/// The source of every PDF file: each version whose text is at hand, in each language.
#[must_use]
pub fn papers(publication: &Publication) -> Vec<PaperSource> {
    let mut sources = Vec::new();
    for language in languages(publication) {
        let dates = Dates::new(language, publication.current().timezone.clone());
        let reading = reading(publication, language, &dates, "", &[]);
        for policy in publication.versions().oldest_first() {
            let Some(notice) = json::notice(&reading, policy) else { continue };
            let version = reading.words.fill("page-version", policy.version.as_str());
            let digest = publication.digest(&policy.version).unwrap_or_default();
            let foot = reading.words.fill2("paper-foot", &version, &format!("sha256:{digest}"));
            sources.push(PaperSource {
                version: policy.version.clone(),
                language,
                notice: notice.to_string(),
                foot,
            });
        }
    }
    sources
}
