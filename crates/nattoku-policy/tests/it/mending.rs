//! Fixes that are certain are applied; what is a guess, or would do harm, is left to people.

use nattoku_policy::mend::mend;
use nattoku_policy::{Source, check};

use crate::reading::HEADER;

/// The rules file after mending, and how many fixes that took.
fn mended(body: impl Into<Vec<u8>>) -> (String, usize) {
    let sources = [Source::new("policy.kdl", HEADER), Source::new("rules.kdl", body)];
    let mended = mend(&sources, check);
    assert_eq!(mended.sources[0], sources[0], "only the file with findings changes");
    (String::from_utf8(mended.sources[1].bytes.clone()).unwrap(), mended.n_applied)
}

#[test]
fn full_width_signs_are_written_half_width() {
    let (text, n) = mended("relationship　club　kind＝membership｛　ja “会員”；　en \"Member\"｝\n");
    assert_eq!(text, "relationship　club　kind=membership{　ja \"会員\";　en \"Member\"}\n");
    assert!(n > 0);
    let after = check(&[Source::new("policy.kdl", HEADER), Source::new("rules.kdl", text)]);
    assert!(after.versions.is_some());
}

#[test]
fn mending_one_thing_shows_the_next() {
    // Only once the sign between key and value is read is the date seen, and only then that the `allow` is of no use.
    let body = "joint-use j {\n    ja \"あ\"; en \"A\"\n    published 2020-01-01\n    allow unused-name reason=\"x\"\n}\nwork w｛ ja \"あ\"; en \"A\" ｝\n";
    let (text, _) = mended(body);
    assert!(text.contains("published \"2020-01-01\"") && text.contains("work w{ "), "{text}");
    assert!(!text.contains("allow"), "{text}");
}

#[test]
fn a_guess_is_left_to_people() {
    for body in [
        "category purchase { ja \"あ\"; en \"A\" }\nretain purchas for=\"1 year\" after=acquired\n",
        "work w { ja \"あ\"; en \"A\"; jaa \"い\" }\n",
        "document d parent=true { ja \"あ\"; en \"A\" }\n",
        "provision p { ja \"あ\"; en \"A\"; activity a; give c; to r; basis opt_out=c }\n",
    ] {
        assert_eq!(mended(body), (body.to_owned(), 0));
    }
}

#[test]
fn a_fix_that_brings_a_new_error_is_not_applied() {
    // Written half-width it would be no date either.
    let body = "anonymized a { ja \"あ\"; en \"A\"; published \"２０２０\" }\n";
    assert_eq!(mended(body), (body.to_owned(), 0));
    // The name would then be that of another category.
    let body = "category \"ａge\" { ja \"あ\"; en \"A\" }\ncategory age { ja \"い\"; en \"B\" }\n";
    assert_eq!(mended(body), (body.to_owned(), 0));
    // The harmless one beside it is applied all the same.
    let (text, n) = mended(
        "anonymized a { ja \"あ\"; en \"A\"; published \"２０２０\" }\nwork w { ja \"あ\"；en \"A\" }\n",
    );
    assert_eq!(
        (text.as_str(), n),
        ("anonymized a { ja \"あ\"; en \"A\"; published \"２０２０\" }\nwork w { ja \"あ\";en \"A\" }\n", 1)
    );
}

#[test]
fn what_is_allowed_stays() {
    let policy = HEADER.replace("languages ja en", "languages ja en\n    allow unused-allow reason=\"x\"");
    let body = "work w { ja \"あ\"; en \"A\"; allow benefit-missing reason=\"y\" }\n";
    let sources = [Source::new("policy.kdl", policy), Source::new("rules.kdl", body)];
    assert_eq!(mend(&sources, check).n_applied, 0);
}

#[test]
fn a_byte_order_mark_and_line_ends_stay_and_what_is_no_text_is_left_alone() {
    let (text, _) = mended(
        "\u{feff}work w {\r\n    ja \"あ\"； en \"A\"\r\n    allow unused-name reason=\"x\"\r\n    allow benefit-missing reason=\"x\"\r\n}\r\n",
    );
    assert!(text.starts_with("\u{feff}work w {\r\n    ja \"あ\"; en \"A\"\r\n"), "{text:?}");
    let broken = b"work w { ja \"\xff\"\xef\xbc\x9b en \"A\" }\n".to_vec();
    let sources = [Source::new("policy.kdl", HEADER), Source::new("rules.kdl", broken.clone())];
    assert_eq!(mend(&sources, check).sources[1].bytes, broken);
}

#[test]
fn mending_twice_changes_nothing() {
    let once = mended("relationship　club　kind＝membership｛　ja “会員”；　en \"Member\"｝\n").0;
    assert_eq!(mended(once.clone()), (once, 0));
}
