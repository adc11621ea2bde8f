//! Reading what AuthZEN asks: four entities, of which each may stand for several evaluations.

use nattoku_operations::{FieldError, Fields, Json, JsonObject, Question, is_too_long, not_too_long};
use serde_json::json;

use super::{APPLICATION, PERSONAL_DATA};
use crate::api::problem::{Kind, Problem};

/// The entities of one evaluation. Every other key is ignored.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Entities<'a> {
    subject: Option<&'a Json<'a>>,
    action: Option<&'a Json<'a>>,
    resource: Option<&'a Json<'a>>,
    context: Option<&'a Json<'a>>,
}

/// What is searched for, of which only the type is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Searched {
    Nothing,
    Subject,
    Resource,
    Action,
}

/// Whose data, and which: a resource.
type Resource<'a> = (Option<&'a str>, Option<&'a JsonObject<'a>>);

impl<'a> Entities<'a> {
    /// Those of an object; of those that it has not, the `defaults`, each as a whole.
    pub(super) fn of(object: &'a JsonObject<'a>, defaults: Self) -> Self {
        Self {
            subject: object.get("subject").or(defaults.subject),
            action: object.get("action").or(defaults.action),
            resource: object.get("resource").or(defaults.resource),
            context: object.get("context").or(defaults.context),
        }
    }

    /// Whose data these are about, where nothing else differs from others that could be asked: the same entities, where the call says them
    /// once, and a resource that is alike but for its id.
    pub(super) fn principal_alone_differs(self, from: Self) -> Option<&'a str> {
        let is_same = |own: Option<&Json<'_>>, other: Option<&Json<'_>>| match (own, other) {
            (Some(own), Some(other)) => std::ptr::eq(own, other),
            (None, None) => true,
            _ => false,
        };
        let are_same = is_same(self.subject, from.subject)
            && is_same(self.action, from.action)
            && is_same(self.context, from.context);
        let (own, other) = (self.resource?.as_object()?, from.resource?.as_object()?);
        let alike = ["type", "properties"].into_iter().all(|key| own.get(key) == other.get(key));
        let id = own.get("id").and_then(Json::as_text);
        id.filter(|id| are_same && alike && !is_too_long(id))
    }

    /// Holds the entities against what they must be, and makes the question of them. What is well formed and cannot be asked, since
    /// it speaks of nothing that Nattoku knows, is `Err` of the inner result.
    pub(super) fn question(self, searched: Searched) -> Result<Result<Question, Problem>, Problem> {
        let (subject_type, application, _) = entity(self.subject, "subject", searched == Searched::Subject)?;
        let (resource_type, principal, properties) =
            entity(self.resource, "resource", searched == Searched::Resource)?;
        let action = match searched {
            Searched::Action => None,
            _ => Some(action(self.action)?),
        };
        let context = match self.context {
            None => None,
            Some(Json::Object(context)) => Some(context),
            Some(_) => return Err(wrong("context", "object").into()),
        };
        Ok(known_type("subject", subject_type, APPLICATION)
            .and_then(|()| known_type("resource", resource_type, PERSONAL_DATA))
            .and_then(|()| asked(application, action, (principal, properties), context)))
    }
}

/// The question that well-formed entities ask.
fn asked<'a>(
    application: Option<&'a str>,
    action: Option<&'a str>,
    (principal, properties): Resource<'a>,
    context: Option<&'a JsonObject<'a>>,
) -> Result<Question, Problem> {
    let text = |field, text: Option<&str>, otherwise| not_too_long(field, text.unwrap_or(otherwise));
    let read = || {
        let application = text("subject.id", application, "")?;
        let principal = text("resource.id", principal, "")?;
        let action = text("action.name", action, "use")?;
        let who = (application, principal, action);
        Question::in_context(who, &Fields::of_object(context), &Fields::of_object(properties))
    };
    read().map_err(|FieldError { field, problem }| {
        Problem::new(Kind::Refused, problem.ja, problem.en).with("field", field.map(|field| place(&field)))
    })
}

/// Where AuthZEN has a field of a question.
fn place(field: &str) -> String {
    match field {
        "categories" => "resource.properties.categories".to_owned(),
        "subject.id" | "resource.id" | "action.name" => field.to_owned(),
        field => format!("context.{field}"),
    }
}

/// An entity's type, its id unless it is searched for, and its properties.
fn entity<'a>(
    value: Option<&'a Json<'a>>,
    name: &str,
    is_searched: bool,
) -> Result<(&'a str, Option<&'a str>, Option<&'a JsonObject<'a>>), FieldError> {
    let object = object(value, name)?;
    let kind = text(object, name, "type")?;
    let id = if is_searched { None } else { Some(text(object, name, "id")?) };
    Ok((kind, id, properties(object, name)?))
}

/// An action's name.
fn action<'a>(value: Option<&'a Json<'a>>) -> Result<&'a str, FieldError> {
    let object = object(value, "action")?;
    properties(object, "action")?;
    text(object, "action", "name")
}

fn object<'a>(value: Option<&'a Json<'a>>, name: &str) -> Result<&'a JsonObject<'a>, FieldError> {
    match value {
        None => Err(missing(name)),
        Some(Json::Object(object)) => Ok(object),
        Some(_) => Err(wrong(name, "object")),
    }
}

fn properties<'a>(object: &'a JsonObject<'a>, name: &str) -> Result<Option<&'a JsonObject<'a>>, FieldError> {
    match object.get("properties") {
        None => Ok(None),
        Some(Json::Object(properties)) => Ok(Some(properties)),
        Some(_) => Err(wrong(&format!("{name}.properties"), "object")),
    }
}

fn text<'a>(object: &'a JsonObject<'a>, name: &str, key: &str) -> Result<&'a str, FieldError> {
    match object.get(key) {
        None => Err(missing(&format!("{name}.{key}"))),
        Some(Json::Text(text)) => Ok(text),
        Some(_) => Err(wrong(&format!("{name}.{key}"), "string")),
    }
}

fn missing(place: &str) -> FieldError {
    FieldError::new(place, format!("`{place}` がありません"), format!("`{place}` is missing"))
}

/// A value is not of the type of JSON that it must be.
pub(super) fn wrong(place: &str, kind: &str) -> FieldError {
    let ja = match kind {
        "object" => "オブジェクト",
        "array" => "配列",
        _ => "文字列",
    };
    FieldError::expected(place, ja, &format!("of the type {kind}"))
}

/// Holds a type against the one that Nattoku knows.
fn known_type(name: &str, given: &str, known: &str) -> Result<(), Problem> {
    if given == known {
        return Ok(());
    }
    let shown: String = given.chars().take(80).collect();
    Err(Problem::new(
        Kind::Undeclared,
        format!("{name} の type `{shown}` は扱えません。`{known}` を使ってください"),
        format!("there is no {name} of the type `{shown}`; the type is `{known}`"),
    )
    .with("names", json!([{ "what": format!("{name} type"), "name": shown, "nearest": known }])))
}
