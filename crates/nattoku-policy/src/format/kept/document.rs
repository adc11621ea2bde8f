//! Whole KDL documents made of choices, with a comment in every place that the grammar has for one.

/// A document, and its comments in their order.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) text: String,
    pub(super) comments: Vec<String>,
}

impl Document {
    /// The document that a sequence of choices leads to; where they end, the plainest choice is taken.
    pub(super) fn new(choices: &[u8]) -> Self {
        let mut writer = Writer { document: Self::default(), choices: choices.iter(), line_end: "\n" };
        if writer.one_in(8) {
            writer.write("\u{feff}");
        }
        if writer.one_in(4) {
            writer.line_end = "\r\n";
        }
        writer.nodes(0);
        writer.document
    }
}

struct Writer<'c> {
    document: Document,
    choices: std::slice::Iter<'c, u8>,
    line_end: &'static str,
}

impl Writer<'_> {
    fn choose(&mut self, n: u8) -> u8 {
        self.choices.next().map_or(0, |choice| choice % n)
    }

    fn one_in(&mut self, n: u8) -> bool {
        self.choose(n) == n - 1
    }

    fn is_over(&self) -> bool {
        self.choices.as_slice().is_empty()
    }

    fn write(&mut self, text: &str) {
        self.document.text.push_str(text);
    }

    fn pick(&mut self, of: &[&str]) {
        let choice = self.choose(u8::try_from(of.len()).unwrap());
        self.write(of[usize::from(choice)]);
    }

    fn newline(&mut self) {
        self.write(self.line_end);
    }

    /// A comment up to the end of its line, and the line end.
    fn line_comment(&mut self) {
        let n = self.document.comments.len();
        let texts = ["", " なぜ {", "/ doc /* not open", " trailing ; \\", " \"quote 😀"];
        let text = texts[usize::from(self.choose(5))];
        let comment = format!("// {n}:{text}");
        self.write(&comment);
        self.pick(&["", " ", "　\t"]);
        self.document.comments.push(comment.trim_end().to_owned());
        self.newline();
    }

    fn block_comment(&mut self) {
        let n = self.document.comments.len();
        let texts = ["x", "位置 // not a line", "two\n   lines", "/* nested */ \"", "; } {", "*"];
        let text = texts[usize::from(self.choose(6))];
        let comment = format!("/* {n}: {text} */");
        self.write(&comment.replace('\n', self.line_end));
        self.document.comments.push(comment);
    }

    /// Space within a line, perhaps none, perhaps with comments or continued on the next line.
    fn space(&mut self, is_needed: bool) {
        if is_needed {
            self.pick(&[" ", "  ", "\t", "　", " \u{a0} "]);
        }
        while self.one_in(6) {
            match self.choose(4) {
                0 => self.block_comment(),
                1 => {
                    self.write("\\");
                    self.pick(&["", "  "]);
                    self.newline();
                }
                2 => {
                    self.write("\\ ");
                    self.line_comment();
                }
                _ => self.write("　 "),
            }
            self.pick(&["", " ", "\t"]);
        }
    }

    /// Space between nodes: line ends and comments.
    fn between(&mut self) {
        while self.one_in(3) {
            match self.choose(5) {
                0 | 1 => self.newline(),
                2 => self.line_comment(),
                3 => self.block_comment(),
                _ => self.pick(&[" ", "　", "\t"]),
            }
        }
    }

    fn nodes(&mut self, depth: usize) {
        self.between();
        while !self.is_over() {
            if self.one_in(8) {
                self.slashdash();
            }
            self.node(depth);
            // A node ends with its line, a `;`, or what closes the block around it.
            if depth > 0 && self.one_in(5) {
                break;
            }
            match self.choose(5) {
                0..=2 => self.newline(),
                3 => self.write(";"),
                _ => {
                    self.write(" ");
                    self.line_comment();
                }
            }
            self.between();
            if depth > 0 && self.one_in(3) {
                break;
            }
        }
    }

    fn slashdash(&mut self) {
        self.write("/-");
        while self.one_in(4) {
            match self.choose(4) {
                0 => self.write(" "),
                1 => self.newline(),
                2 => self.block_comment(),
                _ => self.line_comment(),
            }
        }
    }

    fn node(&mut self, depth: usize) {
        self.name();
        for _ in 0..self.choose(4) {
            self.space(true);
            if self.one_in(8) {
                self.write("/-");
                self.pick(&["", " "]);
            }
            if self.one_in(3) {
                self.name();
                if self.one_in(4) {
                    self.space(false);
                }
                self.write("=");
                if self.one_in(4) {
                    self.space(false);
                }
            }
            self.value();
        }
        while self.one_in(10) {
            self.space(true);
            self.write("/-");
            self.pick(&["", " "]);
            self.block(depth);
        }
        if depth < 4 && self.one_in(3) {
            self.space(false);
            self.pick(&["", " "]);
            self.block(depth);
            if self.one_in(8) {
                self.write(" /-");
                self.block(depth);
            }
        }
        self.space(false);
    }

    fn block(&mut self, depth: usize) {
        self.write("{");
        if self.one_in(6) {
            self.pick(&["", " "]);
        } else {
            self.nodes(depth + 1);
        }
        self.write("}");
    }

    fn name(&mut self) {
        self.pick(&["a", "covers-purpose", "位置", "\"quoted name\"", "#\"raw\"#", "b_2", "名前😀"]);
    }

    fn value(&mut self) {
        match self.choose(12) {
            0 | 1 => self.pick(&["x", "location.base_station", "値"]),
            2 => self.pick(&["1", "-2", "0x1F", "1_000", "1.5e3"]),
            3 => self.pick(&["#true", "#false", "#null"]),
            4 | 5 => self.pick(&[
                "\"\"",
                "\"文 // no comment\"",
                "\"/* nor this */ {;}\"",
                "\"tab\\t \\\"q\\\" \\u{4f4d}😀\"",
            ]),
            6 => self.pick(&["#\"raw \\ \"q\" //\"#", "##\"two \"# \"##"]),
            7 => {
                self.write("\"folded \\");
                self.newline();
                self.write("     on\"");
            }
            8 | 9 => self.lines("\"\"\"", "\"\"\""),
            _ => self.lines("#\"\"\"", "\"\"\"#"),
        }
    }

    /// A text of several lines, its indentation taken from the last.
    fn lines(&mut self, open: &str, close: &str) {
        let indent = ["    ", "", "\t", "　　"][usize::from(self.choose(4))];
        self.write(open);
        self.newline();
        for _ in 0..self.choose(4) {
            let line = ["text // no comment", "  deeper  ", "", "\"quoted\" ;", "/* nor this */"];
            let line = line[usize::from(self.choose(5))];
            if !line.is_empty() {
                self.write(indent);
                self.write(line);
            }
            self.newline();
        }
        self.write(indent);
        self.write(close);
    }
}
