//! What of the definition cannot be reached, with the reason: a table in a document, where people read it.

use super::Unreached;

/// The document with the table, from the root of the repository.
pub(super) const TABLE: &str = "docs/design/engine.md";

/// What the table's head begins with.
const HEAD: &str = "| file | function | text |";

/// The rows of the table.
pub(super) struct Excuses(Vec<Excuse>);

struct Excuse {
    /// The file, below the definition's folder.
    file: String,
    function: String,
    /// What stands on the line.
    text: String,
    /// How many places it excused.
    used: usize,
}

impl Excuses {
    /// Reads the table of a document; none where it has no such table.
    pub(super) fn read(document: &str) -> Self {
        let table = document.lines().skip_while(|line| !line.starts_with(HEAD)).skip(2);
        let rows = table.take_while(|line| line.starts_with('|')).filter_map(|line| {
            let mut cells = line.trim_matches('|').split(" | ").map(|cell| cell.trim().trim_matches('`'));
            Some(Excuse {
                file: cells.next()?.to_owned(),
                function: cells.next()?.to_owned(),
                text: cells.next()?.to_owned(),
                used: 0,
            })
        });
        Self(rows.collect())
    }

    /// Whether a row is about this place, whose line and function are looked up in the source.
    pub(super) fn excuse(&mut self, unreached: &Unreached, source: &str) -> bool {
        let Ok(n_lines) = usize::try_from(unreached.line) else { return false };
        let mut above = source.lines().take(n_lines).collect::<Vec<&str>>().into_iter().rev();
        let line = above.next().unwrap_or_default();
        let function = std::iter::once(line).chain(above).find_map(function_of).unwrap_or_default();
        let excuse = self.0.iter_mut().find(|excuse| {
            excuse.file == unreached.file && excuse.function == function && line.contains(&excuse.text)
        });
        excuse.map(|excuse| excuse.used += 1).is_some()
    }

    /// How many rows were needed.
    pub(super) fn n_used(&self) -> usize {
        self.0.iter().filter(|excuse| excuse.used > 0).count()
    }

    /// The rows that excuse nothing.
    pub(super) fn unneeded(&self) -> Vec<String> {
        let unneeded = self.0.iter().filter(|excuse| excuse.used == 0);
        unneeded.map(|excuse| format!("{} {} `{}`", excuse.file, excuse.function, excuse.text)).collect()
    }
}

/// The function that begins on a line.
fn function_of(line: &str) -> Option<&str> {
    let (before, after) = line.split_once("fn ")?;
    let is_declared = before.trim_start().is_empty() || before.trim_start().starts_with("pub");
    is_declared.then(|| after.split(['(', '<']).next()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "\
Text.

| file | function | text | why |
| --- | --- | --- | --- |
| `decide.rs` | `eras` | `else { continue }` | there always is one |
| `era.rs` | `eras` | `None` | it is asked for first |

More.
";

    #[test]
    fn a_row_excuses_its_line_within_its_function_alone() {
        let source = "pub(crate) fn eras<'a>(\n) {\n    let Some(x) = y else { continue };\n}\n\nfn other() {\n    let Some(x) = y else { continue };\n}\n";
        let at =
            |file: &str, line| Unreached { file: file.to_owned(), line, column: 1, what: "never reached" };
        let mut excuses = Excuses::read(DOCUMENT);
        assert!(!excuses.excuse(&at("decide.rs", 7), source));
        assert!(!excuses.excuse(&at("duty.rs", 3), source));
        assert!(excuses.excuse(&at("decide.rs", 3), source));
        assert_eq!((excuses.n_used(), excuses.unneeded()), (1, vec!["era.rs eras `None`".to_owned()]));
    }
}
