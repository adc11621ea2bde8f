//! The order in which the notice shows things: that of the policy's source, which is that of the text it comes from.

use std::collections::BTreeMap;
use std::fmt::Display;

use nattoku_model::policy::Rule;

use super::Tables;

impl Tables<'_> {
    /// The declarations of a kind (`activity`, `joint-use`) in the order of the source; those whose place is not known
    /// come last, by name.
    pub(super) fn in_order<'m, K: Display, V>(
        &self,
        kind: &'static str,
        map: &'m BTreeMap<K, V>,
    ) -> Vec<(&'m K, &'m V)> {
        let mut declared: Vec<_> = map.iter().collect();
        declared.sort_by_cached_key(|(name, _)| {
            let place = self.policy.place_of(&Rule::new(kind, name));
            (place.is_none(), place.map(|p| (p.file.clone(), p.line)))
        });
        declared
    }
}

/// A key by which `A2` comes before `A10`: letters as they are, numbers by their size.
pub(super) fn natural(name: &str) -> Vec<(String, u64)> {
    let mut parts: Vec<(String, u64)> = vec![Default::default()];
    let mut counting = false;
    for c in name.chars() {
        let digit = c.to_digit(10);
        if digit.is_none() && counting {
            parts.push(Default::default());
        }
        counting = digit.is_some();
        let Some((letters, number)) = parts.last_mut() else { continue };
        match digit {
            Some(digit) => *number = number.saturating_mul(10).saturating_add(u64::from(digit)),
            None => letters.push(c),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_count_by_size() {
        let mut names = ["A10", "A1", "B1", "A2", "A2b"];
        names.sort_by_cached_key(|n| natural(n));
        assert_eq!(names, ["A1", "A2", "A2b", "A10", "B1"]);
    }
}
