//! A report as a page of HTML, for a reader and for paper: it loads nothing and runs nothing.

use super::document::{Block, Document, Line, Table, Weight, Word, spaced};
use crate::output::page::{Page, sentence};
use crate::output::printable;
use maud::{Markup, html};
use std::io::{self, Write};

/// Style beside that of all pages.
const STYLE: &str = include_str!("html/report.css");

pub(super) fn write(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    let body = html! {
        header { h1 { (sentence(&document.title)) } }
        (contents(document))
        main class=[is_broad(document).then_some("broad")] { @for (at, block) in document.blocks.iter().enumerate() { (written(document, at, block)) "\n" } }
    };
    Page { title: &document.title, style: STYLE, script: "", body }.write(None::<&()>, out)
}

/// So many links to sections are shown; more would push the report out of sight.
const IN_SIGHT: usize = 24;

/// Links to the sections.
fn contents(document: &Document) -> Markup {
    let sections = document.blocks.iter().enumerate().filter_map(|(at, block)| match block {
        Block::Heading(2, title) => Some((at, title)),
        _ => None,
    });
    let sections: Vec<(usize, &String)> = sections.collect();
    let list = html! { ul { @for (at, title) in &sections { li { a href={ "#s" (at) } { (sentence(title)) } } } } };
    html! {
        nav aria-label="Contents" {
            @if sections.len() > IN_SIGHT {
                details { summary { "Contents: " (sections.len()) " sections" } (list) }
            } @else { (list) }
        }
    }
}

/// Columns from which on a table is printed on paper that lies on its side.
const BROAD: usize = 5;

fn is_broad(document: &Document) -> bool {
    document.blocks.iter().any(|block| matches!(block, Block::Table(table) if table.head.len() >= BROAD))
}

fn written(document: &Document, at: usize, block: &Block) -> Markup {
    match block {
        Block::Heading(2, title) => html! { h2 id={ "s" (at) } { (sentence(title)) } },
        Block::Heading(_, title) => html! { h3 { (sentence(title)) } },
        Block::Paragraph(line) => html! { p { (words(document, line)) } },
        Block::List(points) => html! { ul { @for point in points { li { (words(document, point)) } } } },
        Block::Table(table) => in_table(document, at, table),
    }
}

/// A table that can be scrolled by keyboard where it is too wide.
fn in_table(document: &Document, at: usize, table: &Table) -> Markup {
    let name = format!("t{at}");
    html! {
        div.wide role="region" aria-labelledby=(name) tabindex="0" {
            table {
                caption id=(name) { (sentence(&table.caption)) }
                thead { tr { @for head in &table.head { th scope="col" { (head) } } } }
                tbody {
                    @for cells in &table.rows {
                        tr { @for (column, cell) in cells.iter().enumerate() { (in_cell(document, column == 0, cell)) } }
                        "\n"
                    }
                }
            }
        }
    }
}

fn in_cell(document: &Document, first: bool, cell: &[Line]) -> Markup {
    let lines = html! {
        @if let [line] = cell { (words(document, line)) } @else { @for line in cell { div { (words(document, line)) } } }
    };
    html! { @if first { th scope="row" { (lines) } } @else { td { (lines) } } }
}

fn words(document: &Document, line: &Line) -> Markup {
    html! {
        @for (apart, word) in spaced(line) {
            @if apart { " " }
            @match word {
                Word::Text(text) if is_long(text) => { span.long { (sentence(text)) } },
                Word::Text(text) => { (sentence(text)) },
                Word::Code(name) => { code class=[is_long(name).then_some("long")] { (printable(name)) } },
                Word::At(place) => { span class=(styled("at", place)) { (printable(place)) } },
                Word::Section(title) => { (link(document, title)) },
                Word::Weighed(weight, text) => { span class=(styled(class(*weight), text)) { (sentence(text)) } },
            }
        }
    }
}

/// A link to the section of this title.
fn link(document: &Document, title: &str) -> Markup {
    let is_it = |block: &Block| matches!(block, Block::Heading(2, found) if found == title);
    let at = document.blocks.iter().position(is_it);
    html! { @match at {
        Some(at) => { a href={ "#s" (at) } { (sentence(title)) } },
        None => { (sentence(title)) },
    } }
}

/// A class, and that of texts which have to be broken inside their words.
fn styled(class: &str, text: &str) -> String {
    if is_long(text) { format!("{class} long") } else { class.to_owned() }
}

/// So many letters without a place to break make a column too wide for paper.
const UNBROKEN: usize = 28;

/// Whether a text has to be broken inside its words, such as a hash or a path.
fn is_long(text: &str) -> bool {
    text.split([' ', '\n', '-']).any(|word| word.chars().count() > UNBROKEN)
}

fn class(weight: Weight) -> &'static str {
    match weight {
        Weight::Bad => "bad",
        Weight::Open => "open",
        Weight::Soft => "soft",
    }
}
