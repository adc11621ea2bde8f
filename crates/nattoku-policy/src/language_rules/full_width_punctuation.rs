//! `full-width-punctuation`: reports full-width quotes, commas, equals signs, braces, letters and digits outside texts and within names and dates, and puts their half-width signs in their place.

use super::LanguageRule;
use crate::diagnostic::Severity;

/// Reports full-width quotes, commas, equals signs, braces, letters and digits outside texts and within names and dates, and puts their half-width signs in their place.
pub static FULL_WIDTH_PUNCTUATION: LanguageRule = LanguageRule {
    name: "full-width-punctuation",
    severity: Severity::Error,
    ja: "## 何を見るか

文字列の外や名前、日付に使われた全角の引用符、読点、等号、括弧、英数字を報告し、半角に直します。文の中の全角文字はそのままで構いません。

## なぜいけないか

全角の記号は KDL では普通の文字として読まれ、引用や等号として働きません。見た目が同じ名前が別の名前になります。

## 例

```kdl
category location class＝location
```

## 代わりに

```kdl
category location class=location
```
",
    en: "## What it does

Reports full-width quotes, commas, equals signs, braces, letters and digits outside texts and within names and dates, and puts their half-width signs in their place. Within texts they are welcome.

## Why is this bad

KDL reads them as ordinary characters: they quote and assign nothing, and a name that looks the same is another name.

## Example

```kdl
category location class＝location
```

## Use instead

```kdl
category location class=location
```
",
};
