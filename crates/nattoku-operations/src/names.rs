//! Names given by a caller, held against those that the policy declares.

use std::borrow::Borrow;
use std::collections::BTreeMap;

use nattoku_model::Policy;
use nattoku_model::policy::Versions;

use crate::error::{OperationError, Undeclared};

/// The declared name, or what is nearest to it.
pub(crate) fn declared<K, V>(
    what: &'static str,
    name: &str,
    declared: &BTreeMap<K, V>,
) -> Result<K, OperationError>
where
    K: Ord + Borrow<str> + for<'a> From<&'a str>,
{
    let mut names = Names::default();
    let found = names.declared(what, name, declared);
    if names.undeclared.is_empty() { Ok(found) } else { Err(OperationError::Undeclared(names.undeclared)) }
}

/// For so many names the nearest is looked for.
const NEAREST_MAX: usize = 20;

/// Collects the names that are not declared, so that all of them can be told at once.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub(crate) undeclared: Vec<Undeclared>,
}

impl Names {
    /// Notes a name that no version declares: what an older version knew stays importable (R7).
    pub(crate) fn known<K, V>(
        &mut self,
        versions: &Versions,
        what: &'static str,
        name: &str,
        declared: impl Fn(&Policy) -> &BTreeMap<K, V>,
    ) where
        K: Ord + Borrow<str> + for<'a> From<&'a str>,
    {
        if !versions.oldest_first().into_iter().any(|policy| declared(policy).contains_key(name)) {
            self.declared(what, name, declared(versions.current()));
        }
    }

    /// The name as a name of its kind, and a note where it is not declared.
    pub(crate) fn declared<K, V>(&mut self, what: &'static str, name: &str, declared: &BTreeMap<K, V>) -> K
    where
        K: Ord + Borrow<str> + for<'a> From<&'a str>,
    {
        if !declared.contains_key(name) {
            // Whoever sends many that are wrong is not told the nearest of each.
            let near = declared.keys().map(Borrow::borrow).filter(|_| self.undeclared.len() < NEAREST_MAX);
            self.undeclared.push(Undeclared::new(what, name, near));
        }
        K::from(name)
    }
}
