//! The HTTP API as its own document has it: the demonstration is started, and Schemathesis draws calls from `/openapi.json`, good and
//! bad, alone and one after another, and holds every answer against what the document says.

use crate::command::Program;
use crate::demo::Demo;
use crate::install;
use crate::steps::{Failure, Outcome};
use crate::workspace::Workspace;

/// What is held, and what is not and why.
const SETTINGS: &str = "tests/python/schemathesis.toml";
/// What is changed of calls before they are sent: no revision is asked for that there is not yet.
const HOOKS: &str = "tests/python/schemathesis_hooks.py";
/// For which application is asked.
const APPLICATION: &str = "campaign_platform";
/// The calls are the same each time.
const SEED: &str = "2026";
/// How long calls are drawn.
const SECONDS: &str = "60";

/// Draws calls and holds the answers.
pub(crate) fn check(workspace: &Workspace) -> Outcome {
    let demo = Demo::start(workspace, "api")?;
    let token = demo.tokens.iter().find(|(application, _)| application == APPLICATION);
    let (_, token) =
        token.ok_or_else(|| Failure::new(format!("the demonstration printed no token for {APPLICATION}")))?;
    let schemathesis = install::python_program(workspace, "schemathesis")?;
    let document = format!("{}/openapi.json", demo.url);
    let settings = workspace.root().join(SETTINGS);
    // It keeps what it drew in the folder in which it runs.
    let folder = workspace.target()?.join("api");
    let checked = Program::new(&schemathesis.to_string_lossy(), &folder)
        .arguments(&["--config-file", &settings.to_string_lossy(), "run", &document])
        .arguments(&["--seed", SEED, "--max-time", SECONDS, "--no-color"])
        .environment("SCHEMATHESIS_HOOKS", &workspace.root().join(HOOKS))
        .unshown_arguments(&["--header", &format!("Authorization: Bearer {token}")])
        .run();
    checked.map_err(|_| {
        Failure::new(
            "the API and its document, crates/nattoku-web/openapi.json, differ: each difference stands above with a call of curl that shows it",
        )
    })
}
