//! From sources to a checked policy.

use std::collections::{BTreeMap, BTreeSet};

use nattoku_model::Language;
use nattoku_model::name::VersionName;
use nattoku_model::policy::{Policy, Versions};

use crate::allow::{Allowed, Allows};
use crate::ast::{Declaration, Node};
use crate::diagnostic::{Diagnostic, Label, Words};
use crate::digest;
use crate::index::{Index, Use};
use crate::language_rules::{ENCODING, MALFORMED_NOTICE, SOURCE_TOO_LARGE, UNEXPECTED_VALUE};
use crate::lint::{self, Context, LintRule, Untested};
use crate::notice::{self, Notice};
use crate::pack::{self, Packs};
use crate::report::Report;
use crate::resolve::{self, Beside, Names, Scope};
use crate::scenario::{self, Scenario};
use crate::source::{FILE_BYTES_MAX, FileId, Files, Source};
use crate::{syntax, unseen};

/// What checking found.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// The policy with its earlier versions; none when there are errors.
    pub versions: Option<Versions>,
    /// What there is to say, by file and place.
    pub diagnostics: Vec<Diagnostic>,
    /// Findings that the policy allows, with the reasons it gives.
    pub allowed: Vec<Allowed>,
    /// How many more there were than are kept.
    pub left_out: usize,
    /// The files, for the renderers.
    pub files: Files,
    /// The scenarios of the current version.
    pub scenarios: Vec<Scenario>,
    /// The notices of the current version.
    pub notices: BTreeMap<Language, Notice>,
    /// The law packs at hand: those built in, and the folder's own.
    pub packs: Packs,
    /// What every name means and where it is used, for editors: one index a version, earlier ones first.
    pub indexes: Vec<Index>,
    /// The notices of the versions before it (R7, R74).
    pub earlier_notices: BTreeMap<VersionName, BTreeMap<Language, Notice>>,
    /// What the sources of each version come to, as [`digest`](crate::digest) defines it (R77).
    pub digests: BTreeMap<VersionName, String>,
    /// What all sources together come to.
    pub sources_digest: String,
}

/// Checks the files of one policy folder. Files below `earlier/VERSION/` are the versions before; those that are
/// neither `.kdl` nor `notice.LANGUAGE.md` are left alone. Scenarios are read and not decided: `nattoku-analysis` checks
/// with `untested-rule` too.
#[must_use]
pub fn check(sources: &[Source]) -> Checked {
    check_with(sources, lint::RULES, None)
}

/// Checks with these rules of the linter alone, so that a test can tell what is found without one of them, and with
/// `untested`, where it is given, to tell which rules no scenario exercises.
#[must_use]
pub fn check_with(sources: &[Source], rules: &[&dyn LintRule], untested: Option<Untested>) -> Checked {
    checked(sources, rules, untested, |_| true)
}

/// Checks without the scenarios, for what asks nothing of them: they may have been written for another version, and name it.
#[must_use]
pub fn check_without_scenarios(sources: &[Source]) -> Checked {
    checked(sources, lint::RULES, None, |node| node.name.value != "scenario")
}

/// Checks the nodes that are meant.
fn checked(
    sources: &[Source],
    rules: &[&dyn LintRule],
    untested: Option<Untested>,
    is_meant: fn(&Node) -> bool,
) -> Checked {
    let mut report = Report::default();
    let mut files = Files::default();
    let mut folders = read(sources, &mut files, &mut report);
    for folder in folders.values_mut() {
        folder.nodes.retain(is_meant);
    }
    let packs = packs(sources, &mut files, &mut report);
    let mut checked = Checked { sources_digest: digest::of_all(sources), ..Checked::default() };
    let versions: BTreeSet<String> = folders.keys().flatten().cloned().collect();

    let mut earlier: Vec<Policy> = Vec::new();
    let mut names_of: BTreeMap<Option<String>, (Names, Vec<Use>)> = BTreeMap::new();
    for (version, folder) in folders.iter().filter_map(|(v, f)| Some((v.as_ref()?, f))) {
        let mut others = versions.clone();
        others.remove(version);
        let read = one_version(folder, Beside { versions: &others, packs: &packs }, &files, &mut report);
        let policy = read.policy;
        belongs_to_its_folder(&policy, version, folder, &mut report);
        checked.earlier_notices.insert(policy.version.clone(), read.notices);
        checked.digests.insert(policy.version.clone(), digest::of_version(sources, Some(version)));
        earlier.push(policy);
        names_of.insert(Some(version.clone()), (read.names, read.uses));
    }
    let none = Folder::default();
    let folder = folders.get(&None).unwrap_or(&none);
    let mut read = one_version(folder, Beside { versions: &versions, packs: &packs }, &files, &mut report);
    checked.notices = read.notices;
    checked.digests.insert(read.policy.version.clone(), digest::of_version(sources, None));
    comes_last(&read.policy, &earlier, folder, &mut report);
    let versions = Versions::new(read.policy, earlier);
    if report.n_errors() == 0 {
        (checked.scenarios, read.uses) =
            scenarios(folder, &versions, &read.names, &files, read.uses, &mut report);
        // What only a scenario with errors exercises is not untested.
        let untested = untested.filter(|_| report.n_errors() == 0);
        let context = Context::new(
            &versions,
            &read.declarations,
            &checked.notices,
            &checked.scenarios,
            &read.allows,
            &files,
        )
        .telling_untested(untested);
        checked.allowed = look(rules, &context, &read.allows, &mut report);
        checked.versions = (report.n_errors() == 0).then_some(versions);
    } else {
        // Nothing can be asked of what has errors; that names are looked up all the same is for the index alone.
        (_, read.uses) = scenarios(folder, &versions, &read.names, &files, read.uses, &mut Report::unheard());
    }
    names_of.insert(None, (read.names, read.uses));
    checked.indexes = indexes(folders, names_of);
    (checked.diagnostics, checked.left_out) = report.finish();
    checked.packs = packs;
    checked.files = files;
    checked
}

/// Has every rule look, reports what stands, and gives back what the policy allows.
fn look(
    rules: &[&dyn LintRule],
    context: &Context<'_>,
    allows: &Allows,
    report: &mut Report,
) -> Vec<Allowed> {
    let mut found = Vec::new();
    for rule in rules {
        rule.check(context, &mut found);
    }
    let (standing, allowed) = allows.divide(found);
    for diagnostic in standing {
        report.push(diagnostic);
    }
    allowed
}

/// One index a version, the current one last.
fn indexes(
    mut folders: BTreeMap<Option<String>, Folder>,
    names_of: BTreeMap<Option<String>, (Names, Vec<Use>)>,
) -> Vec<Index> {
    let mut indexes: Vec<Index> = names_of
        .into_iter()
        .map(|(version, (names, uses))| {
            let nodes = folders.remove(&version).map(|folder| folder.nodes);
            Index::new(version, nodes.unwrap_or_default(), names, uses)
        })
        .collect();
    indexes.rotate_left(1);
    indexes
}

/// The files of one version.
#[derive(Debug, Default)]
struct Folder {
    nodes: Vec<Node>,
    notices: BTreeMap<Language, FileId>,
    /// Whether some of it could not be read, so that what seems missing may only not have been read.
    is_partial: bool,
}

impl Folder {
    fn label(&self) -> Label {
        let policy = self.nodes.iter().find(|n| n.name.value == "policy");
        policy.or(self.nodes.first()).map_or(Label::new(FileId::FIRST, 0..0), Node::head_label)
    }
}

/// Reads every file, by the version it belongs to: none for the current one.
fn read(sources: &[Source], files: &mut Files, report: &mut Report) -> BTreeMap<Option<String>, Folder> {
    let mut folders: BTreeMap<Option<String>, Folder> = BTreeMap::new();
    for source in sources.iter().filter(|s| !is_pack(s)) {
        let (version, name) = match source.name.strip_prefix("earlier/").and_then(|rest| rest.split_once('/'))
        {
            Some((version, name)) => (Some(version.to_owned()), name),
            None => (None, source.name.as_str()),
        };
        let language = name.strip_prefix("notice.").and_then(|rest| rest.strip_suffix(".md"));
        let is_kdl = std::path::Path::new(name).extension().is_some_and(|e| e == "kdl");
        if language.is_none() && !is_kdl {
            continue;
        }
        let folder = folders.entry(version).or_default();
        let Some(file) = text(source, files, report) else {
            folder.is_partial = true;
            continue;
        };
        match language.map(str::parse::<Language>) {
            None => {
                let (mut nodes, is_partial) = syntax::parse(file, files.text(file), report);
                unseen::refuse(&mut nodes, file, files.text(file), report);
                folder.nodes.extend(nodes);
                folder.is_partial |= is_partial;
            }
            Some(Ok(language)) => {
                folder.notices.insert(language, file);
            }
            Some(Err(_)) => {
                let message = Words::new(
                    format!("`{name}` の言語が分かりません"),
                    format!("the language of `{name}` is not known"),
                );
                let help = Words::new(
                    "`notice.ja.md` か `notice.en.md` にしてください",
                    "call it `notice.ja.md` or `notice.en.md`",
                );
                let at = Label::new(file, 0..0);
                report.push(Diagnostic::error(MALFORMED_NOTICE.name, at, message).help(help));
            }
        }
    }
    if files.ids().next().is_none() {
        // A place for saying that there is nothing.
        files.add("policy.kdl", "");
    }
    folders
}

/// Whether a file is a law pack of the folder: `packs/LAW/VERSION.kdl`.
fn is_pack(source: &Source) -> bool {
    source.name.starts_with("packs/")
        && std::path::Path::new(&source.name).extension().is_some_and(|e| e == "kdl")
}

/// The packs built in, and those that the folder brings.
fn packs(sources: &[Source], files: &mut Files, report: &mut Report) -> Packs {
    let found = sources.iter().filter(|s| is_pack(s)).filter_map(|s| text(s, files, report));
    let found: Vec<FileId> = found.collect();
    pack::own(&found, files, report)
}

/// The text of a file; none where it is too large or not UTF-8, which is reported.
fn text(source: &Source, files: &mut Files, report: &mut Report) -> Option<FileId> {
    if source.bytes.len() > FILE_BYTES_MAX {
        let file = files.add(&source.name, "");
        // Whoever read it may have stopped there, so how large it is is not known.
        let most = FILE_BYTES_MAX / 1024;
        let message = Words::new(
            format!("ファイルが大きすぎます。{most} KiB までです"),
            format!("the file is larger than the {most} KiB that are read"),
        );
        report.push(Diagnostic::error(SOURCE_TOO_LARGE.name, Label::new(file, 0..0), message));
        return None;
    }
    match std::str::from_utf8(&source.bytes) {
        Ok(text) => Some(files.add(&source.name, text)),
        Err(error) => {
            let lossy = String::from_utf8_lossy(&source.bytes);
            let bom = if lossy.starts_with('\u{feff}') { 3 } else { 0 };
            let file = files.add(&source.name, &lossy);
            let start = error.valid_up_to().saturating_sub(bom);
            let at = Label::new(file, start..start + '\u{fffd}'.len_utf8());
            let message = Words::new("ここから UTF-8 ではありません", "the file is not UTF-8 from here on");
            let help = Words::new(
                "文字コードを UTF-8 にして保存し直してください",
                "save the file with the encoding UTF-8",
            );
            report.push(Diagnostic::error(ENCODING.name, at, message).help(help));
            None
        }
    }
}

/// One version, as far as it could be read.
struct Read<'a> {
    policy: Policy,
    declarations: Vec<Declaration<'a>>,
    notices: BTreeMap<Language, Notice>,
    names: Names,
    allows: Allows,
    uses: Vec<Use>,
}

fn one_version<'a>(folder: &'a Folder, beside: Beside<'_>, files: &Files, report: &mut Report) -> Read<'a> {
    report.expect_gaps(folder.is_partial);
    let roots: Vec<&Node> = folder.nodes.iter().collect();
    let nothing = Names::default();
    let (declared, names) = resolve::collect(&roots, &mut Scope::new(report, &nothing));
    let mut scope = Scope::new(report, &names);
    let notices: BTreeMap<Language, Notice> = folder
        .notices
        .iter()
        .map(|(language, file)| (*language, notice::parse(*language, *file, files.text(*file), &mut scope)))
        .collect();
    let (policy, declarations) =
        resolve::resolve(&roots, &declared, &names, &notices, beside, files, &mut scope);
    let allows = Allows::collect(&roots, files, &mut scope);
    let uses = scope.uses;
    report.expect_gaps(false);
    Read { policy, declarations, notices, names, allows, uses }
}

/// Reports a version that stands in another version's folder.
fn belongs_to_its_folder(policy: &Policy, version: &str, folder: &Folder, report: &mut Report) {
    if policy.version.as_str() != version && !policy.version.as_str().is_empty() {
        let message = Words::new(
            format!("`earlier/{version}/` にあるのは版 `{}` です", policy.version),
            format!("the version in `earlier/{version}/` is `{}`", policy.version),
        );
        let help = Words::new(
            "フォルダーの名前と `version=` を同じにしてください",
            "give the folder the name that `version=` has",
        );
        report.push(Diagnostic::error(UNEXPECTED_VALUE.name, folder.label(), message).help(help));
    }
}

/// Reports a current version that takes effect no later than an earlier one.
fn comes_last(current: &Policy, earlier: &[Policy], folder: &Folder, report: &mut Report) {
    if current.version.as_str().is_empty() || report.n_errors() > 0 {
        return;
    }
    if let Some(later) = earlier.iter().find(|p| p.effective >= current.effective) {
        let message = Words::new(
            format!(
                "現在の版 `{}` は、以前の版 `{}` より後に効力を持たなければなりません",
                current.version, later.version
            ),
            format!(
                "the current version `{}` must take effect after the earlier one `{}`",
                current.version, later.version
            ),
        );
        report.push(Diagnostic::error(UNEXPECTED_VALUE.name, folder.label(), message));
    }
}

/// The scenarios, and where names are used with what they use.
fn scenarios(
    folder: &Folder,
    versions: &Versions,
    names: &Names,
    files: &Files,
    uses: Vec<Use>,
    report: &mut Report,
) -> (Vec<Scenario>, Vec<Use>) {
    let mut scope = Scope::new(report, names);
    scope.timezone = versions.current().timezone.clone();
    scope.uses = uses;
    let nodes = folder.nodes.iter().filter(|n| n.name.value == "scenario");
    let scenarios = nodes.filter_map(|node| scenario::lower(node, versions, files, &mut scope)).collect();
    (scenarios, scope.uses)
}
