//! A decision as it was answered, and what it permits.

use serde_json::Value;

/// What a decision comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verdict {
    /// It may be done.
    Permit,
    /// It may be done by whoever carries out the obligations.
    PermitWithConditions,
    /// The principal has to consent first.
    NeedsConsent,
    /// A person must decide.
    Refer,
    /// It may not be done.
    Deny,
    /// A verdict this version of the client does not know: no permit.
    Unknown,
}

impl Verdict {
    pub(crate) fn read(name: &str) -> Self {
        match name {
            "permit" => Self::Permit,
            "permit_with_conditions" => Self::PermitWithConditions,
            "needs_consent" => Self::NeedsConsent,
            "refer" => Self::Refer,
            "deny" => Self::Deny,
            _ => Self::Unknown,
        }
    }
}

/// What a caller has to do who does what is permitted with conditions.
#[derive(Debug, Clone, PartialEq)]
pub struct Obligation {
    /// What is to be done.
    pub kind: String,
    /// With which categories.
    pub categories: Vec<String>,
    /// The obligation as it was answered.
    pub json: Value,
}

/// What decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The gate that did; none did where a node without a lease denies whatever it would have said, as `stale`.
    pub gate: Option<String>,
    /// Its code, which never changes its meaning.
    pub code: String,
}

/// A decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// What it comes to.
    pub verdict: Verdict,
    /// What the server says of `permitted`, which holds for `permit_with_conditions` too: ask [`Decision::is_permitted`].
    pub permitted: bool,
    /// What decided.
    pub reason: Option<Reason>,
    /// What is to be done by whoever does it.
    pub obligations: Vec<Obligation>,
    /// Each category with its verdict.
    pub categories: Vec<(String, Verdict)>,
    /// The version of the policy.
    pub policy_version: Option<String>,
    /// The digest of the policy.
    pub policy_digest: Option<String>,
    /// At which revision of the ledger.
    pub revision: u64,
    /// The whole answer.
    pub json: Value,
}

impl Decision {
    /// Whether it may be done and nothing else has to be: the verdict is `permit`, and so it is for every category.
    #[must_use]
    pub fn is_permitted(&self) -> bool {
        self.verdict == Verdict::Permit && self.agrees() && self.obligations.is_empty()
    }

    /// Whether it may be done by a caller who carries out every obligation of which `carries_out` says so.
    #[must_use]
    pub fn permits_if(&self, carries_out: impl Fn(&Obligation) -> bool) -> bool {
        let is_permit = matches!(self.verdict, Verdict::Permit | Verdict::PermitWithConditions);
        is_permit && self.agrees() && self.obligations.iter().all(carries_out)
    }

    /// Whether the parts of the answer say the same as the whole.
    fn agrees(&self) -> bool {
        let permits = |verdict: &Verdict| match verdict {
            Verdict::Permit => true,
            Verdict::PermitWithConditions => self.verdict == Verdict::PermitWithConditions,
            _ => false,
        };
        self.permitted
            && !self.categories.is_empty()
            && self.categories.iter().all(|(_, verdict)| permits(verdict))
    }

    /// Reads an answer about a principal, as a server gives it. What is missing or is something else makes it no decision, and is told.
    pub fn read(json: Value, principal: &str) -> Result<Self, String> {
        let text = |value: &Value, field: &str| {
            let text = value.get(field).and_then(Value::as_str).map(str::to_owned);
            text.ok_or_else(|| format!("`{field}` is no text"))
        };
        let list = |field: &str| {
            json.get(field).and_then(Value::as_array).ok_or_else(|| format!("`{field}` is no list"))
        };
        if json.get("principal").and_then(Value::as_str) != Some(principal) {
            return Err("it is about another principal".to_owned());
        }
        let obligations = list("obligations")?.iter().map(|obligation| {
            let categories = obligation.get("categories").and_then(Value::as_array).into_iter().flatten();
            Ok(Obligation {
                kind: text(obligation, "kind")?,
                categories: categories.filter_map(Value::as_str).map(str::to_owned).collect(),
                json: obligation.clone(),
            })
        });
        let categories = list("categories")?
            .iter()
            .map(|category| Ok((text(category, "category")?, Verdict::read(&text(category, "verdict")?))));
        let reason = json.get("reason").filter(|reason| !reason.is_null());
        let reason = reason.map(|reason| {
            let gate = reason.get("gate").filter(|gate| !gate.is_null());
            let gate = gate.map(|_| text(reason, "gate")).transpose()?;
            Ok::<_, String>(Reason { gate, code: text(reason, "reason")? })
        });
        Ok(Self {
            verdict: Verdict::read(&text(&json, "decision")?),
            permitted: json
                .get("permitted")
                .and_then(Value::as_bool)
                .ok_or("`permitted` is not true or false")?,
            reason: reason.transpose()?,
            obligations: obligations.collect::<Result<_, String>>()?,
            categories: categories.collect::<Result<_, String>>()?,
            policy_version: text(&json, "policy_version").ok(),
            policy_digest: text(&json, "policy_digest").ok(),
            revision: json.get("revision").and_then(Value::as_u64).ok_or("`revision` is no number")?,
            json,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn answer() -> Value {
        json!({
            "decision": "permit", "permitted": true, "principal": "sakura", "obligations": [], "revision": 7,
            "categories": [{ "category": "purchase", "verdict": "permit" }],
            "reason": { "gate": "consent", "reason": "consent_given" },
            "policy_version": "2019-12-11", "policy_digest": "b9",
        })
    }

    fn with(field: &str, value: Value) -> Result<Decision, String> {
        let mut answer = answer();
        answer[field] = value;
        Decision::read(answer, "sakura")
    }

    #[test]
    fn a_clear_permit_is_one() {
        let decision = Decision::read(answer(), "sakura").unwrap();
        assert!(decision.is_permitted());
        assert_eq!(decision.reason.unwrap().code, "consent_given");
        assert_eq!((decision.revision, decision.policy_digest.as_deref()), (7, Some("b9")));
    }

    #[test]
    fn a_node_without_a_lease_denies_by_no_gate() {
        let stale = json!({ "gate": null, "reason": "stale", "verdict": "deny" });
        let reason = with("reason", stale).unwrap().reason.unwrap();
        assert_eq!((reason.gate, reason.code.as_str()), (None, "stale"));
        assert!(with("reason", json!({ "gate": 1, "reason": "stale" })).is_err());
    }

    #[test]
    fn what_is_no_clear_permit_is_none() {
        for verdict in ["permit_with_conditions", "needs_consent", "refer", "deny", "Permit", "granted", ""] {
            assert!(!with("decision", json!(verdict)).unwrap().is_permitted(), "{verdict}");
        }
        for (field, value) in [
            ("permitted", json!(false)),
            ("categories", json!([])),
            ("categories", json!([{ "category": "purchase", "verdict": "deny" }])),
            ("obligations", json!([{ "kind": "mask" }])),
        ] {
            assert!(!with(field, value.clone()).unwrap().is_permitted(), "{field} {value}");
        }
        for field in ["decision", "permitted", "principal", "obligations", "revision", "categories"] {
            assert!(with(field, Value::Null).is_err(), "{field}");
        }
        assert!(Decision::read(answer(), "ren").is_err());
        assert!(Decision::read(json!([]), "sakura").is_err());
    }

    #[test]
    fn conditions_permit_to_whoever_carries_out_all_of_them() {
        let mut answer = answer();
        answer["decision"] = json!("permit_with_conditions");
        answer["categories"][0]["verdict"] = json!("permit_with_conditions");
        answer["obligations"] = json!([{ "kind": "mask", "categories": ["purchase"] }, { "kind": "tell" }]);
        let decision = Decision::read(answer, "sakura").unwrap();
        assert!(!decision.is_permitted());
        assert!(decision.permits_if(|_| true));
        assert!(!decision.permits_if(|obligation| obligation.kind == "mask"));
        assert!(!with("decision", json!("refer")).unwrap().permits_if(|_| true));
    }
}
