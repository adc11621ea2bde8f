//! What a change lets happen and what it stops: the definition is asked about every act that a change touches, under either
//! version, for principals of every typical will.

use std::collections::{BTreeMap, BTreeSet};

use nattoku_model::name::{ActivityName, CategoryName, ChoiceName, PurposeName, RecipientName};
use nattoku_model::policy::{Act, acts, entrustments};
use nattoku_model::{Action, Language, Policy, Text};

use super::titles::{self, words};
use super::{Change, Touch};

mod world;

use world::{Will, World};

/// How an act's answer shifts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shift {
    /// It becomes permitted.
    Permitted,
    /// It is no longer permitted.
    Stopped,
    /// It stays permitted, under other conditions.
    Conditions,
}

/// For whom it shifts, as told by typical principals: who agreed to nothing, who agreed to everything, who agreed to everything and
/// then declined whatever can be declined, and who agreed to everything in an earlier wording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Whom {
    /// For everybody.
    Everybody,
    /// For everybody who declined nothing.
    UnlessDeclined,
    /// For those who agreed.
    Agreed,
    /// For those who agreed and declined nothing.
    AgreedUnlessDeclined,
    /// For those who declined.
    Declined,
    /// For those who did not agree.
    NotAgreed,
    /// For those alone who agreed to a wording before the one that the older version shows.
    AgreedEarlier,
}

/// An act that comes out otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// What is done.
    pub action: Action,
    /// As part of which activity.
    pub activity: ActivityName,
    /// For which purpose.
    pub purpose: PurposeName,
    /// To whom.
    pub recipient: Option<RecipientName>,
    /// With which categories.
    pub categories: Vec<CategoryName>,
    /// How the answer shifts.
    pub shift: Shift,
    /// For whom.
    pub whom: Whom,
}

impl Shift {
    /// The word used in every output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Permitted => "permitted",
            Self::Stopped => "stopped",
            Self::Conditions => "conditions",
        }
    }

    /// The shift as a person reads it.
    #[must_use]
    pub const fn words(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Permitted, Language::Ja) => "できるようになること",
            (Self::Permitted, Language::En) => "permits",
            (Self::Stopped, Language::Ja) => "できなくなること",
            (Self::Stopped, Language::En) => "stops",
            (Self::Conditions, Language::Ja) => "条件が変わること",
            (Self::Conditions, Language::En) => "on other conditions",
        }
    }
}

impl Whom {
    /// The word used in every output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Everybody => "everybody",
            Self::UnlessDeclined => "unless_declined",
            Self::Agreed => "agreed",
            Self::AgreedUnlessDeclined => "agreed_unless_declined",
            Self::Declined => "declined",
            Self::NotAgreed => "not_agreed",
            Self::AgreedEarlier => "agreed_earlier",
        }
    }

    /// For whom, as a person reads it.
    #[must_use]
    pub const fn words(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Everybody, Language::Ja) => "すべての方について",
            (Self::Everybody, Language::En) => "for everybody",
            (Self::UnlessDeclined, Language::Ja) => "止めていない方について",
            (Self::UnlessDeclined, Language::En) => "for who has not declined it",
            (Self::Agreed, Language::Ja) => "同意している方について",
            (Self::Agreed, Language::En) => "for who has agreed",
            (Self::AgreedUnlessDeclined, Language::Ja) => "同意していて、止めていない方について",
            (Self::AgreedUnlessDeclined, Language::En) => "for who has agreed and not declined it",
            (Self::Declined, Language::Ja) => "止めている方について",
            (Self::Declined, Language::En) => "for who has declined it",
            (Self::NotAgreed, Language::Ja) => "同意していない方について",
            (Self::NotAgreed, Language::En) => "for who has not agreed",
            (Self::AgreedEarlier, Language::Ja) => "以前の文面に同意している方について",
            (Self::AgreedEarlier, Language::En) => "for who has agreed to an earlier wording",
        }
    }

    const fn of(silent: bool, agreed: bool, declined: bool) -> Option<Self> {
        match (silent, agreed, declined) {
            (false, false, false) => None,
            (true, true, true) => Some(Self::Everybody),
            (true, true, false) => Some(Self::UnlessDeclined),
            (false, true, true) => Some(Self::Agreed),
            (false, true, false) => Some(Self::AgreedUnlessDeclined),
            (false, false, true) => Some(Self::Declined),
            (true, false, _) => Some(Self::NotAgreed),
        }
    }
}

impl Effect {
    /// The act in words: `provide Purchase history to Member stores (Offers of partners' goods)`.
    #[must_use]
    pub fn act_words(&self, old: &Policy, new: &Policy) -> Text {
        let both = [new, old];
        let (ja, en) = (Language::Ja, Language::En);
        let categories = titles::categories(both, &self.categories);
        let activity = titles::activity(both, &self.activity);
        let to = self.recipient.as_ref().map(|r| titles::recipient(both, r));
        let to_ja = to.as_ref().map(|t| format!("{}に、", t.get(ja))).unwrap_or_default();
        let to_en = to.as_ref().map(|t| format!(" to {}", t.get(en))).unwrap_or_default();
        words(
            format!("{to_ja}{}を{}（{}）", categories.get(ja), action_ja(self.action), activity.get(ja)),
            format!("{} {}{to_en} ({})", self.action, categories.get(en), activity.get(en)),
        )
    }
}

const fn action_ja(action: Action) -> &'static str {
    match action {
        Action::Collect => "取得すること",
        Action::Use => "利用すること",
        Action::Provide => "提供すること",
        Action::Entrust => "委託すること",
        Action::Share => "共同利用すること",
        Action::Combine => "突合すること",
        Action::Pseudonymize => "仮名加工すること",
        Action::Anonymize => "匿名加工すること",
        Action::Disclose => "開示すること",
    }
}

/// What an act is told by, whatever the policy.
type Key = (ActivityName, PurposeName, Action, Option<RecipientName>);

/// An act as either version knows it.
#[derive(Default)]
struct Pair {
    old: Option<Act>,
    new: Option<Act>,
}

/// An act on one category that comes out otherwise.
struct Shifted<'p> {
    key: &'p Key,
    pair: &'p Pair,
    category: CategoryName,
    shift: Shift,
    whom: Whom,
}

/// Gives every change the acts that come out otherwise and that it bears on. An act on which several changes bear stands
/// with each of them.
pub(super) fn attribute(old: &Policy, new: &Policy, changes: &mut [Change]) {
    let touches: Vec<Touch> = changes.iter().flat_map(|c| c.touches.iter().cloned()).collect();
    let pairs = if touches.is_empty() { BTreeMap::new() } else { pairs(old, new) };
    let fits = |touches: &[Touch], pair: &Pair, category: &CategoryName| {
        let act = [(old, pair.old.as_ref()), (new, pair.new.as_ref())];
        touches.iter().any(|touch| touch.fits(act, category))
    };
    let shifted = shifted(old, new, &pairs, &|pair, category| fits(&touches, pair, category));
    for change in changes {
        let mine = shifted.iter().filter(|s| fits(&change.touches, s.pair, &s.category));
        change.effects = grouped(mine, [old, new]);
        if change.subject.kind == "choice" {
            let choice = ChoiceName::from(change.subject.name.as_str());
            let declined = declined(old, new, &pairs, &choice, &|pair, c| fits(&change.touches, pair, c));
            change.effects.extend(grouped(declined.iter(), [old, new]));
        }
    }
}

/// What shifts for those who declined one choice and no other: where they declined all of them, another one may cover an
/// act that this one covers no more.
fn declined<'p>(
    old: &Policy,
    new: &Policy,
    pairs: &'p BTreeMap<Key, Pair>,
    choice: &ChoiceName,
    concerns: &dyn Fn(&Pair, &CategoryName) -> bool,
) -> Vec<Shifted<'p>> {
    if !old.choices.contains_key(choice) {
        return Vec::new();
    }
    let worlds = [World::new(old, old, new), World::new(new, old, new)];
    let mut shifted = Vec::new();
    for (key, pair) in pairs {
        for category in parts(old, new, pair).into_iter().filter(|c| concerns(pair, c)) {
            let [before, after] = [(&worlds[0], &pair.old), (&worlds[1], &pair.new)].map(|(world, act)| {
                act.as_ref().is_some_and(|act| world.permits_declining(act, &category, choice))
            });
            let shift = if after { Shift::Permitted } else { Shift::Stopped };
            if before != after {
                shifted.push(Shifted { key, pair, category, shift, whom: Whom::Declined });
            }
        }
    }
    shifted
}

/// The smallest parts of what an act is about: what is asked as a whole passes as far as each of its parts does.
fn parts(old: &Policy, new: &Policy, pair: &Pair) -> Vec<CategoryName> {
    let known: BTreeSet<&CategoryName> = [old, new].into_iter().flat_map(|p| p.categories.keys()).collect();
    let above: BTreeSet<CategoryName> = known.iter().filter_map(|c| c.parent()).collect();
    let asked: BTreeSet<&CategoryName> =
        [&pair.old, &pair.new].into_iter().flatten().flat_map(|act| &act.categories).collect();
    let is_part = |c: &&CategoryName| !above.contains(*c) && asked.iter().any(|a| a.covers(c));
    known.into_iter().filter(is_part).cloned().collect()
}

/// The acts that come out otherwise although no change tells of them. There is none unless the comparison has overlooked
/// something; the tests ask.
#[must_use]
pub fn unexplained(old: &Policy, new: &Policy, changes: &[Change]) -> Vec<Effect> {
    let touches: Vec<&Touch> = changes.iter().flat_map(|c| &c.touches).collect();
    let pairs = pairs(old, new);
    let is_told = |pair: &Pair, category: &CategoryName| {
        let act = [(old, pair.old.as_ref()), (new, pair.new.as_ref())];
        touches.iter().any(|touch| touch.fits(act, category))
    };
    grouped(shifted(old, new, &pairs, &|pair, category| !is_told(pair, category)).iter(), [old, new])
}

/// Every act that either version knows.
fn pairs(old: &Policy, new: &Policy) -> BTreeMap<Key, Pair> {
    let mut pairs: BTreeMap<Key, Pair> = BTreeMap::new();
    let key = |act: &Act| (act.activity.clone(), act.purpose.clone(), act.action, act.recipient.clone());
    // One processor may be entrusted with parts of one activity in several lines.
    let add = |side: &mut Option<Act>, act: Act| match side {
        Some(known) => known.categories.extend(act.categories),
        None => *side = Some(act),
    };
    for act in acts(old).into_iter().chain(entrustments(old)) {
        add(&mut pairs.entry(key(&act)).or_default().old, act);
    }
    for act in acts(new).into_iter().chain(entrustments(new)) {
        add(&mut pairs.entry(key(&act)).or_default().new, act);
    }
    pairs
}

fn shifted<'p>(
    old: &Policy,
    new: &Policy,
    pairs: &'p BTreeMap<Key, Pair>,
    concerns: &dyn Fn(&Pair, &CategoryName) -> bool,
) -> Vec<Shifted<'p>> {
    let worlds = [World::new(old, old, new), World::new(new, old, new)];
    let mut shifted = Vec::new();
    for (key, pair) in pairs {
        for category in parts(old, new, pair).into_iter().filter(|c| concerns(pair, c)) {
            let shifts = compare(&worlds, [&pair.old, &pair.new], &category);
            let of = |(shift, whom)| Shifted { key, pair, category: category.clone(), shift, whom };
            shifted.extend(shifts.into_iter().map(of));
        }
    }
    shifted
}

/// How an act on a category shifts, and for whom.
fn compare(worlds: &[World; 2], acts: [&Option<Act>; 2], category: &CategoryName) -> Vec<(Shift, Whom)> {
    let [old, new] = worlds;
    let shift_of = |before: Option<_>, after: Option<_>| match (before, after) {
        (None, Some(_)) => Some(Shift::Permitted),
        (Some(_), None) => Some(Shift::Stopped),
        (before, after) => (before != after).then_some(Shift::Conditions),
    };
    let ask = |permits: &dyn Fn(&World, &Act) -> Option<BTreeSet<String>>| {
        let [before, after] = [(old, acts[0]), (new, acts[1])]
            .map(|(world, act)| act.as_ref().and_then(|act| permits(world, act)));
        shift_of(before, after)
    };
    let answers = Will::ALL.map(|will| ask(&|world, act| world.permits(act, category, will)));
    let earlier: Vec<Option<Shift>> = (0..old.n_earlier())
        .map(|number| ask(&|world, act| world.permits_earlier(act, category, number)))
        .collect();
    [Shift::Permitted, Shift::Stopped, Shift::Conditions]
        .into_iter()
        .filter_map(|shift| {
            let [silent, agreed, declined] = answers.map(|answer| answer == Some(shift));
            let agreed_earlier = || earlier.contains(&Some(shift)).then_some(Whom::AgreedEarlier);
            Some((shift, Whom::of(silent, agreed, declined).or_else(agreed_earlier)?))
        })
        .collect()
}

fn grouped<'s, 'p: 's>(
    shifted: impl Iterator<Item = &'s Shifted<'p>>,
    policies: [&Policy; 2],
) -> Vec<Effect> {
    let mut by_act: BTreeMap<(Shift, &Key, Whom), Vec<CategoryName>> = BTreeMap::new();
    for s in shifted {
        by_act.entry((s.shift, s.key, s.whom)).or_default().push(s.category.clone());
    }
    by_act
        .into_iter()
        .map(|((shift, (activity, purpose, action, recipient), whom), categories)| Effect {
            action: *action,
            activity: activity.clone(),
            purpose: purpose.clone(),
            recipient: recipient.clone(),
            categories: whole(categories, policies),
            shift,
            whom,
        })
        .collect()
}

/// Parts that together are all of something, as that.
fn whole(parts: Vec<CategoryName>, policies: [&Policy; 2]) -> Vec<CategoryName> {
    let mut whole: BTreeSet<CategoryName> = parts.into_iter().collect();
    let declared: BTreeSet<&CategoryName> = policies.into_iter().flat_map(|p| p.categories.keys()).collect();
    // The deepest first, so that what they come to may be a part of something itself.
    for above in declared.iter().rev() {
        let mut below = declared.iter().filter(|c| c.parent().as_ref() == Some(*above)).peekable();
        if below.peek().is_some() && below.all(|c| whole.contains(*c)) {
            whole.retain(|c| !above.covers(c));
            whole.insert((*above).clone());
        }
    }
    whole.into_iter().collect()
}
