//! Reading what AuthZEN asks: four entities, of which each may stand for several evaluations.

use nattoku_operations::{FieldError, Fields, Question};
use serde_json::{Map, Value, json};

use super::{APPLICATION, PERSONAL_DATA};
use crate::api::problem::{Kind, Problem};

/// An object of an evaluation.
type Object = Map<String, Value>;

/// The entities of one evaluation. Every other key is ignored.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Entities<'a> {
    subject: Option<&'a Value>,
    action: Option<&'a Value>,
    resource: Option<&'a Value>,
    context: Option<&'a Value>,
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
type Resource<'a> = (Option<String>, Option<&'a Object>);

impl<'a> Entities<'a> {
    /// Those of an object; of those that it has not, the `defaults`, each as a whole.
    pub(super) fn of(object: &'a Object, defaults: Self) -> Self {
        Self {
            subject: object.get("subject").or(defaults.subject),
            action: object.get("action").or(defaults.action),
            resource: object.get("resource").or(defaults.resource),
            context: object.get("context").or(defaults.context),
        }
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
            Some(Value::Object(context)) => Some(context),
            Some(_) => return Err(wrong("context", "object").into()),
        };
        Ok(known_type("subject", subject_type, APPLICATION)
            .and_then(|()| known_type("resource", resource_type, PERSONAL_DATA))
            .and_then(|()| asked(application, action, (principal, properties), context)))
    }
}

/// The question that well-formed entities ask.
fn asked(
    application: Option<String>,
    action: Option<&str>,
    (principal, properties): Resource<'_>,
    context: Option<&Object>,
) -> Result<Question, Problem> {
    // The fields of a question, gathered from where AuthZEN has them, are read as any question is.
    let mut fields = Object::new();
    let mut put = |name: &str, value: Option<Value>| value.and_then(|v| fields.insert(name.to_owned(), v));
    put("application", Some(json!(application.unwrap_or_default())));
    put("principal", Some(json!(principal.unwrap_or_default())));
    put("action", Some(json!(action.unwrap_or("use"))));
    put("categories", properties.and_then(|properties| properties.get("categories")).cloned());
    for name in ["activity", "purpose", "recipient", "at", "known_at", "exception", "min_revision"] {
        put(name, context.and_then(|context| context.get(name)).cloned());
    }
    let place = |field: &str| match field {
        "categories" => "resource.properties.categories".to_owned(),
        field => format!("context.{field}"),
    };
    Question::asked_by(None, &Fields::of(&Value::Object(fields))?).map_err(|error| {
        let FieldError { field, problem } = error;
        Problem::new(Kind::Refused, problem.ja, problem.en).with("field", field.map(|field| place(&field)))
    })
}

/// An entity's type, its id unless it is searched for, and its properties.
fn entity<'a>(
    value: Option<&'a Value>,
    name: &str,
    is_searched: bool,
) -> Result<(&'a str, Option<String>, Option<&'a Object>), FieldError> {
    let object = object(value, name)?;
    let kind = text(object, name, "type")?;
    let id = if is_searched { None } else { Some(text(object, name, "id")?.to_owned()) };
    Ok((kind, id, properties(object, name)?))
}

/// An action's name.
fn action(value: Option<&Value>) -> Result<&str, FieldError> {
    let object = object(value, "action")?;
    properties(object, "action")?;
    text(object, "action", "name")
}

fn object<'a>(value: Option<&'a Value>, name: &str) -> Result<&'a Object, FieldError> {
    match value {
        None => Err(missing(name)),
        Some(Value::Object(object)) => Ok(object),
        Some(_) => Err(wrong(name, "object")),
    }
}

fn properties<'a>(object: &'a Object, name: &str) -> Result<Option<&'a Object>, FieldError> {
    match object.get("properties") {
        None => Ok(None),
        Some(Value::Object(properties)) => Ok(Some(properties)),
        Some(_) => Err(wrong(&format!("{name}.properties"), "object")),
    }
}

fn text<'a>(object: &'a Object, name: &str, key: &str) -> Result<&'a str, FieldError> {
    match object.get(key) {
        None => Err(missing(&format!("{name}.{key}"))),
        Some(Value::String(text)) => Ok(text),
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
