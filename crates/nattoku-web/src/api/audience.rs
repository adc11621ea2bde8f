//! `POST /v1/audience`: for how many a use is permitted, and who they are, a page at a time (R36).

use axum::extract::State;
use axum::response::Response;
use nattoku_model::name::VersionName;
use nattoku_model::{Revision, Verdict};
use nattoku_operations::{CallerAct, Fields, Figures, PermittedPage};
use nattoku_store::PageMark;
use serde_json::{Map, Value, json};

use super::answer::{Deadline, await_revision, json as answer_json, permitted, with_standing};
use super::caller::Called;
use super::problem::Problem;
use super::sent::Sent;
use crate::Web;

/// As many are listed at once unless somebody says otherwise.
const LISTED_USUAL: u64 = 1_000;
/// Most that are listed at once.
pub(crate) const LISTED_MAX: u64 = 10_000;
/// As many are asked about for one page at most.
pub(crate) const ASKED_MAX: u32 = 50_000;

pub(crate) async fn post(State(web): State<Web>, called: Called, sent: Sent) -> Result<Response, Problem> {
    called.may(CallerAct::Search)?;
    let fields = sent.fields()?;
    let list = fields.object("list")?;
    let page = list.as_ref().map(|list| read_page(list)).transpose()?;
    let question = called.question_about_everybody(&fields.without(&["list"]))?;
    if let Some(wanted) = question.min_revision {
        await_revision(&web, Revision(wanted), Deadline::new()).await?;
    }
    match page {
        None => {
            with_standing(&web, move |_, standing| {
                Ok(answer_json(&figures_json(&standing.figures(&question)?)))
            })
            .await
        }
        Some((after, most)) => {
            let found = permitted(&web, question, after, most, ASKED_MAX).await?;
            Ok(answer_json(&listed_json(found)))
        }
    }
}

/// Which part of the list is asked for.
fn read_page(list: &Fields<'_>) -> Result<(PageMark, u32), Problem> {
    list.only(&["after", "limit"])?;
    let after = list.number("after")?.map_or(0, |after| i64::try_from(after).unwrap_or(i64::MAX));
    let limit = list.number("limit")?.unwrap_or(LISTED_USUAL).clamp(1, LISTED_MAX);
    Ok((PageMark::of_number(after), u32::try_from(limit).unwrap_or(1)))
}

fn figures_json(figures: &Figures) -> Value {
    let by_verdict: Map<String, Value> = Verdict::ALL
        .into_iter()
        .map(|v| (v.as_str().to_owned(), json!(figures.verdicts.get(&v).copied().unwrap_or_default())))
        .collect();
    let mut reasons: Vec<_> = figures.causes.iter().collect();
    reasons.sort_by_key(|(_, principals)| std::cmp::Reverse(**principals));
    let reasons: Vec<Value> = reasons
        .into_iter()
        .map(|(cause, principals)| {
            json!({
                "verdict": cause.verdict.as_str(),
                "gate": cause.gate.as_str(),
                "reason": cause.reason.code(),
                "principals": principals,
            })
        })
        .collect();
    json!({
        "at": figures.request.at.to_string(),
        "policy_version": figures.policy_version.as_ref().map(VersionName::as_str),
        "principals": {
            "all": figures.verdicts.values().sum::<u64>(),
            "permitted": figures.permitted(),
            "by_verdict": by_verdict,
        },
        "reasons": reasons,
        "revision": figures.revision.0,
    })
}

fn listed_json(PermittedPage { principals, next, revision }: PermittedPage) -> Value {
    let principals: Vec<Value> = principals
        .into_iter()
        .map(|(principal, verdict)| json!({ "principal": principal, "verdict": verdict.as_str() }))
        .collect();
    json!({ "principals": principals, "next": next.map(PageMark::number), "revision": revision.0 })
}
