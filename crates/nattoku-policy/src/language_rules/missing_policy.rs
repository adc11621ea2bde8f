//! `missing-policy`: checks that there is exactly one `policy` node.

use super::LanguageRule;
use crate::diagnostic::Severity;

/// Checks that there is exactly one `policy` node.
pub static MISSING_POLICY: LanguageRule = LanguageRule {
    name: "missing-policy",
    severity: Severity::Error,
    ja: r#"## 何を見るか

`policy` ノードがちょうど一つあるかを確かめます。

## なぜいけないか

版と効力の始まりが分からないポリシーは、いつの行為にも適用できません。

## 代わりに

```kdl
policy carrier version="2019-12-11" {
    effective "2019-12-11"
    timezone "Asia/Tokyo"
    languages ja en
}
```
"#,
    en: r#"## What it does

Checks that there is exactly one `policy` node.

## Why is this bad

A policy without its version and the day it takes effect governs nothing.

## Use instead

```kdl
policy carrier version="2019-12-11" {
    effective "2019-12-11"
    timezone "Asia/Tokyo"
    languages ja en
}
```
"#,
};
