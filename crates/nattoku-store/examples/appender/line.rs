//! The events that victims append: what the victim sends, and a test sends again.

/// The event at a place of a batch, as a line of JSON. Most are about one of a few people; the first of a batch is now and then
/// about somebody new, so that keys are made again and again.
pub(crate) fn line(batch: &str, n: usize) -> String {
    let is_new = n == 0 && batch.ends_with(['0', '3', '6']);
    let principal = if is_new { batch.to_owned() } else { format!("p{}", n + batch.len() % 7) };
    format!(
        r#"{{"event":"consent_granted","principal":"{principal}","id":"{batch}.{n}","at":"2020-01-05T12:00:00Z","item":"sharing","text_version":"2","language":"ja","channel":"web","by":"principal","evidence":"{batch}"}}"#
    )
}
