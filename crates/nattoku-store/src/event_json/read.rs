//! From an object of JSON to an event.

use jiff::Timestamp;
use nattoku_model::Event;
use nattoku_model::name::nearest;

use super::error::{EventError, both, did_you_mean, quoted};
use super::reader::{Reader, check_identifier, error, missing};
use super::value::{Object, read_object};
use super::{EVENT_ID_CHARS_MAX, EventId, LINE_BYTES_MAX, NewEvent, catalogue};

/// The first instant that RFC 3339 can write, 0000-01-01T00:00:00Z.
const YEAR_0: Timestamp = Timestamp::constant(-62_167_219_200, 0);

/// Reads one line.
pub(super) fn line(line: &[u8]) -> Result<NewEvent, EventError> {
    if line.len() > LINE_BYTES_MAX {
        return Err(error(
            "line",
            both(
                format!("{LINE_BYTES_MAX}バイト以下の行"),
                format!("a line of at most {LINE_BYTES_MAX} bytes"),
            ),
            both(format!("{}バイト", line.len()), format!("{} bytes", line.len())),
            both("できごとは1行に1つです", "one event stands on one line"),
        ));
    }
    let object = read_object(line).map_err(|e| {
        let (message, column) = (e.to_string(), e.column());
        error(
            "line",
            both("JSONのオブジェクト1つ", "one object of JSON"),
            both(format!("{column}文字目付近で読めない文字({message})"), message.clone()),
            both(
                "`{\"event\": \"…\", \"at\": \"…\"}` の形で書いてください",
                "write it as `{\"event\": \"…\", \"at\": \"…\"}`",
            ),
        )
    })?;
    if let Some(key) = object.written_twice() {
        return Err(error(
            key,
            both("1回だけの記載", "the field once"),
            both("2回の記載", "it twice"),
            both("どちらか一方を消してください", "remove one of the two"),
        ));
    }
    new_event(&object)
}

/// Checks that an event made in the program could be read back from its own line, given its own fields, and tells how many bytes
/// its texts have.
pub(super) fn check(new: &NewEvent, object: &Object<'_>) -> Result<usize, EventError> {
    let name = new.event.name();
    check_principal(name, new.principal.as_deref())?;
    if let Some(id) = &new.id {
        check_id(&id.0)?;
    }
    // Years before 0 cannot be written as RFC 3339 has it; those after 9999 are no timestamps.
    for (field, at) in [("at", Some(new.at)), ("recorded_at", new.recorded_at)] {
        if let Some(at) = at.filter(|at| *at < YEAR_0) {
            let text = at.to_string();
            let alone = Object(vec![(field.into(), super::value::Value::text(&text))]);
            Reader(&alone).timestamp(field)?;
        }
    }
    let names = [new.principal.as_deref(), new.id.as_ref().map(|id| id.0.as_str())];
    let n_bytes = names.into_iter().flatten().map(str::len).sum::<usize>() + object.text_bytes();
    event_from(name, object).map(|_| n_bytes)
}

fn new_event(object: &Object<'_>) -> Result<NewEvent, EventError> {
    let reader = Reader(object);
    let name = reader.text("event")?;
    check_event_name(name)?;
    check_keys(name, object)?;
    let principal = reader.text_if("principal")?;
    check_principal(name, principal)?;
    let id = reader.text_if("id")?;
    if let Some(id) = id {
        check_id(id)?;
    }
    Ok(NewEvent {
        id: id.map(|id| EventId(id.to_owned())),
        principal: principal.map(str::to_owned),
        at: reader.timestamp("at")?,
        recorded_at: reader.timestamp_if("recorded_at")?,
        event: event_from(name, object)?,
    })
}

fn check_event_name(name: &str) -> Result<(), EventError> {
    if catalogue::fields(name).is_some() {
        return Ok(());
    }
    let expected = both("できごとの名前", "the name of an event");
    let help = if catalogue::is_of_a_later_version(name) {
        both(
            "請求と漏えい等のできごとはこの版では受け付けません。この行を除いてください",
            "events of claims and incidents are not supported by this version: leave the line out",
        )
    } else {
        let otherwise = both(
            "docs/reference/events.md の名前を使ってください",
            "use a name from docs/reference/events.md",
        );
        did_you_mean(nearest(name, Event::NAMES), otherwise)
    };
    Err(error("event", expected, quoted(name), help))
}

fn check_keys(event: &str, object: &Object<'_>) -> Result<(), EventError> {
    let stray =
        object.0.iter().map(|(key, _)| key.as_ref()).find(|key| catalogue::keys(event).all(|k| k != *key));
    let Some(key) = stray else { return Ok(()) };
    let all = catalogue::keys(event).collect::<Vec<_>>().join(", ");
    let otherwise = both(format!("使える項目: {all}"), format!("its fields are {all}"));
    Err(error(
        key,
        both(format!("`{event}` の項目"), format!("a field of `{event}`")),
        both("知らない項目", "one it does not have"),
        did_you_mean(nearest(key, catalogue::keys(event)), otherwise),
    ))
}

fn check_principal(event: &str, principal: Option<&str>) -> Result<(), EventError> {
    match (catalogue::needs_principal(event), principal) {
        (true, None) => Err(missing("principal")),
        (true, Some(identifier)) => check_identifier("principal", identifier),
        (false, None) => Ok(()),
        (false, Some(_)) => Err(error(
            "principal",
            both(
                format!("`{event}` にはない項目"),
                format!("no principal in `{event}`, which concerns everybody"),
            ),
            both("本人のID", "one"),
            both("`principal` を消してください", "remove `principal`"),
        )),
    }
}

fn check_id(id: &str) -> Result<(), EventError> {
    let clean = !id.is_empty() && id.trim() == id && !id.contains(char::is_control);
    if clean && id.chars().count() <= EVENT_ID_CHARS_MAX {
        return Ok(());
    }
    Err(error(
        "id",
        both(
            format!("前後に空白のない、制御文字のない1〜{EVENT_ID_CHARS_MAX}文字のID"),
            format!(
                "an id of 1 to {EVENT_ID_CHARS_MAX} characters, without control characters and without white space at either end"
            ),
        ),
        quoted(id),
        both(
            "送信元でのできごとの番号を書くか、項目ごと省いてください",
            "write the sender's number of the event, or leave the field out",
        ),
    ))
}

/// Makes the event called `name` from its own fields.
pub(crate) fn event_from(name: &str, object: &Object<'_>) -> Result<Event, EventError> {
    let r = Reader(object);
    Ok(match name {
        "principal_registered" => Event::PrincipalRegistered {
            born: r.date_if("born")?,
            residence: r.line_if("residence")?,
            unknown_relationships: r.names_if("unknown_relationships")?,
        },
        "guardian_linked" => {
            Event::GuardianLinked { guardian: r.identifier("guardian")?, until: r.timestamp_if("until")? }
        }
        "relationship_started" => Event::RelationshipStarted { relationship: r.name("relationship")? },
        "relationship_ended" => Event::RelationshipEnded { relationship: r.name("relationship")? },
        "data_acquired" => Event::DataAcquired {
            category: r.name("category")?,
            source: r.name("source")?,
            entrusted_from: r.name_if("entrusted_from")?,
            policy_version: r.version_if("policy_version")?,
        },
        "data_erased" => Event::DataErased { category: r.name("category")? },
        "notice_given" => Event::NoticeGiven {
            policy_version: r.version("policy_version")?,
            language: r.language("language")?,
            channel: r.line("channel")?,
        },
        "data_used" => Event::DataUsed {
            application: r.name("application")?,
            activity: r.name("activity")?,
            categories: r.names("categories", true)?,
        },
        "data_provided" => Event::DataProvided {
            recipient: r.name("recipient")?,
            activity: r.name("activity")?,
            categories: r.names("categories", true)?,
            basis: r.line("basis")?,
        },
        "data_received" => Event::DataReceived {
            source: r.name("source")?,
            activity: r.name("activity")?,
            categories: r.names("categories", true)?,
            basis: r.line("basis")?,
        },
        "data_viewed" => Event::DataViewed {
            application: r.name("application")?,
            department: r.name("department")?,
            role: r.name("role")?,
            activity: r.name("activity")?,
            categories: r.names("categories", true)?,
            reason: r.name("reason")?,
        },
        "recipient_assessed" => Event::RecipientAssessed { recipient: r.name("recipient")? },
        "recipient_supervised" => Event::RecipientSupervised { recipient: r.name("recipient")? },
        "recipient_suspended" => Event::RecipientSuspended { recipient: r.name("recipient")? },
        "recipient_ended" => Event::RecipientEnded { recipient: r.name("recipient")? },
        "publication_published" => Event::PublicationPublished { publication: r.name("publication")? },
        "policy_published" => {
            Event::PolicyPublished { version: r.version("version")?, digest: r.version("digest")? }
        }
        _ => return will_from(name, &r),
    })
}

/// Makes the events that say what the principal wants, or what stops a use.
fn will_from(name: &str, r: &Reader<'_>) -> Result<Event, EventError> {
    Ok(match name {
        "consent_granted" => Event::ConsentGranted {
            item: r.name("item")?,
            text_version: r.version("text_version")?,
            language: r.language("language")?,
            channel: r.line("channel")?,
            by: r.by()?,
            until: r.timestamp_if("until")?,
            evidence: r.evidence_if("evidence")?,
        },
        "consent_withdrawn" => {
            Event::ConsentWithdrawn { item: r.name("item")?, channel: r.line("channel")?, by: r.by()? }
        }
        "choice_declined" => {
            Event::ChoiceDeclined { choice: r.name("choice")?, channel: r.line("channel")?, by: r.by()? }
        }
        "choice_restored" => {
            Event::ChoiceRestored { choice: r.name("choice")?, channel: r.line("channel")?, by: r.by()? }
        }
        "restriction_placed" => Event::RestrictionPlaced {
            categories: r.names("categories", false)?,
            actions: r.actions("actions")?,
            claim: r.line_if("claim")?,
        },
        "restriction_lifted" => Event::RestrictionLifted {
            categories: r.names("categories", false)?,
            actions: r.actions("actions")?,
            claim: r.line_if("claim")?,
        },
        _ => return Err(check_event_name(name).err().unwrap_or_else(|| missing("event"))),
    })
}
