//! Addresses of files: `file:///home/…` and the path it means.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use gen_lsp_types::Uri;

/// The path of a file's address; none for an address of anything else, such as a text that was never saved.
pub(crate) fn to_path(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.0.strip_prefix("file://")?;
    let path = rest.get(rest.find('/')?..)?;
    let decoded = decoded(path.split(['?', '#']).next()?)?;
    let is_drive = cfg!(windows) && decoded.get(2..3) == Some(":");
    Some(PathBuf::from(if is_drive { decoded.trim_start_matches('/') } else { &decoded }))
}

/// The address of a path.
pub(crate) fn from_path(path: &Path) -> Uri {
    let text = path.to_string_lossy();
    let text = if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() };
    let mut uri = String::from(if text.starts_with('/') { "file://" } else { "file:///" });
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    Uri(uri)
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend(before.bytes());
        bytes.push(u8::from_str_radix(after.get(..2)?, 16).ok()?);
        rest = after.get(2..)?;
    }
    bytes.extend(rest.bytes());
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_comes_back_from_its_address() {
        for path in ["/a/policy.kdl", "/a b/方針/100%.kdl", "/a#b?c/+.kdl"] {
            let uri = from_path(Path::new(path));
            assert!(uri.0.is_ascii(), "{}", uri.0);
            assert_eq!(to_path(&uri).as_deref(), Some(Path::new(path)));
        }
        assert_eq!(to_path(&Uri::from("file:///a/%E6%96%B9")).as_deref(), Some(Path::new("/a/方")));
        assert_eq!(to_path(&Uri::from("file://localhost/a")).as_deref(), Some(Path::new("/a")));
    }

    #[test]
    fn what_is_no_file_has_no_path() {
        for uri in
            ["untitled:Untitled-1", "http://a/b", "", "file://", "file:///%zz", "file:///%f", "file:///%ff"]
        {
            assert_eq!(to_path(&Uri::from(uri)), None, "{uri}");
        }
    }
}
