//! `law-not-in-force`: reports a version of a law that is not in force on the day meant.

use super::LanguageRule;
use crate::diagnostic::Severity;

/// Reports a version of a law that is not in force on the day meant.
pub static LAW_NOT_IN_FORCE: LanguageRule = LanguageRule {
    name: "law-not-in-force",
    severity: Severity::Error,
    ja: "## 何を見るか

公布されたがまだ施行されていない版を `as-of=` なしに書いた `law` と、施行日より前の `as-of=` を報告します。

## なぜいけないか

施行されていない法令で判断すると、今は許されないことが許されてしまいます。将来の法令を前提にするなら、いつの時点かをポリシーに書いておく必要があります。

## 例

```kdl
law appi \"2026-07-17\"
```

## 代わりに

```kdl
law appi \"2026-07-17\" as-of=\"2028-07-16\"
```
",
    en: "## What it does

Reports a `law` whose version is promulgated and not in force yet without `as-of=`, and an `as-of=` before the version is in force.

## Why is this bad

Deciding by a law that is not in force permits what is not permitted today. A policy written for a law to come says as of which day it is meant.

## Example

```kdl
law appi \"2026-07-17\"
```

## Use instead

```kdl
law appi \"2026-07-17\" as-of=\"2028-07-16\"
```
",
};
