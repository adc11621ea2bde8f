//! `nattoku decide --requests FILE --follow`: answers for as long as somebody asks, while the ledger and the policy move on.
//!
//! Questions are answered here, one after the other; another thread looks at the policy's folder and compiles what is new
//! beside. Before a question that had to be waited for is answered, the population takes in what the ledger has: whatever was
//! recorded before the question was sent counts.

use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::Instant;

use indicatif::ProgressBar;
use nattoku_model::Language;
use nattoku_operations::{Following, OperationError, Question, Respondent, Telling};
use nattoku_store::OpenMode;
use serde_json::json;

use super::lines::{LINE_BYTES_MAX, Line, Lines};
use super::watch::Watch;
use super::{cannot_read, open_input, worse};
use crate::cli::DecideArgs;
use crate::exit::{CommandError, Exit};
use crate::progress::{self, Work};
use crate::settings::Settings;
use crate::{open, output};

/// Answers are written at the latest when there are so many bytes of them.
const WRITTEN_AT: usize = 65_536;

/// Exits as the worst of the answers does: 0 where all is permitted, 1 where something is not, 2 where a line could not be
/// answered.
pub(super) fn run(args: &DecideArgs, file: &str, language: Language) -> Result<Exit, CommandError> {
    let input = open_input(file)?;
    let nattoku = open::nattoku(&args.place, OpenMode::ReadOnly, language)?;
    let settings = Settings::load(args.place.policy.as_deref(), args.place.store.as_deref())?;
    let bar = progress::bar(Work::Principals, language);
    let following = nattoku.follow(&mut |progress| {
        bar.set_length(progress.of);
        bar.set_position(progress.done);
    });
    bar.finish_and_clear();
    let following = following?;
    let watch = Watch::new(&following, settings.policy()?, language, |_, told| output::note(told));
    std::thread::scope(|scope| {
        // One look that waits is enough: it sees all that has changed until then.
        let (look, looks) = sync_channel(1);
        scope.spawn(move || watch.run(&looks));
        let bar = progress::bar(Work::Lines, language);
        let stream = Stream { following: &following, look, file, explains: args.explain, language, bar };
        stream.run(Lines::new(input))
    })
}

/// A stream of questions on its way to answers.
struct Stream<'a> {
    following: &'a Following,
    look: SyncSender<()>,
    file: &'a str,
    explains: bool,
    language: Language,
    bar: ProgressBar,
}

/// What has been answered so far.
struct Told {
    exit: Exit,
    by_engine: u64,
    by_definition: u64,
    refused: u64,
    plans: u64,
    editions: u64,
    /// Answers that are not written yet.
    text: String,
}

impl Stream<'_> {
    fn run(&self, mut lines: Lines) -> Result<Exit, CommandError> {
        let began = Instant::now();
        let mut told = Told {
            exit: Exit::Done,
            by_engine: 0,
            by_definition: 0,
            refused: 0,
            plans: 0,
            editions: 0,
            text: String::new(),
        };
        let mut next = self.read(&mut lines)?;
        while next.is_some() {
            let standing = self.following.standing();
            standing.catch_up()?;
            let mut respondent = Respondent::new(Arc::clone(&standing));
            told.editions += 1;
            while let Some((number, line)) = next.take() {
                self.answer(&mut respondent, number, &line, &mut told)?;
                let is_at_hand = lines.is_at_hand();
                if !is_at_hand || told.text.len() >= WRITTEN_AT {
                    output::text(&std::mem::take(&mut told.text));
                    self.bar.set_position(told.by_engine + told.by_definition + told.refused);
                }
                next = self.read(&mut lines)?;
                if !is_at_hand {
                    if !Arc::ptr_eq(&standing, &self.following.standing()) {
                        break;
                    }
                    standing.catch_up()?;
                }
            }
            told.plans += respondent.n_plans();
        }
        self.bar.finish_and_clear();
        output::note(&told.sentence(began.elapsed().as_secs_f64(), self.language));
        Ok(told.exit)
    }

    /// The next line. Where somebody may just have written it, the policy's folder is worth a look.
    fn read(&self, lines: &mut Lines) -> Result<Option<(usize, Line)>, CommandError> {
        let is_at_hand = lines.is_at_hand();
        let line = lines.next().map_err(|error| cannot_read(self.file, &error))?;
        if !is_at_hand {
            let _ = self.look.try_send(());
        }
        Ok(line)
    }

    fn answer(
        &self,
        respondent: &mut Respondent,
        number: usize,
        line: &Line,
        told: &mut Told,
    ) -> Result<(), CommandError> {
        let answered = match question(line, self.language) {
            Ok(question) if self.explains => respondent.standing().explain(&question),
            Ok(question) => respondent.answer(&question, Telling::Gates),
            Err(sentence) => {
                told.refuse(number, &sentence);
                return Ok(());
            }
        };
        match answered {
            Ok(line) => {
                if line.by_engine {
                    told.by_engine += 1;
                } else {
                    told.by_definition += 1;
                }
                let exit = if line.verdict.is_permitted() { Exit::Done } else { Exit::No };
                told.exit = worse(told.exit, exit);
                told.text.extend([line.text.as_str(), "\n"]);
                Ok(())
            }
            Err(OperationError::Store(error)) => Err(error.into()),
            Err(error) => {
                told.refuse(number, &error.sentence(self.language));
                Ok(())
            }
        }
    }
}

/// The question of a line, or what is wrong with it.
fn question(line: &Line, language: Language) -> Result<Question, String> {
    let say = |ja: String, en: String| match language {
        Language::Ja => ja,
        Language::En => en,
    };
    let Line::Read(line) = line else {
        return Err(say(
            format!("一行が {LINE_BYTES_MAX} バイトを超えています"),
            format!("the line is longer than {LINE_BYTES_MAX} bytes"),
        ));
    };
    let Ok(text) = std::str::from_utf8(line) else {
        return Err(say("UTF-8 ではありません".to_owned(), "not UTF-8".to_owned()));
    };
    Question::from_json(text.trim()).map_err(|error| error.problem.get(language).to_owned())
}

impl Told {
    fn refuse(&mut self, number: usize, sentence: &str) {
        self.refused += 1;
        self.exit = worse(self.exit, Exit::AskedWrongly);
        self.text.extend([json!({ "line": number, "error": sentence }).to_string().as_str(), "\n"]);
    }

    /// What it came to, and how fast.
    fn sentence(&self, seconds: f64, language: Language) -> String {
        let Self { by_engine, by_definition, refused, plans, editions, .. } = self;
        let all = by_engine + by_definition + refused;
        #[expect(clippy::cast_precision_loss, reason = "a rate need not be exact")]
        let rate = all as f64 / seconds.max(0.001);
        match language {
            Language::Ja => format!(
                "{all} 件に {seconds:.1} 秒で答えました（毎秒 {rate:.0} 件）。エンジン {by_engine} 件、定義 {by_definition} 件、答えられない行 {refused} 件。作成した計画 {plans} 件、使ったポリシー {editions} 版"
            ),
            Language::En => format!(
                "{all} answered in {seconds:.1} s, {rate:.0} a second: {by_engine} by the engine, {by_definition} by the definition, {refused} refused; plans made: {plans}, editions of the policy: {editions}"
            ),
        }
    }
}
