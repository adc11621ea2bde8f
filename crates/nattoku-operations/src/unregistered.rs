//! An activity that is not registered: it is never taken for another (R18), and whoever wrote it is told which one is near.

use nattoku_model::name::{ActivityName, nearest};
use nattoku_model::policy::Versions;
use nattoku_model::{Decision, Language, Reason};

/// The registered activity that is nearest to a name; none where some version registers the name, or nothing is near.
#[must_use]
pub fn nearest_activity(versions: &Versions, name: &str) -> Option<ActivityName> {
    if versions.oldest_first().into_iter().any(|policy| policy.activities.contains_key(name)) {
        return None;
    }
    nearest(name, versions.current().activities.keys().map(ActivityName::as_str)).map(ActivityName::from)
}

/// The same for the activity that a decision says is not registered.
pub(crate) fn nearest_of_decision(decision: &Decision, versions: &Versions) -> Option<ActivityName> {
    let mut gates = decision.answers.iter().flat_map(|answer| &answer.gates);
    let gate = gates.find(|gate| gate.reason == Reason::UnregisteredActivity)?;
    nearest_activity(versions, gate.details.get("activity")?)
}

/// What is said of a name beside the answer, which stays what it is.
#[must_use]
pub fn did_you_mean(name: &str, nearest: &ActivityName, language: Language) -> String {
    let shown: String = name.chars().take(80).flat_map(char::escape_debug).collect();
    match language {
        Language::Ja => format!("利用 `{shown}` は登録されていません。`{nearest}` のことでしょうか"),
        Language::En => format!("the activity `{shown}` is not registered; did you mean `{nearest}`?"),
    }
}
