//! Runs the pages: each case is decided, and the answer is held against the one that stands there.

use std::fs;
use std::path::{Path, PathBuf};

use nattoku_model::event::Revision;
use nattoku_model::policy::Versions;
use nattoku_model::{Decision, Language};
use nattoku_policy::diagnostic::render::concise;
use nattoku_policy::{Scenario, Severity, check};
use nattoku_spec::decide;

use crate::answer;
use crate::coverage::Coverage;
use crate::difference::difference;
use crate::page::Page;

/// Most diagnostics shown of a page whose policy is not in order.
const DIAGNOSTICS_SHOWN: usize = 20;

/// What came of running pages.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// How many cases there are.
    pub cases: usize,
    /// The cases that were answered otherwise, and the pages that could not be run: place, heading, difference.
    pub failures: Vec<String>,
    /// What the cases show.
    pub coverage: Coverage,
}

/// Runs every page of a folder, in the order of their names. With `update`, a page whose answers differ is written anew
/// and counts as failing no more: whoever does that reads the change before keeping it.
pub fn run(folder: &Path, update: bool) -> Result<Report, String> {
    let mut report = Report::default();
    for path in pages(folder)? {
        let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        match Page::read(name, &text).and_then(|page| run_page(&page, &mut report, update)) {
            Ok(anew) if update && anew != text => {
                fs::write(&path, anew).map_err(|e| format!("{}: {e}", path.display()))?;
            }
            Ok(_) => {}
            Err(problem) => report.failures.push(problem),
        }
    }
    Ok(report)
}

/// The Markdown files of a folder, sorted.
fn pages(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut pages: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "md"))
        .collect();
    pages.sort();
    if pages.is_empty() { Err(format!("{}: there is no page here", folder.display())) } else { Ok(pages) }
}

/// Decides the cases of a page and gives back the page with the answers that came.
fn run_page(page: &Page, report: &mut Report, update: bool) -> Result<String, String> {
    report.cases += page.cases.len();
    let (versions, scenarios) = checked(page)?;
    let mut answers = Vec::new();
    for case in &page.cases {
        let scenario = scenarios
            .iter()
            .find(|s| s.place.line == case.scenario.line)
            .ok_or_else(|| format!("{}:{}: the scenario was not read", page.name, case.scenario.line))?;
        let decision = decide_scenario(&versions, scenario);
        let named = answer::named(&case.decision.text);
        let answered = answer::write(&decision, &versions, &named);
        if answered == case.decision.text {
            for (category, named) in decision.answers.iter().zip(&named) {
                answer::shown(category, named).for_each(|gate| report.coverage.add(gate));
            }
        } else if !update {
            report.failures.push(format!(
                "{}:{}: {}\n{}",
                page.name,
                case.line,
                case.title,
                difference(&case.decision.text, &answered)
            ));
        }
        answers.push(answered);
    }
    Ok(page.with_answers(&answers))
}

/// The page's policy with its versions, and its scenarios.
fn checked(page: &Page) -> Result<(Versions, Vec<Scenario>), String> {
    let checked = check(&page.sources());
    let Some(versions) = checked.versions else {
        let errors: Vec<_> =
            checked.diagnostics.iter().filter(|d| d.severity == Severity::Error).cloned().collect();
        let shown = concise::render(&errors, &checked.files, Language::En, DIAGNOSTICS_SHOWN);
        return Err(format!(
            "{}: the policy is not in order; lines are those of the page\n{shown}",
            page.name
        ));
    };
    Ok((versions, checked.scenarios))
}

fn decide_scenario(versions: &Versions, scenario: &Scenario) -> Decision {
    let revision = scenario.events.iter().map(|e| e.revision).max().unwrap_or(Revision(0));
    decide(versions, &scenario.events, &scenario.request, revision)
}
