//! `cyclic-derivation`: reports a category that is derived from itself in the end, or from a category above or below it in its tree.

use super::LanguageRule;
use crate::diagnostic::Severity;

/// Reports a category that is derived from itself in the end, or from a category above or below it in its tree.
pub static CYCLIC_DERIVATION: LanguageRule = LanguageRule {
    name: "cyclic-derivation",
    severity: Severity::Error,
    ja: "## 何を見るか

派生元をたどると自分に戻る項目や、自分の上下にある項目から派生する項目を報告します。

## なぜいけないか

派生した項目は元の項目の法的な区分を受け継ぎます。輪になっていると、何から作られたのかを説明できません。

## 例

```kdl
category interest { derived-from score }
category score { derived-from interest }
```

## 代わりに

```kdl
category interest { derived-from purchase }
category score { derived-from interest }
```
",
    en: "## What it does

Reports a category that is derived from itself in the end, or from a category above or below it in its tree.

## Why is this bad

A derived category takes over the classes of what it comes from. In a circle nobody can say what it was made of.

## Example

```kdl
category interest { derived-from score }
category score { derived-from interest }
```

## Use instead

```kdl
category interest { derived-from purchase }
category score { derived-from interest }
```
",
};
