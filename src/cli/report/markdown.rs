//! A report as Markdown, for a repository, a wiki or a ticket.

use super::document::{Block, Cell, Document, Line, Table, Weight, Word, spaced};
use crate::output::{code_span, markdown};
use std::io::{self, Write};

pub(super) fn write(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# {}", markdown(&document.title))?;
    for block in &document.blocks {
        writeln!(out)?;
        match block {
            Block::Heading(level, title) => writeln!(out, "{} {}", "#".repeat(usize::from(*level)), markdown(title))?,
            Block::Paragraph(line) => writeln!(out, "{}", written(line))?,
            Block::List(points) => points.iter().try_for_each(|point| writeln!(out, "- {}", written(point)))?,
            Block::Table(table) => write_table(table, out)?,
        }
    }
    Ok(())
}

fn write_table(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}\n", markdown(&table.caption))?;
    row(table.head.iter().map(|head| markdown(head)), out)?;
    row(table.head.iter().map(|_| "---".to_owned()), out)?;
    table.rows.iter().try_for_each(|cells| row(cells.iter().map(in_cell), out))
}

fn row(cells: impl Iterator<Item = String>, out: &mut dyn Write) -> io::Result<()> {
    for cell in cells {
        write!(out, "| {cell} ")?;
    }
    writeln!(out, "|")
}

fn in_cell(cell: &Cell) -> String {
    cell.iter().map(written).collect::<Vec<_>>().join("<br>")
}

fn written(line: &Line) -> String {
    let mut out = String::new();
    for (apart, word) in spaced(line) {
        if apart {
            out.push(' ');
        }
        out += &match word {
            Word::Text(text) => markdown(text),
            Word::Code(name) | Word::At(name) => code_span(name),
            Word::Section(title) => format!("“{}”", markdown(title)),
            Word::Weighed(Weight::Bad, text) => format!("**{}**", markdown(text)),
            Word::Weighed(Weight::Open, text) => format!("*{}*", markdown(text)),
            Word::Weighed(Weight::Soft, text) => markdown(text),
        };
    }
    out
}
