//! Purposes, applications, activities.

use nattoku_model::policy::{Class, Minimisation};

use super::value::words;
use super::{ALLOW, ANY, CITE, EN, JA, Node, Prop, Value, many, once, texts};

pub(super) static PURPOSE: Node = Node {
    args: (1, 1, &[Value::NewName]),
    props: &[Prop::needs("number", Value::Text, "通知文での番号", "its number in the notice")],
    nodes: &[once(&BENEFIT), once(&DPV), many(&RELATED), once(&JA), once(&EN), many(&CITE), many(&ALLOW)],
    ..Node::new("purpose", "利用目的", "a purpose of use")
};

static BENEFIT: Node = texts("benefit", "お客さまにとっての利点", "what the principal gains by it");

static RELATED: Node = Node {
    props: &[Prop::needs("to", Value::Text, "以前の版の名前", "the name of the earlier version")],
    nodes: &[once(&JA), once(&EN)],
    ..Node::new(
        "related",
        "以前の版の目的と関連する範囲内である理由",
        "why it stays within what is related to that version's purpose",
    )
};

static DPV: Node = Node::any(
    "dpv",
    (1, ANY, &[Value::Text]),
    "W3C の Data Privacy Vocabulary での目的の名前",
    "what the purpose is called in the W3C's Data Privacy Vocabulary",
);

pub(super) static APPLICATION: Node = Node {
    args: (1, 1, &[Value::NewName]),
    nodes: &[once(&REPORTS_VIEWS), once(&JA), once(&EN), many(&CITE), many(&ALLOW)],
    ..Node::new("application", "データを使う業務・システム", "a program or unit that asks")
};

static REPORTS_VIEWS: Node = Node {
    props: &[Prop::needs("since", Value::Date, "いつから", "from which day on")],
    ..Node::new(
        "reports-views",
        "だれがデータを見たかを、この日から台帳に記録している",
        "it records in the ledger who looks at data by it",
    )
};

pub(super) static ACTIVITY: Node = Node {
    args: (1, 1, &[Value::NewName]),
    props: &[Prop::needs("purpose", Value::Names("purpose"), "どの目的のためか", "the purposes it is for")],
    nodes: &[
        many(&NEEDS),
        many(&BY),
        many(&DURING),
        once(&MAY_CONTINUE),
        many(&WHEN),
        many(&REQUIRES),
        once(&COMBINES),
        once(&TO),
        once(&ENTRUSTED_BY),
        once(&OUTCOME),
        many(&STATUTE),
        many(&MINIMISE),
        once(&JA),
        once(&EN),
        many(&CITE),
        many(&ALLOW),
    ],
    ..Node::new("activity", "登録された利用", "a registered use of data")
};

static NEEDS: Node = Node::any(
    "needs",
    (0, ANY, &[Value::Names("category")]),
    "そのために必要な項目",
    "the categories necessary for it",
);
static BY: Node = Node::any(
    "by",
    (0, ANY, &[Value::Names("application")]),
    "依頼できるアプリケーション",
    "the applications that may ask",
);
static DURING: Node = Node::any(
    "during",
    (0, ANY, &[Value::Names("relationship")]),
    "どれかが続いていなければならない関係",
    "one of these relationships must be alive",
);
static MAY_CONTINUE: Node = Node::new(
    "may-continue",
    "関係が終わった後も、保存期間のうちは続けられる",
    "it may go on after the relationship has ended, within retention",
);

static WHEN: Node = Node {
    props: &[
        Prop::needs(
            "acquired",
            Value::Name("category"),
            "きっかけになる項目",
            "the category whose acquisition is the occasion",
        ),
        Prop::needs("within", Value::Period, "きっかけからの期間", "how long after it"),
    ],
    ..Node::new("when", "この取得があってからの間だけ", "only for a time after something was acquired")
};

static REQUIRES: Node = Node {
    props: &[Prop::needs("consent", Value::Names("consent"), "必要な同意事項", "the consent items")],
    ..Node::new("requires", "どの行為にも必要な同意", "consents that any act of it needs")
};

static COMBINES: Node = Node::new("combines", "データを組み合わせてよい", "data may be joined for it");
static TO: Node = Node::one(
    "to",
    &[Value::Word(|| vec!["nobody"])],
    "ほかのだれにもデータが渡らない",
    "nobody else gets data by it",
);
static ENTRUSTED_BY: Node = Node::one(
    "entrusted-by",
    &[Value::Name("entruster")],
    "この委託元のための作業。そのデータだけを見る",
    "work for that business: sees its data and no other",
);
pub(super) static OUTCOME: Node =
    Node::one("outcome", &[Value::OwnWord], "何を決めるか", "what is decided by it");

static STATUTE: Node = Node {
    args: (1, 1, &[Value::Word(words!(Class::ALL, Class::as_str))]),
    props: &[Prop::needs("basis", Value::Basis, "根拠の法令", "the law that says so")],
    ..Node::new("statute", "同意なしに使える区分のデータ", "a class of data that it may use without consent")
};

static MINIMISE: Node = Node {
    args: (1, 1, &[Value::Word(words!(Minimisation::ALL, Minimisation::as_str))]),
    props: &[Prop::may(
        "on",
        Value::Names("category"),
        "どの項目に。なければすべて",
        "which categories; all of them where left out",
    )],
    ..Node::new("minimise", "使う前に最小限にする方法", "what is done to the data first")
};
