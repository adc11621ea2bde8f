//! Plain words: what neither the catalogues nor the texts of the reference policy say.

use std::fs;
use std::path::{Path, PathBuf};

use nattoku_policy::source::Source;

use crate::site::carrier;

/// Words that hide who does what to whom, that push, or that only a lawyer reads, with what is said instead where that is one
/// word.
const ENGLISH: [(&str, &str); 28] = [
    ("opt in", "you allowed this"),
    ("opt-in", "you allowed this"),
    ("opted in", "you allowed this"),
    ("opted-in", "you allowed this"),
    ("data subject", "you"),
    ("are you sure", "say what happens"),
    ("do you really", "say what happens"),
    ("no thanks", "decline"),
    ("miss out", "say what happens"),
    ("you will lose", "say what ends"),
    ("don't worry", "say what happens"),
    ("only today", ""),
    ("click here", "say where it leads"),
    ("please note", ""),
    ("soon", "say when"),
    ("utilize", "use"),
    ("leverage", "use"),
    ("seamless", ""),
    ("enhance your", ""),
    ("valued customer", "you"),
    ("pursuant", "under"),
    ("hereby", ""),
    ("herein", "here"),
    ("thereof", "of it"),
    ("notwithstanding", "although"),
    ("and/or", "or"),
    ("in accordance with", "by"),
    ("sla", "by when"),
];
const JAPANESE: [(&str, &str); 26] = [
    ("許諾", "使ってよいと答える"),
    ("同意済", "使っています"),
    ("オプトイン", "使ってよいと答える"),
    ("データ主体", "本人"),
    ("処理中", "何をしているか"),
    ("必須", "契約に必要"),
    ("パートナー", "提携先"),
    ("本当に", "何が起きるか"),
    ("よろしいですか", "何が起きるか"),
    ("もったいない", "何が起きるか"),
    ("お得", "何があるか"),
    ("今だけ", ""),
    ("後悔", "何が起きるか"),
    ("ご安心ください", "何をしているか"),
    ("こちらをクリック", "行き先の名前"),
    ("ここをクリック", "行き先の名前"),
    ("まもなく", "日付"),
    ("近日", "日付"),
    ("速やかに", "日付"),
    ("適宜", "いつ、どのように"),
    ("させていただ", "します"),
    ("ご了承", ""),
    ("に係る", "についての"),
    ("当該", "その"),
    ("若しくは", "または"),
    ("並びに", "と"),
];
/// What the pages call others by what they do with data; a policy may name companies as they are known.
const OF_PAGES: [(&str, &str); 2] = [("partner", "others"), ("partners", "others")];

/// The lines of a file that somebody reads: with their numbers, in small letters, without names of keys and remarks.
fn lines(name: &str, text: &str) -> Vec<(usize, String)> {
    let is_remark = |line: &str| {
        let line = line.trim_start();
        line.starts_with("//") || (name.ends_with(".ftl") && line.starts_with('#'))
    };
    let said = text.lines().enumerate().filter(|(_, line)| !is_remark(line));
    said.map(|(at, line)| {
        let words =
            if name.ends_with(".ftl") { line.split_once(" = ").map_or(line, |(_, w)| w) } else { line };
        (at + 1, words.to_lowercase())
    })
    .collect()
}

/// Whether the word stands in the line by itself, and not within a longer one.
fn says(line: &str, word: &str) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    line.match_indices(word).any(|(at, _)| {
        let (before, after) = (line[..at].chars().next_back(), line[at + word.len()..].chars().next());
        !word.is_ascii() || !(is_letter(before) || is_letter(after))
    })
}

/// Each place where one of the words stands, with what is said instead.
fn found(name: &str, text: &str, words: &[(&str, &str)]) -> Vec<String> {
    let mut found = Vec::new();
    for (at, line) in lines(name, text) {
        for (word, instead) in words.iter().filter(|(word, _)| says(&line, word)) {
            found.push(format!("{name}:{at} says “{word}” (instead: {instead})"));
        }
    }
    found
}

fn catalogues() -> Vec<(String, String)> {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 2);
    files.into_iter().map(|p| (p.display().to_string(), fs::read_to_string(&p).unwrap())).collect()
}

#[test]
fn words_to_avoid_stand_neither_in_the_catalogues_nor_in_the_reference_policy() {
    let mut wrong = Vec::new();
    for (name, text) in catalogues() {
        for words in [&ENGLISH[..], &JAPANESE, &OF_PAGES] {
            wrong.extend(found(&name, &text, words));
        }
    }
    for Source { name, bytes } in carrier() {
        let text = String::from_utf8(bytes).unwrap();
        wrong.extend(found(&name, &text, &ENGLISH));
        wrong.extend(found(&name, &text, &JAPANESE));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_word_to_avoid_is_found_where_it_stands() {
    let text = "# opt in\nkey-soon = You opted in; it takes effect soon.\nother = 本当に止めますか。";
    let at = |words| found("x.ftl", text, words).len();
    assert_eq!((at(&ENGLISH[..]), at(&JAPANESE[..])), (2, 1));
    assert!(found("x.kdl", "// 本当に\nja \"sooner\"", &ENGLISH).is_empty());
}
