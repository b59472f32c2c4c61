//! Cuts HCL into its outermost attributes and blocks, so that a broken one does not hide the others, and finds out how
//! deep it goes before a parser that recurses sees it.

/// Deepest nesting of brackets and templates that the parser takes.
pub(super) const MAX_NESTING: usize = 64;

/// Most entries of one object: the parser compares every key with all before it.
pub(super) const MAX_ENTRIES: usize = 4096;

/// Words that begin a block of Terraform at the start of a line.
const HEADS: [&str; 13] = [
    "resource",
    "data",
    "module",
    "variable",
    "locals",
    "output",
    "provider",
    "terraform",
    "import",
    "moved",
    "removed",
    "check",
    "ephemeral",
];

/// Why a piece cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// More brackets than are read.
    Deep,
    /// More entries in one object than are read.
    Large,
    /// A string without an end on its line.
    String,
    /// A heredoc without its closing word.
    Heredoc,
    /// A comment without its end.
    Comment,
    /// A bracket without its end.
    Bracket,
}

/// One attribute or block of the outermost level.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) start: usize,
    pub(super) end: usize,
    /// The first fault and where it begins.
    pub(super) fault: Option<(Fault, usize)>,
}

/// What a text is made of.
#[derive(Debug, Default)]
pub(super) struct Scanned {
    pub(super) pieces: Vec<Piece>,
    /// Comments that speak to this program.
    pub(super) comments: Vec<(usize, usize)>,
}

/// Something that is still open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Bracket,
    /// `{`, and how many entries were met in it.
    Brace(usize),
    String,
    /// `${` or `%{` in a string.
    Template,
}

struct Scanner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    open: Vec<(Open, usize)>,
    /// Where the current piece begins.
    piece: Option<usize>,
    fault: Option<(Fault, usize)>,
    /// The first line in the current piece that looks like the head of a block.
    restart: Option<usize>,
    /// Once a piece did not end, every such line ends one: the text is read twice at most.
    strict: bool,
    found: Scanned,
}

/// Cuts `text` from byte `base` on.
pub(super) fn scan(text: &str, base: usize) -> Scanned {
    let mut scanner = Scanner {
        text,
        bytes: text.as_bytes(),
        at: base,
        open: Vec::new(),
        piece: None,
        fault: None,
        restart: None,
        strict: false,
        found: Scanned::default(),
    };
    loop {
        while let Some(byte) = scanner.bytes.get(scanner.at) {
            match scanner.open.last() {
                Some((Open::String, start)) => scanner.in_string(*byte, *start),
                _ => scanner.in_code(*byte),
            }
        }
        if !scanner.at_end() {
            return scanner.found;
        }
    }
}

impl Scanner<'_> {
    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn begin(&mut self) {
        self.piece.get_or_insert(self.at);
    }

    fn fail(&mut self, fault: Fault, at: usize) {
        self.fault.get_or_insert((fault, at));
    }

    fn push(&mut self, open: Open) {
        self.begin();
        self.open.push((open, self.at));
        if self.open.len() > MAX_NESTING {
            self.fail(Fault::Deep, self.at);
        }
    }

    /// Ends the current piece before byte `end`.
    fn cut(&mut self, end: usize) {
        if let Some(start) = self.piece.take() {
            self.found.pieces.push(Piece { start, end, fault: self.fault.take() });
        }
        self.open.clear();
        self.fault = None;
        self.restart = None;
    }

    /// At the end of the text: whether there is something to read again from a line that begins a block.
    fn at_end(&mut self) -> bool {
        let end = self.bytes.len();
        self.at = end;
        match self.open.last() {
            Some((Open::String, start)) => self.fail(Fault::String, *start),
            Some(_) => self.fail(Fault::Bracket, self.piece.unwrap_or(end)),
            None => {}
        }
        let unended = matches!(self.fault, Some((Fault::Heredoc | Fault::Comment, _))) || !self.open.is_empty();
        let restart = self.restart.filter(|_| unended && !self.strict);
        self.cut(restart.unwrap_or(end));
        let Some(restart) = restart else { return false };
        self.strict = true;
        self.found.comments.retain(|(start, _)| *start < restart);
        self.at = restart;
        true
    }

    fn in_string(&mut self, byte: u8, start: usize) {
        let next = self.peek(1);
        match byte {
            b'"' => {
                self.open.pop();
                self.at += 1;
            }
            b'\\' => self.at += if matches!(next, Some(b'\n' | b'\r')) { 1 } else { 2 },
            b'\n' => {
                self.fail(Fault::String, start);
                let outermost = self.open.iter().position(|(open, _)| *open == Open::String);
                self.open.truncate(outermost.unwrap_or(0));
            }
            b'$' | b'%' if next == Some(byte) && self.peek(2) == Some(b'{') => self.at += 3,
            b'$' | b'%' if next == Some(b'{') => {
                self.push(Open::Template);
                self.at += 2;
            }
            _ => self.at += 1,
        }
    }

    fn in_code(&mut self, byte: u8) {
        match (byte, self.peek(1)) {
            (b'#', _) | (b'/', Some(b'/')) => {
                let end = self.line_end(self.at);
                self.comment(end);
            }
            (b'/', Some(b'*')) => self.block_comment(),
            (b'<', Some(b'<')) => self.heredoc(),
            (b'"', _) => {
                self.push(Open::String);
                self.at += 1;
            }
            (b'{', _) => self.bracket(Open::Brace(0)),
            (b'[' | b'(', _) => self.bracket(Open::Bracket),
            (b'=' | b':', _) => self.entry(),
            (b'}' | b']' | b')', _) => {
                self.begin();
                let closes = match self.open.last() {
                    Some((Open::Template, _)) => byte == b'}',
                    Some(_) => true,
                    None => false,
                };
                if closes {
                    self.open.pop();
                }
                self.at += 1;
            }
            (b'\n', _) => self.line_break(),
            (b' ' | b'\t' | b'\r', _) => self.at += 1,
            _ => {
                self.begin();
                self.at += 1;
            }
        }
    }

    fn bracket(&mut self, open: Open) {
        self.push(open);
        self.at += 1;
    }

    /// A sign between a key and its value.
    fn entry(&mut self) {
        self.begin();
        if let Some((Open::Brace(entries), _)) = self.open.last_mut() {
            *entries += 1;
            if *entries > MAX_ENTRIES {
                self.fail(Fault::Large, self.at);
            }
        }
        self.at += 1;
    }

    fn line_break(&mut self) {
        if self.open.is_empty() {
            self.cut(self.at);
        } else if self.is_head(self.at + 1) {
            self.head(self.at + 1, Fault::Bracket, self.piece.unwrap_or(self.at));
        }
        self.at += 1;
    }

    /// Takes note of a line in a piece that looks like the head of another. Whether it ended the piece.
    fn head(&mut self, line: usize, fault: Fault, from: usize) -> bool {
        if !self.strict {
            self.restart.get_or_insert(line);
            return false;
        }
        self.fail(fault, from);
        self.cut(line);
        true
    }

    fn is_head(&self, line: usize) -> bool {
        let rest = self.text.get(line..).unwrap_or("");
        HEADS.iter().any(|head| {
            let after = rest.strip_prefix(head).map(|after| after.trim_start_matches([' ', '\t']));
            after.is_some_and(|after| after.starts_with(['"', '{']))
        })
    }

    fn line_end(&self, from: usize) -> usize {
        let rest = self.bytes.get(from..).unwrap_or_default();
        let end = rest.iter().position(|byte| *byte == b'\n').map_or(self.bytes.len(), |found| from + found);
        if end > from && self.bytes.get(end - 1) == Some(&b'\r') { end - 1 } else { end }
    }

    fn comment(&mut self, end: usize) {
        if self.text.get(self.at..end).is_some_and(|comment| comment.contains("consentlint:")) {
            self.found.comments.push((self.at, end));
        }
        self.at = end.max(self.at + 1);
    }

    fn block_comment(&mut self) {
        let from = self.at + 2;
        if let Some(found) = self.text.get(from..).and_then(|rest| rest.find("*/")) {
            self.comment(from + found + 2);
            return;
        }
        self.begin();
        self.skip_lines(Fault::Comment, |_| None);
    }

    /// A text up to a line that holds nothing but the word after `<<`.
    fn heredoc(&mut self) {
        self.begin();
        let indented = usize::from(self.peek(2) == Some(b'-'));
        let from = self.at + 2 + indented;
        let rest = self.text.get(from..).unwrap_or("");
        let word = rest.find(|letter: char| !is_word(letter)).map_or(rest, |end| rest.get(..end).unwrap_or(""));
        if word.is_empty() {
            self.at += 2;
            return;
        }
        let closes = |line: &str| {
            let blank = line.len() - line.trim_start_matches([' ', '\t']).len();
            let after = line.get(blank..)?.strip_prefix(word)?;
            (!after.starts_with(is_word)).then_some(blank + word.len())
        };
        self.skip_lines(Fault::Heredoc, closes);
    }

    /// Goes to where `closes` says that a line closes what is open; else to the end, or to the head of a block.
    fn skip_lines(&mut self, fault: Fault, closes: impl Fn(&str) -> Option<usize>) {
        let from = self.at;
        loop {
            let end = self.line_end(self.at);
            let line = self.bytes.get(end..).unwrap_or_default().iter().position(|byte| *byte == b'\n');
            let Some(line) = line.map(|found| end + found + 1) else {
                self.fail(fault, from);
                self.at = self.bytes.len();
                return;
            };
            let text = self.text.get(line..self.line_end(line)).unwrap_or("");
            if let Some(length) = closes(text) {
                self.at = line + length;
                return;
            }
            self.at = line;
            if self.is_head(line) && self.head(line, fault, from) {
                return;
            }
        }
    }
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '-')
}
