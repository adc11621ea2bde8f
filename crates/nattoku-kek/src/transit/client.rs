//! Requests to `OpenBao` or Vault: few, small, and with a deadline.

use std::path::{Path, PathBuf};
use std::time::Duration;

use nattoku_outbound::Authority;
use nattoku_seal::KekError;
use serde_json::Value;
use ureq::Agent;
use zeroize::Zeroizing;

use super::TransitServer;

/// How long a request may take.
const DEADLINE: Duration = Duration::from_secs(10);
/// Longest answer read.
const ANSWER_BYTES_MAX: u64 = 1 << 16;

/// What the server says.
pub(super) enum Answered {
    /// The answer's `data`.
    Data(Value),
    /// It did not do it, and why.
    Refused { status: u16, why: String },
}

/// A server and who asks it.
pub(super) struct Client {
    agent: Agent,
    address: String,
    token_file: PathBuf,
}

impl Client {
    pub(super) fn new(server: &TransitServer) -> Result<Self, KekError> {
        let address = server.address.trim_end_matches('/').to_owned();
        let is_tls = address.starts_with("https://");
        if !is_tls && !is_this_machine(&address) {
            return Err(KekError::new(
                format!(
                    "{address} には鍵を平文で送れません。https のアドレスを `transit_address` に書いてください"
                ),
                format!(
                    "keys are not sent in the clear to {address}; write an https address as `transit_address`"
                ),
            ));
        }
        let authorities = if is_tls { authorities(server.ca_file.as_deref())? } else { Vec::new() };
        let config = nattoku_outbound::config(authorities, DEADLINE);
        Ok(Self { agent: config.into(), address, token_file: server.token_file.clone() })
    }

    pub(super) fn get(&self, path: &str) -> Result<Answered, KekError> {
        let token = self.token()?;
        let request = self.agent.get(self.url(path)).header("X-Vault-Token", token.as_str());
        self.answered(request.call())
    }

    pub(super) fn post(&self, path: &str, body: &Value) -> Result<Answered, KekError> {
        let token = self.token()?;
        let body = Zeroizing::new(body.to_string());
        let request = self.agent.post(self.url(path)).header("X-Vault-Token", token.as_str());
        self.answered(request.content_type("application/json").send(body.as_str()))
    }

    fn url(&self, path: &str) -> String {
        format!("{}/v1/{path}", self.address)
    }

    fn token(&self) -> Result<Zeroizing<String>, KekError> {
        let read = std::fs::read_to_string(&self.token_file).map(Zeroizing::new);
        let token = read.map_err(|error| cannot_read(&self.token_file, "transit_token_file", &error))?;
        Ok(Zeroizing::new(token.trim().to_owned()))
    }

    fn answered(
        &self,
        result: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    ) -> Result<Answered, KekError> {
        let unreachable = |error: &ureq::Error| {
            let address = &self.address;
            KekError::new(
                format!("{address} に届きません（{error}）。サーバーと `transit_address` を確かめてください"),
                format!("{address} cannot be reached ({error}); check the server and `transit_address`"),
            )
        };
        let mut response = result.map_err(|error| unreachable(&error))?;
        let status = response.status().as_u16();
        let read = response.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec();
        let bytes = Zeroizing::new(read.map_err(|error| unreachable(&error))?);
        let mut answer: Value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        if (200..300).contains(&status) {
            return Ok(Answered::Data(answer.get_mut("data").map_or(Value::Null, Value::take)));
        }
        let errors = answer.get("errors").and_then(Value::as_array);
        let why: Vec<&str> = errors.into_iter().flatten().filter_map(Value::as_str).collect();
        let why = why.join("; ").chars().filter(|c| !c.is_control()).take(200).collect();
        Ok(Answered::Refused { status, why })
    }
}

/// By whom the server's certificate is to be signed.
fn authorities(ca_file: Option<&Path>) -> Result<Vec<Authority>, KekError> {
    let Some(path) = ca_file else {
        return Err(KekError::new(
            "https には `transit_ca_file` が必要です。サーバー証明書の発行元の証明書（PEM）を書いてください",
            "https needs `transit_ca_file`: the file, as PEM, of the certificate that signs the server's",
        ));
    };
    let pem = std::fs::read(path).map_err(|error| cannot_read(path, "transit_ca_file", &error))?;
    nattoku_outbound::authorities(Some(&pem)).ok_or_else(|| {
        let path = path.display();
        KekError::new(
            format!("{path} に証明書がありません。PEM形式の証明書を `transit_ca_file` に書いてください"),
            format!("`{path}` has no certificate; name a file of certificates as PEM as `transit_ca_file`"),
        )
    })
}

/// Whether an address is of this very machine, so that what is sent in the clear crosses no network.
fn is_this_machine(address: &str) -> bool {
    let Some(rest) = address.strip_prefix("http://") else { return false };
    let host = rest.split('/').next().unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    matches!(host, "127.0.0.1" | "localhost" | "[::1]")
}

fn cannot_read(path: &Path, setting: &str, error: &std::io::Error) -> KekError {
    let path = path.display();
    KekError::new(
        format!("{path} を読めません（{error}）。`{setting}` を確かめてください"),
        format!("`{path}` cannot be read ({error}); check `{setting}`"),
    )
}
