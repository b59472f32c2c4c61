//! JavaScript and TypeScript, as far as consent is set up in them.
//!
//! A text becomes one list of statements that may matter (`{assign, value}`, `{const, value}`, `{call, arguments}`,
//! `{element, attributes}`, `{export, value}`, `{import, names}`, `{script}`, `{broken}`), so that adapters see plain
//! trees. Nothing is run: what only running the code tells is [`super::Shape::Code`].

mod containers;
pub(super) mod holes;
mod literal;
mod lower;
pub(super) mod marks;
mod scope;
mod statements;
mod tree;

use std::ops::Range;

use self::holes::{Hole, Kind, find, masked, touching};
use self::lower::Lowering;
use self::marks::Marks;
use self::scope::{Scope, text_of};
use self::statements::Found;
use super::build::Builder;
use super::parsed::{Comment, Parsed, Syntax};
use super::{Document, Shape};
use crate::finding::{Problem, Stage};
use crate::source::{SourceId, Span};
use tree_sitter::{Node, Tree};

/// Texts above this are bundles, not what people write.
const MAX_BYTES: usize = 4 << 20;

/// What to do about code that does not parse.
const MEND: &str = "mend the syntax; what could be read around it was read";

/// The scripts of a page, and the addresses of those that it loads.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) scripts: Vec<Range<usize>>,
    pub(super) addresses: Vec<Range<usize>>,
    pub(super) comments: Vec<Comment>,
}

/// Parses a file of JavaScript or TypeScript.
pub(super) fn parse(source: SourceId, text: &str) -> Parsed<'_> {
    let whole = 0..text.len();
    read(source, text, Page { scripts: vec![whole], ..Page::default() })
}

/// Reads the scripts of a page.
pub(super) fn read(source: SourceId, text: &str, page: Page) -> Parsed<'_> {
    let mut parsed =
        Parsed { syntax: Syntax::JavaScript, documents: Vec::new(), comments: page.comments, problems: Vec::new() };
    if !marks::any(text) {
        return parsed;
    }
    if text.len() > MAX_BYTES {
        let message = "the script is too large to be read (4 MB)";
        let help = "point at the source it was built from, and exclude the built file";
        parsed.problems.push(Problem::at(Stage::Parse, Span::file(source), message).help(help));
        return parsed;
    }
    let mut survey = Survey { marks: Marks::of(text), ..Survey::default() };
    let mut scripts: Vec<Script> = Vec::with_capacity(page.scripts.len());
    for range in page.scripts {
        match Script::parse(text, range.clone()) {
            Some(script) => scripts.push(script),
            None if survey.marks.within(&range).is_some() => {
                let place = Span::new(source, range.start, range.start);
                parsed.problems.push(Problem::at(Stage::Parse, place, "the script is not JavaScript").help(MEND));
            }
            None => {}
        }
    }
    scripts.iter().for_each(|script| survey.look(script.tree.root_node(), text));
    // A string tells itself that it has a hole.
    let holes = scripts.iter().flat_map(|script| script.holes.iter()).filter(|hole| !survey.is_quiet(hole));
    let holes: Vec<Hole> = holes.cloned().collect();
    parsed.comments.extend(survey.comments.iter().map(|range| Comment { span: span(source, range) }));
    parsed.problems.extend(trouble(source, text, &survey, &holes));
    parsed.documents.extend(document(source, text, &survey, &holes, &page.addresses));
    parsed
}

fn span(source: SourceId, range: &Range<usize>) -> Span {
    Span::new(source, range.start, range.end)
}

/// One script, parsed; its holes when it does not parse as it stands.
struct Script {
    tree: Tree,
    holes: Vec<Hole>,
}

impl Script {
    fn parse(text: &str, range: Range<usize>) -> Option<Self> {
        let tree = tree::parse(text, range.clone())?;
        if tree.root_node().has_error() {
            let holes = find(text, range.clone());
            if !holes.is_empty()
                && let Some(filled) = tree::parse(&masked(text, &holes), range)
            {
                return Some(Self { tree: filled, holes });
            }
        }
        Some(Self { tree, holes: Vec::new() })
    }
}

/// What is found in the scripts before any value is read.
#[derive(Default)]
struct Survey<'s> {
    marks: Marks,
    scope: Scope<'s>,
    found: Vec<Found<'s>>,
    errors: Vec<Range<usize>>,
    comments: Vec<Range<usize>>,
    /// Strings, comments and the texts of elements.
    quiet: Vec<Range<usize>>,
}

impl<'s> Survey<'s> {
    fn is_quiet(&self, hole: &Hole) -> bool {
        let at = self.quiet.partition_point(|range| range.end < hole.range.end);
        self.quiet.get(at).is_some_and(|range| range.start <= hole.range.start)
    }

    fn look(&mut self, root: Node<'s>, text: &'s str) {
        let scope = std::cell::RefCell::new(&mut self.scope);
        let (found, errors, marks) = (&mut self.found, &mut self.errors, &self.marks);
        let (comments, quiet) = (&mut self.comments, &mut self.quiet);
        let enter = |node: Node<'s>| {
            scope.borrow_mut().enter(node, text);
            found.extend(statements::of(node, text, marks));
            if node.is_error() || node.is_missing() {
                errors.push(node.byte_range());
            }
            if matches!(node.kind(), "string_fragment" | "comment" | "jsx_text") {
                quiet.push(node.byte_range());
            }
            if node.kind() == "comment" && text_of(node, text).contains("consentlint:") {
                // In JSX the braces belong to the comment.
                let braced = text.get(..node.start_byte()).is_some_and(|before| before.ends_with('{'));
                comments.push(node.start_byte() - usize::from(braced)..node.end_byte());
            }
            true
        };
        tree::walk(root, enter, |node| scope.borrow_mut().leave(node));
    }
}

/// The first error or hole in a statement that sets up consent.
fn trouble(source: SourceId, text: &str, survey: &Survey<'_>, holes: &[Hole]) -> Option<Problem> {
    let ours = survey.found.iter().map(|found| found.node().byte_range());
    let mut ours: Vec<Range<usize>> = ours.filter(|range| survey.marks.within(range).is_some()).collect();
    ours.sort_by_key(|range| range.start);
    let mut first: Option<Range<usize>> = None;
    let mut offer = |range: &Range<usize>| {
        if first.as_ref().is_none_or(|known| range.start < known.start) {
            first = Some(range.clone());
        }
    };
    for range in &ours {
        touching(holes, range.clone()).iter().take(1).for_each(|hole| offer(&hole.range));
        let from = survey.errors.partition_point(|error| error.start < range.start);
        survey.errors.iter().skip(from).take(1).filter(|error| error.end <= range.end).for_each(&mut offer);
    }
    let range = first?;
    let hole = touching(holes, range.start..range.end + 1).first();
    Some(match hole {
        Some(hole) => {
            let message = match hole.kind {
                Kind::Value => "a template fills in a value here, so it cannot be read",
                Kind::Block => "a template decides here what the script says, so it cannot be read",
            };
            Problem::at(Stage::Parse, span(source, &hole.range), message)
                .help("check the page as it is served, with the template filled in")
        }
        None => {
            let line = text.get(range.start..).and_then(|rest| rest.lines().next()).map_or(0, str::len);
            let shown = range.start..range.end.min(range.start + line.max(1)).max(range.start);
            Problem::at(Stage::Parse, span(source, &shown), "the script cannot be understood here").help(MEND)
        }
    })
}

fn document<'t>(
    source: SourceId,
    text: &'t str,
    survey: &Survey<'_>,
    holes: &[Hole],
    addresses: &[Range<usize>],
) -> Option<Document<'t>> {
    let builder = Builder::new(Syntax::JavaScript, source, text);
    let mut lowering = Lowering::new(text, builder, &survey.scope, holes);
    let mut statements: Vec<_> = survey.found.iter().filter_map(|found| lowering.statement(*found)).collect();
    let mut builder = lowering.builder;
    for range in addresses {
        let key = builder.key(false, range.start, range.end, Some("script"));
        let address = builder.scalar(Shape::Text, false, range.start, range.end, None);
        statements.push(builder.map(&[(key, address)], range.start, range.end));
    }
    if statements.is_empty() {
        return None;
    }
    let root = builder.list(&statements, 0, text.len());
    Some(builder.finish(root))
}
