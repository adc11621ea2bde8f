//! What is declared, before anything is looked up.

use std::collections::{BTreeMap, BTreeSet};

use nattoku_model::name::is_name;
use nattoku_model::policy::Rule;

use super::scope::Scope;
use crate::ast::Node;
use crate::diagnostic::{Diagnostic, Label, Words};
use crate::language_rules::{DUPLICATE_NAME, FULL_WIDTH_PUNCTUATION, MALFORMED_NAME, UNEXPECTED_NODE};
use crate::syntax::width::narrowed;

macro_rules! name_kinds {
    ($($name:ident $node:literal $rule:literal $ja:literal $en:literal)*) => {
        /// A kind of thing that a node declares by name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum NameKind { $($name,)* }

        impl NameKind {
            /// Every kind.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The node that declares one.
            pub(crate) const fn node(self) -> &'static str {
                match self { $(Self::$name => $node,)* }
            }

            /// The kind of the rule it is.
            pub(crate) const fn rule(self) -> &'static str {
                match self { $(Self::$name => $rule,)* }
            }

            /// What people call it.
            pub(crate) fn words(self) -> Words {
                match self { $(Self::$name => Words::new($ja, $en),)* }
            }
        }
    };
}

name_kinds! {
    Document "document" "document" "文書" "document"
    Category "category" "category" "データの項目" "category"
    Source "source" "source" "取得元" "source"
    Entruster "entruster" "entruster" "委託元" "entruster"
    Relationship "relationship" "relationship" "関係" "relationship"
    Purpose "purpose" "purpose" "利用目的" "purpose"
    Application "application" "application" "アプリケーション" "application"
    Department "department" "department" "部署" "department"
    ViewReason "view-reason" "view-reason" "閲覧の理由" "reason for a view"
    Activity "activity" "activity" "利用" "activity"
    Work "work" "work" "委託する業務" "kind of work"
    Recipient "recipient" "recipient" "相手方" "recipient"
    Provision "provision" "provision" "提供" "provision"
    Consent "consent" "consent" "同意事項" "consent item"
    Choice "choice" "choice" "選択" "choice"
    Signal "signal" "signal" "信号" "signal"
    Prohibition "prohibit" "prohibition" "禁止事項" "prohibition"
    Exception "exception" "exception" "例外" "exception"
    JointUse "joint-use" "joint-use" "共同利用" "joint use"
    Anonymized "anonymized" "anonymized" "匿名加工情報" "anonymized information"
    Transmission "transmission" "transmission" "外部送信" "external transmission"
    Calendar "calendar" "calendar" "カレンダー" "calendar"
    Desk "desk" "desk" "窓口" "desk"
    Line "line" "line" "事業分野" "line of business"
    Body "body" "body" "認定団体" "accredited body"
    Regulator "regulator" "regulator" "監督機関" "regulator"
}

/// Nodes that stand at the top and declare no name of the kinds above.
pub(crate) const OTHER_NODES: [&str; 7] =
    ["policy", "retain", "transition", "equivalent-countries", "never", "only", "scenario"];

/// A node that declares a name.
#[derive(Debug, Clone)]
pub(crate) struct Declared<'a> {
    pub(crate) kind: NameKind,
    /// The whole name: `location.base_station` for a node `base_station` within `location`.
    pub(crate) name: String,
    pub(crate) node: &'a Node,
}

impl Declared<'_> {
    /// The rule it declares.
    pub(crate) fn rule(&self) -> Rule {
        Rule::new(self.kind.rule(), &self.name)
    }
}

/// Every declared name, by kind, with the place that declares it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    by_kind: BTreeMap<NameKind, BTreeMap<String, Label>>,
    /// The rules that have no name of their own kind: retentions by category, transitions by version, rulings.
    pub(crate) others: BTreeSet<Rule>,
}

impl Names {
    /// Whether the name is declared.
    pub(crate) fn has(&self, kind: NameKind, name: &str) -> bool {
        self.get(kind, name).is_some()
    }

    /// Where the name is declared.
    pub(crate) fn get(&self, kind: NameKind, name: &str) -> Option<&Label> {
        self.by_kind.get(&kind)?.get(name)
    }

    /// Every name of a kind.
    pub(crate) fn of(&self, kind: NameKind) -> impl ExactSizeIterator<Item = &str> {
        static NONE: BTreeMap<String, Label> = BTreeMap::new();
        self.by_kind.get(&kind).unwrap_or(&NONE).keys().map(String::as_str)
    }

    /// Every name of a kind, with the place that declares it.
    pub(crate) fn entries(&self, kind: NameKind) -> impl Iterator<Item = (&str, &Label)> {
        self.by_kind.get(&kind).into_iter().flatten().map(|(name, at)| (name.as_str(), at))
    }

    /// Whether the rule is declared.
    pub(crate) fn has_rule(&self, rule: &Rule) -> bool {
        self.others.contains(rule)
            || NameKind::ALL.iter().any(|k| k.rule() == rule.kind && self.has(*k, &rule.name))
    }
}

/// Takes in every declared name of the top nodes.
pub(crate) fn collect<'a>(roots: &[&'a Node], scope: &mut Scope<'_>) -> (Vec<Declared<'a>>, Names) {
    let mut collector = Collector { declared: Vec::new(), names: Names::default() };
    for node in roots.iter().copied() {
        let word = node.name.value.as_str();
        if let Some(kind) = NameKind::ALL.iter().copied().find(|k| k.node() == word) {
            collector.declaration(kind, node, scope);
        } else if OTHER_NODES.contains(&word) {
            collector.other(node);
        } else {
            let known = NameKind::ALL.iter().map(|k| k.node()).chain(OTHER_NODES).collect::<Vec<_>>();
            scope.unexpected_node(node, known.into_iter());
        }
    }
    (collector.declared, collector.names)
}

struct Collector<'a> {
    declared: Vec<Declared<'a>>,
    names: Names,
}

impl<'a> Collector<'a> {
    fn declaration(&mut self, kind: NameKind, node: &'a Node, scope: &mut Scope<'_>) {
        let Some(arg) = node.args.first() else { return scope.missing_name(kind, node) };
        let Some(written) = arg.value.as_str() else { return scope.missing_name(kind, node) };
        let label = node.at(&arg.span);
        let name = scope.well_formed(written, &label);
        self.declare(kind, name.clone(), label, node, scope);
        if kind == NameKind::Category {
            self.below(&name, node, scope);
        }
    }

    fn declare(&mut self, kind: NameKind, name: String, label: Label, node: &'a Node, scope: &mut Scope<'_>) {
        let rival = match kind {
            NameKind::JointUse => NameKind::Anonymized,
            NameKind::Anonymized => NameKind::JointUse,
            kind => kind,
        };
        if let Some(first) = self.names.get(kind, &name).or_else(|| self.names.get(rival, &name)) {
            let words = kind.words();
            let diagnostic = Diagnostic::error(
                DUPLICATE_NAME.name,
                label,
                Words::new(
                    format!("{} `{name}` が二度宣言されています", words.ja),
                    format!("the {} `{name}` is declared twice", words.en),
                ),
            )
            .label(first.clone().saying(Words::new("最初の宣言", "declared here first")))
            .help(Words::new(
                "別の名前を付けるか、一つにまとめてください",
                "give it another name, or make one of the two",
            ));
            scope.report.push(diagnostic);
            return;
        }
        self.names.by_kind.entry(kind).or_default().insert(name.clone(), label);
        self.declared.push(Declared { kind, name, node });
    }

    /// The categories below a category: every child that is none of a category's own parts.
    fn below(&mut self, above: &str, node: &'a Node, scope: &mut Scope<'_>) {
        for child in
            node.children.iter().filter(|c| !super::data::CATEGORY_PARTS.contains(&c.name.value.as_str()))
        {
            let label = child.at(&child.name.span);
            if child.name.value.contains('.') {
                let diagnostic = Diagnostic::error(
                    UNEXPECTED_NODE.name,
                    label,
                    Words::new(
                        format!("下の項目の名前 `{}` に `.` は使えません", child.name.value),
                        format!("the name `{}` of a category below another has no `.`", child.name.value),
                    ),
                );
                scope.report.push(diagnostic);
                continue;
            }
            let part = scope.well_formed(&child.name.value, &label);
            let name = format!("{above}.{part}");
            self.declare(NameKind::Category, name.clone(), label, child, scope);
            self.below(&name, child, scope);
        }
    }

    fn other(&mut self, node: &Node) {
        match node.name.value.as_str() {
            "retain" => {
                self.names.others.extend(node.declared().map(|name| Rule::new("retention", name)));
            }
            "transition" => {
                let version = node.prop("governing").and_then(|v| v.value.as_str());
                self.names.others.extend(version.map(|version| Rule::new("transition", version)));
            }
            "policy" => {
                self.names.others.extend(node.declared().map(|name| Rule::new("policy", name)));
                let rulings = node.children_named("ruling").filter_map(Node::declared);
                self.names.others.extend(rulings.map(|name| Rule::new("ruling", name)));
            }
            _ => {}
        }
    }
}

impl Scope<'_> {
    /// The name as it may stand; one that is written wrongly is reported, and read as far as that can be guessed, so
    /// that what refers to it is not reported too.
    fn well_formed(&mut self, written: &str, label: &Label) -> String {
        if is_name(written) {
            return written.to_owned();
        }
        if let Some(name) = narrowed(written).filter(|n| is_name(n)) {
            let words = Words::new(
                format!("名前 `{written}` に全角の文字が使われています"),
                format!("the name `{written}` has full-width signs"),
            );
            let diagnostic = Diagnostic::error(FULL_WIDTH_PUNCTUATION.name, label.clone(), words)
                .help(Words::new("半角で書いてください", "write it half-width"))
                .fix(label, name);
            self.report.push(diagnostic);
            return written.to_owned();
        }
        let shown: String = written.chars().take(60).collect();
        let words = Words::new(
            format!("名前 `{shown}` の形が正しくありません"),
            format!("`{shown}` does not have the form of a name"),
        );
        let diagnostic = Diagnostic::error(MALFORMED_NAME.name, label.clone(), words).help(Words::new(
            "小文字の英字で始め、英小文字、数字、`_` で書いてください（木は `.` でつなぎ、120 バイトまで）",
            "write lower-case letters, digits and `_`, beginning with a letter, trees joined by `.`, at most 120 bytes",
        ));
        self.report.push(diagnostic);
        written.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::NameKind::{
        Activity, Category, Consent, Desk, Entruster, Exception, Prohibition, Purpose, Work,
    };

    /// What people read is called by the word that the glossary fixes.
    #[test]
    fn the_kinds_of_name_are_called_as_in_the_glossary() {
        let glossary = include_str!("../../../../docs/glossary.md");
        for kind in [Activity, Category, Consent, Desk, Entruster, Exception, Prohibition, Purpose, Work] {
            let node = kind.rule();
            let row = glossary.lines().find(|line| {
                let word = line.split('|').nth(1).unwrap_or("").trim();
                word == node || word == kind.words().en
            });
            let term = row.and_then(|row| row.split('|').nth(2)).unwrap_or_else(|| panic!("{node}")).trim();
            let term = term.split('（').next().unwrap();
            assert!(kind.words().ja.ends_with(term), "{node}: {} and not {term}", kind.words().ja);
        }
    }
}
