//! The syntax tree of a script, within limits.

use std::ops::{ControlFlow, Range};

use tree_sitter::{Node, ParseOptions, ParseState, Parser, Point, Tree};

/// Steps of the parser that any text may take, in hundreds.
const LEAST_STEPS: usize = 4_000;
/// Bytes that pay for a hundred steps more; well-formed code needs fewer than one step a byte.
const BYTES_PER_STEP: usize = 16;

/// Parses the bytes `range` of `text`; `None` when it takes too many steps, as only garbage does.
pub(super) fn parse(text: &str, range: Range<usize>) -> Option<Tree> {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_typescript::LANGUAGE_TSX.into()).ok()?;
    let nowhere = Point { row: 0, column: 0 };
    let length = range.len();
    let whole =
        tree_sitter::Range { start_byte: range.start, end_byte: range.end, start_point: nowhere, end_point: nowhere };
    parser.set_included_ranges(&[whole]).ok()?;
    let mut left = LEAST_STEPS + length / BYTES_PER_STEP;
    let mut count = |_: &ParseState| {
        left = left.saturating_sub(1);
        if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let bytes = text.as_bytes();
    let mut chunk = |at: usize, _: Point| bytes.get(at..range.end).unwrap_or_default();
    parser.parse_with_options(&mut chunk, None, Some(ParseOptions::new().progress_callback(&mut count)))
}

/// Goes through a tree in the order of the text, without recursion: `enter` says whether to look inside.
pub(super) fn walk<'s>(root: Node<'s>, mut enter: impl FnMut(Node<'s>) -> bool, mut leave: impl FnMut(Node<'s>)) {
    let mut cursor = root.walk();
    loop {
        if enter(cursor.node()) && cursor.goto_first_child() {
            continue;
        }
        loop {
            let node = cursor.node();
            leave(node);
            if node.id() == root.id() {
                return;
            }
            if cursor.goto_next_sibling() {
                break;
            }
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

/// The named parts of a node, comments left out.
pub(super) fn parts(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|part| part.kind() != "comment").collect()
}

/// The first named part of a node.
pub(super) fn first(node: Node<'_>) -> Option<Node<'_>> {
    parts(node).into_iter().next()
}
