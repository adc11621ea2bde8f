//! The reference policy with edits, as the pages of `cases/difference/` write them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use nattoku_model::Language;
use nattoku_model::policy::Versions;
use nattoku_policy::check::check;
use nattoku_policy::diagnostic::Severity;
use nattoku_policy::diagnostic::render::concise;
use nattoku_policy::source::Source;

/// The files of a policy, by name.
pub(crate) type Files = BTreeMap<String, String>;

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The reference policy without its scenarios, its invariants and its notice, which would have to be edited along; with the
/// earlier version of which its transition speaks.
pub(crate) fn carrier() -> Files {
    let folder = root().join("policies/carrier");
    let mut files = Files::new();
    for (path, prefix) in [(folder.clone(), ""), (folder.join("earlier/2015-10-01"), "earlier/2015-10-01/")] {
        for entry in std::fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if name.ends_with(".kdl") && !["tests.kdl", "invariants.kdl"].contains(&name.as_str()) {
                files.insert(format!("{prefix}{name}"), std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    files
}

/// The checked policy; what is wrong with it, where it cannot be used.
pub(crate) fn versions(files: &Files) -> Result<Versions, String> {
    let sources: Vec<Source> =
        files.iter().map(|(name, text)| Source::new(name.as_str(), text.as_bytes())).collect();
    let checked = check(&sources);
    checked.versions.ok_or_else(|| {
        let errors: Vec<_> =
            checked.diagnostics.iter().filter(|d| d.severity == Severity::Error).cloned().collect();
        concise::render(&errors, &checked.files, Language::En, 10)
    })
}

/// Applies a block: lines after `-` are taken out and those after `+` put in their place; with none taken out, they go to
/// the end of the file. A line after `-` that ends in ` …` takes out the whole node that begins so. Hunks are parted by
/// empty lines; the indentation of a file does not matter.
pub(crate) fn edit(files: &mut Files, file: &str, block: &str) -> Result<(), String> {
    let text = files.get_mut(file).ok_or_else(|| format!("there is no file {file}"))?;
    for hunk in block.split("\n\n").filter(|h| !h.trim().is_empty()) {
        let of = |sign: char| -> Vec<&str> {
            hunk.lines()
                .filter_map(|l| l.strip_prefix(sign))
                .map(|l| l.strip_prefix(' ').unwrap_or(l))
                .collect()
        };
        let (out, put) = (of('-'), of('+'));
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let (at, count) = if out.is_empty() { (lines.len(), 0) } else { find(&lines, &out, file)? };
        lines.splice(at..at + count, put.into_iter().map(str::to_owned));
        *text = lines.join("\n") + "\n";
    }
    Ok(())
}

/// Where the lines stand, once.
fn find(lines: &[String], wanted: &[&str], file: &str) -> Result<(usize, usize), String> {
    if let [head] = wanted
        && let Some(head) = head.strip_suffix(" …")
    {
        let begins: Vec<usize> =
            (0..lines.len()).filter(|i| lines[*i].trim_start().starts_with(head)).collect();
        let [begin] = begins[..] else {
            return Err(format!("{file}: `{head}` stands {} times", begins.len()));
        };
        let mut depth = 0_i32;
        for (count, line) in lines[begin..].iter().enumerate() {
            depth += i32::try_from(line.matches('{').count()).unwrap();
            depth -= i32::try_from(line.matches('}').count()).unwrap();
            if depth == 0 {
                return Ok((begin, count + 1));
            }
        }
        return Err(format!("{file}: the node `{head}` does not end"));
    }
    let fits = |at: &usize| lines[*at..].iter().zip(wanted).all(|(l, w)| l.trim() == w.trim());
    let found: Vec<usize> = (0..=lines.len().saturating_sub(wanted.len())).filter(fits).collect();
    match found[..] {
        [at] => Ok((at, wanted.len())),
        _ => Err(format!("{file}: `{}` stands {} times", wanted[0], found.len())),
    }
}
