//! What mends a finding, offered where the cursor is.

use std::collections::HashMap;

use gen_lsp_types::{
    Code, CodeAction, CodeActionKind, CodeActionParams, CodeActionResponse, TextEdit, WorkspaceEdit,
};
use nattoku_model::Language;
use nattoku_policy::{Diagnostic as Said, Fix};

use crate::workspace::View;

/// The fixes of the diagnostics that touch a range of the file.
pub(crate) fn answer(view: &View<'_>, params: &CodeActionParams) -> Vec<CodeActionResponse> {
    if params.context.only.as_ref().is_some_and(|only| !only.contains(&CodeActionKind::QuickFix)) {
        return Vec::new();
    }
    let asked = view.span(params.range);
    let here = view.checked().diagnostics.iter().filter(|d| {
        d.primary.file == view.file && d.primary.span.start <= asked.end && asked.start <= d.primary.span.end
    });
    here.filter_map(|said| {
        Some(CodeActionResponse::CodeAction(action(said, said.fix.as_ref()?, view, params)))
    })
    .collect()
}

fn action(said: &Said, fix: &Fix, view: &View<'_>, params: &CodeActionParams) -> CodeAction {
    let place = nattoku_policy::Label::new(fix.file, fix.span.clone());
    let location = view.location(&place);
    let found = view.checked().files.slice(fix.file, &fix.span);
    let title = match (view.language, found.is_empty()) {
        (Language::Ja, true) => format!("`{}` を加える", fix.replacement.trim()),
        (Language::En, true) => format!("add `{}`", fix.replacement.trim()),
        (Language::Ja, false) => format!("`{found}` を `{}` に変える", fix.replacement),
        (Language::En, false) => format!("change `{found}` to `{}`", fix.replacement),
    };
    let edit = TextEdit { range: location.range, new_text: fix.replacement.clone() };
    let code = Code::String(said.rule.to_owned());
    let range = view.range(&said.primary.span);
    let mended =
        params.context.diagnostics.iter().filter(|d| d.code.as_ref() == Some(&code) && d.range == range);
    CodeAction {
        title,
        kind: Some(CodeActionKind::QuickFix),
        diagnostics: Some(mended.cloned().collect()),
        is_preferred: Some(fix.is_certain),
        edit: Some(WorkspaceEdit {
            changes: Some(HashMap::from([(location.uri, vec![edit])])),
            ..WorkspaceEdit::default()
        }),
        ..CodeAction::default()
    }
}
