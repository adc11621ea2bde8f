//! The policy: whether it is sound.

use nattoku_policy::check::check;
use nattoku_policy::diagnostic::Severity;

use super::finding::Finding;
use crate::open;
use crate::settings::Settings;

const ABOUT: &str = "policy";

pub(super) fn look(settings: &Settings) -> Finding {
    let checked = settings.policy().and_then(|folder| Ok((folder, check(&open::sources(folder)?))));
    let (folder, checked) = match checked {
        Ok(checked) => checked,
        Err(error) => return Finding::of_error(ABOUT, &error),
    };
    let count = |severity| checked.diagnostics.iter().filter(|found| found.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let folder = folder.display();
    let said = [
        format!("{folder} に誤りが {errors} 件、警告が {warnings} 件あります"),
        format!("{folder} has {errors} errors and {warnings} warnings"),
    ];
    let remedy = ["nattoku policy check で全部が見られます", "`nattoku policy check` shows them all"];
    match (errors, warnings) {
        (0, 0) => Finding::good(
            ABOUT,
            format!("{folder} に誤りも警告もありません"),
            format!("{folder} has neither errors nor warnings"),
        ),
        (0, _) => Finding::warning(ABOUT, said, remedy),
        _ => Finding::fault(ABOUT, said, remedy),
    }
}
