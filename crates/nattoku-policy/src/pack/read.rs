//! From the text of a pack to its values.

use nattoku_model::law::Pack;

use super::{Packs, lower};
use crate::diagnostic::{Diagnostic, Label, Words};
use crate::language_rules::{MISSING_VALUE, PACK_REDEFINED, UNEXPECTED_VALUE};
use crate::report::Report;
use crate::resolve::{Names, Scope};
use crate::source::{FileId, Files};
use crate::{syntax, unseen};

/// Reads one pack, with the place of its header; none where it does not even say which law it is. `packs` are those that
/// it may be based on.
pub(super) fn one(file: FileId, files: &Files, packs: &Packs, report: &mut Report) -> Option<(Pack, Label)> {
    let (mut nodes, is_partial) = syntax::parse(file, files.text(file), report);
    unseen::refuse(&mut nodes, file, files.text(file), report);
    report.expect_gaps(is_partial);
    let nothing = Names::default();
    let mut scope = Scope::new(report, &nothing);
    let mut headers = nodes.iter().filter(|n| n.name.value == "pack");
    let Some(header) = headers.next() else {
        let message = Words::new("`pack` ノードがありません", "there is no `pack` node");
        let help = Words::new(
            "`pack appi \"2022-04-01\" state=in_force cited-as=APPI` のように書いてください",
            "write for example `pack appi \"2022-04-01\" state=in_force cited-as=APPI`",
        );
        let at = nodes.first().map_or(Label::new(file, 0..0), crate::ast::Node::head_label);
        scope.report.push(Diagnostic::error(MISSING_VALUE.name, at, message).help(help));
        report.expect_gaps(false);
        return None;
    };
    for other in headers {
        scope.twice(other.head_label(), header.head_label(), "pack");
    }
    let pack = lower::pack(header, &nodes, packs, &mut scope);
    report.expect_gaps(false);
    Some((pack?, header.head_label()))
}

/// The packs at hand for a policy folder: those built in, and the folder's own, `packs/LAW/VERSION.kdl`, by name.
pub(crate) fn own(found: &[FileId], files: &Files, report: &mut Report) -> Packs {
    let mut packs = Packs::built_in().clone();
    for file in found.iter().copied() {
        let errors_before = report.n_errors();
        let Some((pack, at)) = one(file, files, &packs, report) else { continue };
        stands_in_its_file(&pack, &at, files, report);
        match Packs::built_in().get(&pack.law, pack.version.as_str()) {
            Some(built_in) if **built_in != pack => redefined(&pack, at, report),
            _ if report.n_errors() > errors_before || packs.has_broken_base(&pack) => {
                packs.insert_broken(pack);
            }
            _ => packs.insert(pack),
        }
    }
    packs
}

fn stands_in_its_file(pack: &Pack, at: &Label, files: &Files, report: &mut Report) {
    let expected = format!("packs/{}/{}.kdl", pack.law, pack.version);
    if files.name(at.file) != expected {
        let message = Words::new(
            format!("法令 `{}` の版 `{}` のパックは `{expected}` に置いてください", pack.law, pack.version),
            format!("the pack of `{}` `{}` belongs in `{expected}`", pack.law, pack.version),
        );
        report.push(Diagnostic::error(UNEXPECTED_VALUE.name, at.clone(), message));
    }
}

fn redefined(pack: &Pack, at: Label, report: &mut Report) {
    let message = Words::new(
        format!(
            "法令 `{}` の版 `{}` は組み込まれており、このパックの内容と異なります",
            pack.law, pack.version
        ),
        format!(
            "the pack of `{}` `{}` is built in, and says something else than this one",
            pack.law, pack.version
        ),
    );
    let help = Words::new(
        "版に別の名前を付け、`based-on` で組み込みの版を指してください",
        "give the version another name, and name the one built in with `based-on`",
    );
    report.push(Diagnostic::error(PACK_REDEFINED.name, at, message).help(help));
}
