//! What no edit of one place can show.

use nattoku_analysis::difference::{Difference, Rulings, difference};
use nattoku_model::law::Pack;
use nattoku_model::{ChangeClass, ChangeKind, Language, Policy};

use crate::edited::{Files, carrier, versions};

fn compare(old: &Policy, new: &Policy) -> Difference {
    difference(old, new, &Rulings::of_laws([old, new]))
}

/// The nodes at the top of a file, each with the comments above it left out.
fn nodes(text: &str) -> Vec<String> {
    let mut nodes: Vec<Vec<&str>> = Vec::new();
    for line in text.lines().filter(|l| !l.trim_start().starts_with("//")) {
        let begins = line.starts_with(|c: char| c.is_ascii_alphabetic());
        match nodes.last_mut() {
            Some(node) if !begins => node.push(line),
            _ => nodes.push(vec![line]),
        }
    }
    nodes.into_iter().map(|node| node.join("\n")).collect()
}

#[test]
fn the_order_of_files_and_nodes_and_what_stands_between_them_make_no_difference() {
    let files = carrier();
    let base = versions(&files).unwrap();
    let (earlier, current): (Files, Files) =
        files.into_iter().partition(|(name, _)| name.starts_with("earlier/"));
    let mut shuffled: Vec<String> = current.values().flat_map(|text| nodes(text)).collect();
    shuffled.reverse();
    let text = shuffled.join("\n\n\n// Another comment.\n").replace("    ", "\t");
    let mut one_file = earlier;
    one_file.insert("all.kdl".to_owned(), text);
    let shuffled = versions(&one_file).unwrap();
    let found = compare(base.current(), shuffled.current());
    assert!(found.changes.is_empty(), "{:#?}", found.changes);
}

#[test]
fn what_is_said_in_two_provisions_is_what_is_said_in_one() {
    let base = versions(&carrier()).unwrap();
    let mut files = carrier();
    let provisions = files.get_mut("provisions.kdl").unwrap();
    let whole = "    give purchase club.number club.rank\n    to store_partners\n";
    assert!(provisions.contains(whole));
    *provisions = provisions.replace(whole, "    give purchase\n    to store_partners\n");
    provisions.push_str(
        "provision the_rest { activity partner_offers; give club.number club.rank; to store_partners; \
         basis consent=partner_sharing; cite \"R41\" }\n",
    );
    let split = versions(&files).unwrap();
    assert!(compare(base.current(), split.current()).changes.is_empty());
}

#[test]
fn another_version_of_a_law_is_a_change_of_no_handling() {
    let base = versions(&carrier()).unwrap();
    let mut newer = base.current().clone();
    newer.laws = vec![("appi".to_owned(), "2026-07-17".to_owned())];
    let found = compare(base.current(), &newer);
    let told: Vec<(ChangeClass, String)> = found.changes.iter().map(|c| (c.class, c.id())).collect();
    assert_eq!(told, [(ChangeClass::None, "law_version_changed:appi".to_owned())]);
}

#[test]
fn with_several_laws_the_strictest_class_counts_and_each_is_told() {
    let base = versions(&carrier()).unwrap();
    let mut files = carrier();
    let policy = files.get_mut("policy.kdl").unwrap();
    *policy = policy.replace(
        "    law appi \"2022-04-01\"\n",
        "    law appi \"2022-04-01\"\n    law gdpr \"2018-05-25\"\n",
    );
    let purposes = files.get_mut("purposes.kdl").unwrap();
    *purposes = purposes.replace("    by credit_system\n", "    by credit_system billing_system\n");
    let recipients = files.get_mut("recipients.kdl").unwrap();
    *recipients += "recipient printer kind=processor country=JP { ja \"印刷会社\"; en \"Printer\"; work fees_and_credit; \
        may invoicing on=\"contact\"; agreement \"2026-01-01\"; assessed \"2026-01-01\" every=\"12 months\"; \
        supervised \"2026-01-01\" every=\"12 months\"; cite \"R62\" }\n";
    let both = versions(&files).unwrap();
    let found = compare(base.current(), both.current());
    let added = found.changes.iter().find(|c| c.kind == ChangeKind::ProcessorAdded).unwrap();
    assert_eq!(added.class, ChangeClass::Notify, "GDPR 13 names recipients, APPI does not");
    let laws: Vec<(&str, ChangeClass)> = added.rulings.iter().map(|r| (r.law.as_str(), r.class)).collect();
    assert_eq!(laws, [("gdpr", ChangeClass::Notify), ("appi", ChangeClass::None)]);
    assert_eq!(
        added.rulings[1].cites_in_words.get(Language::Ja),
        "個人情報保護法第27条第5項第1号、個人情報保護法第25条"
    );
}

#[test]
fn every_law_rules_on_every_kind_with_a_reason_and_a_place() {
    let base = versions(&carrier()).unwrap();
    let mut files = carrier();
    let policy = files.get_mut("policy.kdl").unwrap();
    *policy = policy.replace(
        "    law appi \"2022-04-01\"\n",
        "    law appi \"2022-04-01\"\n    law gdpr \"2018-05-25\"\n",
    );
    let both = versions(&files).unwrap();
    let packs: Vec<&Pack> = both.current().packs.iter().map(AsRef::as_ref).collect();
    assert_eq!((packs.len(), base.current().packs.len()), (2, 1));
    let rulings = Rulings::of_laws([base.current(), both.current()]);
    for kind in ChangeKind::ALL {
        let said = rulings.of(*kind);
        assert_eq!(said.len(), 2, "{kind}");
        for ruling in said {
            assert!(!ruling.cites.is_empty(), "{kind} under {}", ruling.law);
            assert!(Language::ALL.into_iter().all(|l| ruling.why.has(l)), "{kind} under {}", ruling.law);
        }
    }
}

#[test]
fn the_reference_page_has_every_kind_with_the_class_that_the_pack_gives() {
    let page = std::fs::read_to_string(crate::edited::root().join("docs/reference/policy-diff.md")).unwrap();
    let base = versions(&carrier()).unwrap();
    let rulings = Rulings::of_laws([base.current(), base.current()]);
    for kind in ChangeKind::ALL {
        let class = rulings.of(*kind)[0].class;
        let begin = format!("| `{kind}` | {} | `{class}` |", kind.template(Language::En));
        assert!(page.lines().any(|line| line.starts_with(&begin)), "{begin}");
    }
}
