//! A declared name changed in every place at once.
//!
//! Only in a policy without errors: there every name was looked up, so that none is missed. What the ledger holds under
//! the old name is not touched; that is for whoever renames to think of.

use std::collections::HashMap;

use gen_lsp_types::{Position, PrepareRenamePlaceholder, TextEdit, Uri, WorkspaceEdit};
use nattoku_model::policy::Rule;
use nattoku_policy::index::{self, Index};
use nattoku_policy::{Label, Severity, Words};

use crate::workspace::View;

/// What would be renamed: the name under the cursor as it is written there.
pub(crate) fn prepare(
    view: &View<'_>,
    position: Position,
) -> Result<Option<PrepareRenamePlaceholder>, Words> {
    let Some(index) = view.index() else { return Ok(None) };
    let Some((rule, at)) = index.rule_at(view.file, view.offset(position)) else { return Ok(None) };
    may_be_renamed(view, index, &rule)?;
    Ok(Some(PrepareRenamePlaceholder { range: view.range(&bare(view, &at).span), placeholder: rule.name }))
}

/// The edits that rename: the declaration, every use, and the whole names of categories below.
pub(crate) fn answer(
    view: &View<'_>,
    position: Position,
    wanted: &str,
) -> Result<Option<WorkspaceEdit>, Words> {
    let Some(index) = view.index() else { return Ok(None) };
    let Some((rule, _)) = index.rule_at(view.file, view.offset(position)) else { return Ok(None) };
    may_be_renamed(view, index, &rule)?;
    let wanted = wanted.trim();
    if !index::may_be_named(rule.kind, wanted) {
        return Err(Words::new(
            "小文字の英字で始め、英小文字、数字、`_` で書いてください（木は `.` でつなぎます）",
            "write lower-case letters, digits and `_`, beginning with a letter, trees joined by `.`",
        ));
    }
    if index.declared(&Rule::new(rule.kind, wanted)).is_some() {
        return Err(Words::new(
            format!("`{wanted}` はすでに宣言されています"),
            format!("`{wanted}` is declared already"),
        ));
    }
    if parent(&rule.name) != parent(wanted) {
        return Err(Words::new(
            "木の中での位置は変えられません。最後の部分だけを変えてください",
            "the place in a tree cannot be changed, only the last part of the name",
        ));
    }
    let mut changes: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
    for (at, new_text) in edits(view, index, &rule, wanted) {
        let location = view.location(&at);
        changes.entry(location.uri).or_default().push(TextEdit { range: location.range, new_text });
    }
    Ok(Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }))
}

/// Why the rule cannot be renamed, if it cannot.
fn may_be_renamed(view: &View<'_>, index: &Index, rule: &Rule) -> Result<(), Words> {
    if view.checked().diagnostics.iter().any(|d| d.severity == Severity::Error) {
        return Err(Words::new(
            "エラーがある間は、すべての箇所が分からないため名前を変えられません",
            "while there are errors not every place is known, so that nothing can be renamed",
        ));
    }
    if index::words(rule.kind).is_none() || index.declared(rule).is_none() {
        return Err(Words::new("この名前は変えられません", "this name cannot be changed"));
    }
    Ok(())
}

/// Every place to change, with what to put there.
fn edits(view: &View<'_>, index: &Index, rule: &Rule, wanted: &str) -> Vec<(Label, String)> {
    let below = format!("{}.", rule.name);
    let names = index.names(rule.kind).filter(|name| *name == rule.name || name.starts_with(&below));
    let mut edits = Vec::new();
    for name in names {
        let one = Rule::new(rule.kind, name);
        let new_name = format!("{wanted}{}", name.get(rule.name.len()..).unwrap_or(""));
        let declared = index.declared(&one).map(|declared| declared.at);
        for at in declared.iter().chain(index.uses_of(&one).map(|used| &used.at)) {
            let at = bare(view, at);
            let written = view.checked().files.slice(at.file, &at.span);
            if written == name {
                edits.push((at, new_name.clone()));
            } else if name == rule.name {
                // Within its tree a category is declared by the last part of its name alone.
                edits.push((at, last(wanted).to_owned()));
            }
        }
    }
    edits
}

/// The place of a name without the quotes around it.
fn bare(view: &View<'_>, at: &Label) -> Label {
    let written = view.checked().files.slice(at.file, &at.span);
    let is_quoted = written.len() > 1 && written.starts_with('"') && written.ends_with('"');
    if is_quoted { Label::new(at.file, at.span.start + 1..at.span.end - 1) } else { at.clone() }
}

fn parent(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(parent, _)| parent)
}

fn last(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(_, last)| last)
}
