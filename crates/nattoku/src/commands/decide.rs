//! `nattoku decide`: one decision, or a file of them.

mod follow;
mod lines;
mod watch;

use std::io::{BufRead, BufReader, Read as _};

use nattoku_model::Language;
use nattoku_model::name::CategoryName;
use nattoku_operations::{Nattoku, OperationError, Question, decision_json, explain};
use nattoku_store::OpenMode;
use serde_json::{Value, json};

use super::question;
use crate::cli::{DecideArgs, Format};
use crate::exit::{CommandError, Exit};
use crate::{open, output};

pub(crate) use watch::{Telling, Watch};

use lines::{LINE_BYTES_MAX, Line, Lines};

/// Exits 0 where it is permitted, 1 where it is not.
pub(crate) fn run(args: &DecideArgs, format: Format, language: Language) -> Result<Exit, CommandError> {
    if let Some(file) = args.requests.as_ref().filter(|_| args.follow) {
        return follow::run(args, file, language);
    }
    if let Some(file) = &args.requests {
        let nattoku = open::nattoku(&args.place, OpenMode::ReadOnly, language)?;
        return decide_file(&nattoku, file, language);
    }
    let question = question::of_optional(&args.question)?;
    let nattoku = open::nattoku(&args.place, OpenMode::ReadOnly, language)?;
    let decision = nattoku.decide(&question)?;
    match format {
        Format::Json => {
            output::line(&decision_json(&decision, nattoku.versions(), &question.principal).to_string());
        }
        Format::Concise => output::line(decision.verdict.as_str()),
        Format::Text => {
            let words = explain(&decision, nattoku.versions(), language);
            output::line(words.lines().next().unwrap_or_default());
            for obligation in &decision.obligations {
                let categories: Vec<&str> = obligation.categories.iter().map(CategoryName::as_str).collect();
                output::line(&format!(
                    "  {} ({}) [{}]",
                    obligation.kind,
                    categories.join(", "),
                    obligation.rule
                ));
            }
        }
    }
    if format != Format::Json {
        question::tell_of_unregistered(&nattoku, &question, language);
    }
    Ok(if decision.verdict.is_permitted() { Exit::Done } else { Exit::No })
}

/// Decides every line, one answer a line in the same order. A line that cannot be decided is answered with its error, and the
/// whole then exits 2; otherwise 1 where any is not permitted.
fn decide_file(nattoku: &Nattoku, file: &str, language: Language) -> Result<Exit, CommandError> {
    let mut lines = Lines::new(open_input(file)?);
    let mut exit = Exit::Done;
    while let Some((number, line)) = lines.next().map_err(|error| cannot_read(file, &error))? {
        let Line::Read(line) = line else {
            return Err(CommandError::asked_wrongly(
                format!("{file}:{number}: 一行が {LINE_BYTES_MAX} バイトを超えています"),
                format!("{file}:{number}: the line is longer than {LINE_BYTES_MAX} bytes"),
            ));
        };
        let (answer, line_exit) = decide_line(nattoku, &line, number, language)?;
        output::line(&answer.to_string());
        exit = worse(exit, line_exit);
    }
    Ok(exit)
}

fn decide_line(
    nattoku: &Nattoku,
    line: &[u8],
    number: usize,
    language: Language,
) -> Result<(Value, Exit), CommandError> {
    let refused = |sentence: String| (json!({ "line": number, "error": sentence }), Exit::AskedWrongly);
    let Ok(text) = std::str::from_utf8(line) else {
        return Ok(refused(match language {
            Language::Ja => "UTF-8 ではありません".to_owned(),
            Language::En => "not UTF-8".to_owned(),
        }));
    };
    let question = match Question::from_json(text.trim()) {
        Ok(question) => question,
        Err(error) => return Ok(refused(error.problem.get(language).to_owned())),
    };
    match nattoku.decide(&question) {
        Ok(decision) => {
            let exit = if decision.verdict.is_permitted() { Exit::Done } else { Exit::No };
            Ok((decision_json(&decision, nattoku.versions(), &question.principal), exit))
        }
        Err(OperationError::Store(error)) => Err(error.into()),
        Err(error) => Ok(refused(error.sentence(language))),
    }
}

const fn worse(one: Exit, other: Exit) -> Exit {
    if (other as u8) > (one as u8) { other } else { one }
}

/// A file, or standard input for `-`.
pub(crate) fn open_input(file: &str) -> Result<Box<dyn BufRead>, CommandError> {
    if file == "-" {
        return Ok(Box::new(BufReader::new(std::io::stdin())));
    }
    match std::fs::File::open(file) {
        Ok(opened) => Ok(Box::new(BufReader::new(opened))),
        Err(error) => Err(cannot_read(file, &error)),
    }
}

/// All of a file that is a text of at most a megabyte, or of standard input.
pub(crate) fn read_input(file: &str) -> Result<String, CommandError> {
    const BYTES_MAX: u64 = 1_000_000;
    let mut text = String::new();
    let read = open_input(file)?.take(BYTES_MAX + 1).read_to_string(&mut text);
    read.map_err(|error| cannot_read(file, &error))?;
    if text.len() as u64 <= BYTES_MAX {
        return Ok(text);
    }
    Err(CommandError::asked_wrongly(
        format!("{file} が長すぎます（{BYTES_MAX} バイトまで）"),
        format!("{file} is too long; at most {BYTES_MAX} bytes are read"),
    ))
}

/// A file that cannot be read.
pub(crate) fn cannot_read(file: &str, error: &std::io::Error) -> CommandError {
    CommandError::could_not_run(
        format!("{file} を読めません: {error}"),
        format!("cannot read {file}: {error}"),
    )
}
