//! `consentlint test`: the examples inside rule files are their tests.

use super::args::{ProjectOptions, TestOptions};
use super::project::shipped;
use super::site::{Site, shown};
use super::{CLEAN, FINDINGS, TROUBLE, World};
use crate::baseline::{Baseline, FILE_NAME};
use crate::check::{Inputs, Judge, check};
use crate::classify::Classifier;
use crate::engine::active;
use crate::finding::{Finding, Place};
use crate::model::Profile;
use crate::policy::{Example, Rule};
use crate::source::{Source, Sources};
use std::io;

pub(super) fn run(options: &TestOptions, world: &mut World<'_>) -> io::Result<u8> {
    let mut inputs = Inputs::default();
    let rules: Vec<Rule> = if options.paths.is_empty() {
        shipped()
    } else {
        let site = Site::disk(&world.directory);
        options.paths.iter().flat_map(|path| site.read_rules(&world.directory.join(path), &mut inputs)).collect()
    };
    let classifier = Classifier::new(Vec::new());
    let (mut passed, mut failed) = (0, 0);
    for rule in &rules {
        for example in &rule.examples {
            let wrong = judge_example(rule, example, &classifier, world.today);
            if wrong.is_empty() {
                passed += 1;
                continue;
            }
            failed += 1;
            writeln!(world.stdout, "{}: {}", rule.id, example.title)?;
            for line in wrong {
                writeln!(world.stdout, "    {line}")?;
            }
        }
    }
    for problem in &inputs.problems {
        writeln!(world.stdout, "{}: {}", place(&problem.place, &inputs.sources, world), problem.message)?;
        if !problem.help.is_empty() {
            writeln!(world.stdout, "    help: {}", problem.help)?;
        }
    }
    writeln!(world.stdout, "{} rules, {passed} examples passed, {failed} failed", rules.len())?;
    Ok(match (inputs.problems.is_empty() && !rules.is_empty(), failed) {
        (false, _) => TROUBLE,
        (true, 0) => CLEAN,
        (true, _) => FINDINGS,
    })
}

fn place(place: &Place, sources: &Sources, world: &World<'_>) -> String {
    match place {
        Place::Span(span) => sources.get(span.source).map_or_else(String::new, |source| {
            let at = source.position(span.start);
            format!("{}:{}:{}", source.path, at.line, at.column)
        }),
        Place::Path(path) => shown(std::path::Path::new(path), world),
        Place::Run => "consentlint".to_owned(),
    }
}

/// What an example expects and does not get, and what it gets and does not expect; empty when it passes.
fn judge_example(rule: &Rule, example: &Example, classifier: &Classifier, today: jiff::civil::Date) -> Vec<String> {
    let mut inputs = Inputs::default();
    let mut baseline = None;
    for (name, text) in example.given.files() {
        let accepts = name == FILE_NAME;
        let id = inputs.add(Source::new(name, text), (!accepts).then_some(true));
        match accepts.then(|| Baseline::read(id, text)) {
            Some(Ok(read)) => baseline = Some(read),
            Some(Err(problem)) => inputs.problems.push(*problem),
            None => {}
        }
    }
    let day = example.as_of.as_deref().and_then(|day| day.parse().ok()).unwrap_or(today);
    let held = Profile::ALL.into_iter().find(|profile| rule.severity_in(*profile).is_some());
    let profile = example.profile.or(held).unwrap_or_default();
    let rules = std::slice::from_ref(rule);
    let judge = Judge {
        rules: active(rules, day, |rule| rule.severity_in(profile)),
        known: rules,
        partial: false,
        baseline: baseline.as_ref(),
        classifier,
        day,
        profile,
        exceptions: Vec::new(),
        inline: true,
        wanted: None,
    };
    let report = check(&inputs, &judge);
    let mut wrong: Vec<String> = report
        .problems
        .iter()
        .map(|problem| {
            let at = match problem.place {
                Place::Span(span) => {
                    inputs.sources.get(span.source).map_or(0, |source| source.position(span.start).line)
                }
                _ => 0,
            };
            format!("problem at line {at}: {} ({})", problem.message, problem.help)
        })
        .collect();
    wrong.extend(compare(example, &report.findings, &inputs.sources));
    wrong
}

/// Where the findings differ from what the example expects.
fn compare(example: &Example, findings: &[Finding], sources: &Sources) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut left: Vec<(String, u32, &Finding)> = findings
        .iter()
        .filter_map(|finding| {
            let source = sources.get(finding.primary.span.source)?;
            Some((source.path.clone(), source.position(finding.primary.span.start).line, finding))
        })
        .collect();
    for flag in &example.flags {
        let fits = |(path, line, finding): &(String, u32, &Finding)| {
            *line == flag.line
                && flag.file.as_ref().is_none_or(|file| file == path)
                && flag.asks == finding.question.is_some()
                && flag.severity.is_none_or(|severity| severity == finding.severity)
                && flag.message.as_ref().is_none_or(|message| finding.message.contains(message))
        };
        match left.iter().position(fits) {
            Some(at) => drop(left.remove(at)),
            None => wrong.push(format!(
                "expected{} at line {}: {}",
                if flag.asks { " as a question" } else { "" },
                flag.line,
                flag.message.as_deref().unwrap_or("a finding")
            )),
        }
    }
    wrong.extend(left.iter().map(|(path, line, finding)| {
        let asks = if finding.question.is_some() { " question" } else { "" };
        format!("unexpected {}{asks} at {path}:{line}: {}", finding.severity.name(), finding.message)
    }));
    wrong
}

/// Options that read the folder `path`, for commands that look at a project without paths of their own.
pub(super) fn project_options(path: &std::path::Path) -> ProjectOptions {
    ProjectOptions {
        paths: vec![path.to_path_buf()],
        hook: false,
        stdin_filename: "stdin.yaml".to_owned(),
        config: None,
        as_of: None,
    }
}
