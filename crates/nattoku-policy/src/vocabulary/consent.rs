//! Consent items, choices, and signals that decline them.

use nattoku_model::Action;
use nattoku_model::policy::{Refusability, SignalKind};

use super::recipient::KIND;
use super::value::words;
use super::{ALLOW, ANY, CITE, EN, JA, Node, Prop, Value, many, needed_many, once, texts};

pub(super) const ACTION: fn() -> Vec<&'static str> = words!(Action::ALL, Action::as_str);

pub(super) static CONSENT: Node = Node {
    args: (1, 1, &[Value::NewName]),
    props: &[
        Prop::needs("text", Value::Wording, "今日示す文面の版", "the wording shown today"),
        Prop::may("accepts", Value::Wording, "有効な同意とする文面の版", "the wordings whose consent counts"),
        Prop::may(
            "individual",
            Value::Flag,
            "この事項だけについての同意か",
            "whether it is about this one matter alone",
        ),
        Prop::may(
            "principal-matter",
            Value::Flag,
            "主な事項か",
            "whether it is one of the principal matters",
        ),
    ],
    nodes: &[
        many(&WORDING),
        once(&CONSEQUENCE),
        once(&GUARDIAN),
        once(&LASTS),
        once(&JA),
        once(&EN),
        many(&CITE),
        many(&ALLOW),
    ],
    ..Node::new("consent", "本人が同意できる一つの事項", "one thing that a principal can agree to")
};

static WORDING: Node = Node {
    args: (1, 1, &[Value::Text]),
    nodes: &[once(&JA), once(&EN)],
    ..Node::new("wording", "同意を求める文面の一つの版", "one version of what is agreed to, word for word")
};
static CONSEQUENCE: Node =
    texts("consequence", "同意しない、または断るとどうなるか", "what follows from saying no");

static GUARDIAN: Node = Node {
    props: &[
        Prop::needs(
            "under",
            Value::Age,
            "この年齢未満は法定代理人の同意",
            "below this age a guardian agrees",
        ),
        Prop::may(
            "judge-from",
            Value::Age,
            "この年齢からは本人の判断を見る",
            "from this age on it is judged case by case",
        ),
    ],
    ..Node::new("guardian", "法定代理人の同意が要る年齢", "the age below which a guardian must agree")
};
static LASTS: Node = Node::one("lasts", &[Value::Period], "同意が有効な期間", "how long a consent lasts");

pub(super) static CHOICE: Node = Node {
    args: (1, 1, &[Value::NewName]),
    props: &[Prop::needs(
        "refusability",
        Value::Word(words!(Refusability::ALL, Refusability::as_str)),
        "止められるか",
        "whether it can be stopped",
    )],
    nodes: &[
        many(&COVERS),
        many(&COVERS_PURPOSE),
        many(&COVERS_RECIPIENTS),
        many(&RESIDUE),
        once(&CONSEQUENCE),
        once(&JA),
        once(&EN),
        many(&CITE),
        many(&ALLOW),
    ],
    ..Node::new("choice", "本人が断れること", "what a principal can decline")
};

const NARROWED: Prop = Prop::may("action", Value::Word(ACTION), "この行為だけ", "only this act of them");

static COVERS: Node = Node {
    args: (1, ANY, &[Value::Names("activity")]),
    props: &[NARROWED],
    ..Node::new("covers", "及ぶ利用", "the activities it covers")
};
static COVERS_PURPOSE: Node = Node {
    args: (1, ANY, &[Value::Names("purpose")]),
    props: &[NARROWED],
    ..Node::new("covers-purpose", "及ぶ目的", "every activity asked for under these purposes")
};
static COVERS_RECIPIENTS: Node = Node::any(
    "covers-recipients",
    (1, ANY, &[Value::Word(KIND)]),
    "この種類の相手方へのすべての提供",
    "every giving to recipients of these kinds, those who join later included",
);

static RESIDUE: Node = Node {
    args: (1, ANY, &[Value::Names("category")]),
    props: &[Prop::needs("for", Value::Name("activity"), "どの利用のためか", "for which activity")],
    ..Node::new("residue", "断っても渡るもの", "what passes all the same")
};

pub(super) static SIGNAL: Node = Node {
    args: (1, 1, &[Value::Word(words!(SignalKind::ALL, SignalKind::as_str))]),
    props: &[Prop::may(
        "stated",
        Value::Date,
        "従うと表明した日。書かなければ効力を持つ日",
        "the day on which it was stated that it is heeded; that of taking effect where none is written",
    )],
    nodes: &[needed_many(&DECLINES), many(&CITE), many(&ALLOW)],
    ..Node::new("signal", "ブラウザがみずから送る信号", "what a browser says of its own accord")
};

static DECLINES: Node = Node::any(
    "declines",
    (0, ANY, &[Value::Names("choice")]),
    "本人が答えていないとき、止めたものとする選択",
    "the choices it declines, of whoever never answered them",
);
