//! Receipts for principals: what they did, what they were told, and the proof that the ledger has it (R47, R53).

use nattoku_ledger::{Checkpoint, CheckpointError, Json, LogProof, Receipt, ReceiptError, SigningKey};
use nattoku_model::event::{Event, Recorded, Revision};
use nattoku_model::{Language, Policy};
use nattoku_policy::diagnostic::Words;

use crate::consents::refusals;
use crate::error::OperationError;
use crate::log::PublishedLog;
use crate::nattoku::Nattoku;

mod record;

/// What a receipt is asked for.
#[derive(Debug, Clone, Copy)]
pub struct ReceiptWanted<'a> {
    /// Whose receipt it is.
    pub principal: &'a str,
    /// Of which event; of the newest act of the principal's will where none is named.
    pub revision: Option<Revision>,
    /// The language of words that the event itself was not in.
    pub language: Language,
    /// Whether what is personal goes in, with the key that shows it to be what was committed to.
    pub with_payload: bool,
}

/// Whether a receipt can be had as a file where somebody asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceiptFile {
    /// It can.
    Ready,
    /// The event is not signed yet; it will be.
    Soon,
    /// The ledger is not signed here.
    NotHere,
}

impl Nattoku {
    /// Issues a receipt, proved by a checkpoint that the same key signed.
    ///
    /// # Errors
    /// There is no such event of that principal, the checkpoint is not the key's or does not reach as far, or the ledger
    /// cannot be read.
    pub fn issue_receipt(
        &self,
        wanted: &ReceiptWanted<'_>,
        checkpoint: &str,
        key: &SigningKey,
    ) -> Result<Receipt, OperationError> {
        let own = self.history(wanted.principal)?;
        let recorded = wanted_event(wanted, &own)?;
        let refuses = refusals(&own).contains(&recorded.revision);
        let issuing = Issuing::of(self, checkpoint, key, wanted.language)?;
        issuing.receipt(recorded, refuses, wanted.with_payload)
    }

    /// Issues the receipts of acts of will, proved by the newest checkpoint and signed by the log's key, out of all of a principal's own
    /// events, which are at hand: of each act its leaf is read and its proof, and nothing else. Acts that are not
    /// [`ReceiptFile::Ready`] have none.
    /// What is personal goes in where `with_payload` says so of an act.
    ///
    /// # Errors
    /// The ledger cannot be read, then or while they are made one after another.
    pub fn issue_receipts<'n>(
        &'n self,
        events: &'n [Recorded],
        language: Language,
        with_payload: impl Fn(&Event) -> bool,
    ) -> Result<impl Iterator<Item = Result<Receipt, OperationError>>, OperationError> {
        let signed = self.log_key.as_deref().zip(self.log().and_then(PublishedLog::checkpoint));
        let issuing =
            signed.map(|(key, (checkpoint, _))| Issuing::of(self, &checkpoint, key, language)).transpose()?;
        let size = issuing.as_ref().map_or(0, |issuing| issuing.signed.size);
        let refusals = refusals(events);
        let acts = events.iter().filter(move |e| is_will(&e.event) && e.revision.0 <= size);
        Ok(acts.filter_map(move |recorded| {
            let refuses = refusals.contains(&recorded.revision);
            Some(issuing.as_ref()?.receipt(recorded, refuses, with_payload(&recorded.event)))
        }))
    }

    /// Whether the receipt of an event can be had as a file.
    #[must_use]
    pub fn receipt_file_state(&self, revision: Revision) -> ReceiptFile {
        let signed = self.log().and_then(PublishedLog::checkpoint);
        match (&self.log_key, signed) {
            (None, _) => ReceiptFile::NotHere,
            (Some(_), Some((_, checkpoint))) if revision.0 <= checkpoint.size => ReceiptFile::Ready,
            (Some(_), _) => ReceiptFile::Soon,
        }
    }

    /// The receipt of an event, proved by the newest checkpoint and signed by the log's key; none where it is not
    /// [`ReceiptFile::Ready`].
    ///
    /// # Errors
    /// There is no such event of that principal, or the ledger cannot be read.
    pub fn receipt_file(&self, wanted: &ReceiptWanted<'_>) -> Result<Option<Receipt>, OperationError> {
        let Some(key) = self.log_key.as_deref() else { return Ok(None) };
        let Some((signed, checkpoint)) = self.log().and_then(PublishedLog::checkpoint) else {
            return Ok(None);
        };
        if wanted.revision.is_some_and(|revision| revision.0 > checkpoint.size) {
            return Ok(None);
        }
        self.issue_receipt(wanted, &signed, key).map(Some)
    }

    /// The proof that the newest signed checkpoint has an event, in the text of C2SP's tlog-proof; none where nothing was signed, or the
    /// checkpoint does not reach as far.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn proof_of(&self, revision: Revision) -> Result<Option<String>, OperationError> {
        let Some((signed, checkpoint)) = self.log().and_then(PublishedLog::checkpoint) else {
            return Ok(None);
        };
        let Some(hashes) = self.store.inclusion_proof(revision, checkpoint.size)? else { return Ok(None) };
        let index = revision.0.saturating_sub(1);
        Ok(Some(LogProof { extra: None, index, hashes, checkpoint: signed }.to_string()))
    }

    /// The policy in which a wording stands that somebody agreed to: the version in force then, or the newest that has it.
    fn policy_of(&self, recorded: &Recorded) -> &Policy {
        let versions = self.versions();
        let in_force = versions.in_force(recorded.at).unwrap_or_else(|| versions.current());
        let has_it = |policy: &&Policy| match &recorded.event {
            Event::ConsentGranted { item, text_version, .. } => {
                policy.consents.get(item).is_some_and(|consent| consent.wordings.contains_key(text_version))
            }
            _ => true,
        };
        let others = versions.oldest_first().into_iter().rev();
        std::iter::once(in_force).chain(others).find(has_it).unwrap_or(in_force)
    }
}

/// What receipts are proved and signed by.
struct Issuing<'n> {
    nattoku: &'n Nattoku,
    /// The checkpoint, as it was signed and as it was read.
    checkpoint: String,
    signed: Checkpoint,
    key: &'n SigningKey,
    /// The language of words that an event itself was not in.
    language: Language,
}

impl<'n> Issuing<'n> {
    fn of(
        nattoku: &'n Nattoku,
        checkpoint: &str,
        key: &'n SigningKey,
        language: Language,
    ) -> Result<Self, OperationError> {
        let (signed, _) = Checkpoint::open(checkpoint.as_bytes(), key.verifying_key(), &[])
            .map_err(|error| refused_checkpoint(&error))?;
        Ok(Self { nattoku, checkpoint: checkpoint.to_owned(), signed, key, language })
    }

    /// The receipt of an event. `refuses` tells of a withdrawal that nothing had been given before it.
    fn receipt(
        &self,
        recorded: &Recorded,
        refuses: bool,
        with_payload: bool,
    ) -> Result<Receipt, OperationError> {
        let Self { nattoku, checkpoint, signed, key, language } = self;
        let (store, revision) = (&nattoku.store, recorded.revision);
        let hashes = store.inclusion_proof(revision, signed.size)?.ok_or_else(|| {
            OperationError::Refused(Words::new(
                format!("版番号 {revision} は確認点（{} 件）にまだ入っていません。`nattoku ledger checkpoint` で新しい確認点に署名してください", signed.size),
                format!("revision {revision} is not yet in the checkpoint, which has {} events; sign a newer one with `nattoku ledger checkpoint`", signed.size),
            ))
        })?;
        let opened = store.opened_leaf(revision)?.ok_or_else(|| no_such_event(revision))?;
        let leaf = String::from_utf8(opened.leaf).map_err(|_| no_such_event(revision))?;
        let payload =
            opened.payload.map(String::from_utf8).transpose().map_err(|_| no_such_event(revision))?;
        let key_of = opened.principal.map(|(_, commitment_key)| commitment_key);
        let opening = payload.zip(key_of).filter(|_| with_payload);
        let record = record::of(nattoku, (recorded, refuses), &leaf, &signed.origin, *language)?;
        let index = revision.0.saturating_sub(1);
        let proof = LogProof { extra: None, index, hashes, checkpoint: checkpoint.clone() };
        Receipt::issue(record, leaf, opening, proof, key).map_err(|error| refused(&error))
    }
}

/// The event that a receipt is asked for, out of the principal's own.
fn wanted_event<'e>(wanted: &ReceiptWanted<'_>, own: &'e [Recorded]) -> Result<&'e Recorded, OperationError> {
    let found = match wanted.revision {
        Some(revision) => own.iter().find(|event| event.revision == revision),
        None => own.iter().filter(|event| is_will(&event.event)).max_by_key(|event| event.revision),
    };
    found.ok_or_else(|| match wanted.revision {
        Some(revision) => OperationError::Refused(Words::new(
            format!("版番号 {revision} は `{}` のできごとではありません", wanted.principal),
            format!("revision {revision} is no event about `{}`", wanted.principal),
        )),
        None => OperationError::Refused(Words::new(
            format!("`{}` は同意も選択もしていません。--revision で示してください", wanted.principal),
            format!("`{}` has neither agreed nor declined; name an event by --revision", wanted.principal),
        )),
    })
}

/// Whether an event is an act of a principal's will.
pub(crate) const fn is_will(event: &Event) -> bool {
    matches!(
        event,
        Event::ConsentGranted { .. }
            | Event::ConsentWithdrawn { .. }
            | Event::ChoiceDeclined { .. }
            | Event::ChoiceRestored { .. }
    )
}

fn no_such_event(revision: Revision) -> OperationError {
    OperationError::Refused(Words::new(
        format!("版番号 {revision} の葉を読めません。`nattoku ledger verify` で確かめてください"),
        format!("the leaf of revision {revision} cannot be read; check with `nattoku ledger verify`"),
    ))
}

fn refused_checkpoint(error: &CheckpointError) -> OperationError {
    OperationError::Refused(Words::new(
        format!("確認点を使えません: {}", error.japanese()),
        format!("the checkpoint cannot be used: {error}"),
    ))
}

fn refused(error: &ReceiptError) -> OperationError {
    OperationError::Refused(Words::new(error.japanese(), error.to_string()))
}

/// A text value.
fn text(text: impl Into<String>) -> Json {
    Json::Text(text.into())
}
