//! Links between the pages of this repository lead somewhere: to a file, and to a heading in it.

use std::path::Path;

use super::finding::Finding;
use super::source::{Tree, fenced_out, read_text};
use crate::steps::Outcome;
use crate::workspace::Workspace;

/// Follows every relative link of every page of Markdown.
pub(crate) fn check(workspace: &Workspace, tree: &Tree) -> Outcome<Vec<Finding>> {
    let mut findings = Vec::new();
    for page in &tree.markdown {
        for (line, target) in links_of(&page.text) {
            if let Some(message) = broken(workspace.root(), &page.path, &page.text, &target)? {
                findings.push(Finding::new(&page.path, line, message));
            }
        }
    }
    Ok(findings)
}

/// What is wrong with a link, if anything.
fn broken(root: &Path, page: &str, text: &str, target: &str) -> Outcome<Option<String>> {
    if target.contains("://") || target.starts_with("mailto:") {
        return Ok(None);
    }
    let (file, heading) = target.split_once('#').unwrap_or((target, ""));
    let folder = Path::new(page).parent().unwrap_or(Path::new(""));
    let path = root.join(folder).join(file);
    if !file.is_empty() && !path.exists() {
        return Ok(Some(format!("the link leads to `{target}`, and there is no such file")));
    }
    let is_page = file.is_empty() || path.extension().is_some_and(|extension| extension == "md");
    if heading.is_empty() || !is_page {
        return Ok(None);
    }
    let there = if file.is_empty() { text.to_owned() } else { read_text(&path)? };
    let missing = !headings_of(&there).iter().any(|anchor| anchor == heading);
    Ok(missing.then(|| format!("the link leads to `{target}`, and no heading there is `#{heading}`")))
}

/// The targets of a page's links with their lines, those in code left out.
fn links_of(text: &str) -> Vec<(usize, String)> {
    let mut links = Vec::new();
    for (index, line) in prose_of(text) {
        let mut rest = line.as_str();
        while let Some((_, after)) = rest.split_once("](") {
            let Some((target, tail)) = after.split_once(')') else { break };
            let target = target.split_whitespace().next().unwrap_or_default();
            if !target.is_empty() {
                links.push((index + 1, target.trim_matches(['<', '>']).to_owned()));
            }
            rest = tail;
        }
    }
    links
}

/// The anchors of a page's headings, as code forges make them: lower case, spaces as hyphens, a number added
/// to a repeated one. A heading of a notice names its anchor itself: `## 9. Inquiries {#inquiries}`.
fn headings_of(text: &str) -> Vec<String> {
    let mut anchors: Vec<String> = Vec::new();
    for (_, line) in fenced_out(text) {
        let Some(title) = line.strip_prefix('#').map(|rest| rest.trim_start_matches('#')) else { continue };
        if let Some((_, named)) = title.trim_end().strip_suffix('}').and_then(|title| title.rsplit_once("{#"))
        {
            anchors.push(named.to_owned());
            continue;
        }
        let kept = title.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        let anchor: String =
            kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect();
        let same = anchors.iter().filter(|other| **other == anchor).count();
        anchors.push(if same == 0 { anchor } else { format!("{anchor}-{same}") });
    }
    anchors
}

/// Lines outside fenced code, with what stands between backticks left out.
fn prose_of(text: &str) -> Vec<(usize, String)> {
    let lines = fenced_out(text).into_iter();
    lines.map(|(index, line)| (index, line.split('`').step_by(2).collect::<Vec<_>>().join("`"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_read_outside_code() {
        let text = "[a](b.md) and [c](d.md#e \"title\")\n`[x](y.md)`\n```\n[z](z.md)\n```\n![p](<p.png>)\n";
        let expected = [(1, "b.md"), (1, "d.md#e"), (6, "p.png")];
        assert_eq!(links_of(text), expected.map(|(line, target)| (line, target.to_owned())));
    }

    #[test]
    fn headings_become_anchors() {
        let text = "# The `policy` language, 1\n```\n# no\n```\n## \u{540c}\u{610f}\n## Twice\n## Twice\n## 9. Ask {#inquiries}\n";
        assert_eq!(
            headings_of(text),
            ["the-policy-language-1", "\u{540c}\u{610f}", "twice", "twice-1", "inquiries"]
        );
    }

    #[test]
    fn a_link_needs_its_file_and_its_heading() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let check = |target: &str| broken(root, "page.md", "# Here\n", target).unwrap();
        assert_eq!(check("Cargo.toml"), None);
        assert_eq!(check("#here"), None);
        assert_eq!(check("https://example.invalid/"), None);
        assert!(check("#there").is_some());
        assert!(check("absent.md").is_some());
    }
}
