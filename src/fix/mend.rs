//! Makes fixes in memory, has everything read anew, and keeps those after which what they mend is gone and nothing else
//! came.

use super::{edited, is_chained};
use crate::finding::{Edit, Finding, Fix, Place, Problem, Stage};
use crate::model::remedy::{PLACEHOLDER, STILL_OPEN};
use crate::report::Report;
use crate::source::{SourceId, Sources, Span};
use std::collections::{BTreeMap, BTreeSet};

/// Readings of the project, at most: each ends with a fix made or refused.
const READINGS: usize = 500;

/// New texts by the path under which they are reported.
pub type Texts = BTreeMap<String, String>;

/// A reading of the project.
#[derive(Debug)]
pub struct Reading {
    /// What was read.
    pub sources: Sources,
    /// What was found, all of it, with the fixes that are offered.
    pub report: Report,
}

/// What is to be mended.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// Fixes that are not safe, too.
    pub all: bool,
    /// The files of which findings are to be mended; all when `None`.
    pub files: Option<BTreeSet<String>>,
}

/// What a fix mends: the same finding or problem in every reading.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// A finding: fingerprint, whether it asks, and its rule.
    Finding(String, bool, String),
    /// A problem: stage, message and file.
    Problem(Stage, String, String),
}

impl Target {
    /// What is mended, in a word.
    pub fn name(&self) -> &str {
        match self {
            Self::Finding(_, _, rule) => rule,
            Self::Problem(stage, ..) => stage.name(),
        }
    }
}

/// A fix that was made.
#[derive(Clone, Debug)]
pub struct Done {
    /// What it did.
    pub title: String,
    /// The files that it changed.
    pub files: Vec<String>,
    /// What it mended.
    pub targets: Vec<Target>,
}

/// A fix that was not made.
#[derive(Clone, Debug)]
pub struct Refused {
    /// What it would have done.
    pub title: String,
    /// The file of what it would have mended.
    pub file: String,
    /// Why not.
    pub why: String,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Mended {
    /// The files that change.
    pub texts: Texts,
    /// Fixes that were made, in their order.
    pub done: Vec<Done>,
    /// Fixes that were not.
    pub refused: Vec<Refused>,
    /// How many findings and problems are left that a fix would mend which is not safe.
    pub unsafe_left: usize,
}

/// A fix to try.
#[derive(Clone, Debug)]
struct Candidate {
    targets: Vec<Target>,
    fix: Fix,
    file: String,
}

/// Mends what is wished, starting from `now`. `read` reads the project anew with some texts in the place of others.
pub fn mend(mut now: Reading, wish: &Wish, read: &mut dyn FnMut(&Texts) -> Reading) -> Mended {
    let (mut mended, mut refused) = (Mended::default(), BTreeSet::new());
    let mut readings = 0;
    while readings < READINGS {
        let mut batch = batch(&now, wish, &refused);
        if batch.is_empty() {
            break;
        }
        loop {
            let texts = applied(&now.sources, &mended.texts, &batch);
            let next = read(&texts);
            readings += 1;
            match verdict(&now, &next, &batch) {
                Ok(()) => {
                    mended.done.extend(batch.iter().map(|candidate| done(candidate, &now.sources)));
                    (mended.texts, now) = (texts, next);
                    break;
                }
                // Which of several is at fault is found by trying fewer; the others come in the next round.
                Err(_) if batch.len() > 1 && readings < READINGS => batch.truncate(batch.len() / 2),
                Err(why) => {
                    for candidate in batch {
                        refused
                            .extend(candidate.targets.into_iter().map(|target| (target, candidate.fix.title.clone())));
                        mended.refused.push(Refused {
                            title: candidate.fix.title,
                            file: candidate.file,
                            why: why.clone(),
                        });
                    }
                    break;
                }
            }
        }
    }
    if readings >= READINGS && !batch(&now, wish, &refused).is_empty() {
        let why = format!("the project was read {READINGS} times; run it again for the rest");
        mended.refused.push(Refused { title: "more fixes".to_owned(), file: String::new(), why });
    }
    leave(&now, wish, &mut mended);
    mended
}

/// What is left for a person: fixes that are not safe, and choices.
fn leave(now: &Reading, wish: &Wish, mended: &mut Mended) {
    let findings = now.report.findings.iter().filter(|finding| is_wanted(now, wish, finding));
    let open = findings.filter(|finding| !finding.fixes.is_empty() && !finding.fixes.iter().any(|fix| fix.safe));
    for finding in open {
        if !wish.all {
            mended.unsafe_left += 1;
        } else if finding.fixes.len() > 1 {
            let titles: Vec<&str> = finding.fixes.iter().map(|fix| fix.title.as_str()).collect();
            let why = format!("there are {} ways, and one has to be chosen: {}", titles.len(), titles.join("; "));
            let file = now.sources.path(finding.primary.span).to_owned();
            mended.refused.push(Refused { title: finding.message.clone(), file, why });
        }
    }
    let unsafe_fix = |problem: &&Problem| problem.fix.as_ref().is_some_and(|fix| !fix.safe);
    let problems = now.report.problems.iter().filter(|problem| wanted_place(now, wish, &problem.place));
    mended.unsafe_left += if wish.all { 0 } else { problems.filter(unsafe_fix).count() };
}

fn is_file_wanted(now: &Reading, wish: &Wish, span: Span) -> bool {
    wish.files.as_ref().is_none_or(|files| files.contains(now.sources.path(span)))
}

fn is_wanted(now: &Reading, wish: &Wish, finding: &Finding) -> bool {
    let mut places = std::iter::once(&finding.primary).chain(&finding.related);
    places.any(|label| is_file_wanted(now, wish, label.span))
}

fn wanted_place(now: &Reading, wish: &Wish, place: &Place) -> bool {
    matches!(place, Place::Span(span) if is_file_wanted(now, wish, *span))
}

fn of_finding(finding: &Finding) -> Target {
    Target::Finding(finding.fingerprint.clone(), finding.question.is_some(), finding.rule.clone())
}

fn of_problem(problem: &Problem, sources: &Sources) -> Target {
    let file = match &problem.place {
        Place::Span(span) => sources.path(*span).to_owned(),
        Place::Path(path) => path.clone(),
        Place::Run => String::new(),
    };
    Target::Problem(problem.stage, problem.message.clone(), file)
}

/// Fixes that do not get into each other's way. Problems come first and alone: what they hid comes to light only then.
fn batch(now: &Reading, wish: &Wish, refused: &BTreeSet<(Target, String)>) -> Vec<Candidate> {
    let problems = now.report.problems.iter().filter(|problem| wanted_place(now, wish, &problem.place));
    let problems = problems.filter_map(|problem| {
        let fix = problem.fix.as_deref().filter(|fix| fix.safe || wish.all)?;
        Some((of_problem(problem, &now.sources), fix))
    });
    let chosen = compatible(problems, now, refused);
    if !chosen.is_empty() {
        return chosen;
    }
    let findings = now.report.findings.iter().filter(|finding| is_wanted(now, wish, finding));
    let findings = findings.filter_map(|finding| {
        let only = finding.fixes.first().filter(|_| wish.all && finding.fixes.len() == 1);
        let fix = finding.fixes.iter().find(|fix| fix.safe).or(only)?;
        Some((of_finding(finding), fix))
    });
    compatible(findings, now, refused)
}

fn compatible<'f>(
    wanted: impl Iterator<Item = (Target, &'f Fix)>,
    now: &Reading,
    refused: &BTreeSet<(Target, String)>,
) -> Vec<Candidate> {
    let mut chosen: Vec<Candidate> = Vec::new();
    // By file: places that are taken, in order, and whether more may be put in there.
    let mut taken: BTreeMap<SourceId, BTreeMap<(u32, u32), bool>> = BTreeMap::new();
    let mut same: BTreeMap<&[Edit], usize> = BTreeMap::new();
    for (target, fix) in wanted {
        if refused.contains(&(target.clone(), fix.title.clone())) {
            continue;
        }
        if let Some(known) = same.get(fix.edits.as_slice()).and_then(|at| chosen.get_mut(*at)) {
            known.targets.push(target);
            continue;
        }
        let chained = fix.edits.len() == 1 && fix.edits.iter().all(is_chained);
        if fix.edits.iter().any(|edit| is_taken(&taken, edit, chained)) {
            continue;
        }
        for edit in &fix.edits {
            taken.entry(edit.span.source).or_default().insert((edit.span.start, edit.span.end), chained);
        }
        same.insert(&fix.edits, chosen.len());
        let file = fix.edits.first().map_or("", |edit| now.sources.path(edit.span)).to_owned();
        chosen.push(Candidate { targets: vec![target], fix: fix.clone(), file });
    }
    chosen
}

/// Whether an edit overlaps or touches another. Ranges that are taken never overlap, so those around the place tell.
fn is_taken(taken: &BTreeMap<SourceId, BTreeMap<(u32, u32), bool>>, edit: &Edit, chained: bool) -> bool {
    let Some(taken) = taken.get(&edit.span.source) else { return false };
    let (start, end) = (edit.span.start, edit.span.end);
    let touches =
        |(at, may): (&(u32, u32), &bool)| at.0 <= end && start <= at.1 && !(*may && chained && *at == (start, end));
    let before = taken.range(..(start, 0)).next_back();
    before.is_some_and(touches) || taken.range((start, 0)..=(end, u32::MAX)).any(touches)
}

fn applied(sources: &Sources, before: &Texts, batch: &[Candidate]) -> Texts {
    let mut edits: BTreeMap<SourceId, Vec<&Edit>> = BTreeMap::new();
    for edit in batch.iter().flat_map(|candidate| &candidate.fix.edits) {
        edits.entry(edit.span.source).or_default().push(edit);
    }
    let mut texts = before.clone();
    for (id, edits) in edits {
        if let Some(source) = sources.get(id) {
            texts.insert(source.path.clone(), edited(&source.text, &edits));
        }
    }
    texts
}

fn done(candidate: &Candidate, sources: &Sources) -> Done {
    let files: BTreeSet<&str> = candidate.fix.edits.iter().map(|edit| sources.path(edit.span)).collect();
    let files = files.into_iter().map(str::to_owned).collect();
    Done { title: candidate.fix.title.clone(), files, targets: candidate.targets.clone() }
}

/// What is found or could not be judged.
struct Held<'r> {
    times: usize,
    message: &'r str,
    /// The kind of its subject; empty for a problem.
    kind: &'static str,
}

type Tally<'r> = BTreeMap<Target, Held<'r>>;

fn tally(reading: &Reading) -> Tally<'_> {
    let mut all = Tally::new();
    let findings = reading.report.findings.iter();
    let findings = findings.map(|finding| (of_finding(finding), finding.message.as_str(), finding.subject.kind));
    let problems = reading.report.problems.iter();
    let problems = problems.map(|problem| (of_problem(problem, &reading.sources), problem.message.as_str(), ""));
    for (target, message, kind) in findings.chain(problems) {
        all.entry(target).or_insert(Held { times: 0, message, kind }).times += 1;
    }
    all
}

/// Whether everything that the fixes mend is gone and nothing else came; else what speaks against them.
fn verdict(before: &Reading, after: &Reading, batch: &[Candidate]) -> Result<(), String> {
    let (old, new) = (tally(before), tally(after));
    let count = |all: &Tally<'_>, target: &Target| all.get(target).map_or(0, |held| held.times);
    let mut wanted: BTreeMap<&Target, usize> = BTreeMap::new();
    for target in batch.iter().flat_map(|candidate| &candidate.targets) {
        *wanted.entry(target).or_default() += 1;
    }
    if wanted.iter().any(|(target, times)| count(&new, target) + times > count(&old, target)) {
        return Err("what it is to mend would still be there".to_owned());
    }
    let opens = batch.iter().flat_map(|candidate| &candidate.fix.edits).any(|edit| edit.text.contains(PLACEHOLDER));
    let uncovers = wanted.keys().any(|target| matches!(target, Target::Problem(..)));
    // What was accepted and is mended along leaves its exception, or its line in the baseline, without an object.
    let accepting = |kind: &str| ["exception", "baseline"].contains(&kind);
    let mends_those = wanted.keys().any(|target| old.get(target).is_some_and(|held| accepting(held.kind)));
    for (target, Held { times, message, kind }) in &new {
        // What could not be judged before may be found now, names in it may stand for nothing, and it may have slips of its
        // own; any other value that does not fit shows that something else was meant.
        let hidden = match target {
            Target::Problem(Stage::Reference | Stage::Rule, ..) | Target::Finding(..) => true,
            Target::Problem(..) => is_slip(after, target),
        };
        // What a placeholder leaves open is said.
        let open = matches!(target, Target::Problem(..)) && message.contains(STILL_OPEN);
        let expected = (uncovers && hidden) || (opens && open) || (accepting(kind) && !mends_those);
        if *times > count(&old, target) && !expected {
            return Err(format!("it would bring {}: {message}", target.name()));
        }
    }
    Ok(())
}

/// Whether a safe fix is known of a problem wherever it is.
fn is_slip(reading: &Reading, target: &Target) -> bool {
    let same = |problem: &&Problem| of_problem(problem, &reading.sources) == *target;
    let mut all = reading.report.problems.iter().filter(same);
    all.all(|problem| problem.fix.as_ref().is_some_and(|fix| fix.safe))
}
