//! `invisible-character`: reports characters that nobody sees in texts, names, comments and notices, however they are written.

use super::LanguageRule;
use crate::diagnostic::Severity;

/// Reports characters that nobody sees in texts, names, comments and notices, however they are written.
pub static INVISIBLE_CHARACTER: LanguageRule = LanguageRule {
    name: "invisible-character",
    severity: Severity::Error,
    ja: r#"## 何を見るか

文や名前、注釈、通知文の中の目に見えない文字を報告します。制御文字（タブと改行のほか）、文字の向きを変える文字、タグ文字（U+E0000～U+E007F）です。`\u{…}` や `&#x…;` で書いたものも同じです。名前や番号の中では、幅のない文字（U+00AD、U+200B～U+200D、U+2060）も報告します。文と注釈の中では、改行の位置や文字のつながりを示すために使えます。

## なぜいけないか

向きを変える文字があると、お客さまが読む文と、書いてある文が違うものになります。注釈にあると、ポリシーを確かめる人が、注釈の外に書いてあるように読みます。制御文字は端末を操り、フィードを壊します。タグ文字は、見えない文をいくらでも隠せます。幅のない文字を含む名前は、同じに見えて別の名前です。

## 例

```kdl
purpose contract number="1" { ja "商品をお届けするため"; en "To deliver \u{202e}goods" }
```

## 代わりに

```kdl
purpose contract number="1" { ja "商品をお届けするため"; en "To deliver goods" }
```
"#,
    en: r#"## What it does

Reports characters that nobody sees in texts, names, comments and notices: control characters other than the tabulator and the line end, those that turn the direction of writing, and tags (U+E0000 to U+E007F), also where `\u{…}` or `&#x…;` writes them. In names and numbers it reports those without width too (U+00AD, U+200B to U+200D, U+2060); in texts and comments these may say where a line breaks and which signs are joined.

## Why is this bad

With a character that turns the direction, what customers read is not what is written; in a comment it shows whoever reviews the policy a rule where there is none. Control characters steer a terminal and break a feed. With tags any number of sentences can be hidden. A name with a character without width looks the same as another and is not.

## Example

```kdl
purpose contract number="1" { ja "商品をお届けするため"; en "To deliver \u{202e}goods" }
```

## Use instead

```kdl
purpose contract number="1" { ja "商品をお届けするため"; en "To deliver goods" }
```
"#,
};
