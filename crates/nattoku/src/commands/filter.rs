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
            format!("--id: `{id}` は表の名前を付けた列の名前ではありません"),
            format!("--id: `{id}` is no name of a column with its table's"),
        )
        .hint(
            "英数字と `_` の名前を `.` でつないで書いてください（例 customers.customer_id）。表の名前がないと、フィルターの中の表の列と取り違えられます",
            "write names of letters, digits and `_`, joined by `.`: customers.customer_id. Without the table a column of the filter's own tables would be taken for it",
        ));
    }
    let nattoku = open::nattoku(&args.place, OpenMode::ReadOnly, language)?;
    let asked = nattoku.filter(&question).map_err(told)?;
    let dialect = args.dialect.dialect();
    let json = filter_json(&asked, dialect, id.unwrap_or(OWN_COLUMN)).map_err(|error| told(error.into()))?;
    if let Some(table) = id.and_then(table_of).filter(|table| has_alias(&json.to_string(), table)) {
        return Err(CommandError::asked_wrongly(
            format!("--id: `{table}` はフィルターの中でほかの表の名前です"),
            format!("--id: `{table}` is the name of another table within the filter"),
        )
        .hint(
            "表に別の名前を付けてください（例 customers）",
            "give your table another name, such as customers",
        ));
    }
    match format {
        Format::Json => output::line(&json.to_string()),
        Format::Concise | Format::Text => {
            let text = filter_text(&asked, nattoku.policy(), dialect, id, language);
            output::text(&text.map_err(|error| told(error.into()))?);
            question::tell_of_unregistered(&nattoku, &question, language);
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

/// The name that a column's table has in the caller's query.
fn table_of(column: &str) -> Option<&str> {
    column.rsplit('.').nth(1)
}

/// Whether a query gives a table this name; letters are alike whether large or small, as in a database.
fn has_alias(sql: &str, name: &str) -> bool {
    let after_table = |part: &str| {
        let mut words =
            part.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty());
        words.next();
        // A line break is written as `\n` within JSON.
        words.next().is_some_and(|alias| alias.eq_ignore_ascii_case(name))
    };
    sql.split("FROM ").skip(1).any(after_table)
}

/// Whether it is names joined by dots, so that nothing else gets into the query, and nothing of the query's own is taken for it.
fn is_column(text: &str) -> bool {
    text.contains('.')
        && text.split('.').all(|name| {
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
    use super::{has_alias, is_column, table_of};

    #[test]
    fn a_column_is_names_joined_by_dots() {
        for column in ["c.id", "customers.customer_id", "warehouse.public.Customers.id2"] {
            assert!(is_column(column), "{column}");
        }
        for other in ["", "id", "principal", "a.", "a.1a", "a.b c", "a.b'", "a.b)--", "a.\"b\""] {
            assert!(!is_column(other), "{other}");
        }
    }

    #[test]
    fn a_table_is_not_named_like_one_of_the_query() {
        let sql = "EXISTS (\n  SELECT 1 FROM nattoku_holding h\n  WHERE EXISTS (SELECT 1 FROM nattoku_tie f WHERE f.x = c.id))";
        for json in [sql.to_owned(), format!("{sql:?}")] {
            assert!(has_alias(&json, "h") && has_alias(&json, "F"), "{json}");
            assert!(!has_alias(&json, "c") && !has_alias(&json, "customers"), "{json}");
        }
        assert_eq!((table_of("public.c.id"), table_of("id")), (Some("c"), None));
    }
}
