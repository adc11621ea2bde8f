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
            .arguments(&cookie)
            .arguments(pages)
    }
}

/// Every page in every look, with JavaScript and without it at the same time; then what is not found.
pub(crate) fn check(workspace: &Workspace, origin: &str, groups: &[(Viewer, Vec<String>)]) -> Outcome<Tally> {
    let mut sum = Tally::default();
    let mut failures = 0;
    let mut add = |outcome: Outcome<Tally>| match outcome {
        Ok(tally) => sum = sum + tally,
        Err(failure) => {
            println!("{failure}");
            failures += 1;
            sum = sum + failure.tally();
        }
    };
    for (viewer, pages) in groups.iter().filter(|(_, pages)| !pages.is_empty()) {
        println!("{}:", viewer.name);
        let without: Vec<&str> = EVERY_LOOK.iter().copied().chain(["--no-js"]).collect();
        let both = [viewer.look(workspace, &EVERY_LOOK, pages), viewer.look(workspace, &without, pages)];
        let outcomes: Vec<_> = thread::scope(|scope| {
            let looks = both.map(|look| scope.spawn(|| look.run_and_read(Tally::of_axe)));
            looks.into_iter().map(thread::ScopedJoinHandle::join).collect()
        });
        for outcome in outcomes {
            add(outcome.unwrap_or_else(|_| Err(Failure::new("the run of axe.mjs was broken off"))));
        }
    }
    let absent: Vec<String> =
        ["ja", "en"].map(|language| format!("{origin}/{language}/nothing-here")).to_vec();
    let not_found: Vec<&str> = EVERY_LOOK.iter().copied().chain(["--expect", "404"]).collect();
    add(Viewer::new("a visitor", None).look(workspace, &not_found, &absent).run_and_read(Tally::of_axe));
    println!("accessibility: {sum}");
    if failures > 0 {
        return Err(Failure::new("pages fail, named above").counting(sum));
    }
    Ok(sum)
}
