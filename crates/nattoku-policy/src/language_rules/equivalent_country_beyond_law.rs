//! `equivalent-country-beyond-law`: reports a country that no law of the policy holds equal.

use super::LanguageRule;
use crate::diagnostic::Severity;

/// Reports a country that no law of the policy holds equal.
pub static EQUIVALENT_COUNTRY_BEYOND_LAW: LanguageRule = LanguageRule {
    name: "equivalent-country-beyond-law",
    severity: Severity::Error,
    ja: "## 何を見るか

`equivalent-countries` に書かれた国のうち、`law` に書かれた法令のどれも同等としていないものを報告します。

## なぜいけないか

同等の国は法令が決めます。ポリシーは、そのうち使う国を絞ることはできても、加えることはできません。

## 例

```kdl
equivalent-countries DE FR US
```

## 代わりに

```kdl
equivalent-countries DE FR
```
",
    en: "## What it does

Reports countries in `equivalent-countries` that none of the laws named in `law` holds equal.

## Why is this bad

Which countries are equal, the law decides. A policy can rely on fewer of them; it cannot add one.

## Example

```kdl
equivalent-countries DE FR US
```

## Use instead

```kdl
equivalent-countries DE FR
```
",
};
