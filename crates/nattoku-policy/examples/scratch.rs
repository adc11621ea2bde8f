use nattoku_model::Language;
use nattoku_policy::diagnostic::render::{concise, json, text};
use nattoku_policy::{Source, check};
fn read(folder: &std::path::Path, below: &std::path::Path, sources: &mut Vec<Source>) {
    let mut es: Vec<_> = std::fs::read_dir(below).unwrap().map(|e| e.unwrap().path()).collect();
    es.sort();
    for p in es {
        if p.is_dir() {
            read(folder, &p, sources)
        } else {
            sources.push(Source::new(
                p.strip_prefix(folder).unwrap().to_str().unwrap(),
                std::fs::read(&p).unwrap(),
            ));
        }
    }
}
fn main() {
    let f = std::env::args().nth(1).unwrap();
    let mode = std::env::args().nth(2).unwrap_or("ja".into());
    let mut s = vec![];
    read(f.as_ref(), f.as_ref(), &mut s);
    let t = std::time::Instant::now();
    let c = check(&s);
    let el = t.elapsed();
    match mode.as_str() {
        "ja" => print!("{}", text::render(&c.diagnostics, &c.files, Language::Ja, 20, false)),
        "en" => print!("{}", text::render(&c.diagnostics, &c.files, Language::En, 20, false)),
        "c" => print!("{}", concise::render(&c.diagnostics, &c.files, Language::En, 30)),
        "j" => print!("{}", json::render(&c.diagnostics, &c.files, Language::En)),
        _ => {
            println!("{:#?}", c.versions);
            println!("{:#?}", c.scenarios);
            println!("{:#?}", c.notices);
        }
    }
    eprintln!(
        "{} diagnostics, {} left out, {:?} + {:?}; versions {} scenarios {}",
        c.diagnostics.len(),
        c.left_out,
        el,
        t.elapsed(),
        c.versions.is_some(),
        c.scenarios.len()
    );
}
