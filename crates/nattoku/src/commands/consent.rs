//! `nattoku consent list|grant|withdraw`.

use nattoku_model::{Language, Policy};
use nattoku_operations::{ConsentState, ConsentStatus};
use nattoku_store::OpenMode;
use serde_json::{Value, json};

use super::will::{act_json, request, show_receipt};
use crate::cli::{ConsentCommand, Format};
use crate::exit::{CommandError, Exit};
use crate::{open, output};

/// Lists the items of a principal, or records an act.
pub(crate) fn run(
    command: &ConsentCommand,
    format: Format,
    language: Language,
) -> Result<Exit, CommandError> {
    match command {
        ConsentCommand::List { principal, place } => {
            let nattoku = open::nattoku(place, OpenMode::ReadOnly, language)?;
            for state in nattoku.consents(principal)? {
                let title = nattoku.policy().consents.get(&state.item).map_or("", |c| c.title.get(language));
                show(&state, title, nattoku.policy(), format, language);
            }
        }
        ConsentCommand::Grant { item, principal, evidence, will } => {
            let request = request(will, language)?;
            let nattoku = open::nattoku(&will.place, OpenMode::Existing, language)?;
            let receipt = nattoku.grant_consent(principal, item, &request, evidence.as_deref())?;
            show_receipt(receipt, format, language);
        }
        ConsentCommand::Withdraw { item, principal, will } => {
            let request = request(will, language)?;
            let nattoku = open::nattoku(&will.place, OpenMode::Existing, language)?;
            show_receipt(nattoku.withdraw_consent(principal, item, &request)?, format, language);
        }
    }
    Ok(Exit::Done)
}

fn show(state: &ConsentState, title: &str, policy: &Policy, format: Format, language: Language) {
    if format == Format::Json {
        output::line(&to_json(state).to_string());
        return;
    }
    let since = state
        .last
        .as_ref()
        .map_or_else(|| "-".to_owned(), |act| format!("{} {}", policy.local(act.at), act.channel));
    output::line(&format!("{:<30} {:<18} {since}  {title}", state.item, status(state.status, language)));
}

fn to_json(state: &ConsentState) -> Value {
    json!({
        "item": state.item.as_str(),
        "status": status(state.status, Language::En),
        "reason": state.reason.code(),
        "text_version": state.agreed.as_ref().map(|a| a.version.as_str()),
        "history": state.acts.iter().map(act_json).collect::<Vec<_>>(),
    })
}

const fn status(status: ConsentStatus, language: Language) -> &'static str {
    match (status, language) {
        (ConsentStatus::Given, Language::En) => "given",
        (ConsentStatus::Withdrawn, Language::En) => "withdrawn",
        (ConsentStatus::NeverGiven, Language::En) => "never_given",
        (ConsentStatus::Expired, Language::En) => "expired",
        (ConsentStatus::WordingReplaced, Language::En) => "wording_replaced",
        (ConsentStatus::NotCounted, Language::En) => "not_counted",
        (ConsentStatus::Given, Language::Ja) => "同意",
        (ConsentStatus::Withdrawn, Language::Ja) => "撤回",
        (ConsentStatus::NeverGiven, Language::Ja) => "まだ",
        (ConsentStatus::Expired, Language::Ja) => "期限切れ",
        (ConsentStatus::WordingReplaced, Language::Ja) => "文面が変更",
        (ConsentStatus::NotCounted, Language::Ja) => "要確認",
    }
}
