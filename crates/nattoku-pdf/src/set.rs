//! Setting the pages and writing them as PDF/UA-1.

use typst::diag::SourceDiagnostic;
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::world::Sources;
use crate::{Fonts, PdfError};

/// Sets a notice and writes it.
pub(crate) fn set(notice: &str, foot: &str, fonts: &Fonts) -> Result<Vec<u8>, PdfError> {
    let sources = Sources::new(notice, foot, fonts)?;
    let document = typst::compile::<PagedDocument>(&sources).output.map_err(|errors| told(&errors))?;
    let standards = PdfStandards::new(&[PdfStandard::Ua_1])
        .map_err(|error| PdfError::Set(error.message().to_string()))?;
    let options = PdfOptions {
        // The notice tells it apart from every other; the bytes then depend on nothing else.
        ident: Smart::Custom(foot.to_owned()),
        creator: Smart::Custom(Some("Nattoku".to_owned())),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|errors| told(&errors))
}

fn told(errors: &[SourceDiagnostic]) -> PdfError {
    let messages: Vec<String> = errors
        .iter()
        .map(|error| {
            let said = error.hints.iter().map(|hint| hint.v.as_str());
            std::iter::once(error.message.as_str()).chain(said).collect::<Vec<_>>().join(": ")
        })
        .collect();
    PdfError::Set(messages.join("; "))
}
