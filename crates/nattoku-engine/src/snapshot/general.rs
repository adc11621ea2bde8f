//! The events that concern everybody, as a snapshot holds them.

use nattoku_model::{Event, Recorded, Revision};

use super::code::{Coded, Reader, Writer};

impl Coded for Recorded {
    fn write(&self, to: &mut Writer) {
        to.put(&self.revision.0);
        to.put(&self.at);
        to.put(&self.recorded_at);
        match &self.event {
            Event::RecipientAssessed { recipient } => tagged(to, 1, recipient),
            Event::RecipientSupervised { recipient } => tagged(to, 2, recipient),
            Event::RecipientSuspended { recipient } => tagged(to, 3, recipient),
            Event::RecipientEnded { recipient } => tagged(to, 4, recipient),
            Event::PublicationPublished { publication } => tagged(to, 5, publication),
            Event::PolicyPublished { version, digest } => {
                tagged(to, 6, version);
                to.text(digest);
            }
            // Events about a principal are never among them.
            _ => to.put(&0_u8),
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let (revision, at, recorded_at) = (Revision(from.get()?), from.get()?, from.get()?);
        let event = match from.get::<u8>()? {
            1 => Event::RecipientAssessed { recipient: from.get()? },
            2 => Event::RecipientSupervised { recipient: from.get()? },
            3 => Event::RecipientSuspended { recipient: from.get()? },
            4 => Event::RecipientEnded { recipient: from.get()? },
            5 => Event::PublicationPublished { publication: from.get()? },
            6 => Event::PolicyPublished { version: from.get()?, digest: from.text()?.to_owned() },
            _ => return None,
        };
        Some(Self { revision, at, recorded_at, event })
    }
}

fn tagged(to: &mut Writer, tag: u8, name: &impl Coded) {
    to.put(&tag);
    to.put(name);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_that_concerns_everybody_comes_back() {
        let instant = "2026-11-26T00:00:00.000001Z".parse().unwrap();
        let (recipient, publication) = ("store_partners".into(), "joint_use".into());
        let of = |event| Recorded { revision: Revision(7), at: instant, recorded_at: instant, event };
        let all = vec![
            of(Event::RecipientAssessed { recipient }),
            of(Event::RecipientSupervised { recipient: "maintenance".into() }),
            of(Event::RecipientSuspended { recipient: "maintenance".into() }),
            of(Event::RecipientEnded { recipient: "maintenance".into() }),
            of(Event::PublicationPublished { publication }),
            of(Event::PolicyPublished { version: "2019-12-11".into(), digest: "00ff".into() }),
        ];
        assert!(all.iter().all(|recorded| !recorded.event.is_about_a_principal()));
        let n_general = Event::NAMES.len() - 17;
        assert_eq!(all.len(), n_general, "a new event that concerns everybody needs a tag");
        let mut writer = Writer::default();
        writer.put(&all);
        assert_eq!(Reader::new(&writer.into_bytes()).get(), Some(all));
    }
}
