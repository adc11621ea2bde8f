//! Departments whose people look at data, and why.

use super::{ALLOW, CITE, EN, JA, Node, Prop, Value, many, once};

pub(super) static DEPARTMENT: Node = Node {
    args: (1, 1, &[Value::NewName]),
    nodes: &[many(&ROLE), once(&JA), once(&EN), many(&CITE), many(&ALLOW)],
    ..Node::new(
        "department",
        "データを見ることのある部署",
        "a part of the organisation whose people look at data",
    )
};

static ROLE: Node = Node {
    args: (1, 1, &[Value::OwnWord]),
    nodes: &[once(&JA), once(&EN)],
    ..Node::new(
        "role",
        "その部署での役割。個人の名前ではない",
        "what somebody is there; never the name of a person",
    )
};

pub(super) static VIEW_REASON: Node = Node {
    args: (1, 1, &[Value::NewName]),
    nodes: &[once(&HIDDEN), once(&JA), once(&EN), many(&CITE), many(&ALLOW)],
    ..Node::new(
        "view-reason",
        "データを見る理由と、本人が読む一文",
        "why somebody looks at data, as the sentence that the principal reads",
    )
};

static HIDDEN: Node = Node {
    props: &[
        Prop::needs("basis", Value::Basis, "根拠の法令", "the law that says so"),
        Prop::may(
            "for",
            Value::Period,
            "長くてこの期間。なければずっと",
            "for this long at most; for ever where it is left out",
        ),
        Prop::may(
            "counted",
            Value::Flag,
            "知らせていない閲覧があることは伝えてよいか",
            "whether it may be told meanwhile that there is something",
        ),
    ],
    ..Node::new("hidden", "本人に知らせない閲覧", "such a look is kept from the principal")
};
