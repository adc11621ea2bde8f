//! The rendered site as the HTML standard has it: `nattoku policy render`, then the validator of the W3C, `vnu`, over every page.

use crate::command::Program;
use crate::install;
use crate::steps::Outcome;
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
    let validator = install::browser_tests(workspace).join(VALIDATOR);
    Program::new("java", workspace.root())
        .arguments(&["-jar", &validator.to_string_lossy(), "--errors-only", "--skip-non-html"])
        .arguments(&["--filterpattern", ROLES, &out])
        .run()
}
