//! How a snapshot comes into a database: the tables, and their files.

use std::fmt::Write as _;

use super::schema::{Dialect, TABLES, Table};

/// Statements that make every table and fill it from the file of CSV beside them that has its name, in place of what an
/// earlier snapshot left there; they stop at the first that fails, so that nobody asks older tables unawares. For `psql` in
/// the case of PostgreSQL; of Spark they make views over the files.
///
/// How the files are to be read is told in full. What a database guesses of that, it guesses from the first lines, and names
/// with quotes of their own would lose them.
#[must_use]
pub fn load(dialect: Dialect) -> String {
    let mut out = match dialect {
        Dialect::Postgresql => "-- Run by psql in the folder of the files.\n\\set ON_ERROR_STOP on\nBEGIN;\n",
        Dialect::Duckdb => "-- Run by duckdb in the folder of the files.\nBEGIN;\n",
        Dialect::Spark => "-- Run by spark-sql in the folder of the files.\n",
    }
    .to_owned();
    for table in &TABLES {
        let _ = write!(out, "{}", of_table(dialect, table));
    }
    match dialect {
        Dialect::Postgresql => out.push_str("COMMIT;\nANALYZE;\n"),
        Dialect::Duckdb => out.push_str("COMMIT;\n"),
        Dialect::Spark => {}
    }
    out
}

fn of_table(dialect: Dialect, table: &Table) -> String {
    let name = table.name;
    let columns = |not_null: &str| -> String {
        let columns = table.columns.iter();
        let columns = columns.map(|c| format!("  {} {}{not_null}", c.name, dialect.type_of(c.kind)));
        columns.collect::<Vec<_>>().join(",\n")
    };
    let key: Vec<&str> = table.columns.iter().take(table.key).map(|c| c.name).collect();
    let (columns, key) = match dialect {
        Dialect::Postgresql => (columns(" NOT NULL"), format!(",\n  PRIMARY KEY ({})", key.join(", "))),
        Dialect::Duckdb => (columns(" NOT NULL"), String::new()),
        Dialect::Spark => (columns(""), String::new()),
    };
    match dialect {
        Dialect::Postgresql => format!(
            "DROP TABLE IF EXISTS {name};\nCREATE TABLE {name} (\n{columns}{key}\n);\n\\copy {name} FROM '{name}.csv' WITH (FORMAT csv, HEADER true, DELIMITER ',', QUOTE '\"', ESCAPE '\"', ENCODING 'UTF8')\n"
        ),
        Dialect::Duckdb => format!(
            "DROP TABLE IF EXISTS {name};\nCREATE TABLE {name} (\n{columns}{key}\n);\nCOPY {name} FROM '{name}.csv' (FORMAT csv, AUTO_DETECT false, HEADER true, DELIMITER ',', QUOTE '\"', ESCAPE '\"');\n"
        ),
        Dialect::Spark => format!(
            "CREATE OR REPLACE TEMPORARY VIEW {name} (\n{columns}{key}\n) USING csv OPTIONS (path '{name}.csv', header 'true', sep ',', quote '\"', escape '\"', mode 'FAILFAST');\n"
        ),
    }
}
