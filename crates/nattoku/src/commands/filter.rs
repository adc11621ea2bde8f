//! `nattoku filter`: a question about everybody as a condition of SQL.

use nattoku_engine::Dialect;
use nattoku_model::Language;
use nattoku_operations::{FilterError, filter_json, filter_text};
use nattoku_store::OpenMode;

use super::question;
use crate::cli::{FilterArgs, Format, SqlDialect};
use crate::exit::{CommandError, Exit};
use crate::{open, output};

/// The principal's column in the query that is written where none of the caller's is named.
const OWN_COLUMN: &str = "p.id";

/// Exits 0 when it has written the filter.
pub(crate) fn run(args: &FilterArgs, format: Format, language: Language) -> Result<Exit, CommandError> {
    let question = question::about_everybody(&args.asked, &args.rest)?;
    let id = args.id.as_deref();
    if let Some(id) = id.filter(|id| !is_column(id)) {
        return Err(CommandError::asked_wrongly(
            format!("--id: `{id}` は列の名前ではありません"),
            format!("--id: `{id}` is no name of a column"),
        )
        .hint(
            "英数字と `_` の名前を `.` でつないで書いてください（例 customers.customer_id）",
            "write names of letters, digits and `_`, joined by `.`: customers.customer_id",
        ));
    }
    let nattoku = open::nattoku(&args.place, OpenMode::ReadOnly, language)?;
    let asked = nattoku.filter(&question).map_err(told)?;
    let dialect = args.dialect.dialect();
    match format {
        Format::Json => {
            let json = filter_json(&asked, dialect, id.unwrap_or(OWN_COLUMN));
            output::line(&json.map_err(|error| told(error.into()))?.to_string());
        }
        Format::Concise | Format::Text => {
            let text = filter_text(&asked, nattoku.policy(), dialect, id, language);
            output::text(&text.map_err(|error| told(error.into()))?);
        }
    }
    Ok(Exit::Done)
}

impl SqlDialect {
    const fn dialect(self) -> Dialect {
        match self {
            Self::Postgresql => Dialect::Postgresql,
            Self::Duckdb => Dialect::Duckdb,
            Self::Spark => Dialect::Spark,
        }
    }
}

/// Whether it is names joined by dots, so that nothing else gets into the query.
fn is_column(text: &str) -> bool {
    text.split('.').all(|name| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

/// What went wrong, in both languages.
pub(super) fn told(error: FilterError) -> CommandError {
    match error {
        FilterError::Operation(error) => error.into(),
        FilterError::Earlier => CommandError::asked_wrongly(
            "フィルターは今について答えます。--at は台帳の最後のできごとより前にできず、--known-at は使えません",
            "a filter answers for now: --at may not lie before the newest event, and --known-at is not for it",
        )
        .hint(
            "以前のある時点については `nattoku audience --at` が答えます",
            "`nattoku audience --at` answers about an earlier instant",
        ),
        FilterError::TooFar(error) | FilterError::Snapshot(nattoku_engine::SnapshotError::TooFar(error)) => {
            CommandError::could_not_run(
                format!("{} は表に入りません。表が扱うのは 1677 年から 2262 年までです", error.0),
                error.to_string(),
            )
        }
        error => CommandError::could_not_run(format!("表を書けません: {error}"), error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::is_column;

    #[test]
    fn a_column_is_names_joined_by_dots() {
        for column in ["id", "customers.customer_id", "warehouse.public.Customers.id2"] {
            assert!(is_column(column), "{column}");
        }
        for other in ["", "a.", "1a", "a b", "a'", "a)--", "\"a\""] {
            assert!(!is_column(other), "{other}");
        }
    }
}
