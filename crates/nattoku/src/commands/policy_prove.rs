//! `nattoku policy prove DIR`: shows that every invariant holds for every principal and every request, or how it does not.

use std::path::Path;

use nattoku_analysis::prove::{Counterexample, Outcome, Proof, Proved, prove};
use nattoku_analysis::scenario_text::against;
use nattoku_model::policy::{Invariant, Versions};
use nattoku_model::{Language, Policy};
use nattoku_operations::grouped;
use serde_json::{Value, json};

use crate::cli::Format;
use crate::exit::{CommandError, Exit};
use crate::progress::{self, Work};
use crate::{open, output};

/// Exits 1 where an invariant is refuted.
pub(crate) fn run(
    dir: &Path,
    only: Option<&str>,
    format: Format,
    language: Language,
) -> Result<Exit, CommandError> {
    let checked = open::sound_policy(dir, language)?;
    let Some(versions) = &checked.versions else { return Ok(Exit::CouldNotRun) };
    let policy = versions.current();
    let is_meant = |i: &&Invariant| only.is_none_or(|text| i.written.contains(text));
    let invariants: Vec<&Invariant> = policy.invariants.iter().filter(is_meant).collect();
    if invariants.is_empty() {
        return Err(no_invariant(dir, only));
    }
    let proof = with_progress(versions, &invariants, language);
    for proved in &proof.results {
        match format {
            Format::Json => output::line(&to_json(policy, proved).to_string()),
            Format::Text | Format::Concise => show(policy, proved, format, language),
        }
    }
    let (refuted, undecided) = count(&proof);
    if format == Format::Json {
        output::line(&covered_json(&proof, refuted, undecided).to_string());
    }
    output::note(&summary(&proof, refuted, language));
    if undecided > 0 {
        return Err(CommandError::could_not_run(
            format!("{undecided} 件は決められません。証明に誤りがあります"),
            format!("{undecided} could not be decided: the proof itself is at fault"),
        )
        .hint("この出力を添えて知らせてください", "please report it with this output"));
    }
    Ok(if refuted > 0 { Exit::No } else { Exit::Done })
}

fn with_progress(versions: &Versions, invariants: &[&Invariant], language: Language) -> Proof {
    let bar = progress::bar(Work::Proof, language);
    let proof = prove(versions, invariants, &mut |progress| {
        bar.set_length(u64::try_from(progress.total).unwrap_or(0));
        bar.set_position(u64::try_from(progress.done).unwrap_or(0));
    });
    bar.finish_and_clear();
    proof
}

fn show(policy: &Policy, proved: &Proved, format: Format, language: Language) {
    let Proved { invariant, outcome } = proved;
    let (holds, refuted, undecided) = match language {
        Language::Ja => ("成立", "反例", "未決"),
        Language::En => ("holds  ", "REFUTED", "undecided"),
    };
    match outcome {
        Outcome::Holds if format == Format::Concise => {}
        Outcome::Holds => output::line(&format!("{holds} {invariant}")),
        Outcome::Broken(found) | Outcome::Undecided(found) => {
            let word = if matches!(outcome, Outcome::Undecided(_)) { undecided } else { refuted };
            output::line(&format!("{word} {invariant} ({})", invariant.place));
            if format == Format::Text {
                output::text(&format!("\n{}\n", scenario(policy, invariant, found)));
            }
        }
    }
}

fn scenario(policy: &Policy, invariant: &Invariant, found: &Counterexample) -> String {
    against(policy, invariant, &found.events, &found.request)
}

fn to_json(policy: &Policy, proved: &Proved) -> Value {
    let Proved { invariant, outcome } = proved;
    let found = match outcome {
        Outcome::Holds => None,
        Outcome::Broken(found) | Outcome::Undecided(found) => Some(found),
    };
    json!({
        "invariant": invariant.written,
        "file": invariant.place.file,
        "line": invariant.place.line,
        "cites": invariant.place.cites,
        "outcome": match outcome {
            Outcome::Holds => "holds",
            Outcome::Broken(_) => "refuted",
            Outcome::Undecided(_) => "undecided",
        },
        "counterexample": found.map(|found| json!({
            "scenario": scenario(policy, invariant, found),
            "decision": found.decision.verdict.as_str(),
        })),
    })
}

/// How much was covered. Numbers that a reader of JSON may not hold are in quotes.
fn covered_json(proof: &Proof, refuted: usize, undecided: usize) -> Value {
    let covered = proof.covered;
    json!({
        "invariants": proof.results.len(),
        "refuted": refuted,
        "undecided": undecided,
        "covered": {
            "all": undecided == 0,
            "requests": covered.requests.to_string(),
            "examined": covered.examined,
            "states": covered.states.to_string(),
            "judgements": covered.judgements,
        },
    })
}

fn count(proof: &Proof) -> (usize, usize) {
    let n = |is: fn(&Outcome) -> bool| proof.results.iter().filter(|p| is(&p.outcome)).count();
    (n(|o| matches!(o, Outcome::Broken(_))), n(|o| matches!(o, Outcome::Undecided(_))))
}

fn summary(proof: &Proof, refuted: usize, language: Language) -> String {
    let covered = proof.covered;
    let (requests, examined, states) =
        (grouped(covered.requests), grouped(covered.examined), grouped(covered.states));
    let all = proof.results.len();
    let held = proof.results.iter().filter(|p| matches!(p.outcome, Outcome::Holds)).count();
    match language {
        Language::Ja => format!(
            "{all} 件のうち {held} 件は、すべての本人とすべての依頼について成り立ちます。反例 {refuted} 件\n依頼の種類 {requests} 通りのすべてを調べました。そのうち {examined} 通りは、合わせて {states} のすべての状態について調べ、残りは、どの状態でも関門が拒むか、調べたものと同じか、どの不変条件にも関わりません"
        ),
        Language::En => format!(
            "{held} of {all} hold for every principal and every request, {refuted} refuted\ncovered: all {requests} kinds of request; {examined} of them in each of their states, {states} in all, and the others because a gate refuses them in every state, because one of those stands for them, or because no invariant is about them"
        ),
    }
}

/// A proof of nothing is no success.
fn no_invariant(dir: &Path, only: Option<&str>) -> CommandError {
    let dir = dir.display();
    match only {
        Some(text) => CommandError::asked_wrongly(
            format!("「{text}」を含む不変条件が {dir} にありません"),
            format!("no invariant of {dir} holds the text `{text}`"),
        ),
        None => CommandError::asked_wrongly(
            format!("{dir} に不変条件 (`never`、`only`) がありません"),
            format!("{dir} has no invariants (`never`, `only`)"),
        ),
    }
}
