//! Groups of principals: the unit in which keys are sealed anew when somebody is erased everywhere.

/// How many groups there are.
pub const GROUPS: u16 = 4_096;

/// One of the groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Group(u16);

impl Group {
    /// The group of a principal: the first 12 bits of the random id, so that a group's ids stand beside each other.
    #[must_use]
    pub const fn of(principal: &[u8; 16]) -> Self {
        let [first, second, ..] = *principal;
        Self(u16::from_be_bytes([first, second]) >> 4)
    }

    /// The group of a number, if there is one.
    #[must_use]
    pub const fn new(number: u16) -> Option<Self> {
        if number < GROUPS { Some(Self(number)) } else { None }
    }

    /// Its number.
    #[must_use]
    pub const fn number(self) -> u16 {
        self.0
    }

    /// The first and the last id that it could have.
    #[must_use]
    pub const fn ids(self) -> ([u8; 16], [u8; 16]) {
        let [high, low] = (self.0 << 4).to_be_bytes();
        let (mut first, mut last) = ([0; 16], [0xff; 16]);
        [first[0], first[1]] = [high, low];
        [last[0], last[1]] = [high, low | 0x0f];
        (first, last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_a_range_of_ids() {
        let mut id = [0x77; 16];
        [id[0], id[1]] = [0x0c, 0x73];
        let group = Group::of(&id);
        assert_eq!(group.number(), 0x0c7);
        let (first, last) = group.ids();
        assert!(first <= id && id <= last);
        assert_eq!((Group::of(&first), Group::of(&last)), (group, group));
        assert_eq!(Group::new(GROUPS), None);
        assert_eq!(Group::new(GROUPS - 1).map(|group| group.ids().1), Some([0xff; 16]));
    }
}
