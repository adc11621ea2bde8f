//! Installs what the tests need and a machine may lack, and says what it does.
//!
//! Debian's packages by `apt-get` where this runs as root or may use `sudo`; npm's by `npm ci` from the lock
//! files in `tests/browser` and, into `target/identity`, in `tests/identity`; Python's by `pip` into `target/python`. Elsewhere the failure names what to install. A download is tried twice.

use std::path::{Path, PathBuf};

use crate::command::{self, Program, is_installed};
use crate::steps::{Failure, Outcome};
use crate::workspace::Workspace;

/// Names under which a Chromium may be on the path.
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// The folder of the browser tests, from the root of the repository.
const BROWSER_TESTS: &str = "tests/browser";

/// The packages of the browser tests.
const OF_BROWSER: [&str; 4] = [
    "node_modules/axe-core",
    "node_modules/lighthouse",
    "node_modules/playwright-core",
    "node_modules/vnu-jar",
];

/// The Python packages of the tests, with their versions.
const PYTHON_PACKAGES: &str = "tests/python/requirements.txt";

/// The folder of the identity provider, from the root of the repository.
const IDENTITY_TESTS: &str = "tests/identity";

/// Everything the tests need.
pub(crate) fn all(workspace: &Workspace) -> Outcome {
    debian_packages(workspace.root())?;
    python_packages(workspace)?;
    identity_provider(workspace)?;
    npm_packages(&browser_tests(workspace), BROWSER_TESTS, &OF_BROWSER)
}

/// The identity provider, beside what cargo builds, where `nattoku-testkit` looks for it.
fn identity_provider(workspace: &Workspace) -> Outcome {
    let folder = workspace.target()?.join("identity");
    for file in ["package.json", "package-lock.json"] {
        let (from, to) = (workspace.root().join(IDENTITY_TESTS).join(file), folder.join(file));
        std::fs::create_dir_all(&folder)
            .and_then(|()| std::fs::copy(&from, &to))
            .map_err(|error| Failure::new(format!("cannot write {}: {error}", to.display())))?;
    }
    npm_packages(&folder, IDENTITY_TESTS, &["node_modules/oidc-provider"])
}

/// The folder of the browser tests.
pub(crate) fn browser_tests(workspace: &Workspace) -> PathBuf {
    workspace.root().join(BROWSER_TESTS)
}

/// A program of the Python packages.
pub(crate) fn python_program(workspace: &Workspace, name: &str) -> Outcome<PathBuf> {
    Ok(workspace.target()?.join("python/bin").join(name))
}

fn debian_packages(root: &Path) -> Outcome {
    let mut missing = Vec::new();
    let named = ["CHROMIUM", "CHROME_BIN", "CHROME_PATH"].iter().any(|name| std::env::var_os(name).is_some());
    if !named && !BROWSERS.iter().any(|name| is_installed(name)) {
        missing.push("chromium");
    }
    if is_installed("dpkg") && !Path::new("/var/lib/dpkg/info/fonts-noto-cjk.list").exists() {
        missing.push("fonts-noto-cjk");
    }
    if !is_installed("nvim") {
        missing.push("neovim");
    }
    if !is_installed("node") || !is_installed("npm") {
        missing.push("nodejs");
        missing.push("npm");
    }
    let programs = [
        ("pdfinfo", "poppler-utils"),
        ("qpdf", "qpdf"),
        ("java", "default-jre-headless"),
        ("strace", "strace"),
    ];
    missing
        .extend(programs.iter().filter(|(program, _)| !is_installed(program)).map(|(_, package)| *package));
    if !is_installed("softhsm2-util") {
        missing.push("softhsm2");
    }
    if !Path::new("/usr/lib/postgresql").exists() {
        missing.push("postgresql");
    }
    if !has_venv(root) {
        missing.push("python3");
        missing.push("python3-venv");
    }
    if missing.is_empty() {
        println!(
            "Chromium, a Japanese font, Neovim, npm, poppler, qpdf, Java, strace, SoftHSM, PostgreSQL and Python are here."
        );
        return Ok(());
    }
    println!("missing: {}", missing.join(", "));
    if !is_installed("apt-get") {
        return Err(Failure::new(format!(
            "install {} by this system's own means (a Chromium elsewhere: set CHROMIUM to its path)",
            missing.join(", ")
        )));
    }
    twice(|| apt_get(root, &["update"])?.run())?;
    let mut arguments = vec!["install", "-y", "--no-install-recommends"];
    arguments.extend(&missing);
    twice(|| apt_get(root, &arguments)?.run())
}

/// `apt-get`, through `sudo` where this is not root. Never asks.
fn apt_get(root: &Path, arguments: &[&str]) -> Outcome<Program> {
    let is_root = Program::new("id", root).arguments(&["-u"]).read()?.trim() == "0";
    let quiet = ["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"];
    if is_root {
        return Ok(Program::new("env", root).arguments(&quiet).arguments(arguments));
    }
    if command::find("sudo").is_none() {
        return Err(Failure::new(format!("as root: apt-get {}", arguments.join(" "))));
    }
    Ok(Program::new("sudo", root).arguments(&["-n", "env"]).arguments(&quiet).arguments(arguments))
}

/// Whether there is a Python that can make a folder of packages of its own.
fn has_venv(root: &Path) -> bool {
    let arguments = ["-c", "import venv, ensurepip"];
    is_installed("python3") && Program::new("python3", root).arguments(&arguments).read().is_ok()
}

/// The packages that other programs' formats are held against, and those of the Python client, in a folder of their own. The list that was installed is kept
/// beside them, so that a changed list is installed anew.
fn python_packages(workspace: &Workspace) -> Outcome {
    let list = workspace.root().join(PYTHON_PACKAGES);
    let folder = workspace.target()?.join("python");
    let installed = folder.join("installed.txt");
    let read = |path: &Path| std::fs::read_to_string(path).ok();
    if read(&installed).is_some() && read(&installed) == read(&list) {
        println!("The Python packages of {PYTHON_PACKAGES} are here.");
        return Ok(());
    }
    let (place, packages) = (folder.to_string_lossy(), list.to_string_lossy());
    Program::new("python3", workspace.root()).arguments(&["-m", "venv", &place]).run()?;
    let pip = folder.join("bin/python3").to_string_lossy().into_owned();
    let arguments = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", &packages];
    twice(|| Program::new(&pip, workspace.root()).arguments(&arguments).run())?;
    std::fs::copy(&list, &installed)
        .map(|_| ())
        .map_err(|error| Failure::new(format!("cannot write {}: {error}", installed.display())))
}

fn npm_packages(folder: &Path, list: &str, packages: &[&str]) -> Outcome {
    if is_current(folder, packages) {
        println!("The npm packages of {list} are here.");
        return Ok(());
    }
    let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    twice(|| Program::new("npm", folder).arguments(&arguments).run())
}

/// Whether what is installed has the versions that the lock file asks for.
fn is_current(folder: &Path, packages: &[&str]) -> bool {
    let versions = |file: &str, package: &str| -> Option<String> {
        let text = std::fs::read_to_string(folder.join(file)).ok()?;
        let lock: serde_json::Value = serde_json::from_str(&text).ok()?;
        lock.get("packages")?.get(package)?.get("version")?.as_str().map(str::to_owned)
    };
    packages.iter().all(|package| {
        let wanted = versions("package-lock.json", package);
        wanted.is_some() && wanted == versions("node_modules/.package-lock.json", package)
    })
}

fn twice(mut step: impl FnMut() -> Outcome) -> Outcome {
    step().or_else(|failure| {
        println!("{failure}; once more");
        step()
    })
}
