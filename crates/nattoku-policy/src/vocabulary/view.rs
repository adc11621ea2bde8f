//! Departments whose people look at data, and why.

use super::{ALLOW, CITE, EN, JA, Node, Value, many, once};

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
    nodes: &[once(&JA), once(&EN), many(&CITE), many(&ALLOW)],
    ..Node::new(
        "view-reason",
        "データを見る理由と、本人が読む一文",
        "why somebody looks at data, as the sentence that the principal reads",
    )
};
