//! `ask`: the question of a scenario.

use std::collections::BTreeMap;

use nattoku_model::name::{ActivityName, ApplicationName};
use nattoku_model::policy::{Policy, Requirement};
use nattoku_model::request::ExceptionClaim;
use nattoku_model::{Action, Request};

use crate::ast::Node;
use crate::diagnostic::Words;
use crate::resolve::Scope;
use crate::resolve::names::NameKind;
use crate::resolve::shape::{BARE, Shape};

const SHAPE: Shape = BARE
    .args(2, usize::MAX, "行為とデータの項目", "an action and categories")
    .needs_props(&["activity", "at"])
    .props(&[
        "to",
        "by",
        "purpose",
        "known_at",
        "exception",
        "names",
        "document",
        "necessity",
        "consent_difficult",
        "approver",
        "time_limit",
        "assessment",
    ]);

/// The question; none where it cannot be asked, which is reported.
pub(super) fn request(node: &Node, policy: &Policy, scope: &mut Scope<'_>) -> Option<Request> {
    scope.shape(node, &SHAPE);
    let (action, categories) = node.args.split_first()?;
    let action = scope.one_of(node, action, &Action::ALL, Action::as_str);
    let categories = scope.names_of(NameKind::Category, node, categories);
    // An activity that is not registered may be asked for: what is answered then is worth a scenario.
    let activity = ActivityName::from(scope.string_prop(node, "activity")?);
    scope.uses_name(NameKind::Activity, node, "activity");
    let application = application(node, &activity, policy, scope);
    let purpose = scope.name_prop(NameKind::Purpose, node, "purpose");
    let recipient = scope.name_prop(NameKind::Recipient, node, "to");
    let known_at = scope.instant_prop(node, "known_at");
    let exception = exception(node, scope);
    let at = scope.instant_prop(node, "at");
    Some(Request {
        application: application?,
        action: action?,
        activity,
        purpose,
        categories,
        recipient,
        at: at?,
        known_at,
        exception,
    })
}

/// Who asks: as written, or the only application that the activity has.
fn application(
    node: &Node,
    activity: &ActivityName,
    policy: &Policy,
    scope: &mut Scope<'_>,
) -> Option<ApplicationName> {
    if node.prop("by").is_some() {
        return scope.name_prop(NameKind::Application, node, "by");
    }
    if let Some([only]) = policy.activities.get(activity).map(|a| a.by.as_slice()) {
        return Some(only.clone());
    }
    let message = Words::new(
        format!("利用 `{activity}` のアプリケーションは一つに決まりません。`by=` が必要です"),
        format!("the activity `{activity}` does not have just one application, so `by=` is needed"),
    );
    scope.missing(node.head_label(), message);
    None
}

fn exception(node: &Node, scope: &mut Scope<'_>) -> Option<ExceptionClaim> {
    let brought: Vec<Requirement> =
        Requirement::ALL.into_iter().filter(|r| node.prop(r.as_str()).is_some()).collect();
    if node.prop("exception").is_none() {
        let stray = brought.first().map(|r| r.as_str()).or(node.prop("names").map(|_| "names"));
        if let Some(stray) = stray {
            let message = Words::new(
                format!("`{stray}=` は `exception=` とともに書いてください"),
                format!("`{stray}=` belongs to `exception=`, which is not there"),
            );
            scope.missing(node.head_label(), message);
        }
        return None;
    }
    let mut evidence = BTreeMap::new();
    for requirement in brought {
        let value = scope.string_prop(node, requirement.as_str());
        evidence.extend(value.map(|v| (requirement.as_str().to_owned(), v.to_owned())));
    }
    Some(ExceptionClaim {
        name: scope.name_prop(NameKind::Exception, node, "exception")?,
        categories: scope.names_of(NameKind::Category, node, node.prop("names")),
        evidence,
        until: scope.instant_prop(node, "time_limit"),
    })
}
