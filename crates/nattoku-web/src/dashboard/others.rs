//! What a person takes along is their own: of who else acts for them it says that there is somebody, and not who.

use nattoku_model::Event;
use nattoku_model::event::By;
use serde_json::Value;

/// Takes out of an answer of the interface for programs what is of others: ids of guardians and agents, and what proved that they may act.
pub(super) fn without_others(mut answer: Value) -> Value {
    take_out(&mut answer);
    answer
}

fn take_out(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(take_out),
        Value::Object(fields) => {
            fields.remove("guardian");
            // As in the leaf of the ledger, the word before the id stays.
            let word = fields.get("by").and_then(Value::as_str).and_then(|by| by.split_once(':'));
            if let Some(word) = word.map(|(word, _)| Value::from(word)) {
                fields.insert("by".to_owned(), word);
                fields.remove("evidence");
            }
            fields.values_mut().for_each(take_out);
        }
        _ => {}
    }
}

/// Whether an act of will was somebody else's for the person: what is personal of it is of both.
pub(super) const fn is_by_another(event: &Event) -> bool {
    match event {
        Event::ConsentGranted { by, .. }
        | Event::ConsentWithdrawn { by, .. }
        | Event::ChoiceDeclined { by, .. }
        | Event::ChoiceRestored { by, .. } => !matches!(by, By::Principal),
        _ => false,
    }
}
