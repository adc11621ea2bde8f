//! The default taxonomy of Fides itself, as its own package writes it, and our manifests as that package reads them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use nattoku_testkit::python;

use nattoku_exchange::fides::{Kind, Options, import};
use nattoku_model::Language;
use nattoku_policy::check;

/// Writes the default taxonomy of Fides as its package does, to the folder named.
const WRITE: &str = r#"
import sys
from fideslang.default_taxonomy import DEFAULT_TAXONOMY
from fideslang.manifests import write_manifest
for kind in ("data_category", "data_use", "data_subject", "organization"):
    resources = [one.model_dump(mode="json") for one in getattr(DEFAULT_TAXONOMY, kind)]
    write_manifest(f"{sys.argv[1]}/{kind}.yml", resources, kind)
"#;

/// Reads a manifest as Fides does, which refuses what is none.
const READ: &str = r"
import sys
from fideslang.manifests import load_yaml_into_dict
from fideslang.parse import load_manifests_into_taxonomy
taxonomy = load_manifests_into_taxonomy(load_yaml_into_dict(sys.argv[1]))
print(len(taxonomy.system), len(taxonomy.data_category))
";

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn the_default_taxonomy_becomes_a_policy_without_errors() {
    let Some(python) = python("fideslang", env!("CARGO_TARGET_TMPDIR")) else { return };
    let folder = folder("default-taxonomy");
    let written = Command::new(python).args(["-c", WRITE, folder.to_str().unwrap()]).output().unwrap();
    assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
    let files: Vec<(String, Vec<u8>)> = ["data_category", "data_use", "data_subject", "organization"]
        .into_iter()
        .map(|kind| format!("{kind}.yml"))
        .map(|name| (name.clone(), fs::read(folder.join(name)).unwrap()))
        .collect();
    let draft = import(&files, &Options { texts: Language::En, country: None }).unwrap();
    let checked = check(&draft.files);
    let versions = checked.versions.unwrap();
    let policy = versions.current();
    assert!(policy.categories.len() >= 85, "{} categories", policy.categories.len());
    assert!(policy.purposes.len() >= 56, "{} purposes", policy.purposes.len());
    assert!(policy.categories.contains_key("user.contact.address.postal_code"));
    let subjects = draft.report.entries().iter().find(|entry| entry.what == "data_subject").unwrap();
    assert_eq!((subjects.kind, subjects.places.len() >= 15), (Kind::LeftOut, true));
    let unknown = draft.report.entries().iter().find(|entry| entry.why.en.contains("no such field"));
    assert_eq!(unknown, None, "every field of the package is known here");
}

#[test]
fn our_manifests_are_manifests() {
    let Some(python) = python("fideslang", env!("CARGO_TARGET_TMPDIR")) else { return };
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/exchange/shop.md");
    let page = fs::read_to_string(page).unwrap();
    let folder = folder("our-manifests");
    for (name, expected) in [("taxonomy.yml", "0 4"), ("systems.yml", "2 0")] {
        let (_, from) = page.split_once(&format!("```yaml {name}\n")).unwrap();
        let path = folder.join(name);
        fs::write(&path, from.split_once("```").unwrap().0).unwrap();
        let read = Command::new(&python).args(["-c", READ, path.to_str().unwrap()]).output().unwrap();
        assert!(read.status.success(), "{name}: {}", String::from_utf8_lossy(&read.stdout));
        assert_eq!(String::from_utf8_lossy(&read.stdout).trim(), expected, "{name}");
    }
}
