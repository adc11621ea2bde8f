//! A question out of flags.

use nattoku_model::Language;
use nattoku_operations::{FieldError, Nattoku, Question, did_you_mean, nearest_activity};

use crate::cli::{AboutEverybody, OptionalQuestionArgs, QuestionArgs, RestOfQuestion};
use crate::exit::CommandError;
use crate::output;

/// The question of `explain`.
pub(crate) fn of(args: &QuestionArgs) -> Result<Question, CommandError> {
    let names = Question {
        application: args.application.clone(),
        principal: args.principal.clone(),
        action: args.action.clone(),
        activity: args.activity.clone(),
        categories: args.category.clone(),
        ..Question::default()
    };
    with_rest(names, &args.rest)
}

/// The question of `decide`, whose flags the parser has made sure of.
pub(crate) fn of_optional(args: &OptionalQuestionArgs) -> Result<Question, CommandError> {
    let text = |given: &Option<String>| given.clone().unwrap_or_default();
    let names = Question {
        application: text(&args.application),
        principal: text(&args.principal),
        action: text(&args.action),
        activity: text(&args.activity),
        categories: args.category.clone(),
        ..Question::default()
    };
    with_rest(names, &args.rest)
}

/// The question of `audience` and `filter`, which names nobody.
pub(crate) fn about_everybody(
    asked: &AboutEverybody,
    rest: &RestOfQuestion,
) -> Result<Question, CommandError> {
    let names = Question {
        application: asked.application.clone(),
        action: asked.action.clone(),
        activity: asked.activity.clone(),
        categories: asked.category.clone(),
        ..Question::default()
    };
    with_rest(names, rest)
}

fn with_rest(names: Question, rest: &RestOfQuestion) -> Result<Question, CommandError> {
    let exception = rest.exception.as_deref().map(nattoku_operations::ClaimText::from_json).transpose();
    Ok(Question {
        purpose: rest.purpose.clone(),
        recipient: rest.recipient.clone(),
        at: rest.at,
        known_at: rest.known_at,
        exception: exception.map_err(|error| wrong("--exception", &error))?,
        min_revision: rest.min_revision,
        ..names
    })
}

/// Questions in JSON that are asked beside another one.
pub(crate) fn beside(flag: &str, given: &[String], first: &Question) -> Result<Vec<Question>, CommandError> {
    let each = given.iter().enumerate().map(|(place, json)| {
        let asked = Question::beside_from_json(json, &first.application);
        asked.map_err(|error| wrong(&format!("{flag} {}", place + 1), &error))
    });
    each.collect()
}

/// A question that cannot be read, at a place.
pub(crate) fn wrong(place: &str, error: &FieldError) -> CommandError {
    CommandError::asked_wrongly(
        format!("{place}: {}", error.problem.get(Language::Ja)),
        format!("{place}: {}", error.problem.get(Language::En)),
    )
}

/// Names what is near to an activity that is not registered.
pub(crate) fn tell_of_unregistered(nattoku: &Nattoku, question: &Question, language: Language) {
    if let Some(nearest) = nearest_activity(nattoku.versions(), &question.activity) {
        output::note(&did_you_mean(&question.activity, &nearest, language));
    }
}
