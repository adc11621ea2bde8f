//! `undeclared-name`: reports a name that nothing declares, and offers the nearest one that is declared.

use super::LanguageRule;
use crate::diagnostic::Severity;

/// Reports a name that nothing declares, and offers the nearest one that is declared.
pub static UNDECLARED_NAME: LanguageRule = LanguageRule {
    name: "undeclared-name",
    severity: Severity::Error,
    ja: "## 何を見るか

宣言されていない名前を参照している箇所を報告し、近い名前があれば示します。

## なぜいけないか

綴りを誤った名前は何も指しません。同意や選択が、守るはずの利用に届かなくなります。

## 例

```kdl
basis consent=partner_sharng
```

## 代わりに

```kdl
basis consent=partner_sharing
```
",
    en: "## What it does

Reports a name that nothing declares, and offers the nearest one that is declared.

## Why is this bad

A misspelt name points at nothing, so that a consent or a choice no longer reaches the use it is meant for.

## Example

```kdl
basis consent=partner_sharng
```

## Use instead

```kdl
basis consent=partner_sharing
```
",
};
