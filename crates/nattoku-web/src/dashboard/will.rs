//! One consent item or choice of one person, as shown in a row, on its own page and before an act.

use std::collections::BTreeSet;

use nattoku_model::name::{
    ActivityName, CategoryName, ChoiceName, ConsentName, PurposeName, RecipientName, WordingName,
};
use nattoku_model::policy::{Choice, ConsentItem, Policy, Refusability};
use nattoku_model::{Event, Reason, Revision};

use super::changes::{Piece, changes};
use super::line::said_by;
use super::present::Present;
use super::uses::{self, UseView};
use crate::notice::address::purposes;
use crate::notice::category_title;
use crate::refusal::Refusal;
use crate::signal;
use crate::visit::Visit;
use nattoku_operations::{ChoiceState, ConsentState, ConsentStatus, Foreseen, Outcome, Use, WillAct};

/// Which of the two it is; also the part of the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Item {
    /// Something the person agrees to.
    Consent(ConsentName),
    /// Something the person can stop.
    Choice(ChoiceName),
}

impl Item {
    /// What the address of the visit names.
    pub(crate) fn of(visit: &Visit) -> Result<Self, Refusal> {
        let name = visit.parameter("name");
        match visit.parameter("kind") {
            "consent" => Ok(Self::Consent(name.into())),
            "choice" => Ok(Self::Choice(name.into())),
            _ => Err(Refusal::NotFound),
        }
    }

    /// What an event is about, if it is about one of them.
    pub(crate) fn of_event(event: &Event) -> Option<Self> {
        match event {
            Event::ConsentGranted { item, .. } | Event::ConsentWithdrawn { item, .. } => {
                Some(Self::Consent(item.clone()))
            }
            Event::ChoiceDeclined { choice, .. } | Event::ChoiceRestored { choice, .. } => {
                Some(Self::Choice(choice.clone()))
            }
            _ => None,
        }
    }

    /// Its page, from the language on: `my/choices/consent/partner_sharing`.
    pub(crate) fn path(&self) -> String {
        match self {
            Self::Consent(name) => format!("my/choices/consent/{name}"),
            Self::Choice(name) => format!("my/choices/choice/{name}"),
        }
    }
}

/// A state in words and in shape.
pub(crate) struct StateView {
    pub(crate) kind: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) word: String,
}

/// A consent item or choice of one person.
pub(crate) struct Will {
    pub(crate) item: Item,
    pub(crate) title: String,
    /// Whether it is among the principal matters (A7).
    pub(crate) is_principal_matter: bool,
    pub(crate) state: StateView,
    /// Whether it can be stopped now; of what was never answered, whether it can be declined.
    pub(crate) can_stop: bool,
    /// Whether it can be allowed or resumed now.
    pub(crate) can_resume: bool,
    /// Whether it can never be stopped.
    pub(crate) is_locked: bool,
    /// Whether it is a consent that nobody answered yet: allowing and declining are offered alike.
    pub(crate) is_unanswered: bool,
    /// Whether it was declined without ever having been allowed.
    pub(crate) is_refused: bool,
    /// When the state began and by which way it came, if anything was ever said.
    pub(crate) since: Option<(String, String)>,
    pub(crate) said: String,
    /// What must be known of it now: why it is not in use, what else it needs.
    pub(crate) remarks: Vec<String>,
    /// What a signal of the browser has to do with it, and whether that or the person's own answer applies.
    pub(crate) signal: Option<String>,
    /// What is used now, by the decision.
    pub(crate) now: Reach,
    /// What would be used after allowing or resuming, where that is open.
    pub(crate) ahead: Option<Reach>,
    /// To whom its uses give data, and for what, open or not.
    pub(crate) gives: BTreeSet<(RecipientName, ActivityName)>,
    /// The purposes that its uses serve.
    pub(crate) purposes: BTreeSet<PurposeName>,
    /// Those purposes in words, in the order of their numbers, where there are several.
    pub(crate) several: Option<Vec<String>>,
    /// Its uses, with what each comes to now.
    pub(crate) uses: Vec<UseView>,
    /// How many of them are in use.
    pub(crate) in_use: usize,
    /// What happens when it is stopped.
    pub(crate) consequence: String,
    /// What passes all the same.
    pub(crate) residue: Vec<String>,
    pub(crate) acts: Vec<ActView>,
    /// The wording that was agreed to, if it is known, and today's.
    pub(crate) agreed: Option<Wording>,
    pub(crate) today: Option<Wording>,
    /// The wording that was agreed to last, even if that was taken back since.
    pub(crate) answered: Option<Wording>,
    /// Who else must agree or check before an allowing counts, in words.
    pub(crate) before_it_counts: Option<String>,
    /// The same of an allowing that comes after a stop.
    pub(crate) needed_again: Option<String>,
    /// The newest act: a form carries it, so that an act on an older state does nothing.
    pub(crate) seen: Revision,
    /// The page of it.
    pub(crate) address: String,
}

/// Data, who receives them, and for what.
#[derive(Default)]
pub(crate) struct Reach {
    pub(crate) data: String,
    pub(crate) receives: String,
    pub(crate) uses: Vec<String>,
}

/// A version of a wording.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Wording {
    pub(crate) version: String,
    /// Its text; none where that version's text was not kept.
    pub(crate) text: Option<String>,
}

/// Something the person said about it.
pub(crate) struct ActView {
    pub(crate) revision: Revision,
    /// Whether it allows or resumes, or else stops or declines.
    pub(crate) allows: bool,
    /// Whether it declines what had never been allowed.
    pub(crate) refuses: bool,
    pub(crate) machine: String,
    pub(crate) when: String,
    pub(crate) text: String,
    pub(crate) said: String,
    pub(crate) receipt: String,
}

impl Will {
    /// The consent item or choice that the address of the visit names.
    pub(crate) fn of(visit: &Visit, principal: &str) -> Result<Self, Refusal> {
        let wanted = Item::of(visit)?;
        Self::find(visit, principal, &wanted)
    }

    /// One consent item or choice of a person.
    pub(crate) fn find(visit: &Visit, principal: &str, wanted: &Item) -> Result<Self, Refusal> {
        let present = Present::read(visit, principal)?;
        let all = match wanted {
            Item::Consent(name) => Self::consents(visit, &present, |item| item == name),
            Item::Choice(name) => Self::choices(visit, &present, |choice| choice == name),
        };
        all.into_iter().next().ok_or(Refusal::NotFound)
    }

    /// The consent items that `keep` names, as the person left them, by title.
    pub(crate) fn consents(
        visit: &Visit,
        present: &Present<'_>,
        keep: impl Fn(&ConsentName) -> bool,
    ) -> Vec<Self> {
        let policy = visit.nattoku().versions().current();
        let states = present.consents.iter().filter(|state| keep(&state.item));
        let wills = states.filter_map(|state| {
            Some(Self::of_consent(visit, present, state, policy.consents.get(&state.item)?))
        });
        sorted(wills.collect())
    }

    /// The choices that `keep` names, as the person left them, by title.
    pub(crate) fn choices(
        visit: &Visit,
        present: &Present<'_>,
        keep: impl Fn(&ChoiceName) -> bool,
    ) -> Vec<Self> {
        let policy = visit.nattoku().versions().current();
        let states = present.choices.iter().filter(|state| keep(&state.choice));
        let wills = states.filter_map(|state| {
            Some(Self::of_choice(visit, present, state, policy.choices.get(&state.choice)?))
        });
        sorted(wills.collect())
    }

    fn of_consent(visit: &Visit, present: &Present<'_>, state: &ConsentState, item: &ConsentItem) -> Self {
        let related = present.resting_on(&state.item);
        let is_given = state.status == ConsentStatus::Given;
        let wording = |version: &WordingName| Wording {
            version: version.to_string(),
            text: item.wordings.get(version).map(|w| w.get(visit.language).to_owned()),
        };
        let after = present.snapshot.consent_after(&state.item, visit.language);
        let needed = (after.status != ConsentStatus::Given).then(|| match after.reason {
            Reason::GuardianNeeded => visit.words.get("counts-guardian"),
            _ => visit.words.get("counts-checked"),
        });
        let before_it_counts = needed.clone().filter(|_| !is_given);
        let would_count = before_it_counts.is_none();
        let is_said_already = state.agreed.as_ref().is_some_and(|agreed| agreed.version == item.text);
        let foreseen = Foreseen::Grant(state.item.clone(), visit.language);
        let ahead: Vec<Use> = if is_given {
            Vec::new()
        } else {
            present.snapshot.uses_after(&foreseen, |act| act.consents.contains(&state.item))
        };
        let mut remarks = Vec::new();
        if !related.is_empty() && is_given && !related.iter().any(|u| u.outcome() == Outcome::InUse) {
            let why = uses::why_not(visit, related.iter().copied());
            remarks.push(visit.words.fill("not-in-use-because", &why));
        }
        if would_count && !ahead.is_empty() && !ahead.iter().any(|u| u.outcome() == Outcome::InUse) {
            remarks.push(visit.words.fill("even-if-allowed", &uses::why_not(visit, &ahead)));
        }
        remarks.extend(uses::other_consents(visit, &state.item, related.iter().copied()));
        let can_resume = !is_given && (would_count || !is_said_already);
        remarks.extend(before_it_counts.clone().filter(|_| !can_resume));
        Self {
            title: item.title.get(visit.language).to_owned(),
            is_principal_matter: item.principal_matter,
            state: consent_state_view(visit, state, &related),
            // What was granted and does not count can be withdrawn, what was never answered can be declined; saying the same
            // again would change nothing.
            can_stop: state.agreed.is_some() || state.acts.is_empty(),
            can_resume,
            remarks,
            ahead: (!is_given).then(|| reach_ahead(visit, &ahead)),
            consequence: item.consequence.get(visit.language).to_owned(),
            agreed: state.agreed.as_ref().map(|agreed| wording(&agreed.version)),
            answered: state.acts.iter().find_map(|act| act.text_version.as_ref()).map(wording),
            today: Some(wording(&item.text)),
            before_it_counts,
            needed_again: needed,
            is_unanswered: state.acts.is_empty(),
            is_refused: state.is_refused(),
            ..Self::common(visit, Item::Consent(state.item.clone()), &related, &state.acts)
        }
    }

    fn of_choice(visit: &Visit, present: &Present<'_>, state: &ChoiceState, choice: &Choice) -> Self {
        let policy = visit.nattoku().versions().current();
        let locked = choice.refusability == Refusability::NotRefusable;
        let mut covered = present.covered_by(policy, &state.choice);
        // What has a way to be stopped of its own is no part of what cannot be stopped.
        covered.retain(|u| !locked || !u.act.can_be_stopped(policy));
        let is_open = covered.iter().any(|u| u.outcome() == Outcome::InUse);
        let (kind, icon, word) = match (locked, state.declined, is_open) {
            (true, _, true) => ("lock", "lock", "choice-locked"),
            (true, _, false) => ("lock", "lock", "choice-locked-unused"),
            (false, true, _) => ("off", "off", "choice-stopped"),
            (false, false, true) => ("on", "on", "choice-in-use"),
            (false, false, false) => ("ask", "ask", "choice-unused"),
        };
        let mut remarks = Vec::new();
        if !is_open && !state.declined {
            let why = uses::why_not(visit, covered.iter().copied());
            remarks.push(visit.words.fill("not-in-use-because", &why));
        }
        let ahead = state.declined.then(|| {
            let foreseen = Foreseen::Restore(state.choice.clone());
            let after = present.snapshot.uses_after(&foreseen, |a| a.is_covered_by(policy, &state.choice));
            reach_again(visit, &after, &covered)
        });
        let residue = choice.residue.iter().map(|residue| {
            let activity = policy.activities.get(&residue.activity).map(|a| a.title.get(visit.language));
            let activity = activity.unwrap_or(residue.activity.as_str());
            visit.words.fill2("residue-for", &categories(visit, policy, &residue.categories), activity)
        });
        Self {
            title: choice.title.get(visit.language).to_owned(),
            state: StateView { kind, icon, word: visit.words.get(word) },
            can_stop: !locked && !state.declined,
            can_resume: !locked && state.declined,
            is_locked: locked,
            remarks,
            signal: signal::beside(visit, state),
            ahead,
            consequence: choice.consequence.get(visit.language).to_owned(),
            residue: residue.collect(),
            ..Self::common(visit, Item::Choice(state.choice.clone()), &covered, &state.acts)
        }
    }

    /// What both have. The newest act stands first.
    fn common(visit: &Visit, item: Item, uses: &[&Use], acts: &[WillAct]) -> Self {
        let last = acts.first();
        let views = uses::views(visit, uses.iter().copied());
        let open = uses.iter().copied().filter(|u| u.outcome() == Outcome::InUse);
        let served: BTreeSet<PurposeName> = uses.iter().map(|u| u.act.purpose.clone()).collect();
        Self {
            title: String::new(),
            is_principal_matter: false,
            state: StateView { kind: "off", icon: "off", word: String::new() },
            can_stop: false,
            can_resume: false,
            is_locked: false,
            is_unanswered: false,
            is_refused: false,
            since: last
                .map(|act| (visit.dates.machine(&act.at), visit.dates.minute_off(&act.at, &visit.now))),
            said: last.map(|act| said_by(visit, &act.channel, &act.by)).unwrap_or_default(),
            remarks: Vec::new(),
            signal: None,
            now: Reach {
                data: uses::data_now(visit, uses.iter().copied()),
                receives: uses::receives(visit, uses.iter().copied(), true),
                uses: Vec::new(),
            },
            ahead: None,
            gives: uses
                .iter()
                .filter_map(|u| Some((u.act.recipient.clone()?, u.act.activity.clone())))
                .collect(),
            several: several(visit, &served),
            purposes: served,
            in_use: uses::views(visit, open).len(),
            uses: views,
            consequence: String::new(),
            residue: Vec::new(),
            acts: acts.iter().map(|act| act_view(visit, &item, act, acts)).collect(),
            agreed: None,
            today: None,
            answered: None,
            before_it_counts: None,
            needed_again: None,
            seen: last.map(|act| act.revision).unwrap_or_default(),
            address: visit.link(&item.path()),
            item,
        }
    }

    /// How many uses it has, and how many are in use, as written.
    pub(crate) fn counts(&self) -> (String, String) {
        (self.uses.len().to_string(), self.in_use.to_string())
    }

    /// What allowing brings, where the item is a consent that is not given and can be.
    pub(crate) fn brings(&self) -> Option<&Reach> {
        self.ahead.as_ref().filter(|_| self.today.is_some() && self.can_resume)
    }

    /// The text of what was never agreed to.
    pub(crate) fn unanswered(&self) -> Option<&str> {
        self.today.as_ref().filter(|_| self.agreed.is_none()).and_then(|today| today.text.as_deref())
    }

    /// Whether the page before allowing tells of data that are not used from then on, but are what the item is about.
    pub(crate) fn brings_nothing_yet(&self) -> bool {
        self.brings().is_some_and(|ahead| ahead.uses.is_empty())
    }

    /// Whether the wording that was answered differs from today's.
    pub(crate) fn wording_changed(&self) -> bool {
        matches!((&self.answered, &self.today), (Some(answered), Some(today)) if answered.version != today.version)
    }

    /// What today's text changed of the one answered, line by line; nothing where one of them is not at hand.
    pub(crate) fn changes(&self) -> Vec<Vec<Piece>> {
        let text = |wording: &Option<Wording>| wording.as_ref().and_then(|wording| wording.text.clone());
        match (text(&self.answered), text(&self.today)) {
            (Some(older), Some(newer)) if self.wording_changed() => changes(&older, &newer),
            _ => Vec::new(),
        }
    }
}

/// What allowing brings: what would be permitted then, with what would wait for another consent only. Where that is
/// nothing, all that rests on the item.
fn reach_ahead(visit: &Visit, ahead: &[Use]) -> Reach {
    let is_near = |u: &&Use| matches!(u.outcome(), Outcome::InUse | Outcome::Waits);
    let near: Vec<&Use> = ahead.iter().filter(is_near).collect();
    let shown = if near.is_empty() { ahead.iter().collect() } else { near };
    let open = shown.iter().copied().filter(|u| u.outcome() == Outcome::InUse);
    Reach {
        data: uses::data_concerned(visit, shown.iter().copied()),
        receives: uses::receives(visit, shown.iter().copied(), false),
        uses: uses::views(visit, open).into_iter().map(|view| view.title).collect(),
    }
}

/// What resuming brings back: what is permitted after it and is not now.
fn reach_again(visit: &Visit, after: &[Use], now: &[&Use]) -> Reach {
    let is_open = |u: &Use| u.outcome() == Outcome::InUse;
    let is_new = |u: &&Use| is_open(u) && !now.iter().any(|n| n.act == u.act && is_open(n));
    let again: Vec<&Use> = after.iter().filter(is_new).collect();
    Reach {
        data: uses::data_now(visit, again.iter().copied()),
        receives: uses::receives(visit, again.iter().copied(), true),
        uses: uses::views(visit, again).into_iter().map(|view| view.title).collect(),
    }
}

/// How a consent item stands, in words: given is not yet in use.
fn consent_state_view(visit: &Visit, state: &ConsentState, related: &[&Use]) -> StateView {
    let words = visit.words;
    let is_open = related.is_empty() || related.iter().any(|u| u.outcome() == Outcome::InUse);
    let stopped = related.iter().filter_map(|u| u.telling());
    let mut stopped = stopped.filter(|line| line.deciding.reason == Reason::Declined);
    let (kind, word) = match state.status {
        ConsentStatus::Given if is_open => ("on", "consent-given"),
        ConsentStatus::Given => {
            let policy = visit.nattoku().versions().current();
            let choice =
                stopped.find_map(|line| policy.choices.get(line.deciding.details.get("choice")?.as_str()));
            let word = choice.map_or_else(
                || words.get("consent-given-unused"),
                |choice| words.fill("consent-given-stopped", choice.title.get(visit.language)),
            );
            return StateView { kind: "warn", icon: "warn", word };
        }
        ConsentStatus::Withdrawn if state.is_refused() => ("off", "consent-declined"),
        ConsentStatus::Withdrawn => ("off", "consent-withdrawn"),
        ConsentStatus::NeverGiven => ("ask", "consent-never-asked"),
        ConsentStatus::Expired => ("warn", "consent-expired"),
        ConsentStatus::WordingReplaced => ("warn", "consent-wording-replaced"),
        ConsentStatus::NotCounted if state.reason == Reason::GuardianNeeded => ("warn", "consent-guardian"),
        ConsentStatus::NotCounted => ("warn", "consent-not-counted"),
    };
    StateView { kind, icon: kind, word: words.get(word) }
}

/// Several purposes in words, in the order of their numbers.
fn several(visit: &Visit, served: &BTreeSet<PurposeName>) -> Option<Vec<String>> {
    let of_policy = purposes(visit.nattoku().policy()).into_iter();
    let titles = of_policy.filter(|(name, _)| served.contains(*name)).map(|(_, purpose)| {
        visit.words.fill2("page-purpose", &purpose.number, purpose.title.get(visit.language))
    });
    (served.len() > 1).then(|| titles.collect())
}

fn sorted(mut wills: Vec<Will>) -> Vec<Will> {
    wills.sort_by(|a, b| a.title.cmp(&b.title));
    wills
}

fn act_view(visit: &Visit, item: &Item, act: &WillAct, all: &[WillAct]) -> ActView {
    let refuses = matches!(item, Item::Consent(_)) && act.refuses(all);
    let key = match (item, act.allows) {
        (Item::Consent(_), true) => "act-granted",
        (Item::Consent(_), false) if refuses => "act-declined",
        (Item::Consent(_), false) => "act-withdrawn",
        (Item::Choice(_), true) => "act-resumed",
        (Item::Choice(_), false) => "act-stopped",
    };
    let version =
        act.text_version.as_ref().map(|v| visit.words.fill("act-wording", v.as_str())).unwrap_or_default();
    ActView {
        revision: act.revision,
        allows: act.allows,
        refuses,
        machine: visit.dates.machine(&act.at),
        when: visit.dates.minute_off(&act.at, &visit.now),
        text: format!("{}{version}", visit.words.get(key)),
        said: said_by(visit, &act.channel, &act.by),
        receipt: visit.link(&format!("my/receipts/{}", act.revision)),
    }
}

fn categories<'c>(
    visit: &Visit,
    policy: &Policy,
    names: impl IntoIterator<Item = &'c CategoryName>,
) -> String {
    let titles: Vec<String> =
        names.into_iter().map(|name| category_title(policy, name, visit.language)).collect();
    uses::list(visit, titles)
}
