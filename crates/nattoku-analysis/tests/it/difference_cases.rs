//! The pages of `cases/difference/`: the reference policy is edited, and what changes by that stands below, forth and back.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use nattoku_analysis::difference::{Affected, Change, Difference, Rulings, difference, unexplained};
use nattoku_model::{ChangeKind, Language, Policy};

use crate::edited::{carrier, edit, root, versions};

/// The one kind that cannot be shown by an edit today: each law has one version in force.
const SHOWN_ELSEWHERE: [ChangeKind; 1] = [ChangeKind::LawVersionChanged];

/// A case: its heading, its edits by file, and the block to compare with.
#[derive(Default)]
struct Case {
    title: String,
    /// What the reference policy lacks for the case, put in before anything is compared.
    first: Vec<(String, String)>,
    edits: Vec<(String, String)>,
    expected: String,
}

fn read(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut block: Option<(String, String)> = None;
    for line in text.lines() {
        match (&mut block, line.strip_prefix("```")) {
            (None, Some(kind)) => block = Some((kind.to_owned(), String::new())),
            (Some((kind, body)), Some(_)) => {
                let case = cases.last_mut().expect("a heading before the block");
                match kind.split_once(' ') {
                    Some(("first", file)) => case.first.push((file.to_owned(), body.clone())),
                    Some(("edit", file)) => case.edits.push((file.to_owned(), body.clone())),
                    _ => case.expected = body.clone(),
                }
                block = None;
            }
            (Some((_, body)), None) => {
                body.push_str(line);
                body.push('\n');
            }
            (None, None) => {
                if let Some(title) = line.strip_prefix("## ") {
                    cases.push(Case { title: title.to_owned(), ..Case::default() });
                }
            }
        }
    }
    cases
}

/// What the page says of a difference: each change with its class, then whom it concerns and what it shifts.
fn written(difference: &Difference, old: &Policy, new: &Policy) -> String {
    let mut out = String::new();
    if difference.changes.is_empty() {
        out.push_str("no difference\n");
    }
    for change in &difference.changes {
        let sentence = change.sentence(Language::En);
        writeln!(out, "{} {} — {sentence}", change.class, change.id()).unwrap();
        for cause in &change.causes {
            writeln!(out, "    with: {}", cause.rule).unwrap();
        }
        if change.affected != Affected::Nobody {
            let whom = change.affected.words(old, new);
            writeln!(out, "    concerns: {}", whom.get(Language::En)).unwrap();
        }
        for effect in &change.effects {
            let act = effect.act_words(old, new);
            let (shift, whom) = (effect.shift.words(Language::En), effect.whom.words(Language::En));
            writeln!(out, "    {shift}: {}, {whom}", act.get(Language::En)).unwrap();
        }
    }
    out
}

/// What changes, held against the decision: no act comes out otherwise of which no change tells. Asking that of every act
/// takes longest, so it is asked where a case says so.
fn compare(
    old: &Policy,
    new: &Policy,
    kinds: &mut BTreeSet<ChangeKind>,
    ask_all: bool,
) -> Result<String, String> {
    let difference = difference(old, new, &Rulings::of_laws([old, new]));
    kinds.extend(difference.changes.iter().map(|c| c.kind));
    let ids: BTreeSet<String> = difference.changes.iter().map(Change::id).collect();
    if ids.len() != difference.changes.len() {
        return Err(format!("two changes have one name: {ids:?}"));
    }
    let overlooked = if ask_all { unexplained(old, new, &difference.changes) } else { Vec::new() };
    if !overlooked.is_empty() {
        return Err(format!("no change tells of {overlooked:#?}"));
    }
    if let Some(unruled) = difference.changes.iter().find(|c| c.rulings.is_empty()) {
        return Err(format!("no law says anything of {}", unruled.id()));
    }
    Ok(written(&difference, old, new))
}

#[test]
fn every_page_says_what_changes() {
    let base = versions(&carrier()).unwrap();
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let (mut kinds, mut failures) = (BTreeSet::new(), Vec::new());
    let mut pages: Vec<_> =
        std::fs::read_dir(root().join("cases/difference")).unwrap().map(|e| e.unwrap().path()).collect();
    pages.sort();
    for path in pages {
        let mut text = std::fs::read_to_string(&path).unwrap();
        for case in read(&text) {
            let answered = answer(&base, &case, &mut kinds);
            match answered {
                Ok(answered) if answered == case.expected => {}
                Ok(answered) if update => {
                    let heading = text.find(&format!("## {}\n", case.title)).unwrap();
                    let begin =
                        heading + text[heading..].find("```difference\n").unwrap() + "```difference\n".len();
                    text.replace_range(begin..begin + case.expected.len(), &answered);
                }
                Ok(answered) => failures.push(format!(
                    "{}: {}\n--- expected\n{}--- answered\n{answered}",
                    path.display(),
                    case.title,
                    case.expected
                )),
                Err(problem) => failures.push(format!("{}: {}\n{problem}", path.display(), case.title)),
            }
        }
        if update {
            std::fs::write(&path, text).unwrap();
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let unshown: Vec<&str> = ChangeKind::ALL
        .iter()
        .filter(|kind| !kinds.contains(kind) && !SHOWN_ELSEWHERE.contains(kind))
        .map(|kind| kind.code())
        .collect();
    assert!(unshown.is_empty(), "no page shows {unshown:?}");
}

/// The edit forth, and taken back again.
fn answer(
    base: &nattoku_model::policy::Versions,
    case: &Case,
    kinds: &mut BTreeSet<ChangeKind>,
) -> Result<String, String> {
    let mut files = carrier();
    for (file, block) in &case.first {
        edit(&mut files, file, block)?;
    }
    let prepared = if case.first.is_empty() { None } else { Some(versions(&files)?) };
    for (file, block) in &case.edits {
        edit(&mut files, file, block)?;
    }
    let edited = versions(&files)?;
    let (old, new) = (prepared.as_ref().unwrap_or(base).current(), edited.current());
    let forth = compare(old, new, kinds, true)?;
    let back = compare(new, old, kinds, false)?;
    Ok(if forth == back { forth } else { format!("{forth}\nand back:\n{back}") })
}
