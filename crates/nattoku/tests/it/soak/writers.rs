//! Consents given and withdrawn, and uses recorded, each once however often it is sent.

use std::thread;
use std::time::Duration;

use serde_json::json;

use super::book::{Act, Told};
use super::client::{Answered, Call, Client};
use super::course::Course;
use super::readers::{Question, told};

/// How long somebody waits between two acts, and until an act that was not answered is sent again.
const BETWEEN: Duration = Duration::from_millis(12);
const AGAIN: Duration = Duration::from_millis(50);

/// One of those who write, and how far it has come.
struct Writer<'a> {
    number: usize,
    course: &'a Course<'a>,
    clients: Vec<Client<'a>>,
    turn: usize,
}

/// Writes for every `of`th principal until it is over; what is under way then is seen through.
pub(super) fn write(course: &Course<'_>, number: usize, of: usize) {
    let mut writer = Writer { number, course, clients: course.clients(), turn: 0 };
    let own: Vec<usize> = (number..course.book.principals()).step_by(of).collect();
    while !course.is_over() {
        writer.turn += 1;
        // In an order that jumps, so that some come again soon and others late.
        let place = if writer.turn.is_multiple_of(3) { writer.turn % 7 } else { writer.turn * 7_919 };
        let principal = own[place % own.len()];
        if writer.turn.is_multiple_of(4) {
            writer.use_data(principal);
        } else {
            writer.act(principal);
        }
        thread::sleep(BETWEEN);
    }
}

impl Writer<'_> {
    fn act(&mut self, principal: usize) {
        let act = self.course.book.begin(principal);
        let (name, acknowledge) = match act {
            Act::Grant => ("grant", "durable"),
            Act::Withdraw if self.turn.is_multiple_of(2) => ("withdraw", "durable"),
            Act::Withdraw => ("withdraw", "enforced"),
        };
        let body =
            json!({ "item": "partner_sharing", "act": name, "channel": "web", "acknowledge": acknowledge });
        let path = format!("/v1/principals/p{principal}/consents");
        let Some(answered) = self.once(&path, &body.to_string()) else { return };
        let revision = answered.body["revision"].as_u64().unwrap();
        let is_enforced = answered.body["acknowledged"] == "enforced";
        self.course.book.answered(principal, act, revision, is_enforced);
        self.course.count(match (act, is_enforced) {
            (Act::Grant, _) => "consents given",
            (Act::Withdraw, true) => "consents withdrawn, enforced",
            (Act::Withdraw, false) => "consents withdrawn, durable",
        });
        if self.turn.is_multiple_of(3) {
            self.ask_the_other(principal, revision);
        }
    }

    /// Has the other server decide by what was just written.
    fn ask_the_other(&mut self, principal: usize, revision: u64) {
        let question = Question::Decide.about(&[principal], Some(revision));
        let call = Call::post(Question::Decide.path(), &question);
        let other = (self.turn + 1) % self.clients.len();
        let Some(answered) = self.course.call(&mut self.clients[other], call) else { return };
        if let Some(told) = told(self.course, answered.sent, &answered.body) {
            let Told { revision: of, .. } = told;
            assert!(of >= revision, "revision {revision} was asked for: {}", told.shown);
            self.course.book.told(principal, told);
            self.course.count("decisions by what was just written");
        }
    }

    fn use_data(&mut self, principal: usize) {
        let body = json!({
            "event": "data_used", "application": "campaign_platform", "activity": "partner_offers", "categories": ["purchase"],
        });
        let path = format!("/v1/principals/p{principal}/events");
        let Some(answered) = self.once(&path, &body.to_string()) else { return };
        self.course.book.used(principal, answered.body["revision"].as_u64().unwrap());
        self.course.count("uses recorded");
    }

    /// Sends a write until it is answered, at one server and the other, under one name. Nothing, where somebody has found a fault.
    fn once(&mut self, path: &str, body: &str) -> Option<Answered> {
        let key = format!("{}-{}", self.number, self.turn);
        let call = Call { method: "POST", path, key: Some(&key), body };
        if matches!(self.turn % 16, 1 | 8) {
            let first = self.turn % self.clients.len();
            self.clients[first].call_and_go_away(call);
            self.course.count("writes whose answer was lost");
        }
        for attempt in self.turn / 2.. {
            if self.course.is_broken_off() {
                return None;
            }
            let at = attempt % self.clients.len();
            if let Some(answered) = self.course.call(&mut self.clients[at], call) {
                if matches!(self.turn % 8, 4 | 7) {
                    self.again(call, &answered);
                }
                return Some(answered);
            }
            thread::sleep(AGAIN);
        }
        None
    }

    /// Sends again what was answered: it is answered alike, and done no second time.
    fn again(&mut self, call: Call<'_>, before: &Answered) {
        let at = (self.turn + 1) % self.clients.len();
        if let Some(answered) = self.course.call(&mut self.clients[at], call) {
            assert_eq!(answered.body["revision"], before.body["revision"], "{call:?}");
            self.course.count("writes sent again after they were answered");
        }
    }
}
