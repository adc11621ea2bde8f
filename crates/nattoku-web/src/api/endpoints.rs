//! Which address is which endpoint; a test finds each in the OpenAPI document.

use super::{
    audience, batch, changed_since, choices, consents, decide, events, explain, feed, general, health,
    history, holdings, metrics, openapi, policy, receipts,
};

endpoints! {
    "/v1/decide", post decide::post;
    "/v1/decide/batch", post batch::post;
    "/v1/explain", post explain::post;
    "/v1/audience", post audience::post;
    "/v1/changed-since", post changed_since::post;
    "/v1/events", get feed::get;
    "/v1/principals/{principal}/events", get events::get, post events::post;
    "/v1/principals/{principal}/history", get history::get;
    "/v1/principals/{principal}/holdings", get holdings::get;
    "/v1/principals/{principal}/consents", get consents::get, post consents::post;
    "/v1/principals/{principal}/choices", get choices::get, post choices::post;
    "/v1/principals/{principal}/receipts", get receipts::list;
    "/v1/principals/{principal}/receipts/{revision}", get receipts::one;
    "/v1/recipients", get general::recipients, post general::post_recipient;
    "/v1/publications", get general::publications, post general::post_publication;
    "/v1/policy", get policy::get;
    "/openapi.json", get openapi::get;
    "/healthz", get health::alive;
    "/readyz", get health::ready;
    "/metrics", get metrics::get;
}
