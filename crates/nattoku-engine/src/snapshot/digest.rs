//! What a population was folded for, in 32 bytes: a snapshot serves whoever asks about the same, and nobody else.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use sha2::{Digest as _, Sha256};

use super::code::Writer;
use crate::vocabulary::Vocabulary;

/// The SHA-256 of all that decides what rows hold and what their numbers mean.
pub(crate) fn digest(vocabulary: &Vocabulary) -> [u8; 32] {
    let mut of = Writer::default();
    of.list(vocabulary.items.iter());
    of.list(vocabulary.lasting.iter());
    of.list(vocabulary.choices.iter());
    of.list(vocabulary.relationships.iter());
    of.list(vocabulary.wordings.iter());
    of.list(vocabulary.occasions.iter());
    of.list(vocabulary.ages.iter());
    of.list(vocabulary.cuts.iter());
    of.put(&vocabulary.steady_from);
    of.put(&u32::try_from(vocabulary.derived.len()).unwrap_or(u32::MAX));
    for name in &vocabulary.derived {
        of.text(name);
    }
    of.put(&u32::try_from(vocabulary.zones.len()).unwrap_or(u32::MAX));
    for zone in &vocabulary.zones {
        clock(&mut of, zone);
    }
    Sha256::digest(of.into_bytes()).into()
}

/// A zone by what its clock does, not by its name: another edition of the data on zones may count a birthday otherwise.
fn clock(of: &mut Writer, zone: &TimeZone) {
    let last = Timestamp::from_second(LAST).unwrap_or(Timestamp::MAX);
    of.put(&zone.to_offset(Timestamp::MIN).seconds());
    let shifts: Vec<(Timestamp, i32)> = zone
        .following(Timestamp::MIN)
        .map(|shift| (shift.timestamp(), shift.offset().seconds()))
        .take_while(|(at, _)| *at < last)
        .collect();
    of.put(&u32::try_from(shifts.len()).unwrap_or(u32::MAX));
    for (at, offset) in shifts {
        of.put(&at);
        of.put(&offset);
    }
}

/// The year 2100 begins: by then every zone goes by its rule, which shows before.
const LAST: i64 = 4_102_444_800;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_told_apart_by_their_clocks() {
        let told = |zone: &str| {
            let mut of = Writer::default();
            clock(&mut of, &TimeZone::get(zone).unwrap());
            of.into_bytes()
        };
        assert_eq!(told("Asia/Tokyo"), told("Japan"));
        assert_ne!(told("Asia/Tokyo"), told("Asia/Seoul"));
        assert_ne!(told("Europe/Berlin"), told("Europe/London"));
        assert!(told("Europe/Berlin").len() > 200 * 16, "it shifts its clock twice a year");
    }
}
