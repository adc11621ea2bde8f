//! `nattoku policy activate DIR`: puts a policy in force by an event of the ledger, once every node is ready for it (G4).

use std::collections::BTreeSet;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use nattoku_model::Language;
use nattoku_operations::{Nattoku, Publication, PutInForce, hexadecimal, kept_sources, to_be_kept};
use nattoku_policy::check::check;
use nattoku_policy::source::Source;
use nattoku_store::{OpenMode, State};
use serde_json::json;

use crate::cli::{ActivateArgs, Format};
use crate::clock::SystemClock;
use crate::exit::{CommandError, Exit};
use crate::progress::{self, Work};
use crate::settings::Settings;
use crate::{open, output, randomness};

/// What the turn at it is called, and for how much longer it is taken than nodes are waited for.
const TURN: &str = "activation";
const TURN_BEYOND: Duration = Duration::from_secs(30);
/// Fewest digits by which a policy that is kept is named.
const DIGITS_MIN: usize = 4;
/// How often it is looked which nodes are ready.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// How many nodes there are, and how many of them are ready.
#[derive(Debug, Clone, Copy)]
struct Nodes {
    all: usize,
    ready: usize,
}

pub(crate) fn run(args: &ActivateArgs, format: Format, language: Language) -> Result<Exit, CommandError> {
    let settings = Settings::load(None, args.store.as_deref())?;
    let place = settings.store_place()?;
    // What is wrong with the policy shows before anything is touched.
    let of_folder = args.dir.as_deref().map(|folder| sound(folder, language)).transpose()?;
    let store = open::store(&place, OpenMode::Existing, &settings.keys.kek()?)?;
    let state = place.open_state(store.ledger_id()?, nattoku_store::Settings::default())?;
    let (sources, publication) = match of_folder {
        Some(of_folder) => of_folder,
        None => kept(&*state, args.kept.as_deref().unwrap_or_default(), language)?,
    };
    let nattoku = Nattoku::of(publication, store, Box::new(SystemClock));
    let _turn = Turn::take(&*state, args.wait)?;
    let policy = to_be_kept(&sources, nattoku.now());
    state.keep_policy(&policy)?;
    // Whoever answers by it already has not to become ready.
    let waits = !nattoku.is_in_force()?;
    let nodes = wait(if waits { args.wait } else { 0 }, (&*state, &policy.digest), language)?;
    if waits && !args.prepare && nodes.ready < nodes.all && !args.force {
        return Err(not_ready(nodes, args.wait));
    }
    let put_in_force = if args.prepare { None } else { Some(nattoku.put_in_force()?) };
    tell(&nattoku, put_in_force.as_ref(), nodes, format, language);
    Ok(if args.prepare && nodes.ready < nodes.all { Exit::No } else { Exit::Done })
}

/// The turn at putting a policy in force, which one program has at a time: nodes are ready for one policy. It ends when this is dropped.
struct Turn<'a> {
    state: &'a dyn State,
    holder: [u8; 16],
}

impl<'a> Turn<'a> {
    fn take(state: &'a dyn State, wait: u32) -> Result<Self, CommandError> {
        let mut holder = [0; 16];
        randomness::fill(&mut holder)?;
        if state.take_turn(TURN, &holder, Duration::from_secs(wait.into()) + TURN_BEYOND)? {
            return Ok(Self { state, holder });
        }
        let error = CommandError::could_not_run(
            "いま、ほかのだれかがポリシーを有効にしているところです",
            "somebody else is putting a policy in force right now",
        );
        Err(error.hint(
            "終わるのを待って、nattoku policy activations で確かめてください",
            "wait until that has ended, and look with `nattoku policy activations`",
        ))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        // Otherwise it ends by itself.
        let _ = self.state.end_turn(TURN, &self.holder);
    }
}

/// The policy of a folder, which must be without errors.
fn sound(folder: &Path, language: Language) -> Result<(Vec<Source>, Publication), CommandError> {
    let sources = open::sources(folder)?;
    let publication = open::publication(&open::sound(check(&sources), folder, language)?)?;
    Ok((sources, publication))
}

/// The one policy that is kept whose digest begins so.
fn kept(
    state: &dyn State,
    begins: &str,
    language: Language,
) -> Result<(Vec<Source>, Publication), CommandError> {
    let begins = begins.strip_prefix("sha256:").unwrap_or(begins).to_ascii_lowercase();
    if begins.len() < DIGITS_MIN || !begins.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let error = CommandError::asked_wrongly(
            format!("`{begins}` はダイジェストの始まりではありません。16進数で {DIGITS_MIN} 桁以上です"),
            format!("`{begins}` is no beginning of a digest: at least {DIGITS_MIN} hexadecimal digits"),
        );
        return Err(error.hint(
            "nattoku policy activations で一覧が見られます",
            "`nattoku policy activations` lists them",
        ));
    }
    let digests = state.policies()?.into_iter().map(|(digest, _)| hexadecimal(&digest));
    let fitting: Vec<String> = digests.filter(|digest| digest.starts_with(&begins)).collect();
    let [digest] = fitting.as_slice() else {
        let (ja, en) = if fitting.is_empty() {
            (
                format!("`{begins}` で始まるポリシーは保管されていません"),
                format!("no policy is kept whose digest begins with `{begins}`"),
            )
        } else {
            (
                format!("`{begins}` で始まるポリシーはいくつもあります"),
                format!("several policies are kept whose digests begin with `{begins}`"),
            )
        };
        return Err(CommandError::asked_wrongly(ja, en).hint(
            "nattoku policy activations で一覧が見られます",
            "`nattoku policy activations` lists them",
        ));
    };
    let sources = kept_sources(state, digest)?;
    let publication = open::publication(&open::sound(check(&sources), Path::new(digest), language)?)?;
    Ok((sources, publication))
}

/// Waits until every node is ready, or for so long.
fn wait(
    seconds: u32,
    (state, digest): (&dyn State, &[u8; 32]),
    language: Language,
) -> Result<Nodes, CommandError> {
    let bar = progress::bar(Work::Nodes, language);
    let (began, at_most) = (Instant::now(), Duration::from_secs(seconds.into()));
    loop {
        let nodes = nodes(state, digest)?;
        bar.set_length(nodes.all.try_into().unwrap_or(u64::MAX));
        bar.set_position(nodes.ready.try_into().unwrap_or(u64::MAX));
        if nodes.ready == nodes.all || began.elapsed() >= at_most {
            bar.finish_and_clear();
            return Ok(nodes);
        }
        sleep(LOOK_EVERY);
    }
}

fn nodes(state: &dyn State, digest: &[u8; 32]) -> Result<Nodes, CommandError> {
    let ready: BTreeSet<[u8; 16]> = state.nodes_ready(digest)?.into_iter().collect();
    let leases = state.leases()?;
    let n_ready = leases.iter().filter(|lease| ready.contains(&lease.node)).count();
    Ok(Nodes { all: leases.len(), ready: n_ready })
}

fn not_ready(Nodes { all, ready }: Nodes, waited: u32) -> CommandError {
    CommandError::could_not_run(
        format!("{waited} 秒待ちましたが、用意のできたノードは {all} のうち {ready} です。まだ有効にしていません"),
        format!("after {waited} s, {ready} of {all} nodes are ready; nothing was put in force"),
    )
    .hint(
        "保管はしてあり、ノードは用意を続けます。記録を確かめ、後でもう一度実行するか --wait で長く待ってください。フォルダーでポリシーを決めるノード（[server] in_force_by = \"folder\"、埋め込みの Settings::new）は用意をしません。--force なら待たずに有効にします",
        "it is kept, and nodes go on to become ready: look into their logs, and run this again or wait longer with --wait. Nodes that go by a folder (`[server] in_force_by = \"folder\"`, `Settings::new` of embedded ones) never are. --force does not wait for them",
    )
}

/// Tells what was done.
fn tell(
    nattoku: &Nattoku,
    put_in_force: Option<&PutInForce>,
    Nodes { all, ready }: Nodes,
    format: Format,
    language: Language,
) {
    let (version, digest) = (&nattoku.policy().version, nattoku.publication().sources_digest());
    let (from, is_new) = match put_in_force {
        None => (None, false),
        Some(PutInForce::Now(from)) => (Some(from), true),
        Some(PutInForce::Already(from)) => (Some(from), false),
    };
    let revision = from.map(|from| from.revision.0);
    output::line(&match (format, language, revision) {
        (Format::Json, ..) => json!({
            "version": version.as_str(),
            "digest": digest,
            "in_force_from": revision,
            "changed": is_new,
            "nodes": all,
            "nodes_ready": ready,
        })
        .to_string(),
        (_, Language::Ja, None) => {
            format!(
                "版 {version}（sha256:{digest}）を保管しました。用意のできたノードは {all} のうち {ready} です"
            )
        }
        (_, Language::En, None) => {
            format!("version {version}, sha256:{digest}, is kept; {ready} of {all} nodes are ready for it")
        }
        (_, Language::Ja, Some(revision)) if is_new => {
            format!("版番号 {revision} から、版 {version}（sha256:{digest}）が有効です")
        }
        (_, Language::En, Some(revision)) if is_new => {
            format!("version {version}, sha256:{digest}, is in force from revision {revision} on")
        }
        (_, Language::Ja, Some(revision)) => {
            format!("版 {version}（sha256:{digest}）は、版番号 {revision} からすでに有効です")
        }
        (_, Language::En, Some(revision)) => {
            format!("version {version}, sha256:{digest}, has been in force since revision {revision}")
        }
    });
}
