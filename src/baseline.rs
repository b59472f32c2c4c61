//! The baseline: the findings of a day that are accepted, so that a run counts only new ones.
//!
//! A finding is known by its fingerprint, which stays when files are moved, reformatted or re-ordered, and by what it
//! weighs: a question that was accepted says nothing of the accusation that may follow it. What an exception covers is
//! neither in the baseline nor matched with it.

use crate::document::{self, Node};
use crate::finding::{Finding, Problem, Severity, Stage, closest};
use crate::source::{SourceId, Span};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

/// The file name that is looked for, beside the settings.
pub const FILE_NAME: &str = ".consentlint-baseline.json";

const VERSION: i64 = 1;

/// What a finding weighs, beside what its rule says; from mild to heavy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weight {
    /// It asks for a declaration.
    Question,
    /// As its rule says.
    Own,
    /// More than its rule says, by the rule's `raise`.
    Raised,
}

impl Weight {
    /// All of them with their words in the file; none for the usual one.
    const WORDS: [(&'static str, Weight); 2] = [("question", Self::Question), ("raised", Self::Raised)];

    /// What a finding weighs, where its rule usually has the severity `usual`.
    pub fn of(finding: &Finding, usual: Option<Severity>) -> Self {
        match usual {
            _ if finding.question.is_some() => Self::Question,
            Some(usual) if finding.severity < usual => Self::Raised,
            _ => Self::Own,
        }
    }

    fn word(self) -> Option<&'static str> {
        Self::WORDS.iter().find(|(_, weight)| *weight == self).map(|(word, _)| *word)
    }
}

/// Findings that are accepted: those of one rule on one subject.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// `pack/name`.
    pub rule: String,
    /// `kind:id`.
    pub subject: String,
    /// Of the findings.
    pub fingerprint: String,
    /// What they weigh.
    pub weight: Weight,
    /// How many there are.
    pub count: usize,
}

/// An entry without its count: what it is about.
pub type Key<'e> = (&'e str, &'e str, &'e str, Weight);

impl Entry {
    /// What it is about.
    pub fn key(&self) -> Key<'_> {
        (&self.rule, &self.subject, &self.fingerprint, self.weight)
    }

    fn takes(&self, finding: &Finding, weight: Weight) -> bool {
        let subject = self.subject.strip_prefix(finding.subject.kind).and_then(|rest| rest.strip_prefix(':'));
        // A fingerprint under a false name would hide a finding from whoever reads the file.
        self.weight >= weight && self.rule == finding.rule && subject == Some(&finding.subject.id)
    }
}

/// A baseline as written.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    /// Its entries, each with its place.
    pub entries: Vec<(Entry, Span)>,
}

/// The entries that stand for findings; what an exception covers, and what is said of a baseline, is left out.
pub fn entries<'f>(
    findings: impl IntoIterator<Item = &'f Finding>,
    usual: &dyn Fn(&str) -> Option<Severity>,
) -> Vec<Entry> {
    let mut counts: BTreeMap<(String, String, String, Weight), usize> = BTreeMap::new();
    let counted = |finding: &&Finding| finding.suppressed.is_none() && finding.subject.kind != "baseline";
    for finding in findings.into_iter().filter(counted) {
        let subject = format!("{}:{}", finding.subject.kind, finding.subject.id);
        let weight = Weight::of(finding, usual(&finding.rule));
        *counts.entry((finding.rule.clone(), subject, finding.fingerprint.clone(), weight)).or_default() += 1;
    }
    let entry = |((rule, subject, fingerprint, weight), count)| Entry { rule, subject, fingerprint, weight, count };
    counts.into_iter().map(entry).collect()
}

impl Baseline {
    /// Marks the findings that the baseline knows, and gives how many each entry stands for.
    ///
    /// `findings` are in order of place and without doubles. Where there are more than an entry accepts, those later in
    /// that order are new. A finding may have become milder than what was accepted, never heavier.
    pub fn apply(&self, findings: &mut [Finding], usual: &dyn Fn(&str) -> Option<Severity>) -> Vec<usize> {
        let mut by_fingerprint: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, (entry, _)) in self.entries.iter().enumerate() {
            by_fingerprint.entry(&entry.fingerprint).or_default().push(at);
        }
        let mut found = vec![0; self.entries.len()];
        let mut left: Vec<(Weight, usize)> = (0..findings.len())
            .filter(|at| findings[*at].suppressed.is_none())
            .map(|at| (Weight::of(&findings[at], usual(&findings[at].rule)), at))
            .collect();
        // The heavy ones choose first: nothing else can stand for them.
        left.sort_by_key(|(weight, at)| (Reverse(*weight), *at));
        for (weight, at) in left {
            let finding = &mut findings[at];
            let fitting = by_fingerprint.get(finding.fingerprint.as_str()).into_iter().flatten().copied();
            let open = fitting.filter(|entry| {
                let accepted = &self.entries[*entry].0;
                accepted.takes(finding, weight) && found[*entry] < accepted.count
            });
            if let Some(entry) = open.min_by_key(|entry| self.entries[*entry].0.weight) {
                found[entry] += 1;
                finding.baselined = true;
            }
        }
        found
    }

    /// Reads the baseline `text`.
    ///
    /// # Errors
    /// Why it cannot be read, with the place.
    pub fn read(source: SourceId, text: &str) -> Result<Self, Box<Problem>> {
        let parsed = document::parse(source, FILE_NAME, text);
        if let Some(problem) = parsed.problems.into_iter().next() {
            let message = format!("the baseline cannot be read: {}", problem.message);
            return Err(Box::new(Problem { stage: Stage::Settings, message, ..problem }.help(ANEW)));
        }
        let Some(document) = parsed.documents.first() else {
            return Err(wrong(Span::file(source), "the baseline is empty"));
        };
        let root = document.root();
        known(root, &["version", "tool", "as_of", "findings"], "a baseline")?;
        match get(root, "version")?.integer() {
            Some(VERSION) => {}
            Some(newer) if newer > VERSION => {
                let message = format!("the baseline is of version {newer}, and this program reads version {VERSION}");
                let help = "use a newer consentlint, or remove the file and run `consentlint baseline`";
                return Err(Box::new(Problem::at(Stage::Settings, get(root, "version")?.span(), message).help(help)));
            }
            _ => return Err(wrong(get(root, "version")?.span(), "`version` of the baseline must be 1")),
        }
        for key in ["tool", "as_of"] {
            root.get(key).map_or(Ok(""), |node| text_of(node, key))?;
        }
        let list = get(root, "findings")?;
        if list.shape() != document::Shape::List {
            return Err(wrong(list.span(), "`findings` of the baseline must be a list"));
        }
        let entries: Vec<(Entry, Span)> = list.items().map(entry).collect::<Result<_, _>>()?;
        let mut seen = HashMap::new();
        for (entry, span) in &entries {
            if let Some(first) = seen.insert((&entry.fingerprint, entry.weight), *span) {
                let twice = wrong(*span, format!("the baseline lists `{}` of {} twice", entry.rule, entry.subject));
                return Err(Box::new(twice.also(first, "the first")));
            }
        }
        Ok(Self { entries })
    }
}

const ANEW: &str = "mend it, or remove the file and run `consentlint baseline`";

fn wrong(span: Span, message: impl Into<String>) -> Box<Problem> {
    Box::new(Problem::at(Stage::Settings, span, message).help(ANEW))
}

fn known(node: Node<'_>, keys: &[&str], what: &str) -> Result<(), Box<Problem>> {
    if node.shape() != document::Shape::Map {
        return Err(wrong(node.span(), format!("{what} must be an object")));
    }
    let Some(stranger) = node.entries().find(|entry| !keys.contains(&entry.key())) else { return Ok(()) };
    let near = closest(stranger.key(), keys.iter().copied());
    let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    Err(wrong(stranger.key_span(), format!("`{}` is no key of {what}{near}", stranger.key())))
}

fn get<'d>(node: Node<'d>, key: &str) -> Result<Node<'d>, Box<Problem>> {
    node.get(key).ok_or_else(|| wrong(node.span(), format!("the baseline lacks `{key}`")))
}

fn text_of<'d>(node: Node<'d>, key: &str) -> Result<&'d str, Box<Problem>> {
    node.text().ok_or_else(|| wrong(node.span(), format!("`{key}` of the baseline must be a text")))
}

fn entry(node: Node<'_>) -> Result<(Entry, Span), Box<Problem>> {
    known(node, &["fingerprint", "rule", "subject", "weight", "count"], "a finding of the baseline")?;
    let text = |key: &str| get(node, key).and_then(|node| text_of(node, key)).map(str::to_owned);
    let count = get(node, "count")?;
    let number = count.integer().and_then(|number| usize::try_from(number).ok()).filter(|number| *number > 0);
    let number = number.ok_or_else(|| wrong(count.span(), "`count` of the baseline must be a whole number from 1"))?;
    let weight = match node.get("weight") {
        None => Weight::Own,
        Some(node) => {
            let word = Weight::WORDS.iter().find(|(word, _)| node.text() == Some(word));
            word.ok_or_else(|| wrong(node.span(), "`weight` of the baseline is `question` or `raised`"))?.1
        }
    };
    let entry = Entry {
        rule: text("rule")?,
        subject: text("subject")?,
        fingerprint: text("fingerprint")?,
        weight,
        count: number,
    };
    Ok((entry, node.get("rule").map_or(node.span(), Node::span)))
}

/// An entry as it is written.
#[derive(serde::Serialize)]
struct Line<'e> {
    rule: &'e str,
    subject: &'e str,
    fingerprint: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<&'static str>,
    count: usize,
}

/// The baseline of a day as JSON: in a fixed order with a line for each entry, so that its history is easy to read.
///
/// # Errors
/// None in practice: texts and numbers have their form in JSON.
pub fn text(entries: &[Entry], as_of: &str) -> serde_json::Result<String> {
    let mut entries: Vec<&Entry> = entries.iter().collect();
    entries.sort();
    let line = |entry: &&Entry| {
        let Entry { rule, subject, fingerprint, weight, count } = *entry;
        serde_json::to_string(&Line { rule, subject, fingerprint, weight: weight.word(), count: *count })
    };
    let lines: Vec<String> = entries.iter().map(line).collect::<Result<_, _>>()?;
    let list = if lines.is_empty() { "[]".to_owned() } else { format!("[\n    {}\n  ]", lines.join(",\n    ")) };
    let tool = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));
    let (tool, as_of) = (serde_json::to_string(tool)?, serde_json::to_string(as_of)?);
    Ok(format!("{{\n  \"version\": {VERSION},\n  \"tool\": {tool},\n  \"as_of\": {as_of},\n  \"findings\": {list}\n}}"))
}
