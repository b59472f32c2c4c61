//! Precision and recall over `fixtures/classification/labelled.tsv`, and `docs/classification.md`, which reports them
//! (`UPDATE=1 cargo test --test classification` brings it up to date).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use consentlint::classify::Classifier;
use consentlint::model::ClassSet;
use consentlint::model::taxonomy::CLASSES;

use super::{field, ratio};

const PARTS: [&str; 3] = ["tune", "held", "blind"];
const HEAD: &str = include_str!("head.md");

/// A name and what it must be taken for.
struct Row {
    place: String,
    name: String,
    classes: ClassSet,
    /// Right as well.
    also: ClassSet,
    /// Not personal is right as well.
    or_none: bool,
    part: String,
    source: String,
}

impl Row {
    fn read(line: &str) -> Self {
        let [place, name, classes, also, part, source] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("row `{line}`")
        };
        let codes = |list: &str| list.split(',').filter(|code| !code.is_empty() && *code != "-").map(class).collect();
        Self {
            place: place.to_owned(),
            name: name.to_owned(),
            classes: codes(classes),
            also: codes(also),
            or_none: also.split(',').any(|code| code == "-"),
            part: part.to_owned(),
            source: source.to_owned(),
        }
    }

    fn kind(&self) -> &str {
        self.source.split_once(':').map_or("", |(kind, _)| kind)
    }

    /// Whether it must be personal; nothing when either is right.
    fn personal(&self) -> Option<bool> {
        match (self.classes.is_empty(), self.or_none || self.classes.is_empty() && !self.also.is_empty()) {
            (_, true) => None,
            (none, false) => Some(!none),
        }
    }

    /// Letters of the name alone, in lower case.
    fn folded(&self) -> String {
        self.name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
    }

    fn found(&self, classifier: &Classifier) -> ClassSet {
        classifier.classify(field(&self.name, &self.place)).classes
    }
}

fn class(code: &str) -> ClassSet {
    ClassSet::parse(code).unwrap_or_else(|| panic!("unknown class `{code}`"))
}

fn rows() -> Vec<Row> {
    let table = std::fs::read_to_string("fixtures/classification/labelled.tsv").unwrap();
    table.lines().filter(|line| !line.starts_with('#')).skip(1).map(Row::read).collect()
}

/// Right, false alarms, missed.
#[derive(Clone, Copy, Default)]
struct Tally([u32; 3]);

impl Tally {
    fn precision(self) -> f64 {
        ratio(self.0[0], self.0[1])
    }

    fn recall(self) -> f64 {
        ratio(self.0[0], self.0[2])
    }

    fn count(&mut self, wanted: bool, found: bool) {
        match (wanted, found) {
            (true, true) => self.0[0] += 1,
            (false, true) => self.0[1] += 1,
            (true, false) => self.0[2] += 1,
            (false, false) => {}
        }
    }
}

/// Personal or not, over the rows that a filter lets through.
fn personal(rows: &[Row], classifier: &Classifier, filter: impl Fn(&Row) -> bool) -> Tally {
    let mut tally = Tally::default();
    for row in rows.iter().filter(|row| filter(row)) {
        if let Some(wanted) = row.personal() {
            tally.count(wanted, !row.found(classifier).is_empty());
        }
    }
    tally
}

/// Each class by its code, over a part.
fn by_class(rows: &[Row], classifier: &Classifier, part: &str) -> BTreeMap<&'static str, Tally> {
    let mut tallies = BTreeMap::<_, Tally>::new();
    for row in rows.iter().filter(|row| row.part == part) {
        let found = row.found(classifier);
        for code in row.classes.union(found.without(row.also)).codes() {
            let wanted = row.classes.contains(class(code));
            if !(wanted && row.or_none && found.is_empty()) {
                tallies.entry(code).or_default().count(wanted, found.contains(class(code)));
            }
        }
    }
    tallies
}

fn overall(out: &mut String, rows: &[Row], classifier: &Classifier) {
    *out += "| part | kind of source | names | personal | precision | recall |\n|---|---|---|---|---|---|\n";
    let mut line = |part: &str, kind: &str, within: &dyn Fn(&Row) -> bool| {
        let tally = personal(rows, classifier, within);
        let names = rows.iter().filter(|row| within(row)).count();
        let wanted = rows.iter().filter(|row| within(row) && row.personal() == Some(true)).count();
        let (precision, recall) = (tally.precision(), tally.recall());
        writeln!(out, "| {part} | {kind} | {names} | {wanted} | {precision:.3} | {recall:.3} |").unwrap();
    };
    for part in PARTS {
        line(part, "all", &|row| row.part == part);
        let kinds: BTreeSet<&str> = rows.iter().filter(|row| row.part == part).map(Row::kind).collect();
        for kind in kinds.iter().filter(|_| kinds.len() > 1) {
            line(part, kind, &|row| row.part == part && row.kind() == *kind);
        }
    }
    let seen: BTreeSet<String> = rows.iter().filter(|row| row.part != "blind").map(Row::folded).collect();
    line("blind", "names in no other part", &|row| row.part == "blind" && !seen.contains(&row.folded()));
}

fn classes(out: &mut String, rows: &[Row], classifier: &Classifier) {
    *out += "\n## By letter and sensitive class\n\nPrecision / recall (names of the class). A class that has \
             fewer than ten names in a part says little there.\n\n| class | tune | held | blind |\n|---|---|---|---|\n";
    let tallies = PARTS.map(|part| by_class(rows, classifier, part));
    for (code, title) in CLASSES {
        let cells = tallies.iter().map(|tallies| tallies.get(code).copied().unwrap_or_default());
        let cells: Vec<String> = cells
            .map(|tally| match tally.0 {
                [0, 0, 0] => "–".to_owned(),
                [right, _, missed] => {
                    format!("{:.2} / {:.2} ({})", tally.precision(), tally.recall(), right + missed)
                }
            })
            .collect();
        if code != "L" {
            writeln!(out, "| **{code}** {title} | {} |", cells.join(" | ")).unwrap();
        }
    }
}

fn sources(out: &mut String, rows: &[Row], classifier: &Classifier) {
    *out += "\n## The blind part by source\n\n| source | names | precision | recall |\n|---|---|---|---|\n";
    let blind: BTreeSet<&str> = rows.iter().filter(|row| row.part == "blind").map(|row| row.source.as_str()).collect();
    for source in blind {
        let within = |row: &Row| row.part == "blind" && row.source == source;
        let tally = personal(rows, classifier, within);
        let names = rows.iter().filter(|row| within(row)).count();
        let shown = source.split_once(':').map_or(source, |(_, name)| name);
        writeln!(out, "| {shown} | {names} | {:.2} | {:.2} |", tally.precision(), tally.recall()).unwrap();
    }
}

fn mistakes(out: &mut String, rows: &[Row], classifier: &Classifier) {
    *out += "\n## Known mistakes\n\nOf the part `tune`, personal or not. Mistakes of the other parts are not listed, so \
             that nobody is tempted to tune on them.\n\n| taken for personal | missed |\n|---|---|\n";
    let wrong = |wanted: bool| {
        let tuned = rows.iter().filter(move |row| row.part == "tune" && row.personal() == Some(wanted));
        let wrong = tuned.filter(|row| row.found(classifier).is_empty() == wanted);
        wrong.map(|row| format!("`{}`", row.name)).collect::<Vec<_>>().join(", ")
    };
    writeln!(out, "| {} | {} |", wrong(false), wrong(true)).unwrap();
}

#[test]
fn the_documentation_reports_what_is_measured() {
    let (rows, classifier) = (rows(), Classifier::default());
    let mut generated = HEAD.to_owned();
    overall(&mut generated, &rows, &classifier);
    classes(&mut generated, &rows, &classifier);
    sources(&mut generated, &rows, &classifier);
    mistakes(&mut generated, &rows, &classifier);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/classification.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, generated).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    let stale = "docs/classification.md is stale; run `UPDATE=1 cargo test --test classification`";
    assert!(committed == generated, "{stale}");
}

/// Floors a little below what was measured: part, precision, recall.
const FLOORS: [(&str, f64, f64); 3] = [("tune", 0.97, 0.96), ("held", 0.97, 0.95), ("blind", 0.95, 0.60)];

#[test]
fn personal_or_not_is_told_at_least_as_well_as_measured() {
    let (rows, classifier) = (rows(), Classifier::default());
    for (part, precision, recall) in FLOORS {
        let tally = personal(&rows, &classifier, |row| row.part == part);
        assert!(tally.precision() >= precision, "{part}: precision {:.3}", tally.precision());
        assert!(tally.recall() >= recall, "{part}: recall {:.3}", tally.recall());
    }
}

/// Sensitive classes whose false alarms cost most; over all parts together.
const CRITICAL: [&str; 5] = ["1A", "1B", "1C", "2B", "R4"];

#[test]
fn critical_classes_raise_no_false_alarm() {
    let (rows, classifier) = (rows(), Classifier::default());
    let critical: ClassSet = CRITICAL.into_iter().map(class).collect();
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            let found = row.found(&classifier).intersection(critical).without(row.classes).without(row.also);
            (!found.is_empty()).then(|| format!("{}: {}", row.name, found.codes().collect::<Vec<_>>().join(" ")))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_set_is_what_the_documentation_says_of_it() {
    let rows = rows();
    let count = |filter: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| filter(row)).count();
    let personal = count(&|row| row.personal() == Some(true));
    assert!(rows.len() >= 2000 && personal <= count(&|row| row.personal() == Some(false)));
    let split = |row: &Row| ["corpus", "format", "written"].contains(&row.kind());
    let held = count(&|row| row.part == "held") * 100 / count(&split);
    assert!((30..37).contains(&held), "a third is held, not {held} of 100");
    let names = |part: &str| -> BTreeSet<String> {
        rows.iter().filter(|row| row.part == part).map(Row::folded).filter(|name| !name.is_empty()).collect()
    };
    assert!(names("tune").is_disjoint(&names("held")), "a name is in both parts");
    let mut sources = BTreeMap::<&str, usize>::new();
    rows.iter().for_each(|row| *sources.entry(&row.source).or_default() += 1);
    assert!(sources.values().all(|names| *names * 10 < rows.len()), "one source dominates");
}
