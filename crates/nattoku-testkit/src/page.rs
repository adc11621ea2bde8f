//! A page of cases, as read from Markdown.

use std::fmt::Write as _;
use std::ops::Range;

use nattoku_policy::Source;

/// A fenced block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The line of its opening fence, from 1.
    pub line: usize,
    /// The bytes between the fences, in the page's text.
    pub span: Range<usize>,
    /// What stands there.
    pub text: String,
}

/// One case: a heading, what happened and is asked, and what is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The heading: what it shows.
    pub title: String,
    /// The line of the heading, from 1.
    pub line: usize,
    /// `given` and `ask` lines.
    pub scenario: Block,
    /// The answer expected.
    pub decision: Block,
}

/// A page of cases with the policy they are about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The file's name: `consent.md`.
    pub name: String,
    /// Its text.
    pub text: String,
    /// The files of the policy: name and block.
    pub policy: Vec<(String, Block)>,
    /// The cases, in order.
    pub cases: Vec<Case>,
}

/// A case that is not whole yet.
struct Draft {
    title: String,
    line: usize,
    scenario: Option<Block>,
    decision: Option<Block>,
}

impl Page {
    /// Reads a page. What is not as it should be is told with file and line.
    pub fn read(name: &str, text: &str) -> Result<Self, String> {
        let mut page =
            Self { name: name.to_owned(), text: text.to_owned(), policy: Vec::new(), cases: Vec::new() };
        let mut draft: Option<Draft> = None;
        let mut lines = numbered(text).peekable();
        while let Some((line, span)) = lines.next() {
            let at = |what: &str| format!("{name}:{line}: {what}");
            let words = text.get(span.clone()).unwrap_or_default().trim_end();
            if let Some(title) = words.strip_prefix("## ") {
                page.finish(draft.take())?;
                draft = Some(Draft { title: title.to_owned(), line, scenario: None, decision: None });
                continue;
            }
            let Some(kind) = words.strip_prefix("```") else { continue };
            let end = lines
                .by_ref()
                .find(|(_, s)| text.get(s.clone()).is_some_and(|l| l.trim_end() == "```"))
                .map(|(_, s)| s.start)
                .ok_or_else(|| at("the block is not closed by ```"))?;
            let inside = span.end..end;
            let block =
                Block { line, text: text.get(inside.clone()).unwrap_or_default().to_owned(), span: inside };
            match (kind.split_once(' ').unwrap_or((kind, "policy.kdl")), draft.as_mut()) {
                (("kdl", file), None) => page.policy.push((file.to_owned(), block)),
                (("scenario", _), Some(d)) if d.scenario.is_none() => d.scenario = Some(block),
                (("decision", _), Some(d)) if d.decision.is_none() => d.decision = Some(block),
                _ => {
                    return Err(at(&format!(
                        "a block `{kind}` is not expected here: `kdl` blocks stand before the first `##`, below each \
                     `##` one `scenario` and one `decision`"
                    )));
                }
            }
        }
        page.finish(draft)?;
        if page.policy.is_empty() || page.cases.is_empty() {
            return Err(format!("{name}:1: a page needs a policy in a `kdl` block and at least one case"));
        }
        Ok(page)
    }

    fn finish(&mut self, draft: Option<Draft>) -> Result<(), String> {
        let Some(Draft { title, line, scenario, decision }) = draft else { return Ok(()) };
        if let Some(first) = self.cases.iter().find(|c| c.title == title) {
            return Err(format!("{}:{line}: the heading stands already in line {}", self.name, first.line));
        }
        let (Some(scenario), Some(decision)) = (scenario, decision) else {
            return Err(format!(
                "{}:{line}: a case needs a `scenario` block and a `decision` block",
                self.name
            ));
        };
        self.cases.push(Case { title, line, scenario, decision });
        Ok(())
    }

    /// The files to check: the policy, and its scenarios in a `tests.kdl`. Every line keeps its number of the page.
    #[must_use]
    pub fn sources(&self) -> Vec<Source> {
        let mut sources: Vec<Source> = self
            .policy
            .iter()
            .map(|(name, block)| Source::new(name.as_str(), "\n".repeat(block.line) + &block.text))
            .collect();
        let mut tests = String::new();
        for case in &self.cases {
            let so_far = tests.matches('\n').count();
            tests.push_str(&"\n".repeat((case.scenario.line - 1).saturating_sub(so_far)));
            let title = case.title.replace('\\', "\\\\").replace('"', "\\\"");
            // The verdict is what the `decision` block says; the grammar wants one here, and nobody reads it.
            let _ = write!(tests, "scenario \"{title}\" {{\n{}expect permit; }}", case.scenario.text);
        }
        sources.push(Source::new("tests.kdl", tests));
        sources
    }

    /// The page with new answers, in the order of its cases.
    #[must_use]
    pub fn with_answers(&self, answers: &[String]) -> String {
        let mut text = self.text.clone();
        for (case, answer) in self.cases.iter().zip(answers).rev() {
            text.replace_range(case.decision.span.clone(), answer);
        }
        text
    }
}

/// The lines with their numbers from 1 and their bytes, line end included.
fn numbered(text: &str) -> impl Iterator<Item = (usize, Range<usize>)> + '_ {
    let mut start = 0;
    text.split_inclusive('\n').enumerate().map(move |(index, line)| {
        let span = start..start + line.len();
        start = span.end;
        (index + 1, span)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# Page\n\n```kdl\npolicy shop\n```\n\n## One \"case\"\n\nProse.\n\n```scenario\nask use\n```\n\n\
                        ```decision\npermit\n```\n";

    #[test]
    fn a_page_is_read_and_its_lines_keep_their_numbers() {
        let page = Page::read("page.md", PAGE).unwrap();
        assert_eq!(page.cases.len(), 1);
        assert_eq!((page.cases[0].line, page.cases[0].decision.text.as_str()), (7, "permit\n"));
        let sources = page.sources();
        assert_eq!(sources[0].bytes, b"\n\n\npolicy shop\n");
        let tests = String::from_utf8(sources[1].bytes.clone()).unwrap();
        assert_eq!(tests, "\n".repeat(10) + "scenario \"One \\\"case\\\"\" {\nask use\nexpect permit; }");
        assert_eq!(page.with_answers(&["deny\n".to_owned()]), PAGE.replace("permit\n", "deny\n"));
    }

    #[test]
    fn what_is_missing_is_told_with_its_line() {
        let of = |text: &str| Page::read("page.md", text).unwrap_err();
        assert!(of("# Page\n").starts_with("page.md:1: a page needs"));
        assert!(of("```kdl\n").starts_with("page.md:1: the block is not closed"));
        assert!(of("```kdl\n```\n## A\n```scenario\n```\n").starts_with("page.md:3: a case needs"));
        assert!(of("```scenario\n```\n").starts_with("page.md:1: a block `scenario`"));
        assert!(of(&(PAGE.to_owned() + "## One \"case\"\n")).contains("stands already in line 7"));
    }
}
