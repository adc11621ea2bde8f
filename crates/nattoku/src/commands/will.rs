//! What the commands on consents and choices share: how the will reached us, and the receipt.

use nattoku_model::Language;
use nattoku_model::event::By;
use nattoku_operations::{Receipt, WillAct, WillRequest};
use serde_json::{Value, json};

use crate::cli::{Format, Will};
use crate::exit::CommandError;
use crate::output;

/// How the principal's will reached the desk, out of the flags.
pub(crate) fn request(will: &Will, language: Language) -> Result<WillRequest, CommandError> {
    let by: By = will.by.parse().map_err(|()| {
        CommandError::asked_wrongly(
            format!("--by `{}`: principal、guardian:ID、agent:ID のどれかで書いてください", will.by),
            format!("--by `{}`: expected principal, guardian:ID or agent:ID", will.by),
        )
    })?;
    Ok(WillRequest { channel: will.channel.clone(), by, language, seen: None, id: None })
}

/// Prints the receipt of an act that is now durable.
pub(crate) fn show_receipt(receipt: Receipt, format: Format, language: Language) {
    let number = receipt.number();
    match format {
        Format::Json => output::line(
            &json!({
                "receipt": number,
                "revision": receipt.revision.0,
                "recorded_at": receipt.recorded_at.to_string(),
            })
            .to_string(),
        ),
        Format::Text | Format::Concise => output::line(&match language {
            Language::Ja => format!("受付番号 {number}（{}）", receipt.recorded_at),
            Language::En => format!("receipt {number} ({})", receipt.recorded_at),
        }),
    }
}

/// An act of will as JSON.
pub(crate) fn act_json(act: &WillAct) -> Value {
    json!({
        "revision": act.revision.0,
        "at": act.at.to_string(),
        "recorded_at": act.recorded_at.to_string(),
        "allows": act.allows,
        "channel": act.channel,
        "by": act.by.to_string(),
        "text_version": act.text_version.as_ref().map(ToString::to_string),
    })
}
