//! `consentlint classify`: what field names are taken for.

use super::args::ClassifyOptions;
use super::{CLEAN, TROUBLE, World};
use crate::classify::{Classifier, CustomMatcher, FieldName, On, Test};
use crate::model::{ClassSet, Classification, ClassifiedBy, Section, ValueHint};
use crate::settings::{Matcher, Settings};
use crate::source::{SourceId, read_file};
use serde_json::json;
use std::io;

pub(super) fn run(options: &ClassifyOptions, world: &mut World<'_>) -> io::Result<u8> {
    let classifier = match options.config.as_deref().map(|path| settings(&world.directory.join(path))).transpose() {
        Ok(matchers) => Classifier::new(matchers.unwrap_or_default()),
        Err(why) => {
            writeln!(world.stderr, "consentlint: {why}")?;
            return Ok(TROUBLE);
        }
    };
    let mut names = options.names.clone();
    if names.is_empty() {
        let mut text = String::new();
        world.stdin.read_to_string(&mut text)?;
        names.extend(text.lines().map(str::trim_end).filter(|line| !line.is_empty()).map(str::to_owned));
    }
    let classified = names.iter().map(|name| (name, classify(&classifier, name)));
    if options.format == "json" {
        let list: Vec<_> = classified.map(|(name, found)| as_json(name, &found)).collect();
        writeln!(world.stdout, "{}", serde_json::to_string_pretty(&list).unwrap_or_default())?;
        return Ok(CLEAN);
    }
    for (name, found) in classified {
        let classes = found.classes.letters().union(found.classes.sensitive());
        let what = match (classes.is_empty(), found.is_known()) {
            (false, _) => classes.describe(),
            (true, true) => "not personal".to_owned(),
            (true, false) => "not known".to_owned(),
        };
        let (matcher, score) = matched(&found.by);
        let why = matcher.map_or_else(String::new, |matcher| format!("    matched {matcher} ({score:.2})"));
        let restricted = if found.restricted { "    must never be in an event stream" } else { "" };
        writeln!(world.stdout, "{}: {what}{why}{restricted}", crate::output::printable(name))?;
    }
    Ok(CLEAN)
}

fn classify(classifier: &Classifier, name: &str) -> Classification {
    // `traits.name` and `properties.total` say where the field stands.
    let (section, path) = match name.split_once('.') {
        Some(("traits", rest)) => (Section::Traits, rest),
        Some(("properties", rest)) => (Section::Properties, rest),
        Some(("context", rest)) => (Section::Context, rest),
        _ => (Section::Properties, name),
    };
    classifier.classify(FieldName { path, section, call: None, hint: ValueHint::default() })
}

fn matched(by: &ClassifiedBy) -> (Option<&str>, f32) {
    match by {
        ClassifiedBy::Nothing | ClassifiedBy::Declared | ClassifiedBy::Values(_) => (None, 0.0),
        ClassifiedBy::Custom(name) => (Some(name), 1.0),
        ClassifiedBy::Lexicon { entry, score } => (Some(entry), *score),
    }
}

fn as_json(name: &str, found: &Classification) -> serde_json::Value {
    let (matcher, score) = matched(&found.by);
    let codes = |set: ClassSet| set.codes().collect::<Vec<_>>();
    json!({
        "name": name,
        "pi": codes(found.classes.letters()),
        "spi": codes(found.classes.sensitive()),
        "restricted": found.restricted,
        "matcher": matcher,
        "score": (f64::from(score) * 100.0).round() / 100.0,
    })
}

fn settings(path: &std::path::Path) -> Result<Vec<CustomMatcher>, String> {
    let shown = path.display().to_string();
    let source = read_file(path, &shown).map_err(|unread| format!("{shown} {}", unread.message))?;
    let settings = Settings::read(SourceId(0), &source.text).map_err(|problem| problem.message)?;
    let matchers: Result<Vec<_>, String> = settings.classification.iter().map(matcher).collect();
    Ok(matchers?.into_iter().flatten().collect())
}

/// The matchers that one entry of the settings stands for.
///
/// # Errors
/// An unknown class, an unknown `on`, a pattern that does not compile, or nothing to match.
pub(super) fn matcher(written: &Matcher) -> Result<Vec<CustomMatcher>, String> {
    let on = match written.on.as_str() {
        "key" => On::Key,
        "value" => On::Value,
        other => return Err(format!("`on: {other}` is not known; write key or value")),
    };
    let mut classes = ClassSet::EMPTY;
    for code in written.pi.iter().filter(|code| *code != "none") {
        classes = classes
            .union(ClassSet::parse(code).ok_or_else(|| format!("`{code}` is no class of personal information"))?);
    }
    let mut tests = Vec::new();
    if !written.exact.is_empty() {
        tests.push(Test::Exact(written.exact.clone()));
    }
    if !written.similar.is_empty() {
        tests.push(Test::Similar(written.similar.clone()));
    }
    if let Some(pattern) = &written.regex {
        let compiled = regex::RegexBuilder::new(pattern).size_limit(1 << 20).build();
        tests.push(Test::Regex(compiled.map_err(|error| error.to_string())?));
    }
    if tests.is_empty() {
        return Err("it has none of exact, similar, regex".to_owned());
    }
    let build = |test| CustomMatcher { name: written.name.clone(), test, on, classes, restricted: written.restricted };
    Ok(tests.into_iter().map(build).collect())
}
