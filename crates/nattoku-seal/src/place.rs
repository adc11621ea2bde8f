//! Where sealed bytes belong.

/// What is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The payload of an event.
    Payload,
    /// A principal's identifier.
    Identifier,
    /// A principal's keys.
    PrincipalKeys,
    /// The key of a group.
    GroupKey,
    /// The key of the blind index.
    IndexKey,
    /// The key of event ids.
    EventIdKey,
    /// Who is signed in, by the secret of the session itself.
    Session,
}

impl Kind {
    /// The byte that stands for it.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Payload => 1,
            Self::Identifier => 2,
            Self::PrincipalKeys => 3,
            Self::GroupKey => 4,
            Self::IndexKey => 5,
            Self::EventIdKey => 6,
            Self::Session => 7,
        }
    }
}

/// Where sealed bytes belong: they open there and nowhere else, so that nobody can swap them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// What is sealed.
    pub kind: Kind,
    /// The ledger.
    pub ledger: [u8; 16],
    /// Whose it is: a principal's id, or that of a key-encryption key.
    pub subject: [u8; 16],
    /// Which of them: a revision, a group.
    pub number: u64,
}

impl Place {
    /// The place of the payload of an event.
    #[must_use]
    pub const fn payload(ledger: [u8; 16], principal: [u8; 16], revision: u64) -> Self {
        Self { kind: Kind::Payload, ledger, subject: principal, number: revision }
    }

    /// The place of a principal's identifier.
    #[must_use]
    pub const fn identifier(ledger: [u8; 16], principal: [u8; 16]) -> Self {
        Self { kind: Kind::Identifier, ledger, subject: principal, number: 0 }
    }

    /// The place as bytes, under a suite and a version of the key: what is authenticated beside the text.
    #[must_use]
    pub fn bytes(&self, suite: u8, key_version: u32) -> [u8; 46] {
        let mut bytes = [0; 46];
        let parts = [suite, self.kind.byte()]
            .into_iter()
            .chain(key_version.to_be_bytes())
            .chain(self.ledger)
            .chain(self.subject)
            .chain(self.number.to_be_bytes());
        bytes.iter_mut().zip(parts).for_each(|(to, from)| *to = from);
        bytes
    }
}
