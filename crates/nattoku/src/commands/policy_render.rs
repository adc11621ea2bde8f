//! `nattoku policy render DIR --out SITE`: the notice as a folder of pages and files.

use std::path::{Path, PathBuf};

use nattoku_model::Language;
use nattoku_model::policy::Rule;
use nattoku_operations::Publication;
use nattoku_pdf::{FONT_PACKAGE, Fonts, IS_BUILT, PdfError};
use nattoku_policy::check::Checked;
use nattoku_web::site::{self, DeadLink, PaperFile, PaperSource, Site, SiteError};
use serde_json::json;

use crate::cli::Format;
use crate::exit::{CommandError, Exit};
use crate::progress::{self, Work};
use crate::site_folder::{self, Written};
use crate::{open, output};

/// Where fonts are by custom: an npm package of the folder the program runs in, then the system's.
const FONT_FOLDERS: [&str; 4] = [
    "node_modules/@expo-google-fonts/noto-sans-jp",
    "/usr/local/share/fonts",
    "/usr/share/fonts",
    "/Library/Fonts",
];

/// What was asked about the PDF files.
pub(crate) struct Papers<'a> {
    /// Whether none are wanted.
    pub(crate) are_left_out: bool,
    /// The folder of the font, where one is named.
    pub(crate) font_dir: Option<&'a Path>,
}

/// Exits 1 where a link leads nowhere; then nothing is written.
pub(crate) fn run(
    dir: &Path,
    out: &Path,
    wanted: &Papers<'_>,
    format: Format,
    language: Language,
) -> Result<Exit, CommandError> {
    let checked = open::sound_policy(dir, language)?;
    let publication = open::publication(&checked)?;
    // Before the long work, so that a wrong folder is told at once.
    site_folder::look(out).map_err(|error| error.told(out))?;
    let papers = papers(&publication, wanted, language)?;
    let bar = progress::bar(Work::Pages, language);
    let site = site::render(&publication, &papers, &mut |done, total| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    let site = site.map_err(|error| not_rendered(&error))?;
    if !site.dead.is_empty() {
        return Ok(told_dead(&site.dead, &checked, &publication, format, language));
    }
    let written = site_folder::write(out, &site.files).map_err(|error| error.told(out))?;
    tell(out, &site, &papers, &written, format, language);
    Ok(Exit::Done)
}

/// The PDF files; none, with a note, where the program was built without.
fn papers(
    publication: &Publication,
    wanted: &Papers<'_>,
    language: Language,
) -> Result<Vec<PaperFile>, CommandError> {
    if wanted.are_left_out {
        return Ok(Vec::new());
    }
    if !IS_BUILT {
        output::note(match language {
            Language::Ja => "PDF は作りません。作るには: cargo build --release --features pdf",
            Language::En => "no PDF is made; to have it: cargo build --release --features pdf",
        });
        return Ok(Vec::new());
    }
    let fonts = fonts(wanted.font_dir)?;
    let sources = site::papers(publication);
    let bar = progress::bar(Work::Papers, language);
    bar.set_length(sources.len() as u64);
    let papers = sources.iter().map(|source| {
        let paper = paper(source, &fonts);
        bar.inc(1);
        paper
    });
    let papers = papers.collect();
    bar.finish_and_clear();
    papers
}

fn paper(source: &PaperSource, fonts: &Fonts) -> Result<PaperFile, CommandError> {
    let bytes = nattoku_pdf::set(&source.notice, &source.foot, fonts).map_err(|error| no_pdf(&error))?;
    Ok(PaperFile { version: source.version.clone(), language: source.language, bytes })
}

/// The font, from the folder that is named or else from where fonts are.
fn fonts(named: Option<&Path>) -> Result<Fonts, CommandError> {
    let folders: Vec<PathBuf> = named.map_or_else(
        || {
            let home = std::env::var_os("HOME").map(PathBuf::from);
            let own = home.iter().flat_map(|h| [h.join(".local/share/fonts"), h.join("Library/Fonts")]);
            FONT_FOLDERS.iter().map(PathBuf::from).chain(own).collect()
        },
        |folder| vec![folder.to_owned()],
    );
    nattoku_pdf::find(&folders).map_err(|error| no_pdf(&error))
}

fn no_pdf(error: &PdfError) -> CommandError {
    match error {
        PdfError::NoFont { looked_in } => {
            let folders: Vec<String> = looked_in.iter().map(|f| f.display().to_string()).collect();
            CommandError::could_not_run(
                format!("PDF のための日本語フォント（Noto Sans JP）が見つかりません: {}", folders.join("、")),
                error.to_string(),
            )
            .hint(
                format!(
                    "apt-get install fonts-noto-cjk または npm install {FONT_PACKAGE} で入手し、そのフォルダーを --font-dir で示してください"
                ),
                format!(
                    "`apt-get install fonts-noto-cjk` or `npm install {FONT_PACKAGE}` gets it; name the folder by --font-dir"
                ),
            )
        }
        error => CommandError::could_not_run(
            format!("PDF を作れません: {error}"),
            format!("no PDF could be made: {error}"),
        ),
    }
}

fn not_rendered(error: &SiteError) -> CommandError {
    match error {
        SiteError::Template(why) => CommandError::could_not_run(
            format!("ページを作れません: {why}"),
            format!("a page could not be made: {why}"),
        ),
        SiteError::SameFile(path) => CommandError::asked_wrongly(
            format!("二つのページが同じファイル {path} になります。目的の番号か版の名前を変えてください"),
            format!(
                "two pages would both be {path}; give the purposes or versions names that differ in more than case"
            ),
        ),
    }
}

/// Tells each link that leads nowhere, at the place in the source that wrote it.
fn told_dead(
    dead: &[DeadLink],
    checked: &Checked,
    publication: &Publication,
    format: Format,
    language: Language,
) -> Exit {
    let found: Vec<(String, &DeadLink)> = dead
        .iter()
        .map(|link| (place(link, checked, publication).unwrap_or_else(|| link.file.clone()), link))
        .collect();
    if format == Format::Json {
        let dead: Vec<_> = found
            .iter()
            .map(|(place, dead)| json!({"place": place, "link": dead.link, "page": dead.file}))
            .collect();
        output::line(&json!({"dead_links": dead}).to_string());
    }
    for (place, dead) in &found {
        output::note(&match language {
            Language::Ja => format!(
                "{place}: リンク `{}` の先がありません（{}）。サイトにあるページか https:// で始まるアドレスにしてください",
                dead.link, dead.file
            ),
            Language::En => format!(
                "{place}: the link `{}` leads nowhere (in {}); expected a page of the site or an address with https://",
                dead.link, dead.file
            ),
        });
    }
    output::note(&match language {
        Language::Ja => format!("先のないリンクが {} 件あるため、何も書いていません", found.len()),
        Language::En => {
            format!("{} without a target; nothing was written", output::counted(found.len(), "link"))
        }
    });
    Exit::No
}

/// Where the source wrote a link: a document's address, or a line of a notice.
fn place(dead: &DeadLink, checked: &Checked, publication: &Publication) -> Option<String> {
    let policy = publication.current();
    let document = policy.documents.iter().find(|d| d.address.as_deref() == Some(dead.link.as_str()));
    if let Some(place) = document.and_then(|d| policy.place_of(&Rule::new("document", &d.name))) {
        return Some(place.to_string());
    }
    let written = format!("({}", dead.link);
    let language = dead.file.split('/').next().unwrap_or_default();
    let notice = format!("notice.{language}.md");
    let files = checked.files.ids().filter(|id| checked.files.name(*id).ends_with(&notice));
    files.into_iter().find_map(|id| {
        let at = checked.files.text(id).find(&written)?;
        Some(format!("{}:{}", checked.files.name(id), checked.files.line(id, at)))
    })
}

fn tell(
    out: &Path,
    site: &Site,
    papers: &[PaperFile],
    written: &Written,
    format: Format,
    language: Language,
) {
    if format == Format::Json {
        let files: Vec<_> =
            site.files.iter().map(|(path, bytes)| json!({"path": path, "bytes": bytes.len()})).collect();
        output::line(
            &json!({
                "out": out.display().to_string(),
                "files": files,
                "written": written.replaced,
                "unchanged": written.unchanged,
                "removed": written.removed,
                "pdf": !papers.is_empty(),
                "external_links": site.external,
            })
            .to_string(),
        );
        return;
    }
    let (all, folder) = (site.files.len(), out.display());
    output::line(&match language {
        Language::Ja => format!(
            "{folder}: {all} ファイル（書いたもの {}、同じだったもの {}、消したもの {}）",
            written.replaced, written.unchanged, written.removed
        ),
        Language::En => format!(
            "{folder}: {} ({} written, {} unchanged, {} removed)",
            output::counted(all, "file"),
            written.replaced,
            written.unchanged,
            written.removed
        ),
    });
    for address in &site.external {
        output::note(&match language {
            Language::Ja => format!("外へのリンク（先は確かめていません）: {address}"),
            Language::En => format!("a link elsewhere, not followed: {address}"),
        });
    }
}
