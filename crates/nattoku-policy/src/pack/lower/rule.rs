//! What decisions and checks are made by: ages, routes, classes, countries, joint use, changes.

use std::collections::BTreeSet;

use nattoku_model::law::{
    AgeRule, Change, Handling, JointUseRule, Need, Protection, PublishedItem, Route, RouteRule, Strength,
    TransferCondition,
};
use nattoku_model::policy::{Class, Guardian};
use nattoku_model::{ChangeClass, ChangeKind};

use super::{Lowering, RULE};
use crate::ast::Node;
use crate::diagnostic::Words;
use crate::resolve::shape::{BARE, DECLARATION};

impl Lowering<'_, '_> {
    /// `consent-age under=16 judge-from=12 strength=guideline { cite "…" }`.
    pub(super) fn consent_age(&mut self, node: &Node) {
        let shape = BARE.needs_props(&["under", "strength"]).props(&["judge-from"]).cites();
        self.scope.shape(node, &shape.once(&["unchecked"]));
        self.once(node, "consent-age".to_owned());
        let under = self.scope.age(node, "under");
        let judge_from = self.scope.age(node, "judge-from");
        let strength = self.strength(node);
        let grounds = self.grounds(node);
        if let Some(under) = under {
            let guardian = Guardian { under, judge_from };
            self.pack.age = Some(AgeRule { guardian, strength, grounds });
        }
    }

    fn strength(&mut self, node: &Node) -> Strength {
        let strength =
            node.prop("strength").and_then(|v| self.scope.one_of(node, v, &Strength::ALL, Strength::as_str));
        strength.unwrap_or(Strength::Statute)
    }

    /// `route opt_out { closed-for special_care; cite "…" }`.
    pub(super) fn route(&mut self, node: &Node) {
        let shape = BARE.args(1, 1, "経路", "one of the routes").many(&["closed-for"]).cites();
        self.scope.shape(node, &shape.once(&["unchecked"]));
        let closed_for = self.several(node, "closed-for", &Class::ALL, Class::as_str);
        let grounds = self.grounds(node);
        let route = node.args.first().and_then(|v| self.scope.one_of(node, v, &Route::ALL, Route::as_str));
        if let Some(route) = route {
            self.once(node, format!("route {}", route.as_str()));
            self.pack.routes.insert(route, RouteRule { closed_for, grounds });
        }
    }

    /// `class special_care needs=individual_consent strength=statute { on acquire use provide; cite "…" }`.
    pub(super) fn class(&mut self, node: &Node) {
        let shape = BARE.args(1, 1, "データの区分", "one of the classes").cites();
        let shape = shape.needs_props(&["needs", "strength"]).needs(&["on"]).once(&["warrant", "unchecked"]);
        self.scope.shape(node, &shape.many(&["on"]));
        let class = node.args.first().and_then(|v| self.scope.one_of(node, v, &Class::ALL, Class::as_str));
        let needs = node.prop("needs").and_then(|v| self.scope.one_of(node, v, &Need::ALL, Need::as_str));
        let on = self.several(node, "on", &Handling::ALL, Handling::as_str);
        let strength = self.strength(node);
        let warrant = self.scope.mark(node, "warrant");
        let grounds = self.grounds(node);
        if let Some((class, needs)) = class.zip(needs) {
            self.once(node, format!("class {}", class.as_str()));
            self.pack.protections.insert(class, Protection { needs, on, strength, warrant, grounds });
        }
    }

    /// `home JP`: the countries that are not abroad.
    pub(super) fn home(&mut self, node: &Node) {
        self.once(node, "home".to_owned());
        self.pack.transfer.home = self.countries(node);
    }

    /// `equivalent-countries GB DE { cite "…" }`.
    pub(super) fn equivalent_countries(&mut self, node: &Node) {
        self.once(node, "equivalent-countries".to_owned());
        self.pack.transfer.equivalent_countries = self.countries(node);
    }

    fn countries(&mut self, node: &Node) -> BTreeSet<String> {
        let shape = BARE.args(1, usize::MAX, "国", "countries").cites().once(&["unchecked"]);
        self.scope.shape(node, &shape);
        self.grounds(node);
        node.args.iter().filter_map(|value| self.scope.country(node, value)).collect()
    }

    /// `transfer conforming_system { cite "…" }`.
    pub(super) fn transfer(&mut self, node: &Node) {
        let shape = BARE.args(1, 1, "条件", "one of the conditions").cites().once(&["unchecked"]);
        self.scope.shape(node, &shape);
        let grounds = self.grounds(node);
        let all = TransferCondition::ALL;
        let condition =
            node.args.first().and_then(|v| self.scope.one_of(node, v, &all, TransferCondition::as_str));
        if let Some(condition) = condition {
            self.once(node, format!("transfer {}", condition.as_str()));
            self.pack.transfer.conditions.insert(condition, grounds);
        }
    }

    /// `joint-use { item users { ja "…"; en "…" }; cite "…" }`.
    pub(super) fn joint_use(&mut self, node: &Node) {
        self.scope.shape(node, &BARE.needs(&["item"]).many(&["item"]).once(&["unchecked"]).cites());
        self.once(node, "joint-use".to_owned());
        let mut items = Vec::new();
        for child in node.children_named("item") {
            self.scope.shape(child, &DECLARATION);
            let title = self.title(child);
            let all = PublishedItem::ALL;
            let item =
                child.args.first().and_then(|v| self.scope.one_of(child, v, &all, PublishedItem::as_str));
            items.extend(item.map(|item| (item, title)));
        }
        let grounds = self.grounds(node);
        self.pack.joint_use = Some(JointUseRule { items, grounds });
    }

    /// `change purpose_added purpose_widened class=consent_again { ja "…"; en "…"; cite "…" }`: several kinds may be classed
    /// for one reason.
    pub(super) fn change(&mut self, node: &Node) {
        let shape = RULE.args(1, ChangeKind::ALL.len(), "変更の種類", "kinds of change");
        self.scope.shape(node, &shape.needs_props(&["class"]));
        let title = self.title(node);
        let all = ChangeClass::ALL;
        let class = node.prop("class").and_then(|v| self.scope.one_of(node, v, &all, ChangeClass::as_str));
        let grounds = self.grounds(node);
        let Some(class) = class else { return };
        for value in &node.args {
            let kind = self.scope.one_of(node, value, ChangeKind::ALL, ChangeKind::code);
            if let Some(kind) = kind {
                self.once(node, format!("change {kind}"));
                let change = Change { title: title.clone(), class, grounds: grounds.clone() };
                self.pack.changes.insert(kind, change);
            }
        }
    }

    /// A whole number that is a property.
    pub(super) fn count(&mut self, node: &Node, prop: &str) -> Option<u32> {
        let value = node.prop(prop)?;
        if let crate::ast::Value::Integer(n) = value.value
            && let Ok(n) = u32::try_from(n)
        {
            return Some(n);
        }
        self.scope.expected(node, value, &Words::new("0 以上の整数", "a whole number"));
        None
    }
}
