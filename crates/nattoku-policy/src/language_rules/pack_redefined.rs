//! `pack-redefined`: reports a pack of the policy folder that says something else than the one built in under its name.

use super::LanguageRule;
use crate::diagnostic::Severity;

/// Reports a pack of the policy folder that says something else than the one built in under its name.
pub static PACK_REDEFINED: LanguageRule = LanguageRule {
    name: "pack-redefined",
    severity: Severity::Error,
    ja: "## 何を見るか

ポリシーのフォルダーの `packs/法令/版.kdl` のうち、組み込みのパックと同じ法令と版で、内容が異なるものを報告します。

## なぜいけないか

同じ名前の法令が二通りに読めると、どちらで判断したのかが後から分かりません。

## 例

```kdl
pack appi \"2022-04-01\" state=in_force cited-as=APPI
```

## 代わりに

```kdl
pack appi \"2022-04-01.shop\" state=in_force cited-as=APPI { based-on \"2022-04-01\" }
```
",
    en: "## What it does

Reports a `packs/LAW/VERSION.kdl` of the policy folder that is of the same law and version as one built in and says something else.

## Why is this bad

Where one name stands for two readings of a law, nobody can tell later by which of them was decided.

## Example

```kdl
pack appi \"2022-04-01\" state=in_force cited-as=APPI
```

## Use instead

```kdl
pack appi \"2022-04-01.shop\" state=in_force cited-as=APPI { based-on \"2022-04-01\" }
```
",
};
