//! Who else gets data, and under which rules.

use nattoku_model::policy::RecipientKind;

use super::value::words;
use super::{ALLOW, ANY, CITE, EN, JA, Node, Prop, Value, many, needed, needed_many, once, texts};

pub(super) const KIND: fn() -> Vec<&'static str> = words!(RecipientKind::ALL, RecipientKind::as_str);

pub(super) static WORK: Node = Node {
    args: (1, 1, &[Value::NewName]),
    nodes: &[once(&JA), once(&EN), many(&CITE), many(&ALLOW)],
    ..Node::new("work", "委託することのある業務", "a kind of work that may be entrusted")
};

pub(super) static RECIPIENT: Node = Node {
    args: (1, 1, &[Value::NewName]),
    props: &[
        Prop::needs("kind", Value::Word(KIND), "相手方の種類", "what it is in the eyes of the law"),
        Prop::needs("country", Value::Country, "所在する国", "the country it is in"),
    ],
    nodes: &[
        once(&EXAMPLE),
        many(&WORKS),
        many(&MAY),
        once(&AGREEMENT),
        once(&ASSESSED),
        once(&SUPERVISED),
        once(&TRANSFER),
        once(&JA),
        once(&EN),
        many(&CITE),
        many(&ALLOW),
    ],
    ..Node::new("recipient", "データを受け取るほかの者", "somebody else who gets data")
};

static EXAMPLE: Node = texts("example", "例", "an example of it");
static WORKS: Node =
    Node::any("work", (0, ANY, &[Value::Names("work")]), "委託する業務", "the work that is entrusted to it");

static MAY: Node = Node {
    args: (1, 1, &[Value::Name("activity")]),
    props: &[Prop::needs("on", Value::Names("category"), "委託する項目", "the categories entrusted for it")],
    ..Node::new("may", "委託を受けて行える利用", "an activity that it may do for us")
};

static AGREEMENT: Node = Node {
    args: (1, 1, &[Value::Instant]),
    props: &[Prop::may("until", Value::Instant, "いつまでか", "up to the start of that day")],
    ..Node::new("agreement", "契約を結んだ日", "the day on which the agreement was made")
};

const EVERY: Prop = Prop::needs("every", Value::Period, "どの間隔で行うか", "how often it is due");

static ASSESSED: Node = Node {
    args: (1, 1, &[Value::Instant]),
    props: &[EVERY],
    ..Node::new("assessed", "直近に審査した日", "when it was last assessed")
};
static SUPERVISED: Node = Node {
    args: (1, 1, &[Value::Instant]),
    props: &[EVERY],
    ..Node::new("supervised", "直近に監督した日", "when it was last supervised")
};

static TRANSFER: Node = Node {
    args: (0, 1, &[Value::Word(|| vec!["equivalent_country", "conforming_system"])]),
    props: &[
        Prop::may(
            "consent",
            Value::Name("consent"),
            "外国への提供の同意",
            "the consent to giving data abroad",
        ),
        Prop::may("checked", Value::Instant, "体制を直近に確かめた日", "when the system was last checked"),
        Prop::may("every", Value::Period, "どの間隔で確かめるか", "how often it is checked"),
    ],
    variants: &[
        ("", &[], &["consent"]),
        ("equivalent_country", &[], &[]),
        ("conforming_system", &["checked", "every"], &[]),
    ],
    ..Node::new("transfer", "外国にある相手方に渡せる根拠", "why data may go to it abroad")
};

pub(super) static PROVISION: Node = Node {
    args: (1, 1, &[Value::NewName]),
    nodes: &[
        needed(&ACTIVITY),
        needed_many(&GIVE),
        needed_many(&TO),
        needed(&BASIS),
        once(&JA),
        once(&EN),
        many(&CITE),
        many(&ALLOW),
    ],
    ..Node::new("provision", "相手方にデータを提供する規則", "a rule under which recipients are given data")
};

static ACTIVITY: Node =
    Node::one("activity", &[Value::Name("activity")], "どの利用のためか", "the activity it is for");
static GIVE: Node =
    Node::any("give", (0, ANY, &[Value::Names("category")]), "提供する項目", "the categories that are given");
static TO: Node = Node::any("to", (0, ANY, &[Value::Names("recipient")]), "提供する相手方", "the recipients");

static BASIS: Node = Node {
    props: &[
        Prop::may("consent", Value::Name("consent"), "根拠になる同意事項", "the consent item it rests on"),
        Prop::may(
            "accepts",
            Value::Wording,
            "認める文面。同意事項より少なくできる",
            "the wordings accepted, of those that the item accepts",
        ),
        Prop::may(
            "opt-out",
            Value::Name("choice"),
            "届け出たオプトアウトの選択",
            "the choice of a notified opt-out",
        ),
        Prop::may("law", Value::Basis, "根拠の法令", "the law that says so"),
    ],
    ..Node::new("basis", "提供の根拠。どれか一つ", "what it rests on: exactly one")
};

pub(super) static EQUIVALENT_COUNTRIES: Node = Node {
    args: (1, ANY, &[Value::Country]),
    nodes: &[many(&CITE), many(&ALLOW)],
    ..Node::new(
        "equivalent-countries",
        "同等の水準の保護があるとされた国",
        "the countries whose protection is held equal",
    )
};
