//! Five hundred customers as `nattoku demo` makes them: what their pages say of each consent, choice and use, held against what
//! the interface for programs answers. The pages judge by the definition; a program is answered by the engine.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use nattoku_model::name::{ApplicationName, CategoryName};
use nattoku_model::policy::{Act, Policy, Refusability};
use nattoku_model::{Action, Language};
use nattoku_operations::CallerAct;
use serde_json::{Value, json};

use crate::demo_customers;
use crate::program::Program;
use crate::site::{Site, Visitor};

const CUSTOMERS: u32 = 500;
/// At how many a time pages are asked for.
const AT_ONCE: usize = 4;
/// Each customer's own page of one item in as many; the list of all of them shows the same of every one.
const ITEM_PAGES: usize = 13;

/// What a use, or a part of it, comes to: nearest to use first, as the pages tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Comes {
    InUse,
    Waits,
    Stopped,
    Refer,
    Ended,
    Gone,
    Ceased,
    Closed,
}

impl Comes {
    /// By what a program is answered.
    fn answered(verdict: &str, reason: &str) -> Self {
        match (verdict, reason) {
            ("permit" | "permit_with_conditions", _) => Self::InUse,
            ("needs_consent", _) => Self::Waits,
            ("refer", _) => Self::Refer,
            ("deny", "declined" | "withdrawn") => Self::Stopped,
            ("deny", "no_agreement" | "agreement_ended") => Self::Ended,
            ("deny", "retention_ended" | "erased") => Self::Gone,
            ("deny", "ceased") => Self::Ceased,
            ("deny", _) => Self::Closed,
            other => panic!("{other:?}"),
        }
    }

    /// By what a page says.
    fn said(words: &str) -> Self {
        let begins = |with: &[&str]| with.iter().any(|w| words.starts_with(w));
        match words {
            "in use" | "may be used, but none of it is held" => Self::InUse,
            "no contract or membership that it needs" => Self::Ended,
            "nothing to use, past its retention or erased" => Self::Gone,
            "stopped by a decision" => Self::Ceased,
            _ if begins(&["waits for ", "only with a consent"]) => Self::Waits,
            _ if begins(&["stopped by you", "blocked by your stop", "your answer to"]) => Self::Stopped,
            _ if begins(&["a person decides"]) => Self::Refer,
            _ if begins(&["only after you ask", "not open now", "kept apart"]) => Self::Closed,
            other => panic!("no such state: {other}"),
        }
    }
}

/// A use with what a program is answered of each kind of data in it.
struct Answered {
    act: Act,
    title: String,
    categories: Vec<(String, Comes)>,
}

impl Answered {
    fn comes(&self) -> Comes {
        self.categories.iter().map(|(_, comes)| *comes).min().unwrap_or(Comes::Closed)
    }
}

/// All that a program is answered about one customer.
struct Known {
    uses: Vec<Answered>,
    consents: Vec<Value>,
    choices: Vec<Value>,
    held: BTreeSet<String>,
    sources: usize,
    recipients: usize,
}

/// Each title with what it comes to: of several uses that bear it, the one nearest to use.
fn by_title<'a>(uses: impl IntoIterator<Item = (&'a str, Comes)>) -> BTreeMap<String, Comes> {
    let mut titles: BTreeMap<String, Comes> = BTreeMap::new();
    for (title, comes) in uses {
        let told = titles.entry(title.to_owned()).or_insert(comes);
        *told = comes.min(*told);
    }
    titles
}

fn title(policy: &Policy, act: &Act) -> String {
    let activity = policy.activities[&act.activity].title.get(Language::En);
    match &act.recipient {
        Some(recipient) => {
            format!("{activity} (to {})", policy.recipients[recipient].title.get(Language::En))
        }
        None if act.action == Action::Combine => format!("{activity} (joining records)"),
        None => activity.to_owned(),
    }
}

async fn ask(program: &Program<'_>, principal: &str) -> Known {
    let policy = program.site.nattoku.policy();
    let about = |what: &str| format!("/v1/principals/{principal}/{what}");
    let list = |answer: &Value, name: &str| answer[name].as_array().unwrap().clone();
    let holdings = list(&program.get(&about("holdings")).await.good(), "holdings");
    let held: BTreeSet<String> =
        holdings.iter().map(|h| h["category"].as_str().unwrap().to_owned()).collect();
    let lines = holdings.iter().flat_map(|h| h["acquisitions"].as_array().unwrap());
    let sources: BTreeSet<&str> = lines.filter_map(|line| line["source"].as_str()).collect();
    let acts = program.site.nattoku.acts();
    let questions: Vec<Value> = acts
        .iter()
        .map(|act| {
            let is_concerned = |h: &&String| {
                let held = CategoryName::from(h.as_str());
                act.categories.iter().any(|c| c.covers(&held))
            };
            let mut categories: Vec<String> = held.iter().filter(is_concerned).cloned().collect();
            if categories.is_empty() {
                categories = act.categories.iter().map(ToString::to_string).collect();
            }
            let mut question = json!({
                "application": act.application.as_str(),
                "principal": principal,
                "action": act.action.as_str(),
                "activity": act.activity.as_str(),
                "purpose": act.purpose.as_str(),
                "categories": categories,
            });
            if let Some(recipient) = &act.recipient {
                question["recipient"] = json!(recipient.as_str());
            }
            question
        })
        .collect();
    let answers =
        program.post("/v1/decide/batch", &json!({ "questions": questions })).await.good()["answers"].take();
    let uses = acts.into_iter().zip(answers.as_array().unwrap()).map(|(act, answer)| {
        let categories = answer["categories"].as_array().unwrap_or_else(|| panic!("{answer}")).iter();
        let categories = categories.map(|of| {
            let verdict = of["verdict"].as_str().unwrap();
            let gates = of["gates"].as_array().unwrap();
            let deciding = gates.iter().find(|gate| gate["verdict"] == of["verdict"]).unwrap();
            let comes = Comes::answered(verdict, deciding["reason"].as_str().unwrap());
            (of["category"].as_str().unwrap().to_owned(), comes)
        });
        Answered { title: title(policy, &act), categories: categories.collect(), act }
    });
    let events = list(&program.get(&about("history?limit=1000")).await.good(), "events");
    let given = events.iter().filter(|e| e["event"] == "data_provided");
    let recipients: BTreeSet<&str> = given.map(|e| e["recipient"].as_str().unwrap()).collect();
    Known {
        uses: uses.collect(),
        consents: list(&program.get(&about("consents")).await.good(), "consents"),
        choices: list(&program.get(&about("choices")).await.good(), "choices"),
        recipients: recipients.len(),
        sources: sources.len(),
        held,
    }
}

/// An item as it must be shown.
struct Shown {
    address: String,
    /// How its state begins: one of these.
    states: &'static [&'static str],
    uses: BTreeMap<String, Comes>,
    can_stop: bool,
    /// Whether it can be allowed or resumed, where that hangs on nothing else.
    can_resume: Option<bool>,
}

fn consent(known: &Known, state: &Value) -> Shown {
    let name = state["item"].as_str().unwrap();
    let uses: Vec<_> =
        known.uses.iter().filter(|u| u.act.consents.iter().any(|c| c.as_str() == name)).collect();
    let is_open = uses.is_empty() || uses.iter().any(|u| u.comes() == Comes::InUse);
    let acts = state["acts"].as_array().unwrap();
    let was_given = acts.iter().any(|act| act["allows"] == true);
    let (status, reason) = (state["status"].as_str().unwrap(), state["reason"].as_str().unwrap());
    let states: &[&str] = match (status, reason) {
        ("given", _) if is_open => &["You allowed this|"],
        ("given", _) => &["You allowed this (not in use now)|", "You allowed this, but it is stopped by “"],
        ("withdrawn", _) if was_given => &["You stopped this|"],
        ("withdrawn", _) => &["You declined this|"],
        ("never_given", _) => &["We have not asked|"],
        ("expired", _) => &["Expired|"],
        ("wording_replaced", _) => &["The text changed (not used now)|"],
        ("not_counted", "guardian_needed") => &["Not used yet (a guardian must agree)|"],
        ("not_counted", _) => &["Not used yet (needs a check)|"],
        other => panic!("{other:?}"),
    };
    Shown {
        address: format!("/en/my/choices/consent/{name}"),
        states,
        uses: by_title(uses.iter().map(|u| (u.title.as_str(), u.comes()))),
        can_stop: status != "withdrawn",
        can_resume: match status {
            "given" => Some(false),
            "withdrawn" | "never_given" => Some(true),
            _ => None,
        },
    }
}

fn choice(policy: &Policy, known: &Known, state: &Value) -> Shown {
    let (name, declined) = (state["choice"].as_str().unwrap(), state["declined"] == true);
    let locked = policy.choices[name].refusability == Refusability::NotRefusable;
    let uses: Vec<_> = known
        .uses
        .iter()
        .filter(|u| u.act.is_covered_by(policy, &name.into()) && !(locked && u.act.can_be_stopped(policy)))
        .collect();
    let is_open = uses.iter().any(|u| u.comes() == Comes::InUse);
    let states: &[&str] = match (locked, declined, is_open) {
        (true, _, true) => &["Needed, cannot be stopped|"],
        (true, _, false) => &["Cannot be stopped (not in use now)|"],
        (false, true, _) => &["Stopped|"],
        (false, false, true) => &["In use (you can stop it)|"],
        (false, false, false) => &["Not in use now (you can stop it beforehand)|"],
    };
    Shown {
        address: format!("/en/my/choices/choice/{name}"),
        states,
        uses: by_title(uses.iter().map(|u| (u.title.as_str(), u.comes()))),
        can_stop: !locked && !declined,
        can_resume: Some(!locked && declined),
    }
}

fn plain(html: &str) -> String {
    html.replace("&#39;", "'").replace("&#34;", "\"").replace("&#38;", "&")
}

/// What stands between two marks, from the first on.
fn between<'a>(html: &'a str, from: &str, to: &str) -> &'a str {
    let rest = html.split_once(from).unwrap_or_else(|| panic!("no {from} in {html}")).1;
    rest.split_once(to).unwrap_or_else(|| panic!("no {to} after {from} in {html}")).0
}

/// Uses with their states, as listed.
fn listed(html: &str) -> BTreeMap<String, Comes> {
    let lines = html.split("<li>").skip(1).filter_map(|line| line.split_once("<br><span class=\"quiet\">"));
    let lines = lines.filter(|(title, _)| !title.contains('<'));
    lines
        .map(|(title, state)| (plain(title), Comes::said(&plain(state.split_once("</span>").unwrap().0))))
        .collect()
}

/// A row, or the page of an item, says what it must.
fn assert_shown(principal: &str, html: &str, shown: &Shown) {
    let at = format!("{principal}: {}", shown.address);
    let state = between(html, "<span class=\"state ", "</span>");
    let state = format!("{}|", plain(state.rsplit('>').next().unwrap()));
    let is_said = shown.states.iter().any(|said| state.starts_with(said));
    assert!(is_said, "{at}: {state}, not {:?}", shown.states);
    let facts = html.split("</dl>").nth(1).unwrap();
    let uses = facts.split_once("</details>").map_or("", |(uses, _)| uses);
    assert_eq!(listed(uses), shown.uses, "{at}");
    if !shown.uses.is_empty() {
        let open = shown.uses.values().filter(|comes| **comes == Comes::InUse).count();
        let count = format!("Uses: {}, of which in use now: {open} (open)", shown.uses.len());
        assert!(uses.contains(&count), "{at}: {count}");
    }
    let leads = |way: &str| html.contains(&format!("class=\"button\" href=\"{}/{way}\"", shown.address));
    assert_eq!(leads("stop"), shown.can_stop, "{at}: stop");
    if let Some(can_resume) = shown.can_resume {
        // What was never asked of a child may need a check first; it is offered all the same.
        assert_eq!(leads("resume"), can_resume, "{at}: resume");
    }
}

async fn get(visitor: &Visitor, address: &str) -> String {
    let answer = visitor.get(address).await;
    assert_eq!(answer.status, StatusCode::OK, "{address}");
    answer.body
}

/// The page of data lists for each kind what may be done with it, and what not.
fn assert_data(principal: &str, page: &str, known: &Known) {
    let shown: BTreeSet<&str> =
        page.split("<li id=\"").skip(1).map(|part| part.split('"').next().unwrap()).collect();
    let anchors: BTreeSet<String> = known.held.iter().map(|category| category.replace('.', "-")).collect();
    assert_eq!(shown, anchors.iter().map(String::as_str).collect(), "{principal}");
    for category in &known.held {
        let part = page.split(&format!("<li id=\"{}\">", category.replace('.', "-"))).nth(1).unwrap();
        let part = part.split("<li id=\"").next().unwrap().split("<section").next().unwrap();
        let lines = |wanted: &dyn Fn(Comes) -> bool| {
            let lines = known.uses.iter().flat_map(|u| {
                let of = u.categories.iter().filter(|(c, comes)| c == category && wanted(*comes));
                of.map(|(_, comes)| (u.title.as_str(), *comes)).collect::<Vec<_>>()
            });
            by_title(lines)
        };
        let permitted: BTreeSet<String> = lines(&|comes| comes == Comes::InUse).into_keys().collect();
        let told: BTreeSet<String> = part
            .split("<li>")
            .skip(1)
            .filter_map(|line| line.split_once("</li>"))
            .filter(|(title, _)| !title.contains("<br>"))
            .map(|(title, _)| plain(title))
            .collect();
        assert_eq!(told, permitted, "{principal}: {category}");
        let count = match permitted.len() {
            0 => "Not used for anything now".to_owned(),
            1 => "Open the use permitted now".to_owned(),
            n => format!("Open the {n} uses permitted now"),
        };
        assert!(part.contains(&count), "{principal}: {category}: {count}");
        let others = lines(&|comes| !matches!(comes, Comes::InUse | Comes::Gone | Comes::Closed));
        assert_eq!(listed(part), others, "{principal}: {category}");
    }
}

/// The numbers of the home page.
fn assert_home(principal: &str, page: &str, policy: &Policy, known: &Known) {
    let numbers: Vec<usize> =
        page.split("<b>").skip(1).map(|rest| rest.split("</b>").next().unwrap().parse().unwrap()).collect();
    let given = known.consents.iter().filter(|state| state["status"] == "given").count();
    let stopped = known.choices.iter().filter(|state| state["declined"] == true).count();
    assert_eq!(numbers, [known.held.len(), given, stopped, known.recipients], "{principal}");
    let refusable =
        policy.choices.values().filter(|choice| choice.refusability != Refusability::NotRefusable).count();
    let units: Vec<&str> = page.split("</b> ").skip(1).map(|rest| rest.split('<').next().unwrap()).collect();
    let of = [known.consents.len(), refusable].map(|of| format!("of {of}"));
    assert_eq!(units, ["kinds", &of[0], &of[1], "so far"], "{principal}");
    let sources = match known.sources {
        1 => "from 1 source<".to_owned(),
        n => format!("from {n} sources<"),
    };
    assert!(page.contains(&sources), "{principal}: {sources}");
}

async fn compare(site: &Site, program: &Program<'_>, number: usize, principal: &str) {
    let policy = site.nattoku.policy();
    let known = ask(program, principal).await;
    let visitor = site.visitor(principal).await;
    assert_home(principal, &get(&visitor, "/en/my").await, policy, &known);
    assert_data(principal, &get(&visitor, "/en/my/data").await, &known);
    let consents = known.consents.iter().map(|state| consent(&known, state));
    let items: Vec<Shown> =
        consents.chain(known.choices.iter().map(|state| choice(policy, &known, state))).collect();
    let list = get(&visitor, "/en/my/choices").await;
    let rows: Vec<&str> = list.split("<div class=\"row-head\"><h3>").skip(1).collect();
    assert_eq!(rows.len(), items.len(), "{principal}: every item has a row");
    for (at, item) in items.iter().enumerate() {
        let link = format!("<a href=\"{}\">", item.address);
        let row = rows.iter().find(|row| row.starts_with(&link)).expect(&link);
        assert_shown(principal, row, item);
        if (at + number).is_multiple_of(ITEM_PAGES) {
            assert_shown(principal, &get(&visitor, &item.address).await, item);
        }
    }
}

#[test]
fn the_pages_of_five_hundred_customers_say_what_a_program_is_answered() {
    let (site, customers) = Site::knowing(|policy, now| demo_customers::events(policy, CUSTOMERS, now));
    assert_eq!(customers.len(), CUSTOMERS as usize);
    let applications: Vec<&str> =
        site.nattoku.policy().applications.keys().map(ApplicationName::as_str).collect();
    let program = Program::with(&site, &applications, &[CallerAct::Decide, CallerAct::Read]);
    std::thread::scope(|scope| {
        for first in 0..AT_ONCE {
            let (site, program, customers) = (&site, &program, &customers);
            scope.spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(async {
                    for (number, principal) in customers.iter().enumerate().skip(first).step_by(AT_ONCE) {
                        compare(site, program, number, principal).await;
                    }
                });
            });
        }
    });
}
