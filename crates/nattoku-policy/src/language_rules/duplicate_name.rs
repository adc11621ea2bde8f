//! `duplicate-name`: reports a name declared twice for the same kind, or something written twice that can stand only once.

use super::LanguageRule;
use crate::diagnostic::Severity;

/// Reports a name declared twice for the same kind, or something written twice that can stand only once.
pub static DUPLICATE_NAME: LanguageRule = LanguageRule {
    name: "duplicate-name",
    severity: Severity::Error,
    ja: r#"## 何を見るか

同じ種類の名前を二度宣言している箇所や、一度しか書けないものを二度書いている箇所を報告します。

## なぜいけないか

どちらが効くかが、ファイルの順序で決まってしまいます。

## 例

```kdl
purpose proposals number="2"
purpose proposals number="3"
```

## 代わりに

```kdl
purpose proposals number="2"
purpose payment number="3"
```
"#,
    en: r#"## What it does

Reports a name declared twice for the same kind, or something written twice that can stand only once.

## Why is this bad

Which of the two counts would depend on the order of the files.

## Example

```kdl
purpose proposals number="2"
purpose proposals number="3"
```

## Use instead

```kdl
purpose proposals number="2"
purpose payment number="3"
```
"#,
};
