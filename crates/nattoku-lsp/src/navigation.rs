//! From a name to its declaration, and to every place in which it stands.

use gen_lsp_types::{DocumentHighlight, DocumentHighlightKind, Location, Position};

use crate::workspace::View;

/// Where the name under the cursor is declared.
pub(crate) fn definition(view: &View<'_>, position: Position) -> Option<Location> {
    let index = view.index()?;
    let (rule, _) = index.rule_at(view.file, view.offset(position))?;
    Some(view.location(&index.declared(&rule)?.at))
}

/// Every place in which the name under the cursor stands, in all files of its version.
pub(crate) fn references(
    view: &View<'_>,
    position: Position,
    with_declaration: bool,
) -> Option<Vec<Location>> {
    let index = view.index()?;
    let (rule, _) = index.rule_at(view.file, view.offset(position))?;
    let declared = index.declared(&rule).filter(|_| with_declaration).map(|declared| declared.at);
    let places = declared.iter().chain(index.uses_of(&rule).map(|used| &used.at));
    Some(places.map(|at| view.location(at)).collect())
}

/// The places of the name under the cursor in its file.
pub(crate) fn highlights(view: &View<'_>, position: Position) -> Option<Vec<DocumentHighlight>> {
    let index = view.index()?;
    let (rule, _) = index.rule_at(view.file, view.offset(position))?;
    let declared = index.declared(&rule).map(|declared| declared.at);
    let places = declared.iter().chain(index.uses_of(&rule).map(|used| &used.at));
    let here = places.filter(|at| at.file == view.file);
    Some(
        here.map(|at| DocumentHighlight {
            range: view.range(&at.span),
            kind: Some(DocumentHighlightKind::Text),
        })
        .collect(),
    )
}
