//! Running a policy's own scenarios.

use nattoku_model::event::Revision;
use nattoku_model::policy::Versions;
use nattoku_model::{Decision, GateAnswer, Verdict};
use nattoku_policy::scenario::Scenario;

/// What came of one scenario.
#[derive(Debug, Clone)]
pub struct ScenarioResult<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The decision.
    pub decision: Decision,
    /// What was expected and what came instead, part by part; empty where all is as expected.
    pub differences: Vec<Difference>,
}

/// A part of the answer that is not as expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Which part: `verdict`, `reason`, `governing`, `obligation`.
    pub part: &'static str,
    /// What was expected.
    pub expected: String,
    /// What came instead.
    pub found: String,
}

impl ScenarioResult<'_> {
    /// Whether all is as expected.
    #[must_use]
    pub fn has_passed(&self) -> bool {
        self.differences.is_empty()
    }
}

/// Decides every scenario and compares verdict, reason, governing version and obligation with what it expects.
#[must_use]
pub fn run_scenarios<'a>(versions: &Versions, scenarios: &'a [Scenario]) -> Vec<ScenarioResult<'a>> {
    scenarios
        .iter()
        .map(|scenario| {
            let revision = scenario.events.iter().map(|e| e.revision).max().unwrap_or(Revision(0));
            let decision = nattoku_spec::decide(versions, &scenario.events, &scenario.request, revision);
            let differences = compare(scenario, &decision);
            ScenarioResult { scenario, decision, differences }
        })
        .collect()
}

fn compare(scenario: &Scenario, decision: &Decision) -> Vec<Difference> {
    let expect = &scenario.expect;
    let mut differences = Vec::new();
    let mut differ = |part, expected: String, found: String| {
        differences.push(Difference { part, expected, found });
    };
    if decision.verdict != expect.verdict {
        let found = decision.deciding().map_or_else(|| decision.verdict.to_string(), in_short);
        differ("verdict", expect.verdict.to_string(), found);
    }
    if let Some(reason) = expect.reason {
        let looked_at: Vec<&GateAnswer> = match expect.gate {
            Some(gate) => gates(decision).filter(|g| g.gate == gate).collect(),
            None => gates(decision).filter(|g| g.verdict == decision.verdict).collect(),
        };
        if !looked_at.iter().any(|g| g.reason == reason) {
            let found = looked_at.iter().map(|g| in_short(g)).collect::<Vec<_>>().join(", ");
            differ("reason", reason.to_string(), found);
        }
    } else if let Some(gate) = expect.gate
        && !gates(decision).any(|g| g.gate == gate && g.verdict == expect.verdict)
    {
        let found = gates(decision).filter(|g| g.gate == gate).map(in_short).collect::<Vec<_>>();
        differ("gate", format!("{gate} {}", expect.verdict), found.join(", "));
    }
    if let Some(version) = &expect.governing
        && !decision.answers.iter().any(|a| a.era.governing == *version)
    {
        let found: Vec<&str> = decision.answers.iter().map(|a| a.era.governing.as_str()).collect();
        differ("governing", version.to_string(), found.join(", "));
    }
    if let Some(kind) = &expect.obligation
        && !decision.obligations.iter().any(|o| o.kind == *kind)
    {
        let found: Vec<&str> = decision.obligations.iter().map(|o| o.kind.as_str()).collect();
        differ("obligation", kind.clone(), found.join(", "));
    }
    differences
}

fn gates(decision: &Decision) -> impl Iterator<Item = &GateAnswer> {
    decision.answers.iter().flat_map(|a| &a.gates)
}

fn in_short(gate: &GateAnswer) -> String {
    match gate.verdict {
        Verdict::Permit => format!("{} permit {}", gate.gate, gate.reason),
        verdict => format!("{} {verdict} {}", gate.gate, gate.reason),
    }
}
