//! Runs `tests/browser/axe.mjs` over the pages.

use std::thread;

use crate::command::Program;
use crate::install;
use crate::steps::{Failure, Outcome};
use crate::tally::Tally;
use crate::workspace::Workspace;

/// Narrow as WCAG's reflow asks, and as wide as a desk.
const EVERY_LOOK: [&str; 6] = ["--widths", "320,1280", "--schemes", "light,dark", "--reflow", "--open"];

/// Who looks at pages.
pub(crate) struct Viewer {
    pub(crate) name: String,
    cookie: Option<String>,
}

impl Viewer {
    /// A viewer with the session cookie that signs them in.
    pub(crate) fn new(name: &str, cookie: Option<String>) -> Self {
        Self { name: name.to_owned(), cookie }
    }

    /// The program that looks at `pages` with these options.
    fn look(&self, workspace: &Workspace, options: &[&str], pages: &[String]) -> Program {
        let folder = install::browser_tests(workspace);
        let cookie: Vec<String> =
            self.cookie.iter().flat_map(|pair| ["--cookie".to_owned(), pair.clone()]).collect();
        Program::new("node", &folder)
            .environment("AXE_NODE_MODULES", &folder)
            .arguments(&["axe.mjs"])
            .arguments(options)
            .unshown_arguments(&cookie)
            .unshown_arguments(pages)
    }
}

/// Every page in every look, with JavaScript and without it at the same time; then what is not found.
pub(crate) fn check(workspace: &Workspace, origin: &str, groups: &[(Viewer, Vec<String>)]) -> Outcome<Tally> {
    let absent: Vec<String> =
        ["ja", "en"].map(|language| format!("{origin}/{language}/nothing-here")).to_vec();
    let stranger = Viewer::new("what is not found", None);
    let mut looks = Vec::new();
    for (viewer, pages) in groups.iter().filter(|(_, pages)| !pages.is_empty()) {
        looks.push((viewer, pages, vec![]));
    }
    looks.push((&stranger, &absent, vec!["--expect", "404"]));

    let mut sum = Tally::default();
    let mut failures = Vec::new();
    for (viewer, pages, more) in looks {
        let with: Vec<&str> = EVERY_LOOK.iter().chain(&more).copied().collect();
        let without: Vec<&str> = with.iter().chain(&["--no-js"]).copied().collect();
        let both = [viewer.look(workspace, &with, pages), viewer.look(workspace, &without, pages)];
        let outcomes: Vec<_> = thread::scope(|scope| {
            let running = both.map(|look| scope.spawn(|| look.run_and_tell(|_| ())));
            running.into_iter().map(thread::ScopedJoinHandle::join).collect()
        });
        let mut here = Tally::default();
        for outcome in outcomes {
            let (output, ended) =
                outcome.unwrap_or_else(|_| Err(Failure::new("the run of axe.mjs was broken off")))?;
            output.lines().filter(|line| !line.starts_with("ok  ")).for_each(|line| println!("{line}"));
            here = here + Tally::of_axe(&output);
            failures.extend(ended.err());
        }
        println!("{}, {} pages: {here}", viewer.name, pages.len());
        sum = sum + here;
    }
    match failures.into_iter().next() {
        None if sum.passed > 0 => Ok(sum),
        None => Err(Failure::new("axe.mjs looked at no page")),
        Some(first) => Err(Failure::new(format!("pages fail, named above; first: {first}")).counting(sum)),
    }
}
