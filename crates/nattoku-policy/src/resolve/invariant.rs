//! Invariants: `never` and `only`.

mod state;

use std::collections::BTreeSet;

use nattoku_model::Action;
use nattoku_model::name::{CategoryName, ConsentName, ExceptionName, RecipientName};
use nattoku_model::policy::invariant::{Except, Form, Ground, GroundWord, Invariant, To, Way};
use nattoku_model::policy::{Place, Policy, RecipientKind};

use super::names::NameKind;
use super::scope::Scope;
use super::shape::{BARE, Shape};
use super::value::Word;
use crate::ast::{Node, Spanned, Value};
use crate::diagnostic::Words;
use crate::source::Files;

/// What stands for every act, and for every category.
const ANY: &str = "any";

/// The recipients that are abroad under a law of the policy.
const ABROAD: &str = "abroad";

/// The properties of both sentences, after those of one alone.
macro_rules! props {
    ($($own:literal),+) => {
        &[
            $($own,)+
            "class",
            "to",
            "purpose",
            "by",
            "outcome",
            "declined",
            "withdrawn",
            "unanswered",
            "wording",
            "age-under",
            "ended",
            "without",
            "never-in",
            "entrusted",
            "acquired-before",
            "older-than",
            "prohibited",
            "while",
            "unless",
        ]
    };
}

const NEVER: Shape = BARE
    .args(2, usize::MAX, "行為とデータの項目（どれでもよいなら `any`）", "an act and categories, or `any`")
    .props(props!("activity"))
    .many(&["except"])
    .texts(true)
    .cites();

const ONLY: Shape = NEVER.props(props!("for", "if"));

/// Which sentence the node is, if it is one.
pub(super) fn form(name: &str) -> Option<Form> {
    match name {
        "never" => Some(Form::Never),
        "only" => Some(Form::Only),
        _ => None,
    }
}

/// Reads one; what is wrong with it is reported, and then there is none.
pub(super) fn invariant(
    form: Form,
    node: &Node,
    policy: &Policy,
    files: &Files,
    scope: &mut Scope<'_>,
) -> Option<Invariant> {
    let errors_before = scope.report.n_errors();
    let (shape, activities) = match form {
        Form::Never => (&NEVER, "activity"),
        Form::Only => (&ONLY, "for"),
    };
    scope.shape(node, shape);
    let actions = actions(node, scope);
    let categories = categories(node, scope);
    let classes = scope.classes(node, node.prop("class")).into_iter().collect();
    let way = Way {
        to: to(node, scope),
        activities: scope.names_of(NameKind::Activity, node, node.prop(activities)),
        purposes: scope.names_of(NameKind::Purpose, node, node.prop("purpose")),
        applications: scope.names_of(NameKind::Application, node, node.prop("by")),
        outcomes: outcomes(node, policy, scope),
    };
    let states = state::states(node, policy, scope);
    let unless = grounds(node, "unless", scope);
    let conditions = if form == Form::Only { grounds(node, "if", scope) } else { Vec::new() };
    if form == Form::Only && way == Way::default() && conditions.is_empty() {
        scope.missing(
            node.head_label(),
            Words::new(
                "`only` には `for=`、`by=`、`to=`、`purpose=`、`outcome=`、`if=` のどれかが必要です",
                "`only` needs one of `for=`, `by=`, `to=`, `purpose=`, `outcome=` and `if=`",
            ),
        );
    }
    let except = except(node, scope);
    let cites = node.children_named("cite").flat_map(|c| &c.args);
    let invariant = Invariant {
        form,
        written: files.slice(node.file, &node.head).split_whitespace().collect::<Vec<_>>().join(" "),
        title: scope.title(node),
        place: Place {
            file: files.name(node.file).to_owned(),
            line: files.line(node.file, node.span.start),
            section: None,
            cites: cites.filter_map(|c| c.value.as_str()).map(str::to_owned).collect(),
        },
        actions,
        categories,
        classes,
        way,
        states,
        unless,
        conditions,
        except,
    };
    (scope.report.n_errors() == errors_before).then_some(invariant)
}

/// The acts of the first argument: `provide`, several in one string, or `any`. Showing data to the principal is what the law
/// asks for, so that `any` leaves it out; who means it says `disclose`.
fn actions(node: &Node, scope: &mut Scope<'_>) -> BTreeSet<Action> {
    let all = || Action::ALL.into_iter().filter(|a| *a != Action::Disclose).collect();
    let words = scope.words_of(node, node.args.first());
    let allowed: Vec<&str> = Action::ALL.iter().map(|a| a.as_str()).chain([ANY]).collect();
    let mut actions = BTreeSet::new();
    for word in words {
        match word.text.parse() {
            Ok(action) => {
                actions.insert(action);
            }
            Err(()) if word.text == ANY => return all(),
            Err(()) => scope.none_of(&word.at, word.text, &allowed),
        }
    }
    actions
}

/// The categories of the further arguments; none for `any`.
fn categories(node: &Node, scope: &mut Scope<'_>) -> Vec<CategoryName> {
    let values = node.args.get(1..).unwrap_or_default();
    if let [Spanned { value: Value::String(only), .. }] = values
        && only == ANY
    {
        return Vec::new();
    }
    scope.names_of(NameKind::Category, node, values)
}

/// Kinds of recipient, recipients, or `abroad`.
fn to(node: &Node, scope: &mut Scope<'_>) -> Vec<To> {
    let words = scope.words_of(node, node.prop("to"));
    let mut to = Vec::new();
    for word in words {
        if word.text == ABROAD {
            to.push(To::Abroad);
        } else if let Some(kind) = RecipientKind::ALL.into_iter().find(|k| k.as_str() == word.text) {
            to.push(To::Kind(kind));
        } else if scope.means(NameKind::Recipient, word.text, &word.at, word.quoted) {
            to.push(To::Recipient(RecipientName::from(word.text)));
        } else {
            let kinds = RecipientKind::ALL.iter().map(|k| k.as_str()).chain([ABROAD]);
            undeclared(&[NameKind::Recipient], kinds, &word, scope);
        }
    }
    to
}

/// Outcomes that some activity or prohibition has.
fn outcomes(node: &Node, policy: &Policy, scope: &mut Scope<'_>) -> Vec<String> {
    let of_activities = policy.activities.values().filter_map(|a| a.outcome.as_deref());
    let of_prohibitions = policy.prohibitions.values().map(|p| p.outcome.as_str());
    let known: BTreeSet<&str> = of_activities.chain(of_prohibitions).collect();
    let words = scope.words_of(node, node.prop("outcome"));
    let (found, unknown): (Vec<_>, Vec<_>) = words.into_iter().partition(|w| known.contains(w.text));
    let known: Vec<&str> = known.into_iter().collect();
    for word in unknown {
        scope.none_of(&word.at, word.text, &known);
    }
    found.into_iter().map(|w| w.text.to_owned()).collect()
}

/// What an act may rest on: words, consent items and exceptions.
fn grounds(node: &Node, prop: &str, scope: &mut Scope<'_>) -> Vec<Ground> {
    let words = scope.words_of(node, node.prop(prop));
    let mut grounds = Vec::new();
    for word in words {
        if let Some(basis) = GroundWord::ALL.into_iter().find(|g| g.as_str() == word.text) {
            grounds.push(Ground::Basis(basis));
        } else if scope.means(NameKind::Exception, word.text, &word.at, word.quoted) {
            grounds.push(Ground::Exception(ExceptionName::from(word.text)));
        } else if scope.means(NameKind::Consent, word.text, &word.at, word.quoted) {
            grounds.push(Ground::Consent(ConsentName::from(word.text)));
        } else {
            let known = GroundWord::ALL.iter().map(|g| g.as_str());
            undeclared(&[NameKind::Exception, NameKind::Consent], known, &word, scope);
        }
    }
    grounds
}

fn except(node: &Node, scope: &mut Scope<'_>) -> Vec<Except> {
    let mut except = Vec::new();
    for child in node.children_named("except") {
        scope.shape(child, &BARE.args(1, usize::MAX, "データの項目", "categories").needs_props(&["for"]));
        except.push(Except {
            categories: scope.names_of(NameKind::Category, child, &child.args),
            activities: scope.names_of(NameKind::Activity, child, child.prop("for")),
        });
    }
    except
}

/// Reports a word that is neither one of the vocabulary nor a declared name, with the nearest of both.
fn undeclared<'w>(
    kinds: &[NameKind],
    words: impl Iterator<Item = &'w str>,
    word: &Word<'_>,
    scope: &mut Scope<'w>,
) {
    let names = scope.names;
    let known: Vec<&str> = words.chain(kinds.iter().flat_map(|k| names.of(*k))).collect();
    let join = |ja: bool, sep: &str| {
        let words = kinds.iter().map(|k| if ja { k.words().ja } else { k.words().en });
        words.collect::<Vec<_>>().join(sep)
    };
    let kind = Words::new(join(true, "または"), join(false, " or "));
    scope.undeclared(&kind, word.text, &word.at, known.into_iter(), word.quoted);
}
