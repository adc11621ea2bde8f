//! Why a gate says what it says: a stable code, and a sentence in each language.

use std::collections::BTreeMap;
use std::fmt;

use crate::language::Language;

macro_rules! reasons {
    ($($name:ident $code:literal $ja:literal $en:literal)*) => {
        /// A reason. Its code is stable and stands in answers, cases and scenarios; its sentence is for people.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Reason {
            $(#[doc = concat!("`", $code, "`: ", $en, ".")] $name,)*
        }

        impl Reason {
            /// Every reason, in the order of the gates that give them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The sentence, with `{names}` still to be filled in.
            #[must_use]
            pub const fn template(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$name, Language::Ja) => $ja, (Self::$name, Language::En) => $en,)*
                }
            }
        }
    };
}

reasons! {
    Governed "governed"
        "この版が適用されます"
        "this version governs"
    VersionTextAbsent "version_text_absent"
        "適用される版（{version}）の本文がありません。担当者の判断が必要です"
        "the text of the governing version ({version}) is not at hand; a person must decide"
    HistoryUnknown "history_unknown"
        "{relationship} の履歴が分からないため、どの版が適用されるか決められません"
        "the history of {relationship} is not known, so which version governs cannot be told"
    NoVersionInForce "no_version_in_force"
        "その時点で効力のある版がありません"
        "no version is in force at that time"
    NotProhibited "not_prohibited"
        "禁止事項に当たりません"
        "no prohibition matches"
    Prohibited "prohibited"
        "禁止されています: {prohibition}。同意や例外によっても許されません"
        "prohibited: {prohibition}; neither consent nor an exception lifts it"
    OriginConfirmed "origin_confirmed"
        "適正に取得されています（{source}）"
        "acquired justly ({source})"
    NoHolding "no_holding"
        "保有の記録がないため、いま本人から直接取得するものとして判断しました"
        "nothing is recorded as held; judged as acquired directly at that time"
    Quarantined "quarantined"
        "取得元（{source}）を確認できないため隔離しています"
        "quarantined: the source ({source}) is not confirmed for this"
    EntrustedWorkOnly "entrusted_work_only"
        "{entruster} から委託されたデータは、その業務にしか使えません"
        "data entrusted by {entruster} serve its work only"
    OwnDataInEntrustedWork "own_data_in_entrusted_work"
        "{entruster} からの受託業務では、自社のデータを使えません"
        "work done for {entruster} may not use the controller's own data"
    Necessary "necessary"
        "利用目的に必要な項目です"
        "the category is necessary for the purpose"
    NotNecessary "not_necessary"
        "この利用に必要な項目ではありません: {activity}"
        "the category is not necessary for the activity {activity}"
    UnregisteredActivity "unregistered_activity"
        "登録されていない利用です: {activity}。担当者の分類が必要です"
        "the activity {activity} is not registered; a person must classify it"
    ApplicationNotAllowed "application_not_allowed"
        "{application} はこの利用を行えません"
        "the application {application} may not do this"
    PurposeNotServed "purpose_not_served"
        "この利用は目的 {purpose} のためのものではありません"
        "the activity does not serve the purpose {purpose}"
    OccasionMissing "occasion_missing"
        "{period} 以内に {category} の記録がないため、この利用はできません"
        "there was no {category} within {period}, so the activity is not open"
    CombinationNotDeclared "combination_not_declared"
        "突合は予定されていません: {activity}"
        "the activity {activity} does not combine data"
    DisclosureToPrincipal "disclosure_to_principal"
        "本人への開示です"
        "this is a disclosure to the principal"
    NoAgreementNeeded "no_agreement_needed"
        "契約を必要としない利用です"
        "the activity needs no agreement"
    AgreementAlive "agreement_alive"
        "契約または会員関係が続いています: {relationship}"
        "the relationship is alive: {relationship}"
    NoAgreement "no_agreement"
        "必要な契約または会員関係がありません: {relationship}"
        "the relationship it needs has never been: {relationship}"
    AgreementEnded "agreement_ended"
        "契約または会員関係が終わっています: {relationship}"
        "the relationship it needs has ended: {relationship}"
    ContinuingUse "continuing_use"
        "契約の終了後も、保存期間内は利用できます"
        "the agreement has ended and the use may continue within retention"
    RetentionEnded "retention_ended"
        "保存期間（{period}）が過ぎています"
        "the retention of {period} has passed"
    NotProtected "not_protected"
        "特別に保護される区分ではありません"
        "the category is of no protected class"
    ByStatute "by_statute"
        "法令にもとづく取扱いです: {basis}"
        "the class is handled under its own statute: {basis}"
    IndividualConsent "individual_consent"
        "個別の同意があります: {item}"
        "individual consent is given: {item}"
    NeedsIndividualConsent "needs_individual_consent"
        "{class} には個別の同意が必要です"
        "the class {class} needs individual consent"
    MyNumberOutsideStatute "my_number_outside_statute"
        "{class} は法令の定める事務以外には使えません"
        "the class {class} serves statutory work only"
    ByWarrant "by_warrant"
        "令状にもとづく取扱いです"
        "a warrant lifts secrecy"
    NobodyElse "nobody_else"
        "ほかの者には渡りません"
        "nobody else gets the data"
    InGoodStanding "in_good_standing"
        "相手方は条件を満たしています: {recipient}"
        "the recipient is in good standing: {recipient}"
    RecipientNotNamed "recipient_not_named"
        "相手方が示されていません"
        "no recipient is named for an act that gives data to one"
    RecipientNotExpected "recipient_not_expected"
        "相手方のない行為に相手方が示されています: {recipient}"
        "a recipient is named for an act that has none: {recipient}"
    RecipientClassMismatch "recipient_class_mismatch"
        "{recipient} は {kind} であり、{action} の相手方になりません"
        "{recipient} is a {kind} and cannot be given data by {action}"
    NoEntrustmentAgreement "no_entrustment_agreement"
        "有効な委託契約がありません: {recipient}"
        "no agreement with {recipient} is in force"
    AssessmentOverdue "assessment_overdue"
        "選定の評価の期限が過ぎています: {recipient}（{due}）"
        "the assessment of {recipient} was due {due}"
    SupervisionOverdue "supervision_overdue"
        "監督の期限が過ぎています: {recipient}（{due}）"
        "the supervision of {recipient} was due {due}"
    DutyUnknown "duty_unknown"
        "その時点までに評価・監督・確認が行われたかが記録にありません: {recipient}"
        "whether the assessment, supervision or check of {recipient} had been done by then is not recorded"
    RecipientSuspended "recipient_suspended"
        "提供を止めている相手方です: {recipient}"
        "{recipient} is suspended"
    RecipientEnded "recipient_ended"
        "取引が終わった相手方です: {recipient}"
        "the relation with {recipient} has ended"
    WorkNotEntrusted "work_not_entrusted"
        "{recipient} に委託した業務の範囲外です"
        "this is outside the work entrusted to {recipient}"
    JointUseNotPublished "joint_use_not_published"
        "共同利用の公表がありません: {recipient}"
        "no joint use with {recipient} is published"
    OutsideJointUse "outside_joint_use"
        "公表した共同利用の項目または目的の範囲外です: {recipient}"
        "outside the items or purposes of the published joint use with {recipient}"
    NotAThirdParty "not_a_third_party"
        "第三者への提供ではありません"
        "this is no provision to a third party"
    ToNobody "to_nobody"
        "この利用では誰にも提供しません: {activity}"
        "the activity {activity} gives data to nobody"
    OnConsent "on_consent"
        "本人の同意にもとづく提供です: {item}"
        "the provision rests on consent: {item}"
    OnOptOut "on_opt_out"
        "届け出た停止の機会を設けた提供です: {choice}"
        "the provision rests on the notified opt-out: {choice}"
    OnLaw "on_law"
        "法令にもとづく提供です: {basis}"
        "the provision rests on law: {basis}"
    NoBasis "no_basis"
        "第三者への提供には本人の同意が必要です"
        "a provision to a third party needs the principal's consent"
    RouteNotInLaw "route_not_in_law"
        "この法令（{law}）にはこの経路（{route}）がないため、本人の同意が必要です"
        "the law ({law}) has no such route ({route}), so the principal's consent is needed"
    Domestic "domestic"
        "国外には渡りません"
        "nothing goes abroad"
    EquivalentCountry "equivalent_country"
        "同等の水準と認められた国です: {country}"
        "the country is held to protect equally: {country}"
    ConformingSystem "conforming_system"
        "相手方の体制を定期に確認しています: {recipient}"
        "the recipient keeps up a conforming system: {recipient}"
    TransferCheckOverdue "transfer_check_overdue"
        "国外の相手方の体制の確認の期限が過ぎています: {recipient}（{due}）"
        "the check of the system of {recipient} was due {due}"
    ForeignConsent "foreign_consent"
        "外国にある第三者への提供の同意があります: {item}"
        "consent to provision abroad is given: {item}"
    NeedsForeignConsent "needs_foreign_consent"
        "外国（{country}）にある者への提供には同意が必要です"
        "giving data abroad ({country}) needs consent"
    NothingDeclined "nothing_declined"
        "本人は止めていません"
        "the principal has declined nothing that covers this"
    Declined "declined"
        "本人が止めています: {choice}"
        "the principal has declined: {choice}"
    ResidueOfChoice "residue_of_choice"
        "止めていても必要最小限は渡ります: {choice}"
        "passes although declined, as the residue of {choice}"
    NoConsentNeeded "no_consent_needed"
        "同意を必要としません"
        "no consent is needed"
    ConsentGiven "consent_given"
        "同意があります: {item}"
        "consent is given: {item}"
    ConsentMissing "consent_missing"
        "同意がまだありません: {item}"
        "consent has not been given: {item}"
    Withdrawn "withdrawn"
        "同意が撤回されたか、断られています: {item}"
        "consent has been withdrawn or refused: {item}"
    ConsentExpired "consent_expired"
        "同意の期限が切れています: {item}"
        "the consent has expired: {item}"
    WordingNotAccepted "wording_not_accepted"
        "同意した文面（{given}）はこの取扱いを含みません: {item}"
        "the wording agreed to ({given}) does not cover this: {item}"
    GuardianNeeded "guardian_needed"
        "{under} 歳未満のため保護者の同意が必要です: {item}"
        "under {under}, a guardian must consent: {item}"
    GuardianJudgement "guardian_judgement"
        "本人の判断能力について担当者の判断が必要です: {item}"
        "whether the principal's own consent suffices at this age is for a person to judge: {item}"
    AgeUnknown "age_unknown"
        "生年月日が分からないため、同意の有効性を決められません: {item}"
        "the age is not known, so whether the consent counts cannot be told: {item}"
    GuardianNotLinked "guardian_not_linked"
        "保護者として確認されていません: {by}"
        "not linked as a guardian: {by}"
    AgentUnproven "agent_unproven"
        "代理権の証拠がありません: {by}"
        "no evidence of the agent's authority: {by}"
    Unrestricted "unrestricted"
        "止める決定はありません"
        "nothing stops it"
    Ceased "ceased"
        "利用停止等の決定により止めています"
        "stopped by an upheld claim, a hold or an incident"
    Erased "erased"
        "消去済みです"
        "what was held has been erased"
    NothingToMinimise "nothing_to_minimise"
        "加工の条件はありません"
        "nothing has to be minimised"
    Minimise "minimise"
        "条件があります: {minimisation}"
        "on condition: {minimisation}"
    LiftedByException "lifted_by_exception"
        "法令の例外により認められます: {exception}（{basis}）"
        "permitted by the exception {exception} ({basis}), with its obligations"
    ExceptionIncomplete "exception_incomplete"
        "例外の要件が足りません: {missing}。担当者の判断が必要です"
        "the exception {exception} lacks {missing}; a person must decide"
}

impl Reason {
    /// The sentence with the details filled in. A detail that is missing shows as its name, never as nothing.
    #[must_use]
    pub fn sentence(self, language: Language, details: &BTreeMap<&'static str, String>) -> String {
        let mut sentence = self.template(language).to_owned();
        for (key, value) in details {
            sentence = sentence.replace(&format!("{{{key}}}"), value);
        }
        sentence
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique_names() {
        let codes: BTreeSet<_> = Reason::ALL.iter().map(|r| r.code()).collect();
        assert_eq!(codes.len(), Reason::ALL.len());
        assert!(codes.iter().all(|c| crate::name::is_name(c)));
    }

    #[test]
    fn both_languages_say_something() {
        for reason in Reason::ALL {
            for language in Language::ALL {
                assert!(!reason.template(language).is_empty(), "{reason} {language}");
            }
        }
    }

    #[test]
    fn details_fill_the_sentence() {
        let details = BTreeMap::from([("item", "partner_sharing".to_owned())]);
        let sentence = Reason::ConsentMissing.sentence(Language::En, &details);
        assert_eq!(sentence, "consent has not been given: partner_sharing");
    }
}
