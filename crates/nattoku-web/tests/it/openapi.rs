//! The OpenAPI document is valid, is whole, and is true: each of its examples is sent to the real router.

use std::collections::BTreeSet;

use axum::http::{Request, header};
use jsonschema::Validator;
use nattoku_operations::CallerAct;
use nattoku_web::{endpoints, problem_kinds};
use serde_json::{Map, Value, json};

use crate::site::{Answer, Site};

/// The document as it is served.
const DOCUMENT: &str = include_str!("../../openapi.json");
/// What the OpenAPI Initiative says a document of 3.1 is.
const OAS: &str = include_str!("openapi/oas-3.1-schema.json");
/// Where the site of the examples is reached.
const ADDRESS: &str = "https://privacy.example.jp";
/// The status of an answer to an example that is named like none of the answers.
const USUAL: &str = "200";
/// Fields whose value is another with each moment, or with each line of the policy that moves.
const OF_THE_MOMENT: [&str; 6] =
    ["digest", "policy_digest", "line", "words", "staleness_seconds", "lease_seconds"];

fn document() -> Value {
    serde_json::from_str(DOCUMENT).unwrap()
}

/// An operation of the document.
struct Operation<'d> {
    path: &'d str,
    method: &'d str,
    is: &'d Value,
}

fn operations(document: &Value) -> Vec<Operation<'_>> {
    let paths = document["paths"].as_object().unwrap();
    let all = paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap();
        methods.iter().map(|(method, is)| Operation { path, method, is })
    });
    all.collect()
}

impl<'d> Operation<'d> {
    fn name(&self) -> &'d str {
        self.is["operationId"].as_str().unwrap()
    }

    /// Its address, with the examples of its parameters in it.
    fn address(&self, document: &Value) -> String {
        let mut address = self.path.to_owned();
        for parameter in self.is["parameters"].as_array().unwrap() {
            let parameter = resolved(document, parameter);
            if parameter["in"] == "path" {
                let example = parameter["example"].to_string();
                let name = parameter["name"].as_str().unwrap();
                address = address.replace(&format!("{{{name}}}"), example.trim_matches('"'));
            }
        }
        address
    }

    /// The one kind of content of an answer, and how it is described.
    fn content(&self, document: &'d Value, status: &str) -> (&'d str, &'d Value) {
        let response = resolved(document, &self.is["responses"][status]);
        let content = response["content"].as_object().unwrap_or_else(|| panic!("{}: {status}", self.name()));
        let (kind, described) = content.iter().next().unwrap();
        (kind, described)
    }

    /// The status under which an answer's example has a name.
    fn status_of(&self, document: &'d Value, example: &str) -> &'d str {
        let statuses = self.is["responses"].as_object().unwrap().keys();
        let has = |status: &&String| !self.content(document, status).1["examples"][example].is_null();
        statuses.into_iter().find(has).map_or(USUAL, String::as_str)
    }
}

/// What a reference stands for, or the value itself.
fn resolved<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    match value["$ref"].as_str() {
        None => value,
        Some(to) => document.pointer(to.strip_prefix('#').unwrap()).unwrap_or_else(|| panic!("{to}")),
    }
}

/// A schema of the document with all that it refers to. One that is `closed` knows no field that is not described.
fn validator(document: &Value, schema: &Value, closed: bool) -> Validator {
    let mut whole = schema.as_object().unwrap().clone();
    whole.insert("components".to_owned(), json!({ "schemas": document["components"]["schemas"] }));
    let mut whole = Value::Object(whole);
    if closed {
        close(&mut whole);
    }
    jsonschema::options().should_validate_formats(true).build(&whole).unwrap()
}

/// Has no object have a field that is not described, where that is not said otherwise.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            fields.values_mut().for_each(close);
            if fields
                .get("properties")
                .is_some_and(|properties| properties.as_object().is_some_and(|p| !p.is_empty()))
                && !fields.contains_key("additionalProperties")
            {
                fields.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
        }
        Value::Array(values) => values.iter_mut().for_each(close),
        _ => {}
    }
}

fn faults(validator: &Validator, value: &Value) -> Vec<String> {
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn the_document_is_valid() {
    let oas: Value = serde_json::from_str(OAS).unwrap();
    let faults = faults(&jsonschema::options().build(&oas).unwrap(), &document());
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn every_reference_leads_somewhere_and_everything_is_referred_to() {
    fn gather<'d>(value: &'d Value, found: &mut BTreeSet<&'d str>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str));
                fields.values().for_each(|value| gather(value, found));
            }
            Value::Array(values) => values.iter().for_each(|value| gather(value, found)),
            _ => {}
        }
    }
    let document = document();
    let mut referred = BTreeSet::new();
    gather(&document, &mut referred);
    for to in &referred {
        assert!(document.pointer(to.strip_prefix('#').unwrap()).is_some(), "{to} leads nowhere");
    }
    for kind in ["schemas", "parameters", "responses"] {
        for name in document["components"][kind].as_object().unwrap().keys() {
            let to = format!("#/components/{kind}/{name}");
            assert!(referred.contains(to.as_str()), "nothing refers to {to}");
        }
    }
    // A schema that is no schema is found when it is built.
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(jsonschema::meta::validate(schema).is_ok(), "{name}");
        drop(validator(&document, schema, false));
    }
}

#[test]
fn it_describes_every_endpoint_and_nothing_else() {
    let document = document();
    let described: BTreeSet<String> =
        operations(&document).iter().map(|one| format!("{} {}", one.method, one.path)).collect();
    let routed: BTreeSet<String> = endpoints()
        .flat_map(|(path, methods)| methods.iter().map(move |method| format!("{method} {path}")))
        .collect();
    assert_eq!(described, routed);
}

#[test]
fn every_operation_has_a_name_of_its_own_and_links_lead_to_one() {
    let document = document();
    let operations = operations(&document);
    let names: BTreeSet<&str> = operations.iter().map(Operation::name).collect();
    assert_eq!(names.len(), operations.len());
    for operation in &operations {
        for link in operation.is["responses"][USUAL]["links"].as_object().into_iter().flat_map(Map::values) {
            assert!(names.contains(link["operationId"].as_str().unwrap()), "{link}");
        }
    }
}

#[test]
fn it_names_every_kind_of_problem_and_its_version() {
    let document = document();
    let named = &document["components"]["schemas"]["Problem"]["properties"]["type"]["enum"];
    let kinds: Vec<String> = problem_kinds().map(|(kind, _)| kind).collect();
    assert_eq!(named, &json!(kinds));
    let ends = &document["components"]["schemas"]["AuthzenError"]["properties"]["kind"]["enum"];
    let ended: Vec<&str> = kinds.iter().map(|kind| kind.rsplit(':').next().unwrap()).collect();
    assert_eq!(ends, &json!(ended));
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn every_status_of_a_problem_is_told_by_the_operations_that_may_have_it() {
    let document = document();
    for operation in operations(&document) {
        let responses = operation.is["responses"].as_object().unwrap();
        let needs_token = operation.is["security"] != json!([]);
        for status in ["401", "429", "500", "503"] {
            assert!(!needs_token || responses.contains_key(status), "{}: {status}", operation.name());
        }
        for (status, response) in responses {
            let response = resolved(&document, response);
            let Some(_) = response["content"].get("application/problem+json") else { continue };
            let known = problem_kinds().any(|(_, of)| of.to_string() == *status);
            assert!(known, "{}: no problem has the status {status}", operation.name());
        }
    }
}

/// Asks as a program that may do everything.
async fn ask(site: &Site, operation: &Operation<'_>, document: &Value, body: Option<&Value>) -> Answer {
    let token = site.token(&["*"], &CallerAct::ALL);
    let request = Request::builder()
        .method(operation.method.to_uppercase().as_str())
        .uri(operation.address(document))
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "application/json")
        .header("x-request-id", "of-the-example");
    site.ask(request, body.map(ToString::to_string).unwrap_or_default()).await
}

/// What an answer says in the kind of content that it is in.
fn said(answer: &Answer, kind: &str) -> Value {
    if kind.ends_with("json") { serde_json::from_str(&answer.body).unwrap() } else { json!(answer.body) }
}

/// Whether what an example shows is in an answer. Lists may leave out what the answer has more of, and values of the moment differ.
fn shows(example: &Value, answer: &Value) -> bool {
    match (example, answer) {
        (Value::Object(example), Value::Object(answer)) => example.iter().all(|(name, shown)| {
            answer.get(name).is_some_and(|has| OF_THE_MOMENT.contains(&name.as_str()) || shows(shown, has))
        }),
        (Value::Array(example), Value::Array(answer)) => {
            example.is_empty() == answer.is_empty()
                && example.iter().all(|shown| answer.iter().any(|has| shows(shown, has)))
        }
        _ => example == answer,
    }
}

/// Holds an answer against what the document says of it; what is wrong is told with the answer, to be looked at and pasted.
fn held(
    document: &Value,
    operation: &Operation<'_>,
    (example, status): (&str, &str),
    answer: &Answer,
) -> Vec<String> {
    let mut wrong = Vec::new();
    let place = format!("{} `{example}`", operation.name());
    let (kind, described) = operation.content(document, status);
    let given = answer.header(header::CONTENT_TYPE);
    if !given.starts_with(kind) {
        wrong.push(format!("{place}: {given} and not {kind}"));
    }
    if answer.headers.get("x-request-id").is_none_or(|id| id != "of-the-example") {
        wrong.push(format!("{place}: the call's id does not come back"));
    }
    let said = said(answer, kind);
    let schema = validator(document, &described["schema"], true);
    wrong.extend(faults(&schema, &said).into_iter().map(|fault| format!("{place}: {fault}: {said}")));
    for (name, shown) in described["examples"].as_object().into_iter().flatten() {
        if name == example && !shows(&shown["value"], &said) {
            wrong.push(format!("{place}: the example is not what is answered: {said}"));
        }
    }
    wrong
}

#[tokio::test]
async fn every_example_of_a_request_is_answered_as_it_is_described() {
    let document = document();
    let mut wrong = Vec::new();
    for operation in operations(&document) {
        let Some(body) = operation.is.get("requestBody") else { continue };
        let described = &body["content"]["application/json"];
        let schema = validator(&document, &described["schema"], false);
        let examples = described["examples"].as_object().unwrap();
        assert!(!examples.is_empty(), "{} has no example", operation.name());
        for (name, example) in examples {
            let site = Site::at(ADDRESS);
            let sent = &example["value"];
            wrong.extend(
                faults(&schema, sent).into_iter().map(|fault| format!("{}: {fault}", operation.name())),
            );
            let status = operation.status_of(&document, name);
            let has_answer = !operation.content(&document, status).1["examples"][name].is_null();
            if !has_answer {
                wrong.push(format!("{} `{name}`: there is no answer to it", operation.name()));
            }
            let answer = ask(&site, &operation, &document, Some(sent)).await;
            wrong.extend(held(&document, &operation, (name, status), &answer));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn everything_that_can_be_read_is_answered_as_it_is_described() {
    let document = document();
    let site = Site::at(ADDRESS);
    let mut wrong = Vec::new();
    for operation in operations(&document).into_iter().filter(|one| one.method == "get") {
        let answer = ask(&site, &operation, &document, None).await;
        let examples = operation.content(&document, USUAL).1["examples"].as_object();
        let example = examples.and_then(|examples| examples.keys().next()).map_or("", String::as_str);
        wrong.extend(held(&document, &operation, (example, USUAL), &answer));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_problem_is_answered_as_it_is_described() {
    let document = document();
    let site = Site::new();
    let schema = validator(&document, &document["components"]["schemas"]["Problem"], true);
    for operation in operations(&document).into_iter().filter(|one| one.is["security"] != json!([])) {
        let request = || Request::builder().method(operation.method.to_uppercase().as_str());
        let answer = site.ask(request().uri(operation.address(&document)), String::new()).await;
        assert_eq!(answer.status.as_u16(), 401, "{}", operation.name());
        let problem = said(&answer, "json");
        assert!(faults(&schema, &problem).is_empty(), "{problem}");
        // What needs an act says which, and is refused without it.
        let token = site.token(&["*"], &[]);
        let request = request()
            .uri(operation.address(&document))
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json");
        let answer = site.ask(request, "{}".to_owned()).await;
        let needs_act = operation.is["responses"].get("403").is_some();
        assert_eq!(answer.status.as_u16() == 403, needs_act, "{}", operation.name());
        if needs_act {
            let problem = said(&answer, "json");
            assert!(faults(&schema, &problem).is_empty(), "{problem}");
            let act = format!("Act: `{}`.", problem["act"].as_str().unwrap());
            assert!(
                operation.is["description"].as_str().unwrap().ends_with(&act),
                "{}: {act}",
                operation.name()
            );
        }
    }
}

#[tokio::test]
async fn an_address_that_cannot_be_read_is_a_problem_too() {
    let site = Site::new();
    let token = site.token(&["*"], &CallerAct::ALL);
    for address in ["/v1/principals/%FF/consents", "/v1/principals/%FF/receipts/7"] {
        let request =
            Request::builder().uri(address).header(header::AUTHORIZATION, format!("Bearer {token}"));
        let answer = site.ask(request, String::new()).await;
        assert_eq!(answer.status.as_u16(), 400, "{}", answer.body);
        assert_eq!(answer.header(header::CONTENT_TYPE), "application/problem+json");
        assert_eq!(said(&answer, "json")["type"], "urn:nattoku:problem:malformed");
    }
}

#[tokio::test]
async fn a_method_that_an_address_has_not_is_told_with_those_that_it_has() {
    let site = Site::new();
    for (path, methods) in endpoints() {
        let address = path.replace("{principal}", "sakura").replace("{revision}", "7");
        let request = Request::builder().method("DELETE").uri(address);
        let answer = site.ask(request, String::new()).await;
        assert_eq!(answer.status.as_u16(), 405, "{path}");
        let allowed: BTreeSet<String> =
            answer.header(header::ALLOW).split(',').map(str::to_lowercase).collect();
        for method in methods {
            assert!(allowed.contains(*method), "{path}: {allowed:?}");
        }
    }
}

#[tokio::test]
async fn evidence_is_not_dropped_in_silence() {
    let site = Site::new();
    let token = site.token(&["*"], &CallerAct::ALL);
    for (address, act, status) in [
        ("/v1/principals/sakura/consents", json!({ "item": "partner_sharing", "act": "withdraw" }), 422),
        ("/v1/principals/sakura/choices", json!({ "choice": "surveys", "act": "decline" }), 400),
    ] {
        let mut act = act;
        act["channel"] = json!("app");
        act["evidence"] = json!("form 7");
        let request = Request::builder()
            .method("POST")
            .uri(address)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json");
        let answer = site.ask(request, act.to_string()).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.body);
        assert_eq!(said(&answer, "json")["field"], "evidence");
    }
}
