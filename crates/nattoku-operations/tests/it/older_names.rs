//! What an older version knew stays importable; what no version knows is refused.

use nattoku_operations::ImportError;

use crate::shop::open;

fn acquired(category: &str) -> String {
    format!(
        r#"{{"event":"data_acquired","principal":"p1","at":"2016-06-01T11:00:00Z","category":"{category}","source":"till"}}"#
    )
}

#[test]
fn a_category_of_an_older_version_is_taken_and_an_unknown_one_is_not() {
    let (shop, _) = open("older-names", "2020-06-01T12:00:00Z");
    let imported = shop.import_events(acquired("telex").as_bytes(), false, &mut |_| {}).unwrap();
    assert_eq!(imported.appended, 1);
    let refused = shop.import_events(acquired("telefax").as_bytes(), false, &mut |_| {});
    assert!(
        matches!(refused, Err(ImportError::Lines { ref faults, .. }) if faults[0].line == 1),
        "{refused:?}"
    );
}
