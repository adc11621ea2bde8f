//! `malformed-name`: checks the form of names: lower-case letters, digits and `_`, beginning with a letter, trees joined by `.`, at most 120 bytes.

use super::LanguageRule;
use crate::diagnostic::Severity;

/// Checks the form of names: lower-case letters, digits and `_`, beginning with a letter, trees joined by `.`, at most 120 bytes.
pub static MALFORMED_NAME: LanguageRule = LanguageRule {
    name: "malformed-name",
    severity: Severity::Error,
    ja: "## 何を見るか

名前の形を確かめます。小文字の英字で始まり、英数字と `_` を使い、木は `.` でつなぎ、120 バイトまでです。

## なぜいけないか

名前は API、台帳、URL でそのまま使われます。一度使われた名前は変えられません。

## 例

```kdl
activity PartnerOffers purpose=proposals
```

## 代わりに

```kdl
activity partner_offers purpose=proposals
```
",
    en: "## What it does

Checks the form of names: lower-case letters, digits and `_`, beginning with a letter, trees joined by `.`, at most 120 bytes.

## Why is this bad

Names stand as they are in the API, the ledger and addresses, and once used they cannot be changed.

## Example

```kdl
activity PartnerOffers purpose=proposals
```

## Use instead

```kdl
activity partner_offers purpose=proposals
```
",
};
