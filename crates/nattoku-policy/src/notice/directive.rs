//! The directives of the notice: a line of its own that expands to a table or a list made from the policy.

macro_rules! directives {
    ($($name:ident $word:literal [$($kind:literal),*] $doc:literal)*) => {
        /// What a line of its own expands to.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Directive {
            $(#[doc = concat!("`{", $word, "}`: ", $doc, ".")] $name,)*
        }

        impl Directive {
            /// Every directive.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The word in the braces.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// The kinds of rule it shows, and so states.
            #[must_use]
            pub const fn states(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($kind),*],)* }
            }
        }
    };
}

directives! {
    Contents "contents" []
        "The list of sections"
    Sources "sources" ["source", "category"]
        "The sources of data with what each gives"
    Purposes "purposes" ["purpose", "activity"]
        "The purposes with their activities as examples"
    Prohibitions "prohibitions" ["prohibition"]
        "What nothing overrides"
    Consents "consents" ["consent"]
        "The consent items"
    Choices "choices" ["choice", "signal"]
        "The choices, with the signals that decline them"
    Works "works" ["work"]
        "The kinds of work that may be entrusted"
    Recipients "recipients" ["recipient"]
        "The recipients by class"
    Provisions "provisions" ["provision"]
        "The provisions to third parties"
    JointUse "joint-use" ["joint-use"]
        "The joint uses with their published items"
    Anonymized "anonymized" ["anonymized"]
        "The anonymized information"
    Transmissions "transmissions" ["transmission"]
        "What devices are made to send to others"
    Exceptions "exceptions" ["exception"]
        "What law permits besides"
    Retention "retention" ["retention"]
        "How long each category is kept"
    Transitions "transitions" ["transition"]
        "Which version governs what was acquired before"
    Desks "desks" ["desk", "calendar"]
        "The desks with their hours"
    Bodies "bodies" ["body", "line"]
        "The accredited bodies by line of business"
    Regulators "regulators" ["regulator"]
        "The public offices that anybody can turn to"
    Documents "documents" ["document"]
        "The documents beside the policy"
    Versions "versions" ["policy"]
        "The versions with their dates"
    Controller "controller" ["controller"]
        "Who is responsible"
    Rulings "rulings" ["ruling"]
        "What was decided where the text leaves it open"
}
