//! `malformed-notice`: checks how the notice is written: one title, an anchor such as `{#purposes}` on every heading, no unknown `{…}`, and directives that expand to tables alone on their lines.

use super::LanguageRule;
use crate::diagnostic::Severity;

/// Checks how the notice is written: one title, an anchor such as `{#purposes}` on every heading, no unknown `{…}`, and directives that expand to tables alone on their lines.
pub static MALFORMED_NOTICE: LanguageRule = LanguageRule {
    name: "malformed-notice",
    severity: Severity::Error,
    ja: "## 何を見るか

通知文の書き方を確かめます。見出しには `{#purposes}` のようなアンカーが、題名は一つ必要です。知らない `{…}` や行の途中の表の指示も報告します。

## なぜいけないか

知らない指示はそのまま文字として公開されます。アンカーのない章は、回答から指し示せません。

## 例

```markdown
## 3. 利用目的
{purpose}
```

## 代わりに

```markdown
## 3. 利用目的 {#purposes}

{purposes}
```
",
    en: "## What it does

Checks how the notice is written: one title, an anchor such as `{#purposes}` on every heading, no unknown `{…}`, and directives that expand to tables alone on their lines.

## Why is this bad

An unknown directive would be published as it stands, and a section without an anchor cannot be pointed at by an answer.

## Example

```markdown
## 3. 利用目的
{purpose}
```

## Use instead

```markdown
## 3. 利用目的 {#purposes}

{purposes}
```
",
};
