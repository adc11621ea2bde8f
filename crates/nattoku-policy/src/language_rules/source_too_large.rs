//! `source-too-large`: reports a file of more than 4 MiB, and does not read it.

use super::LanguageRule;
use crate::diagnostic::Severity;

/// Reports a file of more than 4 MiB, and does not read it.
pub static SOURCE_TOO_LARGE: LanguageRule = LanguageRule {
    name: "source-too-large",
    severity: Severity::Error,
    ja: "## 何を見るか

4 MiB を超えるファイルを報告し、読みません。

## なぜいけないか

百の規則からなるポリシーでも 50 KiB ほどです。これより桁違いに大きいファイルは、誤って置かれたものです。

## 代わりに

ポリシーでないファイルを除くか、宣言をいくつかのファイルに分けてください。
",
    en: "## What it does

Reports a file of more than 4 MiB, and does not read it.

## Why is this bad

A policy of a hundred rules has some 50 KiB. A file so much larger was put there by mistake.

## Use instead

Take the file out of the folder, or divide its declarations among several files.
",
};
