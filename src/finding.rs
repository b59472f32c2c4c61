//! What a run can say: a [`Finding`] is about the input, a [`Problem`] is why something could not be judged.

use crate::source::Span;
use std::sync::Arc;

/// How bad a finding is; the order is from worst to mildest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The configuration itself describes a disclosure that the law forbids.
    Critical,
    /// A mandatory mechanism is absent or cannot work.
    High,
    /// An evidence gap or a likely defect.
    Medium,
    /// Hygiene.
    Low,
}

impl Severity {
    /// All severities, worst first.
    pub const ALL: [Severity; 4] = [Self::Critical, Self::High, Self::Medium, Self::Low];

    /// The word used in files and outputs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}

/// A place with a word about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is there; may be empty.
    pub text: String,
}

impl Label {
    /// A label that says `text` at `span`.
    pub fn new(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }
}

/// New text for a stretch of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// What is replaced; empty where text is put in.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

/// A way to mend what was found, as edits of the files at fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, such as "list `facebook-pixel` in `do-not-sell`".
    pub title: String,
    /// Whether it keeps what the author meant; one that leaves something to be filled in, or chooses, is not safe.
    pub safe: bool,
    /// Edits that do not overlap; all or none are made.
    pub edits: Vec<Edit>,
}

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubjectId {
    /// Kind of the subject, such as `destination`.
    pub kind: &'static str,
    /// Identity within its kind, stable when files move.
    pub id: String,
}

/// The input breaks a rule.
#[derive(Clone, Debug)]
pub struct Finding {
    /// `pack/name` of the rule.
    pub rule: String,
    /// After the settings were applied.
    pub severity: Severity,
    /// One sentence, holes filled.
    pub message: String,
    /// What it is about.
    pub subject: SubjectId,
    /// The place to change.
    pub primary: Label,
    /// Other places that matter, in reading order.
    pub related: Vec<Label>,
    /// What to do about it. What a rule says is shared by all its findings.
    pub help: Arc<str>,
    /// Citations, as the rule gives them.
    pub law: Arc<[String]>,
    /// Enforcement that the rule would have caught.
    pub precedent: Arc<[String]>,
    /// Where the rule decided: path of its file and line, such as `policies/ccpa/role-undeclared.yaml:9`.
    pub decided_by: Arc<str>,
    /// Stable over reformatting and moving of files.
    pub fingerprint: String,
    /// What is asked, when a declaration is missing that would decide: the finding is a question, no accusation.
    pub question: Option<Arc<str>>,
    /// Why it is not counted, when an exception covers it.
    pub suppressed: Option<Suppression>,
    /// Whether the baseline knows it, so that it is not counted.
    pub baselined: bool,
    /// Ways to mend it, the best first.
    pub fixes: Vec<Fix>,
}

/// An exception that covers a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// The reason its author gave.
    pub reason: String,
    /// Where the exception is written.
    pub span: Span,
    /// Whether it is a comment beside the input rather than an entry in the settings.
    pub inline: bool,
}

/// At which step something could not be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Finding or reading a file.
    Read,
    /// Syntax.
    Parse,
    /// Shape: unknown key, wrong type, missing key.
    Schema,
    /// A name that refers to nothing, or to several things.
    Reference,
    /// A rule file or its evaluation.
    Rule,
    /// `consentlint.yaml`, exceptions and the baseline.
    Settings,
}

impl Stage {
    /// The word used in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Parse => "parse",
            Self::Schema => "schema",
            Self::Reference => "reference",
            Self::Rule => "rule",
            Self::Settings => "settings",
        }
    }
}

/// Where a problem is: in a text that was read, or about a path that could not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a text.
    Span(Span),
    /// A path as shown to people.
    Path(String),
    /// The run as a whole.
    Run,
}

/// Something that could not be judged, with the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The step that failed.
    pub stage: Stage,
    /// One sentence.
    pub message: String,
    /// What to do; may be empty.
    pub help: String,
    /// Where.
    pub place: Place,
    /// Other places that matter.
    pub related: Vec<Label>,
    /// A way to mend it.
    pub fix: Option<Box<Fix>>,
}

impl Problem {
    /// A problem at `span`.
    pub fn at(stage: Stage, span: Span, message: impl Into<String>) -> Self {
        Self::new(stage, Place::Span(span), message)
    }

    /// A problem with a path that was not read.
    pub fn path(stage: Stage, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(stage, Place::Path(path.into()), message)
    }

    /// A problem with the run as a whole.
    pub fn run(stage: Stage, message: impl Into<String>) -> Self {
        Self::new(stage, Place::Run, message)
    }

    fn new(stage: Stage, place: Place, message: impl Into<String>) -> Self {
        Self { stage, message: message.into(), help: String::new(), place, related: Vec::new(), fix: None }
    }

    /// The same problem with a way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// The same problem with a way to mend it.
    #[must_use]
    pub fn mended_by(mut self, fix: Fix) -> Self {
        self.fix = Some(Box::new(fix));
        self
    }

    /// The same problem with another place that matters.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related.push(Label::new(span, text));
        self
    }
}

/// What recognises a thing by its parts: 128 bits of FNV-1a in hexadecimal: the same on every machine and in every version.
pub fn fingerprint(parts: &[&str]) -> String {
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let bytes = parts.iter().flat_map(|part| part.bytes().chain(std::iter::once(0)));
    let hash = bytes.fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128, |hash, byte| {
        (hash ^ u128::from(byte)).wrapping_mul(PRIME)
    });
    format!("{hash:032x}")
}

/// The candidate closest to `given`, for "did you mean"; `None` when nothing is close.
pub fn closest<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = given.to_lowercase();
    let allowed = (wanted.chars().count() / 3).clamp(1, 4);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&wanted, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, candidate)| (*distance, candidate.len()))
        .map(|(_, candidate)| candidate)
}

/// Whether two words differ in case and in the signs between their parts alone.
pub fn is_same_spelt(one: &str, other: &str) -> bool {
    let letters =
        |word: &str| word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    letters(one) == letters(other)
}

/// Whether `given` is a slip for `meant` and for nothing else among the candidates: spelt the same but for case and the
/// signs between words, or a letter off (two in a long word) where every other candidate is farther off by two or more.
pub fn is_slip<'a>(given: &str, meant: &str, candidates: impl IntoIterator<Item = &'a str>) -> bool {
    let others: Vec<&str> = candidates.into_iter().filter(|candidate| *candidate != meant).collect();
    if is_same_spelt(given, meant) {
        return !others.iter().any(|other| is_same_spelt(given, other));
    }
    let wanted = given.to_lowercase();
    let distance = |candidate: &str| strsim::damerau_levenshtein(&wanted, &candidate.to_lowercase());
    let allowed = match given.chars().count() {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    };
    let own = distance(meant);
    own <= allowed && others.iter().all(|other| distance(other) > own + 1)
}
