//! Seeds for fuzzing from what the repository says anyway: the literate cases, the reference policy, and the lines of events
//! in the documents. Whoever adds a case adds a seed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::steps::{Failure, Outcome};

/// Most words in a dictionary, and the longest.
const WORDS_MAX: usize = 1_500;
const WORD_BYTES_MAX: usize = 48;

/// Signs that no list of words would hold.
const SIGNS: [&str; 24] = [
    "/-", "/*", "*/", "//", "\\\n", "{", "}", ";", "=", "#true", "#false", "#null", "\"\"\"", "#\"", "\"#",
    "\\u{", "{#", "](", "![", "```", "|", "\u{3000}", "\u{feff}", "\r\n",
];

/// Writes a target's seeds of at most `bytes_max` to `own/seeds` and its dictionary to `own/words.dict`.
pub(crate) fn write(root: &Path, target: &str, bytes_max: usize, own: &Path) -> Outcome {
    let mut seeds = match target {
        "policy_text" => policies(root)?,
        "notice_markdown" => notices(root)?,
        _ => lines(root)?,
    };
    let words = dictionary(&seeds);
    // A longer one would be cut, and what is cut anywhere is seldom worth more than the signs in it.
    seeds.retain(|seed| seed.len() <= bytes_max);
    let folder = own.join("seeds");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| cannot("clear", &folder, &error))?;
    }
    fs::create_dir_all(&folder).map_err(|error| cannot("make", &folder, &error))?;
    for (index, seed) in seeds.iter().enumerate() {
        let path = folder.join(format!("{index:04}"));
        fs::write(&path, seed).map_err(|error| cannot("write", &path, &error))?;
    }
    let path = own.join("words.dict");
    fs::write(&path, words).map_err(|error| cannot("write", &path, &error))?;
    println!("{} seeds in {}", seeds.len(), folder.display());
    Ok(())
}

/// Each case of the rules with the files that belong to every case; each case of the decisions with its scenarios; each file
/// of the reference policy alone.
fn policies(root: &Path) -> Outcome<Vec<String>> {
    let base = root.join("cases/language/base");
    let mut whole = String::new();
    for path in files(&base, "kdl")?.into_iter().chain(files(&base, "md")?) {
        whole += &as_file(&name_of(&path), &read(&path)?);
    }
    let mut seeds = vec![whole.clone()];
    for path in files(&root.join("cases/language"), "md")? {
        for (words, text) in blocks(&read(&path)?) {
            let name = words.split_whitespace().nth(1).unwrap_or("case.kdl");
            if words.starts_with("kdl") || words.starts_with("markdown") {
                seeds.push(whole.clone() + &as_file(name, &text));
            }
        }
    }
    for path in files(&root.join("cases/decisions"), "md")? {
        let mut policy = String::new();
        for (words, text) in blocks(&read(&path)?) {
            if words.starts_with("kdl") {
                policy = text;
            } else if words.starts_with("scenario") {
                seeds.push(format!("{policy}scenario \"x\" {{\n{text}    expect permit\n}}\n"));
            }
        }
    }
    for path in files(&root.join("policies/carrier"), "kdl")? {
        seeds.push(read(&path)?);
    }
    Ok(seeds)
}

/// Each notice whole, and each of its sections alone.
fn notices(root: &Path) -> Outcome<Vec<String>> {
    let mut seeds = Vec::new();
    for folder in ["cases/language/base", "policies/carrier"] {
        for path in files(&root.join(folder), "md")? {
            let text = read(&path)?;
            seeds.extend(text.split("\n## ").map(|section| format!("# Privacy\n\n## {section}")));
            seeds.push(text);
        }
    }
    for path in files(&root.join("cases/language"), "md")? {
        let blocks = blocks(&read(&path)?);
        seeds.extend(
            blocks.into_iter().filter(|(words, _)| words.starts_with("markdown")).map(|(_, text)| text),
        );
    }
    Ok(seeds)
}

/// Every event of the reference, the events of the tour, and questions about them.
fn lines(root: &Path) -> Outcome<Vec<String>> {
    let tour = read(&root.join("docs/tour/hana.jsonl"))?;
    let mut seeds = vec![tour.clone()];
    seeds.extend(blocks(&read(&root.join("docs/reference/events.md"))?).into_iter().map(|(_, text)| text));
    for path in files(&root.join("fuzz/corpus/decision_request"), "jsonl")? {
        let kept = read(&path)?;
        for question in
            kept.lines().filter(|line| line.contains("\"activity\"") && !line.contains("\"event\""))
        {
            seeds.push(format!("{tour}{question}\n"));
        }
    }
    Ok(seeds)
}

/// A dictionary as libFuzzer reads it: a word a line, quoted.
fn dictionary(seeds: &[String]) -> String {
    let is_inside = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let words: BTreeSet<&str> = seeds
        .iter()
        .flat_map(|seed| seed.split(|c| !is_inside(c)))
        .filter(|word| word.len() > 1 && word.len() <= WORD_BYTES_MAX)
        .collect();
    let escaped = |word: &str| -> String {
        let bytes = word.bytes().map(|byte| match byte {
            b'"' | b'\\' | 0..=31 | 127.. => format!("\\x{byte:02x}"),
            _ => char::from(byte).to_string(),
        });
        format!("\"{}\"\n", bytes.collect::<String>())
    };
    SIGNS.into_iter().chain(words.into_iter().take(WORDS_MAX)).map(escaped).collect()
}

/// A file within a seed; the line before it names it, as the target of policies expects.
fn as_file(name: &str, text: &str) -> String {
    format!("// file: {name}\n{text}\n")
}

/// The fenced blocks of a page: the words after the fence, and what stands inside.
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in page.lines() {
        open = match (line.strip_prefix("```"), open) {
            (Some(words), None) => Some((words.to_owned(), String::new())),
            (Some(_), Some(block)) => {
                found.push(block);
                None
            }
            (None, Some((words, text))) => Some((words, text + line + "\n")),
            (None, None) => None,
        };
    }
    found
}

/// The files of a folder with an ending, by name.
fn files(folder: &Path, ending: &str) -> Outcome<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let entries = entries.map_err(|error| cannot("read", folder, &error))?;
    let paths = entries.into_iter().map(|entry| entry.path());
    let mut paths: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|e| e == ending)).collect();
    paths.sort();
    Ok(paths)
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn read(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(|error| cannot("read", path, &error))
}

fn cannot(what: &str, path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("cannot {what} {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_has_seeds_that_the_repository_gives() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let policies = policies(&root).unwrap();
        assert!(policies.iter().any(|seed| seed.contains("// file: case.kdl")));
        assert!(policies.iter().any(|seed| seed.contains("\nscenario \"x\"")));
        assert!(notices(&root).unwrap().iter().any(|seed| seed.contains("{#")));
        let lines = lines(&root).unwrap();
        assert!(lines.iter().any(|seed| seed.contains("\"consent_granted\"")));
        assert!(lines.iter().any(|seed| seed.contains("\"application\"") && seed.lines().count() > 5));
    }

    #[test]
    fn a_dictionary_is_quoted() {
        let text = dictionary(&["policy shop { en \"x\" }".to_owned()]);
        assert!(text.lines().any(|line| line == "\"policy\""));
        assert!(text.lines().any(|line| line == "\"\\x22\\x22\\x22\""));
        assert!(text.lines().all(|line| line.starts_with('"') && line.ends_with('"') && line.is_ascii()));
    }
}
