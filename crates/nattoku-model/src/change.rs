//! How one version of a policy may differ from another: a closed list of kinds, and what a law asks for one of them.

use std::fmt;
use std::str::FromStr;

use crate::language::Language;

/// What a change obliges to, from the least to the most (R42, CORE-4). The words are those of policies' law packs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeClass {
    /// Nothing beyond keeping the published notice true.
    None,
    /// The principals concerned must be told, or the change be published (APPI-21-3).
    Notify,
    /// What rests on an earlier consent or purpose does not cover it: the principals concerned must agree (APPI-17-2).
    ConsentAgain,
}

impl ChangeClass {
    /// Every class.
    pub const ALL: [Self; 3] = [Self::None, Self::Notify, Self::ConsentAgain];

    /// The word used in law packs and every output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Notify => "notify",
            Self::ConsentAgain => "consent_again",
        }
    }

    /// The class as a person reads it.
    #[must_use]
    pub const fn words(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::None, Language::Ja) => "必要な手続きなし",
            (Self::None, Language::En) => "nothing to do",
            (Self::Notify, Language::Ja) => "通知または公表",
            (Self::Notify, Language::En) => "notify",
            (Self::ConsentAgain, Language::Ja) => "同意の取り直し",
            (Self::ConsentAgain, Language::En) => "consent again",
        }
    }
}

impl fmt::Display for ChangeClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ChangeClass {
    type Err = ();

    fn from_str(s: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|c| c.as_str() == s).ok_or(())
    }
}

macro_rules! kinds {
    ($($name:ident $code:literal $ja:literal $en:literal)*) => {
        /// A kind of change. Its code is stable and stands in law packs and answers; its sentence is for people.
        ///
        /// The kinds are cut where a law may cut: what rests on a consent that stands already is another kind than what
        /// nobody has agreed to yet.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ChangeKind {
            $(#[doc = concat!("`", $code, "`: ", $en, ".")] $name,)*
        }

        impl ChangeKind {
            /// Every kind, in the order of the policy's parts.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The sentence about the thing that changed, with `{names}` still to be filled in.
            #[must_use]
            pub const fn template(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$name, Language::Ja) => $ja, (Self::$name, Language::En) => $en,)*
                }
            }
        }
    };
}

kinds! {
    ControllerChanged "controller_changed"
        "責任を負う者が変わります: {before} → {after}"
        "another organization is responsible: {before} → {after}"
    ControllerDetailsChanged "controller_details_changed"
        "責任を負う者の住所か代表者が変わります"
        "the address or the representative of whoever is responsible changes"
    LawAdded "law_added"
        "従う法令が加わります"
        "the policy is written under one more law"
    LawRemoved "law_removed"
        "従う法令から外れます"
        "the policy is no longer written under this law"
    LawVersionChanged "law_version_changed"
        "従う法令の版が変わります: {before} → {after}"
        "the version of the law changes: {before} → {after}"
    RulingChanged "ruling_changed"
        "本文に書かれていないことの決め方が変わります"
        "what was decided about something the text leaves open changes"
    TimezoneChanged "timezone_changed"
        "日付の基準となる時間帯が変わります: {before} → {after}"
        "dates are meant in another time zone: {before} → {after}"
    LanguagesChanged "languages_changed"
        "書かれている言語、または優先する言語が変わります"
        "the languages, or the one that prevails, change"
    DocumentAdded "document_added"
        "関連する文書が加わります"
        "a document beside the policy is added"
    DocumentRemoved "document_removed"
        "関連する文書がなくなります"
        "a document beside the policy is gone"
    DocumentChanged "document_changed"
        "関連する文書の位置づけ、言語または所在が変わります"
        "the standing, the language or the address of a document changes"
    CategoryAdded "category_added"
        "扱うデータの項目が加わります"
        "a kind of data is added"
    CategoryRemoved "category_removed"
        "扱うデータの項目がなくなります"
        "a kind of data is gone"
    CategoryClassAdded "category_class_added"
        "保護の区分が加わります: {items}"
        "it gains a class of protection: {items}"
    CategoryClassRemoved "category_class_removed"
        "区分から外れます: {items}"
        "it loses a class: {items}"
    ProtectionRemoved "protection_removed"
        "特別な保護の区分から外れます: {items}"
        "it loses a class that protects it specially: {items}"
    DerivationAdded "derivation_added"
        "推定のもとになる項目が加わります: {items}"
        "it is worked out from more: {items}"
    DerivationRemoved "derivation_removed"
        "推定のもとになる項目が減ります: {items}"
        "it is worked out from less: {items}"
    SourceAdded "source_added"
        "新しいところからデータを取得します"
        "data come from a new source"
    SourceRemoved "source_removed"
        "このところからは取得しなくなります"
        "data no longer come from this source"
    SourceGivesMore "source_gives_more"
        "ここから取得する項目が増えます: {items}"
        "more comes from it: {items}"
    SourceGivesLess "source_gives_less"
        "ここから取得する項目が減ります: {items}"
        "less comes from it: {items}"
    SourceChannelChanged "source_channel_changed"
        "取得の方法が変わります: {before} → {after}"
        "the way of acquisition changes: {before} → {after}"
    SourceConfirmationChanged "source_confirmation_changed"
        "取得の経緯の確認方法が変わります: {before} → {after}"
        "what confirms that it acquired the data justly changes: {before} → {after}"
    EntrusterAdded "entruster_added"
        "業務を受託する相手が加わります"
        "a business entrusts its data to us"
    EntrusterRemoved "entruster_removed"
        "この相手からの受託がなくなります"
        "this business no longer entrusts data to us"
    RelationshipAdded "relationship_added"
        "契約または会員関係の種類が加わります"
        "a kind of tie is added"
    RelationshipRemoved "relationship_removed"
        "契約または会員関係の種類がなくなります"
        "a kind of tie is gone"
    RelationshipKindChanged "relationship_kind_changed"
        "関係の種類が変わります: {before} → {after}"
        "the kind of tie changes: {before} → {after}"
    RetentionLengthened "retention_lengthened"
        "保存期間が長くなります: {before} → {after}"
        "it is kept longer: {before} → {after}"
    RetentionShortened "retention_shortened"
        "保存期間が短くなります: {before} → {after}"
        "it is kept shorter: {before} → {after}"
    RetentionChanged "retention_changed"
        "保存期間の数え方が変わります: {before} → {after}"
        "how long it is kept is counted otherwise: {before} → {after}"
    PurposeAdded "purpose_added"
        "すでに持っているデータを新しい目的に使います: {items}"
        "data already held serve a new purpose: {items}"
    PurposeAddedWithinScope "purpose_added_within_scope"
        "以前の目的と関連する範囲内の新しい目的に、すでに持っているデータを使います: {items}"
        "data already held serve a new purpose, within what is related to the former ones, as the policy states: {items}"
    PurposeAddedForNewData "purpose_added_for_new_data"
        "目的が加わります。これから取得するデータ、または改めて同意を得たデータだけに使います"
        "a purpose is added, for data yet to be acquired or under a consent of its own"
    PurposeRemoved "purpose_removed"
        "この目的には使わなくなります"
        "data no longer serve this purpose"
    PurposeWidened "purpose_widened"
        "すでに持っているデータのうち、新たにこの目的に使うもの: {items}"
        "data already held newly serve this purpose: {items}"
    PurposeWidenedWithinScope "purpose_widened_within_scope"
        "以前の目的と関連する範囲内で、新たにこの目的に使うもの: {items}"
        "data already held newly serve this purpose, within what is related to the former one, as the policy states: {items}"
    PurposeWidenedOnConsent "purpose_widened_on_consent"
        "それぞれの同意を得たうえで、新たにこの目的に使うもの: {items}"
        "data newly serve this purpose, under a consent of its own: {items}"
    PurposeReworded "purpose_reworded"
        "目的の文面が変わります。以前の目的と関連する範囲内かどうかは示されていません"
        "the text of the purpose changes, and nothing shows that it stays within what is related to the former one"
    PurposeRewordedWithinScope "purpose_reworded_within_scope"
        "目的の文面が変わります。以前の目的と関連する範囲内であることが示されています"
        "the text of the purpose changes within what is related to the former one, as the policy states"
    PurposeRenumbered "purpose_renumbered"
        "番号が変わります: {before} → {after}"
        "its number changes: {before} → {after}"
    ApplicationAdded "application_added"
        "利用する業務やシステムが加わります"
        "a program or unit that asks is added"
    ApplicationRemoved "application_removed"
        "利用する業務やシステムがなくなります"
        "a program or unit that asks is gone"
    ActivityAdded "activity_added"
        "これまでの目的の中で、すでにその目的に使っているデータの利用が加わります"
        "a use is added, within a purpose and of data that serve it already"
    ActivityRemoved "activity_removed"
        "この利用をやめます"
        "this use ends"
    ActivityReworded "activity_reworded"
        "利用の説明が変わります"
        "the use is described otherwise"
    ActivityServesMore "activity_serves_more"
        "ほかの目的のためにも行います: {items}"
        "it serves another purpose too: {items}"
    ActivityServesLess "activity_serves_less"
        "この目的のためには行わなくなります: {items}"
        "it no longer serves a purpose: {items}"
    ActivityNeedsMore "activity_needs_more"
        "使う項目が増えます: {items}"
        "it uses more: {items}"
    ActivityNeedsLess "activity_needs_less"
        "使う項目が減ります: {items}"
        "it uses less: {items}"
    ActivityApplicationAdded "activity_application_added"
        "この利用を行う業務やシステムが加わります: {items}"
        "another program or unit may do it: {items}"
    ActivityApplicationRemoved "activity_application_removed"
        "この利用を行えなくなる業務やシステム: {items}"
        "a program or unit may no longer do it: {items}"
    ActivityRelationshipLoosened "activity_relationship_loosened"
        "必要とする契約や会員関係が緩みます: {before} → {after}"
        "it needs less of a tie: {before} → {after}"
    ActivityRelationshipTightened "activity_relationship_tightened"
        "必要とする契約や会員関係が絞られます: {before} → {after}"
        "it needs more of a tie: {before} → {after}"
    ActivityMayContinue "activity_may_continue"
        "契約の終了後も続けられるようになります"
        "it may go on after the agreement has ended"
    ActivityEndsWithAgreement "activity_ends_with_agreement"
        "契約が終わるとできなくなります"
        "it ends with the agreement"
    ActivityOccasionLoosened "activity_occasion_loosened"
        "行えるきっかけの条件が緩みます"
        "it is open on more occasions"
    ActivityOccasionTightened "activity_occasion_tightened"
        "行えるきっかけの条件が厳しくなります"
        "it is open on fewer occasions"
    ActivityConsentDropped "activity_consent_dropped"
        "同意がなくても行われるようになります: {items}"
        "it no longer needs the consent: {items}"
    ActivityConsentRequired "activity_consent_required"
        "同意が必要になります: {items}"
        "it needs a consent: {items}"
    ActivityCombines "activity_combines"
        "データを突合するようになります"
        "data are joined for it"
    ActivityNoLongerCombines "activity_no_longer_combines"
        "データを突合しなくなります"
        "data are no longer joined for it"
    ActivityMayGive "activity_may_give"
        "誰にも渡さないという定めがなくなります"
        "it no longer says that nobody else gets data by it"
    ActivityGivesToNobody "activity_gives_to_nobody"
        "誰にも渡さないと定めます"
        "nobody else gets data by it any more"
    ActivityEntrusterChanged "activity_entruster_changed"
        "誰から任された業務かが変わります: {before} → {after}"
        "it is done for another business: {before} → {after}"
    ActivityDecidesMore "activity_decides_more"
        "本人について決めることが加わります: {items}"
        "it decides about the principal: {items}"
    ActivityDecidesLess "activity_decides_less"
        "本人について決めなくなります: {items}"
        "it no longer decides about the principal: {items}"
    ActivityStatuteAdded "activity_statute_added"
        "法令を根拠に、同意なしで特別な区分を使います: {items}"
        "it uses a protected class on the ground of a statute, without consent: {items}"
    ActivityStatuteRemoved "activity_statute_removed"
        "法令を根拠とする特別な区分の利用がなくなります: {items}"
        "it no longer uses a protected class on the ground of a statute: {items}"
    ActivityMinimisesLess "activity_minimises_less"
        "加工の条件が減ります: {items}"
        "it minimizes less: {items}"
    ActivityMinimisesMore "activity_minimises_more"
        "加工の条件が増えます: {items}"
        "it minimizes more: {items}"
    ThirdPartyAdded "third_party_added"
        "以前の同意のまま、新しい提供先に渡すことになります: {items}"
        "a class of third parties is added to what earlier consents are used for: {items}"
    ThirdPartyAbroadAdded "third_party_abroad_added"
        "以前の同意のまま、外国にある新しい提供先に渡すことになります: {items}"
        "a class of third parties abroad is added to what earlier consents are used for: {items}"
    ThirdPartyAddedOnNewConsent "third_party_added_on_new_consent"
        "新しい提供先が加わります。新たに同意した方のデータだけを渡します: {items}"
        "a class of third parties is added, for those only who newly agree: {items}"
    ThirdPartyAddedByOptOut "third_party_added_by_opt_out"
        "新しい提供先が加わります。本人が止めるまで渡します: {items}"
        "a class of third parties is added, until the principal declines: {items}"
    ThirdPartyAddedByLaw "third_party_added_by_law"
        "法令にもとづく提供先が加わります: {items}"
        "a recipient to whom law has data given is added: {items}"
    ProcessorAdded "processor_added"
        "委託先が加わります: {items}"
        "a processor is added: {items}"
    ProcessorAbroadAdded "processor_abroad_added"
        "外国にある委託先が加わります: {items}"
        "a processor abroad is added: {items}"
    SuccessorAdded "successor_added"
        "事業を引き継ぐ者が加わります"
        "a successor is added"
    RecipientAdded "recipient_added"
        "相手方が加わります。まだ何も渡しません"
        "a recipient is named; nothing is given to it yet"
    ThirdPartyRemoved "third_party_removed"
        "この提供先には渡さなくなります"
        "these third parties no longer get data"
    ProcessorRemoved "processor_removed"
        "この委託先には任せなくなります"
        "this processor is no longer entrusted with data"
    RecipientRemoved "recipient_removed"
        "この相手方には渡さなくなります"
        "this recipient no longer gets data"
    RecipientReworded "recipient_reworded"
        "相手方の呼び方が変わります: {before} → {after}"
        "the recipient is described otherwise: {before} → {after}"
    BecameThirdParty "became_third_party"
        "第三者として扱う相手方になります: {before} → {after}"
        "it becomes a third party: {before} → {after}"
    RecipientKindChanged "recipient_kind_changed"
        "相手方の区分が変わります: {before} → {after}"
        "the class of the flow changes: {before} → {after}"
    RecipientMovedAbroad "recipient_moved_abroad"
        "別の国に移ります: {before} → {after}"
        "it moves to another country: {before} → {after}"
    RecipientMovedAbroadProtected "recipient_moved_abroad_protected"
        "同等の水準の国、または体制を確認した国に移ります: {before} → {after}"
        "it moves to a country, or keeps up a system, of equal protection: {before} → {after}"
    RecipientMovedHome "recipient_moved_home"
        "外国に当たらない国に移ります: {before} → {after}"
        "it moves to a country that is not abroad: {before} → {after}"
    TransferLoosened "transfer_loosened"
        "外国への移転に同意を求めなくなります: {before} → {after}"
        "giving data abroad no longer rests on consent: {before} → {after}"
    TransferChanged "transfer_changed"
        "外国への移転の根拠が変わります: {before} → {after}"
        "giving data abroad rests on something else: {before} → {after}"
    EntrustmentWidened "entrustment_widened"
        "委託する範囲が広がります: {items}"
        "it is entrusted with more: {items}"
    EntrustmentNarrowed "entrustment_narrowed"
        "委託する範囲が狭まります: {items}"
        "it is entrusted with less: {items}"
    EntrustedWorkChanged "entrusted_work_changed"
        "委託する業務の種類が変わります: {before} → {after}"
        "the kinds of work entrusted change: {before} → {after}"
    DutyLoosened "duty_loosened"
        "評価、監督、確認または契約の条件が緩みます: {items}"
        "a duty towards it is loosened: {items}"
    DutyTightened "duty_tightened"
        "評価、監督、確認または契約の条件が厳しくなります: {items}"
        "a duty towards it is tightened: {items}"
    DutyRenewed "duty_renewed"
        "評価、監督または確認の日が改められます: {items}"
        "the day on which a duty was last done moves: {items}"
    ProvisionWidened "provision_widened"
        "以前の同意のまま、渡すものが増えます: {items}"
        "more is given on consents given earlier: {items}"
    ProvisionWidenedOnNewConsent "provision_widened_on_new_consent"
        "新たに同意した方について、渡すものが増えます: {items}"
        "more is given, for those only who newly agree: {items}"
    ProvisionWidenedByOptOut "provision_widened_by_opt_out"
        "本人が止めるまで渡すものが増えます: {items}"
        "more is given until the principal declines: {items}"
    ProvisionWidenedByLaw "provision_widened_by_law"
        "法令にもとづいて渡すものが増えます: {items}"
        "more is given because law has it given: {items}"
    ProvisionNarrowed "provision_narrowed"
        "渡すものが減ります: {items}"
        "less is given: {items}"
    ProvisionBasisLoosened "provision_basis_loosened"
        "同意にもとづく提供でなくなります: {before} → {after}"
        "the provision no longer rests on the consent it rested on: {before} → {after}"
    ProvisionBasisTightened "provision_basis_tightened"
        "提供に同意が必要になります: {before} → {after}"
        "the provision comes to rest on consent: {before} → {after}"
    ProvisionBasisChanged "provision_basis_changed"
        "提供の根拠が変わります: {before} → {after}"
        "the provision rests on something else: {before} → {after}"
    ProvisionAcceptsMore "provision_accepts_more"
        "この提供を含まなかった文面への同意で足りることになります: {items}"
        "wordings that did not cover the provision come to count for it: {items}"
    ProvisionAcceptsLess "provision_accepts_less"
        "この提供に足りる文面が減ります: {items}"
        "wordings that covered the provision no longer do: {items}"
    ConsentAdded "consent_added"
        "同意をお願いする事項が加わります"
        "there is one more thing to agree to"
    ConsentRemoved "consent_removed"
        "同意をお願いする事項がなくなります"
        "this is no longer something to agree to"
    ConsentReworded "consent_reworded"
        "同意の文面が新しくなります。以前の文面への同意も引き続き認めます: {before} → {after}"
        "a new wording is shown; consent to the former one still counts: {before} → {after}"
    ConsentWordingNotAccepted "consent_wording_not_accepted"
        "文面が変わり、以前の文面への同意では足りなくなります: {items}"
        "consent to a former wording no longer counts: {items}"
    ConsentWordingAltered "consent_wording_altered"
        "同意を得た文面が、同じ版のまま書き換えられています: {items}"
        "a wording that people agreed to is rewritten under the same version: {items}"
    ConsentAcceptsMore "consent_accepts_more"
        "足りなかった文面への同意で足りることになります: {items}"
        "consent to a wording that did not count comes to count: {items}"
    ConsentBecameIndividual "consent_became_individual"
        "個別の同意として扱われるようになります"
        "it comes to count as individual consent"
    ConsentNoLongerIndividual "consent_no_longer_individual"
        "個別の同意として扱われなくなります"
        "it no longer counts as individual consent"
    ConsentPrincipalMatterChanged "consent_principal_matter_changed"
        "主な事項かどうかの印が変わります"
        "whether it is marked as a principal matter changes"
    GuardianAgeRaised "guardian_age_raised"
        "保護者の同意が必要な年齢が上がります: {before} → {after}"
        "a guardian must agree up to a higher age: {before} → {after}"
    GuardianAgeLowered "guardian_age_lowered"
        "保護者の同意が必要な年齢が下がります: {before} → {after}"
        "a guardian must agree up to a lower age: {before} → {after}"
    ConsentLastsLonger "consent_lasts_longer"
        "同意の有効期間が長くなります: {before} → {after}"
        "a consent lasts longer: {before} → {after}"
    ConsentLastsShorter "consent_lasts_shorter"
        "同意の有効期間が短くなります: {before} → {after}"
        "a consent lasts shorter: {before} → {after}"
    ChoiceAdded "choice_added"
        "止められる項目が加わります"
        "there is one more thing that can be stopped"
    ChoiceRemoved "choice_removed"
        "止められる項目がなくなります"
        "this can no longer be stopped"
    RefusabilityReduced "refusability_reduced"
        "止めにくくなります: {before} → {after}"
        "it can be declined less freely: {before} → {after}"
    RefusabilityIncreased "refusability_increased"
        "止めやすくなります: {before} → {after}"
        "it can be declined more freely: {before} → {after}"
    ChoiceCoversLess "choice_covers_less"
        "止められる範囲が狭まります: {items}"
        "it covers less: {items}"
    ChoiceCoversMore "choice_covers_more"
        "止められる範囲が広がります: {items}"
        "it covers more: {items}"
    SignalAdded "signal_added"
        "ブラウザの信号で止まるようになります: {items}"
        "a signal of the browser comes to decline it: {items}"
    SignalRemoved "signal_removed"
        "ブラウザの信号では止まらなくなります: {items}"
        "a signal of the browser no longer declines it: {items}"
    ResidueWidened "residue_widened"
        "止めていても行われる範囲が広がります: {items}"
        "more passes although it is declined: {items}"
    ResidueNarrowed "residue_narrowed"
        "止めていても行われる範囲が狭まります: {items}"
        "less passes although it is declined: {items}"
    JointUseAdded "joint_use_added"
        "共同利用が加わります: {items}"
        "a joint use is added: {items}"
    JointUseRemoved "joint_use_removed"
        "共同利用がなくなります"
        "a joint use ends"
    JointUseItemsWidened "joint_use_items_widened"
        "共同利用する項目が増えます: {items}"
        "more is used jointly: {items}"
    JointUseUsersWidened "joint_use_users_widened"
        "共同利用する者が増えます: {items}"
        "more use it jointly: {items}"
    JointUsePurposeChanged "joint_use_purpose_changed"
        "共同利用の目的が変わります: {before} → {after}"
        "the purpose of the joint use changes: {before} → {after}"
    JointUseResponsibleChanged "joint_use_responsible_changed"
        "共同利用の管理について責任を負う者が変わります"
        "whoever is responsible for the joint use changes"
    JointUseNarrowed "joint_use_narrowed"
        "共同利用の範囲が狭まります: {items}"
        "less is used jointly, or by fewer: {items}"
    PublicationDateChanged "publication_date_changed"
        "公表の日が変わります: {before} → {after}"
        "the day of publication changes: {before} → {after}"
    AnonymizedAdded "anonymized_added"
        "匿名加工情報の公表が加わります: {items}"
        "anonymized information is added: {items}"
    AnonymizedChanged "anonymized_changed"
        "匿名加工情報の項目または提供の方法が変わります: {items}"
        "the items of anonymized information, or how it is given, change: {items}"
    AnonymizedRemoved "anonymized_removed"
        "匿名加工情報の公表がなくなります"
        "anonymized information is no longer made"
    TransmissionAdded "transmission_added"
        "端末から外部に送らせる情報が加わります: {items}"
        "devices are made to send more to others: {items}"
    TransmissionChanged "transmission_changed"
        "端末から外部に送らせる情報、送信先、目的または止め方が変わります: {items}"
        "what devices are made to send, to whom, what for or how it is stopped changes: {items}"
    TransmissionRemoved "transmission_removed"
        "端末から外部に送らせなくなります"
        "devices are no longer made to send it"
    ProhibitionAdded "prohibition_added"
        "禁止事項が加わります"
        "a prohibition is added"
    ProhibitionRemoved "prohibition_removed"
        "禁止事項がなくなります"
        "a prohibition is gone"
    ProhibitionNarrowed "prohibition_narrowed"
        "禁止の範囲が狭まります"
        "the prohibition forbids less"
    ProhibitionWidened "prohibition_widened"
        "禁止の範囲が広がります"
        "the prohibition forbids more"
    ExceptionAdded "exception_added"
        "法令の例外が加わります"
        "an exception by law is added"
    ExceptionRemoved "exception_removed"
        "法令の例外がなくなります"
        "an exception by law is gone"
    ExceptionLoosened "exception_loosened"
        "法令の例外を使う条件が緩みます: {items}"
        "the exception asks for less, or permits more: {items}"
    ExceptionTightened "exception_tightened"
        "法令の例外を使う条件が厳しくなります: {items}"
        "the exception asks for more, or permits less: {items}"
    TransitionAdded "transition_added"
        "以前の版が引き続き適用されるデータが増えます"
        "an earlier version goes on to govern some of what is held"
    TransitionRemoved "transition_removed"
        "以前の版が適用されていたデータに、新しい版が適用されます"
        "what an earlier version governed comes under the newer one"
    TransitionChanged "transition_changed"
        "以前の版が適用される範囲が変わります: {before} → {after}"
        "what an earlier version governs changes: {before} → {after}"
    EquivalentCountryAdded "equivalent_country_added"
        "同等の水準と認める国が加わります: {items}"
        "a country comes to count as of equal protection: {items}"
    EquivalentCountryRemoved "equivalent_country_removed"
        "同等の水準と認める国が減ります: {items}"
        "a country no longer counts as of equal protection: {items}"
    DeskAdded "desk_added"
        "窓口が加わります"
        "a desk is added"
    DeskRemoved "desk_removed"
        "窓口がなくなります"
        "a desk is gone"
    DeskChanged "desk_changed"
        "窓口の連絡先または受付時間が変わります"
        "how or when the desk is reached changes"
    CalendarChanged "calendar_changed"
        "窓口の休みの日が変わります"
        "the days on which desks are closed change"
    BodyAdded "body_added"
        "苦情を受け付ける団体が加わります"
        "a body that takes complaints is added"
    BodyRemoved "body_removed"
        "苦情を受け付ける団体がなくなります"
        "a body that takes complaints is gone"
    BodyChanged "body_changed"
        "苦情を受け付ける団体の連絡先または対象が変わります"
        "how a body that takes complaints is reached, or for what, changes"
    LineOfBusinessChanged "line_of_business_changed"
        "事業の区分が変わります"
        "a line of business is added or gone"
    WorkChanged "work_changed"
        "委託する業務の種類が加わるか、なくなります"
        "a kind of work that may be entrusted is added or gone"
    WordingChanged "wording_changed"
        "説明の言葉が変わります。扱いは変わりません"
        "words that explain change; what is done does not"
    TranslationChanged "translation_changed"
        "優先しない言語の訳だけが変わります"
        "only the translation in a language that does not prevail changes"
}

impl fmt::Display for ChangeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for ChangeKind {
    type Err = ();

    fn from_str(s: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|k| k.code() == s).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique_names_and_read_back() {
        let codes: BTreeSet<_> = ChangeKind::ALL.iter().map(|k| k.code()).collect();
        assert_eq!(codes.len(), ChangeKind::ALL.len());
        for kind in ChangeKind::ALL {
            assert!(crate::name::is_name(kind.code()), "{kind}");
            assert_eq!(kind.code().parse(), Ok(*kind));
        }
    }

    #[test]
    fn both_languages_fill_in_the_same_details() {
        let details = |text: &'static str| -> BTreeSet<&'static str> {
            text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
        };
        for kind in ChangeKind::ALL {
            let (ja, en) = (kind.template(Language::Ja), kind.template(Language::En));
            assert_eq!(details(ja), details(en), "{kind}");
        }
    }

    #[test]
    fn the_strictest_class_is_the_greatest() {
        assert!(ChangeClass::None < ChangeClass::Notify && ChangeClass::Notify < ChangeClass::ConsentAgain);
        for class in ChangeClass::ALL {
            assert_eq!(class.as_str().parse(), Ok(class));
        }
    }
}
