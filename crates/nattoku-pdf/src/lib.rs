//! The notice as PDF: tagged for those who hear it, ragged right as Japanese beside Latin digits reads best, and with equal bytes
//! for equal input (R77).
//!
//! The pages are set by `typst` from the very JSON that is published beside them; `templates/notice.typ` says how each block of
//! it looks. Without the feature `typst` this crate says that the program was built without PDF: what sets the pages
//! takes minutes to build, and most people who build the program do not need it.

mod fonts;
#[cfg(feature = "typst")]
mod set;
#[cfg(feature = "typst")]
mod world;

use std::path::PathBuf;

pub use fonts::{Fonts, find};

/// Whether the program was built with what sets the pages.
pub const IS_BUILT: bool = cfg!(feature = "typst");

/// Where a font can be had from, for those who lack one.
pub const FONT_PACKAGE: &str = "@expo-google-fonts/noto-sans-jp";

/// A PDF file could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// The program was built without the feature.
    #[error("this program was built without PDF")]
    NotBuilt,
    /// No font with Japanese letters was found.
    #[error("no font Noto Sans JP or Noto Sans CJK JP was found in {}", list(.looked_in))]
    NoFont {
        /// The folders that were looked through.
        looked_in: Vec<PathBuf>,
    },
    /// A font file could not be read.
    #[error("cannot read the font {}: {source}", path.display())]
    Font {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The pages could not be set: a fault of ours, in the words of what sets them.
    #[error("the pages could not be set: {0}")]
    Set(String),
}

/// Sets a notice. `notice` is JSON in the shape of `privacy.json`; `foot` stands at the foot of every page.
///
/// # Errors
/// Where the program was built without what sets the pages, or that fails.
pub fn set(notice: &str, foot: &str, fonts: &Fonts) -> Result<Vec<u8>, PdfError> {
    #[cfg(feature = "typst")]
    return set::set(notice, foot, fonts);
    #[cfg(not(feature = "typst"))]
    {
        let _ = (notice, foot, &fonts.files);
        Err(PdfError::NotBuilt)
    }
}

fn list(folders: &[PathBuf]) -> String {
    folders.iter().map(|folder| folder.display().to_string()).collect::<Vec<_>>().join(", ")
}
