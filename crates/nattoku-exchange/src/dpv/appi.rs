//! Terms of the APPI that DPV does not have, each with the broader one that it has.

use serde_json::{Value, json};

/// Where the terms are, by name. No registrar gives such an address away, so that nobody else's terms can stand there.
pub(super) const NAMESPACE: &str = "https://nattoku.invalid/appi#";

/// A term: its name, the broader one of DPV, where it stands in the law, and its label in Japanese and in English.
type Term = (&'static str, &'static str, &'static str, &'static str, &'static str);

pub(super) const WITHIN_PURPOSE: &str = "WithinPurposeUse";
pub(super) const CONSENT: &str = "PrincipalConsent";
pub(super) const OPT_OUT: &str = "NotifiedOptOut";
pub(super) const BY_LAW: &str = "ByLaw";
pub(super) const ENTRUSTMENT: &str = "Entrustment";
pub(super) const SUCCESSION: &str = "BusinessSuccession";
pub(super) const JOINT_USE: &str = "JointUse";
pub(super) const EQUIVALENT: &str = "EquivalentCountry";
pub(super) const CONFORMING: &str = "ConformingSystem";
pub(super) const TRANSFER_CONSENT: &str = "ConsentToTransferAbroad";

const TERMS: &[Term] = &[
    (
        WITHIN_PURPOSE,
        "LegalBasis",
        "APPI 18(1)",
        "特定した利用目的の範囲内の取扱い",
        "Use within the specified purpose",
    ),
    (CONSENT, "Consent", "APPI 18(1), 20(2), 27(1)", "本人の同意", "Consent of the principal"),
    (OPT_OUT, "LegalBasis", "APPI 27(2)", "オプトアウトによる第三者提供", "Provision by notified opt-out"),
    (
        BY_LAW,
        "LegalObligation",
        "APPI 18(3)(i), 27(1)(i)",
        "法令に基づく場合",
        "Based on laws and regulations",
    ),
    (
        "ProtectLife",
        "VitalInterest",
        "APPI 18(3)(ii), 27(1)(ii)",
        "人の生命、身体又は財産の保護",
        "Protecting life, body or property",
    ),
    (
        "PublicHealth",
        "PublicInterest",
        "APPI 18(3)(iii), 27(1)(iii)",
        "公衆衛生の向上と児童の健全な育成",
        "Public health and the sound growth of children",
    ),
    (
        "PublicAffairs",
        "PublicInterest",
        "APPI 18(3)(iv), 27(1)(iv)",
        "国の機関等の事務への協力",
        "Cooperating with affairs of the state",
    ),
    (ENTRUSTMENT, "LegalBasis", "APPI 27(5)(i)", "取扱いの委託", "Entrustment of handling"),
    (SUCCESSION, "LegalBasis", "APPI 27(5)(ii)", "事業の承継", "Succession of a business"),
    (JOINT_USE, "LegalBasis", "APPI 27(5)(iii)", "共同利用", "Joint use"),
    (
        EQUIVALENT,
        "DataTransferLegalBasis",
        "APPI 28(1)",
        "同等の水準にある外国",
        "Country of an equivalent level",
    ),
    (
        CONFORMING,
        "DataTransferLegalBasis",
        "APPI 28(1)",
        "基準に適合する体制の整備",
        "System that conforms to the standards",
    ),
    (
        TRANSFER_CONSENT,
        "DataTransferLegalBasis",
        "APPI 28(1)",
        "外国にある第三者への提供を認める同意",
        "Consent to provision to a third party abroad",
    ),
    (
        "SpecialCarePersonalInformation",
        "SensitivePersonalData",
        "APPI 2(3)",
        "要配慮個人情報",
        "Special care-required personal information",
    ),
    (
        "PersonalReferableInformation",
        "PersonalData",
        "APPI 2(7)",
        "個人関連情報",
        "Personal referable information",
    ),
    (
        "CommunicationsSecrecy",
        "SensitivePersonalData",
        "Telecommunications Business Act 4",
        "通信の秘密",
        "Secrecy of communications",
    ),
    (
        "BiometricInformation",
        "SensitivePersonalData",
        "APPI 2(2)(i)",
        "身体の特徴から作る符号",
        "Codes made of bodily features",
    ),
    ("IndividualNumber", "IdentifyingPersonalData", "My Number Act 2(5)", "個人番号", "Individual Number"),
    (
        "LocationInformation",
        "SensitivePersonalData",
        "Guidelines for telecommunications business 41",
        "位置情報",
        "Location information",
    ),
    ("PropertyInformation", "PersonalData", "APPI 26(1)", "財産に関する情報", "Information on property"),
    (
        "Mask",
        "DataSanitisationTechnique",
        "APPI 23",
        "必要な部分を除いて隠す",
        "Hiding all but what is needed",
    ),
    (
        "AgeResultOnly",
        "DataSanitisationTechnique",
        "APPI 23",
        "年齢の判定の結果だけを渡す",
        "Giving the result on the age alone",
    ),
    (
        "AggregateOnly",
        "DataSanitisationTechnique",
        "APPI 23",
        "件数と割合だけを渡す",
        "Giving counts and rates alone",
    ),
];

/// The name of a term in the document.
pub(super) fn id(name: &str) -> String {
    format!("appi:{name}")
}

/// The ground that a citation stands for. Another statute is a basis in law; an item of these laws for which there is no
/// term is a legal basis and nothing closer.
pub(super) fn ground(citation: &str) -> String {
    let item = ["APPI 18(3)", "APPI 27(1)"].iter().find_map(|paragraph| citation.strip_prefix(paragraph));
    match item {
        Some("" | "(i)") => id(BY_LAW),
        Some("(ii)") => id("ProtectLife"),
        Some("(iii)") => id("PublicHealth"),
        Some("(iv)") => id("PublicAffairs"),
        None if !citation.starts_with("APPI") && !citation.starts_with("GDPR") => id(BY_LAW),
        _ => "dpv:LegalBasis".to_owned(),
    }
}

/// Every term as a node.
pub(super) fn nodes() -> Vec<Value> {
    let node = |(name, broader, citation, ja, en): &Term| {
        json!({
            "@id": id(name),
            "@type": ["skos:Concept"],
            "dct:source": [citation],
            "skos:broader": [{"@id": format!("dpv:{broader}")}],
            "skos:prefLabel": [{"@language": "ja", "@value": ja}, {"@language": "en", "@value": en}],
        })
    };
    TERMS.iter().map(node).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_citation_stands_for_its_item() {
        for (citation, term) in [
            ("APPI 18(3)(i)", "appi:ByLaw"),
            ("APPI 27(1)(ii)", "appi:ProtectLife"),
            ("APPI 27(1)(iii)", "appi:PublicHealth"),
            ("APPI 18(3)(iv)", "appi:PublicAffairs"),
            ("Code of Criminal Procedure 218(1)", "appi:ByLaw"),
            ("APPI 18(3)(v)", "dpv:LegalBasis"),
            ("APPI 27(5)(ii)", "dpv:LegalBasis"),
            ("GDPR 6(1)(f)", "dpv:LegalBasis"),
        ] {
            assert_eq!(ground(citation), term, "{citation}");
        }
    }
}
