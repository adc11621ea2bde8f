//! What a server tells of itself while it runs: on standard error, in lines for people on a terminal and in JSON elsewhere.
//!
//! No name, identifier or content of a principal's is ever among it. What is told while a call is answered has the call's number, which its
//! caller has as well.

use std::fmt;
use std::io::{IsTerminal as _, stderr};
use std::panic::PanicHookInfo;

use nattoku_trace::current_number;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::format::{Format, Full, Json, Writer};
use tracing_subscriber::fmt::time::SystemTime;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use crate::exit::CommandError;

/// How much is told: `error`, `warn`, `info` or `debug`.
const LEVEL: &str = "NATTOKU_LOG";
/// What a call's number is called in the log: it is the id of its trace, and tools that know OpenTelemetry look for that.
const NUMBER: &str = "trace_id";

/// Begins to tell. Called once, before anything is served.
pub(crate) fn begin() -> Result<(), CommandError> {
    let lines = tracing_subscriber::fmt().with_writer(stderr).with_max_level(level()?);
    let usual = Format::default().with_target(false);
    // Where somebody listens already, as in a test, they go on to.
    let _ = if stderr().is_terminal() {
        lines.event_format(ForPeople(usual)).try_init()
    } else {
        lines.json().event_format(InJson(usual.json().flatten_event(true))).try_init()
    };
    std::panic::set_hook(Box::new(panicked));
    Ok(())
}

fn level() -> Result<Level, CommandError> {
    let Ok(named) = std::env::var(LEVEL) else { return Ok(Level::INFO) };
    named.parse().map_err(|_| {
        CommandError::asked_wrongly(
            format!("{LEVEL}: `{named}` という詳しさはありません"),
            format!("{LEVEL}: there is no level `{named}`"),
        )
        .hint("error、warn、info、debug があります", "there are error, warn, info and debug")
    })
}

/// Tells where it was. What it says is told only where it is a part of the program: what is put together may have anything in it.
fn panicked(info: &PanicHookInfo<'_>) {
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    let says = info.payload().downcast_ref::<&'static str>().copied().unwrap_or_default();
    tracing::error!(place, says, "something panicked");
}

/// A line, behind the number of the call.
struct ForPeople(Format<Full, SystemTime>);

impl<S, N> FormatEvent<S, N> for ForPeople
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut out: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        if let Some(number) = current_number() {
            write!(out, "{number} ")?;
        }
        self.0.format_event(context, out, event)
    }
}

/// An object, with the number of the call as its last member.
struct InJson(Format<Json, SystemTime>);

impl<S, N> FormatEvent<S, N> for InJson
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut out: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let Some(number) = current_number() else { return self.0.format_event(context, out, event) };
        let mut line = String::new();
        self.0.format_event(context, Writer::new(&mut line), event)?;
        match line.trim_end().strip_suffix('}') {
            Some(members) => writeln!(out, "{members},\"{NUMBER}\":\"{number}\"}}"),
            None => out.write_str(&line),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use nattoku_trace::{Call, Tracing, with_call};
    use serde_json::Value;

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl Kept {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    #[test]
    fn what_is_told_while_a_call_is_answered_has_its_number() {
        let (json, people) = (Kept::default(), Kept::default());
        let usual = || Format::default().with_target(false);
        let (in_json, for_people) = (json.clone(), people.clone());
        let lines = tracing_subscriber::fmt().json().with_writer(move || in_json.clone());
        let lines = lines.event_format(InJson(usual().json().flatten_event(true))).finish();
        let call = Call::begin(&Tracing::off(), &axum::http::HeaderMap::new());
        tracing::subscriber::with_default(lines, || {
            with_call(Some(call.clone()), || tracing::warn!(kind = "behind", "a call}}"));
            tracing::warn!("no call");
        });
        let lines = tracing_subscriber::fmt().with_writer(move || for_people.clone());
        tracing::subscriber::with_default(lines.event_format(ForPeople(usual())).finish(), || {
            with_call(Some(call.clone()), || tracing::warn!("a call"));
        });
        let number = call.number().to_string();
        let told: Vec<Value> = json.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(
            (&told[0]["trace_id"], &told[0]["kind"]),
            (&Value::from(number.as_str()), &"behind".into())
        );
        assert_eq!((&told[0]["message"], &told[0]["level"]), (&"a call}".into(), &"WARN".into()));
        assert_eq!((told.len(), told[1].get("trace_id")), (2, None));
        let text = people.text();
        assert!(text.starts_with(&format!("{number} ")) && text.contains("a call"), "{text}");
    }
}
