//! What an audience is compared with, out of flags.

use nattoku_model::Language;
use nattoku_operations::{Baseline, OtherPolicy};

use super::super::policy_diff;
use crate::cli::AudienceArgs;
use crate::exit::CommandError;

/// The baseline that the flags name, if they name one.
pub(super) fn of(args: &AudienceArgs, language: Language) -> Result<Option<Baseline>, CommandError> {
    let (at, known_at) = (args.compared_at, args.compared_known_at);
    let is_earlier = at.is_some() || known_at.is_some();
    let Some(place) = &args.compared_policy else {
        return Ok(is_earlier.then_some(Baseline::Earlier { at, known_at }));
    };
    if is_earlier {
        return Err(CommandError::asked_wrongly(
            "前の時点と別のポリシーを一度に比べると、どちらによる違いか分かりません",
            "compared with an earlier instant and another policy at once, nobody could tell which of the two makes a difference",
        )
        .hint(
            "--compared-at と --compared-policy を一つずつ使って、二回に分けて比べてください",
            "compare twice: once with --compared-at, once with --compared-policy",
        ));
    }
    let (versions, digest) = policy_diff::version(place, language)?;
    let name = place.display().to_string();
    Ok(Some(Baseline::Policy(OtherPolicy { name, versions, digest })))
}
