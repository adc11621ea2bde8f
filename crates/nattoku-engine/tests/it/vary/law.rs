//! Law packs changed at random: laws without some route or condition, with other ages and other protections. A policy's own
//! packs may say any of it.

use std::sync::Arc;

use nattoku_model::law::{
    AgeRule, Grounds, Handling, Need, Pack, Protection, Route, Strength, TransferCondition,
};
use nattoku_model::policy::{Basis, Class, Guardian, Policy};

use super::{BASES, COUNTRIES, Edit};

impl Edit<'_> {
    /// One edit to one of the policy's laws.
    pub(super) fn law(&mut self, policy: &mut Policy) -> Option<String> {
        if self.draw.one_in(6) {
            return self.way_out(policy);
        }
        let place = self.draw.below(policy.packs.len());
        let known = policy.packs.get_mut(place)?;
        let mut pack = Pack::clone(known);
        let what = match self.draw.below(8) {
            0 | 1 => self.route(&mut pack),
            2..=4 => self.protection(&mut pack),
            5 => self.condition(&mut pack),
            6 => self.age(&mut pack),
            _ => self.countries(&mut pack),
        };
        let what = format!("{} {what}", pack.law);
        *known = Arc::new(pack);
        Some(what)
    }

    /// A provision by a route that some of the laws do not have, for an activity that asks for a consent.
    fn way_out(&mut self, policy: &mut Policy) -> Option<String> {
        let item = self.draw.pick(policy.consents.keys()).cloned()?;
        let (name, provision) = self.draw.pick(&mut policy.provisions)?;
        if self.draw.one_in(2) {
            provision.basis = Basis::Law((*self.draw.of(&BASES)).to_owned());
        }
        policy.activities.get_mut(&provision.activity)?.requires.push(item);
        let (what, route) = (format!("{name}: {provision:?}"), provision.basis.route());
        if self.draw.one_in(2) {
            // Where there is but one law, what another orders counts under it.
            policy.packs = self.packs.to_vec();
        }
        let keeps = self.draw.below(policy.packs.len() + 1);
        for (_, known) in policy.packs.iter_mut().enumerate().filter(|(place, _)| *place != keeps) {
            let mut pack = Pack::clone(known);
            pack.routes.remove(&route);
            *known = Arc::new(pack);
        }
        Some(format!("without {route:?} {what}"))
    }

    fn route(&mut self, pack: &mut Pack) -> String {
        let route = *self.draw.of(&Route::ALL);
        let class = *self.draw.of(&Class::ALL);
        match self.draw.below(3) {
            0 => _ = pack.routes.remove(&route),
            1 => pack.routes.retain(|_, _| self.draw.one_in(2)),
            _ => pack.routes.values_mut().for_each(|rule| {
                rule.closed_for.insert(class);
                rule.grounds = Grounds::default();
            }),
        }
        format!(
            "routes {:?}",
            pack.routes.iter().map(|(route, rule)| (route, &rule.closed_for)).collect::<Vec<_>>()
        )
    }

    fn protection(&mut self, pack: &mut Pack) -> String {
        let class = *self.draw.of(&Class::ALL);
        let of_all = self.draw.one_in(2);
        let protection = Protection {
            needs: if self.draw.one_in(2) { Need::Consent } else { *self.draw.of(&Need::ALL) },
            on: self.draw.some(Handling::ALL).into_iter().collect(),
            strength: *self.draw.of(&Strength::ALL),
            warrant: self.draw.one_in(2),
            grounds: Grounds::default(),
        };
        let what = format!("{class:?} {protection:?}");
        for class in Class::ALL.into_iter().filter(|of| of_all || *of == class) {
            pack.protections.insert(class, protection.clone());
        }
        what
    }

    fn condition(&mut self, pack: &mut Pack) -> String {
        let condition = *self.draw.of(&TransferCondition::ALL);
        pack.transfer.conditions.remove(&condition);
        format!("without {condition:?}")
    }

    fn age(&mut self, pack: &mut Pack) -> String {
        let under = u8::try_from(12 + self.draw.below(9)).expect("small");
        let guardian = Guardian { under, judge_from: self.draw.one_in(2).then(|| under - 2) };
        let strength = *self.draw.of(&Strength::ALL);
        pack.age =
            (!self.draw.one_in(4)).then(|| AgeRule { guardian, strength, grounds: Grounds::default() });
        format!("{:?}", pack.age)
    }

    fn countries(&mut self, pack: &mut Pack) -> String {
        pack.transfer.home = self.draw.some(COUNTRIES.map(str::to_owned)).into_iter().collect();
        pack.transfer.equivalent_countries =
            self.draw.some(COUNTRIES.map(str::to_owned)).into_iter().collect();
        format!("{:?}", pack.transfer)
    }
}
