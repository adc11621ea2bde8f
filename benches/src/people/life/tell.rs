//! What happened, as the ledger is told of it.

use jiff::Timestamp;
use nattoku_model::Language;
use nattoku_model::event::{By, Event, Recorded};

use super::{Life, SECOND_WORDING};

impl Life<'_> {
    pub(super) fn tell(&mut self, second: i64, event: Event) {
        self.tell_finely(second, 0, event);
    }

    pub(super) fn tell_finely(&mut self, second: i64, micros: u32, event: Event) {
        self.revision.0 += 1;
        let nanos = i32::try_from(micros * 1_000).unwrap_or(0);
        let at = Timestamp::new(second, nanos).unwrap_or_default();
        self.events.push(Recorded { revision: self.revision, at, recorded_at: at, event });
    }

    pub(super) fn start(&mut self, at: i64, relationship: &str) {
        self.tell(at, Event::RelationshipStarted { relationship: relationship.into() });
    }

    pub(super) fn end(&mut self, at: i64, relationship: &str) {
        self.tell(at, Event::RelationshipEnded { relationship: relationship.into() });
    }

    /// Data come in together: on paper and by batches at one instant, by a screen or a device one after the other.
    pub(super) fn acquire(&mut self, at: i64, source: &str, categories: &[&str]) {
        let is_fine = at >= SECOND_WORDING && ["app_screen", "web_form", "device"].contains(&source);
        let (mut second, mut micros) = (at, if is_fine { self.draw.below(1_000_000) } else { 0 });
        for category in categories {
            let event = Event::DataAcquired {
                category: (*category).into(),
                source: source.into(),
                entrusted_from: None,
                policy_version: None,
            };
            self.tell_finely(second, micros, event);
            if is_fine {
                micros += 1 + self.draw.below(3_000);
                second += i64::from(micros / 1_000_000);
                micros %= 1_000_000;
            }
        }
    }

    pub(super) fn grant(&mut self, at: i64, item: &str, wording: &str, by: By) {
        let event = Event::ConsentGranted {
            item: item.into(),
            text_version: wording.into(),
            language: Language::Ja,
            channel: "app".to_owned(),
            by,
            until: None,
            evidence: None,
        };
        self.tell(at, event);
    }

    pub(super) fn withdraw(&mut self, at: i64, item: &str, by: By) {
        self.tell(at, Event::ConsentWithdrawn { item: item.into(), channel: "web".to_owned(), by });
    }
}
