//! The pages of the demonstration: every page a person can reach is found by following links. The validator looks at what was
//! answered, and a real browser at every page, narrow and wide, light and dark, with JavaScript and without, printed, and by keyboard.

mod crawl;
mod http;
mod plan;

use std::path::Path;

use crate::command::Program;
use crate::demo::Demo;
use crate::steps::{Failure, Outcome};
use crate::tally::Tally;
use crate::workspace::Workspace;
use crate::{html, install};

use crawl::{Found, Seen};
use plan::Viewer;

/// Pages that tell a status and that an address alone leads to, below each language.
const STATUSES: [(&str, u16); 2] = [("nothing-here", 404), ("sign-out", 405)];

/// What is looked at.
struct Pages {
    demo: Demo,
    /// Who looks, and what they can reach.
    groups: Vec<(Viewer, Vec<Found>)>,
    /// A link that was used up.
    spent: String,
}

/// Checks every page of the demonstration.
pub(crate) fn check(workspace: &Workspace) -> Outcome<Tally> {
    let pages = Pages::find(workspace)?;
    pages.validate(workspace)?;
    let checks = browser(workspace, "pages.mjs", &plan::of_checks(&pages)?);
    // Before the others, so that the browser of either has the machine for itself.
    let lighthouse = browser(workspace, "lighthouse.mjs", &plan::of_lighthouse(&pages));
    let looked = look(lighthouse)?;
    Ok(looked + look(checks)?)
}

/// Runs a program that looks at pages, shows what is found wrong, and counts the looks.
fn look(program: Program) -> Outcome<Tally> {
    let (output, ended) = program.run_and_tell(|line| {
        if !line.starts_with("ok  ") || line.contains("[Lighthouse") {
            println!("{line}");
        }
    })?;
    let tally = Tally::of_pages(&output);
    match ended {
        Ok(()) if tally.passed > 0 => Ok(tally),
        Ok(()) => Err(Failure::new("no page was looked at")),
        Err(failure) => Err(Failure::new(format!("pages fail, named above: {failure}")).counting(tally)),
    }
}

/// Takes pictures of every page of the demonstration, for somebody to look at, and lays them out in a file of a folder.
pub(crate) fn sheet(workspace: &Workspace, folder: &Path) -> Outcome {
    let folder = std::path::absolute(folder)
        .map_err(|error| Failure::new(format!("no folder {}: {error}", folder.display())))?;
    let pages = Pages::find(workspace)?;
    browser(workspace, "pages.mjs", &plan::of_sheet(&pages, &folder)).run()
}

fn browser(workspace: &Workspace, program: &str, plan: &serde_json::Value) -> Program {
    Program::new("node", &install::browser_tests(workspace))
        .arguments(&[program])
        .unshown_arguments(&[plan.to_string()])
}

/// The pages of statuses that an address alone leads to.
fn statuses() -> Vec<(String, u16)> {
    let of = |language: &str| STATUSES.map(|(path, status)| (format!("/{language}/{path}"), status));
    [of("ja"), of("en")].concat()
}

impl Pages {
    fn find(workspace: &Workspace) -> Outcome<Self> {
        let demo = Demo::start(workspace, "accessibility")?;
        let mut seen = Seen::default();
        let mut groups = Vec::new();
        let visitor =
            crawl::pages(&demo.url, None, &["/", "/ja/privacy", "/en/privacy", "/verify"], &mut seen)?;
        groups.push((Viewer::new("visitor", None), visitor));
        let mut spent = None;
        for (name, link) in &demo.sign_in {
            let entry = http::sign_in(link)?;
            let mut starts = vec!["/ja/my", "/en/my"];
            starts.push(&entry.landing);
            // Another person's pages differ in what they say, not in how they are built: their home is looked at.
            let found = if spent.is_none() {
                crawl::pages(&demo.url, Some(&entry.cookie), &starts, &mut seen)?
            } else {
                let path = "/ja/my".to_owned();
                vec![Found { body: http::get(&demo.url, &path, Some(&entry.cookie))?.body, path }]
            };
            groups.push((Viewer::new(name, Some(entry.cookie)), found));
            spent.get_or_insert(http::split(link)?.1);
        }
        let spent =
            spent.ok_or_else(|| Failure::new("the demonstration printed no sign-in link for a principal"))?;
        if let Some(link) = &demo.desk {
            let entry = http::sign_in(link)?;
            let found = crawl::pages(&demo.url, Some(&entry.cookie), &["/desk", &entry.landing], &mut seen)?;
            groups.push((Viewer::new("desk", Some(entry.cookie)), found));
        }
        let n_pages: usize = groups.iter().map(|(_, found)| found.len()).sum();
        println!("{n_pages} pages are found");
        Ok(Self { demo, groups, spent })
    }

    /// Has the validator look at every page and at those of statuses, as they were answered.
    fn validate(&self, workspace: &Workspace) -> Outcome {
        let mut told = Vec::new();
        for path in statuses().into_iter().map(|(path, _)| path).chain([self.spent.clone()]) {
            let body = http::get(&self.demo.url, &path, None)?.body;
            told.push(Found { path, body });
        }
        let all = self.groups.iter().flat_map(|(_, found)| found).chain(&told);
        html::check_answers(workspace, all.map(|page| (page.path.as_str(), page.body.as_str())))
    }
}
