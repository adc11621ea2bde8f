//! What is left of a node that was dropped: nothing.

use std::sync::{Arc, Mutex};

use nattoku_client::{Act, Question};
use nattoku_embedded::Embedded;

use crate::deployment::Deployment;

#[test]
fn dropped_it_gives_its_lease_up_and_its_threads_end() {
    for deployment in Deployment::each("embedded-ended") {
        let own = Arc::new(Mutex::new(0));
        let (held, counted) = (Arc::downgrade(&own), own);
        let settings =
            deployment.settings("campaign_platform").telling(move |_| *counted.lock().unwrap() += 1);
        let embedded = Embedded::open(settings).unwrap();
        let clone = embedded.clone();
        assert_eq!(deployment.leases_of_others().len(), 1);
        drop(embedded);
        let question = Question::provide("hana", "partner_offers", "purchase", "store_partners");
        assert!(clone.decide(&question).unwrap().is_permitted(), "a clone is the same node");
        assert!(held.upgrade().is_some());
        drop(clone);
        assert_eq!(deployment.leases_of_others(), []);
        assert!(held.upgrade().is_none(), "no thread has what the node's threads share");
        // Nobody is waited for any more.
        deployment.client().withdraw(Act::on("hana", "partner_sharing", "app")).unwrap();
    }
}

/// Nothing is left of a node that was not opened either.
#[test]
fn what_was_not_opened_holds_no_lease() {
    let mut deployment = Deployment::in_file();
    assert!(Embedded::open(deployment.settings("campaign_platfrom")).is_err());
    assert_eq!(deployment.leases_of_others(), []);
    // And a deployment without a server is a deployment.
    deployment.end_server();
    let question = Question::provide("hana", "partner_offers", "purchase", "store_partners");
    assert!(deployment.embedded().decide(&question).unwrap().is_permitted());
}
