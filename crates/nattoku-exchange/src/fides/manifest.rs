//! The resources of manifests, as far as a draft says them.

mod system;

use std::collections::BTreeMap;

use nattoku_model::name::nearest;
use nattoku_policy::Words;

use super::apart;
use super::fields::{Fields, Reader, Said};
use super::report::Kind;
use crate::place::{Fault, Place};
use crate::yaml::{Node, Value, short};

pub(super) use system::{Declaration, System};

/// The kinds of resources that a manifest may hold.
const RESOURCES: [&str; 7] =
    ["data_category", "data_use", "data_subject", "dataset", "system", "policy", "organization"];

/// An entry of a taxonomy: a category, or what it is used for.
#[derive(Debug, Clone)]
pub(super) struct Label {
    pub(super) key: Said,
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
}

/// Who is responsible.
#[derive(Debug, Clone, Default)]
pub(super) struct Organization {
    pub(super) name: Option<Said>,
    pub(super) address: Option<String>,
    pub(super) representative: Option<String>,
}

/// All manifests as one.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    pub(super) categories: Vec<Label>,
    pub(super) uses: Vec<Label>,
    pub(super) systems: Vec<System>,
    pub(super) organization: Organization,
    /// The keys of the systems, with where they stand.
    keys: BTreeMap<String, Place>,
    /// Every category that anything names, with where it is named first.
    pub(super) named: BTreeMap<String, Place>,
    /// The first place at which anything was read.
    pub(super) start: Option<Place>,
}

/// What is said where there is nothing to read.
pub(super) fn nothing_in(file: &str) -> Fault {
    Fault::new(
        Place { file: file.to_owned(), line: 1, column: 1 },
        format!("Fides の資源がありません。最上位に {} のどれかを書きます", RESOURCES.join("、")),
        format!("there are no resources of Fides here; at the top stand {}", RESOURCES.join(", ")),
    )
}

impl Manifest {
    /// Whether nothing was read.
    pub(super) const fn is_empty(&self) -> bool {
        self.start.is_none()
    }

    /// Takes in a document.
    pub(super) fn read(&mut self, document: &Node, reader: &mut Reader) {
        let Some(top) = reader.fields("manifest", document) else { return };
        let Value::Map(entries) = &document.value else { return };
        for (key, _) in entries {
            let Some(of) = RESOURCES.into_iter().find(|of| *of == key.name) else {
                reader.report.note(Kind::LeftOut, &short(&key.name), &key.place, unknown(&key.name));
                continue;
            };
            self.start.get_or_insert_with(|| key.place.clone());
            for node in reader.list(top, of) {
                if let Some(fields) = reader.fields(of, node) {
                    self.resource(fields, reader);
                }
            }
        }
    }

    fn resource(&mut self, fields: Fields<'_>, reader: &mut Reader) {
        match fields.of {
            "data_category" => self.categories.extend(label(fields, reader)),
            "data_use" => self.uses.extend(label(fields, reader)),
            "system" => {
                let system = system::system(fields, reader);
                for said in system.iter().flat_map(System::categories) {
                    self.name(said);
                }
                if let Some(system) = &system {
                    self.is_new(&system.key, reader);
                }
                self.systems.extend(system);
            }
            "organization" => self.organization(fields, reader),
            "dataset" => {
                self.fields_of_dataset(fields, reader);
                left_out(fields, reader);
            }
            _ => left_out(fields, reader),
        }
    }

    /// Refuses a system whose key another has: which of them a declaration belongs to could only be guessed.
    fn is_new(&mut self, key: &Said, reader: &mut Reader) {
        let Some(first) = self.keys.get(&key.text) else {
            self.keys.insert(key.text.clone(), key.place.clone());
            return;
        };
        let shown = short(&key.text);
        reader.faults.push(Fault::new(
            key.place.clone(),
            format!("`{shown}` は先の `system` のキーです（{first}）。キーを変えるか、片方を消してください"),
            format!(
                "another `system` has the key `{shown}` ({first}): give this one another, or take one out"
            ),
        ));
    }

    fn name(&mut self, said: &Said) {
        self.named.entry(said.text.clone()).or_insert_with(|| said.place.clone());
    }

    /// The categories that a dataset, its collections and their fields name, however deep.
    fn fields_of_dataset(&mut self, fields: Fields<'_>, reader: &mut Reader) {
        for said in reader.texts(fields, "data_categories") {
            if let Some(said) = reader.keyed(said) {
                self.name(&said);
            }
        }
        for within in ["collections", "fields"] {
            for node in reader.list(fields, within) {
                if let Some(part) = reader.fields("dataset", node) {
                    self.fields_of_dataset(part, reader);
                }
            }
        }
    }

    fn organization(&mut self, fields: Fields<'_>, reader: &mut Reader) {
        let carried = ["fides_key", "name", "controller", "representative"];
        reader.key(fields);
        reader.rest(fields, &carried);
        let contact = |name, reader: &mut Reader| {
            let contact = fields.get(name).and_then(|node| reader.fields("contact", node))?;
            reader.rest(contact, &["name", "address"]);
            Some((reader.text(contact, "name"), reader.text(contact, "address")))
        };
        let (controller, address) = contact("controller", reader).unwrap_or_default();
        let (representative, _) = contact("representative", reader).unwrap_or_default();
        let named = reader.text(fields, "name");
        if let (Some(named), Some(controller)) = (&named, &controller)
            && named.text != controller.text
        {
            let why = Words::new(
                format!(
                    "事業者の名称には `{}` を使いました。どちらが名称かを確かめてください",
                    short(&named.text)
                ),
                format!(
                    "the controller was called `{}`: see which of the two is its name",
                    short(&named.text)
                ),
            );
            reader.report.note(Kind::LeftOut, "organization.controller.name", &controller.place, why);
        }
        let name = named.or(controller);
        if self.organization.name.is_some() {
            let why = apart::reason(fields.of, "organization_fides_key");
            reader.report.note(
                Kind::LeftOut,
                fields.of,
                fields.place,
                why.unwrap_or_else(|| unknown(fields.of)),
            );
        } else if name.is_some() {
            let text = |said: Said| said.text;
            self.organization =
                Organization { name, address: address.map(text), representative: representative.map(text) };
        }
    }
}

fn label(fields: Fields<'_>, reader: &mut Reader) -> Option<Label> {
    reader.rest(fields, &["fides_key", "name", "description", "parent_key"]);
    let key = reader.key(fields)?;
    if let Some(parent) = reader.text(fields, "parent_key")
        && key.text.rsplit_once('.').map(|(above, _)| above) != Some(parent.text.as_str())
    {
        let (key, parent_key) = (short(&key.text), short(&parent.text));
        reader.faults.push(Fault::new(
            parent.place,
            format!(
                "`{key}` の上は `{parent_key}` ではありません。キーは上のキーに `.` と一語を足したものです"
            ),
            format!("`{parent_key}` is not above `{key}`: a key is the one above it, `.` and one word"),
        ));
        return None;
    }
    let name = reader.text(fields, "name").map(|said| said.text);
    let description = reader.text(fields, "description").map(|said| said.text);
    Some(Label { key, name, description })
}

/// Notes a resource that a draft does not say at all.
fn left_out(fields: Fields<'_>, reader: &mut Reader) {
    if let (Some(_), Some(why)) = (reader.key(fields), apart::resource(fields.of)) {
        reader.report.note(Kind::LeftOut, fields.of, fields.place, apart::words(why));
    }
}

fn unknown(name: &str) -> Words {
    let near = nearest(name, RESOURCES);
    let (ja, en) = near.map_or_else(Default::default, |near| {
        (format!("。`{near}` のことでしょうか"), format!("; did you mean `{near}`?"))
    });
    Words::new(
        format!("fideslang にない種類の資源です{ja}"),
        format!("fideslang has no resources of this kind{en}"),
    )
}
