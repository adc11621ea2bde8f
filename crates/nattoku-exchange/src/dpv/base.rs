//! Where the names of a policy's own are, in a document for other programs.

use fluent_uri::Iri;
use nattoku_policy::Words;

/// An address that names can be written behind: absolute, of `http` or `https`, and ending where a name may begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base(String);

impl Base {
    /// Reads an address.
    ///
    /// # Errors
    /// What is wrong with it. JSON-LD 1.1 takes a prefix only where it ends in a sign that sets names apart; with any other
    /// end the names would be left as they are, and lead nowhere.
    pub fn parse(text: &str) -> Result<Self, Words> {
        let is_address = Iri::parse(text).is_ok_and(|iri| {
            let scheme = iri.scheme().as_str();
            let is_web = ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
            is_web && iri.authority().is_some_and(|authority| !authority.host().is_empty())
        });
        let shown: String = text.chars().take(80).collect();
        if !is_address {
            return Err(Words::new(
                format!("`{shown}` は http:// か https:// で始まる完全なアドレスではありません"),
                format!("`{shown}` is no whole address that begins with http:// or https://"),
            ));
        }
        if !text.ends_with(['#', '/']) {
            return Err(Words::new(
                format!("`{shown}` の後に名前を続けられません。`#` か `/` で終わる必要があります"),
                format!("no name can follow `{shown}`: it must end in `#` or `/`"),
            ));
        }
        Ok(Self(text.to_owned()))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Base;

    #[test]
    fn a_base_is_a_whole_address_of_the_web() {
        for good in [
            "https://example.org/policy#",
            "http://localhost:8080/",
            "https://例え.jp/方針#",
            "HTTPS://a.b/#",
        ] {
            assert_eq!(Base::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "nonsense",
            "",
            "/policy#",
            "//example.org/policy#",
            "ftp://example.org/policy#",
            "urn:example:policy#",
            "https:#",
            "https:///policy#",
            "https:example.org#",
            "https://exa mple.org/#",
            "https://example.org/<a>#",
        ] {
            assert!(Base::parse(bad).unwrap_err().en.contains("is no whole address"), "{bad}");
        }
        let without_end = Base::parse("https://example.org/policy").unwrap_err();
        assert!(without_end.en.contains("must end in `#` or `/`"), "{}", without_end.en);
    }
}
