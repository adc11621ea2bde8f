//! Which fields each event has.

use nattoku_model::Event;

/// The fields that any event may have, in the order in which they are written.
pub(crate) const ENVELOPE: [&str; 5] = ["event", "principal", "id", "at", "recorded_at"];

/// The fields of the event called `name`, in the order of the reference; a question mark marks those that may be left
/// out. None when there is no such event.
pub(crate) fn fields(name: &str) -> Option<&'static [&'static str]> {
    Some(match name {
        "principal_registered" => &["born?", "residence?", "unknown_relationships?"],
        "guardian_linked" => &["guardian", "until?"],
        "relationship_started" | "relationship_ended" => &["relationship"],
        "data_acquired" => &["category", "source", "entrusted_from?", "policy_version?"],
        "data_erased" => &["category"],
        "notice_given" => &["policy_version", "language", "channel"],
        "consent_granted" => &["item", "text_version", "language", "channel", "by", "until?", "evidence?"],
        "consent_withdrawn" => &["item", "channel", "by"],
        "choice_declined" | "choice_restored" => &["choice", "channel", "by"],
        "data_used" => &["application", "activity", "categories"],
        "data_provided" => &["recipient", "activity", "categories", "basis"],
        "data_received" => &["source", "activity", "categories", "basis"],
        "data_viewed" => &["application", "department", "role", "activity", "categories", "reason"],
        "restriction_placed" | "restriction_lifted" => &["categories", "actions", "claim?"],
        "recipient_assessed" | "recipient_supervised" | "recipient_suspended" | "recipient_ended" => {
            &["recipient"]
        }
        "publication_published" => &["publication"],
        "policy_published" => &["version", "digest"],
        _ => return None,
    })
}

/// Every name an object of the event called `event` may have as a key.
pub(crate) fn keys(event: &str) -> impl Iterator<Item = &'static str> {
    let own = fields(event).unwrap_or_default().iter().map(|field| field.trim_end_matches('?'));
    ENVELOPE.into_iter().chain(own)
}

/// Whether the event called `name` is about one principal; those about recipients, publications and policies concern
/// everybody. Held against [`Event::is_about_a_principal`] by a test.
pub(crate) fn needs_principal(name: &str) -> bool {
    !(name.starts_with("recipient_") || name.starts_with("publication_") || name.starts_with("policy_"))
}

/// Whether the name belongs to a family of events that the interface names and this version does not take.
pub(crate) fn is_of_a_later_version(name: &str) -> bool {
    Event::NAMES.iter().all(|known| *known != name)
        && (name.starts_with("claim_") || name.starts_with("incident_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_of_the_model_has_its_fields() {
        for name in Event::NAMES {
            assert!(fields(name).is_some(), "{name}");
        }
    }
}
