//! Spans on their way to a collector that answers as it is told to.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::channel;

use http::{HeaderMap, Method, StatusCode};
use jiff::Timestamp;
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTracePartialSuccess, ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use prost::Message as _;

use super::*;
use crate::{Call, called_by, during, note, with_call};

const LONG: Duration = Duration::from_mins(1);

struct Stands;

impl Clock for Stands {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH + Duration::from_secs(7)
    }
}

/// What came to it, the head and what was in it.
type Came = (String, ExportTraceServiceRequest);

/// A collector that gives these answers, one after the other, and the last for ever.
fn collector(answers: &[(u16, Vec<u8>)]) -> (String, Receiver<Came>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/v1/traces", listener.local_addr().unwrap());
    let (tells, came) = channel();
    let mut answers = answers.to_vec();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(stream);
            while let Some(one) = read(&mut reader) {
                let (status, body) = if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() };
                let head = format!("HTTP/1.1 {status} -\r\nContent-Length: {}\r\n\r\n", body.len());
                reader.get_mut().write_all(&[head.as_bytes(), &body].concat()).unwrap();
                let _ = tells.send(one);
            }
        }
    });
    (address, came)
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Came> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let length = head.to_lowercase();
    let length = length.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok())?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((head, ExportTraceServiceRequest::decode(body.as_slice()).unwrap()))
}

fn spans(came: &ExportTraceServiceRequest) -> Vec<Span> {
    came.resource_spans[0].scope_spans[0].spans.clone()
}

fn tracing(address: &str, ratio: f64) -> Tracing {
    Tracing::to(of(address, ratio)).unwrap()
}

fn of(address: &str, ratio: f64) -> Collector {
    Collector {
        address: address.to_owned(),
        authorization: Some("Bearer of-the-file".to_owned()),
        authorities: None,
        service: "decisions".to_owned(),
        ratio,
        timeout: Duration::from_secs(20),
        clock: Box::new(Stands),
    }
}

fn headers(traceparent: &str) -> HeaderMap {
    HeaderMap::from_iter([(crate::parent::TRACEPARENT, traceparent.parse().unwrap())])
}

fn answer(tracing: &Tracing, headers: &HeaderMap) {
    let call = Call::begin(tracing, headers);
    call.answered(&Method::GET, Some("/v1/policy"), StatusCode::OK);
}

#[test]
fn a_call_is_a_span_below_that_of_its_caller_with_what_took_time_below_it() {
    let (address, came) = collector(&[(200, Vec::new())]);
    let tracing = tracing(&address, 0.0);
    let parent = headers("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    let call = Call::begin(&tracing, &parent);
    with_call(Some(call.clone()), || {
        called_by(|| "campaigns");
        note("nattoku.revision", || 7);
        during("append", || Err::<(), ()>(())).unwrap_err();
    });
    call.answered(&Method::POST, Some("/v1/events/{n}"), StatusCode::SERVICE_UNAVAILABLE);
    drop(call);
    tracing.end(LONG);
    let (head, came) = came.recv().unwrap();
    let head = head.to_lowercase();
    assert!(
        head.starts_with("post /v1/traces ") && head.contains("authorization: bearer of-the-file"),
        "{head}"
    );
    assert!(head.contains("content-type: application/x-protobuf"), "{head}");
    let of_service = format!("{:?}", came.resource_spans[0].resource);
    assert!(of_service.contains("service.name") && of_service.contains("decisions"), "{of_service}");
    let [below, call] = spans(&came).try_into().unwrap();
    assert_eq!((call.name.as_str(), call.kind), ("POST /v1/events/{n}", 2));
    assert_eq!(call.parent_span_id, [0x00, 0xf0, 0x67, 0xaa, 0x0b, 0xa9, 0x02, 0xb7]);
    assert_eq!((call.trace_id[0], call.flags), (0x4b, 0x301));
    assert_eq!((call.start_time_unix_nano, call.status.unwrap().code), (7_000_000_000, 2));
    assert!(call.end_time_unix_nano >= below.end_time_unix_nano - below.start_time_unix_nano);
    let noted: Vec<&str> = call.attributes.iter().map(|noted| noted.key.as_str()).collect();
    let all = [
        "nattoku.caller",
        "nattoku.revision",
        "http.request.method",
        "http.route",
        "http.response.status_code",
        "error.type",
    ];
    assert_eq!(noted, all);
    assert_eq!((below.name.as_str(), below.kind, below.flags), ("append", 1, 0x101));
    assert_eq!((below.parent_span_id, below.trace_id), (call.span_id, call.trace_id));
    assert_eq!(below.status.unwrap().code, 2);
    assert_eq!(tracing.counts(), Some(Counts { sent: 2, failed: 0, dropped: 0 }));
}

#[test]
fn a_call_that_nobody_waits_for_any_more_is_told_as_broken_off_and_a_strange_method_by_no_name() {
    let (address, came) = collector(&[(200, Vec::new())]);
    let tracing = tracing(&address, 1.0);
    drop(Call::begin(&tracing, &HeaderMap::new()));
    let strange = Method::from_bytes(b"SAKURA").unwrap();
    Call::begin(&tracing, &HeaderMap::new()).answered(&strange, None, StatusCode::METHOD_NOT_ALLOWED);
    tracing.end(LONG);
    let [broken_off, strange] = spans(&came.recv().unwrap().1).try_into().unwrap();
    assert_eq!((broken_off.name.as_str(), broken_off.status.unwrap().code), ("HTTP", 2));
    assert_eq!((strange.name.as_str(), strange.status.clone().unwrap().code), ("HTTP", 0));
    assert!(!format!("{strange:?}").contains("SAKURA"));
}

#[test]
fn whether_a_call_is_recorded_its_caller_says_and_otherwise_it_is_drawn() {
    let (address, came) = collector(&[(200, Vec::new())]);
    let all = tracing(&address, 1.0);
    answer(&all, &headers("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"));
    answer(&all, &HeaderMap::new());
    all.end(LONG);
    assert_eq!(spans(&came.recv().unwrap().1).len(), 1);
    assert!(Tracing::off().counts().is_none());

    for (ratio, least, most) in [(0.0, 0, 0), (0.25, 1_600, 2_400), (1.0, 8_000, 8_000)] {
        let (address, _came) = collector(&[(200, Vec::new())]);
        let tracing = tracing(&address, ratio);
        for _ in 0..8_000 {
            // What a proxy calls requests is not drawn evenly: of a UUID some digits are always the same.
            let id = "bfe9eb29-ab87-4ca3-be83-a1d5d8305716".parse().unwrap();
            answer(&tracing, &HeaderMap::from_iter([(crate::call::REQUEST_ID, id)]));
        }
        tracing.end(LONG);
        let Counts { sent, failed, dropped } = tracing.counts().unwrap();
        assert!((least..=most).contains(&sent) && failed + dropped == 0, "{ratio}: {sent}");
    }
}

/// Whoever comes may say what they like, and have neither much recorded by it nor little.
#[test]
fn a_callers_word_counts_once_it_is_known_who_that_is() {
    let sampled = headers("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    let unsampled = headers("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");
    let (address, _came) = collector(&[(200, Vec::new())]);
    let none = tracing(&address, 0.0);
    answer(&none, &sampled);
    let of_anybody = Call::of_anybody(&none, &sampled);
    assert_eq!(of_anybody.number(), Call::begin(&none, &sampled).number());
    of_anybody.answered(&Method::GET, Some("/en/privacy"), StatusCode::OK);
    drop(of_anybody);
    none.end(LONG);
    assert_eq!(none.counts(), Some(Counts::default()));
    let all = tracing(&address, 1.0);
    Call::of_anybody(&all, &unsampled).answered(&Method::GET, Some("/en/privacy"), StatusCode::OK);
    all.end(LONG);
    assert_eq!(all.counts(), Some(Counts { sent: 1, ..Counts::default() }));
}

#[test]
fn what_is_not_taken_for_now_is_sent_again_and_what_is_refused_is_counted() {
    let part = ExportTraceServiceResponse {
        partial_success: Some(ExportTracePartialSuccess { rejected_spans: 1, ..Default::default() }),
    };
    let (address, came) = collector(&[(503, Vec::new()), (200, part.encode_to_vec()), (400, Vec::new())]);
    let tracing = tracing(&address, 1.0);
    answer(&tracing, &HeaderMap::new());
    answer(&tracing, &HeaderMap::new());
    let (first, again) = (came.recv().unwrap().1, came.recv().unwrap().1);
    assert_eq!(first, again);
    assert_eq!(spans(&first).len(), 2);
    answer(&tracing, &HeaderMap::new());
    came.recv().unwrap();
    tracing.end(LONG);
    assert_eq!(tracing.counts(), Some(Counts { sent: 1, failed: 2, dropped: 0 }));
    assert!(came.try_recv().is_err(), "what is refused for good was sent again");
}

#[test]
fn a_file_without_a_certificate_is_not_taken_for_trust() {
    let collector =
        Collector { authorities: Some(b"nothing".to_vec()), ..of("https://otel.example.jp", 1.0) };
    assert!(matches!(Tracing::to(collector), Err(CollectorError::NoAuthorities)));
}

/// A collector that takes connections and never answers.
#[test]
fn where_nothing_is_taken_no_call_waits_and_what_there_is_no_room_for_is_dropped() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let tracing = tracing(&format!("http://{}", listener.local_addr().unwrap()), 1.0);
    for _ in 0..3 * QUEUE_MAX {
        answer(&tracing, &HeaderMap::new());
    }
    let counts = tracing.counts().unwrap();
    assert_eq!((counts.sent, counts.failed), (0, 0), "nothing was answered yet, and all calls have ended");
    assert!(counts.dropped >= 2 * QUEUE_MAX as u64 - AT_ONCE_MAX as u64, "{counts:?}");
    tracing.end(Duration::from_millis(10));
}
