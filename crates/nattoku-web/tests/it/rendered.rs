//! What a rendered site owes those who publish it, and those who read it.

use std::collections::{BTreeMap, BTreeSet};

use nattoku_operations::Publication;
use nattoku_policy::source::Source;
use nattoku_web::site::{PaperFile, Site, render};

use crate::html::tags;
use crate::site::{carrier, carrier_in_europe};

fn publication(sources: &[Source]) -> Publication {
    let checked = nattoku_policy::check(sources);
    Publication::of(&checked).unwrap_or_else(|| panic!("{:?}", checked.diagnostics))
}

fn rendered(sources: &[Source]) -> Site {
    render(&publication(sources), &[], &mut |_, _| {}).unwrap_or_else(|error| panic!("{error:?}"))
}

/// The reference policy as it stands, replaced by a version that changes three sentences and adds a recipient.
fn replaced() -> Vec<Source> {
    let mut sources = carrier();
    let earlier: Vec<Source> = sources
        .iter()
        .filter(|s| !s.name.starts_with("earlier/") && s.name != "tests.kdl")
        .map(|s| Source::new(format!("earlier/2019-12-11/{}", s.name), s.bytes.clone()))
        .collect();
    change(&mut sources, "policy.kdl", "version=\"2019-12-11\"", "version=\"2027-04-01\"");
    change(&mut sources, "policy.kdl", "announced \"2019-08-27\"", "announced \"2027-02-01\"");
    change(
        &mut sources,
        "policy.kdl",
        "effective \"2019-12-11T00:00:00+09:00\"",
        "effective \"2027-04-01T00:00:00+09:00\"",
    );
    change(&mut sources, "notice.ja.md", "二週間", "一週間");
    change(&mut sources, "notice.ja.md", "2週間", "1週間");
    change(&mut sources, "notice.en.md", "within two weeks of", "within one week of");
    sources.retain(|s| s.name != "tests.kdl");
    sources.extend(earlier);
    sources
}

/// Puts one text in the place of another; where the other does not stand, nothing changes.
fn change(sources: &mut [Source], file: &str, from: &str, to: &str) {
    let source = sources.iter_mut().find(|s| s.name == file).unwrap();
    let text = String::from_utf8(source.bytes.clone()).unwrap();
    source.bytes = text.replace(from, to).into_bytes();
}

fn page<'s>(site: &'s Site, path: &str) -> &'s str {
    let bytes = site.files.get(path).unwrap_or_else(|| panic!("{path} is not among {:?}", site.files.keys()));
    std::str::from_utf8(bytes).unwrap()
}

fn pages(site: &Site) -> impl Iterator<Item = (&String, &str)> {
    let html = site.files.iter().filter(|(path, _)| path.ends_with(".html"));
    html.map(|(path, bytes)| (path, std::str::from_utf8(bytes).unwrap()))
}

/// The file that a relative link of a page leads to.
fn target(from: &str, link: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in link.split('#').next().unwrap().split('/') {
        if part == ".." {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    parts.join("/")
}

#[test]
fn the_same_policy_gives_the_same_bytes() {
    assert_eq!(rendered(&carrier()).files, rendered(&carrier()).files);
}

#[test]
fn every_page_is_there_in_both_languages() {
    let site = rendered(&carrier());
    for path in [
        "privacy.html",
        "privacy.txt",
        "privacy.json",
        "feed.atom",
        "sitemap.html",
        "privacy/purposes/1.html",
        "privacy/purposes/B.html",
        "privacy/recipients.html",
        "privacy/processors.html",
        "privacy/joint-use.html",
        "privacy/anonymized.html",
        "privacy/external-transmission.html",
        "privacy/contact.html",
        "privacy/documents.html",
        "privacy/glossary.html",
        "privacy/versions.html",
        "privacy/versions/2019-12-11.html",
        "privacy/versions/2019-12-11.txt",
        "privacy/versions/2015-10-01.html",
        "privacy/diff/2015-10-01/2019-12-11.html",
    ] {
        for language in ["ja", "en"] {
            page(&site, &format!("{language}/{path}"));
        }
    }
    page(&site, "index.html");
    page(&site, "404.html");
}

#[test]
fn every_link_leads_to_a_file_of_the_site_and_a_place_in_it() {
    let site = rendered(&replaced());
    assert_eq!(site.dead, []);
    let ids: BTreeMap<String, BTreeSet<String>> = pages(&site)
        .map(|(path, html)| {
            (path.clone(), tags(html).iter().filter_map(|t| t.get("id").map(str::to_owned)).collect())
        })
        .collect();
    let mut followed = 0;
    for (path, html) in pages(&site) {
        for tag in tags(html) {
            let Some(link) = tag.get("href").filter(|link| !link.starts_with("tel:")) else { continue };
            let file = match link.split_once('#') {
                Some(("", _)) => path.clone(),
                // The page of what is not found is read at any address: its links begin at the root.
                _ if path == "404.html" => link.trim_start_matches('/').to_owned(),
                _ => target(path, link),
            };
            assert!(site.files.contains_key(&file), "{path}: {link} leads to {file}");
            if let Some((_, fragment)) = link.split_once('#') {
                assert!(ids[&file].contains(fragment), "{path}: {link}");
            }
            followed += 1;
        }
    }
    assert!(followed > 1000, "only {followed} links");
}

#[test]
fn pages_carry_no_style_and_no_script_and_say_their_language() {
    for (path, html) in pages(&rendered(&replaced())) {
        let tags = tags(html);
        let count = |name: &str| tags.iter().filter(|t| t.name == name).count();
        assert_eq!((count("h1"), count("title")), (1, 1), "{path}");
        assert_eq!(count("script") + count("style") + count("form"), 0, "{path}");
        for tag in &tags {
            assert!(
                !tag.attributes.keys().any(|a| a.starts_with("on") || a == "style"),
                "{path}: {}",
                tag.name
            );
        }
        let language = path.split('/').next().filter(|l| l.len() == 2).unwrap_or("ja");
        let html = tags.iter().find(|t| t.name == "html").unwrap();
        assert_eq!(html.get("lang"), Some(language), "{path}");
    }
}

#[test]
fn english_pages_are_english_and_no_word_is_missing() {
    let japanese = |c: &char| ('\u{3040}'..='\u{30ff}').contains(c) || ('\u{4e00}'..='\u{9fff}').contains(c);
    for (path, html) in pages(&rendered(&replaced())) {
        for tag in tags(html).iter().filter(|t| path.starts_with("en/") && t.get("lang") != Some("ja")) {
            assert!(!tag.text.chars().any(|c| japanese(&c)), "{path}: <{}> says {}", tag.name, tag.text);
        }
        // A key that no catalogue has shows as itself: words joined by hyphens, and nothing else.
        for tag in
            tags(html).iter().filter(|t| !["a", "dd", "del", "ins", "span", "p"].contains(&t.name.as_str()))
        {
            let text = tag.text.trim();
            let is_key = text.contains('-') && text.chars().all(|c| c.is_ascii_lowercase() || c == '-');
            assert!(!is_key, "{path}: <{}> says {text}", tag.name);
        }
    }
}

#[test]
fn the_short_answer_comes_first_and_every_line_leads_on() {
    let site = rendered(&carrier());
    let html = page(&site, "en/privacy.html");
    let short = html.find("In short").unwrap();
    assert!(short < html.find("1. Proper handling</h2>").unwrap_or(html.len()));
    let box_ = html[short..].split("</section>").next().unwrap();
    for said in [
        "Nattoku Mobile Inc.",
        "Secrecy of communications",
        "Worked out about you: Credit score, Inferred interests, Signs of fraud",
        "United States",
        "can be stopped",
        "0570-000-000",
    ] {
        assert!(box_.contains(said), "{said} is not in {box_}");
    }
    for language in ["ja", "en"] {
        let html = page(&site, &format!("{language}/privacy.html"));
        let (above, after) = html.split_once("id=\"nav:short\"").unwrap();
        assert!(above.contains("<p class=\"lead\">"), "{language}: a sentence stands above them");
        let lines = after.split("</section>").next().unwrap().matches("<dt>").count();
        assert!((1..=5).contains(&lines), "{language}: {lines} lines");
    }
}

/// Under the GDPR a country of the European Economic Area is not abroad (GDPR 44), and needs no condition.
#[test]
fn the_short_answer_names_no_country_that_is_not_abroad() {
    let short = |sources: &[Source]| {
        let site = rendered(sources);
        let html = page(&site, "en/privacy.html");
        let from = html.find("Abroad: ").unwrap();
        html[from..].split("</dd>").next().unwrap().to_owned()
    };
    let (japan, europe) = (short(&carrier()), short(&carrier_in_europe()));
    assert!(japan.contains("Germany") && japan.contains("United States"), "{japan}");
    assert!(!europe.contains("France") && europe.contains("United States"), "{europe}");
    let site = rendered(&carrier_in_europe());
    assert!(pages(&site).any(|(_, html)| html.contains("France")));
    assert!(pages(&site).all(|(_, html)| !html.contains("France (held")), "no condition is told");
}

#[test]
fn a_part_that_opens_has_its_address_inside() {
    let site = rendered(&carrier());
    let html = page(&site, "ja/privacy.html");
    let part = html.split("<details").find(|d| d.contains("id=\"consent-partner_sharing\"")).unwrap();
    assert!(
        !part.split('>').next().unwrap().contains("id="),
        "following the address must open the part: {part}"
    );
}

#[test]
fn a_version_whose_text_is_not_at_hand_says_so() {
    let site = rendered(&carrier());
    for (path, said) in [
        ("en/privacy/versions/2015-10-01.html", "The text of this version is not at hand."),
        ("en/privacy/diff/2015-10-01/2019-12-11.html", "The text of version 2015-10-01 is not at hand"),
        ("ja/privacy/versions/2015-10-01.html", "この版の本文は手元にありません"),
        ("ja/privacy/diff/2015-10-01/2019-12-11.html", "版 2015-10-01 の本文は手元にない"),
    ] {
        assert!(page(&site, path).contains(said), "{path}");
    }
    assert!(!site.files.contains_key("ja/privacy/versions/2015-10-01.txt"));
}

#[test]
fn a_difference_is_told_by_word_and_marked_by_words() {
    let site = rendered(&replaced());
    let html = page(&site, "en/privacy/diff/2019-12-11/2027-04-01.html");
    assert!(html.contains("<del><span class=\"hidden\">Taken away: </span>two weeks</del>"), "{html}");
    assert!(html.contains("<ins><span class=\"hidden\">Added: </span>one week</ins>"), "{html}");
    assert!(!html.contains("Secrecy of communications is opened"), "what stayed is not told");
    let html = page(&site, "ja/privacy/diff/2019-12-11/2027-04-01.html");
    assert!(html.contains("<del>") && html.contains("<ins>"), "{html}");
}

#[test]
fn an_earlier_version_reads_the_same_when_there_is_a_newer_one() {
    let (before, after) = (rendered(&carrier()), rendered(&replaced()));
    for file in ["ja/privacy/versions/2019-12-11", "en/privacy/versions/2019-12-11"] {
        // The scenarios are not copied to the earlier version here, so that its hash differs.
        let text = |site: &Site| {
            let text = page(site, &format!("{file}.txt")).to_owned();
            text.lines().filter(|l| !l.contains("sha256:")).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(text(&before), text(&after));
    }
    let page = page(&after, "en/privacy/versions/2019-12-11.html");
    assert!(page.contains("Version 2027-04-01 replaced it"), "{page}");
}

#[test]
fn the_text_and_the_json_say_what_the_page_says() {
    let site = rendered(&carrier());
    let text = page(&site, "en/privacy.txt");
    for said in [
        "Privacy policy\n====",
        "3. Purposes\n----",
        "- Confirming who you or your family members are",
        "sha256:",
    ] {
        assert!(text.contains(said), "{said}");
    }
    assert!(!text.contains('<') && !text.contains("&amp;"), "markup is left over");
    let json: serde_json::Value = serde_json::from_str(page(&site, "ja/privacy.json")).unwrap();
    assert_eq!(json["format"], "nattoku-notice/1");
    assert_eq!(json["version"], "2019-12-11");
    assert_eq!(json["prevails"], "ja");
    assert_eq!(json["sections"][2]["anchor"], "purposes");
    let group =
        json["sections"][2]["blocks"].as_array().unwrap().iter().find(|b| b["kind"] == "group").unwrap();
    assert!(group["title"].as_str().unwrap().starts_with("(1) "));
    assert_eq!(json["documents"].as_array().unwrap().len(), 7, "R78");
    assert!(json["content_hash"].as_str().unwrap().starts_with("sha256:"));
}

#[test]
fn the_feed_has_every_version_at_its_own_date() {
    let site = rendered(&replaced());
    let feed = page(&site, "ja/feed.atom");
    assert_eq!(feed.matches("<entry>").count(), 3);
    assert!(feed.contains("<updated>2027-02-01T00:00:00+09:00</updated>"), "{feed}");
    assert!(feed.contains("href=\"privacy/versions/2027-04-01.html\""), "{feed}");
}

#[test]
fn a_pdf_is_linked_with_its_size_where_there_is_one_and_nowhere_else() {
    let publication = publication(&carrier());
    let version = publication.current().version.clone();
    let paper = PaperFile { version, language: nattoku_model::Language::Ja, bytes: vec![0; 123_456] };
    let site = render(&publication, &[paper], &mut |_, _| {}).unwrap_or_else(|error| panic!("{error:?}"));
    assert!(page(&site, "ja/privacy.html").contains("PDF（124 kB）"));
    assert!(!page(&site, "en/privacy.html").contains(".pdf"));
    assert_eq!(site.files["ja/privacy.pdf"], site.files["ja/privacy/versions/2019-12-11.pdf"]);
    assert_eq!(site.dead, []);
}

#[test]
fn a_link_that_leads_nowhere_is_told() {
    let mut sources = carrier();
    change(
        &mut sources,
        "notice.en.md",
        "## 2. How we",
        "See [this](charter.html) and [that](#nowhere).\n\n## 2. How we",
    );
    let site = rendered(&sources);
    let dead: BTreeSet<&str> = site.dead.iter().map(|d| d.link.as_str()).collect();
    assert_eq!(dead, BTreeSet::from(["#nowhere", "charter.html"]));
}

#[test]
fn nothing_depends_on_the_day_it_is_rendered() {
    let site = rendered(&carrier());
    for (path, html) in pages(&site) {
        for told_today in ["Open now", "Closed now", "受付中", "announced; not begun yet"] {
            assert!(!html.contains(told_today), "{path}: {told_today}");
        }
    }
}

#[test]
fn the_short_version_is_a_sentence_the_few_lines_and_an_example_of_each() {
    let site = rendered(&carrier());
    for (language, sentence, example) in [
        ("en", "uses data about its customers for 6 purposes.", "For example: "),
        ("ja", "お客さまのデータを6つの目的のために使います。", "例えば、"),
    ] {
        let html = page(&site, &format!("{language}/privacy/short.html"));
        assert!(html.contains(sentence), "{html}");
        assert!(html.matches(example).count() >= 6, "one for each purpose");
        assert!(html.contains("href=\"../privacy.html\""), "the whole text is one step away");
        let headings: Vec<String> =
            tags(html).iter().filter(|t| t.name == "h2").map(|t| t.text.clone()).collect();
        let is_question = |heading: &&String| heading.ends_with('?') || heading.ends_with('か');
        assert!(headings.iter().filter(is_question).count() >= 5, "{headings:?}");
    }
}

#[test]
fn the_page_of_claims_says_what_the_notice_says_and_where_to_send_it() {
    let site = rendered(&carrier());
    let html = page(&site, "en/privacy/claims.html");
    for said in
        ["What to bring", "within two weeks", "Claims office", "0570-000-000", "How to make claims about"]
    {
        assert!(html.contains(said), "{said}: {html}");
    }
    assert!(html.contains("href=\"../privacy.html#inquiries\""), "what stands elsewhere is led to");
    assert!(!html.contains("Without a claim"), "a rendered site has no dashboard");
    assert!(page(&site, "ja/privacy/claims.html").contains("請求"));
    // A notice without that part says so, and names the desks.
    let mut sources = carrier();
    change(&mut sources, "notice.en.md", "{#claims}", "{#making-claims}");
    change(&mut sources, "notice.ja.md", "{#claims}", "{#making-claims}");
    let site = rendered(&sources);
    assert!(page(&site, "en/privacy/claims.html").contains("does not say how claims are made"));
}

#[test]
fn words_of_law_are_led_to_where_they_stand_first_and_explained() {
    let site = rendered(&carrier());
    for (language, plain, link, meaning, law) in [
        (
            "en",
            "Passed to others (provision to third parties)",
            "What “Provision to third parties” means",
            "uses them for purposes of its own",
            "APPI 27(1): provision to a third party needs",
        ),
        (
            "ja",
            "他社へ渡す（第三者提供）",
            "「第三者提供」とは",
            "その会社が自分の目的のために使うことです",
            "個人情報保護法第27条第1項：第三者への提供には",
        ),
    ] {
        let recipients = page(&site, &format!("{language}/privacy/recipients.html"));
        let at = recipients.find(&format!("{plain}<a")).unwrap_or_else(|| panic!("{plain}: {recipients}"));
        let part = recipients[at..].split("<table").next().unwrap();
        assert!(part.contains("href=\"glossary.html#provision\"") && part.contains(link), "{part}");
        let glossary = page(&site, &format!("{language}/privacy/glossary.html"));
        let term = glossary.split("<section id=\"provision\"").nth(1).unwrap().split("</section>").next();
        let term = term.unwrap();
        assert!(term.contains(meaning) && term.contains(law), "{term}");
        assert!(page(&site, &format!("{language}/privacy.html")).contains("href=\"privacy/glossary.html\""));
    }
    // A law that has no such provision is not quoted, and the word is explained all the same.
    let europe = rendered(&carrier_in_europe());
    let glossary = page(&europe, "en/privacy/glossary.html");
    assert!(
        glossary.contains("uses them for purposes of its own") && !glossary.contains("APPI"),
        "{glossary}"
    );
}

#[test]
fn what_is_to_be_printed_is_the_whole_with_every_part_open() {
    let site = rendered(&carrier());
    for language in ["ja", "en"] {
        let print = page(&site, &format!("{language}/privacy/print.html"));
        let whole = page(&site, &format!("{language}/privacy.html"));
        let opens = |html: &str| html.matches("<details").count();
        assert!(opens(print) >= 10);
        assert_eq!(opens(print), print.matches("<details open>").count(), "{language}");
        assert_eq!(opens(print), opens(whole), "{language}");
        assert!(print.contains("sha256:"), "{language}: what its source comes to");
        for tag in tags(whole).iter().filter(|t| t.name == "section").filter_map(|t| t.get("id")) {
            assert!(print.contains(&format!("id=\"{tag}\"")), "{language}: {tag}");
        }
    }
}

#[test]
fn the_foot_of_every_page_leads_to_the_statement_on_accessibility() {
    let site = rendered(&carrier());
    for (path, html) in pages(&site).filter(|(path, _)| path.contains('/')) {
        let foot = html.split("<footer").nth(1).unwrap();
        assert!(foot.contains("accessibility.html\""), "{path}");
    }
    let html = page(&site, "en/accessibility.html");
    for said in ["level AA", "What was not checked", "screen readers", "Customer service"] {
        assert!(html.contains(said), "{said}");
    }
    let map = page(&site, "ja/sitemap.html");
    for at in ["privacy/short.html", "privacy/claims.html", "privacy/print.html", "accessibility.html"] {
        assert!(map.contains(at), "{at}");
    }
}
