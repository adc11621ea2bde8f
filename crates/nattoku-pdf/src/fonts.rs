//! Finding a font with Japanese letters.

use std::path::{Path, PathBuf};

use crate::PdfError;

/// The names under which the font is published, the better first: one file a weight before a collection of all languages.
const FAMILIES: [&str; 3] = ["notosansjp", "notosanscjkjp", "notosanscjk"];

/// How deep a folder of fonts is looked through.
const DEPTH_MAX: usize = 6;

/// Font files: regular, and bold where there is one.
#[derive(Debug, Clone)]
pub struct Fonts {
    /// The content of each file.
    pub(crate) files: Vec<Vec<u8>>,
    /// Where they were found.
    pub paths: Vec<PathBuf>,
}

/// Reads the font out of the first folder that has it, in the order given. Which file is taken does not depend on the order in
/// which a disk lists them.
///
/// # Errors
/// Where no folder has it, or a file cannot be read.
pub fn find(folders: &[PathBuf]) -> Result<Fonts, PdfError> {
    for folder in folders {
        let mut files = Vec::new();
        walk(folder, 0, &mut files);
        files.sort();
        for family in FAMILIES {
            let of_weight = |weight: &str| files.iter().find(|path| is_font(path, family, weight)).cloned();
            let Some(regular) = of_weight("regular") else { continue };
            let paths: Vec<PathBuf> = std::iter::once(regular).chain(of_weight("bold")).collect();
            let read = |path: &PathBuf| {
                std::fs::read(path).map_err(|source| PdfError::Font { path: path.clone(), source })
            };
            let files = paths.iter().map(read).collect::<Result<_, _>>()?;
            return Ok(Fonts { files, paths });
        }
    }
    Err(PdfError::NoFont { looked_in: folders.to_vec() })
}

/// Gathers the files below a folder. What cannot be read is passed over: the font may be elsewhere.
fn walk(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            if depth < DEPTH_MAX {
                walk(&path, depth.saturating_add(1), files);
            }
        } else {
            files.push(path);
        }
    }
}

/// Whether a file is the family in a weight, by its name: `NotoSansJP_400Regular.ttf`, `NotoSansCJK-Regular.ttc`.
fn is_font(path: &Path, family: &str, weight: &str) -> bool {
    let is_kind = path
        .extension()
        .and_then(|e| e.to_str())
        .is_some_and(|e| ["ttf", "otf", "ttc"].iter().any(|kind| e.eq_ignore_ascii_case(kind)));
    let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
    let letters: String =
        stem.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect();
    is_kind && letters.strip_prefix(family) == Some(weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_all_publishers_are_known() {
        for (name, family, weight) in [
            ("NotoSansJP_400Regular.ttf", "notosansjp", "regular"),
            ("NotoSansJP-Bold.otf", "notosansjp", "bold"),
            ("NotoSansCJK-Regular.ttc", "notosanscjk", "regular"),
            ("NotoSansCJKjp-Bold.otf", "notosanscjkjp", "bold"),
        ] {
            assert!(is_font(Path::new(name), family, weight), "{name}");
        }
        assert!(!is_font(Path::new("NotoSansJP_500Medium.ttf"), "notosansjp", "regular"));
        assert!(!is_font(Path::new("NotoSansJP-Regular.txt"), "notosansjp", "regular"));
    }

    #[test]
    fn a_missing_font_is_told_with_the_folders_looked_in() {
        let error = find(&[PathBuf::from("no/such/folder")]).err().map(|e| e.to_string());
        assert!(error.is_some_and(|e| e.contains("no/such/folder") && e.contains("Noto Sans JP")));
    }
}
