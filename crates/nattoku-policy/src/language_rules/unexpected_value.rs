//! `unexpected-value`: reports a value of the wrong type, a word that is none of those allowed, an argument too many or an unknown property, and says what was expected.

use super::LanguageRule;
use crate::diagnostic::Severity;

/// Reports a value of the wrong type, a word that is none of those allowed, an argument too many or an unknown property, and says what was expected.
pub static UNEXPECTED_VALUE: LanguageRule = LanguageRule {
    name: "unexpected-value",
    severity: Severity::Error,
    ja: r#"## 何を見るか

種類の違う値、決まった語のどれでもない値、余分な引数や知らないプロパティを報告し、何が書けるかを示します。

## なぜいけないか

読み違えた値は、保存期間や同意の条件を黙って変えてしまいます。

## 例

```kdl
retain call_history for="half a year" after=acquired
```

## 代わりに

```kdl
retain call_history for="6 months" after=acquired
```
"#,
    en: r#"## What it does

Reports a value of the wrong type, a word that is none of those allowed, an argument too many or an unknown property, and says what was expected.

## Why is this bad

A value understood differently would silently change a retention or the condition of a consent.

## Example

```kdl
retain call_history for="half a year" after=acquired
```

## Use instead

```kdl
retain call_history for="6 months" after=acquired
```
"#,
};
