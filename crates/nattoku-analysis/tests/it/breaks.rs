//! Every invariant of the reference policy is refuted once the policy is broken on purpose, and the counterexample, pasted
//! into the policy, comes out as it was found.

use nattoku_analysis::prove::{Counterexample, Outcome, prove};
use nattoku_analysis::scenario_text::against;
use nattoku_model::policy::{Invariant, Versions};
use nattoku_policy::{Source, check};
use nattoku_spec::decide;

use crate::carrier::{checked, sources};

/// A change of one file: this text, which stands there once, becomes that. Where it is empty, that is added at the end.
type Edit = (&'static str, &'static str, &'static str);

/// One way to break the policy, and the invariant that then no longer holds, by a text that it alone holds.
pub(crate) struct Break {
    pub(crate) invariant: &'static str,
    edits: &'static [Edit],
}

fn edited(edits: &[Edit]) -> Vec<Source> {
    let mut sources = sources();
    for (file, from, to) in edits {
        let source = sources.iter_mut().find(|s| s.name == *file).expect("the file is there");
        let text = String::from_utf8(source.bytes.clone()).expect("it is text");
        let text = if from.is_empty() {
            format!("{text}{to}\n")
        } else {
            assert_eq!(text.matches(from).count(), 1, "{file} holds once: {from}");
            text.replace(from, to)
        };
        source.bytes = text.into_bytes();
    }
    sources
}

fn named<'v>(versions: &'v Versions, text: &str) -> &'v Invariant {
    let mut found = versions.current().invariants.iter().filter(|i| i.written.contains(text));
    let invariant = found.next().expect("an invariant holds the text");
    assert!(found.next().is_none(), "one invariant holds the text {text}");
    invariant
}

/// The counterexample that breaking the policy leaves.
fn refuted(case: &Break) -> (Vec<Source>, Versions, Counterexample) {
    let sources = edited(case.edits);
    let versions = checked(&sources).versions.expect("what is broken can still be read");
    let invariant = named(&versions, case.invariant);
    let proof = prove(&versions, &[invariant], &mut |_| {});
    match &proof.results[0].outcome {
        Outcome::Broken(found) => (sources, versions.clone(), (**found).clone()),
        other => panic!("{invariant} is not refuted: {other:?}"),
    }
}

fn shows(case: &Break) {
    let (mut sources, versions, found) = refuted(case);
    assert!(found.decision.verdict.is_permitted());
    let invariant = named(&versions, case.invariant);
    let text = against(versions.current(), invariant, &found.events, &found.request);
    sources.push(Source::new("pasted.kdl", text.clone().into_bytes()));
    let checked = check(&sources);
    let pasted = checked.scenarios.iter().find(|s| s.place.file == "pasted.kdl").unwrap_or_else(|| {
        panic!("{text}\n{:#?}", checked.diagnostics);
    });
    let versions = checked.versions.as_ref().expect("it can still be read");
    let decision = decide(versions, &pasted.events, &pasted.request, found.decision.revision);
    assert_eq!(decision, found.decision, "{text}");
    assert!(!pasted.expect.verdict.is_permitted(), "{text}");
}

macro_rules! breaks {
    ($($name:ident: $invariant:literal, $($file:literal: $from:literal => $to:literal),+;)*) => {
        /// Every way to break the policy.
        pub(crate) const BREAKS: &[Break] =
            &[$(Break { invariant: $invariant, edits: &[$(($file, $from, $to)),+] }),*];

        mod each {
            $(#[test]
            fn $name() {
                super::shows(&super::Break { invariant: $invariant, edits: &[$(($file, $from, $to)),+] });
            })*
        }
    };
}

breaks! {
    location_is_given_for_research_by_a_law: "never provide location to=third_party",
        "provisions.kdl": "" => "provision location_to_clients { activity mobility_statistics; give location.base_station; to study_client; basis law=\"Statistics Act 1\" }";
    location_goes_to_a_hospital_under_an_exception: "never provide location to=third_party",
        "law.kdl": "basis=\"APPI 27(1)(ii)\" {\n    ja \"人の生命、身体、財産を守るための提供\"; en \"Provision to protect life, body or property\"\n    actions provide\n    to authority\n    to third_party { except location }" => "basis=\"APPI 27(1)(ii)\" {\n    ja \"人の生命、身体、財産を守るための提供\"; en \"Provision to protect life, body or property\"\n    actions provide\n    to authority third_party";
    the_stores_learn_the_address: "never provide contact.email",
        "provisions.kdl": "give purchase club.number club.rank\n    to store_partners" => "give purchase club.number club.rank contact.email\n    to store_partners",
        "purposes.kdl": "needs purchase club.number club.rank\n    by campaign_platform" => "needs purchase club.number club.rank contact.email\n    by campaign_platform";
    an_age_is_told_without_asking: "never provide profile.birth_date to=content_providers",
        "provisions.kdl": "to content_providers\n    basis consent=age_notice" => "to content_providers\n    basis law=\"APPI 27(1)(i)\"",
        "purposes.kdl": "    requires consent=age_notice\n" => "";
    the_first_wording_covers_who_came_later: "to=online_partners activity=partner_offers wording",
        "provisions.kdl": "to online_partners\n    basis consent=partner_sharing accepts=\"2\"" => "to online_partners\n    basis consent=partner_sharing";
    a_system_abroad_is_called_conforming: "to=abroad unless=\"foreign_provision",
        "recipients.kdl": "transfer consent=foreign_provision" => "transfer conforming_system checked=\"2026-04-01\" every=\"12 months\"";
    a_processor_abroad_gets_the_whole_contact: "never entrust contact.name profile to=abroad",
        "recipients.kdl": "may failure_response on=\"device contract contact.email\"" => "may failure_response on=\"device contract contact\"";
    the_campaign_office_gets_credit: "only entrust credit payment",
        "recipients.kdl": "may prize_delivery on=\"contact campaign_entry\"" => "may prize_delivery on=\"contact campaign_entry\"\n    may credit_decision on=\"credit\"";
    group_points_take_in_unpaid_charges: "only share billing.unpaid",
        "publications.kdl": "items club.number club.balance club.rank purchase" => "items club.number club.balance club.rank purchase billing.unpaid";
    campaign_news_may_be_shared: "never \"provide share\" any activity=\"campaign_news",
        "purposes.kdl": "needs contact contract club interest purchase\n    by campaign_platform\n    during line home card content club\n    to nobody" => "needs contact contract club interest purchase\n    by campaign_platform\n    during line home card content club";
    advertising_mail_reads_calls: "class=communications_secrecy unless=\"call_history_use",
        "consents.kdl": "consent advertising_mail text=\"1\" accepts=\"1\" principal-matter" => "consent advertising_mail text=\"1\" accepts=\"1\" individual=#true principal-matter",
        "purposes.kdl": "needs contact.email interest\n    by campaign_platform\n    during" => "needs contact.email interest call_history\n    by campaign_platform\n    during";
    call_history_loses_its_class: "never any call_history network_log unless",
        "data.kdl": "category call_history class=communications_secrecy" => "category call_history";
    quality_reads_calls: "only any call_history for",
        "purposes.kdl": "needs inquiry social_post service_use data_volume device.model location.base_station\n    by analytics_platform customer_desk\n    minimise pseudonymize" => "needs inquiry social_post service_use data_volume device.model location.base_station call_history\n    by analytics_platform customer_desk\n    minimise pseudonymize\n    statute communications_secrecy basis=\"none\"";
    claims_touch_the_individual_number: "only any my_number",
        "purposes.kdl": "statute special_care basis=\"APPI 33(2)\"" => "statute special_care basis=\"APPI 33(2)\"\n    statute my_number basis=\"APPI 33(2)\"\n    needs my_number";
    offers_by_place_do_not_ask: "never any location purpose=proposals",
        "purposes.kdl": "    requires consent=location_use\n" => "";
    answers_on_health_improve_products: "never any survey.health class",
        "purposes.kdl": "needs purchase service_use contract device.model data_volume survey.answers" => "requires consent=disability_discount\n    needs purchase service_use contract device.model data_volume survey";
    agreeing_counts_for_service: "will_record outcome=refuse_service",
        "law.kdl": "on profile.nationality will_record" => "on profile.nationality";
    illness_counts_for_service: "class=special_care outcome=refuse_service",
        "law.kdl": "    class special_care\n" => "";
    an_exception_nobody_looked_at: "declined=any",
        "law.kdl": "" => "exception legitimate_interest basis=\"GDPR 6(1)(f)\" { ja \"正当な利益\"; en \"Legitimate interest\"; actions use; requires necessity; obliges record }";
    partners_get_more_than_the_residue: "declined=partner_provision",
        "consents.kdl": "residue club.number club.balance for=point_use" => "residue club.number club.balance for=point_use\n    residue club.rank for=partner_offers";
    offers_go_on_although_declined: "purpose=proposals declined=offers",
        "consents.kdl": "residue contact campaign_entry for=prize_delivery" => "residue contact campaign_entry for=prize_delivery\n    residue contact for=phone_offers";
    advertising_cannot_be_stopped: "declined=ad_targeting",
        "consents.kdl": "choice ad_targeting refusability=refusable" => "choice ad_targeting refusability=not_refusable",
        "consents.kdl": "declines ad_targeting" => "declines telephone_offers";
    news_of_goods_slips_out_of_the_switch: "declined=recommendation",
        "consents.kdl": "covers recommendations coupons third_party_goods_news" => "covers recommendations coupons";
    calls_cannot_be_stopped: "declined=telephone_offers",
        "consents.kdl": "choice telephone_offers refusability=refusable" => "choice telephone_offers refusability=not_refusable";
    the_questionnaire_on_health_slips_out: "declined=surveys",
        "consents.kdl": "covers questionnaire health_survey" => "covers questionnaire";
    marketing_joins_all_the_same: "declined=joined_analysis",
        "consents.kdl": "covers usage_analysis market_research marketing_analysis action=combine" => "covers usage_analysis market_research action=combine";
    movement_is_counted_all_the_same: "declined=movement_statistics",
        "consents.kdl": "choice movement_statistics refusability=refusable" => "choice movement_statistics refusability=not_refusable";
    the_switch_on_sharing_covers_providing: "declined=joint_use",
        "consents.kdl": "covers coupons action=share" => "covers coupons action=provide";
    a_law_stands_beside_a_withdrawn_consent: "withdrawn=any",
        "provisions.kdl": "" => "provision offers_by_law { activity partner_offers; give purchase; to store_partners; basis law=\"none\" }";
    a_law_stands_beside_silence: "unanswered=any",
        "provisions.kdl": "" => "provision credit_by_law { activity credit_decision; give billing; to credit_agency; basis law=\"none\" }";
    children_of_twelve_agree_alone: "activity=partner_offers age-under=16",
        "consents.kdl": "Your points stay usable.\"\n    }\n    guardian under=16 judge-from=12" => "Your points stay usable.\"\n    }\n    guardian under=12";
    children_agree_to_location_alone: "activity=\"location_offers rate_proposal_by_calls",
        "consents.kdl": "Calls and data are not affected.\"\n    }\n    guardian under=16 judge-from=12" => "Calls and data are not affected.\"\n    }";
    a_score_feeds_recommendations: "only any credit for",
        "purposes.kdl": "needs purchase service_use browsing interest contract club" => "needs purchase service_use browsing interest credit.score contract club";
    family_members_get_campaign_news: "never any identity_document family",
        "purposes.kdl": "needs contact contract club interest purchase\n    by campaign_platform\n    during" => "needs contact contract club interest purchase family\n    by campaign_platform\n    during";
    signs_of_fraud_feed_advertising: "never any fraud_signal",
        "purposes.kdl": "needs interest browsing ad_response" => "needs interest browsing fraud_signal ad_response";
    research_calls_people: "never any contact.name contact.phone contact.address purpose=improvement",
        "purposes.kdl": "needs survey.answers purchase profile.birth_date profile.gender interest" => "needs survey.answers purchase contact.phone profile.birth_date profile.gender interest";
    a_study_is_made_of_entrusted_data: "only any any entrusted=any",
        "purposes.kdl": "needs purchase profile.birth_date profile.gender survey.answers\n    by analytics_platform\n    minimise aggregate_only" => "needs purchase profile.birth_date profile.gender survey.answers\n    by analytics_platform\n    entrusted-by retailer\n    minimise aggregate_only";
    entrusted_work_is_entrusted_on: "never \"provide share entrust\" any activity=retail_analysis",
        "recipients.kdl": "may quality_improvement on=\"service_use data_volume device.model\"" => "may quality_improvement on=\"service_use data_volume device.model\"\n    may retail_analysis on=\"purchase\"";
    recommendations_outlive_the_contract: "without=\"line home card content club\"",
        "purposes.kdl": "needs purchase service_use browsing interest contract club profile.birth_date profile.gender\n    by campaign_platform service_platform\n    during line home card content club" => "needs purchase service_use browsing interest contract club profile.birth_date profile.gender\n    by campaign_platform service_platform\n    during line home card content club\n    may-continue";
    partner_offers_outlive_the_club: "ended=club",
        "purposes.kdl": "needs purchase club.number club.rank\n    by campaign_platform\n    during club" => "needs purchase club.number club.rank\n    by campaign_platform\n    during club\n    may-continue";
    location_is_kept_a_year: "older-than",
        "data.kdl": "retain location for=\"6 months\"" => "retain location for=\"1 year\"";
    the_new_purposes_reach_back: "acquired-before",
        "law.kdl": "when acquired before=\"2019-12-11T00:00:00+09:00\"" => "when acquired before=\"2017-12-11T00:00:00+09:00\"";
}

#[test]
fn every_invariant_of_the_policy_is_broken_by_some_case() {
    let versions = checked(&sources()).versions.expect("the policy is sound");
    let broken: Vec<&Invariant> = BREAKS.iter().map(|case| named(&versions, case.invariant)).collect();
    for invariant in &versions.current().invariants {
        assert!(broken.contains(&invariant), "no case breaks {invariant}");
    }
    assert!(versions.current().invariants.len() >= 25);
}
