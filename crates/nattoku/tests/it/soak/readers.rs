//! Decisions asked for, one by one and many at once, and what else is read.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::book::{Act, Told};
use super::client::Call;
use super::course::Course;

/// How long somebody waits between two calls.
const BETWEEN: Duration = Duration::from_millis(3);
const BETWEEN_READING: Duration = Duration::from_millis(20);

/// Questions at once.
const AT_ONCE: usize = 20;

/// How a decision is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Question {
    Decide,
    DecideBatch,
    Evaluation,
    Evaluations,
}

impl Question {
    const ALL: [Self; 4] = [Self::Decide, Self::DecideBatch, Self::Evaluation, Self::Evaluations];

    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Decide => "/v1/decide",
            Self::DecideBatch => "/v1/decide/batch",
            Self::Evaluation => "/access/v1/evaluation",
            Self::Evaluations => "/access/v1/evaluations",
        }
    }

    /// The body of a question about principals, of whom there is one where one is asked about.
    pub(super) fn about(self, principals: &[usize], min_revision: Option<u64>) -> String {
        let ours = |principal: &usize| {
            json!({
                "principal": format!("p{principal}"), "action": "provide", "activity": "partner_offers",
                "categories": ["purchase"], "recipient": "store_partners", "min_revision": min_revision,
            })
        };
        let resource = |principal: &usize| {
            json!({
                "type": "personal_data", "id": format!("p{principal}"), "properties": { "categories": ["purchase"] },
            })
        };
        let mut theirs = json!({
            "subject": { "type": "application", "id": "campaign_platform" }, "action": { "name": "provide" },
            "context": { "activity": "partner_offers", "recipient": "store_partners" },
        });
        match self {
            Self::Decide => ours(&principals[0]),
            Self::DecideBatch => json!({ "questions": principals.iter().map(ours).collect::<Vec<_>>() }),
            Self::Evaluation => {
                theirs["resource"] = resource(&principals[0]);
                theirs
            }
            Self::Evaluations => {
                let each = principals.iter().map(|principal| json!({ "resource": resource(principal) }));
                theirs["evaluations"] = each.collect();
                theirs
            }
        }
        .to_string()
    }

    const fn at_once(self) -> usize {
        match self {
            Self::Decide | Self::Evaluation => 1,
            Self::DecideBatch | Self::Evaluations => AT_ONCE,
        }
    }

    /// The single answers of an answer.
    fn answers(self, body: &Value) -> Vec<&Value> {
        match self {
            Self::Decide | Self::Evaluation => vec![body],
            Self::DecideBatch => body["answers"].as_array().unwrap().iter().collect(),
            Self::Evaluations => body["evaluations"].as_array().unwrap().iter().collect(),
        }
    }
}

/// What a decision came to; nothing where it was denied for want of a lease, or could not be given.
pub(super) fn told(course: &Course<'_>, sent: Instant, body: &Value) -> Option<Told> {
    // AuthZEN has what else is told beside its decision.
    let decision = body.get("context").unwrap_or(body);
    if decision["reason"]["reason"] == "stale" {
        assert!(decision["permitted"] == false && body["decision"] != true, "{body}");
        course.stale(sent);
        return None;
    }
    let problem = decision.get("error").or_else(|| decision.get("problem"));
    if let Some(problem) = problem {
        let kind = problem["kind"].as_str().or_else(|| problem["type"].as_str()).unwrap_or_default();
        assert!(["busy", "failed", "behind"].iter().any(|of| kind.ends_with(of)), "{body}");
        assert!(body["decision"] != true, "{body}");
        course.stale(sent);
        return None;
    }
    let permitted = decision["permitted"].as_bool().unwrap_or_else(|| panic!("{body}"));
    if let Some(decision) = body["decision"].as_bool() {
        assert_eq!(decision, permitted, "{body}");
    }
    assert!(permitted || decision["reason"]["reason"] == "withdrawn", "{body}");
    let revision = decision["revision"].as_u64().unwrap_or_else(|| panic!("{body}"));
    Some(Told { sent, revision, permitted, shown: body.to_string() })
}

/// Asks for decisions until it is over.
pub(super) fn ask(course: &Course<'_>, number: usize) {
    let mut clients = course.clients();
    for turn in number.. {
        if course.is_over() {
            return;
        }
        let question = Question::ALL[turn % Question::ALL.len()];
        let principals: Vec<usize> =
            (0..question.at_once()).map(|n| (turn * 31 + n * 977) % course.book.principals()).collect();
        let body = question.about(&principals, None);
        let at = (turn / Question::ALL.len()) % clients.len();
        if let Some(answered) = course.call(&mut clients[at], Call::post(question.path(), &body)) {
            let answers = question.answers(&answered.body);
            assert_eq!(answers.len(), principals.len(), "{}", answered.body);
            for (principal, answer) in principals.iter().zip(answers) {
                if let Some(told) = told(course, answered.sent, answer) {
                    course.count(if told.permitted { "permits" } else { "denials" });
                    course.book.told(*principal, told);
                }
            }
        }
        thread::sleep(BETWEEN);
    }
}

/// Reads histories, consents and pages until it is over.
pub(super) fn read(course: &Course<'_>) {
    let mut clients = course.clients();
    for turn in 0.. {
        if course.is_over() {
            return;
        }
        let principal = turn * 31 % course.book.principals();
        let at = (turn / 4) % clients.len();
        let path = match turn % 4 {
            0 => format!("/v1/principals/p{principal}/history?limit=1000"),
            1 => format!("/v1/principals/p{principal}/consents"),
            2 => "/en/privacy".to_owned(),
            _ => "/metrics".to_owned(),
        };
        if let Some(answered) = course.call(&mut clients[at], Call::get(&path)) {
            match turn % 4 {
                0 => history(course, principal, &answered.body),
                1 => consents(course, principal, &answered.body),
                _ => course.count("pages and figures read"),
            }
        }
        thread::sleep(BETWEEN_READING);
    }
}

fn history(course: &Course<'_>, principal: usize, body: &Value) {
    let act = |event: &Value| {
        let act = match event["event"].as_str()? {
            "consent_granted" => Act::Grant,
            "consent_withdrawn" => Act::Withdraw,
            _ => return None,
        };
        Some((event["revision"].as_u64()?, act))
    };
    let acts = body["events"].as_array().unwrap().iter().rev().filter_map(act);
    let acts: Vec<_> = acts.filter(|(revision, _)| *revision > course.book.imported()).collect();
    course.book.history(principal, &acts, body["revision"].as_u64().unwrap());
    course.count("histories read");
}

fn consents(course: &Course<'_>, principal: usize, body: &Value) {
    let items = body["consents"].as_array().unwrap();
    let item = items.iter().find(|item| item["item"] == "partner_sharing").unwrap();
    let acts = item["acts"].as_array().unwrap().iter().rev().map(|act| {
        let allows = act["allows"].as_bool().unwrap();
        (act["revision"].as_u64().unwrap(), if allows { Act::Grant } else { Act::Withdraw })
    });
    let acts: Vec<_> = acts.filter(|(revision, _)| *revision > course.book.imported()).collect();
    course.book.history(principal, &acts, body["revision"].as_u64().unwrap());
    course.count("consents read");
}

/// At the end, when nobody writes: every server answers about everybody by what was written last.
pub(super) fn ask_about_everybody(course: &Course<'_>) {
    for client in &mut course.clients() {
        for principal in 0..course.book.principals() {
            let (permitted, revision) = course.book.stands(principal).unwrap();
            let body = Question::Decide.about(&[principal], Some(revision));
            let answered = client.call(Call::post(Question::Decide.path(), &body)).unwrap();
            assert_eq!(answered.status, 200, "{}", answered.body);
            assert_eq!(answered.body["permitted"], permitted, "{}", answered.body);
        }
    }
}
