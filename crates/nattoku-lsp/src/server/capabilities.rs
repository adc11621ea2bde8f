//! What server and editor agree on at the beginning.

use gen_lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionProvider, CompletionOptions, InitializeParams,
    InitializeResult, RenameOptions, RenameProvider, ServerCapabilities, ServerInfo, TextDocumentSyncKind,
    TextDocumentSyncOptions,
};
use nattoku_model::Language;

use crate::position::Encoding;
use crate::workspace::Workspace;

/// Takes in what the editor can do and wants, and tells what the server can do.
pub(super) fn initialize(workspace: &mut Workspace, params: InitializeParams) -> InitializeResult {
    if let Some(language) = language(&params) {
        workspace.language = language;
    }
    let known = params.capabilities.general.and_then(|general| general.position_encodings);
    workspace.encoding = Encoding::agreed(&known.unwrap_or_default());
    InitializeResult {
        capabilities: capabilities(workspace.encoding),
        server_info: Some(ServerInfo {
            name: "nattoku".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
    }
}

/// The language that the editor asks for: `initializationOptions: {"language": "ja"}`, or else that of its own words.
fn language(params: &InitializeParams) -> Option<Language> {
    let asked = params.initialization_options.as_ref().and_then(|options| options.get("language"));
    let asked = asked.and_then(|language| language.as_str()).and_then(|tag| tag.parse().ok());
    asked.or_else(|| {
        let tag = params.locale.as_deref()?.split(['-', '_']).next()?.to_ascii_lowercase();
        tag.parse().ok()
    })
}

fn capabilities(encoding: Encoding) -> ServerCapabilities {
    let sync = TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::Incremental),
        save: Some(true.into()),
        ..TextDocumentSyncOptions::default()
    };
    let actions = CodeActionOptions {
        code_action_kinds: Some(vec![CodeActionKind::QuickFix]),
        ..CodeActionOptions::default()
    };
    let completion = CompletionOptions {
        trigger_characters: Some(["=", "\"", "{", "."].map(str::to_owned).to_vec()),
        ..CompletionOptions::default()
    };
    let rename = RenameOptions { prepare_provider: Some(true), ..RenameOptions::default() };
    ServerCapabilities {
        position_encoding: Some(encoding.kind()),
        text_document_sync: Some(sync.into()),
        document_formatting_provider: Some(true.into()),
        hover_provider: Some(true.into()),
        completion_provider: Some(completion),
        definition_provider: Some(true.into()),
        references_provider: Some(true.into()),
        document_highlight_provider: Some(true.into()),
        document_symbol_provider: Some(true.into()),
        rename_provider: Some(RenameProvider::RenameOptions(rename)),
        code_action_provider: Some(CodeActionProvider::CodeActionOptions(actions)),
        ..ServerCapabilities::default()
    }
}
