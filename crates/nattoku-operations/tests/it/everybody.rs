//! What is counted and listed over the population at hand is what is counted and listed over the ledger.

use std::fmt::Write as _;

use nattoku_operations::{Nattoku, OperationError, Others, Question};
use nattoku_store::PageMark;

use crate::shop::{SetClock, open};

const NOW: &str = "2020-06-01T12:00:00Z";

/// A shop with so many customers, of whom each has bought and agreed, or not, or not any more.
fn shop_of(name: &str, customers: usize) -> (Nattoku, SetClock) {
    let (shop, clock) = open(name, NOW);
    let mut lines = String::new();
    for n in 0..customers {
        let mut happened = |day: usize, event: &str, more: &str| {
            writeln!(
                lines,
                r#"{{"event":"{event}","principal":"p{n}","at":"2020-05-{day:02}T00:00:00Z"{more}}}"#
            )
            .unwrap();
        };
        happened(1, "principal_registered", "");
        if n % 3 != 2 {
            happened(2, "data_acquired", r#","category":"purchase","source":"till""#);
        }
        let mail = r#","item":"mail","channel":"web","by":"principal""#;
        if n % 2 == 0 {
            happened(3, "consent_granted", &format!(r#"{mail},"text_version":"1","language":"en""#));
        }
        if n % 8 == 4 {
            happened(4, "consent_withdrawn", mail);
        }
    }
    shop.import_events(lines.as_bytes(), false, &mut |_| {}).unwrap();
    (shop, clock)
}

fn offers() -> Question {
    Question {
        application: "campaigns".to_owned(),
        action: "use".to_owned(),
        activity: "offers".to_owned(),
        categories: vec!["purchase".to_owned()],
        ..Question::default()
    }
}

/// Holds what is answered over the population against what is answered over the ledger.
fn hold(shop: &Nattoku, question: &Question) -> u64 {
    let mut listed = Vec::new();
    let mut list = |one: &nattoku_operations::Listed<'_>| {
        listed.push((one.principal.to_owned(), one.verdict));
        Ok(())
    };
    let audience =
        shop.audience(question, &Others::default(), None, None, Some(&mut list), &mut |_| ()).unwrap();
    let following = shop.clone().follow(&mut |_| ()).unwrap();
    let standing = following.standing();
    let figures = standing.figures(question).unwrap();
    assert_eq!(figures.verdicts, audience.verdicts);
    assert_eq!(figures.causes, audience.causes);
    assert_eq!((figures.revision, &figures.policy_version), (audience.revision, &audience.policy_version));
    assert_eq!(figures.request, audience.request);
    for (most, asked_most) in [(1, 1_000), (7, 1_000), (1_000, 1_000), (1_000, 3), (2, 5)] {
        let (mut found, mut after) = (Vec::new(), Some(PageMark::default()));
        while let Some(mark) = after {
            let page = standing.permitted(question, mark, most, asked_most).unwrap();
            assert!(page.principals.len() <= usize::try_from(most).unwrap());
            assert_eq!(page.revision, figures.revision);
            found.extend(page.principals);
            assert_ne!(page.next, after, "it goes on");
            after = page.next;
        }
        assert_eq!(found, listed, "{most} of {asked_most} at once");
    }
    assert_eq!(figures.permitted(), u64::try_from(listed.len()).unwrap());
    figures.permitted()
}

#[test]
fn figures_and_lists_are_those_of_the_audience() {
    let (shop, _) = shop_of("everybody", 48);
    // Half have agreed, and of these a quarter not any more. Of who has bought nothing there is nothing to use, which is no reason
    // to deny.
    assert_eq!(hold(&shop, &offers()), 18);
    assert_eq!(hold(&shop, &Question { activity: "offer".to_owned(), ..offers() }), 0, "not registered");
    assert_eq!(hold(&shop, &Question { action: "provide".to_owned(), ..offers() }), 0);
}

/// About an earlier instant, which the population does not keep, the definition is asked.
#[test]
fn the_past_is_counted_as_it_was() {
    let (shop, clock) = shop_of("everybody-past", 24);
    let withdrawn = r#"{"event":"consent_withdrawn","principal":"p0","at":"2020-06-02T00:00:00Z","item":"mail","channel":"web","by":"principal"}"#;
    clock.set("2020-06-03T00:00:00Z");
    let before = hold(&shop, &offers());
    shop.import_events(withdrawn.as_bytes(), false, &mut |_| {}).unwrap();
    assert_eq!(hold(&shop, &offers()), before - 1);
    let at = Some("2020-06-01T12:00:00.000001Z".parse().unwrap());
    let following = shop.clone().follow(&mut |_| ()).unwrap();
    let standing = following.standing();
    assert_eq!(standing.figures(&Question { at, ..offers() }).unwrap().permitted(), before);
    let page = standing.permitted(&Question { at, ..offers() }, PageMark::default(), 1_000, 1_000).unwrap();
    assert_eq!(u64::try_from(page.principals.len()).unwrap(), before);
    assert_eq!(page.principals[0].0, "p0");
}

#[test]
fn what_cannot_be_asked_is_refused() {
    let (shop, _) = shop_of("everybody-refused", 3);
    let following = shop.follow(&mut |_| ()).unwrap();
    let standing = following.standing();
    let have = standing.revision().0;
    let ask = |question: &Question| {
        let listed = standing.permitted(question, PageMark::default(), 1, 1).map(drop);
        let counted = standing.figures(question).map(drop);
        assert_eq!(format!("{listed:?}"), format!("{counted:?}"));
        counted
    };
    assert!(ask(&Question { min_revision: Some(have), ..offers() }).is_ok());
    let behind = ask(&Question { min_revision: Some(have + 1), ..offers() });
    assert!(matches!(behind, Err(OperationError::Behind { want, .. }) if want == have + 1));
    let undeclared = ask(&Question { categories: vec!["purchases".to_owned()], ..offers() });
    assert!(
        matches!(undeclared, Err(OperationError::Undeclared(names)) if names[0].nearest.as_deref() == Some("purchase"))
    );
}

/// Nobody is asked about where nobody is wanted, and where it goes on is told all the same.
#[test]
fn a_page_for_nobody_is_no_end() {
    let (shop, _) = shop_of("everybody-nobody", 3);
    let following = shop.follow(&mut |_| ()).unwrap();
    for (most, asked_most) in [(0, 10), (10, 0)] {
        let page = following.standing().permitted(&offers(), PageMark::default(), most, asked_most).unwrap();
        assert_eq!((page.principals.len(), page.next), (0, Some(PageMark::default())));
    }
}
