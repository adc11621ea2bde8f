//! `encoding`: reports a file that is not UTF-8.

use super::LanguageRule;
use crate::diagnostic::Severity;

/// Reports a file that is not UTF-8.
pub static ENCODING: LanguageRule = LanguageRule {
    name: "encoding",
    severity: Severity::Error,
    ja: "## 何を見るか

UTF-8 で書かれていないファイルを報告します。先頭のバイト順マークは許されます。

## なぜいけないか

別の文字コードで保存されたファイルは、通知文が文字化けして公開されます。

## 代わりに

UTF-8 で保存し直してください。
",
    en: "## What it does

Reports a file that is not UTF-8. A byte order mark at its beginning is allowed.

## Why is this bad

A file in another encoding would publish a notice that nobody can read.

## Use instead

Save the file as UTF-8.
",
};
