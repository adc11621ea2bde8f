//! On which acts a change may bear.

use nattoku_model::Policy;
use nattoku_model::name::{ActivityName, CategoryName, ChoiceName, ConsentName, PurposeName, RecipientName};
use nattoku_model::policy::Act;

/// A kind of act: all that it names must fit. What it does not name fits any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Touch {
    /// The activity it is part of.
    pub activity: Option<ActivityName>,
    /// The purpose it is done for.
    pub purpose: Option<PurposeName>,
    /// Who gets the data.
    pub recipient: Option<RecipientName>,
    /// The category, what is below it and what is above it.
    pub category: Option<CategoryName>,
    /// A consent that the act rests on.
    pub consent: Option<ConsentName>,
    /// A choice that covers it.
    pub choice: Option<ChoiceName>,
}

impl Touch {
    /// Every act: what law permits bears on all of them.
    pub(super) fn every() -> Self {
        Self::default()
    }

    /// Acts of an activity.
    pub(super) fn activity(name: &ActivityName) -> Self {
        Self { activity: Some(name.clone()), ..Self::default() }
    }

    /// Acts done for a purpose.
    pub(super) fn purpose(name: &PurposeName) -> Self {
        Self { purpose: Some(name.clone()), ..Self::default() }
    }

    /// Acts that give data to a recipient.
    pub(super) fn recipient(name: &RecipientName) -> Self {
        Self { recipient: Some(name.clone()), ..Self::default() }
    }

    /// Acts on a category.
    pub(super) fn category(name: &CategoryName) -> Self {
        Self { category: Some(name.clone()), ..Self::default() }
    }

    /// Acts that rest on a consent.
    pub(super) fn consent(name: &ConsentName) -> Self {
        Self { consent: Some(name.clone()), ..Self::default() }
    }

    /// Acts that a choice covers.
    pub(super) fn choice(name: &ChoiceName) -> Self {
        Self { choice: Some(name.clone()), ..Self::default() }
    }

    /// Of these acts, those on a category.
    pub(super) fn on(self, category: &CategoryName) -> Self {
        Self { category: Some(category.clone()), ..self }
    }

    /// Of these acts, those of an activity.
    pub(super) fn by(self, activity: &ActivityName) -> Self {
        Self { activity: Some(activity.clone()), ..self }
    }

    /// Whether it fits an act, as either policy knows it, on a category.
    pub(super) fn fits(&self, act: [(&Policy, Option<&Act>); 2], category: &CategoryName) -> bool {
        let any = |fits: &dyn Fn(&Policy, &Act) -> bool| {
            act.iter().any(|(policy, act)| act.is_some_and(|act| fits(policy, act)))
        };
        self.activity.as_ref().is_none_or(|name| any(&|_, act| act.activity == *name))
            && self.purpose.as_ref().is_none_or(|name| any(&|_, act| act.purpose == *name))
            && self.recipient.as_ref().is_none_or(|name| any(&|_, act| act.recipient.as_ref() == Some(name)))
            && self.category.as_ref().is_none_or(|name| name.covers(category) || category.covers(name))
            && self.consent.as_ref().is_none_or(|name| any(&|_, act| act.consents.contains(name)))
            && self.choice.as_ref().is_none_or(|name| any(&|policy, act| act.is_covered_by(policy, name)))
    }
}
