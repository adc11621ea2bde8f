//! When a breach is to be reported, and what the report says (APPI-26).

use std::collections::BTreeSet;

use crate::language::Text;
use crate::law::{Entry, Grounds};
use crate::policy::Class;

/// One of the conditions under which a breach is to be reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trigger {
    /// Its name: `number_of_principals`.
    pub name: String,
    /// Its name in words.
    pub title: Text,
    /// It is met by a breach of any of these classes.
    pub classes: BTreeSet<Class>,
    /// It is met where more principals than this are concerned; none means that one person is enough.
    pub more_than: Option<u32>,
    /// What it rests on.
    pub grounds: Grounds,
}

impl Trigger {
    /// Whether a breach of data of these classes about so many principals meets it. One that names neither classes nor a
    /// number is for a person to judge, and never met by counting.
    #[must_use]
    pub fn is_met(&self, classes: &BTreeSet<Class>, n_principals: u32) -> bool {
        let by_class = self.classes.iter().any(|c| classes.contains(c)) && n_principals > 0;
        by_class || self.more_than.is_some_and(|more_than| n_principals > more_than)
    }
}

/// What a law says of breaches. The deadlines stand among the pack's deadlines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Breach {
    /// Any one of these makes a breach one that is to be reported.
    pub triggers: Vec<Trigger>,
    /// What takes a breach out (APPI-26-2).
    pub excluded: Vec<Entry>,
    /// What the report to the authority says (APPI-26-5).
    pub report_items: Vec<Entry>,
    /// What the notice to the principal says (APPI-26-7).
    pub notice_items: Vec<Entry>,
    /// What it rests on.
    pub grounds: Grounds,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_is_not_more_than_a_thousand() {
        let trigger = Trigger {
            name: "number_of_principals".to_owned(),
            title: Text::default(),
            classes: BTreeSet::new(),
            more_than: Some(1000),
            grounds: Grounds::default(),
        };
        assert!(!trigger.is_met(&BTreeSet::new(), 1000));
        assert!(trigger.is_met(&BTreeSet::new(), 1001));
        let by_class = Trigger { classes: [Class::SpecialCare].into(), more_than: None, ..trigger };
        assert!(by_class.is_met(&[Class::SpecialCare, Class::Location].into(), 1));
        assert!(!by_class.is_met(&[Class::Location].into(), 5000));
    }
}
