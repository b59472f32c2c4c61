//! The pipeline: texts in, report out.

use crate::adapter::{self, Candidate};
use crate::baseline::Baseline;
use crate::classify::Classifier;
use crate::document::{self, Parsed};
use crate::engine::{self, Active, Alike, Allowance, Last, Verdict};
use crate::finding::{Finding, Place, Problem, Severity, Stage};
use crate::fix;
use crate::flow::{Flow, Map};
use crate::model::{Classification, Links, Model, Origin, Profile};
use crate::policy::Rule;
use crate::report::{Counts, Report, RuleInfo, arrange};
use crate::source::{Source, SourceId, Sources, Span};
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a run looks at.
#[derive(Debug, Default)]
pub struct Inputs {
    /// All texts, in order of path.
    pub sources: Sources,
    /// By source: whether it must be one of ours (named, or matched by `include`); `None` for texts that are not
    /// inputs, such as the settings.
    pub expected: Vec<Option<bool>>,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

impl Inputs {
    /// Adds a text to look at.
    pub fn add(&mut self, source: Source, expected: Option<bool>) -> SourceId {
        self.expected.push(expected);
        self.sources.add(source)
    }
}

/// How a run judges.
pub struct Judge<'a> {
    /// Rules with their severities.
    pub rules: Vec<Active<'a>>,
    /// Every rule there is, for the names in exceptions.
    pub known: &'a [Rule],
    /// Whether less than the whole project is judged, so that an entry of the baseline for which nothing is found means
    /// nothing.
    pub partial: bool,
    /// What fields are taken for.
    pub classifier: &'a Classifier,
    /// The day to judge by.
    pub day: Date,
    /// Whose law is judged by.
    pub profile: Profile,
    /// Exceptions from the settings.
    pub exceptions: Vec<Allowance>,
    /// Whether comments may except.
    pub inline: bool,
    /// The findings that were accepted on a day.
    pub baseline: Option<&'a Baseline>,
    /// The sources whose findings are wanted; all when `None`.
    pub wanted: Option<Vec<SourceId>>,
}

/// What one text gave.
#[derive(Clone, Debug, Default)]
pub struct Part {
    model: Model,
    problems: Vec<Problem>,
    allowances: Vec<Allowance>,
    formats: Vec<&'static str>,
}

impl Part {
    /// Whether the text says nothing of ours.
    pub fn is_empty(&self) -> bool {
        self.formats.is_empty() && self.problems.is_empty() && self.allowances.is_empty()
    }
}

/// The data map of a run, before it is judged.
pub struct Loaded {
    /// The joined data map.
    pub model: Model,
    /// Its references.
    pub links: Links,
    /// What each property is taken for.
    pub classes: Vec<Vec<Classification>>,
    /// What could not be read or joined.
    pub problems: Vec<Problem>,
    /// Exceptions stated beside the input.
    pub allowances: Vec<Allowance>,
    /// By source: the formats that were recognised.
    pub formats: Vec<Vec<&'static str>>,
    /// What was looked at.
    pub counts: Counts,
}

/// Whether a text that cannot be read as it is would be ours: in a format that is read, or meant to be.
pub fn is_ours(path: &str, text: &str) -> bool {
    let parsed = document::parse(SourceId(0), path, text);
    let known = |document| adapter::recognise(&Candidate { path, document }).is_some();
    parsed.documents.iter().any(known) || claims_to_be_ours(text)
}

impl Loaded {
    /// What is judged on a day.
    pub fn map<'a>(&'a self, as_of: &'a str, profile: Profile) -> Map<'a> {
        Map { model: &self.model, links: &self.links, classes: &self.classes, as_of, profile }
    }
}

/// Reads and joins all inputs.
pub fn load(inputs: &Inputs, classifier: &Classifier) -> Loaded {
    join(inputs, parts(inputs), classifier)
}

/// What each text gives, by source.
pub fn parts(inputs: &Inputs) -> Vec<Part> {
    let texts: Vec<SourceId> = inputs.sources.iter().map(|(id, _)| id).collect();
    texts.par_iter().map(|id| part(inputs, *id)).collect()
}

/// Joins what the texts gave: one part for each source.
pub fn join(inputs: &Inputs, parts: Vec<Part>, classifier: &Classifier) -> Loaded {
    join_as(inputs, parts, |model| engine::classify(model, classifier))
}

/// The same, where `last` is what was joined before a few texts changed: events that are as they were are not classified
/// again, and their classes are taken out of `last`.
pub fn join_again(inputs: &Inputs, parts: Vec<Part>, classifier: &Classifier, last: &mut Loaded) -> (Loaded, Alike) {
    let classes = std::mem::take(&mut last.classes);
    let mut alike = Alike::default();
    let loaded = join_as(inputs, parts, |model| {
        alike = Alike::of(&last.model.events, &model.events);
        engine::classify_again(model, classifier, &alike, classes)
    });
    (loaded, alike)
}

fn join_as(inputs: &Inputs, mut parts: Vec<Part>, classify: impl FnOnce(&Model) -> Vec<Vec<Classification>>) -> Loaded {
    let mut problems: Vec<Problem> = inputs.problems.clone();
    problems.extend(parts.iter_mut().flat_map(|part| std::mem::take(&mut part.problems)));
    let allowances = parts.iter_mut().flat_map(|part| std::mem::take(&mut part.allowances)).collect();
    let formats: Vec<Vec<&'static str>> = parts.iter_mut().map(|part| std::mem::take(&mut part.formats)).collect();
    let (mut model, links, unresolved) = Model::join(parts.into_iter().map(|part| part.model).collect());
    problems.extend(unresolved);
    fix::settle(&inputs.sources, |id| is_kept_by_people(&formats, id), &mut problems);
    engine::apply_field_rules(&mut model, &mut problems);
    let classes = classify(&model);
    let looked_at = inputs.expected.iter().filter(|expected| expected.is_some()).count();
    let files = formats.iter().filter(|formats| !formats.is_empty()).count();
    let counts = Counts {
        files,
        not_ours: looked_at - files.min(looked_at),
        events: model.events.len(),
        properties: model.events.iter().map(|event| event.properties.len()).sum(),
        destinations: model.destinations.len(),
    };
    Loaded { model, links, classes, problems, allowances, formats, counts }
}

/// Whether people write a text, rather than a platform that exports it.
fn is_kept_by_people(formats: &[Vec<&'static str>], id: SourceId) -> bool {
    let origin =
        |name: &str| adapter::ADAPTERS.iter().find(|adapter| adapter.name == name).map(|adapter| adapter.origin);
    formats.get(id.0 as usize).is_some_and(|formats| formats.iter().all(|name| origin(name) != Some(Origin::Platform)))
}

/// Adds to the findings that count what would mend them. This looks at texts again, so it is done when it is wanted.
pub fn offer_fixes(inputs: &Inputs, judge: &Judge<'_>, loaded: &Loaded, flow: &Flow, report: &mut Report) {
    let mending = judge.rules.iter().map(|active| active.rule).filter(|rule| !rule.fix.is_empty());
    let remedies: BTreeMap<&str, _> = mending.map(|rule| (rule.id.as_str(), rule.fix.as_slice())).collect();
    let as_of = judge.day.to_string();
    let scene = fix::Scene::new(&inputs.sources, loaded.map(&as_of, judge.profile), flow);
    for finding in &mut report.findings {
        if let Some(remedies) = remedies.get(finding.rule.as_str()) {
            finding.fixes = scene.offer(remedies, finding);
        }
    }
}

/// Reads, joins, judges.
pub fn check(inputs: &Inputs, judge: &Judge<'_>) -> Report {
    report(inputs, judge, &load(inputs, judge.classifier))
}

/// Judges what was loaded.
pub fn report(inputs: &Inputs, judge: &Judge<'_>, loaded: &Loaded) -> Report {
    let as_of = judge.day.to_string();
    judged(inputs, judge, loaded, &Flow::derive(loaded.map(&as_of, judge.profile)))
}

/// Judges what was loaded, by what was derived from it.
pub fn judged(inputs: &Inputs, judge: &Judge<'_>, loaded: &Loaded, flow: &Flow) -> Report {
    let as_of = judge.day.to_string();
    let said = engine::run(&judge.rules, judge.day, loaded.map(&as_of, judge.profile), flow);
    told(inputs, judge, loaded, said)
}

/// The same, where `last` is what the same judge said before a few texts changed.
pub fn judged_again(inputs: &Inputs, judge: &Judge<'_>, loaded: &Loaded, flow: &Flow, last: Last<'_>) -> Report {
    let as_of = judge.day.to_string();
    let said = engine::run_again(&judge.rules, judge.day, loaded.map(&as_of, judge.profile), flow, last);
    told(inputs, judge, loaded, said)
}

/// A report of what the rules said: exceptions and the baseline applied, and filtered by what is wanted.
fn told(inputs: &Inputs, judge: &Judge<'_>, loaded: &Loaded, said: Verdict) -> Report {
    let Verdict { mut findings, problems: undecided, idle } = said;
    let as_of = judge.day.to_string();
    let mut problems = loaded.problems.clone();
    problems.extend(undecided);
    except(inputs, judge, &loaded.allowances, &mut findings, &mut problems);
    if let Some(baseline) = judge.baseline {
        arrange(&mut findings);
        accept(judge, baseline, &mut findings, &mut problems);
    }
    if let Some(wanted) = &judge.wanted {
        let touches = |span: Span| wanted.contains(&span.source);
        findings
            .retain(|finding| touches(finding.primary.span) || finding.related.iter().any(|label| touches(label.span)));
        problems.retain(|problem| !matches!(problem.place, Place::Span(span) if !touches(span)));
    }
    let names = names(&loaded.model);
    let rules = judge.rules.iter().map(describe).collect();
    let baseline = judge.baseline.is_some();
    Report { names, idle, baseline, ..Report::new(findings, problems, loaded.counts, as_of, rules) }
}

/// Names of destinations and sources that no person gave an id.
fn names(model: &Model) -> BTreeMap<(&'static str, String), String> {
    let entities = model.destinations.iter().chain(&model.sources);
    let foreign = entities.filter(|entity| !entity.origins.is_empty() && !entity.is_from(Origin::Inventory));
    let named = foreign.filter_map(|entity| Some((entity, entity.object.text("name")?)));
    let differ = named.filter(|(entity, name)| *name != entity.id.value);
    differ.map(|(entity, name)| ((entity.kind.name, entity.id.value.clone()), name.to_owned())).collect()
}

fn except(
    inputs: &Inputs,
    judge: &Judge<'_>,
    inline: &[Allowance],
    findings: &mut Vec<Finding>,
    problems: &mut Vec<Problem>,
) {
    let known = |rule: &str| {
        if judge.known.iter().any(|known| known.id == rule) {
            return Ok(());
        }
        let near = crate::finding::closest(rule, judge.known.iter().map(|known| known.id.as_str()));
        Err(near.map_or_else(
            || format!("there is no rule `{rule}`"),
            |near| format!("there is no rule `{rule}`; did you mean `{near}`?"),
        ))
    };
    let comments = inline.iter().filter(|_| judge.inline);
    let mut allowances: Vec<Allowance> = judge.exceptions.iter().chain(comments).cloned().collect();
    for allowance in &mut allowances {
        allowance.settle(judge.day, &known);
    }
    for finding in findings.iter_mut() {
        for allowance in &mut allowances {
            if allowance.covers(finding, &inputs.sources) {
                allowance.used = true;
                finding.suppressed.get_or_insert_with(|| allowance.suppression());
            }
        }
    }
    // An exception from a rule that did not run is dormant, not unused.
    let ran = |rule: &str| judge.rules.iter().any(|active| active.rule.id == rule);
    engine::judge_exceptions(&judge.rules, judge.profile, judge.day, &allowances, &ran, findings, problems);
}

/// Sets apart what the baseline knows, and judges its entries.
fn accept(judge: &Judge<'_>, baseline: &Baseline, findings: &mut Vec<Finding>, problems: &mut Vec<Problem>) {
    let usual: BTreeMap<&str, Severity> =
        judge.rules.iter().map(|active| (active.rule.id.as_str(), active.severity)).collect();
    let found = baseline.apply(findings, &|rule| usual.get(rule).copied());
    // What could not be judged may hide what an entry stands for.
    if judge.partial || !problems.is_empty() {
        return;
    }
    // An entry for a rule that did not run is dormant; one for a rule that is no more stands for nothing.
    let counts = |rule: &str| usual.contains_key(rule) || !judge.known.iter().any(|known| known.id == rule);
    let entries = baseline.entries.iter().zip(found).filter(|((entry, _), _)| counts(&entry.rule));
    let judged: Vec<_> = entries.map(|((entry, place), found)| (entry, *place, found)).collect();
    engine::judge_baseline(&judge.rules, judge.profile, judge.day, &judged, findings, problems);
}

fn describe(active: &Active<'_>) -> RuleInfo {
    let rule = active.rule;
    RuleInfo {
        id: rule.id.clone(),
        title: rule.title.clone(),
        why: rule.why.clone(),
        help: rule.help.to_string(),
        severity: active.severity,
        law: rule.law.to_vec(),
        url: rule.page(),
    }
}

/// What one text gives; nothing for a text that is no input.
pub fn part(inputs: &Inputs, id: SourceId) -> Part {
    let expected = inputs.expected.get(id.0 as usize).copied().flatten();
    let (Some(source), Some(expected)) = (inputs.sources.get(id), expected) else { return Part::default() };
    // A defect of ours must not hide what the other files say.
    catch_unwind(AssertUnwindSafe(|| read_text(id, source, expected))).unwrap_or_else(|_| {
        let problem = Problem::at(Stage::Parse, Span::file(id), "reading this file failed inside consentlint")
            .help("this is a defect of consentlint; please report it with the file");
        Part { problems: vec![problem], ..Part::default() }
    })
}

fn read_text(id: SourceId, source: &Source, expected: bool) -> Part {
    let mut part = Part::default();
    if source.text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').is_empty() {
        if expected {
            part.problems.push(
                Problem::at(Stage::Read, Span::file(id), "the file is empty").help("remove it, or declare something"),
            );
        }
        return part;
    }
    let Parsed { documents, comments, mut problems, .. } = document::parse(id, &source.path, &source.text);
    for document in &documents {
        let candidate = Candidate { path: &source.path, document };
        match adapter::recognise(&candidate) {
            Some(adapter) => {
                part.formats.push(adapter.name);
                adapter.read(&candidate, &mut part.model, &mut part.problems);
            }
            None if expected && !document.root().is_null() => part.problems.push(unrecognised(id)),
            None => {}
        }
    }
    if expected && documents.is_empty() && problems.is_empty() {
        part.problems.push(unrecognised(id));
    }
    // Syntax errors of files that are not ours are not our business.
    if !problems.is_empty() && (expected || !part.formats.is_empty() || claims_to_be_ours(&source.text)) {
        part.problems.append(&mut problems);
    }
    let spans: Vec<Span> = comments.iter().map(|comment| comment.span).collect();
    part.allowances = engine::comments(id, source, &spans);
    part
}

fn unrecognised(id: SourceId) -> Problem {
    Problem::at(Stage::Parse, Span::file(id), "the file is none of the formats that are read")
        .help("a data map starts with `datamap: 1`; see `consentlint --help` for the formats")
}

/// Whether a text that does not parse was meant to be one of ours.
fn claims_to_be_ours(text: &str) -> bool {
    adapter::ADAPTERS.iter().any(|adapter| (adapter.meant)(text))
}
