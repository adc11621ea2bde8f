//! The routes by which others may be given data.

use std::collections::BTreeSet;

use crate::law::Grounds;
use crate::policy::{Basis, Class};

/// A route by which others may be given data. A law has some of them and not others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Route {
    /// The principal's prior consent (APPI-27-1).
    Consent,
    /// A notified opt-out (APPI-27-2).
    OptOut,
    /// What a law orders or permits (APPI-27-1).
    Law,
    /// To somebody who works for the controller (APPI-27-5a).
    Entrustment,
    /// Use together with others, as published (APPI-27-5c).
    JointUse,
    /// To somebody who takes the business over (APPI-27-5b).
    Succession,
    /// For making statistics, with publication and written agreement (APPI26-2).
    Statistics,
    /// For academic research (APPI-27-1).
    Research,
}

impl Route {
    /// Every route.
    pub const ALL: [Self; 8] = [
        Self::Consent,
        Self::OptOut,
        Self::Law,
        Self::Entrustment,
        Self::JointUse,
        Self::Succession,
        Self::Statistics,
        Self::Research,
    ];

    /// The name as used in packs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::OptOut => "opt_out",
            Self::Law => "law",
            Self::Entrustment => "entrustment",
            Self::JointUse => "joint_use",
            Self::Succession => "succession",
            Self::Statistics => "statistics",
            Self::Research => "research",
        }
    }
}

impl Basis {
    /// The route that a provision on this basis takes.
    #[must_use]
    pub const fn route(&self) -> Route {
        match self {
            Self::Consent(..) => Route::Consent,
            Self::OptOut(_) => Route::OptOut,
            Self::Law(_) => Route::Law,
        }
    }
}

/// What a law says of a route that it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteRule {
    /// The classes it is closed to.
    pub closed_for: BTreeSet<Class>,
    /// What it rests on.
    pub grounds: Grounds,
}
