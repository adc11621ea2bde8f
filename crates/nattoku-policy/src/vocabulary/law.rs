//! Prohibitions, exceptions by law, transitions.

use nattoku_model::policy::{RecipientKind, Requirement};

use super::consent::ACTION;
use super::data::CLASSES;
use super::purpose::OUTCOME;
use super::recipient::KIND;
use super::value::words;
use super::{ALLOW, ANY, CITE, EN, JA, Node, Prop, Value, many, needed, once};

pub(super) static PROHIBIT: Node = Node {
    args: (1, 1, &[Value::NewName]),
    nodes: &[needed(&OUTCOME), many(&ON), many(&CLASSES), once(&JA), once(&EN), many(&CITE), many(&ALLOW)],
    ..Node::new("prohibit", "何によっても解かれない禁止", "what nothing overrides")
};

static ON: Node =
    Node::any("on", (0, ANY, &[Value::Names("category")]), "この項目による", "by these categories");

pub(super) static EXCEPTION: Node = Node {
    args: (1, 1, &[Value::NewName]),
    props: &[Prop::needs("basis", Value::Basis, "根拠の法令", "the law that says so")],
    nodes: &[
        many(&ACTIONS),
        many(&TO),
        many(&REQUIRES),
        many(&OBLIGES),
        once(&WARRANT),
        once(&JA),
        once(&EN),
        many(&CITE),
        many(&ALLOW),
    ],
    ..Node::new("exception", "法令が別に認めること", "what law permits besides")
};

static ACTIONS: Node = Node::any(
    "actions",
    (1, ANY, &[Value::Word(ACTION)]),
    "認める行為。なければすべて",
    "the acts it permits; all of them where left out",
);
static TO: Node = Node {
    args: (1, RecipientKind::ALL.len(), &[Value::Word(KIND)]),
    nodes: &[many(&EXCEPT)],
    ..Node::new(
        "to",
        "提供してよい相手方の種類。なければすべて",
        "the kinds of recipient to whom data may be given under it; anybody where left out",
    )
};
static EXCEPT: Node = Node::any(
    "except",
    (1, ANY, &[Value::Names("category")]),
    "その相手方にも提供しない項目",
    "what they do not get all the same",
);
static REQUIRES: Node = Node::any(
    "requires",
    (1, ANY, &[Value::Word(words!(Requirement::ALL, Requirement::as_str))]),
    "主張に必要なもの",
    "what a claim must bring",
);
static OBLIGES: Node =
    Node::any("obliges", (1, ANY, &[Value::OwnWord]), "伴う義務", "the duties that come with it");
static WARRANT: Node = Node::new(
    "warrant",
    "裁判官の令状。記された通信の秘密も、公的機関だけに明らかにできる",
    "a court's warrant: lifts secrecy too, of what it names, for an authority alone",
);

pub(super) static TRANSITION: Node = Node {
    props: &[Prop::needs(
        "governing",
        Value::Version,
        "適用され続ける以前の版",
        "the older version that keeps governing",
    )],
    nodes: &[needed(&WHEN), once(&UNLESS), many(&CITE), many(&ALLOW)],
    ..Node::new("transition", "経過措置", "which older version keeps governing what")
};

static WHEN: Node = Node {
    args: (1, 1, &[Value::Word(|| vec!["acquired"])]),
    props: &[Prop::needs("before", Value::Instant, "この時より前に", "before then")],
    ..Node::new("when", "いつ取得したものに", "what was acquired before then")
};
static UNLESS: Node = Node {
    props: &[
        Prop::needs(
            "relationship",
            Value::Name("relationship"),
            "この関係に",
            "who has been in this relationship",
        ),
        Prop::needs("since", Value::Instant, "この時から後に", "at any time since then"),
    ],
    ..Node::new("unless", "あった人を除く", "but not of those who")
};
