//! What a reader relies on and no compiler holds: the dependency table is true, files are short, words are
//! those of the glossary, links lead somewhere. All findings are printed, each with its place and its remedy.

mod dependencies;
mod files;
mod finding;
mod links;
mod manifest;
mod paths;
mod source;
mod syntax;
mod unsafe_places;
mod words;

use crate::steps::{Failure, Outcome};
use crate::workspace::Workspace;

use source::Tree;

/// Runs every check of text.
pub(crate) fn check(workspace: &Workspace) -> Outcome {
    let tree = Tree::read(workspace.root())?;
    let mut findings = dependencies::check(workspace)?;
    findings.extend(manifest::check(workspace)?);
    findings.extend(files::check(&tree));
    findings.extend(words::check(&tree));
    findings.extend(syntax::check(&tree));
    findings.extend(unsafe_places::check(&tree));
    findings.extend(links::check(workspace, &tree)?);
    findings.extend(paths::check(workspace, &tree));
    findings.sort();
    for finding in &findings {
        println!("{finding}");
    }
    println!("{} Rust files and {} pages of Markdown read.", tree.rust.len(), tree.markdown.len());
    if findings.is_empty() { Ok(()) } else { Err(Failure::new(format!("{} findings", findings.len()))) }
}
