//! The address of a database, and connections to it.

use std::fmt;
use std::net::IpAddr;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use nattoku_model::Language;
use postgres::config::{Host, SslMode};
use postgres::{Config, NoTls};

use super::error::cannot_connect;
use super::session::{Session, Warned};
use super::tls;
use crate::error::StoreError;

/// How long each server may take until it can be asked.
const CONNECTS_WITHIN: Duration = Duration::from_secs(10);
/// How long nothing may come over a connection before the other side is asked whether it is still there.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(10);
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(5);
const KEEPALIVE_RETRIES: u32 = 3;
/// How long the other side may leave unacknowledged what was sent.
const ACKNOWLEDGED_WITHIN: Duration = Duration::from_secs(20);

/// `postgres://USER:PASSWORD@HOST:PORT/DATABASE?…`, read. It is never shown with its password.
#[derive(Clone)]
pub struct Address {
    config: Box<Config>,
}

/// Why a text is no address of a database. It says nothing of what the text holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotAnAddress {
    /// It names no host.
    NoHost,
    /// It names no database.
    NoDatabase,
    /// It has more than one `@`, so that a part of a password may stand where a host should.
    At,
    /// Something else, in the words of the reader of addresses.
    Wrong(String),
}

impl NotAnAddress {
    /// What is wrong, as a clause of `language`.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        let (ja, en) = match self {
            Self::NoHost => ("ホストがありません", "it names no host"),
            Self::NoDatabase => ("データベースがありません", "it names no database"),
            Self::At => (
                "`@` が2つ以上あります。ユーザーやパスワードの中の `@` は `%40` と書いてください",
                "it has more than one `@`; write one that is part of a user or a password as `%40`",
            ),
            Self::Wrong(what) => (what.as_str(), what.as_str()),
        };
        match language {
            Language::Ja => ja.to_owned(),
            Language::En => en.to_owned(),
        }
    }
}

impl Address {
    /// Reads an address. Where it says nothing of `sslmode`, TLS is required of a server on another machine: what goes over the
    /// wire is personal data. To this machine itself there is none, since its own server has no certificate that anybody trusts.
    ///
    /// # Errors
    /// What is wrong with it, without what it says.
    pub fn read(text: &str) -> Result<Self, NotAnAddress> {
        if text.matches('@').count() > 1 {
            return Err(NotAnAddress::At);
        }
        let mut config: Config =
            text.parse().map_err(|error: postgres::Error| NotAnAddress::Wrong(told(&error)))?;
        if config.get_hosts().is_empty() {
            return Err(NotAnAddress::NoHost);
        }
        if config.get_dbname().is_none() {
            return Err(NotAnAddress::NoDatabase);
        }
        if !sets(text, "sslmode") {
            config.ssl_mode(if is_near(&config) { SslMode::Disable } else { SslMode::Require });
        }
        if config.get_application_name().is_none() {
            config.application_name("nattoku");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECTS_WITHIN);
        }
        if !sets(text, "keepalives_idle") {
            config.keepalives_idle(KEEPALIVE_IDLE);
        }
        if config.get_keepalives_interval().is_none() {
            config.keepalives_interval(KEEPALIVE_INTERVAL);
        }
        if config.get_keepalives_retries().is_none() {
            config.keepalives_retries(KEEPALIVE_RETRIES);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(ACKNOWLEDGED_WITHIN);
        }
        Ok(Self { config: Box::new(config) })
    }

    /// A new connection. A server that takes a connection and then says nothing is given up like one that takes none.
    pub(crate) fn connect(&self) -> Result<Session, StoreError> {
        let (answer, answered) = sync_channel(1);
        let this = self.clone();
        std::thread::Builder::new()
            .name("ledger-connection".to_owned())
            .spawn(move || {
                // Whoever asked may have given it up.
                let _ = answer.send(this.connect_at_length());
            })
            .map_err(|error| StoreError::Unreachable { source: error.into() })?;
        let within = self.connects_within();
        answered.recv_timeout(within).unwrap_or_else(|_| {
            let source = format!("it does not answer within {} s", within.as_secs()).into();
            Err(StoreError::Unreachable { source })
        })
    }

    fn connect_at_length(&self) -> Result<Session, StoreError> {
        let is_local = self.config.get_hosts().iter().all(|host| matches!(host, Host::Unix(_)));
        let (mut config, warned) = (self.config.clone(), Warned::default());
        let hears = warned.clone();
        config.notice_callback(move |notice| hears.hear(&notice));
        let client = if is_local || config.get_ssl_mode() == SslMode::Disable {
            config.connect(NoTls)
        } else {
            config.connect(tls::connector()?)
        };
        Session::new(client.map_err(|error| cannot_connect(&error))?, warned)
    }

    /// One server is tried after the other.
    fn connects_within(&self) -> Duration {
        let n_servers = self.config.get_hosts().len().max(self.config.get_hostaddrs().len());
        let each = self.config.get_connect_timeout().copied().unwrap_or(CONNECTS_WITHIN);
        each.saturating_mul(u32::try_from(n_servers).unwrap_or(u32::MAX))
    }
}

/// Whether the address sets a parameter: after its question mark, of which a password may have one as well.
fn sets(address: &str, parameter: &str) -> bool {
    let behind_password = address.split_once('@').map_or(address, |(_, behind)| behind);
    let parameters = behind_password.split_once('?').map_or("", |(_, parameters)| parameters);
    parameters.split('&').any(|set| set.split_once('=').is_some_and(|(name, _)| name == parameter))
}

/// Whether every server is on this machine.
fn is_near(config: &Config) -> bool {
    config.get_hosts().iter().all(is_this_machine) && config.get_hostaddrs().iter().all(IpAddr::is_loopback)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(address: &str) -> SslMode {
        Address::read(address).unwrap().config.get_ssl_mode()
    }

    #[test]
    fn tls_is_required_unless_the_server_is_on_this_machine_or_the_address_says_otherwise() {
        for near in [
            "postgres://me@localhost/l",
            "postgres://me@127.0.0.1,[::1]/l",
            "postgres://me@%2frun%2fpostgresql/l",
            "postgres://me@localhost/l?hostaddr=127.0.0.1",
        ] {
            assert_eq!(mode(near), SslMode::Disable, "{near}");
        }
        for far in [
            "postgres://me@db.example/l",
            "postgres://me@localhost,db.example/l",
            "postgres://me@localhost/l?hostaddr=10.0.0.5",
            "postgres://me:sslmode=disable@db.example/l",
            "postgres://me:?sslmode=disable@db.example/l",
            "postgres://me@db.example/l?application_name=sslmode=",
        ] {
            assert_eq!(mode(far), SslMode::Require, "{far}");
        }
        assert_eq!(mode("postgres://me@db.example/l?application_name=x&sslmode=disable"), SslMode::Disable);
        assert_eq!(mode("postgres://me@localhost/l?sslmode=require"), SslMode::Require);
    }

    #[test]
    fn a_server_that_is_gone_is_noticed_unless_the_address_says_otherwise() {
        let config = Address::read("postgres://me@db.example/l").unwrap().config;
        assert_eq!(config.get_keepalives_idle(), KEEPALIVE_IDLE);
        assert_eq!(config.get_keepalives_interval(), Some(KEEPALIVE_INTERVAL));
        assert_eq!(config.get_keepalives_retries(), Some(KEEPALIVE_RETRIES));
        assert_eq!(config.get_tcp_user_timeout(), Some(&ACKNOWLEDGED_WITHIN));
        let given = "postgres://me@db.example/l?keepalives_idle=7&tcp_user_timeout=9";
        let config = Address::read(given).unwrap().config;
        assert_eq!(config.get_keepalives_idle(), Duration::from_secs(7));
        assert_eq!(config.get_tcp_user_timeout(), Some(&Duration::from_secs(9)));
    }

    #[test]
    fn what_may_be_part_of_a_password_is_no_host() {
        for wrong in ["postgres://me:a@b@host/l", "postgres://me:a@b/c@host/l"] {
            assert_eq!(Address::read(wrong).err(), Some(NotAnAddress::At), "{wrong}");
        }
        assert_eq!(
            Address::read("postgres://me:a%40b@host/l").unwrap().to_string(),
            "postgres://me@host:5432/l"
        );
    }
}
