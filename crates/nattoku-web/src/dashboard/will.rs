//! One consent item or choice of one person, as shown in a row, on its own page and before an act.

use nattoku_model::name::{CategoryName, ChoiceName, ConsentName, WordingName};
use nattoku_model::policy::{Choice, ConsentItem, Policy, Refusability};
use nattoku_model::{Event, Revision};

use super::line::said_by;
use crate::notice::category_title;
use crate::reach::Reach;
use crate::refusal::Refusal;
use crate::visit::Visit;
use nattoku_operations::{ChoiceState, ConsentState, ConsentStatus, WillAct};

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
    pub(crate) state: StateView,
    /// Whether it can be stopped now.
    pub(crate) can_stop: bool,
    /// Whether it can be allowed or resumed now.
    pub(crate) can_resume: bool,
    /// When the state began and by which way it came, if anything was ever said.
    pub(crate) since: Option<(String, String)>,
    pub(crate) said: String,
    /// The data it is about.
    pub(crate) uses: String,
    /// The uses, as examples.
    pub(crate) examples: Vec<String>,
    /// Who gets data by it.
    pub(crate) receives: String,
    /// What happens when it is stopped.
    pub(crate) consequence: String,
    /// What passes all the same.
    pub(crate) residue: Vec<String>,
    pub(crate) acts: Vec<ActView>,
    /// The wording that was agreed to, if it is known, and today's.
    pub(crate) agreed: Option<Wording>,
    pub(crate) today: Option<Wording>,
    /// The newest act: a form carries it, so that an act on an older state does nothing.
    pub(crate) seen: Revision,
    /// The page of it.
    pub(crate) address: String,
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
        let all = match wanted {
            Item::Consent(_) => Self::consents(visit, principal)?,
            Item::Choice(_) => Self::choices(visit, principal)?,
        };
        all.into_iter().find(|will| will.item == *wanted).ok_or(Refusal::NotFound)
    }

    /// Every consent item, as the person left it.
    pub(crate) fn consents(visit: &Visit, principal: &str) -> Result<Vec<Self>, Refusal> {
        let policy = visit.web.nattoku.versions().current();
        let states = visit.web.nattoku.consents(principal).map_err(Refusal::of)?;
        Ok(states
            .iter()
            .filter_map(|state| {
                Some(Self::of_consent(visit, policy, state, policy.consents.get(&state.item)?))
            })
            .collect())
    }

    /// Every choice, as the person left it.
    pub(crate) fn choices(visit: &Visit, principal: &str) -> Result<Vec<Self>, Refusal> {
        let policy = visit.web.nattoku.versions().current();
        let states = visit.web.nattoku.choices(principal).map_err(Refusal::of)?;
        Ok(states
            .iter()
            .filter_map(|state| {
                Some(Self::of_choice(visit, policy, state, policy.choices.get(&state.choice)?))
            })
            .collect())
    }

    fn of_consent(visit: &Visit, policy: &Policy, state: &ConsentState, item: &ConsentItem) -> Self {
        let (kind, icon, word) = match state.status {
            ConsentStatus::Given => ("on", "on", "consent-given"),
            ConsentStatus::Withdrawn => ("off", "off", "consent-withdrawn"),
            ConsentStatus::NeverGiven => ("ask", "ask", "consent-never-asked"),
            ConsentStatus::Expired => ("warn", "warn", "consent-expired"),
            ConsentStatus::WordingReplaced => ("warn", "warn", "consent-wording-replaced"),
            ConsentStatus::NotCounted => ("warn", "warn", "consent-not-counted"),
        };
        let wording = |version: &WordingName| Wording {
            version: version.to_string(),
            text: item.wordings.get(version).map(|w| w.get(visit.language).to_owned()),
        };
        let reach = Reach::of_consent(policy, &state.item);
        Self {
            title: item.title.get(visit.language).to_owned(),
            state: StateView { kind, icon, word: visit.words.get(word) },
            // What was granted and does not count can be withdrawn, and can be granted anew.
            can_stop: state.agreed.is_some(),
            can_resume: state.status != ConsentStatus::Given,
            consequence: item.consequence.get(visit.language).to_owned(),
            agreed: state.agreed.as_ref().map(|agreed| wording(&agreed.version)),
            today: Some(wording(&item.text)),
            ..Self::common(visit, policy, Item::Consent(state.item.clone()), &reach, &state.acts)
        }
    }

    fn of_choice(visit: &Visit, policy: &Policy, state: &ChoiceState, choice: &Choice) -> Self {
        let locked = choice.refusability == Refusability::NotRefusable;
        let (kind, icon, word) = match (locked, state.declined) {
            (true, _) => ("lock", "lock", "choice-locked"),
            (false, true) => ("off", "off", "choice-stopped"),
            (false, false) => ("on", "on", "choice-in-use"),
        };
        let reach = Reach::of_choice(policy, &state.choice, choice);
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
            consequence: choice.consequence.get(visit.language).to_owned(),
            residue: residue.collect(),
            ..Self::common(visit, policy, Item::Choice(state.choice.clone()), &reach, &state.acts)
        }
    }

    /// What both have. The newest act stands first.
    fn common(visit: &Visit, policy: &Policy, item: Item, reach: &Reach, acts: &[WillAct]) -> Self {
        let last = acts.first();
        let recipients = reach.recipients.iter().filter_map(|name| policy.recipients.get(name));
        let recipients: Vec<&str> = recipients.map(|r| r.title.get(visit.language)).collect();
        let activities = reach.activities.iter().filter_map(|name| policy.activities.get(name));
        Self {
            title: String::new(),
            state: StateView { kind: "off", icon: "off", word: String::new() },
            can_stop: false,
            can_resume: false,
            since: last.map(|act| (visit.dates.machine(&act.at), visit.dates.minute(&act.at))),
            said: last.map(|act| said_by(visit, &act.channel, &act.by)).unwrap_or_default(),
            uses: categories(visit, policy, &reach.categories),
            examples: activities.map(|a| a.title.get(visit.language).to_owned()).collect(),
            receives: recipients.join(&visit.words.get("list-comma")),
            consequence: String::new(),
            residue: Vec::new(),
            acts: acts.iter().map(|act| act_view(visit, &item, act)).collect(),
            agreed: None,
            today: None,
            seen: last.map(|act| act.revision).unwrap_or_default(),
            address: visit.link(&item.path()),
            item,
        }
    }

    /// Whether the wording agreed to differs from today's.
    pub(crate) fn wording_changed(&self) -> bool {
        matches!((&self.agreed, &self.today), (Some(agreed), Some(today)) if agreed.version != today.version)
    }
}

fn act_view(visit: &Visit, item: &Item, act: &WillAct) -> ActView {
    let key = match (item, act.allows) {
        (Item::Consent(_), true) => "act-granted",
        (Item::Consent(_), false) => "act-withdrawn",
        (Item::Choice(_), true) => "act-resumed",
        (Item::Choice(_), false) => "act-stopped",
    };
    let version =
        act.text_version.as_ref().map(|v| visit.words.fill("act-wording", v.as_str())).unwrap_or_default();
    ActView {
        machine: visit.dates.machine(&act.at),
        when: visit.dates.minute(&act.at),
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
    titles.join(&visit.words.get("list-comma"))
}
