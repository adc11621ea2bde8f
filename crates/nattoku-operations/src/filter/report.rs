//! A filter, as people and programs read it.

use nattoku_engine::{Dialect, FilterKind, TooFar};
use nattoku_model::name::{ActivityName, CategoryName, PurposeName, RecipientName, VersionName};
use nattoku_model::{Language, Policy};
use serde_json::{Value, json};

use super::AskedFilter;
use crate::answer::time;

/// The filter as JSON: the query, the condition alone on the expression `id`, what was asked, and until when it holds. Times
/// are in UTC.
///
/// # Errors
/// A rule compares with an instant that the tables cannot hold.
pub fn filter_json(asked: &AskedFilter, dialect: Dialect, id: &str) -> Result<Value, TooFar> {
    let AskedFilter { request, nearest_activity, revision, filter } = asked;
    Ok(json!({
        "application": request.application.as_str(),
        "action": request.action.as_str(),
        "activity": request.activity.as_str(),
        "nearest_activity": nearest_activity.as_ref().map(ActivityName::as_str),
        "purpose": request.purpose.as_ref().map(PurposeName::as_str),
        "categories": request.categories.iter().map(CategoryName::as_str).collect::<Vec<_>>(),
        "recipient": request.recipient.as_ref().map(RecipientName::as_str),
        "at": time(filter.at()),
        "valid_until": time(filter.until()),
        "policy_version": filter.policy_version().map(VersionName::as_str),
        "revision": revision.0,
        "dialect": dialect.as_str(),
        "kind": filter.kind()?.as_str(),
        "sql": filter.select(dialect)?,
        "condition": filter.condition(dialect, id)?,
    }))
}

/// For whom the request is permitted, as people say it.
const fn for_whom(kind: FilterKind, language: Language) -> &'static str {
    match (kind, language) {
        (FilterKind::Never, Language::Ja) => "だれにも許されません",
        (FilterKind::Never, Language::En) => "permitted for nobody",
        (FilterKind::Conditional, Language::Ja) => "条件を満たす本人に許されます",
        (FilterKind::Conditional, Language::En) => "permitted for whoever meets the condition",
    }
}

/// The query with a head that says what it is and when it is stale; with an expression `id` the condition on it alone.
///
/// # Errors
/// A rule compares with an instant that the tables cannot hold.
pub fn filter_text(
    asked: &AskedFilter,
    policy: &Policy,
    dialect: Dialect,
    id: Option<&str>,
    language: Language,
) -> Result<String, TooFar> {
    let AskedFilter { request, revision, filter, .. } = asked;
    let recipient = request.recipient.as_ref().map(|recipient| format!(" > {recipient}")).unwrap_or_default();
    let categories: Vec<&str> = request.categories.iter().map(CategoryName::as_str).collect();
    // An activity may be any text, and none of it may end the comment.
    let activity: String = request.activity.as_str().chars().filter(|c| !c.is_control()).take(80).collect();
    let (at, until) = (policy.local(filter.at()), policy.local(filter.until()));
    let version = filter.policy_version().map_or("-", VersionName::as_str);
    let question = format!(
        "{} {} {activity}: {}{recipient}",
        request.application,
        request.action,
        categories.join(", ")
    );
    let head = match language {
        Language::Ja => format!(
            "-- {question}\n-- {at} 時点、{version} 版、台帳の版番号 {revision}：{}\n-- {until} から、またはポリシーか全員にかかわるできごとが変わったら、作り直してください\n",
            for_whom(filter.kind()?, language)
        ),
        Language::En => format!(
            "-- {question}\n-- as of {at}, by version {version}, at revision {revision}: {}\n-- stale from {until}, and as soon as the policy or an event that concerns everybody is new\n",
            for_whom(filter.kind()?, language)
        ),
    };
    let sql = match id {
        Some(id) => filter.condition(dialect, id)?,
        None => filter.select(dialect)? + ";",
    };
    Ok(format!("{head}{sql}\n"))
}
