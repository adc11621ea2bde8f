//! The fields of fideslang 3.1 that a draft does not carry over, each with its reason.

use nattoku_policy::Words;

/// A reason in Japanese and in English.
type Why = (&'static str, &'static str);

const BOOKKEEPING: Why = (
    "Fides の分類の管理のための項目で、ポリシーの意味を変えません",
    "Fides keeps its own books with it; a policy means the same without",
);
const OTHER_ORGANIZATION: Why = (
    "ポリシーの事業者は一つです。組織の区別は引き継がれません",
    "a policy has one controller; which organization a resource belongs to is not carried over",
);
const FREE_FORM: Why = (
    "形の決まっていない項目です。必要なら、読んで規則に書き直してください",
    "it has no fixed form; where it says a rule, write that rule",
);
const SYSTEM_MAP: Why = (
    "データがどこにあるかはポリシーではなく、データシステムの地図に書きます",
    "where data lie belongs to the map of data systems, not to the policy",
);
const FLOW: Why = (
    "自社のシステムの間の流れは取得でも提供でもありません。社外から、または社外への流れなら、取得元 `source` や提供 `provision` を書いてください",
    "a flow between systems of one's own is neither an acquisition nor a provision; where it comes from or goes to somebody else, write a `source` or a `provision`",
);
const LAWFULNESS: Why = (
    "APPI では、公表した目的の範囲内の利用にこの根拠は要りません。同意以外の根拠は引き継がれません",
    "APPI asks for no such ground within a published purpose; grounds other than consent are not carried over",
);
const SPECIAL: Why = (
    "要配慮の区分は項目の `class` に、法令による根拠は利用の `statute` に書いてください",
    "say that data need special care by `class` of the category, and a legal ground by `statute` of the activity",
);
const PROFILING: Why = (
    "決定の内容は利用の `outcome` に書き、してはならないものは `prohibit` で禁じてください",
    "say what an activity decides by its `outcome`, and forbid by `prohibit` what it may not",
);
const TRANSFER: Why = (
    "外国への移転の条件は、相手方ごとに `transfer` に書いてください",
    "write the condition of giving data abroad as `transfer` of each recipient",
);
const ASSESSMENT: Why = (
    "評価の日付は、委託先の `assessed` か例外の `requires assessment` に書いてください",
    "write the date of an assessment as `assessed` of a processor, or have an exception require one",
);
const CONTACT: Why =
    ("窓口には受付時間が要ります。`desk` を書いてください", "a desk needs its hours: write a `desk`");
const DOCUMENT: Why = (
    "公開している文書は `document` に住所を付けて書いてください",
    "write a published document as `document` with its address",
);
const SECURITY: Why =
    ("安全管理措置は、通知文に文章で書いてください", "security measures are told in the notice, in prose");
const COOKIES: Why = (
    "端末に保存するものは、取得元 `source` と保存期間 `retain` に書いてください",
    "write what is kept on a device as a `source`, and how long as `retain`",
);
const REGISTER: Why = (
    "業者の台帳の番号です。ポリシーは名前で相手方を指します",
    "a number in a register of businesses; a policy names its recipients",
);
const SHARING: Why = (
    "提供には根拠が要ります。`provision` を書き、同意 `basis consent=`、通知による停止 `basis opt-out=`、法令 `basis law=` のどれかを選んでください",
    "a provision needs its basis: write a `provision` with `basis consent=`, `basis opt-out=` or `basis law=`",
);
const NO_PERSONAL: Why = (
    "判断はデータの項目ごとに行います。システムごとの対象外はありません",
    "decisions are made by category; no system is outside of them",
);
const RIGHTS: Why = (
    "請求の権利は法令が定めます。ポリシーの対象者は本人だけです",
    "claims are given by law; a policy knows one kind of person, its principal",
);
const DEPARTMENT: Why = (
    "担当の部門は、問い合わせ先として `desk` に書いてください",
    "write a unit that answers customers as a `desk`",
);
const PEOPLE: Why = (
    "ポリシーの対象者は本人だけです。関係のある人に限るなら、利用に `during` を書いてください",
    "a policy knows one kind of person, its principal; narrow an activity to people in a relationship by `during`",
);

/// Resource, field, reason.
const FIELDS: &[(&str, &str, Why)] = &[
    ("*", "organization_fides_key", OTHER_ORGANIZATION),
    ("*", "tags", FREE_FORM),
    ("*", "meta", FREE_FORM),
    ("*", "fidesctl_meta", SYSTEM_MAP),
    ("*", "fides_meta", SYSTEM_MAP),
    ("*", "fidesops_meta", SYSTEM_MAP),
    ("*", "version_added", BOOKKEEPING),
    ("*", "version_deprecated", BOOKKEEPING),
    ("*", "replaced_by", BOOKKEEPING),
    ("*", "is_default", BOOKKEEPING),
    ("data_subject", "rights", RIGHTS),
    ("data_subject", "automated_decisions_or_profiling", PROFILING),
    (
        "system",
        "system_type",
        ("ポリシーはアプリケーションの種類を区別しません", "a policy tells no kinds of applications apart"),
    ),
    ("system", "egress", FLOW),
    ("system", "administrating_department", DEPARTMENT),
    ("system", "vendor_id", REGISTER),
    ("system", "previous_vendor_id", REGISTER),
    ("system", "vendor_deleted_date", REGISTER),
    ("system", "dataset_references", SYSTEM_MAP),
    ("system", "processes_personal_data", NO_PERSONAL),
    ("system", "exempt_from_privacy_regulations", NO_PERSONAL),
    ("system", "reason_for_exemption", NO_PERSONAL),
    ("system", "uses_profiling", PROFILING),
    ("system", "legal_basis_for_profiling", PROFILING),
    ("system", "does_international_transfers", TRANSFER),
    ("system", "legal_basis_for_transfers", TRANSFER),
    ("system", "requires_data_protection_assessments", ASSESSMENT),
    ("system", "dpa_location", ASSESSMENT),
    ("system", "dpa_progress", ASSESSMENT),
    ("system", "privacy_policy", DOCUMENT),
    ("system", "legal_address", CONTACT),
    ("system", "dpo", CONTACT),
    (
        "system",
        "joint_controller_info",
        (
            "共同利用には公表する五つの事項が要ります。`joint-use` を書いてください",
            "joint use needs its five published items: write a `joint-use`",
        ),
    ),
    ("system", "data_security_practices", SECURITY),
    ("system", "cookie_max_age_seconds", COOKIES),
    ("system", "uses_cookies", COOKIES),
    ("system", "cookie_refresh", COOKIES),
    ("system", "uses_non_cookie_access", COOKIES),
    ("system", "cookies", COOKIES),
    ("system", "legitimate_interest_disclosure_url", DOCUMENT),
    ("data_flow", "type", FLOW),
    ("privacy_declaration", "data_subjects", PEOPLE),
    ("privacy_declaration", "dataset_references", SYSTEM_MAP),
    ("privacy_declaration", "egress", FLOW),
    ("privacy_declaration", "ingress", FLOW),
    (
        "privacy_declaration",
        "features",
        (
            "処理の特徴は、利用の名前か通知文に書いてください",
            "say what is special about a use in its name or in the notice",
        ),
    ),
    ("privacy_declaration", "flexible_legal_basis_for_processing", LAWFULNESS),
    ("privacy_declaration", "impact_assessment_location", ASSESSMENT),
    ("privacy_declaration", "processes_special_category_data", SPECIAL),
    ("privacy_declaration", "special_category_legal_basis", SPECIAL),
    ("privacy_declaration", "shared_categories", SHARING),
    ("privacy_declaration", "cookies", COOKIES),
    ("dataset", "data_subjects", PEOPLE),
    ("dataset", "data_uses", SYSTEM_MAP),
    ("dataset", "data_purposes", SYSTEM_MAP),
    (
        "dataset",
        "retention",
        (
            "保存期間は項目ごとに `retain` に書いてください",
            "write how long data are kept as `retain`, by category",
        ),
    ),
    ("organization", "description", FREE_FORM),
    ("organization", "organization_parent_key", OTHER_ORGANIZATION),
    ("organization", "data_protection_officer", CONTACT),
    ("organization", "security_policy", DOCUMENT),
    ("contact", "email", CONTACT),
    ("contact", "phone", CONTACT),
];

/// Why a whole resource is left out.
pub(super) const fn resource(of: &'static str) -> Option<Why> {
    match of.as_bytes() {
        b"data_subject" => Some(PEOPLE),
        b"dataset" => Some(SYSTEM_MAP),
        b"policy" => Some((
            "組み合わせの規則は、利用 `activity` に書いたものだけが許されることで足りるか、不変条件 `never` に書き直すかを決めてください",
            "only what an `activity` says is allowed, which may be all that such a rule is for; where it is not, write an invariant `never`",
        )),
        _ => None,
    }
}

/// A ground of processing other than consent.
pub(super) fn ground() -> Words {
    words(LAWFULNESS)
}

/// A sharing that names nobody.
pub(super) fn sharing() -> Words {
    words(SHARING)
}

/// A flow that is not an acquisition.
pub(super) fn flow() -> Words {
    words(FLOW)
}

/// Why a field of a resource is not carried over; none where fideslang has no such field.
pub(super) fn reason(of: &str, field: &str) -> Option<Words> {
    let found =
        FIELDS.iter().find(|(resource, name, _)| (*resource == of || *resource == "*") && *name == field);
    found.map(|(_, _, why)| words(*why))
}

/// The fields of a resource that are not carried over.
pub(super) fn fields(of: &str) -> impl Iterator<Item = &'static str> {
    FIELDS.iter().filter(move |(resource, ..)| *resource == of || *resource == "*").map(|(_, name, _)| *name)
}

pub(super) fn words((ja, en): Why) -> Words {
    Words::new(ja, en)
}
