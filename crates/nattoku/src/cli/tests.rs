//! What every command's help shows.

use clap::{CommandFactory as _, Parser as _};

use super::Cli;

/// Every command below one, each by its words with what stands at the end of its help.
fn helps(command: &clap::Command, words: &str, found: &mut Vec<(String, String)>) {
    let help = command.get_after_help().map(ToString::to_string);
    found.push((words.to_owned(), help.unwrap_or_default()));
    for below in command.get_subcommands() {
        helps(below, &format!("{words} {}", below.get_name()), found);
    }
}

/// The command lines in a text: what follows `nattoku` at the beginning of a line or after a colon, as far as the shell hands it
/// to the program.
fn lines_of(help: &str) -> Vec<Vec<String>> {
    let joined = help.replace("\\\n", " ");
    let shown = joined.lines().filter_map(|line| {
        let (before, after) = line.split_once("nattoku ")?;
        (before.trim().is_empty() || before.trim_end().ends_with(':')).then_some(after)
    });
    let words = shown.map(|line| {
        let ends = [" > ", " && ", " | "].iter().filter_map(|end| line.find(end));
        let line = &line[..ends.min().unwrap_or(line.len())];
        let quoted = line.split('"').enumerate();
        let words = quoted.flat_map(|(place, part)| match place % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        });
        std::iter::once("nattoku".to_owned()).chain(words).collect()
    });
    words.collect()
}

#[test]
fn every_command_shows_an_example_of_its_own_and_every_example_is_understood() {
    let mut found = Vec::new();
    helps(&Cli::command(), "nattoku", &mut found);
    assert!(found.len() > 50, "{}", found.len());
    for (words, help) in found {
        let lines = lines_of(&help);
        let its_own =
            lines.iter().filter(|line| format!("{} ", line.join(" ")).starts_with(&format!("{words} ")));
        assert!(its_own.count() > 0, "the help of `{words}` shows no example: {help}");
        for line in &lines {
            let understood = Cli::try_parse_from(line);
            assert!(understood.is_ok(), "{line:?}: {}", understood.unwrap_err());
        }
    }
}
