//! The policy itself, and documents beside it.

use nattoku_model::Language;

use super::value::words;
use super::{ALLOW, CITE, EN, JA, Node, Prop, Value, many, needed, once, texts};

const LANGUAGE: fn() -> Vec<&'static str> = words!(Language::ALL, Language::tag);

pub(super) static POLICY: Node = Node {
    args: (1, 1, &[Value::NewName]),
    props: &[Prop::needs("version", Value::Text, "この版の名前", "the name of this version")],
    nodes: &[
        needed(&EFFECTIVE),
        needed(&TIMEZONE),
        needed(&LANGUAGES),
        once(&ANNOUNCED),
        once(&CONTROLLER),
        once(&TEXT),
        many(&LAW),
        many(&RULING),
        once(&CITE),
        many(&ALLOW),
    ],
    ..Node::new(
        "policy",
        "どの版か、いつから効力を持つか、だれが責任を負うか",
        "which version this is, from when, and who answers for it",
    )
};

static ANNOUNCED: Node =
    Node::one("announced", &[Value::Date], "公表した日", "the day on which it was announced");
static EFFECTIVE: Node = Node::one("effective", &[Value::Instant], "効力を持つ時", "when it takes effect");
static TIMEZONE: Node = Node::one(
    "timezone",
    &[Value::TimeZone],
    "日付をどの時間帯で読むか",
    "the zone in which dates are meant",
);

static LANGUAGES: Node = Node {
    args: (1, 2, &[Value::Word(LANGUAGE)]),
    props: &[Prop::may(
        "prevails",
        Value::Word(LANGUAGE),
        "食い違うときに優先する言語",
        "which prevails where they differ",
    )],
    ..Node::new("languages", "書かれている言語", "the languages it is written in")
};

static LAW: Node = Node {
    args: (2, 2, &[Value::Law]),
    props: &[Prop::may(
        "as-of",
        Value::Date,
        "いつの時点の法令として選ぶか",
        "the day as of which it is chosen",
    )],
    ..Node::new("law", "従う法令とその版", "a law it is written under, and which version of it")
};

static CONTROLLER: Node = Node {
    props: &[Prop::needs("country", Value::Country, "所在する国", "the country it is in")],
    nodes: &[once(&ADDRESS), once(&REPRESENTATIVE), once(&JA), once(&EN), many(&CITE), many(&ALLOW)],
    ..Node::new("controller", "個人情報取扱事業者", "who is responsible")
};

static ADDRESS: Node = texts("address", "住所", "the address");
static REPRESENTATIVE: Node = texts("representative", "代表者", "who represents it");
static TEXT: Node = Node::one(
    "text",
    &[Value::Word(|| vec!["absent"])],
    "以前の版の本文が手元にないこと",
    "that the text of an earlier version is not at hand",
);

static RULING: Node = Node {
    args: (1, 1, &[Value::NewName]),
    nodes: &[once(&JA), once(&EN), many(&CITE), many(&ALLOW)],
    ..Node::new("ruling", "本文が決めていないことについての決定", "a decision on what the text leaves open")
};

pub(super) static DOCUMENT: Node = Node {
    args: (1, 1, &[Value::NewName]),
    props: &[
        Prop::may(
            "parent",
            Value::Flag,
            "このポリシーの上に立つ文書か",
            "whether this policy stands under it",
        ),
        Prop::may(
            "only",
            Value::Word(LANGUAGE),
            "一つの言語だけにあるときの言語",
            "the only language it exists in",
        ),
        Prop::may("address", Value::Address, "文書のアドレス", "where it is"),
    ],
    nodes: &[once(&JA), once(&EN), many(&CITE), many(&ALLOW)],
    ..Node::new("document", "このポリシーとともに示す文書", "a document beside the policy")
};
