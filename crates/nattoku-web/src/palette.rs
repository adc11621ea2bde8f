//! The palette of the stylesheet, read back, so that its contrasts are held by a test and not by an eye.

use std::collections::BTreeMap;

use crate::assets::STYLESHEET;

/// Text on its ground, by role, and the least contrast it needs (WCAG 1.4.3, 1.4.11).
const PAIRS: [(&str, &str, f64); 19] = [
    ("ink", "canvas", 4.5),
    ("ink", "surface", 4.5),
    ("ink-2", "canvas", 4.5),
    ("ink-2", "surface", 4.5),
    ("ink-2", "note-ground", 4.5),
    ("ink", "note-ground", 4.5),
    ("ink", "ok-ground", 4.5),
    ("ink", "warn-ground", 4.5),
    ("link", "canvas", 4.5),
    ("link", "surface", 4.5),
    ("link", "note-ground", 4.5),
    ("accent", "canvas", 4.5),
    ("accent-ink", "accent", 4.5),
    ("ok", "ok-ground", 4.5),
    ("warn", "warn-ground", 4.5),
    ("off", "off-ground", 4.5),
    ("note", "note-ground", 4.5),
    ("line", "canvas", 3.0),
    ("focus", "canvas", 3.0),
];

#[test]
fn every_text_is_readable_on_its_ground_in_both_schemes() {
    let tokens = declarations(STYLESHEET);
    let (light, dark) = schemes();
    for (scheme, roles) in [("light", light), ("dark", dark)] {
        for (text, ground, least) in PAIRS {
            let contrast = contrast(&colour(&tokens, &roles, text), &colour(&tokens, &roles, ground));
            assert!(contrast >= least, "{scheme}: {text} on {ground} is {contrast:.2}, needs {least}");
        }
    }
}

/// The roles of the light scheme, and those of the dark one laid over them.
fn schemes() -> (BTreeMap<String, String>, BTreeMap<String, String>) {
    let own = include_str!("../assets/app.css");
    let (light, rest) = own.split_once("@media (prefers-color-scheme: dark)").unwrap();
    let (dark, _) = rest.split_once("@view-transition").unwrap();
    let light = declarations(light);
    let mut both = light.clone();
    both.extend(declarations(dark));
    (light, both)
}

fn declarations(css: &str) -> BTreeMap<String, String> {
    css.lines()
        .filter_map(|line| line.trim().strip_prefix("--")?.split_once(':'))
        .map(|(name, value)| (name.to_owned(), value.trim().trim_end_matches(';').to_owned()))
        .collect()
}

fn colour(tokens: &BTreeMap<String, String>, roles: &BTreeMap<String, String>, role: &str) -> String {
    let value = &roles[role];
    match value.strip_prefix("var(--").and_then(|v| v.strip_suffix(')')) {
        Some(token) => tokens[token].clone(),
        None => value.clone(),
    }
}

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(hex: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}
