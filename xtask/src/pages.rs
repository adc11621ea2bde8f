//! Accessibility of the pages: the demonstration is started, every page a person can reach is found by
//! following links, and axe looks at each in a real browser, narrow and wide, light and dark, with and
//! without JavaScript.

mod axe;
mod crawl;
mod http;

use crate::demo::Demo;
use crate::steps::{Failure, Outcome};
use crate::tally::Tally;
use crate::workspace::Workspace;

use axe::Viewer;
use crawl::Seen;

/// Checks every page of the demonstration.
pub(crate) fn check(workspace: &Workspace) -> Outcome<Tally> {
    let demo = Demo::start(workspace, "accessibility")?;
    let mut seen = Seen::default();
    let mut groups = Vec::new();
    let visitor = crawl::pages(&demo.url, None, &["/", "/ja/privacy", "/en/privacy", "/verify"], &mut seen)?;
    groups.push((Viewer::new("a visitor", None), visitor));
    let mut signed_in = 0;
    for (name, link) in &demo.sign_in {
        let entry = http::sign_in(link)?;
        let mut starts = vec!["/ja/my", "/en/my"];
        starts.push(&entry.landing);
        // Another person's pages differ in what they say, not in how they are built: their home is looked at.
        let found = if signed_in == 0 {
            crawl::pages(&demo.url, Some(&entry.cookie), &starts, &mut seen)?
        } else {
            vec![format!("{}/ja/my", demo.url)]
        };
        groups.push((Viewer::new(name, Some(entry.cookie)), found));
        signed_in += 1;
    }
    if signed_in == 0 {
        return Err(Failure::new("the demonstration printed no sign-in link for a principal"));
    }
    if let Some(link) = &demo.desk {
        let entry = http::sign_in(link)?;
        let found = crawl::pages(&demo.url, Some(&entry.cookie), &["/desk", &entry.landing], &mut seen)?;
        groups.push((Viewer::new("the desk", Some(entry.cookie)), found));
    }
    axe::check(workspace, &demo.url, &groups)
}
