//! A machine's clock may be set back. What a principal did last still counts last.

use nattoku_model::Verdict;
use nattoku_operations::Question;

use crate::shop::{by_principal, open};

#[test]
fn a_withdrawal_after_the_clock_went_back_is_respected() {
    let (shop, clock) = open("clock-back", "2020-06-01T12:00:00Z");
    let line = r#"{"event":"principal_registered","principal":"p1","at":"2020-06-01T11:00:00Z"}"#;
    shop.import_events(line.as_bytes(), false, &mut |_| {}).unwrap();
    let question = Question {
        application: "campaigns".to_owned(),
        principal: "p1".to_owned(),
        action: "use".to_owned(),
        activity: "offers".to_owned(),
        categories: vec!["purchase".to_owned()],
        ..Question::default()
    };
    shop.grant_consent("p1", "mail", &by_principal(), None).unwrap();
    assert_eq!(shop.decide(&question).unwrap().verdict, Verdict::Permit);

    clock.set("2020-06-01T11:30:00Z");
    shop.withdraw_consent("p1", "mail", &by_principal()).unwrap();
    assert_eq!(shop.decide(&question).unwrap().verdict, Verdict::Deny);
    // The same again and again under a clock that does not move on: each act is an event of its own.
    shop.grant_consent("p1", "mail", &by_principal(), None).unwrap();
    assert_eq!(shop.decide(&question).unwrap().verdict, Verdict::Permit);
    shop.withdraw_consent("p1", "mail", &by_principal()).unwrap();
    assert_eq!(shop.decide(&question).unwrap().verdict, Verdict::Deny);
    assert_eq!(shop.history("p1").unwrap().len(), 5);
    let shown = shop.consents("p1").unwrap();
    assert_eq!(shown[0].reason.code(), "withdrawn", "the page says what the decision says");
}
