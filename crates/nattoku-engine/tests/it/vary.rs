//! Policies changed at random: a few edits to one that is sound, some of which no check would let pass. The engine owes the
//! definition's answer all the same.

mod law;
mod throughout;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use nattoku_model::Action;
use nattoku_model::law::Pack;
use nattoku_model::name::{CategoryName, ProvisionName, VersionName, WordingName};
use nattoku_model::policy::{
    Activity, Basis, Channel, Class, Cover, Guardian, Minimisation, Occasion, Period, Policy, Reach,
    RecipientKind, Recurring, Refusability, Requirement, Residue, Retention, RetentionStart, Statute,
    Transfer, Transition, Versions,
};

use crate::draw::Draw;
use throughout::{ages, minimise, throughout};

const COUNTRIES: [&str; 6] = ["JP", "US", "DE", "GB", "SG", "BR"];
const BASES: [&str; 4] =
    ["APPI 27(1)(i)", "GDPR 6(1)(c)", "Number Act 9(4)", "Telecommunications Business Act 4"];
const ZONES: [&str; 4] = ["Asia/Tokyo", "Europe/Berlin", "America/New_York", "UTC"];

/// A variation with what was changed.
pub(crate) struct Varied {
    pub(crate) versions: Versions,
    pub(crate) edits: Vec<String>,
}

/// Up to a dozen edits, spread over the versions.
pub(crate) fn vary(draw: &mut Draw, versions: &Versions, packs: &[Arc<Pack>], now: Timestamp) -> Varied {
    let current = versions.current().version.clone();
    let mut all: Vec<Policy> = versions.oldest_first().into_iter().cloned().collect();
    // Versions that count days in different zones.
    let counts_days_apart = draw.one_in(4);
    if draw.one_in(5) || (counts_days_apart && all.len() == 1) {
        // Another version before all of these, of which the text may be at hand or not.
        let mut older = versions.current().clone();
        older.version = VersionName::from("2010-01-01");
        older.effective -= SignedDuration::from_hours(24 * 365 * 6);
        older.text_absent = draw.one_in(2);
        all.push(older);
    }
    let mut edits = Vec::new();
    if draw.one_in(6) {
        // A version that is as it was, but for one thing that a population is folded by.
        let newest = all.last_mut().expect("there is one");
        let what = if draw.one_in(3) {
            Edit { draw: &mut *draw, packs, now }.transition(newest)
        } else {
            // The ages from which somebody may agree alone.
            ages(draw, newest);
            "other ages".to_owned()
        };
        let place = all.iter().position(|p| p.version == current).expect("it is among them");
        let current = all.swap_remove(place);
        return Varied { versions: Versions::new(current, all), edits: vec![what] };
    }
    for policy in &mut all {
        if draw.one_in(3) {
            minimise(draw, policy);
            edits.push(format!("{}: each activity uses less of something", policy.version));
        }
    }
    edits.extend(throughout(draw, all.last_mut().expect("there is one"), packs, now));
    if counts_days_apart {
        let first = draw.below(ZONES.len());
        for (policy, name) in all.iter_mut().zip(ZONES.iter().cycle().skip(first)) {
            policy.timezone = TimeZone::get(name).expect("the zone is known");
            edits.push(format!("{}: {:?}", policy.version, policy.timezone.iana_name()));
        }
    }
    for _ in 0..draw.below(12) {
        let place = if draw.one_in(3) { draw.below(all.len()) } else { all.len() - 1 };
        let mut edit = Edit { draw: &mut *draw, packs, now };
        if let Some(what) = edit.of(&mut all[place]) {
            edits.push(format!("{}: {what}", all[place].version));
        }
    }
    let place = all.iter().position(|p| p.version == current).expect("it is among them");
    let current = all.swap_remove(place);
    Varied { versions: Versions::new(current, all), edits }
}

struct Edit<'a> {
    draw: &'a mut Draw,
    packs: &'a [Arc<Pack>],
    now: Timestamp,
}

impl Edit<'_> {
    fn of(&mut self, policy: &mut Policy) -> Option<String> {
        match self.draw.below(24) {
            0..=5 => self.activity(policy),
            6 | 7 => self.consent(policy),
            8 => self.choice(policy),
            9 | 10 => self.provision(policy),
            11..=13 => self.recipient(policy),
            14 => self.joint_use(policy),
            15 => self.prohibition(policy),
            16 => self.exception(policy),
            17 => self.retention(policy),
            18 => Some(self.transition(policy)),
            19 => self.frame(policy),
            20 => self.data(policy),
            21 | 22 => self.law(policy),
            _ => self.removal(policy),
        }
    }

    fn category(&mut self, policy: &Policy) -> Option<CategoryName> {
        self.draw.pick(policy.categories.keys()).cloned()
    }

    fn period(&mut self) -> Period {
        if self.draw.one_in(3) {
            Period::days(u16::try_from(1 + self.draw.below(90)).expect("small"))
        } else {
            Period::months(u16::try_from(1 + self.draw.below(60)).expect("small"))
        }
    }

    fn activity(&mut self, policy: &mut Policy) -> Option<String> {
        let category = self.category(policy)?;
        let period = self.period();
        let purpose = self.draw.pick(policy.purposes.keys()).cloned();
        let item = self.draw.pick(policy.consents.keys()).cloned();
        let during = self.draw.some(policy.relationships.keys().cloned());
        let entruster = self.draw.pick(policy.entrusters.keys()).cloned();
        let outcome = self.draw.pick(policy.prohibitions.values().map(|p| p.outcome.clone()));
        let name = self.draw.pick(policy.activities.keys()).cloned()?;
        let activity = policy.activities.get_mut(&name)?;
        let what = self.draw.below(14);
        match what {
            0 => activity.to_nobody ^= true,
            1 => activity.combines ^= true,
            2 => activity.may_continue ^= true,
            3 => activity.during = during,
            4 => activity.occasions.push(Occasion { category, within: period }),
            5 => activity.requires.extend(item),
            6 => activity.requires.clear(),
            7 => activity.entrusted_by = if activity.entrusted_by.is_none() { entruster } else { None },
            8 => activity.outcome = outcome,
            9 => self.statute(activity),
            10 => {
                let on = if self.draw.one_in(2) { Vec::new() } else { vec![category] };
                activity.minimise.push((*self.draw.of(&Minimisation::ALL), on));
            }
            11 => activity.needs.push(category),
            12 => _ = activity.needs.pop(),
            _ => activity.purposes.extend(purpose),
        }
        Some(format!("activity {name}, {what}: {activity:?}"))
    }

    fn statute(&mut self, activity: &mut Activity) {
        let class = *self.draw.of(&Class::ALL);
        let basis = (*self.draw.of(&BASES)).to_owned();
        activity.statutes.push(Statute { class, basis });
    }

    fn consent(&mut self, policy: &mut Policy) -> Option<String> {
        let period = self.period();
        let (name, item) = self.draw.pick(&mut policy.consents)?;
        match self.draw.below(5) {
            0 => item.individual ^= true,
            1 => {
                let under = u8::try_from(12 + self.draw.below(9)).expect("small");
                let judge_from = self.draw.one_in(2).then(|| under - 3);
                item.guardian = (!self.draw.one_in(4)).then_some(Guardian { under, judge_from });
            }
            2 => item.lasts = (!self.draw.one_in(4)).then_some(period),
            3 => item.accepts = self.draw.some(item.wordings.keys().cloned()).into_iter().collect(),
            _ => _ = item.accepts.insert(WordingName::from("9")),
        }
        Some(format!("consent {name}: {item:?}"))
    }

    fn choice(&mut self, policy: &mut Policy) -> Option<String> {
        let category = self.category(policy)?;
        let activity = self.draw.pick(policy.activities.keys()).cloned()?;
        let purpose = self.draw.pick(policy.purposes.keys()).cloned()?;
        let (name, choice) = self.draw.pick(&mut policy.choices)?;
        let action = self.draw.one_in(2).then(|| *self.draw.of(&Action::ALL));
        match self.draw.below(5) {
            0 => choice.refusability = *self.draw.of(&Refusability::ALL),
            1 => choice.residue.push(Residue { categories: vec![category], activity }),
            2 => choice.covers.push(Cover::Activity(activity, action)),
            3 => choice.covers.push(Cover::Purpose(purpose, action)),
            _ => choice.covers.push(Cover::Recipients(*self.draw.of(&RecipientKind::ALL))),
        }
        Some(format!("choice {name}: {choice:?}"))
    }

    fn provision(&mut self, policy: &mut Policy) -> Option<String> {
        let category = self.category(policy)?;
        let item = self.draw.pick(policy.consents.keys()).cloned();
        let choice = self.draw.pick(policy.choices.keys()).cloned();
        let recipient = self.draw.pick(policy.recipients.keys()).cloned()?;
        let activity = self.draw.pick(policy.activities.keys()).cloned()?;
        let law = (*self.draw.of(&BASES)).to_owned();
        let (name, provision) = self.draw.pick(&mut policy.provisions)?;
        match self.draw.below(10) {
            0 => provision.basis = Basis::Law(law),
            1 => provision.basis = Basis::OptOut(choice?),
            2 => {
                let accepts = self.draw.one_in(2).then(|| BTreeSet::from([WordingName::from("1")]));
                provision.basis = Basis::Consent(item?, accepts);
            }
            3 => provision.to.push(recipient),
            4 => provision.gives.push(category),
            5 => provision.activity = activity,
            _ => {
                let mut other = provision.clone();
                let name = ProvisionName::new(format!("{name}_too"));
                other.basis = Basis::Consent(item?, None);
                policy.provisions.insert(name.clone(), other);
                return Some(format!("provision {name} besides"));
            }
        }
        Some(format!("provision {name}: {provision:?}"))
    }

    fn recipient(&mut self, policy: &mut Policy) -> Option<String> {
        let period = self.period();
        let item = self.draw.pick(policy.consents.keys()).cloned();
        let edge = period.before(self.now, &policy.timezone);
        let last = match self.draw.below(4) {
            0 => self.now + SignedDuration::from_hours(100),
            1 => self.draw.about(edge),
            2 => self.now - SignedDuration::from_hours(1),
            _ => self.draw.before(self.now),
        };
        let recurring = Recurring { last, every: period };
        // Half of the edits go to those who work for the controller, of whom there are few.
        let of_all = self.draw.one_in(2);
        let some = policy.recipients.iter_mut().filter(|(_, recipient)| of_all || !recipient.may.is_empty());
        let (name, recipient) = self.draw.pick(some)?;
        match self.draw.below(9) {
            0 => recipient.kind = *self.draw.of(&RecipientKind::ALL),
            1 | 2 => recipient.country = (*self.draw.of(&COUNTRIES)).to_owned(),
            3 => recipient.transfer = item.map(Transfer::Consent),
            4 => recipient.transfer = Some(Transfer::EquivalentCountry),
            5 => recipient.transfer = Some(Transfer::ConformingSystem(recurring)),
            6 => recipient.assessed = (!self.draw.one_in(2)).then_some(recurring),
            7 => recipient.supervised = (!self.draw.one_in(4)).then_some(recurring),
            _ => {
                let until = self.now + SignedDuration::from_hours(5);
                recipient.agreement =
                    (!self.draw.one_in(3)).then(|| (last, self.draw.one_in(2).then_some(until)));
            }
        }
        Some(format!("recipient {name}: {recipient:?}"))
    }

    fn joint_use(&mut self, policy: &mut Policy) -> Option<String> {
        let category = self.category(policy)?;
        let purposes = self.draw.some(policy.purposes.keys().cloned());
        let recipient = self.draw.pick(policy.recipients.keys()).cloned()?;
        let (name, joint_use) = self.draw.pick(&mut policy.joint_uses)?;
        match self.draw.below(4) {
            0 => joint_use.published = self.draw.one_in(2).then(|| self.now + SignedDuration::from_hours(7)),
            1 => joint_use.items.push(category),
            2 => joint_use.purposes = purposes,
            _ => joint_use.users.push(recipient),
        }
        Some(format!("joint use {name}: {joint_use:?}"))
    }

    fn prohibition(&mut self, policy: &mut Policy) -> Option<String> {
        let category = self.category(policy)?;
        let (name, prohibition) = self.draw.pick(&mut policy.prohibitions)?;
        match self.draw.below(3) {
            0 => prohibition.on.push(category),
            1 => _ = prohibition.classes.insert(*self.draw.of(&Class::ALL)),
            _ => {
                prohibition.on.clear();
                prohibition.classes.clear();
            }
        }
        Some(format!("prohibition {name}: {prohibition:?}"))
    }

    fn exception(&mut self, policy: &mut Policy) -> Option<String> {
        let held_back = self.category(policy)?;
        let (name, exception) = self.draw.pick(&mut policy.exceptions)?;
        match self.draw.below(6) {
            4 => exception.to.clear(),
            5 => exception.to.push(Reach {
                kinds: self.draw.some(RecipientKind::ALL).into_iter().collect(),
                except: if self.draw.one_in(2) { vec![held_back] } else { Vec::new() },
            }),
            0 => exception.warrant ^= true,
            1 => exception.actions = self.draw.some(Action::ALL).into_iter().collect(),
            2 => exception.requires = self.draw.some(Requirement::ALL).into_iter().collect(),
            _ => exception.basis = (*self.draw.of(&BASES)).to_owned(),
        }
        Some(format!("exception {name}: {exception:?}"))
    }

    fn retention(&mut self, policy: &mut Policy) -> Option<String> {
        let category = self.category(policy)?;
        let relationships = self.draw.some(policy.relationships.keys().cloned());
        let after =
            if self.draw.one_in(2) { RetentionStart::Acquired } else { RetentionStart::Ended(relationships) };
        let retention = Retention { category, period: self.period(), after };
        let what = format!("retention {retention:?}");
        policy.retentions.push(retention);
        Some(what)
    }

    fn transition(&mut self, policy: &mut Policy) -> String {
        let before = self.draw.before(self.now);
        let since = if self.draw.one_in(2) { before } else { self.draw.before(self.now) };
        let relationship = self.draw.pick(policy.relationships.keys()).cloned();
        let governing = *self.draw.of(&["2010-01-01", "2015-10-01", "2019-12-11", "2001-01-01"]);
        let transition = Transition {
            governing: VersionName::from(governing),
            acquired_before: before,
            unless: relationship.filter(|_| !self.draw.one_in(3)).map(|r| (r, since)),
        };
        let what = format!("{transition:?}");
        if self.draw.one_in(4) {
            policy.transitions.clear();
        }
        policy.transitions.push(transition);
        what
    }

    fn frame(&mut self, policy: &mut Policy) -> Option<String> {
        match self.draw.below(6) {
            0 => policy.text_absent ^= true,
            1 => policy.timezone = TimeZone::get(self.draw.pick(ZONES)?).ok()?,
            2 => policy.effective = self.now + SignedDuration::from_hours(9),
            // No check lets a policy without a law pass.
            3 if self.draw.one_in(3) => policy.packs.clear(),
            3 => policy.packs = self.draw.some(self.packs.iter().cloned()),
            4 => {
                let countries = self.draw.some(COUNTRIES.map(str::to_owned));
                policy.equivalent_countries = countries.into_iter().collect();
            }
            _ => policy.controller.country = (*self.draw.of(&COUNTRIES)).to_owned(),
        }
        let laws: Vec<&str> = policy.packs.iter().map(|p| p.law.as_str()).collect();
        Some(format!("frame {} {:?} {} {laws:?}", policy.text_absent, policy.timezone, policy.effective))
    }

    fn data(&mut self, policy: &mut Policy) -> Option<String> {
        let other = self.category(policy)?;
        let source = self.draw.pick(policy.sources.keys()).cloned();
        let name = self.category(policy)?;
        match self.draw.below(4) {
            0 => _ = policy.categories.get_mut(&name)?.classes.insert(*self.draw.of(&Class::ALL)),
            1 => _ = policy.categories.get_mut(&name)?.derived_from.insert(other.clone()),
            2 => policy.sources.get_mut(&source?)?.confirmed_by = None,
            _ => policy.sources.get_mut(&source?)?.channel = Channel::Indirect,
        }
        Some(format!("data {name} {other}"))
    }

    fn removal(&mut self, policy: &mut Policy) -> Option<String> {
        Some(match self.draw.below(5) {
            0 => {
                let name = self.draw.pick(policy.consents.keys()).cloned()?;
                policy.consents.remove(&name);
                format!("without consent {name}")
            }
            1 => {
                let name = self.draw.pick(policy.sources.keys()).cloned()?;
                policy.sources.remove(&name);
                format!("without source {name}")
            }
            2 => {
                let name = self.draw.pick(policy.entrusters.keys()).cloned()?;
                policy.entrusters.remove(&name);
                format!("without entruster {name}")
            }
            3 => {
                let name = self.draw.pick(policy.choices.keys()).cloned()?;
                policy.choices.remove(&name);
                format!("without choice {name}")
            }
            _ => {
                let name = self.draw.pick(policy.recipients.keys()).cloned()?;
                policy.recipients.remove(&name);
                format!("without recipient {name}")
            }
        })
    }
}
