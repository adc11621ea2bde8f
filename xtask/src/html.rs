//! Pages as the HTML standard has them: the validator of the W3C, `vnu`, over the rendered site, and over what a server answered.

use std::path::Path;

use crate::command::Program;
use crate::install;
use crate::steps::{Failure, Outcome};
use crate::workspace::Workspace;

/// The validator, from the folder of the browser tests.
const VALIDATOR: &str = "node_modules/vnu-jar/build/dist/vnu.jar";

/// Tables carry their roles, although elements have them by themselves: on a narrow screen rows become blocks, and browsers then
/// forget what they were. The standard would rather that nobody repeated a role.
const ROLES: &str = ".*“role” attribute must not be used on a “(tr|th|td)” element.*";

/// Renders the reference policy and validates every page.
pub(crate) fn check(workspace: &Workspace) -> Outcome {
    let site = workspace.target()?.join("site");
    let program = workspace.program()?;
    let out = site.to_string_lossy().into_owned();
    let render = ["policy", "render", "policies/carrier", "--no-pdf", "--out", &out];
    Program::new(&program.to_string_lossy(), workspace.root()).arguments(&render).run()?;
    validate(workspace, &site)
}

/// Validates pages that a server answered, each with its address, in a folder of their own.
pub(crate) fn check_answers<'a>(
    workspace: &Workspace,
    pages: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Outcome {
    let folder = workspace.target()?.join("answers");
    let failed = |error| Failure::new(format!("cannot write {}: {error}", folder.display()));
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(failed)?;
    }
    std::fs::create_dir_all(&folder).map_err(failed)?;
    for (number, (address, page)) in pages.into_iter().enumerate() {
        let plain = address.replace(|c: char| !c.is_ascii_alphanumeric(), "-");
        let name: String = plain.chars().take(80).collect();
        std::fs::write(folder.join(format!("{number:03}{name}.html")), page).map_err(failed)?;
    }
    validate(workspace, &folder)
}

fn validate(workspace: &Workspace, folder: &Path) -> Outcome {
    let validator = install::browser_tests(workspace).join(VALIDATOR);
    Program::new("java", workspace.root())
        .arguments(&["-jar", &validator.to_string_lossy(), "--errors-only", "--skip-non-html"])
        .arguments(&["--filterpattern", ROLES, &folder.to_string_lossy()])
        .run()
}
