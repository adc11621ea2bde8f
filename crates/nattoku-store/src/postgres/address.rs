//! The address of a database, and connections to it.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use postgres::config::{Host, SslMode};
use postgres::{Config, NoTls};

use super::error::unavailable;
use super::session::Session;
use super::tls;
use crate::error::StoreError;

/// How long a server may take to answer at all.
const CONNECTS_WITHIN: Duration = Duration::from_secs(10);

/// `postgres://USER:PASSWORD@HOST:PORT/DATABASE?…`, read. It is never shown with its password.
#[derive(Clone)]
pub struct Address {
    config: Box<Config>,
}

impl Address {
    /// Reads an address. Where it says nothing of `sslmode` and the server is on another machine, TLS is required: what goes
    /// over the wire is personal data.
    ///
    /// # Errors
    /// What is wrong with it, without what it says.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut config: Config = text.parse().map_err(|error: postgres::Error| told(&error))?;
        if config.get_hosts().is_empty() {
            return Err("it names no host".to_owned());
        }
        if config.get_dbname().is_none() {
            return Err("it names no database".to_owned());
        }
        if !text.contains("sslmode=") {
            let is_near = config.get_hosts().iter().all(is_this_machine);
            config.ssl_mode(if is_near { SslMode::Prefer } else { SslMode::Require });
        }
        if config.get_application_name().is_none() {
            config.application_name("nattoku");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECTS_WITHIN);
        }
        Ok(Self { config: Box::new(config) })
    }

    /// A new connection.
    pub(crate) fn connect(&self) -> Result<Session, StoreError> {
        let is_local = self.config.get_hosts().iter().all(|host| matches!(host, Host::Unix(_)));
        let client = if is_local || self.config.get_ssl_mode() == SslMode::Disable {
            self.config.connect(NoTls)
        } else {
            self.config.connect(tls::connector()?)
        };
        Session::new(client.map_err(|error| unavailable(&error))?)
    }
}

fn is_this_machine(host: &Host) -> bool {
    match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()),
    }
}

/// What the reader of addresses says, with what lies below it; neither repeats a value.
fn told(error: &postgres::Error) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string)
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        if let Some(user) = self.config.get_user() {
            write!(f, "{user}@")?;
        }
        for (index, host) in self.config.get_hosts().iter().enumerate() {
            f.write_str(if index == 0 { "" } else { "," })?;
            match host {
                Host::Tcp(name) => f.write_str(name)?,
                Host::Unix(path) => write!(f, "{}", path.display())?,
            }
            let ports = self.config.get_ports();
            if let Some(port) = ports.get(index).or_else(|| ports.first()) {
                write!(f, ":{port}")?;
            }
        }
        write!(f, "/{}", self.config.get_dbname().unwrap_or_default())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}
