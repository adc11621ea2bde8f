//! What an invariant forbids: a request in a state, apart from what the decision says of it.
//!
//! This reads the policy and the history itself and asks no gate, so that an invariant is a second opinion and not an echo.

mod act;
mod ground;
mod state;

use nattoku_model::event::Recorded;
use nattoku_model::history::History;
use nattoku_model::name::CategoryName;
use nattoku_model::policy::Versions;
use nattoku_model::policy::invariant::{Form, Ground, Invariant, State};
use nattoku_model::{Policy, Request};

pub(crate) use act::{Act, Bearing};

/// Whether the request, were it permitted in this state, would break the invariant.
#[must_use]
pub fn forbids(invariant: &Invariant, versions: &Versions, events: &[Recorded], request: &Request) -> bool {
    request.categories.iter().any(|category| forbids_of(invariant, versions, events, request, category))
}

/// The same for one of the categories asked.
pub(crate) fn forbids_of(
    invariant: &Invariant,
    versions: &Versions,
    events: &[Recorded],
    request: &Request,
    category: &CategoryName,
) -> bool {
    let act = Act::new(policy_at(versions, request), request, category);
    let bearing = act.bearing(invariant);
    if bearing == Bearing::No {
        return false;
    }
    let scene = Scene { act, history: History::new(events, request.at, request.known_at) };
    parts(invariant, bearing).into_iter().all(|part| scene.is_part_so(part, invariant))
}

/// One of the things that an invariant asks for before it forbids an act that it bears on; all of them must be so.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Part<'a> {
    /// What it names is touched.
    Touched,
    /// A state is so.
    State(usize, &'a State),
    /// The act does not rest on a ground that would permit it.
    NotOn(usize, &'a Ground),
}

impl Part<'_> {
    /// A number of its kind and its place among those of the kind.
    pub(crate) const fn number(self) -> (usize, usize) {
        match self {
            Self::Touched => (0, 0),
            Self::State(n, _) => (1, n),
            Self::NotOn(n, _) => (2, n),
        }
    }
}

/// Everything that an invariant asks for before it forbids.
pub(crate) fn parts(invariant: &Invariant, bearing: Bearing) -> Vec<Part<'_>> {
    let conditions: &[Ground] = if bearing == Bearing::OnCondition { &invariant.conditions } else { &[] };
    let grounds = invariant.unless.iter().chain(conditions).enumerate();
    std::iter::once(Part::Touched)
        .chain(invariant.states.iter().enumerate().map(|(n, state)| Part::State(n, state)))
        .chain(grounds.map(|(n, ground)| Part::NotOn(n, ground)))
        .collect()
}

impl Scene<'_> {
    /// Whether one of the things that an invariant asks for is so.
    pub(crate) fn is_part_so(&self, part: Part<'_>, invariant: &Invariant) -> bool {
        match part {
            Part::Touched => self.touches(invariant),
            Part::State(_, state) => self.is_so(state, invariant),
            Part::NotOn(_, ground) => !self.rests_on(ground),
        }
    }
}

/// The policy whose prohibitions, recipients and consent items bind at the instant asked about.
pub(crate) fn policy_at<'a>(versions: &'a Versions, request: &Request) -> &'a Policy {
    versions.in_force(request.at).filter(|p| !p.text_absent).unwrap_or_else(|| versions.current())
}

/// An act and what had happened.
pub(crate) struct Scene<'a> {
    pub(crate) act: Act<'a>,
    pub(crate) history: History<'a>,
}

/// Whether the sentence forbids what it matches or what it does not.
const fn is_never(invariant: &Invariant) -> bool {
    matches!(invariant.form, Form::Never)
}
