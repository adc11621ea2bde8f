//! `syntax`: reports what does not follow the grammar of KDL 2: a brace or a quotation that is not closed, a `key=` without its value, a date without quotes.

use super::LanguageRule;
use crate::diagnostic::Severity;

/// Reports what does not follow the grammar of KDL 2: a brace or a quotation that is not closed, a `key=` without its value, a date without quotes.
pub static SYNTAX: LanguageRule = LanguageRule {
    name: "syntax",
    severity: Severity::Error,
    ja: r#"## 何を見るか

`{` に対する `}`、閉じる引用符、`key=value` の値など、KDL 2 の文法に合わない箇所を報告します。

## なぜいけないか

読めない行の規則は適用されません。読めなかったことに気づかないまま公開すると、書いたはずの禁止や保存期間が働きません。

## 例

```kdl
policy carrier version=2019-12-11 {
```

## 代わりに

```kdl
policy carrier version="2019-12-11" {
```
"#,
    en: r#"## What it does

Reports what does not follow the grammar of KDL 2: a brace or a quotation that is not closed, a `key=` without its value, a date without quotes.

## Why is this bad

A line that cannot be read is a rule that is not enforced. If it went unnoticed, a prohibition or a retention that somebody wrote would not act.

## Example

```kdl
policy carrier version=2019-12-11 {
```

## Use instead

```kdl
policy carrier version="2019-12-11" {
```
"#,
};
