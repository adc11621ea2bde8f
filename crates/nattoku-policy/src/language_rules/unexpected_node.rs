//! `unexpected-node`: reports a node whose name is not in the vocabulary, or that cannot stand where it stands, and offers the nearest name.

use super::LanguageRule;
use crate::diagnostic::Severity;

/// Reports a node whose name is not in the vocabulary, or that cannot stand where it stands, and offers the nearest name.
pub static UNEXPECTED_NODE: LanguageRule = LanguageRule {
    name: "unexpected-node",
    severity: Severity::Error,
    ja: r#"## 何を見るか

語彙にない名前のノードや、その場所に書けないノードを報告します。近い名前があれば示します。

## なぜいけないか

知らないノードを読み飛ばすと、書いたつもりの規則が働きません。知らないものは拒みます。

## 例

```kdl
retian call_history for="6 months" after=acquired
```

## 代わりに

```kdl
retain call_history for="6 months" after=acquired
```
"#,
    en: r#"## What it does

Reports a node whose name is not in the vocabulary, or that cannot stand where it stands, and offers the nearest name.

## Why is this bad

A node that is passed over is a rule that somebody believes to be enforced. What is unknown is refused.

## Example

```kdl
retian call_history for="6 months" after=acquired
```

## Use instead

```kdl
retain call_history for="6 months" after=acquired
```
"#,
};
