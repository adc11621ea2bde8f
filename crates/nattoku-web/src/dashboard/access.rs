//! `/{language}/my/access`: who looked at the person's data, newest first, fifty lines a page, by month and department.

use std::collections::BTreeSet;

use askama::Template;
use jiff::civil::Date;
use nattoku_model::name::{ApplicationName, CategoryName, DepartmentName, RoleName, ViewReasonName};
use nattoku_model::policy::Policy;
use nattoku_model::{Event, Recorded};
use nattoku_operations::Views;

use super::part::Part;
use crate::frame::{self, Frame};
use crate::notice::category_title;
use crate::refusal::Refusal;
use crate::visit::{Answer, Visit};

const PAGE: &str = "my/access";

#[derive(Template)]
#[template(path = "my/access.html")]
struct AccessPage<'a> {
    frame: Frame<'a>,
    as_of: String,
    total: String,
    /// The months in which somebody looked: value, words, and whether it is the one shown.
    months: Vec<(String, String, bool)>,
    /// The departments that looked, likewise.
    departments: Vec<(String, String, bool)>,
    rows: Vec<Row>,
    /// Whether there is any look at all.
    has_any: bool,
    /// Whether only some of them are asked for.
    is_part: bool,
    older: Option<String>,
    newer: Option<String>,
    /// Since when anybody's looks are recorded, as a sentence.
    since: Option<String>,
    /// The systems that report looks, each with since when.
    reporting: Vec<String>,
    /// The systems that do not.
    silent: Vec<String>,
}

/// A look.
struct Row {
    number: u64,
    machine: String,
    when: String,
    entry: String,
    seen: Seen,
}

/// A look in words.
pub(super) struct Seen {
    /// Department and role.
    pub(super) who: String,
    pub(super) system: String,
    /// The reason's sentence.
    pub(super) why: String,
    /// The activity it was for.
    pub(super) activity: String,
    pub(super) data: String,
}

/// Shows a page of them.
pub(crate) fn page(visit: &Visit, principal: &str) -> Answer {
    let words = visit.words;
    let views = visit.nattoku().views(principal).map_err(Refusal::of)?;
    let month = asked(visit, "month");
    let department = asked(visit, "department");
    if month.is_some_and(|month| first_of(month).is_none())
        || department.is_some_and(|name| !is_declared(visit, name))
    {
        return Err(Refusal::NotFound);
    }
    let is_wanted = |recorded: &Recorded| {
        month.is_none_or(|month| month_of(visit, recorded) == month)
            && department.is_none_or(|name| department_of(recorded).is_some_and(|d| d.as_str() == name))
    };
    let query: Vec<String> = [("month", month), ("department", department)]
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| format!("{name}={value}")))
        .collect();
    let part = Part::of(visit, &views.views, (PAGE, &query.join("&")), is_wanted)?;
    let found = views.views.iter().filter(|recorded| is_wanted(recorded)).count();
    frame::page(&AccessPage {
        frame: Frame::own(visit, words.get("access-title"), "record"),
        as_of: words.fill("as-of", &visit.dates.minute(&visit.now)),
        total: words.count("access-total", found),
        months: months(visit, &views, month),
        departments: departments(visit, &views, department),
        rows: part.shown.iter().filter_map(|recorded| row(visit, recorded)).collect(),
        has_any: !views.views.is_empty(),
        is_part: !query.is_empty(),
        since: part.older.is_none().then(|| since(visit, &views)).flatten(),
        older: part.older,
        newer: part.newer,
        reporting: views
            .reporting
            .iter()
            .map(|(name, day)| words.fill2("access-reports", &system(visit, name), &visit.dates.date(*day)))
            .collect(),
        silent: views.silent.iter().map(|name| system(visit, name)).collect(),
    })
}

/// A look in words; none where the event is none.
pub(super) fn seen(visit: &Visit, event: &Event) -> Option<Seen> {
    let Event::DataViewed { application, department, role, activity, categories, reason, .. } = event else {
        return None;
    };
    let language = visit.language;
    let activity = newest(visit, |p| p.activities.get(activity).map(|a| a.title.get(language)))
        .unwrap_or(activity.as_str());
    Some(Seen {
        who: who(visit, department, role),
        system: system(visit, application),
        why: why(visit, reason),
        activity: visit.words.fill("for-activity", activity),
        data: data(visit, categories),
    })
}

/// A department and a role of it, in words.
pub(super) fn who(visit: &Visit, department: &DepartmentName, role: &RoleName) -> String {
    let language = visit.language;
    let declared = newest(visit, |policy| policy.departments.get(department));
    let title = declared.map_or(department.as_str(), |d| d.title.get(language));
    let role = declared.and_then(|d| d.roles.get(role)).map_or(role.as_str(), |text| text.get(language));
    visit.words.fill2("access-of", title, role)
}

/// Why somebody looked, as a sentence.
pub(super) fn why(visit: &Visit, reason: &ViewReasonName) -> String {
    let declared = newest(visit, |policy| policy.view_reasons.get(reason));
    declared.map_or(reason.as_str(), |reason| reason.sentence.get(visit.language)).to_owned()
}

/// What the newest version that declares something says of it: what was recorded under an older one keeps its words.
fn newest<'v, T>(visit: &'v Visit, find: impl Fn(&'v Policy) -> Option<T>) -> Option<T> {
    visit.nattoku().versions().oldest_first().into_iter().rev().find_map(find)
}

fn system(visit: &Visit, name: &ApplicationName) -> String {
    let title = newest(visit, |policy| policy.applications.get(name).map(|a| a.title.get(visit.language)));
    title.unwrap_or(name.as_str()).to_owned()
}

fn data(visit: &Visit, categories: &[CategoryName]) -> String {
    let policy = visit.nattoku().versions().current();
    let titles = categories.iter().map(|name| category_title(policy, name, visit.language));
    titles.collect::<Vec<_>>().join(&visit.words.get("list-separator"))
}

/// What a field of the form asks for; nothing where it is left empty.
fn asked<'v>(visit: &'v Visit, field: &str) -> Option<&'v str> {
    visit.query(field).filter(|value| !value.is_empty())
}

fn is_declared(visit: &Visit, department: &str) -> bool {
    newest(visit, |policy| policy.departments.get(department)).is_some()
}

fn department_of(recorded: &Recorded) -> Option<&DepartmentName> {
    match &recorded.event {
        Event::DataViewed { department, .. } => Some(department),
        _ => None,
    }
}

/// The month in which somebody looked, as addresses have it: `2026-09`.
fn month_of(visit: &Visit, recorded: &Recorded) -> String {
    visit.dates.civil(&recorded.at).strftime("%Y-%m").to_string()
}

/// The first day of a month as addresses have it; none where it is none.
fn first_of(month: &str) -> Option<Date> {
    // `2026-9` would be another address of the same.
    format!("{month}-01").parse::<Date>().ok().filter(|_| month.len() == "2026-09".len())
}

fn months(visit: &Visit, views: &Views, shown: Option<&str>) -> Vec<(String, String, bool)> {
    let mut months: BTreeSet<String> = views.views.iter().map(|recorded| month_of(visit, recorded)).collect();
    months.extend(shown.map(str::to_owned));
    let words = visit.words;
    let option = |month: String| {
        let first = first_of(&month)?;
        let name = words.named("month", &first.month().to_string());
        let title = words.fill2("access-month-of", &name, &first.year().to_string());
        let is_shown = shown == Some(month.as_str());
        Some((month, title, is_shown))
    };
    months.into_iter().rev().filter_map(option).collect()
}

fn departments(visit: &Visit, views: &Views, shown: Option<&str>) -> Vec<(String, String, bool)> {
    let mut names: BTreeSet<&str> =
        views.views.iter().filter_map(department_of).map(DepartmentName::as_str).collect();
    names.extend(shown);
    let title = |name: &str| {
        let title = newest(visit, |p| p.departments.get(name).map(|d| d.title.get(visit.language)));
        title.unwrap_or(name).to_owned()
    };
    names.into_iter().map(|name| (name.to_owned(), title(name), shown == Some(name))).collect()
}

fn row(visit: &Visit, recorded: &Recorded) -> Option<Row> {
    Some(Row {
        number: recorded.revision.0,
        machine: visit.dates.machine(&recorded.at),
        when: visit.dates.minute(&recorded.at),
        entry: visit.words.fill("access-entry", &recorded.revision.to_string()),
        seen: seen(visit, &recorded.event)?,
    })
}

fn since(visit: &Visit, views: &Views) -> Option<String> {
    let (_, first) = views.reporting.first()?;
    Some(visit.words.fill("access-since", &visit.dates.date(*first)))
}
