//! Names that a policy declares, each kind a type of its own, and the nearest one to a misspelling.

use std::borrow::Borrow;
use std::fmt;

/// Longest name accepted, in bytes.
pub const NAME_BYTES_MAX: usize = 120;

/// Whether `text` is a well-formed name: lower-case words joined by `_`, trees joined by `.`.
#[must_use]
pub fn is_name(text: &str) -> bool {
    text.len() <= NAME_BYTES_MAX
        && text.split('.').all(|part| {
            part.starts_with(|c: char| c.is_ascii_lowercase())
                && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        })
}

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// Wraps a name; whether it is declared is for the policy to say.
            pub fn new(name: impl Into<Box<str>>) -> Self {
                Self(name.into())
            }

            /// The name as written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(name: &str) -> Self {
                Self(name.into())
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    )*};
}

names! {
    /// A kind of data held, a node of a tree: `location.base_station`.
    CategoryName
    /// A place data comes from: `shop_paper`, `member_store`.
    SourceName
    /// A numbered purpose of use as published.
    PurposeName
    /// A registered use that serves one or more purposes.
    ActivityName
    /// A program or unit that asks to use data.
    ApplicationName
    /// Somebody else who gets data, in one class; a company acting in two classes has two names.
    RecipientName
    /// A rule under which a recipient may be given data.
    ProvisionName
    /// One thing a principal can agree to.
    ConsentName
    /// A switch by which a principal declines what needs no consent.
    ChoiceName
    /// What law permits although the policy does not.
    ExceptionName
    /// What nothing overrides.
    ProhibitionName
    /// A kind of dated tie between principal and organisation.
    RelationshipName
    /// A kind of work that may be entrusted.
    WorkName
    /// Another business that entrusts data to the controller for its own work.
    EntrusterName
    /// A published matter: joint use or anonymised information.
    PublicationName
    /// A policy version: `2019-12-11`.
    VersionName
    /// The version of a consent item's wording: `2`.
    WordingName
    /// A part of the organisation whose people look at data: `billing_office`.
    DepartmentName
    /// What somebody is within a department: `supervisor`. Never a person.
    RoleName
    /// Why somebody looked: `inquiry`.
    ViewReasonName
}

impl CategoryName {
    /// Whether `self` is `other` or stands above it in the tree: `location` covers `location.base_station`.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        let (this, other) = (self.as_str(), other.as_str());
        other.strip_prefix(this).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    /// The node above, if any: `location` for `location.base_station`.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        self.as_str().rsplit_once('.').map(|(above, _)| Self::from(above))
    }
}

/// The declared name nearest to `wanted`, if one is near enough to be worth offering.
pub fn nearest<'a>(wanted: &str, declared: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = wanted.to_lowercase();
    declared
        .into_iter()
        .map(|name| (similarity(&wanted, name), name))
        .filter(|(score, _)| *score >= 0.6)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, name)| name)
}

/// How alike two names are, 0 to 1; long input is cut first, so that a hostile name costs little.
fn similarity(wanted: &str, name: &str) -> f64 {
    let cut: String = wanted.chars().take(NAME_BYTES_MAX).collect();
    strsim::normalized_damerau_levenshtein(&cut, &name.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_snake_case_trees() {
        for good in ["a", "club.number", "location.base_station", "v2"] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", "A", "a.", ".a", "a b", "2a", "位置", "a-b"] {
            assert!(!is_name(bad), "{bad}");
        }
    }

    #[test]
    fn a_category_covers_what_is_below_it() {
        let location = CategoryName::from("location");
        assert!(location.covers(&"location.base_station".into()));
        assert!(location.covers(&location));
        assert!(!location.covers(&"locations".into()));
        assert!(!CategoryName::from("location.base_station").covers(&location));
    }

    #[test]
    fn the_nearest_name_is_offered_only_when_near() {
        assert_eq!(nearest("marketting", ["marketing", "billing"]), Some("marketing"));
        assert_eq!(nearest("zzz", ["marketing", "billing"]), None);
    }
}
