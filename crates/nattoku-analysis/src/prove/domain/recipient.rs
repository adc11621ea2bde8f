//! How a recipient stands, and what is published about it.

use std::rc::Rc;

use jiff::SignedDuration;
use nattoku_model::policy::RecipientKind;
use nattoku_model::{Action, Event};

use super::super::time::{LATELY, before};
use super::super::variable::{Draft, Kind, Variable};
use super::{Domains, Question};

impl Domains {
    /// What may be so of the recipient, where the act gives data to one.
    pub(super) fn of_recipient(&mut self, question: &Question<'_>) -> Vec<Rc<Variable>> {
        let at = question.at();
        let act = question.act();
        let Some((name, recipient)) = question.request.recipient.as_ref().zip(act.recipient()) else {
            return Vec::new();
        };
        // An assessment made after a suspension lifts it, so it comes before.
        let earlier = before(at, LATELY + SignedDuration::from_hours(1));
        let mut variables = vec![self.make(at, format!("standing {name}"), || {
            let suspended = Event::RecipientSuspended { recipient: name.clone() };
            let ended = Event::RecipientEnded { recipient: name.clone() };
            Draft::new(Kind::Standing, name.as_str())
                .value("good", Vec::new())
                .value("suspended", vec![(before(at, LATELY), suspended)])
                .value("ended", vec![(before(at, LATELY), ended)])
        })];
        if question.request.action == Action::Entrust && recipient.kind == RecipientKind::Processor {
            variables.push(self.make(at, format!("assessed {name}"), || {
                let assessed = Event::RecipientAssessed { recipient: name.clone() };
                Draft::new(Kind::Assessed, name.as_str())
                    .value("no", Vec::new())
                    .value("yes", vec![(earlier, assessed)])
            }));
            variables.push(self.make(at, format!("supervised {name}"), || {
                let supervised = Event::RecipientSupervised { recipient: name.clone() };
                Draft::new(Kind::Supervised, name.as_str())
                    .value("no", Vec::new())
                    .value("yes", vec![(earlier, supervised)])
            }));
        }
        if question.request.action == Action::Share {
            let published = question.policy.joint_uses.iter().filter(|(_, j)| j.users.contains(name));
            for (publication, _) in published {
                variables.push(self.make(at, format!("published {publication}"), || {
                    let event = Event::PublicationPublished { publication: publication.clone() };
                    Draft::new(Kind::Published, publication.as_str())
                        .value("no", Vec::new())
                        .value("yes", vec![(before(at, LATELY), event)])
                }));
            }
        }
        variables
    }
}
