//! An identity provider of a test's own: oidc-provider, which is certified, as a program of Node on this machine.
//!
//! `cargo xtask test` installs it in `target/identity`. Where it is absent a test says so and holds nothing, except where
//! `NATTOKU_INSTALLED` promises that it is there.
#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    reason = "a test stops at the first surprise"
)]

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::python::absent;

/// What starts it.
const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/identity/provider.mjs");

/// By whom a token is signed that a test makes up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    /// The provider's key.
    ByKey,
    /// A key of somebody else, under the name of the provider's.
    ByOther,
    /// HMAC, with the provider's public key for a secret.
    ByPublicKey,
    /// Nobody.
    ByNobody,
}

/// A provider that lives as long as the value.
pub struct IdentityProvider {
    child: Child,
    issuer: String,
}

impl IdentityProvider {
    /// Starts one. The folder is that for the tests' own files, `env!("CARGO_TARGET_TMPDIR")`, beside which it is installed.
    pub fn start(of_tests: &str) -> Option<Self> {
        let beside = Path::new(of_tests).with_file_name("identity");
        let folder = std::env::var_os("NATTOKU_IDENTITY").map_or(beside, PathBuf::from);
        if !folder.join("node_modules/oidc-provider").exists() {
            absent("oidc-provider");
            return None;
        }
        let mut node = Command::new("node");
        node.arg(PROGRAM).arg(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = node.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let told: Value = serde_json::from_str(&line).unwrap();
        let issuer = told.get("issuer").and_then(Value::as_str).unwrap().to_owned();
        Some(Self { child, issuer })
    }

    /// Its address, by which it calls itself.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// A token of a program, for somebody.
    pub fn token(&self, client: &str, audience: &str) -> String {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", client),
            ("client_secret", &format!("secret-of-{client}")),
            ("resource", audience),
        ];
        let mut answer = ureq::post(format!("{}/token", self.issuer)).send_form(form).unwrap();
        let told: Value = serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
        told.get("access_token").and_then(Value::as_str).unwrap().to_owned()
    }

    /// A token that it never issued.
    pub fn forge(&self, header: &Value, claims: &Value, signed: Signed) -> String {
        let by = match signed {
            Signed::ByKey => "key",
            Signed::ByOther => "other",
            Signed::ByPublicKey => "public",
            Signed::ByNobody => "none",
        };
        self.ask("forge", &json!({ "header": header, "claims": claims, "by": by }))
    }

    /// Has it sign by another key from here on, and publish that one alone.
    pub fn rotate(&self) {
        self.ask("rotate", &json!({}));
    }

    /// How often it was asked for its keys.
    pub fn n_key_requests(&self) -> u32 {
        self.ask("key-requests", &json!({})).parse().unwrap()
    }

    /// Ends it: from here on nothing answers at its address.
    pub fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    fn ask(&self, what: &str, body: &Value) -> String {
        let address = format!("{}/-/{what}", self.issuer);
        let mut answer = ureq::post(address).send(body.to_string()).unwrap();
        answer.body_mut().read_to_string().unwrap()
    }
}

impl Drop for IdentityProvider {
    fn drop(&mut self) {
        self.stop();
    }
}
