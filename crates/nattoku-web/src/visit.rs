//! One request to a page, read once: whose it is, in which language, with what in its address and form.
//!
//! Pages are plain functions of a visit. They run where blocking is allowed, because they read the ledger.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::HttpBody as _;
use axum::extract::{Form, FromRequest, FromRequestParts, OriginalUri, Path, Query, Request};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use jiff::Timestamp;
use nattoku_model::Language;
use nattoku_operations::{Nattoku, Standing};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::blocking::rendering;
use crate::dates::Dates;
use crate::in_time::{Done, Missed};
use crate::public::provider::own_page;
use crate::public::sign_in::add_cookie;
use crate::reading::Reading;
use crate::refusal::Refusal;
use crate::router::FORM_BYTES_MAX;
use crate::session::Whose;
use crate::words::Words;
use crate::{Web, accept_language, cookie, signal};

/// What a page gives back.
pub(crate) type Answer = Result<Response, Refusal>;

/// A page: a function of the visit.
pub(crate) type Page = fn(&Visit) -> Answer;

/// A page about the person who is signed in.
pub(crate) type OwnPage = fn(&Visit, &str) -> Answer;

/// One request.
pub(crate) struct Visit {
    pub(crate) web: Web,
    /// What stands while this visit lasts.
    standing: Arc<Standing>,
    pub(crate) language: Language,
    pub(crate) words: &'static Words,
    pub(crate) dates: Dates,
    pub(crate) now: Timestamp,
    /// The address as asked: path and query.
    pub(crate) address: String,
    /// The token of the session's cookie, alive or not.
    pub(crate) session: Option<String>,
    /// What the browser has kept of a sign-in that is under way.
    pub(crate) attempt: Option<String>,
    /// Whether the browser says of its own accord that it declines: Global Privacy Control.
    pub(crate) sends_signal: bool,
    /// What the browser has kept of the page that was wanted before signing in.
    pub(crate) wanted: Option<String>,
    parameters: BTreeMap<String, String>,
    query: BTreeMap<String, String>,
    form: BTreeMap<String, String>,
    /// What is told to whoever waits, and by them.
    done: Done,
    /// Who is signed in, once it was asked.
    whose: OnceCell<Whose>,
}

impl Visit {
    /// What can be done and asked.
    pub(crate) fn nattoku(&self) -> &Nattoku {
        self.standing.nattoku()
    }

    /// How much of the ledger what is answered rests on, at least.
    pub(crate) fn revision(&self) -> u64 {
        self.standing.revision().0
    }

    /// A part of the path by its name in the route.
    pub(crate) fn parameter(&self, name: &str) -> &str {
        self.parameters.get(name).map_or("", String::as_str)
    }

    /// A value of the query.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    /// A value of the posted form.
    pub(crate) fn form(&self, name: &str) -> Option<&str> {
        self.form.get(name).map(String::as_str)
    }

    /// Notes that an act is recorded, and which page tells of it: from here on nobody is told that it may not have been.
    pub(crate) fn is_recorded(&self, told: &str) {
        self.done.is_recorded(told);
    }

    /// Whether nobody waits for the answer any more: a cookie in it goes nowhere.
    pub(crate) fn is_given_up(&self) -> bool {
        self.done.is_given_up()
    }

    /// Who is signed in, on a page of their own.
    pub(crate) fn whose(&self) -> Option<&Whose> {
        self.whose.get()
    }

    /// Asks who is signed in.
    fn ask_whose(&self) -> Result<Option<&Whose>, Refusal> {
        let Some(token) = self.session.as_deref() else { return Ok(None) };
        let asked = self.web.sessions.whose(&self.web.node, token, self.now).map_err(Refusal::of)?;
        Ok(asked.map(|whose| self.whose.get_or_init(|| whose)))
    }

    /// An address on this site in the visit's language: `my/choices` → `/ja/my/choices`.
    pub(crate) fn link(&self, rest: &str) -> String {
        format!("/{}/{rest}", self.language)
    }

    /// What a page for everybody needs to know of the visit.
    pub(crate) fn reading(&self) -> Reading<'_> {
        Reading {
            publication: self.nattoku().publication(),
            language: self.language,
            words: self.words,
            dates: &self.dates,
            now: Some(self.now),
            address: &self.address,
            papers: &[],
            has_dashboard: true,
        }
    }

    /// A visit of nothing in particular, for the pages that tell a status.
    pub(crate) fn of_status(web: Web, language: Language, address: String) -> Self {
        let standing = web.node.following().standing();
        let now = standing.nattoku().now();
        let timezone = standing.nattoku().policy().timezone.clone();
        Self {
            web,
            standing,
            language,
            words: Words::of(language),
            dates: Dates::new(language, timezone),
            now,
            address,
            session: None,
            attempt: None,
            sends_signal: false,
            wanted: None,
            parameters: BTreeMap::new(),
            query: BTreeMap::new(),
            form: BTreeMap::new(),
            done: Done::default(),
            whose: OnceCell::new(),
        }
    }
}

/// What becomes of whoever asks, where the store does not answer in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A page: it is not shown.
    Shows,
    /// An act: it may have been done.
    Does,
    /// A page or file that takes its time: it is not shown.
    Gathers,
    /// What anybody sends to be checked: it is not checked.
    Checks,
}

impl Kind {
    const fn missed(self, missed: &Missed) -> Refusal {
        match (self, missed) {
            (Self::Does, Missed::NotBegun) => Refusal::NotDone,
            (Self::Does, _) => Refusal::NotKnown,
            (_, Missed::Panicked(_)) => Refusal::Failed,
            (_, Missed::NotBegun) => Refusal::Busy,
            (_, _) => Refusal::Away,
        }
    }

    /// What an act could not do is told as that.
    const fn refused(self, refusal: Refusal) -> Refusal {
        match (self, refusal) {
            (Self::Does, Refusal::Away) => Refusal::NotDone,
            (_, refusal) => refusal,
        }
    }
}

/// The raw parts of a request, before its language is known.
pub(crate) struct Arrival {
    web: Web,
    address: String,
    preferred: Language,
    session: Option<String>,
    attempt: Option<String>,
    sends_signal: bool,
    wanted: Option<String>,
    parameters: BTreeMap<String, String>,
    query: BTreeMap<String, String>,
    form: BTreeMap<String, String>,
}

impl FromRequest<Web> for Arrival {
    type Rejection = std::convert::Infallible;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Self::Rejection> {
        let (mut parts, body) = request.into_parts();
        let OriginalUri(uri) = OriginalUri::from_request_parts(&mut parts, web).await?;
        // What cannot be read as a map counts as absent: the pages then answer as for an address without it.
        let parameters = Path::from_request_parts(&mut parts, web).await.map(|Path(p)| p).unwrap_or_default();
        let query = Query::from_request_parts(&mut parts, web).await.map(|Query(q)| q).unwrap_or_default();
        let preferred = accept_language::preferred(&parts.headers);
        let is_secure = web.settings.is_secure();
        let session = cookie::SESSION.read(&parts.headers, is_secure).map(str::to_owned);
        let attempt = cookie::ATTEMPT.read(&parts.headers, is_secure).map(str::to_owned);
        let sends_signal = signal::is_sent(&parts.headers);
        let wanted = cookie::WANTED.read(&parts.headers, is_secure).map(str::to_owned);
        // One that is said to be larger than any is not waited for.
        let is_form = parts.method == Method::POST && body.size_hint().lower() <= FORM_BYTES_MAX as u64;
        let form = if is_form {
            let request = Request::from_parts(parts, body);
            Form::from_request(request, web).await.map(|Form(f)| f).unwrap_or_default()
        } else {
            BTreeMap::new()
        };
        let (web, address) = (web.clone(), uri.to_string());
        Ok(Self { web, address, preferred, session, attempt, sends_signal, wanted, parameters, query, form })
    }
}

impl Arrival {
    fn visit(self, language: Option<Language>) -> Visit {
        let mut visit = Visit::of_status(self.web, language.unwrap_or(self.preferred), self.address);
        visit.session = self.session;
        visit.attempt = self.attempt;
        visit.sends_signal = self.sends_signal;
        visit.wanted = self.wanted;
        visit.parameters = self.parameters;
        visit.query = self.query;
        visit.form = self.form;
        visit
    }

    /// Takes what the browser of whoever is signed in says of its own accord, before the page is made that tells of it. A page is
    /// never without an answer because of it: nobody waits longer than a moment, and what was not taken now is taken with the next.
    async fn take_signal(&self, language: Language) {
        let Some(token) = self.session.clone().filter(|_| self.sends_signal) else { return };
        if signal::is_heeded(self.web.node.following().standing().nattoku()) {
            let web = self.web.clone();
            let taken =
                self.web.limits.patience.wait_a_moment_for(move || signal::take(&web, &token, language));
            if taken.await.is_none() {
                tracing::warn!("a signal of a browser was not taken in time; the next page tries again");
            }
        }
    }

    /// Answers with the page of a refusal, in the language of the address or else of the visitor.
    pub(crate) async fn refuse(self, refusal: Refusal) -> Response {
        let first = self.address.trim_start_matches('/').split(['/', '?']).next().unwrap_or_default();
        let language = first.parse().ok();
        self.answer(language, move |visit| Ok(refusal.page(visit))).await
    }

    /// Answers with a page that waits for no store, or for as long as it takes.
    async fn answer(
        self,
        language: Option<Language>,
        page: impl FnOnce(&Visit) -> Answer + Send + 'static,
    ) -> Response {
        let (web, address, preferred) = (self.web.clone(), self.address.clone(), self.preferred);
        let work = rendering(move || {
            let visit = self.visit(language);
            page(&visit).unwrap_or_else(|refusal| refusal.page(&visit))
        });
        work.await.unwrap_or_else(|error| {
            tracing::error!(%error, "a page panicked");
            Refusal::Failed.page(&Visit::of_status(web, language.unwrap_or(preferred), address))
        })
    }

    /// The same with a page that needs the store: whoever asks is answered in time.
    pub(crate) async fn answer_in_time(
        self,
        language: Option<Language>,
        kind: Kind,
        page: impl FnOnce(&Visit) -> Answer + Send + 'static,
    ) -> Response {
        let (web, address, preferred) = (self.web.clone(), self.address.clone(), self.preferred);
        let done = Done::default();
        let notes = Arc::clone(&done);
        let work = move || {
            let visit = Visit { done: notes, ..self.visit(language) };
            page(&visit).unwrap_or_else(|refusal| kind.refused(refusal).page(&visit))
        };
        let patience = match kind {
            Kind::Shows | Kind::Does => &web.limits.patience,
            Kind::Gathers => &web.limits.at_length,
            Kind::Checks => &web.limits.checking,
        };
        let missed = match patience.wait_for(&done, work).await {
            Ok(response) => return response,
            Err(missed) => missed,
        };
        match &missed {
            Missed::Recorded(told) => return see_other(told),
            Missed::Panicked(error) => tracing::error!(%error, "a page panicked"),
            Missed::NotBegun => tracing::warn!("more pages are asked for at once than there are places"),
            Missed::UnderWay => {
                tracing::error!(
                    "whoever asked for a page was not answered in time: the store does not answer"
                );
            }
        }
        let refusal = kind.missed(&missed);
        let language = language.unwrap_or(preferred);
        let page = rendering(move || refusal.page(&Visit::of_status(web, language, address)));
        page.await.unwrap_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response())
    }
}

/// A page for everybody.
pub(crate) fn open(language: Option<Language>, page: Page) -> MethodRouter<Web> {
    get(move |arrival: Arrival| arrival.answer(language, page))
}

/// A page for everybody that needs the store.
pub(crate) fn open_in_time(language: Option<Language>, page: Page) -> MethodRouter<Web> {
    get(move |arrival: Arrival| arrival.answer_in_time(language, Kind::Shows, page))
}

/// A page for the person signed in; others are shown how to sign in.
pub(crate) fn own(language: Language, page: OwnPage) -> MethodRouter<Web> {
    let page = move |visit: &Visit| as_principal(visit, page);
    get(move |arrival: Arrival| async move {
        arrival.take_signal(language).await;
        arrival.answer_in_time(Some(language), Kind::Shows, page).await
    })
}

/// A page or a file for the person signed in, made from all that is known of them, which may take its time.
pub(crate) fn own_at_length(language: Language, page: OwnPage) -> MethodRouter<Web> {
    let page = move |visit: &Visit| as_principal(visit, page);
    get(move |arrival: Arrival| arrival.answer_in_time(Some(language), Kind::Gathers, page))
}

/// A page for everybody that waits for others than the store as well.
pub(crate) fn open_at_length(language: Option<Language>, page: Page) -> MethodRouter<Web> {
    get(move |arrival: Arrival| arrival.answer_in_time(language, Kind::Gathers, page))
}

/// An act: answers a POST with 303 to a page that can be bookmarked.
pub(crate) fn act(language: Language, page: OwnPage) -> MethodRouter<Web> {
    let page = move |visit: &Visit| match visit.ask_whose()? {
        Some(whose) => page(visit, &whose.principal),
        // What was sent is not done, and the page that comes instead says so.
        None => to_sign_in(visit, true),
    };
    post(move |arrival: Arrival| arrival.answer_in_time(Some(language), Kind::Does, page))
}

/// An act that needs no session.
pub(crate) fn open_act(language: Language, page: Page) -> MethodRouter<Web> {
    post(move |arrival: Arrival| arrival.answer_in_time(Some(language), Kind::Does, page))
}

fn as_principal(visit: &Visit, page: OwnPage) -> Answer {
    match visit.ask_whose()? {
        Some(whose) => page(visit, &whose.principal),
        None => to_sign_in(visit, false),
    }
}

/// To the page that tells how to sign in. The page that was wanted goes along: to a provider in the address; and for a link that works
/// once, which knows nothing of it, the browser keeps it.
fn to_sign_in(visit: &Visit, is_undone: bool) -> Answer {
    let wanted = own_page(Some(&visit.address));
    let to = wanted.filter(|_| visit.web.sign_in.is_some());
    let to = to.map(|wanted| format!("to={}", utf8_percent_encode(wanted, NON_ALPHANUMERIC)));
    let query: Vec<String> = to.into_iter().chain(is_undone.then(|| "undone=1".to_owned())).collect();
    let page = visit.link("sign-in");
    let mut response =
        see_other(&if query.is_empty() { page } else { format!("{page}?{}", query.join("&")) });
    if let Some(wanted) = wanted {
        add_cookie(&mut response, &cookie::WANTED.set(wanted, visit.web.settings.is_secure()))?;
    }
    Ok(response)
}

/// 303 to another page.
pub(crate) fn see_other(address: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, address.to_owned())]).into_response()
}
