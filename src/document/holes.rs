//! Template holes: places that something else fills in before a text is YAML or JSON.

use std::ops::Range;

/// How a hole begins and ends.
const KINDS: [(&str, &str); 6] = [("{{", "}}"), ("{%", "%}"), ("<%", "%>"), ("<<", ">>"), ("${{", "}}"), ("${", "}")];

/// First words inside `{{ … }}` that say what to do rather than stand for a value.
const ORDERS: [&str; 11] =
    ["if", "else", "end", "range", "with", "define", "block", "template", "unless", "each", "endif"];

/// A text without its holes.
#[derive(Debug)]
pub(super) struct Masked {
    /// As long as the text; every hole is filled with something that parses.
    pub(super) read: String,
    /// Where the first hole is written.
    pub(super) first: Range<usize>,
}

/// What a hole is filled with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Filler {
    /// Part of a word or a string.
    Letters,
    /// A string of its own.
    Literal,
    /// Nothing.
    Blank,
}

/// Whether a text holds a hole of any kind.
pub(super) fn is_holey(text: &str) -> bool {
    KINDS.iter().any(|(open, close)| {
        let found = text.match_indices(open).find(|(at, _)| begins(text.get(*at..).unwrap_or(""), open));
        found.is_some_and(|(at, _)| text.get(at + open.len()..).is_some_and(|rest| rest.contains(close)))
    })
}

/// Whether a string holds a hole, or is a placeholder as a whole: `<your-write-key>`.
pub(super) fn in_string(text: &str) -> bool {
    let whole = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    is_holey(text) || whole.is_some_and(|name| !name.is_empty() && !name.contains(['<', '>', '/']))
}

/// Whether `rest`, which begins with `open`, may be a hole: `<<` alone is a merge key of YAML.
fn begins(rest: &str, open: &str) -> bool {
    open != "<<" || rest.as_bytes().get(open.len()).is_some_and(u8::is_ascii_alphabetic)
}

/// The text with every hole filled; `None` if there is none.
pub(super) fn mask(text: &str, json: bool) -> Option<Masked> {
    if !is_holey(text) {
        return None;
    }
    let holes = find(text, json);
    let first = holes.first().map(|(at, _)| at.clone())?;
    let mut read = String::with_capacity(text.len());
    for (at, filler) in holes {
        read.push_str(text.get(read.len()..at.start)?);
        fill(&mut read, text.get(at)?, filler);
    }
    read.push_str(text.get(read.len()..)?);
    Some(Masked { read, first })
}

fn fill(read: &mut String, hole: &str, filler: Filler) {
    let inner = hole.len().saturating_sub(2);
    match filler {
        Filler::Letters => read.extend(std::iter::repeat_n('x', hole.len())),
        Filler::Literal => read.extend(std::iter::once('"').chain(std::iter::repeat_n('x', inner)).chain(['"'])),
        // Lines stay lines.
        Filler::Blank => read.extend(hole.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' })),
    }
}

/// Every hole, and what fills it.
fn find(text: &str, json: bool) -> Vec<(Range<usize>, Filler)> {
    let mut scan = Scan { text, quoted: false, missing: [false; KINDS.len()] };
    let mut holes: Vec<(Range<usize>, Filler)> = Vec::new();
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        if let Some(end) = scan.hole(at) {
            let filler = scan.filler(at..end, json);
            match holes.last_mut() {
                // Two strings in a row would be no value.
                Some((last, Filler::Literal)) if last.end == at && filler == Filler::Literal => last.end = end,
                _ => holes.push((at..end, filler)),
            }
            at = end;
            continue;
        }
        match byte {
            b'\\' if scan.quoted => at += 1,
            b'"' if json => scan.quoted = !scan.quoted,
            _ => {}
        }
        at += 1;
    }
    holes
}

struct Scan<'t> {
    text: &'t str,
    /// Inside a string of JSON.
    quoted: bool,
    /// Kinds whose end does not occur any more, so that it is not looked for at every beginning.
    missing: [bool; KINDS.len()],
}

impl Scan<'_> {
    /// The end of the hole that begins at byte `at`.
    fn hole(&mut self, at: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        if !matches!(bytes.get(at)?, b'{' | b'<' | b'$') {
            return None;
        }
        let rest = self.text.get(at..)?;
        let kind = KINDS.iter().position(|(open, _)| rest.starts_with(open))?;
        let (open, close) = KINDS.get(kind)?;
        if *self.missing.get(kind)? || !begins(rest, open) {
            return None;
        }
        let Some(length) = rest.get(open.len()..)?.find(close) else {
            *self.missing.get_mut(kind)? = true;
            return None;
        };
        let mut end = at + open.len() + length + close.len();
        // `{{{ x }}}`
        if rest.starts_with("{{{") && bytes.get(end) == Some(&b'}') {
            end += 1;
        }
        Some(end)
    }

    fn filler(&self, hole: Range<usize>, json: bool) -> Filler {
        let written = self.text.get(hole.clone()).unwrap_or("");
        let alone = !self.quoted && !json && self.is_alone(hole);
        match () {
            () if is_order(written) || alone => Filler::Blank,
            () if json && !self.quoted => Filler::Literal,
            () => Filler::Letters,
        }
    }

    /// Whether a hole stands alone on its line and is not the value of the key above: lines that something else puts
    /// there.
    fn is_alone(&self, hole: Range<usize>) -> bool {
        let space = [' ', '\t', '\r'];
        let before = self.text.get(..hole.start).unwrap_or("").trim_end_matches(space);
        let after = self.text.get(hole.end..).unwrap_or("").trim_start_matches(space);
        let ends = |text: &str, at_break: bool| text.is_empty() || at_break;
        let alone = ends(before, before.ends_with('\n')) && ends(after, after.starts_with('\n'));
        alone && !before.trim_end().ends_with(':')
    }
}

/// Whether a hole directs the template and stands for no value.
fn is_order(hole: &str) -> bool {
    if hole.starts_with("{%") {
        return true;
    }
    if let Some(code) = hole.strip_prefix("<%") {
        return !code.starts_with(['=', '-']);
    }
    let Some(code) = hole.strip_prefix("{{") else { return false };
    let code = code.trim_start_matches(['-', '~']).trim_start();
    let word = code.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or("");
    code.starts_with(['#', '/', '!', '^']) || ORDERS.contains(&word)
}
