//! A request, judged as far as it can be without knowing whom it is about.

mod act;
mod claim;
mod consent;
mod context;
mod eras;
mod holding;
mod met;
mod obligations;
mod permits;
pub(crate) mod places;
mod provision;
mod recipient;
mod secrecy;
mod transfer;

use std::cell::Cell;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use nattoku_model::decision::Era;
use nattoku_model::history::History;
use nattoku_model::name::{CategoryName, VersionName};
use nattoku_model::policy::Versions;
use nattoku_model::{Action, Policy, Request};

use crate::answer::CaseAnswer;
use crate::bounds::Bounds;
use crate::intern::Interner;
use crate::lexicon::Kind;
use crate::pattern::Holdings;
use crate::population::Population;
use crate::said::Said;
use crate::vocabulary::Vocabulary;
use act::{AgreementRule, ChoiceRule, PurposeRule};
use claim::{Claim, Lift};
use consent::Needed;
use context::Context;
use met::Met;
use transfer::TransferRule;

pub(crate) use eras::{EraOf, Eras};
pub(crate) use holding::HoldingRules;
pub(crate) use met::Lists;

/// Longest time for which one plan serves: within it no calendar is needed to tell what is long past from what is not.
const SERVES: SignedDuration = SignedDuration::from_hours(24);

/// A request compiled against the versions of a policy and what concerns everybody.
///
/// It may be asked about any principal, for any instant from the request's on until [`Plan::until`].
#[derive(Debug, Clone)]
pub struct Plan<'v> {
    request: Request,
    in_force: Option<VersionName>,
    /// The texts that may apply, the one in force first.
    texts: Vec<&'v Policy>,
    pub(crate) eras: Eras,
    pub(crate) asked: Vec<Asked>,
    /// What may be held of the categories asked and of what they are worked out from. Filled as patterns are met.
    parts: Interner<Kind>,
    /// By pattern of holdings: what is judged of each category asked. Filled as patterns are met.
    pub(crate) met: Met,
    vocabulary: Arc<Vocabulary>,
    /// The population whose patterns it has met.
    of: Arc<()>,
    /// How many events concerned everybody.
    n_general: usize,
    until: Timestamp,
}

/// One category asked.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) category: CategoryName,
    /// What it is worked out from.
    pub(crate) origins: Vec<CategoryName>,
    lift: Lift,
    /// By text.
    pub(crate) cases: Vec<CaseRules>,
}

/// What is said of a category under one text.
#[derive(Debug, Clone)]
pub(crate) struct CaseRules {
    pub(crate) lift: Lift,
    pub(crate) purpose: PurposeRule,
    pub(crate) agreement: AgreementRule,
    pub(crate) needed: Needed,
    pub(crate) recipient: Said,
    pub(crate) transfer: TransferRule,
    pub(crate) choice: ChoiceRule,
    pub(crate) minimisation: Said,
    /// Of data of which nothing is recorded.
    pub(crate) assumed: HoldingRules,
    /// By part. Filled as parts are met.
    pub(crate) parts: Vec<Option<HoldingRules>>,
}

/// A part that is held, with its place among the holdings: the group with the second of its acquisition, and the
/// number of its instant among those of that second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct HeldPart {
    pub(crate) part: u32,
    pub(crate) nth: u16,
    pub(crate) group: u16,
}

/// One holding to judge; the assumed one where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    Held(HeldPart),
    Assumed,
}

impl<'v> Plan<'v> {
    /// Compiles a request for a population; the request's names are declared in `versions.current()`, but for the activity.
    #[must_use]
    pub fn new(versions: &'v Versions, population: &Population, request: &Request) -> Self {
        let vocabulary = Arc::clone(population.vocabulary());
        let mut bounds = Bounds::new(request.at);
        versions.oldest_first().iter().for_each(|version| _ = bounds.has_come(version.effective));
        let in_force = versions.in_force(request.at);
        let policy = in_force.filter(|p| !p.text_absent).unwrap_or_else(|| versions.current());
        let mut texts = vec![policy];
        let eras = Eras::new(versions, in_force, &vocabulary, &mut texts);
        let mut plan = Self {
            request: request.clone(),
            in_force: in_force.map(|p| p.version.clone()),
            texts,
            eras,
            asked: Vec::new(),
            parts: Interner::default(),
            met: Met::new(0),
            of: population.identity.mark(),
            n_general: population.general().len(),
            until: request.at.checked_add(SERVES).unwrap_or(Timestamp::MAX),
            vocabulary,
        };
        let bounds = Cell::new(bounds);
        let asked: Vec<Asked> = request
            .categories
            .iter()
            .map(|category| {
                plan.with_context(population, policy, category, &bounds, |context| {
                    asked(context, &plan.texts)
                })
            })
            .collect();
        plan.met = Met::new(asked.iter().map(|asked| 1 + asked.origins.len()).sum());
        plan.asked = asked;
        plan.until = plan.until.min(bounds.get().until);
        plan
    }

    /// Until when its answers hold, as far as no event comes to concern everybody.
    #[must_use]
    pub fn until(&self) -> Timestamp {
        self.until
    }

    /// The version in force.
    #[must_use]
    pub fn policy_version(&self) -> Option<&VersionName> {
        self.in_force.as_ref()
    }

    /// The request it was made of.
    #[must_use]
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// The era of an answer, in words of the policy.
    #[must_use]
    pub fn era(&self, answer: &CaseAnswer) -> Option<Era> {
        let era = self.eras.get(answer.era.number)?;
        Some(Era {
            governing: era.governing.clone(),
            acquired_from: answer.era.after.and_then(|after| self.eras.end(after)),
            acquired_before: era.before,
        })
    }

    /// The category of an answer.
    #[must_use]
    pub fn category(&self, answer: &CaseAnswer) -> Option<&CategoryName> {
        self.asked.get(answer.asked).map(|asked| &asked.category)
    }

    /// Whether it answers for an instant with what the population knows.
    pub(crate) fn serves(&self, population: &Population, at: Timestamp) -> bool {
        at >= self.request.at
            && at < self.until
            && population.answers(at, self.request.known_at)
            && self.n_general == population.general().len()
            && population.identity.is(&self.of)
    }

    /// What is judged of a pattern of holdings, if the plan has met it.
    /// What is held of the first category asked and of each from which that is worked out, then of the next.
    pub(crate) fn judged(&self, pattern: u32) -> Option<Lists<'_>> {
        self.met.lists(pattern)
    }

    /// Meets a pattern of holdings: says what is judged of it, and compiles the rules of parts not met before.
    pub(crate) fn meet(&mut self, population: &Population, pattern: u32) {
        let Some(held) = population.patterns.held.get(pattern) else { return };
        let mut judged = Vec::new();
        for number in 0..self.asked.len() {
            // Where numbers run out nothing is judged, and what is not judged is denied.
            let Some(of) = self.judged_of(number, population, held) else { return };
            for held in of.iter().flatten() {
                self.meet_part(population, number, held.part);
            }
            judged.extend(of);
        }
        let _ = self.met.add(pattern, judged);
    }

    /// What is held of a category, and then of each from which it was worked out (R16).
    fn judged_of(
        &mut self,
        number: usize,
        population: &Population,
        held: &Holdings,
    ) -> Option<Vec<Vec<HeldPart>>> {
        let asked = self.asked.get(number)?;
        let (kinds, parts) = (&population.lexicon.kinds, &mut self.parts);
        let mut of = |category: &CategoryName| -> Option<Vec<HeldPart>> {
            let parts = held.held.iter().filter_map(|h| {
                let part = kinds.get(h.kind)?.part_of(category)?;
                Some(parts.intern(part).map(|part| HeldPart { part, nth: h.nth, group: h.group }))
            });
            parts.collect()
        };
        let own = if self.request.action == Action::Collect { Vec::new() } else { of(&asked.category)? };
        let mut judged = vec![own];
        for origin in &asked.origins {
            judged.push(of(origin)?);
        }
        Some(judged)
    }

    fn meet_part(&mut self, population: &Population, number: usize, part: u32) {
        let (Ok(place), Some(known)) = (usize::try_from(part), self.parts.get(part)) else { return };
        let Some(asked) = self.asked.get(number) else { return };
        let is_met = |case: &CaseRules| case.parts.get(place).is_some_and(Option::is_some);
        if asked.cases.iter().all(is_met) {
            return;
        }
        let category = asked.category.clone();
        let bounds = Cell::new(Bounds::new(self.request.at));
        let rules: Vec<HoldingRules> = self
            .texts
            .iter()
            .map(|text| {
                self.with_context(population, text, &category, &bounds, |context| {
                    HoldingRules::new(context, Some(known), asked.lift)
                })
            })
            .collect();
        let cases = self.asked.get_mut(number).into_iter().flat_map(|asked| &mut asked.cases);
        for (case, rules) in cases.zip(rules) {
            if case.parts.len() <= place {
                case.parts.resize(place + 1, None);
            }
            if let Some(slot) = case.parts.get_mut(place) {
                *slot = Some(rules);
            }
        }
    }

    fn with_context<T>(
        &self,
        population: &Population,
        text: &Policy,
        category: &CategoryName,
        bounds: &Cell<Bounds>,
        make: impl FnOnce(&Context<'_>) -> T,
    ) -> T {
        let policy: &Policy = self.texts.first().copied().unwrap_or(text);
        let mut of_claim = bounds.get();
        let claim = Claim::new(policy, &self.request, &mut of_claim);
        bounds.set(of_claim);
        let general = History::new(population.general(), self.request.at, None);
        make(&Context {
            policy,
            text,
            request: &self.request,
            category,
            claim: claim.as_ref(),
            vocabulary: &self.vocabulary,
            general: &general,
            bounds,
            last: self.request.at.checked_add(SERVES).unwrap_or(Timestamp::MAX),
        })
    }
}

impl CaseRules {
    /// The rules for a holding.
    pub(crate) fn rules(&self, entry: Entry) -> Option<&HoldingRules> {
        match entry {
            Entry::Assumed => Some(&self.assumed),
            Entry::Held(held) => self.parts.get(usize::try_from(held.part).ok()?)?.as_ref(),
        }
    }
}

/// Compiles what is said of a category, under every text.
fn asked(context: &Context<'_>, texts: &[&Policy]) -> Asked {
    let lift = Lift::new(context.claim, context.category);
    let cases = texts.iter().map(|text| {
        let context = &Context { text, ..*context };
        CaseRules {
            lift,
            purpose: PurposeRule::new(context, lift),
            agreement: AgreementRule::new(context),
            needed: Needed::new(context),
            recipient: recipient::recipient(context),
            transfer: TransferRule::new(context, lift),
            choice: ChoiceRule::new(context),
            minimisation: act::minimisation(context),
            assumed: HoldingRules::new(context, None, lift),
            parts: Vec::new(),
        }
    });
    Asked {
        category: context.category.clone(),
        origins: context.policy.origins_of(context.category).into_iter().collect(),
        lift,
        cases: cases.collect(),
    }
}
