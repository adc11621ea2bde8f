//! Systems with what they declare to do.

use super::super::apart;
use super::super::fields::{Fields, Reader, Said};
use super::super::report::Kind;
use crate::place::{Fault, Place};

/// A system: an application of ours, or of somebody who works for us.
#[derive(Debug, Clone)]
pub(in super::super) struct System {
    pub(in super::super) key: Said,
    pub(in super::super) name: Option<String>,
    pub(in super::super) description: Option<String>,
    pub(in super::super) declarations: Vec<Declaration>,
    /// What comes from the users themselves, where the system says that anything does.
    pub(in super::super) from_users: Option<Vec<Said>>,
    /// Whether it is said to be a processor's, with where that is said.
    pub(in super::super) processor: Option<Place>,
    /// The business whose system it is.
    pub(in super::super) business: Option<Said>,
}

/// One use that a system declares.
#[derive(Debug, Clone)]
pub(in super::super) struct Declaration {
    pub(in super::super) name: Option<String>,
    /// What for, by the key of the taxonomy.
    pub(in super::super) used_for: Said,
    pub(in super::super) categories: Vec<Said>,
    /// Whether it rests on consent, with where that is said.
    pub(in super::super) consent: Option<Place>,
    pub(in super::super) retention: Option<Said>,
    pub(in super::super) third_parties: Option<Said>,
    pub(in super::super) place: Place,
}

impl System {
    /// Every category it names.
    pub(in super::super) fn categories(&self) -> impl Iterator<Item = &Said> {
        let declared = self.declarations.iter().flat_map(|declaration| &declaration.categories);
        declared.chain(self.from_users.iter().flatten())
    }
}

/// Reads a system.
pub(super) fn system(fields: Fields<'_>, reader: &mut Reader) -> Option<System> {
    let carried = [
        "fides_key",
        "name",
        "description",
        "privacy_declarations",
        "ingress",
        "responsibility",
        "legal_name",
    ];
    reader.rest(fields, &carried);
    let key = reader.key(fields);
    let declarations: Vec<Declaration> = reader
        .list(fields, "privacy_declarations")
        .iter()
        .filter_map(|node| {
            let fields = reader.fields("privacy_declaration", node)?;
            declaration(fields, reader)
        })
        .collect();
    let from_users = from_users(fields, reader);
    let responsibility = reader.texts(fields, "responsibility");
    let processor = responsibility.into_iter().find(|said| said.text.ends_with("Processor"));
    let name = reader.text(fields, "name").map(|said| said.text);
    let description = reader.text(fields, "description").map(|said| said.text);
    let business = reader.text(fields, "legal_name");
    let processor = processor.map(|said| said.place);
    Some(System { key: key?, name, description, declarations, from_users, processor, business })
}

/// What users give to a system. Flows from elsewhere are noted.
fn from_users(fields: Fields<'_>, reader: &mut Reader) -> Option<Vec<Said>> {
    let mut given = None;
    for node in reader.list(fields, "ingress") {
        let Some(flow) = reader.fields("data_flow", node) else { continue };
        if reader.text(flow, "type").is_some_and(|said| said.text == "user") {
            let categories = keys(flow, "data_categories", reader);
            given.get_or_insert_with(Vec::new).extend(categories);
        } else {
            reader.report.note(Kind::LeftOut, "system.ingress", flow.place, apart::flow());
        }
    }
    given
}

fn declaration(fields: Fields<'_>, reader: &mut Reader) -> Option<Declaration> {
    let carried = [
        "name",
        "data_categories",
        "data_use",
        "legal_basis_for_processing",
        "retention_period",
        "data_shared_with_third_parties",
        "third_parties",
    ];
    reader.rest(fields, &carried);
    let ground = reader.text(fields, "legal_basis_for_processing");
    let consent = ground.as_ref().filter(|said| said.text == "Consent").map(|said| said.place.clone());
    if let Some(said) = ground.filter(|_| consent.is_none()) {
        let what = "privacy_declaration.legal_basis_for_processing";
        reader.report.note(Kind::LeftOut, what, &said.place, apart::ground());
    }
    let shares = reader.flag(fields, "data_shared_with_third_parties");
    let third_parties = reader.text(fields, "third_parties");
    if shares && third_parties.is_none() {
        let what = "privacy_declaration.data_shared_with_third_parties";
        reader.report.note(Kind::LeftOut, what, fields.place, apart::sharing());
    }
    let Some(used_for) = reader.text(fields, "data_use").and_then(|said| reader.keyed(said)) else {
        without_use(fields, reader);
        return None;
    };
    Some(Declaration {
        name: reader.text(fields, "name").map(|said| said.text),
        used_for,
        categories: keys(fields, "data_categories", reader),
        consent,
        retention: reader.text(fields, "retention_period"),
        third_parties,
        place: fields.place.clone(),
    })
}

/// Notes a declaration that does not say what it is for.
fn without_use(fields: Fields<'_>, reader: &mut Reader) {
    // One whose key cannot be read has been noted.
    if fields.get("data_use").is_none() {
        reader.faults.push(Fault::new(
            fields.place.clone(),
            "この宣言に `data_use` がありません",
            "this declaration has no `data_use`",
        ));
    }
}

fn keys(fields: Fields<'_>, name: &str, reader: &mut Reader) -> Vec<Said> {
    reader.texts(fields, name).into_iter().filter_map(|said| reader.keyed(said)).collect()
}
