//! `missing-translation`: a text that does not exist in every language of the policy.

use nattoku_model::Language;

use crate::diagnostic::{Diagnostic, Severity, Words};
use crate::lint::texts::texts;
use crate::lint::{Context, Kind, LintRule};

/// Finds texts that a reader of one of the policy's languages would not get.
#[derive(Debug)]
pub(super) struct MissingTranslation;

impl LintRule for MissingTranslation {
    fn name(&self) -> &'static str {
        "missing-translation"
    }

    fn kind(&self) -> Kind {
        Kind::Language
    }

    fn severity(&self) -> Severity {
        Severity::Error
    }

    fn cites(&self) -> &'static [&'static str] {
        &["R76"]
    }

    fn page(&self, language: Language) -> &'static str {
        match language {
            Language::Ja => PAGE_JA,
            Language::En => PAGE_EN,
        }
    }

    fn check(&self, cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
        for found in texts(cx.policy) {
            let languages = found.only.as_ref().map_or(cx.policy.languages.as_slice(), std::slice::from_ref);
            for language in languages.iter().filter(|l| !found.text.has(**l)) {
                let at = match (found.part, found.word) {
                    (Some(part), Some(word)) => cx.word(&found.rule, part, word),
                    (Some(part), None) => cx.part(&found.rule, part),
                    (None, _) => cx.span_of(&found.rule),
                };
                let (tag, rule) = (language.tag(), &found.rule);
                let what = found.part.map_or(String::new(), |part| format!(" {part}"));
                let message = Words::new(
                    format!("`{rule}{what}` に {tag} の文がありません"),
                    format!("`{rule}{what}` has no text in {tag}"),
                );
                let help =
                    Words::new(format!("`{tag} \"…\"` を書き加えてください"), format!("add `{tag} \"…\"`"));
                out.push(self.finding(at, message).help(help));
            }
        }
    }
}

const PAGE_JA: &str = r#"## 何を見るか

`languages` に挙げた言語のどれかで書かれていない文（題、説明、文面、結果など）を報告します。`only=` のある文書はその言語だけを見ます。

## なぜいけないか

読む人の言語で書かれていない同意事項や選択肢は、知らせたことになりません。片方の言語だけが変わると、二つの通知が別のことを言い始めます。

## 例

```kdl
purpose proposals number="2" { ja "商品のご案内のため" }
```

## 代わりに

```kdl
purpose proposals number="2" { ja "商品のご案内のため"; en "To propose goods" }
```
"#;

const PAGE_EN: &str = r#"## What it does

Reports a text (title, description, wording, consequence …) that does not exist in every language named by `languages`. A document with `only=` must exist in that language alone.

## Why is this bad

A consent item or a choice that is not there in the reader's language was not told to them, and two notices of which only one is kept up begin to say different things.

## Example

```kdl
purpose proposals number="2" { ja "商品のご案内のため" }
```

## Use instead

```kdl
purpose proposals number="2" { ja "商品のご案内のため"; en "To propose goods" }
```
"#;
