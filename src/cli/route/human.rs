//! For people: who receives what, as a table; and what became of each claim, refuted ones first.

use super::grid::{Column, lines, widths, wrapped};
use super::view::{Receives, Row, Verdict, claim_name, display, refutation, way};
use crate::cli::provenance::place;
use crate::flow::Map;
use crate::flow::route::{Claim, Proof, Step, standing};
use crate::flow::routing::Visitor;
use crate::output::{Style, columns, counted, printable};
use crate::source::{Sources, Span};
use std::io::{self, Write};

/// From this width on everything stands in one line; below it the reason stands under its path.
const WIDE: usize = 130;
/// How far what belongs to a line above it is moved in.
const INDENT: usize = 4;

/// What people are shown of a project.
pub(super) struct Page<'a> {
    pub(super) map: Map<'a>,
    pub(super) sources: &'a Sources,
    pub(super) style: Style,
}

impl Page<'_> {
    /// What every destination gets.
    pub(super) fn table(&self, who: &Visitor, rows: &[Row<'_>], out: &mut dyn Write) -> io::Result<()> {
        let width = columns(self.style);
        self.paragraph(&format!("For {}:", printable(&standing(who))), 0, out)?;
        let wide = width >= WIDE;
        let most = |share: usize| (width / share).max(12);
        let mut heads = vec![
            Column { heading: "destination", most: most(4).min(32) },
            Column { heading: "receives", most: 11 },
            Column { heading: "script", most: 6 },
            Column { heading: "path", most: if wide { most(4) } else { width } },
        ];
        if wide {
            heads.push(Column { heading: "place", most: most(3) });
            heads.push(Column { heading: "because", most: width });
        }
        let cells: Vec<Vec<Vec<String>>> = rows.iter().map(|row| self.cells(row, wide)).collect();
        let widths = widths(&heads, &cells.concat(), width);
        let titles: Vec<String> = heads.iter().map(|column| column.heading.to_owned()).collect();
        self.write(&lines(&titles, &widths, |_, text| self.paint(&text, "1")), out)?;
        for (row, cells) in rows.iter().zip(&cells) {
            self.row(row, cells, &widths, wide, out)?;
        }
        writeln!(out)
    }

    fn row(
        &self,
        row: &Row<'_>,
        cells: &[Vec<String>],
        widths: &[usize],
        wide: bool,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let undecidable = |column: usize, text: String| match text.as_str() {
            "undecidable" if column == 1 => self.paint(&text, "33"),
            _ => text,
        };
        for (at, cells) in cells.iter().enumerate() {
            self.write(&lines(cells, widths, undecidable), out)?;
            if !wide && let Some((because, span)) = reason(row, at) {
                self.paragraph(&printable(because), INDENT, out)?;
                self.place(span, INDENT, out)?;
            }
        }
        if !row.properties.is_empty() {
            let names: Vec<String> = row.properties.iter().map(|path| format!("`{}`", path.value)).collect();
            self.paragraph(&printable(&format!("with {}", names.join(", "))), INDENT, out)?;
        }
        Ok(())
    }

    /// A line of cells for each path, the destination on the first.
    fn cells(&self, row: &Row<'_>, wide: bool) -> Vec<Vec<String>> {
        let name = printable(display(row.entity));
        let with_reason = |mut cells: Vec<String>, at: usize| {
            if let Some((because, span)) = reason(row, at).filter(|_| wide) {
                cells.extend([place(span, self.sources), printable(because)]);
            }
            cells
        };
        if row.steps.is_empty() {
            let cells = [name.as_str(), Receives::No.name(), "-", "-"].map(str::to_owned).into();
            return vec![with_reason(cells, 0)];
        }
        let line = |(at, step): (usize, &Step)| {
            let name = if at == 0 { name.clone() } else { String::new() };
            let receives = Receives::of(step.delivery.events).name().to_owned();
            let script = if step.delivery.script { "loads" } else { "-" }.to_owned();
            with_reason(vec![name, receives, script, printable(&way(self.map, &step.path))], at)
        };
        row.steps.iter().enumerate().map(line).collect()
    }

    /// What became of every claim.
    pub(super) fn proofs(&self, verdicts: &[Verdict<'_>], out: &mut dyn Write) -> io::Result<()> {
        let longest = verdicts.iter().map(|one| one.result().len()).max().unwrap_or(0);
        for verdict in verdicts {
            let color = ["1;31", "1;33", "1"][usize::from(verdict.rank())];
            let pad = " ".repeat(longest - verdict.result().len());
            let head = format!("{pad}  {:<7}  {}", claim_name(verdict.claim), printable(display(verdict.entity)));
            writeln!(out, "{}{head}", self.paint(verdict.result(), color))?;
            match &verdict.proof {
                Proof::Proved => {}
                Proof::Refuted(found) => {
                    self.paragraph(&printable(&refutation(self.map, verdict, found)), INDENT, out)?;
                    self.paragraph(&printable(&verdict.sent.classes()), INDENT, out)?;
                    self.place(found.place, INDENT, out)?;
                }
                Proof::Undecidable { missing, place } => {
                    self.paragraph(&printable(&format!("cannot be told: {missing}")), INDENT, out)?;
                    self.place(*place, INDENT, out)?;
                }
            }
        }
        Ok(())
    }

    fn place(&self, span: Span, indent: usize, out: &mut dyn Write) -> io::Result<()> {
        // A place is never broken, so that it can be clicked.
        match place(span, self.sources) {
            place if place.is_empty() => Ok(()),
            place => writeln!(out, "{:indent$}{place}", ""),
        }
    }

    fn paragraph(&self, text: &str, indent: usize, out: &mut dyn Write) -> io::Result<()> {
        for line in wrapped(text, columns(self.style).saturating_sub(indent)) {
            writeln!(out, "{:indent$}{line}", "")?;
        }
        Ok(())
    }

    fn write(&self, lines: &[String], out: &mut dyn Write) -> io::Result<()> {
        lines.iter().try_for_each(|line| writeln!(out, "{line}"))
    }

    fn paint(&self, text: &str, color: &str) -> String {
        if self.style.color && !text.is_empty() { format!("\u{1b}[{color}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// The last line: the text, within the width.
    pub(super) fn summary(&self, text: &str, out: &mut dyn Write) -> io::Result<()> {
        self.paragraph(text, 0, out)
    }
}

/// The reason of the path at this place, or why there is none.
fn reason<'r>(row: &'r Row<'_>, at: usize) -> Option<(&'r str, Span)> {
    let step = row.steps.get(at).map(|step| (step.because.as_str(), step.place));
    step.or_else(|| row.idle.as_ref().map(|(because, place)| (because.as_str(), *place)))
}

/// How many destinations receive something.
pub(super) fn counted_rows(rows: &[Row<'_>]) -> String {
    let of = |wanted| rows.iter().filter(|row| row.receives() == wanted).count();
    let (yes, open) = (of(Receives::Yes), of(Receives::Undecidable));
    let scripts = rows.iter().filter(|row| row.receives() == Receives::No && row.loads_script()).count();
    let verb = if yes == 1 { "receives" } else { "receive" };
    let mut out = format!("{yes} of {} {verb} events", counted(rows.len(), "destination", "destinations"));
    if open > 0 {
        out += &format!(", {open} undecidable");
    }
    if scripts > 0 {
        out += &format!(", {} though no event is handed over", counted(scripts, "script loads", "scripts load"));
    }
    out
}

/// What became of the claims, one after the other.
pub(super) fn counted_verdicts(claims: &[Claim], verdicts: &[Verdict<'_>]) -> String {
    let each = claims.iter().map(|claim| {
        let of = |rank| verdicts.iter().filter(|one| one.claim == *claim && one.rank() == rank).count();
        let name = claim_name(*claim);
        match [of(0), of(1), of(2)] {
            [0, 0, 0] => format!("{name}: claimed of no destination"),
            [refuted, open, proved] => format!("{name}: {refuted} refuted, {open} undecidable, {proved} proved"),
        }
    });
    each.collect::<Vec<_>>().join("; ")
}
