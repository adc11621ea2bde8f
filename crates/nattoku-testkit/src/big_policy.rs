//! A policy as large as one wants, for measuring: the same numbers give the same bytes, and checking finds no error in it.

use std::fmt::Write as _;

use nattoku_policy::Source;

/// How many activities each application asks for, and how many serve one purpose.
const PER_PURPOSE: usize = 25;

/// Categories that stand at the top; each has four below it, so that there are 300.
const CATEGORIES: usize = 60;

/// The sources of a policy with so many activities and recipients: every second recipient is a processor that is entrusted
/// with an activity, every other a third party to which a provision gives what an activity needs.
#[must_use]
pub fn big_policy(n_activities: usize, n_recipients: usize) -> Vec<Source> {
    vec![
        Source::new("policy.kdl", HEADER),
        Source::new("data.kdl", data()),
        Source::new("purposes.kdl", purposes(n_activities)),
        Source::new("recipients.kdl", recipients(n_recipients, n_activities)),
        Source::new("consents.kdl", consents(n_activities)),
        Source::new("notice.ja.md", notice("プライバシーポリシー")),
        Source::new("notice.en.md", notice("Privacy policy")),
    ]
}

const HEADER: &str = r#"policy large version="2026-04-01" {
    announced "2026-01-15"
    effective "2026-04-01"
    timezone "Asia/Tokyo"
    languages ja en prevails=ja
    law appi "2022-04-01"
    controller country=JP {
        ja "大きな会社"; en "Large Company"
        address { ja "東京都架空区1丁目"; en "1 Kaku-ku, Tokyo" }
        representative { ja "代表 名取 久美"; en "Kumi Natori" }
    }
}
document charter parent=#true { ja "憲章"; en "Charter" }
calendar office { closed saturday sunday; holiday "2026-01-01" }
desk customer_service { ja "窓口"; en "Desk"; phone "03-0000-0000"; open from="10:00" to="18:00" calendar=office }
work transport { ja "配送"; en "Transport" }
"#;

fn data() -> String {
    let mut out = String::new();
    for i in 0..CATEGORIES {
        let _ = writeln!(
            out,
            "category data_{i} {{\n    ja \"区分 {i}\"; en \"Data {i}\"; description {{ ja \"説明です。\"; en \"What it is.\" }}"
        );
        for part in ["name", "time", "place", "amount"] {
            let _ = writeln!(
                out,
                "    {part} {{ ja \"区分 {i} の一部\"; en \"Part of data {i}\"; description {{ ja \"説明です。\"; en \"What it is.\" }} }}"
            );
        }
        let _ = writeln!(out, "}}\nretain data_{i} for=\"3 years\" after=acquired");
        let _ = writeln!(
            out,
            "source screen_{i} channel=direct {{ ja \"画面 {i}\"; en \"Screen {i}\"; gives data_{i} }}"
        );
    }
    out
}

fn purposes(n_activities: usize) -> String {
    let mut out = String::new();
    for i in 0..n_activities.div_ceil(PER_PURPOSE).max(CATEGORIES) {
        let _ = writeln!(
            out,
            "purpose purpose_{i} number=\"{i}\" {{ ja \"目的 {i}\"; en \"Purpose {i}\"; benefit {{ ja \"便利です。\"; en \"It is of use.\" }} }}\n\
             application program_{i} {{ ja \"プログラム {i}\"; en \"Program {i}\" }}"
        );
    }
    // Every purpose, program and category has its activity, however few are asked for.
    for i in 0..n_activities.max(CATEGORIES) {
        let (purpose, category) = (purpose_of(i), i % CATEGORIES);
        let _ = writeln!(
            out,
            "activity use_{i} purpose=purpose_{purpose} {{\n    ja \"利用 {i}\"; en \"Use {i}\"\n    needs data_{category} data_{}.name\n    by program_{purpose}\n{}}}",
            (category + 7) % CATEGORIES,
            if i % 5 == 3 {
                format!("    requires consent=consent_{}\n", i / 5 % CONSENTS)
            } else {
                String::new()
            }
        );
    }
    out
}

/// The purpose, and the program, of an activity: the first of them have each their own.
const fn purpose_of(activity: usize) -> usize {
    if activity < CATEGORIES { activity } else { activity / PER_PURPOSE }
}

fn recipients(n_recipients: usize, n_activities: usize) -> String {
    let mut out = String::new();
    for i in 0..n_recipients {
        let activity = i % n_activities.max(CATEGORIES);
        let category = activity % CATEGORIES;
        if i % 2 == 0 {
            let _ = writeln!(
                out,
                "recipient company_{i} kind=processor country=JP {{\n    ja \"委託先 {i}\"; en \"Processor {i}\"\n    example {{ ja \"例えば、配送します。\"; en \"For example, it delivers.\" }}\n    work transport\n    may use_{activity} on=data_{category}\n    \
                 agreement \"2020-04-01\"\n    assessed \"2026-04-01\" every=\"12 months\"\n    supervised \"2026-04-01\" every=\"12 months\"\n}}"
            );
        } else {
            let _ = writeln!(
                out,
                "recipient company_{i} kind=third_party country=JP {{ ja \"提供先 {i}\"; en \"Partner {i}\"; example {{ ja \"例えば、特典を届けます。\"; en \"For example, it sends benefits.\" }} }}\n\
                 provision to_company_{i} {{ activity use_{activity}; give data_{category}; to company_{i}; basis consent=consent_{} }}",
                i / 2 % CONSENTS
            );
        }
    }
    out
}

/// Consent items; on each rest some provisions, and some activities ask for each.
const CONSENTS: usize = 100;

fn consents(n_activities: usize) -> String {
    let mut out = String::new();
    for i in 0..CONSENTS {
        let _ = writeln!(
            out,
            "consent consent_{i} text=\"1\" {{\n    ja \"同意 {i}\"; en \"Consent {i}\"\n    wording \"1\" {{ ja \"提供します。\"; en \"We give it to partners.\" }}\n    \
             consequence {{ ja \"特典が終わります。契約は変わりません。\"; en \"Benefits end. Your contract stays.\" }}\n}}"
        );
    }
    for i in (0..n_activities.max(CATEGORIES)).step_by(10) {
        let _ = writeln!(
            out,
            "choice choice_{i} refusability=refusable {{ ja \"選択 {i}\"; en \"Choice {i}\"; covers use_{i} }}"
        );
    }
    out
}

/// A notice that shows every rule.
fn notice(title: &str) -> String {
    let mut out = format!("# {title}\n");
    for directive in [
        "sources",
        "purposes",
        "consents",
        "choices",
        "works",
        "recipients",
        "provisions",
        "retention",
        "desks",
        "documents",
    ] {
        let _ = write!(out, "\n## {directive} {{#{directive}}}\n\n{{{directive}}}\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_sound_and_the_same_every_time() {
        let sources = big_policy(300, 60);
        assert_eq!(sources, big_policy(300, 60));
        let checked = nattoku_policy::check(&sources);
        let errors: Vec<_> = checked.diagnostics.iter().filter(|d| d.severity.as_str() == "error").collect();
        assert!(errors.is_empty(), "{errors:#?}");
        let policy = checked.versions.unwrap();
        let policy = policy.current();
        assert_eq!((policy.activities.len(), policy.recipients.len()), (300, 60));
        assert_eq!((policy.categories.len(), policy.consents.len()), (300, 100));
    }
}
