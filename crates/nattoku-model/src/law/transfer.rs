//! What lets data go abroad.

use std::collections::{BTreeMap, BTreeSet};

use crate::law::Grounds;

/// A condition under which data may go abroad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TransferCondition {
    /// The country is held equal (APPI-28-1, GDPR 45).
    EquivalentCountry,
    /// The recipient keeps up a conforming system (APPI-28-3, GDPR 46).
    ConformingSystem,
    /// The principal consented, having been told (APPI-28-2, GDPR 49).
    Consent,
    /// A law permits the provision itself (APPI-28-1).
    Law,
}

impl TransferCondition {
    /// Every condition.
    pub const ALL: [Self; 4] = [Self::EquivalentCountry, Self::ConformingSystem, Self::Consent, Self::Law];

    /// The name as used in packs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EquivalentCountry => "equivalent_country",
            Self::ConformingSystem => "conforming_system",
            Self::Consent => "consent",
            Self::Law => "law",
        }
    }
}

/// What a law says of data that go abroad.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TransferRule {
    /// The countries that are not abroad, as ISO 3166 two-letter codes.
    pub home: BTreeSet<String>,
    /// The countries held equal.
    pub equivalent_countries: BTreeSet<String>,
    /// The conditions that the law knows.
    pub conditions: BTreeMap<TransferCondition, Grounds>,
}
