//! Matters that the law wants public, desks, accredited bodies and regulators.

use super::{ALLOW, ANY, CITE, EN, JA, Node, Prop, Value, many, once, texts};

pub(super) static JOINT_USE: Node = Node {
    args: (1, 1, &[Value::NewName]),
    nodes: &[
        many(&ITEMS),
        many(&USERS),
        many(&PURPOSES),
        once(&RESPONSIBLE),
        once(&PUBLISHED),
        once(&JA),
        once(&EN),
        many(&CITE),
        many(&ALLOW),
    ],
    ..Node::new("joint-use", "共同利用とその公表事項", "a joint use with what is published of it")
};

static ITEMS: Node =
    Node::any("items", (0, ANY, &[Value::Names("category")]), "データの項目", "the categories");
static USERS: Node = Node::any(
    "users",
    (0, ANY, &[Value::Names("recipient")]),
    "共同して利用する者",
    "those who use them jointly",
);
static PURPOSES: Node =
    Node::any("purposes", (0, ANY, &[Value::Names("purpose")]), "利用目的", "the purposes");
static RESPONSIBLE: Node = texts(
    "responsible",
    "管理の責任者の名称、住所、代表者",
    "who is responsible: name, address, representative",
);
static PUBLISHED: Node = Node::one("published", &[Value::Instant], "公表した日", "when it was published");

pub(super) static ANONYMIZED: Node = Node {
    args: (1, 1, &[Value::NewName]),
    nodes: &[many(&ITEMS), once(&METHOD), once(&PUBLISHED), once(&JA), once(&EN), many(&CITE), many(&ALLOW)],
    ..Node::new("anonymized", "匿名加工情報", "anonymized information")
};

static METHOD: Node = texts("method", "提供の方法", "how it is given");

pub(super) static TRANSMISSION: Node = Node {
    args: (1, 1, &[Value::NewName]),
    nodes: &[
        many(&ITEMS),
        many(&TO),
        many(&PURPOSES),
        once(&USAGE),
        once(&OPT_OUT),
        once(&JA),
        once(&EN),
        many(&CITE),
        many(&ALLOW),
    ],
    ..Node::new(
        "transmission",
        "利用者の端末から外部に送らせる情報（外部送信）",
        "what a page or an app makes the device of whoever uses it send to somebody else",
    )
};

static TO: Node = Node::any("to", (0, ANY, &[Value::Names("recipient")]), "送信先", "to whom");
static USAGE: Node = texts(
    "usage",
    "送信先での利用目的。同じなら書かない",
    "what those who receive it use it for, where that is not the same",
);
static OPT_OUT: Node = Node {
    props: &[
        Prop::may("choice", Value::Name("choice"), "止める選択", "the choice that stops it"),
        Prop::may("address", Value::Address, "止める手続きのアドレス", "where it is stopped otherwise"),
    ],
    ..Node::new("opt-out", "止め方", "how it is stopped")
};

pub(super) static CALENDAR: Node = Node {
    args: (1, 1, &[Value::NewName]),
    nodes: &[many(&CLOSED), many(&CLOSED_RANGE), many(&HOLIDAY), many(&CITE), many(&ALLOW)],
    ..Node::new("calendar", "窓口の休業日", "the days on which desks are closed")
};

static CLOSED: Node = Node::any(
    "closed",
    (
        1,
        7,
        &[Value::Word(|| vec!["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])],
    ),
    "毎週休む曜日",
    "days of the week",
);
static CLOSED_RANGE: Node = Node {
    props: &[
        Prop::needs("from", Value::MonthDay, "最初の月日", "the first day"),
        Prop::needs("to", Value::MonthDay, "最後の月日", "the last day"),
    ],
    ..Node::new("closed-range", "毎年休む期間", "days of every year")
};
static HOLIDAY: Node = Node::any("holiday", (1, ANY, &[Value::Date]), "休む日", "single days");

pub(super) static DESK: Node = Node {
    args: (1, 1, &[Value::NewName]),
    nodes: &[once(&PHONE), once(&OPEN), once(&JA), once(&EN), many(&CITE), many(&ALLOW)],
    ..Node::new("desk", "問い合わせ窓口", "a place to ask")
};

static PHONE: Node = Node {
    args: (1, 1, &[Value::Phone]),
    props: &[Prop::may("toll", Value::Flag, "通話料がかかるか", "whether the call is charged")],
    ..Node::new("phone", "電話番号", "the telephone number")
};
static OPEN: Node = Node {
    props: &[
        Prop::needs("from", Value::Time, "始まる時刻", "from"),
        Prop::needs("to", Value::Time, "終わる時刻", "to"),
        Prop::needs("calendar", Value::Name("calendar"), "休業日のカレンダー", "the calendar of closed days"),
    ],
    ..Node::new("open", "受け付ける時間", "the hours")
};

pub(super) static LINE: Node = Node {
    args: (1, 1, &[Value::NewName]),
    nodes: &[once(&JA), once(&EN), many(&CITE), many(&ALLOW)],
    ..Node::new("line", "事業分野", "a line of business")
};

pub(super) static BODY: Node = Node {
    args: (1, 1, &[Value::NewName]),
    props: &[Prop::needs("line", Value::Name("line"), "対象の事業分野", "the line of business it is for")],
    nodes: &[once(&PHONE), once(&JA), once(&EN), many(&CITE), many(&ALLOW)],
    ..Node::new("body", "認定個人情報保護団体", "an accredited body that takes complaints")
};

pub(super) static REGULATOR: Node = Node {
    args: (1, 1, &[Value::NewName]),
    nodes: &[once(&PHONE), once(&JA), once(&EN), many(&CITE), many(&ALLOW)],
    ..Node::new(
        "regulator",
        "だれでも相談できる、監督する公の機関",
        "a public office that sees to it that the law is kept, and that anybody can turn to",
    )
};
