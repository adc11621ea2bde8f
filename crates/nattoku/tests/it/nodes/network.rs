//! A network of a test's own: each server in a namespace of the kernel's with one link to whoever asks and one to the database, of which
//! the latter can be cut, so that what is sent is lost and nobody is told.

use std::process::{Command, Stdio};

use nattoku_testkit::postgresql::Postgresql;

/// The port of the database at each of its addresses, by which its socket is named too.
const PORT: u16 = 5_432;

/// As many servers as there are namespaces.
pub(super) struct Network {
    names: Vec<String>,
}

fn ip(words: &[&str]) -> bool {
    let ran = Command::new("ip").args(words).stdout(Stdio::null()).stderr(Stdio::null()).status();
    ran.is_ok_and(|status| status.success())
}

impl Network {
    /// A network for so many servers; none, where this machine lets nobody make one, which is told.
    pub(super) fn new(count: usize) -> Option<Self> {
        let names = (0..count).map(|node| format!("nk{}n{node}", std::process::id())).collect();
        let network = Self { names };
        let made = (0..count).all(|node| network.make(node));
        if !made {
            assert!(
                std::env::var_os("NATTOKU_INSTALLED").is_none(),
                "namespaces of the network cannot be made"
            );
            eprintln!("this machine makes no namespaces of the network: nothing is held");
        }
        made.then_some(network)
    }

    fn make(&self, node: usize) -> bool {
        let Some(name) = self.names.get(node) else { return false };
        let link = |kind: &str, subnet: usize| {
            let (out, within) = (format!("{name}{kind}"), format!("{name}{kind}i"));
            ip(&["link", "add", &out, "type", "veth", "peer", "name", &within])
                && ip(&["link", "set", &within, "netns", name])
                && ip(&["addr", "add", &format!("10.{subnet}.{node}.1/30"), "dev", &out])
                && ip(&["link", "set", &out, "up"])
                && ip(&["-n", name, "addr", "add", &format!("10.{subnet}.{node}.2/30"), "dev", &within])
                && ip(&["-n", name, "link", "set", &within, "up"])
        };
        ip(&["netns", "add", name])
            && ip(&["-n", name, "link", "set", "lo", "up"])
            && link("a", 201)
            && link("d", 202)
    }

    /// A database that is reached over this network alone and by its own socket.
    pub(super) fn database(&self, name: &str) -> Option<Postgresql> {
        let addresses: Vec<String> = (0..self.names.len()).map(|node| format!("10.202.{node}.1")).collect();
        let options = format!(
            "-c fsync=off -c jit=off -c max_connections=300 -c listen_addresses={}",
            addresses.join(",")
        );
        let server = Postgresql::start_with(name, &options)?;
        server.trust("10.202.0.0/16");
        Some(server)
    }

    /// Where a server finds the database.
    pub(super) fn store(node: usize) -> String {
        format!("postgres://postgres@10.202.{node}.1:{PORT}/ledger?sslmode=disable")
    }

    /// The address at which a server is asked.
    pub(super) fn listen(node: usize) -> String {
        format!("10.201.{node}.2:8080")
    }

    /// The namespace of a server.
    pub(super) fn name(&self, node: usize) -> &str {
        &self.names[node]
    }

    /// Cuts a server off from the database.
    pub(super) fn cut(&self, node: usize) {
        assert!(ip(&["link", "set", &format!("{}d", self.names[node]), "down"]));
    }

    /// Puts it together again.
    pub(super) fn mend(&self, node: usize) {
        assert!(ip(&["link", "set", &format!("{}d", self.names[node]), "up"]));
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        for name in &self.names {
            // With a namespace go the links within, and with those the others.
            ip(&["netns", "delete", name]);
        }
    }
}
