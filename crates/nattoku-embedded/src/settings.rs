//! What an embedded node is opened with.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use nattoku_kek::TransitServer;
use nattoku_model::Language;

use crate::Told;

pub(crate) type Tell = Arc<dyn Fn(Told) + Send + Sync>;

/// What an embedded node is opened with. The first three are needed, and so is the key-encryption key where the ledger has one of its own.
#[derive(Clone)]
pub struct Settings {
    /// None, where the ledger puts policies in force.
    pub(crate) policy: Option<PathBuf>,
    pub(crate) store: String,
    pub(crate) application: String,
    pub(crate) kek: Option<String>,
    /// The module of PKCS#11, and the file of the PIN.
    pub(crate) token: Option<(PathBuf, PathBuf)>,
    pub(crate) engine: Option<TransitServer>,
    /// The lease's length, and the drift that clocks are allowed in it.
    pub(crate) lease: Option<(Duration, Duration)>,
    pub(crate) revision_wait: Duration,
    pub(crate) language: Language,
    pub(crate) tell: Tell,
}

impl Settings {
    /// The policy's folder, where the ledger is (`sqlite:PATH` or `postgres://USER@HOST/DATABASE`), and the application as which this
    /// program asks.
    #[must_use]
    pub fn new(policy: impl Into<PathBuf>, store: impl Into<String>, application: impl Into<String>) -> Self {
        Self::under(Some(policy.into()), store.into(), application.into())
    }

    /// The same, by the policy that the ledger has in force, as a server with `in_force_by = "ledger"`: a revision is one policy at every
    /// node (G4).
    #[must_use]
    pub fn in_force(store: impl Into<String>, application: impl Into<String>) -> Self {
        Self::under(None, store.into(), application.into())
    }

    fn under(policy: Option<PathBuf>, store: String, application: String) -> Self {
        Self {
            policy,
            store,
            application,
            kek: None,
            token: None,
            engine: None,
            lease: None,
            revision_wait: Duration::from_secs(1),
            language: Language::En,
            tell: Arc::new(|_| ()),
        }
    }

    /// What the ledger's keys rest on: `file:PATH`, `pkcs11:TOKEN/LABEL` or `transit:MOUNT/KEY`, as `kek` in `nattoku.toml`. Otherwise the
    /// file beside the ledger.
    #[must_use]
    pub fn key_encryption_key(mut self, named: impl Into<String>) -> Self {
        self.kek = Some(named.into());
        self
    }

    /// The module of a PKCS#11 token, and the file in which its PIN is.
    #[must_use]
    pub fn pkcs11(mut self, module: impl Into<PathBuf>, pin_file: impl Into<PathBuf>) -> Self {
        self.token = Some((module.into(), pin_file.into()));
        self
    }

    /// The server of a transit engine, the file in which its token is, and that of the certificates it is trusted by; these are needed for
    /// `https`.
    #[must_use]
    pub fn transit(
        mut self,
        address: impl Into<String>,
        token_file: impl Into<PathBuf>,
        authorities_file: Option<PathBuf>,
    ) -> Self {
        let (address, token_file) = (address.into(), token_file.into());
        self.engine = Some(TransitServer { address, token_file, ca_file: authorities_file });
        self
    }

    /// For how long it may permit after it asked for a lease, and how far clocks may stray in that time; otherwise two seconds and a tenth.
    /// What a deployment promises of a withdrawal goes by the longest lease of its nodes: servers have two seconds.
    #[must_use]
    pub fn lease(mut self, length: Duration, drift: Duration) -> Self {
        self.lease = Some((length, drift));
        self
    }

    /// How long a question waits for the revision that it asks for; otherwise one second, as at a server.
    #[must_use]
    pub fn wait_for_revisions(mut self, wait: Duration) -> Self {
        self.revision_wait = wait;
        self
    }

    /// Problems are told in Japanese.
    #[must_use]
    pub fn in_japanese(mut self) -> Self {
        self.language = Language::Ja;
        self
    }

    /// Tells the program what becomes of the node, on a thread of the node: for its log and its figures. It is not to take long, since
    /// nothing is followed meanwhile.
    #[must_use]
    pub fn telling(mut self, tell: impl Fn(Told) + Send + Sync + 'static) -> Self {
        self.tell = Arc::new(tell);
        self
    }
}

/// Without the store's address: a password may stand in it.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("policy", &self.policy)
            .field("application", &self.application)
            .field("key_encryption_key", &self.kek)
            .finish_non_exhaustive()
    }
}
