//! The results in the XML of `JUnit`, for whatever collects test results.

use std::path::Path;

use nattoku_model::Language;
use nattoku_operations::ScenarioResult;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::exit::CommandError;
use crate::replace;

/// Writes one suite a policy, one test case a scenario, with what differs where one has failed.
pub(super) fn write(
    file: &Path,
    policy: &str,
    results: &[ScenarioResult<'_>],
    language: Language,
) -> Result<(), CommandError> {
    let mut suite = TestSuite::new(policy);
    for result in results {
        let mut case = TestCase::new(result.scenario.title.clone(), status(result, language));
        case.set_classname(format!("{policy}.{}", result.scenario.place.file));
        suite.add_test_case(case);
    }
    let mut report = Report::new("nattoku policy test");
    report.add_test_suite(suite);
    let text = report.to_string().map_err(|error| CommandError::cannot_write(file, &error))?;
    replace::put(file, text.as_bytes())
}

fn status(result: &ScenarioResult<'_>, language: Language) -> TestCaseStatus {
    if result.has_passed() {
        return TestCaseStatus::success();
    }
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    let parts = result.differences.iter().map(|d| format!("{}: {} / {}", d.part, d.expected, d.found));
    status.set_message(parts.collect::<Vec<_>>().join("; "));
    status.set_type("scenario");
    status.set_description(format!("{}\n{}", result.scenario.place, super::differences(result, language)));
    status
}
