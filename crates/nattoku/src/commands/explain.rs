//! `nattoku explain`: a decision in words.

use nattoku_model::Language;
use nattoku_operations::{decision_json, explain};
use nattoku_store::OpenMode;

use super::question;
use crate::cli::{Format, QuestionArgs};
use crate::exit::{CommandError, Exit};
use crate::{open, output};

/// Exits as `decide` does.
pub(crate) fn run(args: &QuestionArgs, format: Format, language: Language) -> Result<Exit, CommandError> {
    let question = question::of(args)?;
    let nattoku = open::nattoku(&args.place, OpenMode::ReadOnly, language)?;
    let decision = nattoku.decide(&question)?;
    let words = explain(&decision, nattoku.versions(), language);
    match format {
        Format::Json => {
            let mut answer = decision_json(&decision, nattoku.versions(), &question.principal);
            if let Some(object) = answer.as_object_mut() {
                object.insert("explanation".to_owned(), words.into());
            }
            output::line(&answer.to_string());
        }
        Format::Text | Format::Concise => {
            output::text(&words);
            question::tell_of_unregistered(&nattoku, &question, language);
        }
    }
    Ok(if decision.verdict.is_permitted() { Exit::Done } else { Exit::No })
}
