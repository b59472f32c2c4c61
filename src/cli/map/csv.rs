//! The inventory as comma-separated values ([RFC 4180](https://www.rfc-editor.org/rfc/rfc4180)), for a spreadsheet: a row for
//! each field and each source that sends it, and for each source one of what goes out with every call.

use super::view::{Context, Field, View};
use crate::model::{ClassSet, Value};
use crate::output::{Where, printable};
use crate::source::Span;
use ::csv::{ErrorKind, QuoteStyle, Terminator, WriterBuilder};
use std::collections::HashMap;
use std::io::{self, Write};

/// The columns. Of several values in a cell each stands after `; `.
const HEAD: [&str; 14] = [
    "field",
    "event",
    "section",
    "class",
    "sensitive_class",
    "source",
    "destinations",
    "retention",
    "retention_at_destinations",
    "classified_by",
    "classified_at",
    "file",
    "line",
    "column",
];

pub(super) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    // What is quoted stays a cell even where another sign separates cells.
    let mut table =
        WriterBuilder::new().terminator(Terminator::CRLF).quote_style(QuoteStyle::Always).from_writer(&mut *out);
    table.write_record(HEAD).map_err(io_error)?;
    let mut kept = Kept::default();
    for source in view.senders.iter().copied() {
        if let Some(row) = in_every_call(view, source, &mut kept) {
            table.write_record(row.cells()).map_err(io_error)?;
        }
    }
    for event in view.events() {
        let senders: Vec<Option<usize>> = match view.map.links.events[event].is_empty() {
            true => vec![None],
            false => view.senders_of(event).map(Some).collect(),
        };
        let to: Vec<Vec<usize>> = senders.iter().map(|source| view.recipients.by(view.map, event, *source)).collect();
        for field in view.fields(event) {
            for (source, to) in senders.iter().zip(&to) {
                table.write_record(of_field(view, field, *source, to, &mut kept).cells()).map_err(io_error)?;
            }
        }
    }
    table.flush()
}

/// The failure itself, so that a reader who has seen enough is known as one.
fn io_error(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// What is said in a row.
struct Row {
    field: String,
    event: String,
    section: &'static str,
    classes: ClassSet,
    source: String,
    destinations: Receivers,
    retention: String,
    by: String,
    by_place: String,
    file: String,
    start: Option<(u32, u32)>,
}

impl Row {
    fn cells(self) -> [String; 14] {
        let codes = |set: ClassSet| set.codes().collect::<Vec<_>>().join("; ");
        let (line, column) =
            self.start.map(|(line, column)| (line.to_string(), column.to_string())).unwrap_or_default();
        [
            self.field,
            self.event,
            self.section.to_owned(),
            codes(self.classes.letters()),
            codes(self.classes.sensitive()),
            self.source,
            self.destinations.ids,
            self.retention,
            self.destinations.days,
            self.by,
            self.by_place,
            self.file,
            line,
            column,
        ]
    }
}

fn of_field(view: &View<'_>, field: Field<'_>, source: Option<usize>, to: &[usize], kept: &mut Kept) -> Row {
    let classes = field.taken.classes;
    let mut to = to.to_vec();
    to.retain(|to| !view.recipients.is_withheld(view.map, *to, field));
    let (file, start) = place(view, field.property.path.span);
    Row {
        field: cell(&field.property.path.value),
        event: cell(&field.event.name.value),
        section: field.property.section.name(),
        classes,
        source: source.map_or_else(String::new, |source| cell(&view.source(source).id.value)),
        destinations: kept.received(view, to, classes),
        retention: kept.noticed(view, classes),
        by: cell(&field.taken.by.words()),
        by_place: field.taken.place.map_or_else(String::new, |span| cell(&view.line(span))),
        file,
        start,
    }
}

/// What goes out with every call though no plan lists it.
fn in_every_call(view: &View<'_>, source: usize, kept: &mut Kept) -> Option<Row> {
    let entity = view.source(source);
    let Context { classes, field, by, by_place } = Context::of(view, source)?;
    let (file, start) = place(view, entity.id.span);
    Some(Row {
        field: cell(&field),
        event: "every call".to_owned(),
        section: "context",
        classes,
        source: cell(&entity.id.value),
        destinations: kept.received(view, view.recipients.fed(source).to_vec(), classes),
        retention: kept.noticed(view, classes),
        by: by.to_owned(),
        by_place: by_place.map_or_else(String::new, |span| cell(&view.line(span))),
        file,
        start,
    })
}

fn place(view: &View<'_>, span: Span) -> (String, Option<(u32, u32)>) {
    let at = Where::span(view.sources, span);
    (cell(at.file.unwrap_or("")), at.start.map(|start| (start.line, start.column)))
}

/// Cells that many rows share.
#[derive(Default)]
struct Kept {
    noticed: HashMap<ClassSet, String>,
    received: HashMap<(Vec<usize>, ClassSet), Receivers>,
}

/// Destinations, and how long they keep what they get.
#[derive(Clone)]
struct Receivers {
    ids: String,
    days: String,
}

impl Kept {
    fn noticed(&mut self, view: &View<'_>, classes: ClassSet) -> String {
        self.noticed.entry(classes).or_insert_with(|| noticed(view, classes)).clone()
    }

    fn received(&mut self, view: &View<'_>, to: Vec<usize>, classes: ClassSet) -> Receivers {
        self.received.entry((to, classes)).or_insert_with_key(|(to, _)| received(view, to, classes)).clone()
    }
}

/// How long classes are kept, as the notice says.
fn noticed(view: &View<'_>, classes: ClassSet) -> String {
    let mut found = Vec::new();
    for notice in &view.map.model.notices {
        let Some(period) = notice.object.get("retention") else { continue };
        let listed = ["pi", "spi"].into_iter().flat_map(|list| notice.object.texts(list));
        let listed: ClassSet = listed.filter_map(|(code, _)| ClassSet::parse(code)).collect();
        let here = listed.intersection(classes.letters().union(classes));
        if !here.is_empty() {
            let codes = here.codes().collect::<Vec<_>>().join(", ");
            found.push(cell(&format!("{codes}: {} ({})", period.value.display(), view.line(period.span))));
        }
    }
    found.join("; ")
}

/// The ids of destinations, and how many days those of them that say so keep what they get.
fn received(view: &View<'_>, to: &[usize], classes: ClassSet) -> Receivers {
    let ids: Vec<String> = to.iter().map(|to| cell(&view.destination(*to).id.value)).collect();
    let days = |to: &usize| {
        let entity = view.destination(*to);
        let told = |class: &str, path: &str| {
            let days = entity.object.get(path)?;
            let shown = match &days.value {
                Value::Int(1) => "1 day".to_owned(),
                Value::Int(days) => format!("{days} days"),
                other => other.display(),
            };
            Some(cell(&format!("{}: {class}{shown} ({})", entity.id.value, view.line(days.span))))
        };
        let single = classes.letters().union(classes);
        let mut found: Vec<String> = told("", "retention_days").into_iter().collect();
        found.extend(single.codes().filter_map(|code| told(&format!("{code} "), &format!("ttl_days.{code}"))));
        found
    };
    let days: Vec<String> = to.iter().flat_map(days).collect();
    Receivers { ids: ids.join("; "), days: days.join("; ") }
}

/// Text from files as a cell, on one line, of which no spreadsheet makes a formula: an apostrophe stands before what would
/// begin one, also behind signs that separate cells elsewhere
/// ([OWASP, CSV Injection](https://owasp.org/www-community/attacks/CSV_Injection)).
fn cell(text: &str) -> String {
    let text = printable(text);
    let mut out = String::with_capacity(text.len());
    let mut begins = true;
    for c in text.chars() {
        if begins && matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') {
            out.push('\'');
        }
        begins = matches!(c, ';' | ',' | '|' | '"' | '\'') || (begins && c == ' ');
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn nothing_begins_a_formula() {
        for (text, safe) in [
            ("email", "email"),
            ("a-b@c=d", "a-b@c=d"),
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("＝1", "'＝1"),
            ("  =1", "'=1"),
            ("a;=1", "a;'=1"),
            ("a\", =1", "a\", '=1"),
            ("'=1", "''=1"),
        ] {
            assert_eq!(cell(text), safe);
        }
        for text in ["\t=1", "\r=1", "\n=1"] {
            let cell = cell(text);
            assert!(!cell.contains(['\t', '\r', '\n']), "{cell:?}");
            assert!(!cell.starts_with('='), "{cell:?}");
        }
    }
}
