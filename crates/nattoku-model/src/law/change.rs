//! What a change of a policy obliges to.

use crate::change::ChangeClass;
use crate::language::Text;
use crate::law::Grounds;

/// How a law classes a kind of change (APPI-17-2, APPI-21-3, APPI-27-6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Why it is classed so, in one sentence.
    pub title: Text,
    /// What it obliges to.
    pub class: ChangeClass,
    /// What it rests on.
    pub grounds: Grounds,
}
