//! `nattoku doctor`: holds a deployment against what a server of it needs. It repairs nothing.
//!
//! One file looks at one part. Each finding that is not good names what to do.

mod feed;
mod finding;
mod identity;
mod keys;
mod log;
mod machine;
mod policy;
mod state;
mod store;
mod traces;

use std::path::PathBuf;

use nattoku_model::Language;
use nattoku_store::Place;

use crate::cli::{Format, ServeArgs};
use crate::exit::Exit;
use crate::output;
use crate::settings::Settings;

use finding::{Finding, Grade};

/// What all parts are looked at by.
struct Deployment<'a> {
    settings: &'a Settings,
    place: &'a Place,
    /// The key that signs checkpoints, where one is named.
    key: Option<PathBuf>,
}

pub(crate) fn run(args: &ServeArgs, format: Format, language: Language) -> Exit {
    let findings = findings(args);
    for finding in &findings {
        output::line(&match format {
            Format::Json => finding.json(language).to_string(),
            Format::Text | Format::Concise => finding.text(language),
        });
    }
    if findings.iter().any(|finding| finding.grade == Grade::Fault) { Exit::No } else { Exit::Done }
}

fn findings(args: &ServeArgs) -> Vec<Finding> {
    let settings = match Settings::load(args.place.policy.as_deref(), args.place.store.as_deref()) {
        Ok(settings) => settings,
        // Whatever else would be looked at is not known.
        Err(error) => return vec![Finding::of_error("settings", &error)],
    };
    let mut findings = vec![Finding::good("settings", "設定を読めます", "the settings can be read")];
    findings.push(policy::look(&settings));
    match settings.store_place() {
        Err(error) => findings.push(Finding::of_error("store", &error)),
        Ok(place) => {
            let key = args.key.clone().or_else(|| settings.server.key.as_ref().map(PathBuf::from));
            findings.extend(of_ledger(&Deployment { settings: &settings, place: &place, key }));
        }
    }
    findings.extend(identity::look(&settings));
    findings.extend(traces::look(&settings));
    findings.push(machine::address(args, &settings));
    findings
}

fn of_ledger(deployment: &Deployment<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    match store::open(deployment) {
        Err(finding) => findings.push(finding),
        Ok(store) => {
            findings.push(store::look(deployment, &*store));
            findings.extend(keys::look(&*store));
            findings.extend(state::look(deployment, &*store));
            findings.push(log::look(deployment, &*store));
            findings.extend(deployment.settings.feed.nats.iter().map(|place| feed::nats(place, &*store)));
            findings.push(machine::ledgers_clock(&*store));
        }
    }
    findings.extend(keys::files(deployment));
    findings.extend(machine::clocks(deployment.place));
    findings.extend(machine::room(deployment));
    findings
}
