//! Is the activity registered, the application allowed, the purpose served and the category necessary (R17, R18)?

use nattoku_model::event::Revision;
use nattoku_model::policy::{Activity, Occasion};
use nattoku_model::request::Action;
use nattoku_model::{Gate, GateAnswer, Reason, Verdict};

use crate::case::Case;

/// Refers an activity that is not registered, never matching it to the nearest (R18); denies what is not necessary.
pub(super) fn judge(case: &Case<'_>) -> GateAnswer {
    let Some(activity) = case.activity() else { return case.unregistered(Gate::Purpose) };
    let request = case.request;
    let say = |verdict, reason| GateAnswer::new(Gate::Purpose, verdict, reason).by_rule(case.activity_rule());
    if !activity.by.contains(&request.application) {
        return say(Verdict::Deny, Reason::ApplicationNotAllowed).detail("application", &request.application);
    }
    if let Some(purpose) = request.purpose.as_ref().filter(|p| !activity.purposes.contains(p)) {
        return say(Verdict::Deny, Reason::PurposeNotServed).detail("purpose", purpose);
    }
    if case.is_disclosure() {
        return say(Verdict::Permit, Reason::DisclosureToPrincipal);
    }
    if !activity.is_necessary(case.category) {
        return say(Verdict::Deny, Reason::NotNecessary).detail("activity", &request.activity);
    }
    if request.action == Action::Combine && !activity.combines {
        return say(Verdict::Deny, Reason::CombinationNotDeclared).detail("activity", &request.activity);
    }
    match occasions(case, activity) {
        Err(missing) => say(Verdict::Deny, Reason::OccasionMissing)
            .detail("category", &missing.category)
            .detail("period", missing.within),
        Ok(events) => say(Verdict::Permit, Reason::Necessary).on_events(events),
    }
}

/// The events that opened the activity (R29: rate plans are proposed when the customer asked), or the one that is missing.
fn occasions<'a>(case: &Case<'_>, activity: &'a Activity) -> Result<Vec<Revision>, &'a Occasion> {
    let timezone = &case.policy.timezone;
    activity
        .occasions
        .iter()
        .map(|occasion| {
            case.history
                .last_acquired(&occasion.category)
                .filter(|(at, _)| occasion.within.after(*at, timezone) > case.history.at)
                .map(|(_, revision)| revision)
                .ok_or(occasion)
        })
        .collect()
}
