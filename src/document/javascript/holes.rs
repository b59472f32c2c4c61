//! Template holes: what a template engine fills in before a browser sees JavaScript.

use std::ops::Range;

/// What stands in a hole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A value: `{{ x }}`, `<%= x %>`, `<your-key>`.
    Value,
    /// A condition, a loop, an inclusion or a comment: `{% … %}`, `<% … %>`, `{{#if x}}`.
    Block,
}

/// A hole at bytes of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hole {
    pub(super) range: Range<usize>,
    pub(super) kind: Kind,
}

/// How holes begin and end. Longer beginnings come first.
const MARKS: [(&str, &str, Kind); 9] = [
    ("<%=", "%>", Kind::Value),
    ("<%-", "%>", Kind::Value),
    ("<%", "%>", Kind::Block),
    ("{%", "%}", Kind::Block),
    ("{{#", "}}", Kind::Block),
    ("{{/", "}}", Kind::Block),
    ("{{!", "}}", Kind::Block),
    ("{{else", "}}", Kind::Block),
    ("{{", "}}", Kind::Value),
];

/// A hole longer than this is a slip of the template; reading on costs less than being wrong about half a file.
const MAX_LENGTH: usize = 2000;
/// So many beginnings without an end are no template.
const MAX_OPEN: usize = 100;

/// The holes between bytes `within`, in order.
pub(super) fn find(text: &str, within: Range<usize>) -> Vec<Hole> {
    let mut holes = Vec::new();
    let (mut at, mut open) = (within.start, 0);
    while open < MAX_OPEN
        && let Some(next) = text.get(at..within.end).and_then(|rest| rest.find(['{', '<']))
    {
        at += next;
        match hole(text, at, within.end) {
            Some(hole) => {
                at = hole.range.end;
                holes.push(hole);
            }
            None => {
                open +=
                    usize::from(text.get(at..).is_some_and(|rest| MARKS.iter().any(|mark| rest.starts_with(mark.0))));
                at += 1;
            }
        }
    }
    holes
}

fn hole(text: &str, at: usize, end: usize) -> Option<Hole> {
    let rest = text.get(at..end)?;
    let Some((open, close, kind)) = MARKS.iter().find(|(open, ..)| rest.starts_with(open)) else {
        return placeholder(text, at, rest);
    };
    // `style={{ … }}` is an object in an attribute of JSX.
    if *open == "{{" && text.get(..at)?.ends_with('=') {
        return None;
    }
    let body = rest.get(open.len()..)?;
    let length = open.len() + find_near(body, close)? + close.len();
    Some(Hole { range: at..at + length, kind: *kind })
}

/// The first `mark` within the longest hole that is believed in.
fn find_near(body: &str, mark: &str) -> Option<usize> {
    let bytes = body.as_bytes();
    let near = bytes.get(..bytes.len().min(MAX_LENGTH))?;
    near.windows(mark.len()).position(|window| window == mark.as_bytes())
}

/// `<your-write-key>` where a value is expected.
fn placeholder(text: &str, at: usize, rest: &str) -> Option<Hole> {
    let body = rest.strip_prefix('<')?;
    let name =
        body.split(|letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | ' '))).next()?;
    let begins = name.starts_with(|letter: char| letter.is_ascii_alphabetic());
    let after = body.get(name.len()..)?.strip_prefix('>')?;
    let expected = text.get(..at)?.trim_end().ends_with([':', '=', '(', ',', '[']);
    let ends = after.trim_start_matches([' ', '\t']);
    let ended = ends.is_empty() || ends.starts_with([',', '}', ')', ']', ';', '\n', '\r']);
    (begins && expected && ended).then(|| Hole { range: at..at + name.len() + 2, kind: Kind::Value })
}

/// A copy of the text that parses: values become names of the same length, everything else is blank.
pub(super) fn masked(text: &str, holes: &[Hole]) -> String {
    let mut copy = String::with_capacity(text.len());
    let mut at = 0;
    for hole in holes {
        copy.push_str(text.get(at..hole.range.start).unwrap_or(""));
        let inside = text.get(hole.range.clone()).unwrap_or("").bytes();
        copy.extend(inside.map(|byte| match (hole.kind, byte) {
            (Kind::Value, _) => '_',
            (Kind::Block, b'\n') => '\n',
            (Kind::Block, _) => ' ',
        }));
        at = hole.range.end;
    }
    copy.push_str(text.get(at..).unwrap_or(""));
    copy
}

/// The holes that touch a range; they are in order and do not overlap.
pub(super) fn touching(holes: &[Hole], range: Range<usize>) -> &[Hole] {
    let from = holes.partition_point(|hole| hole.range.end <= range.start);
    let to = holes.partition_point(|hole| hole.range.start < range.end);
    holes.get(from..to.max(from)).unwrap_or_default()
}
