//! The `pack` node: which version of which law this is, and whether it is in force.

use nattoku_model::law::{Pack, State};
use nattoku_model::name::{VersionName, is_name};

use super::Packs;
use crate::ast::Node;
use crate::diagnostic::Words;
use crate::resolve::Scope;
use crate::resolve::shape::BARE;

/// A pack with what its header says, on the ground of the version that it changes.
pub(super) fn header(node: &Node, packs: &Packs, scope: &mut Scope<'_>) -> Option<Pack> {
    let shape = BARE
        .args(2, 2, "法令の名前と版", "the name of a law and its version")
        .needs_props(&["state", "cited-as"])
        .once(&["promulgated", "in-force", "based-on"]);
    scope.shape(node, &shape);
    let [law, version] = node.args.as_slice() else { return None };
    let (law_at, law, version) = (law, scope.filled(node, law)?, scope.filled(node, version)?);
    if !is_name(law) {
        let what = Words::new("`appi` の形の法令の名前", "the name of a law such as `appi`");
        scope.malformed(node, law_at, law, &what);
        return None;
    }
    let base = based_on(node, law, packs, scope);
    let mut pack = base.unwrap_or_else(|| Pack::blank(law, version));
    pack.based_on = node.child("based-on").map(|_| pack.version.clone());
    pack.version = VersionName::from(version);
    let state = node.prop("state").and_then(|v| scope.one_of(node, v, &State::ALL, State::as_str));
    pack.state = state.unwrap_or(State::Promulgated);
    scope.string_prop(node, "cited-as").unwrap_or_default().clone_into(&mut pack.abbreviation);
    pack.promulgated = node.child("promulgated").and_then(|child| {
        scope.shape(child, &BARE.args(1, 1, "日付", "a date"));
        scope.date(child, child.args.first()?)
    });
    in_force(node, &mut pack, scope);
    Some(pack)
}

fn based_on(node: &Node, law: &str, packs: &Packs, scope: &mut Scope<'_>) -> Option<Pack> {
    let child = node.child("based-on")?;
    scope.shape(child, &BARE.args(1, 1, "元になる版", "the version that it changes"));
    let value = child.args.first()?;
    let version = scope.filled(child, value)?;
    let found = packs.get(law, version).map(|pack| Pack::clone(pack));
    if found.is_none() {
        let kind = Words::new("元になる版", "version that it is based on");
        let known = packs.versions(law);
        scope.undeclared(&kind, version, &child.at(&value.span), known.into_iter(), true);
    }
    found
}

/// From when it is in force: a day where it is known, and else the last day by which it will be.
fn in_force(node: &Node, pack: &mut Pack, scope: &mut Scope<'_>) {
    (pack.in_force_from, pack.in_force_by) = (None, None);
    let Some(child) = node.child("in-force") else {
        if pack.state == State::InForce {
            let message = Words::new(
                "施行されている版には `in-force from=\"2022-04-01\"` が必要です",
                "a version in force needs `in-force from=\"2022-04-01\"`",
            );
            scope.missing(node.head_label(), message);
        }
        return;
    };
    scope.shape(child, &BARE.props(&["from", "by"]));
    pack.in_force_from = child.prop("from").and_then(|v| scope.date(child, v));
    pack.in_force_by = child.prop("by").and_then(|v| scope.date(child, v));
    let says_when = match pack.state {
        State::InForce => pack.in_force_from.is_some(),
        State::Promulgated => pack.in_force_from.is_some() || pack.in_force_by.is_some(),
    };
    if !says_when {
        let message = Words::new(
            "`in-force` には `from=`、施行日が未定なら `by=` が必要です",
            "`in-force` needs `from=`, or `by=` while the day is not fixed",
        );
        scope.missing(child.head_label(), message);
    }
}
