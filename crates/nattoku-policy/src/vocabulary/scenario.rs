//! Scenarios.

use nattoku_model::{Action, Gate, Language, Reason, Verdict};

use super::value::words;
use super::{ALLOW, ANY, CITE, Node, Prop, Value, many, needed};
use crate::scenario::EVENTS;

pub(super) static SCENARIO: Node = Node {
    args: (1, 1, &[Value::Text]),
    nodes: &[many(&GIVEN), needed(&ASK), needed(&EXPECT), many(&CITE), many(&ALLOW)],
    ..Node::new("scenario", "例と、それへの答え", "an example, and what must be answered")
};

const EVENT: fn() -> Vec<&'static str> = || EVENTS.iter().map(|(word, ..)| *word).collect();

static GIVEN: Node = Node {
    args: (1, 1, &[Value::Word(EVENT)]),
    props: &[
        Prop::may("at", Value::Instant, "いつ起きたか", "when it happened"),
        Prop::may("recorded_at", Value::Instant, "いつ記録されたか", "when it was recorded"),
        Prop::may("born", Value::Date, "生年月日", "the day of birth"),
        Prop::may("residence", Value::Text, "住んでいる国", "where the principal lives"),
        Prop::may(
            "unknown",
            Value::Names("relationship"),
            "過去が分からない関係",
            "relationships whose past is not known",
        ),
        Prop::may("guardian", Value::Text, "法定代理人", "the guardian"),
        Prop::may("until", Value::Instant, "いつまで", "until when"),
        Prop::may("relationship", Value::Name("relationship"), "関係", "the relationship"),
        Prop::may("category", Value::Name("category"), "項目", "the category"),
        Prop::may("source", Value::Name("source"), "取得元", "the source"),
        Prop::may("entrusted_from", Value::Name("entruster"), "委託元", "the entruster"),
        Prop::may("policy_version", Value::Version, "示した版", "the version shown"),
        Prop::may("language", Value::Word(words!(Language::ALL, Language::tag)), "言語", "the language"),
        Prop::may("channel", Value::Text, "どの窓口から", "by which channel"),
        Prop::may("item", Value::Name("consent"), "同意事項", "the consent item"),
        Prop::may("text_version", Value::Wording, "文面の版", "the wording"),
        Prop::may(
            "by",
            Value::Text,
            "`principal`、`guardian:ID`、`agent:ID`",
            "`principal`, `guardian:ID` or `agent:ID`",
        ),
        Prop::may("evidence", Value::Text, "何が示すか", "what shows it"),
        Prop::may("choice", Value::Name("choice"), "選択", "the choice"),
        Prop::may("application", Value::Name("application"), "アプリケーション", "the application"),
        Prop::may("activity", Value::Name("activity"), "利用", "the activity"),
        Prop::may("categories", Value::Names("category"), "項目", "the categories"),
        Prop::may("department", Value::Name("department"), "部署", "the department"),
        Prop::may("role", Value::OwnWord, "役割", "the role"),
        Prop::may("reason", Value::Name("view-reason"), "閲覧の理由", "why somebody looked"),
        Prop::may("hidden_until", Value::Instant, "いつまで知らせないか", "until when it is not told"),
        Prop::may("recipient", Value::Name("recipient"), "相手方", "the recipient"),
        Prop::may("basis", Value::Text, "根拠", "the basis"),
        Prop::may("actions", Value::Words(words!(Action::ALL, Action::as_str)), "行為", "the acts"),
        Prop::may("claim", Value::Text, "請求", "the claim"),
        Prop::may(
            "publication",
            Value::NamesOr(&["joint-use", "anonymized"], Vec::new),
            "公表した事項",
            "what was published",
        ),
        Prop::may("version", Value::Version, "公表した版", "the version published"),
        Prop::may("digest", Value::Text, "版の要約値", "the digest of the version"),
    ],
    variants: EVENTS,
    ..Node::new("given", "先に起きたこと", "what happened before")
};

static ASK: Node = Node {
    args: (2, ANY, &[Value::Word(words!(Action::ALL, Action::as_str)), Value::Names("category")]),
    props: &[
        Prop::needs("activity", Value::Name("activity"), "どの利用のためか", "for which activity"),
        Prop::needs("at", Value::Instant, "いつ", "the instant asked about"),
        Prop::may("to", Value::Name("recipient"), "相手方", "who else gets the data"),
        Prop::may("by", Value::Name("application"), "依頼するアプリケーション", "who asks"),
        Prop::may("purpose", Value::Name("purpose"), "どの目的のためか", "which of the activity's purposes"),
        Prop::may(
            "known_at",
            Value::Instant,
            "この時に分かっていたことだけで",
            "with only what was known then",
        ),
        Prop::may("exception", Value::Name("exception"), "主張する例外", "the exception that is claimed"),
        Prop::may(
            "names",
            Value::Names("category"),
            "文書が挙げる項目",
            "the categories that the document names",
        ),
        Prop::may("document", Value::Text, "文書", "the document"),
        Prop::may("necessity", Value::Text, "必要な理由", "why it is necessary"),
        Prop::may("consent_difficult", Value::Text, "同意を得にくい理由", "why consent is difficult to get"),
        Prop::may("approver", Value::Text, "承認した人", "who approved it"),
        Prop::may("time_limit", Value::Instant, "いつまで有効か", "the date from which it no longer counts"),
        Prop::may("assessment", Value::Text, "検討の記録", "the assessment made"),
    ],
    ..Node::new("ask", "何を尋ねるか", "the question")
};

static EXPECT: Node = Node {
    args: (1, 1, &[Value::Word(words!(Verdict::ALL, Verdict::as_str))]),
    props: &[
        Prop::may(
            "reason",
            Value::Word(words!(Reason::ALL, Reason::code)),
            "理由のコード",
            "the reason's code",
        ),
        Prop::may(
            "gate",
            Value::Word(words!(Gate::ALL, Gate::as_str)),
            "それを述べる関門",
            "the gate that says it",
        ),
        Prop::may("governing", Value::Version, "適用される版", "the version that governs"),
        Prop::may("obligation", Value::OwnWord, "伴う義務", "an obligation among the answer's"),
    ],
    ..Node::new("expect", "答えられるべきこと", "what must be answered")
};

#[cfg(test)]
mod tests {
    use nattoku_model::policy::Requirement;

    use super::*;

    #[test]
    fn what_an_exception_may_require_can_be_brought_in_a_question() {
        for requirement in Requirement::ALL {
            assert!(ASK.prop(requirement.as_str()).is_some(), "{}", requirement.as_str());
        }
    }
}
