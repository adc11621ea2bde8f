//! `nattoku ledger witness`: cosigns the checkpoint of another ledger (C2SP tlog-witness).

use std::path::{Path, PathBuf};

use nattoku_ledger::{AddCheckpoint, Checkpoint, Hash, Refusal, SigningKey, VerifyingKey};
use nattoku_model::Language;
use nattoku_model::clock::Clock;
use serde_json::json;

use super::decide::read_input;
use crate::cli::{Format, WitnessArgs};
use crate::clock::SystemClock;
use crate::exit::{CommandError, Exit};
use crate::{kept_file, key_file, output};

mod serve;

/// Prints the witness's lines. Where it does not cosign, says why and exits 1. Or serves those who ask over HTTP.
pub(crate) fn run(args: &WitnessArgs, format: Format, language: Language) -> Result<Exit, CommandError> {
    let keys: Vec<SigningKey> =
        args.key.iter().map(|path| key_file::private(path)).collect::<Result<_, _>>()?;
    let logs = key_file::publics(&args.log)?;
    std::fs::create_dir_all(&args.state).map_err(|error| CommandError::cannot_write(&args.state, &error))?;
    let witness = Witness { keys, logs, state: args.state.clone() };
    if let Some(address) = &args.serve {
        return serve::run(address, witness, format, language);
    }
    let request = read_input(args.request.as_deref().unwrap_or("-"))?;
    match witness.asked(request.as_bytes())? {
        Ok(lines) => {
            match format {
                Format::Json => output::line(&json!({ "status": 200, "cosignatures": lines }).to_string()),
                Format::Text | Format::Concise => output::text(&lines),
            }
            Ok(Exit::Done)
        }
        Err(refusal) => {
            refused(&refusal, format);
            Ok(Exit::No)
        }
    }
}

/// Who cosigns, for whom, and where it is kept.
struct Witness {
    keys: Vec<SigningKey>,
    logs: Vec<VerifyingKey>,
    state: PathBuf,
}

impl Witness {
    /// Judges a request and, where it is to be cosigned, keeps its checkpoint before it gives the lines.
    fn asked(&self, request: &[u8]) -> Result<Result<String, Refusal>, CommandError> {
        let mut request = match AddCheckpoint::parse(request) {
            Ok(request) => request,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let origin = request.checkpoint.origin.clone();
        // Nothing is made for a log that is not known: anybody could have any number of them named.
        if !self.logs.iter().any(|key| key.name().name == origin) {
            return Ok(Err(Refusal::UnknownLog { origin }));
        }
        let kept = kept(&self.state, &origin);
        // What was cosigned last is read, judged by and replaced in one step: no other request, and no other witness of this
        // folder, comes in between.
        let _lock = kept_file::lock(&kept)?;
        let latest = if kept.exists() { Some(key_file::own_checkpoint(&kept)?.1) } else { None };
        if let Err(refusal) = request.judge(&self.logs, latest.as_ref().map(Checkpoint::tree)) {
            return Ok(Err(refusal));
        }
        let now = u64::try_from(SystemClock.now().as_second()).unwrap_or_default();
        for key in &self.keys {
            request.note.sign(key, now).map_err(|error| {
                CommandError::asked_wrongly(
                    format!("連署できません: {}", error.japanese()),
                    format!("cannot cosign: {error}"),
                )
            })?;
        }
        kept_file::put(&kept, request.note.to_string().as_bytes())?;
        let ours = |line: &&nattoku_ledger::note::Signature| {
            self.keys.iter().any(|key| line.key == *key.verifying_key().name())
        };
        Ok(Ok(request.note.signatures().iter().filter(ours).map(ToString::to_string).collect()))
    }
}

/// Where a witness keeps what it cosigned last of a log.
fn kept(state: &Path, origin: &str) -> PathBuf {
    state.join(format!("{}.checkpoint", Hash::of_text(origin)))
}

fn refused(refusal: &Refusal, format: Format) {
    let (status, size) = (refusal.status(), refusal.size());
    if format == Format::Json {
        output::line(&json!({ "status": status, "size": size, "error": refusal.to_string() }).to_string());
        return;
    }
    if let Some(size) = size {
        output::line(&size.to_string());
    }
    let told = CommandError::asked_wrongly(
        format!("連署しません（{status}）: {}", refusal.japanese()),
        format!("not cosigned ({status}): {refusal}"),
    );
    output::error(&told, output::language());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_log_has_a_file_of_its_own_whatever_it_is_called() {
        let name = kept(Path::new("w"), "../../etc/passwd");
        assert!(name.starts_with("w") && name.components().count() == 2, "{}", name.display());
        assert_ne!(name, kept(Path::new("w"), "other"));
    }
}
