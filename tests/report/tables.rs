//! Tables of a report, read back from its Markdown as a reader sees them.

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, parse_document};

/// A table as it is read.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) caption: String,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Table {
    /// The row whose first cell reads so.
    pub(crate) fn row(&self, first: &str) -> &[String] {
        self.rows.iter().find(|row| row[0] == first).unwrap_or_else(|| panic!("no row {first}: {self:#?}"))
    }
}

/// All tables, each with the paragraph before it.
pub(crate) fn tables(markdown: &str) -> Vec<Table> {
    let arena = Arena::new();
    let mut options = Options::default();
    options.extension.table = true;
    let root = parse_document(&arena, markdown, &options);
    let mut found = Vec::new();
    let mut caption = String::new();
    for node in root.children() {
        if matches!(node.data.borrow().value, NodeValue::Table(_)) {
            let rows = node.children().skip(1).map(|row| row.children().map(shown).collect()).collect();
            found.push(Table { caption: std::mem::take(&mut caption), rows });
        } else {
            caption = shown(node);
        }
    }
    found
}

/// The words of a node; a line break is a blank.
fn shown<'a>(node: &'a AstNode<'a>) -> String {
    let mut text = String::new();
    for part in node.descendants() {
        match &part.data.borrow().value {
            NodeValue::Text(words) => text += words,
            NodeValue::Code(code) => text += &code.literal,
            NodeValue::HtmlInline(tag) if tag == "<br>" => text.push(' '),
            NodeValue::SoftBreak => text.push(' '),
            _ => {}
        }
    }
    text.replace('\u{2060}', "")
}

/// Every paragraph that a text cites, without the law's name.
pub(crate) fn paragraphs(text: &str) -> Vec<String> {
    let number = regex::Regex::new(r"\b((?:1798\.\d+(?:\.\d+)?|7\d{3})(?:\([a-zA-Z0-9]{1,3}\))*)").unwrap();
    let cited = |found: &str| {
        // A day or a hash is no paragraph.
        let before = text[..text.find(found).unwrap_or(0)].chars().next_back();
        before.is_none_or(|c| c.is_whitespace() || c == '(')
    };
    let mut all: Vec<String> =
        number.captures_iter(text).map(|found| found[1].to_owned()).filter(|found| cited(found)).collect();
    all.sort();
    all.dedup();
    all
}
