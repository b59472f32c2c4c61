//! The inventory as comma-separated values ([RFC 4180](https://www.rfc-editor.org/rfc/rfc4180)), for a spreadsheet: a row for
//! each field and each source that sends it.

use super::view::{Field, View};
use crate::model::{ClassSet, Value};
use crate::output::{Where, printable};
use ::csv::{QuoteStyle, Terminator, WriterBuilder};
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
    table.write_record(HEAD)?;
    let mut kept = Kept::default();
    for event in view.events() {
        let senders: Vec<Option<usize>> = match view.map.links.events[event].is_empty() {
            true => vec![None],
            false => view.senders_of(event).map(Some).collect(),
        };
        let to: Vec<Vec<usize>> =
            senders.iter().map(|source| view.recipients.by(view.map, event, *source)).collect();
        for field in view.fields(event) {
            for (source, to) in senders.iter().zip(&to) {
                table.write_record(row(view, field, *source, to, &mut kept))?;
            }
        }
    }
    table.flush()
}

fn row(view: &View<'_>, field: Field<'_>, source: Option<usize>, to: &[usize], kept: &mut Kept) -> [String; 14] {
    let classes = field.taken.classes;
    let mut to = to.to_vec();
    to.retain(|to| !view.recipients.is_withheld(view.map, *to, field));
    let codes = |set: ClassSet| set.codes().collect::<Vec<_>>().join("; ");
    let at = Where::span(view.sources, field.property.path.span);
    let start = at.start.map(|start| (start.line.to_string(), start.column.to_string()));
    let (line, column) = start.unwrap_or_default();
    let notice = kept.noticed.entry(classes).or_insert_with(|| noticed(view, classes)).clone();
    let receivers = kept.names.entry((to, classes)).or_insert_with_key(|(to, _)| received(view, to, classes)).clone();
    [
        cell(&field.property.path.value),
        cell(&field.event.name.value),
        cell(field.property.section.name()),
        codes(classes.letters()),
        codes(classes.sensitive()),
        source.map_or_else(String::new, |source| cell(&view.source(source).id.value)),
        receivers.0,
        notice,
        receivers.1,
        cell(&field.taken.by.words()),
        field.taken.place.map_or_else(String::new, |span| cell(&view.line(span))),
        cell(at.file.unwrap_or("")),
        line,
        column,
    ]
}

/// Cells that many rows share.
#[derive(Default)]
struct Kept {
    noticed: HashMap<ClassSet, String>,
    names: HashMap<(Vec<usize>, ClassSet), (String, String)>,
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
fn received(view: &View<'_>, to: &[usize], classes: ClassSet) -> (String, String) {
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
    (ids.join("; "), days.join("; "))
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
            ("  =1", "  '=1"),
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
