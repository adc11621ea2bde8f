//! As much of a browser as it takes to sign in at the identity provider of a test: it keeps cookies, follows redirects, and fills in forms.
#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use std::collections::BTreeMap;

use ureq::http::Response;
use ureq::{Agent, Body};

/// Most steps on the way through a provider.
const STEPS_MAX: usize = 20;

/// A browser at a provider.
pub struct Browser {
    agent: Agent,
    cookies: BTreeMap<String, String>,
}

impl Default for Browser {
    fn default() -> Self {
        let config = Agent::config_builder().max_redirects(0).http_status_as_error(false);
        Self { agent: config.build().into(), cookies: BTreeMap::new() }
    }
}

impl Browser {
    /// Goes where a site sends it, signs in there under a name, or breaks off where none is given, and confirms what is asked.
    /// Gives the address to which it is sent in the end.
    pub fn go(&mut self, address: &str, name: Option<&str>) -> String {
        let host: Vec<&str> = address.splitn(4, '/').collect();
        let provider = host.get(..3).unwrap().join("/");
        let mut answer = self.get(address);
        for _ in 0..STEPS_MAX {
            if let Some(to) = answer.headers().get("location") {
                let to = to.to_str().unwrap().to_owned();
                if to.starts_with('/') {
                    answer = self.get(&format!("{provider}{to}"));
                } else if to.starts_with(&provider) {
                    answer = self.get(&to);
                } else {
                    return to;
                }
                continue;
            }
            let page = answer.body_mut().read_to_string().unwrap();
            let action = attribute(&page, "<form", "action").unwrap_or_else(|| panic!("no form: {page}"));
            answer = if page.contains("name=\"xsrf\"") {
                let secret = attribute(&page, "name=\"xsrf\"", "value").unwrap();
                self.post(&action, &[("xsrf", &secret), ("logout", "yes")])
            } else if page.contains("name=\"login\"") {
                match name {
                    Some(name) => {
                        self.post(&action, &[("prompt", "login"), ("login", name), ("password", "x")])
                    }
                    None => self.get(&format!("{action}/abort")),
                }
            } else {
                self.post(&action, &[("prompt", "consent")])
            };
        }
        panic!("the way through {provider} does not end")
    }

    fn get(&mut self, address: &str) -> Response<Body> {
        let answer = self.agent.get(address).header("Cookie", self.all()).call().unwrap();
        self.keep(&answer);
        answer
    }

    fn post(&mut self, address: &str, form: &[(&str, &str)]) -> Response<Body> {
        let request = self.agent.post(address).header("Cookie", self.all());
        let answer = request.send_form(form.iter().copied()).unwrap();
        self.keep(&answer);
        answer
    }

    fn all(&self) -> String {
        let all: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        all.join("; ")
    }

    fn keep(&mut self, answer: &Response<Body>) {
        for set in answer.headers().get_all("set-cookie") {
            let set = set.to_str().unwrap();
            let (name, value) = set.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// The value of an attribute that stands after a mark.
fn attribute(page: &str, mark: &str, name: &str) -> Option<String> {
    let (_, after) = page.split_once(mark)?;
    let (_, value) = after.split_once(&format!("{name}=\""))?;
    Some(value.split('"').next()?.replace("&amp;", "&"))
}
