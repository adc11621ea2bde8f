//! `nattoku choice list|decline|restore`.

use nattoku_model::policy::Refusability;
use nattoku_model::{Language, Policy};
use nattoku_operations::ChoiceState;
use nattoku_store::OpenMode;
use serde_json::{Value, json};

use super::will::{act_json, request, show_receipt};
use crate::cli::{ChoiceCommand, Format};
use crate::exit::{CommandError, Exit};
use crate::{open, output};

/// Lists the choices of a principal, or records an act.
pub(crate) fn run(command: &ChoiceCommand, format: Format, language: Language) -> Result<Exit, CommandError> {
    match command {
        ChoiceCommand::List { principal, place } => {
            let nattoku = open::nattoku(place, OpenMode::ReadOnly, language)?;
            for state in nattoku.choices(principal)? {
                let declared = nattoku.policy().choices.get(&state.choice);
                let title = declared.map_or("", |c| c.title.get(language));
                show(&state, title, nattoku.policy(), format, language);
            }
        }
        ChoiceCommand::Decline { choice, principal, will } => {
            let request = request(will, language)?;
            let nattoku = open::nattoku(&will.place, OpenMode::Existing, language)?;
            show_receipt(nattoku.decline_choice(principal, choice, &request)?, format, language);
        }
        ChoiceCommand::Restore { choice, principal, will } => {
            let request = request(will, language)?;
            let nattoku = open::nattoku(&will.place, OpenMode::Existing, language)?;
            show_receipt(nattoku.restore_choice(principal, choice, &request)?, format, language);
        }
    }
    Ok(Exit::Done)
}

fn show(state: &ChoiceState, title: &str, policy: &Policy, format: Format, language: Language) {
    let refusability = policy.choices.get(&state.choice).map(|c| c.refusability);
    if format == Format::Json {
        output::line(&to_json(state, refusability).to_string());
        return;
    }
    let word = match (state.declined, language) {
        (true, Language::Ja) => "止めています",
        (false, Language::Ja) => "止めていません",
        (true, Language::En) => "declined",
        (false, Language::En) => "not_declined",
    };
    let since = state
        .last
        .as_ref()
        .map_or_else(|| "-".to_owned(), |act| format!("{} {}", policy.local(act.at), act.channel));
    let refusability = refusability.map_or("", |r| in_words(r, language));
    output::line(&format!("{:<24} {word:<14} {refusability:<26} {since}  {title}", state.choice));
}

fn to_json(state: &ChoiceState, refusability: Option<Refusability>) -> Value {
    json!({
        "choice": state.choice.as_str(),
        "declined": state.declined,
        "refusability": refusability.map(Refusability::as_str),
        "history": state.acts.iter().map(act_json).collect::<Vec<_>>(),
    })
}

const fn in_words(refusability: Refusability, language: Language) -> &'static str {
    match (refusability, language) {
        (Refusability::Refusable, Language::Ja) => "止められます",
        (Refusability::RefusableWithConsequence, Language::Ja) => "止めると変わることがあります",
        (Refusability::NotRefusable, Language::Ja) => "止められません",
        (refusability, Language::En) => refusability.as_str(),
    }
}
