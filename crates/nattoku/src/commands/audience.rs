//! `nattoku audience`: for whom a use is permitted, over the whole ledger, and why the others are left out.

mod baseline;
mod ids;

use std::path::Path;

use nattoku_model::Language;
use nattoku_operations::{
    Audience, AudienceError, Listed, Nattoku, Others, Progress, SnapshotUse, Written, audience_about,
    audience_json, audience_text, did_you_mean,
};
use nattoku_store::OpenMode;

use super::question;
use crate::cli::{AudienceArgs, Format};
use crate::exit::{CommandError, Exit};
use crate::progress::{self, Work};
use crate::{open, output};
use ids::Ids;

/// Exits 0 when it has counted.
pub(crate) fn run(args: &AudienceArgs, format: Format, language: Language) -> Result<Exit, CommandError> {
    let question = question::about_everybody(&args.asked, &args.rest)?;
    let others = Others {
        and: question::beside("--and", &args.and, &question)?,
        except: question::beside("--except", &args.except, &question)?,
    };
    let nattoku = open::nattoku(&args.place, OpenMode::ReadOnly, language)?;
    let baseline = baseline::of(args, language)?;
    let create = |path| Ids::create(path, baseline.is_some());
    let mut file = args.ids.as_deref().map(create).transpose()?;
    let failed = |error: &std::io::Error| {
        CommandError::cannot_write(args.ids.as_deref().unwrap_or_else(|| Path::new("-")), error)
    };
    let bar = progress::bar(Work::Principals, language);
    bar.set_length(nattoku.principals()?);
    let mut write = |listed: &Listed<'_>| file.as_mut().map_or(Ok(()), |file| file.put(listed));
    let list = args.ids.is_some().then_some(&mut write as &mut dyn FnMut(&Listed<'_>) -> _);
    let snapshot = nattoku.snapshot_path().filter(|_| !args.no_snapshot);
    let mut told = |progress: Progress| {
        bar.set_length(progress.of);
        bar.set_position(progress.done);
    };
    let (baseline, path) = (baseline.as_ref(), snapshot.as_deref());
    let counted = nattoku.audience(&question, &others, baseline, path, list, &mut told);
    bar.finish_and_clear();
    let audience = counted.map_err(|error| not_counted(error, &failed))?;
    if let Some(file) = file {
        file.finish(audience_about(&audience, nattoku.publication()))?;
    }
    if let (Some(path), Some(snapshot)) = (&snapshot, &audience.snapshot) {
        tell_of(path, snapshot, language);
    }
    print(&audience, &nattoku, format, language);
    if format != Format::Json {
        tell_of_unregistered(&audience, language);
    }
    Ok(Exit::Done)
}

fn print(audience: &Audience, nattoku: &Nattoku, format: Format, language: Language) {
    match format {
        Format::Json => output::line(&audience_json(audience).to_string()),
        Format::Concise => {
            for (verdict, principals) in &audience.verdicts {
                output::line(&format!("{principals} {verdict}"));
            }
            if let Some(together) = &audience.together {
                output::line(&format!("{} together", together.principals));
            }
            if let Some(change) = &audience.change {
                let (came_in, dropped_out) = (change.came_in.principals, change.dropped_out.principals);
                output::line(&format!("{} both\n{came_in} in\n{dropped_out} out", change.both));
            }
        }
        Format::Text => output::text(&audience_text(audience, nattoku.policy(), language)),
    }
}

/// Names what is near to activities that are not registered, that of the question and those beside it.
fn tell_of_unregistered(audience: &Audience, language: Language) {
    let beside = audience.together.iter().flat_map(|together| together.and.iter().chain(&together.except));
    let beside = beside.map(|asked| (&asked.request, &asked.nearest_activity));
    for (request, nearest) in std::iter::once((&audience.request, &audience.nearest_activity)).chain(beside) {
        if let Some(nearest) = nearest {
            output::note(&did_you_mean(request.activity.as_str(), nearest, language));
        }
    }
}

/// Why nothing was counted.
fn not_counted(error: AudienceError, unwritten: &dyn Fn(&std::io::Error) -> CommandError) -> CommandError {
    match error {
        AudienceError::Operation(error) => CommandError::from(error),
        AudienceError::List(error) => unwritten(&error),
        AudienceError::Full(_) => CommandError::could_not_run(
            "本人が多すぎて、一度に数えられません",
            "there are too many principals to be counted at once",
        ),
        AudienceError::Engine(error) => CommandError::could_not_run(
            format!("エンジンが答えませんでした: {error}"),
            format!("the engine gave no answer: {error}"),
        ),
    }
}

/// Says why a snapshot was left aside, or could not be written: the answer is right all the same.
fn tell_of(path: &Path, snapshot: &SnapshotUse, language: Language) {
    let path = path.display();
    if let Some(unfit) = &snapshot.left_aside {
        let why = unfit.message(language);
        output::note(&match (language, snapshot.written == Written::Yes) {
            (Language::Ja, true) => format!("{path} は使わず、新しく作りました: {why}"),
            (Language::En, true) => format!("{path} was left aside and made anew: {why}"),
            (Language::Ja, false) => format!("{path} は使いませんでした: {why}"),
            (Language::En, false) => format!("{path} was left aside: {why}"),
        });
        if let Some(help) = unfit.help(language) {
            output::note(help);
        }
    }
    if let Written::Failed(why) = &snapshot.written {
        output::note(&match language {
            Language::Ja => format!("{path} に新しいスナップショットを書けませんでした: {why}"),
            Language::En => format!("a new snapshot could not be written to {path}: {why}"),
        });
    }
}
