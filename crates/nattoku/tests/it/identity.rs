//! A server whose settings name an issuer for programs and a provider for people, both real.

use std::process::Output;
use std::time::{Duration, Instant};

use nattoku_testkit::IdentityProvider;

use crate::served::Deployment;

const AUDIENCE: &str = "https://privacy.example.jp";

/// Settings that trust somebody.
fn trusting(issuer: &str) -> String {
    format!(
        r#"
[[oauth.issuer]]
issuer = "{issuer}"
audience = "{AUDIENCE}"

[[oauth.issuer.client]]
id = "campaigns"
applications = ["campaign_platform"]
acts = ["decide"]

[sign_in]
issuer = "{issuer}"
client_id = "pages"
client_secret_file = "sign-in.secret"
principal_claim = "customer"
"#
    )
}

fn deployment(name: &str, settings: &str) -> Deployment {
    let deployment = Deployment::in_file(name, settings);
    std::fs::write(deployment.folder.join("sign-in.secret"), "secret-of-pages\n").unwrap();
    deployment
}

#[test]
fn a_server_takes_the_word_of_whom_its_settings_name() {
    let Some(provider) = IdentityProvider::start(env!("CARGO_TARGET_TMPDIR")) else { return };
    let deployment = deployment("identity-trusting", &trusting(provider.issuer()));
    let served = deployment.start();
    let mut program = served.connect_with(provider.token("campaigns", AUDIENCE));
    let answer = program.decide().unwrap();
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.body.contains("\"permitted\":true"), "{}", answer.body);
    // It may decide, and nothing else; and no other program may.
    assert_eq!(program.ask("GET", "/v1/principals/p0/history", "").unwrap().status, 403);
    let stranger = provider.token("stranger", AUDIENCE);
    assert_eq!(served.connect_with(stranger).decide().unwrap().status, 403);
    let elsewhere = provider.token("campaigns", "https://other.example.jp");
    assert_eq!(served.connect_with(elsewhere).decide().unwrap().status, 401);
    assert_eq!(served.connect().decide().unwrap().status, 200, "a token of its own is good beside it");
    // The provider is asked by the server of its own accord.
    let began = Instant::now();
    while served.connect().ask("GET", "/en/sign-in/start", "").unwrap().status != 303 {
        assert!(began.elapsed() < Duration::from_secs(20), "nobody can sign in");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

#[test]
fn what_a_server_cannot_start_with_is_named() {
    let issuer = "http://127.0.0.1:1";
    let deployment = deployment("identity-wrong", &trusting(issuer));
    let file = deployment.folder.join("nattoku.toml");
    let good = std::fs::read_to_string(&file).unwrap();
    for (from, to, wanted) in [
        ("[\"campaign_platform\"]", "[\"campaing_platform\"]", "did you mean `campaign_platform`?"),
        ("client_id = \"pages\"", "client_id = \"https://privacy.example.jp\"", "`oauth.issuer.audience`"),
        ("\"sign-in.secret\"", "\"nowhere.secret\"", "`sign_in.client_secret_file`"),
        ("\"sign-in.secret\"", "\"empty.secret\"", "`sign_in.client_secret_file`"),
        ("client_id = \"pages\"", "client_id = \"pages\"\nca_file = \"empty.secret\"", "`sign_in.ca_file`"),
    ] {
        std::fs::write(deployment.folder.join("empty.secret"), "").unwrap();
        assert!(good.contains(from), "{from}");
        std::fs::write(&file, good.replace(from, to)).unwrap();
        let output = deployment.nattoku(&["serve", "--listen", "127.0.0.1:0"]).output().unwrap();
        assert!(!output.status.success());
        assert!(told(&output).contains(wanted), "{to}: {}", told(&output));
    }
}

/// A server starts while an issuer is away; the doctor says that it is, and what is good of one that is not.
#[test]
fn the_doctor_asks_whom_the_settings_name() {
    let away = deployment("identity-away", &trusting("http://127.0.0.1:1"));
    let examined = |deployment: &Deployment| {
        let output = deployment.nattoku(&["doctor", "--listen", "127.0.0.1:0", "--format", "json"]).output();
        told(&output.unwrap())
    };
    let other =
        deployment("identity-undeclared", &trusting("http://127.0.0.1:1").replace("_platform", "_plattform"));
    let findings = examined(&other);
    let is_fault = |line: &str| line.contains("\"oauth\"") && line.contains("\"fault\"");
    assert!(findings.lines().any(|line| is_fault(line) && line.contains("campaign_plattform")), "{findings}");
    let findings = examined(&away);
    for about in ["oauth", "sign_in"] {
        let warned = findings.lines().any(|line| {
            line.contains(&format!("\"{about}\""))
                && line.contains("\"warning\"")
                && line.contains("127.0.0.1:1")
        });
        assert!(warned, "{findings}");
    }
    assert_eq!(away.start().connect().decide().unwrap().status, 200);
    let Some(provider) = IdentityProvider::start(env!("CARGO_TARGET_TMPDIR")) else { return };
    let near = deployment("identity-near", &trusting(provider.issuer()));
    let findings = examined(&near);
    assert_eq!(findings.matches("answers\"").count(), 2, "{findings}");
}
