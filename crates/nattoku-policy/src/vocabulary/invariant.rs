//! Invariants.

use nattoku_model::policy::RecipientKind;
use nattoku_model::policy::invariant::{GroundWord, Word};

use super::data::CLASS;
use super::value::words;
use super::{ALLOW, ANY, CITE, EN, JA, Node, Prop, Value, consent, many, once};

const ANYTHING: fn() -> Vec<&'static str> = || vec!["any"];
const ACTION: fn() -> Vec<&'static str> = || {
    let mut words = consent::ACTION();
    words.push("any");
    words
};
const TO: fn() -> Vec<&'static str> =
    || RecipientKind::ALL.iter().map(|k| k.as_str()).chain(["abroad"]).collect();
const GROUND: Value = Value::NamesOr(&["consent", "exception"], words!(GroundWord::ALL, GroundWord::as_str));

const ARGS: (usize, usize, &[Value]) =
    (2, ANY, &[Value::NamesOr(&[], ACTION), Value::NamesOr(&["category"], ANYTHING)]);

const fn which(kind: &'static [&'static str]) -> Value {
    Value::NamesOr(kind, ANYTHING)
}

const CLASS_PROP: Prop =
    Prop::may("class", Value::Words(CLASS), "この区分のデータ", "data with one of these classes");
const TO_PROP: Prop = Prop::may(
    "to",
    Value::NamesOr(&["recipient"], TO),
    "相手方、その種類、`abroad`",
    "recipients, kinds of them, or `abroad`",
);
const PURPOSE: Prop = Prop::may("purpose", Value::Names("purpose"), "利用目的", "a purpose it is done for");
const BY: Prop =
    Prop::may("by", Value::Names("application"), "依頼するアプリケーション", "the application that asks");
const OUTCOME: Prop = Prop::may("outcome", Value::OwnWord, "利用が決めること", "what the activity decides");
const DECLINED: Prop =
    Prop::may("declined", which(&["choice"]), "本人が断った選択", "the principal has declined the choice");
const WITHDRAWN: Prop =
    Prop::may("withdrawn", which(&["consent"]), "撤回された同意事項", "the consent item was withdrawn");
const UNANSWERED: Prop =
    Prop::may("unanswered", which(&["consent"]), "答えのない同意事項", "the consent item was never answered");
const WORDING: Prop =
    Prop::may("wording", Value::Wording, "同意した文面の版", "it was last agreed to in this wording");
const AGE_UNDER: Prop =
    Prop::may("age-under", Value::Age, "この年齢未満と分かっている", "the principal is known to be younger");
const ENDED: Prop =
    Prop::may("ended", Value::Names("relationship"), "終わった関係", "the relationship has ended");
const WITHOUT: Prop =
    Prop::may("without", Value::Names("relationship"), "続いている関係がない", "none of them is alive");
const NEVER_IN: Prop =
    Prop::may("never-in", Value::Names("relationship"), "一度もなかった関係", "it has never been");
const ENTRUSTED: Prop = Prop::may(
    "entrusted",
    which(&["entruster"]),
    "この委託元から預かったデータ",
    "what is held was entrusted by the business",
);
const ACQUIRED_BEFORE: Prop = Prop::may(
    "acquired-before",
    Value::Instant,
    "この時より前に取得したデータ",
    "what is held was acquired before then",
);
const OLDER_THAN: Prop = Prop::may(
    "older-than",
    Value::Period,
    "これより前に取得したデータ",
    "what is held was acquired at least so long ago",
);
const UNLESS: Prop =
    Prop::may("unless", GROUND, "この根拠があるときを除く", "unless it rests on one of these grounds");
const PROHIBITED: Prop = Prop::may(
    "prohibited",
    which(&["prohibition"]),
    "この禁止に当たる行為",
    "the prohibition speaks of the act",
);
const WHILE: Prop = Prop::may(
    "while",
    Value::Words(words!(Word::ALL, Word::as_str)),
    "この状態の間",
    "while all of this is so",
);

/// The properties of both sentences, after those of one alone.
macro_rules! props {
    ($($own:expr),+) => {
        &[
            $($own,)+
            CLASS_PROP,
            TO_PROP,
            PURPOSE,
            BY,
            OUTCOME,
            DECLINED,
            WITHDRAWN,
            UNANSWERED,
            WORDING,
            AGE_UNDER,
            ENDED,
            WITHOUT,
            NEVER_IN,
            ENTRUSTED,
            ACQUIRED_BEFORE,
            OLDER_THAN,
            PROHIBITED,
            WHILE,
            UNLESS,
        ]
    };
}

pub(super) static NEVER: Node = Node {
    args: ARGS,
    props: props![Prop::may("activity", Value::Names("activity"), "利用", "the activity")],
    nodes: &[many(&EXCEPT), once(&JA), once(&EN), many(&CITE), many(&ALLOW)],
    ..Node::new("never", "決して許されないこと", "what is never permitted")
};

pub(super) static ONLY: Node = Node {
    args: ARGS,
    props: props![
        Prop::may("for", Value::Names("activity"), "この利用だけで", "in these activities alone"),
        Prop::may("if", GROUND, "この根拠があるときだけ", "only on one of these grounds")
    ],
    nodes: &[many(&EXCEPT), once(&JA), once(&EN), many(&CITE), many(&ALLOW)],
    ..Node::new("only", "この仕方でだけ許されること", "what is permitted in this way and in no other")
};

static EXCEPT: Node = Node {
    args: (1, ANY, &[Value::Names("category")]),
    props: &[Prop::needs("for", Value::Names("activity"), "どの利用のためか", "for which activities")],
    ..Node::new("except", "これについては述べない", "what it does not speak of")
};
