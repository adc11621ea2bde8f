//! What is wrong, as the editor shows it: for every file of a policy, cleared where it was mended.

use std::collections::BTreeMap;

use gen_lsp_types::{
    Code, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location, Message,
    PublishDiagnosticsParams, Uri,
};
use nattoku_model::Language;
use nattoku_policy::source::FileId;
use nattoku_policy::{Diagnostic as Said, Label, Severity};

use crate::folder::Folder;
use crate::position::Lines;
use crate::workspace::View;

/// Most diagnostics shown of one file: more than anybody reads, and few enough to be sent at every keystroke.
const SHOWN_MAX: usize = 500;

/// What the editor is told of one file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Told {
    uri: Uri,
    version: Option<i32>,
    diagnostics: Vec<Diagnostic>,
}

/// What there is to tell of every file of a folder, by its name.
pub(crate) fn of_folder<'w>(
    folder: &'w Folder,
    view_of: impl Fn(FileId) -> View<'w>,
) -> BTreeMap<String, Told> {
    let checked = &folder.checked;
    let files: BTreeMap<FileId, Place<'w>> =
        checked.files.ids().map(|file| (file, Place::new(&view_of(file)))).collect();
    let mut told = BTreeMap::new();
    for (file, place) in &files {
        let said = checked.diagnostics.iter().filter(|d| d.primary.file == *file).take(SHOWN_MAX);
        let diagnostics = said.filter_map(|said| shown(said, &files)).collect();
        let (uri, version) = (place.uri.clone(), place.version);
        told.insert(checked.files.name(*file).to_owned(), Told { uri, version, diagnostics });
    }
    told
}

/// What changed since the editor was last told; the files that are gone have nothing wrong with them any more.
pub(crate) fn news(
    before: &BTreeMap<String, Told>,
    now: &BTreeMap<String, Told>,
) -> Vec<PublishDiagnosticsParams> {
    let gone = before.iter().filter(|(name, told)| !now.contains_key(*name) && !told.diagnostics.is_empty());
    let gone = gone.map(|(_, told)| PublishDiagnosticsParams::new(told.uri.clone(), None, Vec::new()));
    let changed = now.iter().filter(|(name, told)| before.get(*name) != Some(told)).map(|(_, told)| {
        PublishDiagnosticsParams::new(told.uri.clone(), told.version, told.diagnostics.clone())
    });
    gone.chain(changed).collect()
}

/// A file with what is needed to place something in it.
struct Place<'w> {
    uri: Uri,
    version: Option<i32>,
    lines: Lines<'w>,
    language: Language,
}

impl<'w> Place<'w> {
    fn new(view: &View<'w>) -> Self {
        Self {
            uri: view.uri(view.file),
            version: view.version(),
            lines: view.lines(view.file),
            language: view.language,
        }
    }
}

/// One diagnostic: the message and below it what to do, the rule's name as its code, other places with what is said
/// about them.
fn shown(said: &Said, files: &BTreeMap<FileId, Place<'_>>) -> Option<Diagnostic> {
    let place = files.get(&said.primary.file)?;
    let language = place.language;
    let mut message = said.message.get(language).to_owned();
    if let Some(help) = &said.help {
        message.push('\n');
        message.push_str(help.get(language));
    }
    let related: Vec<_> = said.labels.iter().filter_map(|label| related(label, language, files)).collect();
    Some(Diagnostic {
        range: place.lines.range(&said.primary.span),
        severity: Some(match said.severity {
            Severity::Error => DiagnosticSeverity::Error,
            Severity::Warning => DiagnosticSeverity::Warning,
            Severity::Note => DiagnosticSeverity::Information,
        }),
        code: Some(Code::String(said.rule.to_owned())),
        source: Some("nattoku".to_owned()),
        message: Message::String(message),
        related_information: (!related.is_empty()).then_some(related),
        ..Diagnostic::default()
    })
}

fn related(
    label: &Label,
    language: Language,
    files: &BTreeMap<FileId, Place<'_>>,
) -> Option<DiagnosticRelatedInformation> {
    let place = files.get(&label.file)?;
    let message = label.text.as_ref()?.get(language).to_owned();
    let location = Location { uri: place.uri.clone(), range: place.lines.range(&label.span) };
    Some(DiagnosticRelatedInformation { location, message })
}
