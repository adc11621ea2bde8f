//! `nattoku ledger migrate`: seals a ledger of format 1.

use nattoku_model::Language;
use serde_json::json;

use crate::cli::{Format, Where};
use crate::exit::{CommandError, Exit};
use crate::progress::{self, Work};
use crate::{open, output};

/// Leaves and root stay what they are; the file is written anew, so that nothing personal is left in it in the clear.
pub(crate) fn run(place: &Where, format: Format, language: Language) -> Result<Exit, CommandError> {
    let bar = progress::bar(Work::Sealed, language);
    let migrated = open::migrate(place, &mut |done| bar.set_position(done));
    bar.finish_and_clear();
    let Some(migrated) = migrated? else {
        output::line(&match (format, language) {
            (Format::Json, _) => json!({ "migrated": false }).to_string(),
            (_, Language::Ja) => "この台帳はすでに封がされています".to_owned(),
            (_, Language::En) => "this ledger is sealed already".to_owned(),
        });
        return Ok(Exit::Done);
    };
    let (principals, payloads, events, root) =
        (migrated.principals, migrated.payloads, migrated.events, migrated.root.to_string());
    output::line(&match (format, language) {
        (Format::Json, _) => json!({
            "migrated": true,
            "principals": principals,
            "payloads": payloads,
            "events": events,
            "root": root,
        })
        .to_string(),
        (_, Language::Ja) => {
            format!(
                "本人 {principals} 人と記録の個人に関わる部分 {payloads} 件に封をしました。できごと {events} 件、根 {root} は変わりません"
            )
        }
        (_, Language::En) => format!(
            "{principals} principals and {payloads} personal parts sealed; {events} events with root {root}, as before"
        ),
    });
    Ok(Exit::Done)
}
