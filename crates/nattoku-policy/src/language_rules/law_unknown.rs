//! `law-unknown`: reports a law or a version of it of which there is no pack.

use super::LanguageRule;
use crate::diagnostic::Severity;

/// Reports a law or a version of it of which there is no pack.
pub static LAW_UNKNOWN: LanguageRule = LanguageRule {
    name: "law-unknown",
    severity: Severity::Error,
    ja: "## 何を見るか

`law` に書かれた法令または版のうち、パックのないものを報告し、近いものがあれば示します。

## なぜいけないか

法令の違いはパックにだけ書かれています。パックのない法令の下では、何が許されるかを判断できません。

## 例

```kdl
law apppi \"2022-04-01\"
```

## 代わりに

```kdl
law appi \"2022-04-01\"
```
",
    en: "## What it does

Reports a law, or a version of one, named in `law` of which there is no pack, and offers the nearest.

## Why is this bad

What differs between laws stands in their packs alone. Under a law without one nothing can be decided.

## Example

```kdl
law apppi \"2022-04-01\"
```

## Use instead

```kdl
law appi \"2022-04-01\"
```
",
};
