//! Who looks at the data of the demo's customers: advisers who answer them, offices that check a bill or a
//! failure.

use jiff::Timestamp;

use super::draw::Draw;
use super::named::day;
use super::story::Story;

/// By what, of which department and why somebody looks.
pub(crate) struct Look {
    pub(crate) application: &'static str,
    pub(crate) department: &'static str,
    pub(crate) role: &'static str,
    pub(crate) activity: &'static str,
    pub(crate) reason: &'static str,
}

pub(crate) const ANSWER: Look = Look {
    application: "customer_desk",
    department: "service_desk",
    role: "adviser",
    activity: "inquiry_answer",
    reason: "inquiry",
};
pub(crate) const PROCEDURE: Look = Look {
    application: "shop_terminal",
    department: "shop",
    role: "adviser",
    activity: "identity_check",
    reason: "procedure",
};
pub(crate) const BILL: Look = Look {
    application: "billing_system",
    department: "billing_office",
    role: "clerk",
    activity: "invoicing",
    reason: "billing_check",
};
pub(crate) const FAILURE: Look = Look {
    application: "network_operations",
    department: "network_office",
    role: "engineer",
    activity: "failure_response",
    reason: "failure_check",
};
pub(crate) const CLAIM: Look = Look {
    application: "privacy_office",
    department: "privacy_office",
    role: "officer",
    activity: "claim_handling",
    reason: "claim",
};
/// A look, what is looked at by it, and from when on the application reports it: year, month, day.
type Drawn = (&'static Look, &'static [&'static str], (i16, i8, i8));

/// Looks as chance has them.
const DRAWN: [Drawn; 4] = [
    (&ANSWER, &["contact", "contract", "inquiry"], (2020, 4, 1)),
    (&BILL, &["billing", "contract"], (2021, 4, 1)),
    (&PROCEDURE, &["identity_document", "contact"], (2022, 4, 1)),
    (&FAILURE, &["device", "network_log"], (2023, 4, 1)),
];

/// Adds the looks at the data of the customer of a number, who is one since `since`, up to `until`.
pub(crate) fn add(story: &mut Story, number: u32, since: Timestamp, until: Timestamp) {
    let mut draw = Draw::of_views(number);
    for (look, categories, (year, month, first)) in DRAWN {
        let from = since.max(day(year, month, first));
        // Some are looked at often, most seldom.
        for _ in 0..draw.below(3) {
            let at = draw.between(from, until);
            if draw.chance(40) && at >= from && at < until {
                story.view(at, look, categories);
            }
        }
    }
}
