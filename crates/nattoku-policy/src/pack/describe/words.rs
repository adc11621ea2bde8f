//! The words of what packs name by a closed list.

use nattoku_model::ChangeClass;
use nattoku_model::law::{Handling, Need, Route, Start, Term, TransferCondition, Unit};
use nattoku_model::policy::Class;

use crate::diagnostic::Words;

pub(super) fn route(route: Route) -> Words {
    let (ja, en) = match route {
        Route::Consent => ("本人の同意", "the principal's consent"),
        Route::OptOut => ("届け出たオプトアウト", "a notified opt-out"),
        Route::Law => ("法令", "law"),
        Route::Entrustment => ("委託", "entrustment"),
        Route::JointUse => ("共同利用", "joint use"),
        Route::Succession => ("事業の承継", "succession"),
        Route::Statistics => ("統計等の作成", "making statistics"),
        Route::Research => ("学術研究", "academic research"),
    };
    Words::new(ja, en)
}

pub(super) fn class(class: Class) -> Words {
    let (ja, en) = match class {
        Class::SpecialCare => ("要配慮個人情報", "special care data"),
        Class::CommunicationsSecrecy => ("通信の秘密", "communications secrecy"),
        Class::Referral => ("個人関連情報", "personal-related information"),
        Class::Identifier => ("個人識別符号", "identification codes"),
        Class::MyNumber => ("個人番号", "the Individual Number"),
        Class::Location => ("位置情報", "location"),
        Class::Financial => ("財産と信用の情報", "financial data"),
        Class::Biometric => ("身体の特徴の情報", "biometric data"),
    };
    Words::new(ja, en)
}

pub(super) fn need(need: Need) -> Words {
    let (ja, en) = match need {
        Need::Consent => ("同意", "consent"),
        Need::IndividualConsent => ("個別の同意", "individual consent"),
        Need::Statute => ("法令の根拠", "a statute of its own"),
    };
    Words::new(ja, en)
}

pub(super) fn handling(handling: Handling) -> Words {
    let (ja, en) = match handling {
        Handling::Acquire => ("取得", "acquiring"),
        Handling::Use => ("利用", "using"),
        Handling::Provide => ("提供", "providing"),
    };
    Words::new(ja, en)
}

pub(super) fn condition(condition: TransferCondition) -> Words {
    let (ja, en) = match condition {
        TransferCondition::EquivalentCountry => ("同等の国", "an equivalent country"),
        TransferCondition::ConformingSystem => ("相手方の体制の整備", "a conforming system of the recipient"),
        TransferCondition::Consent => {
            ("知らせたうえでの本人の同意", "the principal's consent, having been told")
        }
        TransferCondition::Law => ("法令", "law"),
    };
    Words::new(ja, en)
}

pub(super) fn change(class: ChangeClass) -> Words {
    let (ja, en) = match class {
        ChangeClass::None => ("何も要らない", "nothing"),
        ChangeClass::Notify => ("通知または公表", "notice or publication"),
        ChangeClass::ConsentAgain => ("あらためて同意", "consent again"),
    };
    Words::new(ja, en)
}

/// From when a clock runs.
pub(super) fn start(start: Start) -> Words {
    let (ja, en) = match start {
        Start::Known => ("漏えい等を知ってから", "from knowing of it"),
        Start::Received => ("請求などを受けてから", "from receiving the claim or request"),
        Start::Decided => ("決定してから", "from the decision"),
        Start::Acquired => ("取得してから", "from the acquisition"),
        Start::Provided => ("提供してから", "from the provision"),
        Start::Created => ("作成してから", "from the making"),
        Start::LastProvided => ("最後に提供してから", "from the last provision"),
    };
    Words::new(ja, en)
}

/// A term: 30日, `30 days`.
pub(super) fn term(term: Term) -> Words {
    let unit = match term.unit {
        Unit::Hours => "時間",
        Unit::Days => "日",
        Unit::Months => "か月",
        Unit::Years => "年",
    };
    Words::new(format!("{}{unit}", term.number), term.to_string())
}
