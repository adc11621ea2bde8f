//! What a list of an audience is of, for a file that can say so itself.

use nattoku_model::name::VersionName;
use serde_json::{Value, json};

use super::Audience;
use super::report::question_json;
use super::together::Asked;
use crate::answer::time;
use crate::publication::Publication;

/// Names with values: by which policy, of which revision and instant, and what was asked. Times are in UTC.
#[must_use]
pub fn audience_about(audience: &Audience, publication: &Publication) -> Vec<(String, String)> {
    let request = &audience.request;
    let mut question = question_json(request);
    if let Some(claim) = &request.exception {
        question.insert("exception".to_owned(), json!(claim.name.as_str()));
    }
    if let Some(together) = &audience.together {
        let all = |asked: &[Asked]| -> Vec<Value> {
            asked.iter().map(|asked| question_json(&asked.request).into()).collect()
        };
        question.insert("and".to_owned(), json!(all(&together.and)));
        question.insert("except".to_owned(), json!(all(&together.except)));
    }
    let change = audience.change.as_ref().map(|change| {
        let (policy, digest) =
            change.policy.as_ref().map_or((None, None), |(name, digest)| (Some(name), Some(digest)));
        json!({
            "policy": policy,
            "policy_version": change.policy_version.as_ref().map(VersionName::as_str),
            "policy_digest": digest,
            "at": time(change.at),
            "known_at": change.known_at.map(time),
        })
    });
    let digest = publication.sources_digest();
    let about = [
        ("policy_version", audience.policy_version.as_ref().map(|version| version.as_str().to_owned())),
        ("policy_digest", (!digest.is_empty()).then(|| digest.to_owned())),
        ("revision", Some(audience.revision.0.to_string())),
        ("at", Some(time(request.at))),
        ("known_at", request.known_at.map(time)),
        ("question", Some(Value::Object(question).to_string())),
        ("compared", change.map(|change| change.to_string())),
    ];
    about.into_iter().filter_map(|(name, value)| Some((format!("nattoku.{name}"), value?))).collect()
}
