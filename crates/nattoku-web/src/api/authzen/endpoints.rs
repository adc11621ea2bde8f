//! Which address is which endpoint of AuthZEN.

use super::{evaluation, evaluations, metadata, search};

endpoints! {
    metadata::PATH, get metadata::get;
    metadata::EVALUATION, post evaluation::post;
    metadata::EVALUATIONS, post evaluations::post;
    metadata::SEARCH_SUBJECT, post search::subject;
    metadata::SEARCH_RESOURCE, post search::resource;
    metadata::SEARCH_ACTION, post search::action;
}
