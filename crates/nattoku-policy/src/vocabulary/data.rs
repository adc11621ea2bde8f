//! Categories, where data come from, how long they are kept.

use nattoku_model::policy::{Channel, Class};

use super::value::words;
use super::{ALLOW, ANY, CITE, Child, EN, JA, Node, Prop, Value, many, once, texts};

pub(super) const CLASS: fn() -> Vec<&'static str> = words!(Class::ALL, Class::as_str);

static CATEGORY_PROPS: [Prop; 1] =
    [Prop::may("class", Value::Words(CLASS), "データの区分", "what kind of data in the eyes of the law")];

static CATEGORY_NODES: [Child; 7] = [
    once(&DESCRIPTION),
    many(&CLASSES),
    many(&DERIVED_FROM),
    once(&JA),
    once(&EN),
    many(&CITE),
    many(&ALLOW),
];

pub(super) static CATEGORY: Node = Node {
    args: (1, 1, &[Value::NewName]),
    props: &CATEGORY_PROPS,
    nodes: &CATEGORY_NODES,
    other: Some(&CATEGORY_BELOW),
    ..Node::new(
        "category",
        "データの項目。中のほかの名前は下の項目になる",
        "a category of data; any other name within is a category below it",
    )
};

static CATEGORY_BELOW: Node = Node {
    props: &CATEGORY_PROPS,
    nodes: &CATEGORY_NODES,
    other: Some(&CATEGORY_BELOW),
    ..Node::new("NAME", "外側の項目の下の項目", "a category below the one around it")
};

static DESCRIPTION: Node = texts("description", "項目の説明", "what it is");
pub(super) static CLASSES: Node = Node::any(
    "class",
    (1, Class::ALL.len(), &[Value::Word(CLASS)]),
    "データの区分",
    "its classes in the eyes of the law",
);
static DERIVED_FROM: Node = Node::any(
    "derived-from",
    (0, ANY, &[Value::Names("category")]),
    "これを導くもとの項目",
    "the categories it is derived from",
);

pub(super) static SOURCE: Node = Node {
    args: (1, 1, &[Value::NewName]),
    props: &[Prop::needs(
        "channel",
        Value::Word(words!(Channel::ALL, Channel::as_str)),
        "取得の方法",
        "how data come from it",
    )],
    nodes: &[once(&CONFIRMED_BY), many(&GIVES), once(&JA), once(&EN), many(&CITE), many(&ALLOW)],
    ..Node::new("source", "データの取得元", "where data come from")
};

static CONFIRMED_BY: Node = Node::one(
    "confirmed-by",
    &[Value::Text],
    "間接の取得元を何で確かめたか",
    "what confirms an indirect source",
);
static GIVES: Node =
    Node::any("gives", (0, ANY, &[Value::Names("category")]), "そこから得る項目", "the categories it gives");

pub(super) static ENTRUSTER: Node = Node {
    args: (1, 1, &[Value::NewName]),
    nodes: &[once(&JA), once(&EN), many(&CITE), many(&ALLOW)],
    ..Node::new(
        "entruster",
        "データの取扱いを当社に委託する事業者",
        "a business whose data are handled for its own work",
    )
};

pub(super) static RELATIONSHIP: Node = Node {
    args: (1, 1, &[Value::NewName]),
    props: &[Prop::needs("kind", Value::Word(|| vec!["contract", "membership"]), "種類", "which kind")],
    nodes: &[once(&JA), once(&EN), many(&CITE), many(&ALLOW)],
    ..Node::new(
        "relationship",
        "本人との契約または会員関係",
        "a dated tie between the principal and the organization",
    )
};

pub(super) static RETAIN: Node = Node {
    args: (1, 1, &[Value::Name("category")]),
    props: &[
        Prop::needs("for", Value::Period, "保存する期間", "how long"),
        Prop::needs(
            "after",
            Value::Word(|| vec!["acquired", "ended"]),
            "いつから数えるか",
            "counted from when",
        ),
    ],
    nodes: &[once(&OF), many(&CITE), many(&ALLOW)],
    ..Node::new("retain", "項目をいつまで保存するか", "how long a category is kept")
};

static OF: Node = Node::any(
    "of",
    (0, ANY, &[Value::Names("relationship")]),
    "どの関係の終わりから数えるか",
    "from the end of the last of these relationships",
);
