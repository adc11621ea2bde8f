//! `missing-value`: reports a value, a property or a child node that must be there and is not.

use super::LanguageRule;
use crate::diagnostic::Severity;

/// Reports a value, a property or a child node that must be there and is not.
pub static MISSING_VALUE: LanguageRule = LanguageRule {
    name: "missing-value",
    severity: Severity::Error,
    ja: "## 何を見るか

必要な値、プロパティ、子ノードがないことを報告します。

## なぜいけないか

欠けた値を推測すると、ポリシーが言っていないことを言ったことにしてしまいます。

## 例

```kdl
source member_store { gives purchase }
```

## 代わりに

```kdl
source member_store channel=indirect { gives purchase }
```
",
    en: "## What it does

Reports a value, a property or a child node that must be there and is not.

## Why is this bad

Guessing the value would make the policy say what nobody wrote.

## Example

```kdl
source member_store { gives purchase }
```

## Use instead

```kdl
source member_store channel=indirect { gives purchase }
```
",
};
