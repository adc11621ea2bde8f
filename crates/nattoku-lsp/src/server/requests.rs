//! One entry a request.

use gen_lsp_types::{
    CodeActionParams, CompletionParams, DefinitionParams, DocumentFormattingParams, DocumentHighlightParams,
    DocumentSymbolParams, ErrorCodes, HoverParams, PrepareRenameParams, ReferenceParams, RenameParams,
};
use nattoku_policy::Words;
use serde_json::Value;

use super::{Refusal, read, written};
use crate::workspace::Workspace;
use crate::{actions, completion, formatting, hover, navigation, rename, symbols};

/// The request was understood, and cannot be fulfilled.
const REQUEST_FAILED: ErrorCodes = ErrorCodes::Custom(-32803);

/// Answers a request; `null` where it is about a file that is not open or of no policy.
pub(super) fn answer(workspace: &mut Workspace, method: &str, params: Value) -> Result<Value, Refusal> {
    match method {
        "textDocument/formatting" => {
            let params: DocumentFormattingParams = read(params)?;
            let document = workspace.document(&params.text_document.uri);
            written(&document.map(|document| formatting::answer(document, workspace.encoding)))
        }
        "textDocument/codeAction" => {
            let params: CodeActionParams = read(params)?;
            let view = workspace.view(&params.text_document.uri);
            written(&view.map(|view| actions::answer(&view, &params)))
        }
        "textDocument/completion" => {
            let at = read::<CompletionParams>(params)?.text_document_position_params;
            let view = workspace.view(&at.text_document.uri);
            written(&view.map(|view| completion::answer(&view, at.position)))
        }
        "textDocument/documentSymbol" => {
            let params: DocumentSymbolParams = read(params)?;
            let view = workspace.view(&params.text_document.uri);
            written(&view.map(|view| symbols::answer(&view)))
        }
        "textDocument/hover" => {
            let at = read::<HoverParams>(params)?.text_document_position_params;
            let view = workspace.view(&at.text_document.uri);
            written(&view.and_then(|view| hover::answer(&view, at.position)))
        }
        "textDocument/definition" => {
            let at = read::<DefinitionParams>(params)?.text_document_position_params;
            let view = workspace.view(&at.text_document.uri);
            written(&view.and_then(|view| navigation::definition(&view, at.position)))
        }
        "textDocument/references" => {
            let params: ReferenceParams = read(params)?;
            let (at, with) = (params.text_document_position_params, params.context.include_declaration);
            let view = workspace.view(&at.text_document.uri);
            written(&view.and_then(|view| navigation::references(&view, at.position, with)))
        }
        "textDocument/documentHighlight" => {
            let at = read::<DocumentHighlightParams>(params)?.text_document_position_params;
            let view = workspace.view(&at.text_document.uri);
            written(&view.and_then(|view| navigation::highlights(&view, at.position)))
        }
        "textDocument/prepareRename" => {
            let at = read::<PrepareRenameParams>(params)?.text_document_position_params;
            let prepared =
                workspace.view(&at.text_document.uri).map(|view| rename::prepare(&view, at.position));
            written(&prepared.transpose().map_err(|words| failed(&words, workspace))?.flatten())
        }
        "textDocument/rename" => {
            let params: RenameParams = read(params)?;
            let at = params.text_document_position_params;
            let view = workspace.view(&at.text_document.uri);
            let renamed = view.map(|view| rename::answer(&view, at.position, &params.new_name));
            written(&renamed.transpose().map_err(|words| failed(&words, workspace))?.flatten())
        }
        _ => Err(Refusal::new(ErrorCodes::MethodNotFound, format!("`{method}` is not known"))),
    }
}

fn failed(words: &Words, workspace: &Workspace) -> Refusal {
    Refusal::new(REQUEST_FAILED, words.get(workspace.language))
}
