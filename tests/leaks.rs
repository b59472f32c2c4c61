//! Planted leaks: `fixtures/leaks/<leak>/leak` lets data through that an opt-out must stop, and the proof says where;
//! `cure`, its twin, differs in a few lines and is proved.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read fixtures, and fail by panicking")]

mod common;

use common::{files, root, run};
use consentlint::check::{Inputs, Judge, Loaded, check, load};
use consentlint::classify::Classifier;
use consentlint::engine::active;
use consentlint::flow::route::{Claim, Counterexample, Proof, Step, prove, simulate};
use consentlint::flow::routing::analytics_js::Integrations;
use consentlint::flow::routing::{Events, Preference, Visitor};
use consentlint::flow::{Flow, Map};
use consentlint::model::Profile;
use consentlint::policy::{Rule, embedded};
use consentlint::report::Report;
use consentlint::source::{Source, SourceId, Span, read_file};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const FOLDER: &str = "fixtures/leaks";
const DAY: &str = "2026-11-24";

/// A leak as `leak.yaml` tells it.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Leak {
    title: String,
    /// Id of the destination that the data gets to.
    destination: String,
    claim: Claimed,
    expected: Expected,
    /// The visitor of the smallest counterexample.
    state: State,
    /// Id of the source that the path starts from.
    source: String,
    via: String,
    #[serde(flatten)]
    place: Place,
    /// The rules that find it.
    found_by: Vec<Finder>,
}

#[derive(Clone, Copy, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Claimed {
    OptOut,
    Limit,
    OptIn,
}

#[derive(Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Expected {
    /// The claim does not hold.
    Refuted,
    /// Nothing tells whether it does.
    Undecidable,
    /// The claim holds of events, while the vendor's script loads.
    ScriptLoads,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct State {
    categories: BTreeMap<String, Answer>,
    gpc: bool,
    chosen: bool,
}

#[derive(Clone, Copy, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Answer {
    Granted,
    Denied,
}

/// A line of a file below `leak/`.
#[derive(serde::Deserialize)]
struct Place {
    file: String,
    /// A text that stands on the line, and on no other line of the file.
    at: String,
}

/// A finding that must be there.
#[derive(serde::Deserialize)]
struct Finder {
    rule: String,
    #[serde(flatten)]
    place: Place,
}

impl Claimed {
    fn claim(self) -> Claim {
        match self {
            Self::OptOut => Claim::OptOut,
            Self::Limit => Claim::Limit,
            Self::OptIn => Claim::OptIn,
        }
    }
}

impl State {
    fn visitor(&self) -> Visitor {
        let preference = |answer: &Answer| match answer {
            Answer::Granted => Preference::Granted,
            Answer::Denied => Preference::Denied,
        };
        let preferences = self.categories.iter().map(|(id, answer)| (id.clone(), preference(answer))).collect();
        Visitor { preferences, signal: self.gpc, chosen: self.chosen }
    }
}

impl Place {
    /// The file, and the number of the line.
    fn line(&self, side: &Path) -> (String, usize) {
        let path = side.join(&self.file);
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let lines: Vec<usize> =
            text.lines().enumerate().filter(|(_, line)| line.contains(&self.at)).map(|(at, _)| at + 1).collect();
        assert!(matches!(lines.as_slice(), [_]), "{}: `{}` is on lines {lines:?}", path.display(), self.at);
        (self.file.clone(), lines[0])
    }
}

fn leaks() -> Vec<(PathBuf, Leak)> {
    let entries = fs::read_dir(root().join(FOLDER)).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    let read = |folder: PathBuf| {
        let text = fs::read_to_string(folder.join("leak.yaml")).unwrap();
        let leak = serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        (folder, leak)
    };
    folders.into_iter().map(read).collect()
}

/// The files of one side, read and joined.
struct Side {
    inputs: Inputs,
    loaded: Loaded,
    profile: Profile,
    folder: PathBuf,
}

impl Side {
    fn read(folder: &Path, profile: Profile) -> Self {
        let mut inputs = Inputs::default();
        for path in files(folder) {
            let shown = path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
            inputs.add(read_file(&path, &shown).unwrap(), Some(true));
        }
        let loaded = load(&inputs, &Classifier::default());
        assert!(loaded.problems.is_empty(), "{}: {:?}", folder.display(), loaded.problems);
        Self { inputs, loaded, profile, folder: folder.to_path_buf() }
    }

    fn map(&self) -> Map<'_> {
        let Loaded { model, links, classes, .. } = &self.loaded;
        Map { model, links, classes, as_of: DAY, profile: self.profile }
    }

    fn flow(&self) -> Flow {
        Flow::derive(self.map())
    }

    fn destination(&self, id: &str) -> usize {
        let found = self.loaded.model.destinations.iter().position(|known| known.id.value == id);
        found.unwrap_or_else(|| {
            let ids: Vec<&str> = self.loaded.model.destinations.iter().map(|one| one.id.value.as_str()).collect();
            panic!("{}: no `{id}` in {ids:?}", self.folder.display())
        })
    }

    fn line(&self, span: Span) -> (String, usize) {
        let source = self.inputs.sources.get(span.source).unwrap();
        (source.path.clone(), source.position(span.start).line as usize)
    }

    /// What all rules of all packs say.
    fn judged(&self, rules: &[Rule]) -> Report {
        let day = jiff::civil::date(2026, 11, 24);
        let judge = Judge {
            rules: active(rules, day, |rule| rule.severity_in(self.profile)),
            known: rules,
            partial: false,
            classifier: &Classifier::default(),
            day,
            profile: self.profile,
            exceptions: Vec::new(),
            inline: true,
            baseline: None,
            wanted: None,
        };
        check(&self.inputs, &judge)
    }
}

fn profile(leak: &Leak) -> Profile {
    // Nothing asks adults in California to opt in.
    if matches!(leak.claim, Claimed::OptIn) { Profile::Us } else { Profile::UsCa }
}

fn rules() -> Vec<Rule> {
    embedded().iter().map(|(path, text)| Rule::read(path, SourceId(0), text).unwrap()).collect()
}

fn shown(proof: &Proof, side: &Side) -> String {
    match proof {
        Proof::Proved => "proved".to_owned(),
        Proof::Refuted(found) => {
            let Counterexample { visitor, path, because, place } = found;
            format!("refuted: {visitor:?} by {} because {because} at {:?}", path.via.name(), side.line(*place))
        }
        Proof::Undecidable { missing, place } => format!("undecidable: {missing} at {:?}", side.line(*place)),
    }
}

/// What a counterexample says: the visitor, from where, how, and the line that decides.
fn told(found: &Counterexample, side: &Side) -> (Visitor, Option<String>, String, (String, usize)) {
    let source = found.path.source.map(|source| side.loaded.model.sources[source].id.value.clone());
    (found.visitor.clone(), source, found.path.via.name().to_owned(), side.line(found.place))
}

fn steps(side: &Side, flow: &Flow, destination: usize, visitor: &Visitor) -> Vec<Step> {
    simulate(side.map(), &flow.reach, destination, visitor, &Integrations::new())
}

#[test]
fn each_leak_is_refuted_at_its_line_and_the_simulation_agrees() {
    let mut wrong = String::new();
    for (folder, leak) in leaks() {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let side = Side::read(&folder.join("leak"), profile(&leak));
        let (flow, destination) = (side.flow(), side.destination(&leak.destination));
        let proof = prove(side.map(), &flow.reach, destination, leak.claim.claim());
        let (visitor, place) = (leak.state.visitor(), leak.place.line(&folder.join("leak")));
        let expected = (visitor.clone(), Some(leak.source.clone()), leak.via.clone(), place.clone());
        match (&proof, leak.expected) {
            (Proof::Refuted(found), Expected::Refuted) => {
                let told = told(found, &side);
                if told != expected {
                    wrong += &format!(
                        "{name}: {}\n    expected {expected:?}\n    told     {told:?}\n    because {}\n",
                        leak.title, found.because
                    );
                }
            }
            (Proof::Proved, Expected::ScriptLoads) => {}
            (Proof::Undecidable { place: found, .. }, Expected::Undecidable) if side.line(*found) == place => {}
            (proof, _) => wrong += &format!("{name}: {}\n    {}\n", leak.title, shown(proof, &side)),
        }
        let open = |step: &Step| match leak.expected {
            Expected::Refuted => step.delivery.events == Events::Yes,
            Expected::Undecidable => matches!(step.delivery.events, Events::Undecidable(_)),
            Expected::ScriptLoads => step.delivery.events == Events::No && step.delivery.script,
        };
        let simulated = steps(&side, &flow, destination, &visitor);
        if !simulated.iter().any(|step| step.path.via.name() == leak.via && open(step)) {
            let all = simulated.iter().map(|step| (step.path.via.name(), step.delivery, &step.because));
            wrong += &format!("{name}: the simulation does not agree: {:?}\n", all.collect::<Vec<_>>());
        }
        let script = flow.destinations[destination].reasons("script_loads").map(|label| side.line(label.span)).next();
        if script != (leak.expected == Expected::ScriptLoads).then_some(place) {
            wrong += &format!("{name}: the script loads because of {script:?}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn each_cure_is_proved_and_the_simulation_agrees() {
    let mut wrong = String::new();
    for (folder, leak) in leaks() {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let side = Side::read(&folder.join("cure"), profile(&leak));
        let (flow, destination) = (side.flow(), side.destination(&leak.destination));
        let proof = prove(side.map(), &flow.reach, destination, leak.claim.claim());
        if !matches!(proof, Proof::Proved) {
            wrong += &format!("{name}: {}\n", shown(&proof, &side));
        }
        for step in steps(&side, &flow, destination, &leak.state.visitor()) {
            let script = leak.expected == Expected::ScriptLoads && step.delivery.script;
            if step.delivery.events != Events::No || script {
                wrong += &format!("{name}: {} gets {:?}: {}\n", step.path.via.name(), step.delivery, step.because);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn rules_find_each_leak_at_its_line_and_are_silent_of_the_cure() {
    let (rules, mut wrong) = (rules(), String::new());
    for (folder, leak) in leaks() {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let accused = leak.expected != Expected::Undecidable && !matches!(leak.claim, Claimed::OptIn);
        assert!(!leak.found_by.is_empty() || !accused, "{name}: no rule");
        let sides = ["leak", "cure"].map(|side| Side::read(&folder.join(side), profile(&leak)));
        let [leaking, cured] = sides.each_ref().map(|side| side.judged(&rules));
        for finder in &leak.found_by {
            let place = finder.place.line(&folder.join("leak"));
            let of_rule = |report: &Report, side: &Side| -> Vec<_> {
                let found =
                    report.findings.iter().filter(|found| found.rule == finder.rule && found.question.is_none());
                found.map(|found| side.line(found.primary.span)).collect()
            };
            let (before, after) = (of_rule(&leaking, &sides[0]), of_rule(&cured, &sides[1]));
            if before != [place.clone()] || !after.is_empty() {
                wrong +=
                    &format!("{name}: {} expected at {place:?}, found at {before:?}; cured: {after:?}\n", finder.rule);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_command_says_the_same() {
    for (folder, leak) in leaks() {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let claim = match leak.claim {
            Claimed::OptOut => "opt-out",
            Claimed::Limit => "limit",
            Claimed::OptIn => "opt-in",
        };
        let proved = |side: &str| {
            let path = format!("{FOLDER}/{name}/{side}");
            let report = run(root(), &["route", "--prove", "--claim", claim, "--format", "json", &path]).json();
            let claimed = report["destinations"].as_array().unwrap();
            let found = claimed.iter().find(|one| one["id"] == leak.destination.as_str() && one["claim"] == claim);
            found.unwrap_or_else(|| panic!("{name}: {report:#}")).clone()
        };
        let (leaking, cured) = (proved("leak"), proved("cure"));
        assert_eq!(cured["result"], "proved", "{name}");
        let result = match leak.expected {
            Expected::Refuted => "refuted",
            Expected::Undecidable => "undecidable",
            Expected::ScriptLoads => "proved",
        };
        assert_eq!(leaking["result"], result, "{name}");
        if leak.expected == Expected::Refuted {
            let (file, line) = leak.place.line(&folder.join("leak"));
            assert_eq!(leaking["file"], format!("{FOLDER}/{name}/leak/{file}"), "{name}");
            assert_eq!(leaking["start"]["line"], line, "{name}");
            assert_eq!(leaking["counterexample"]["path"]["via"], leak.via.as_str(), "{name}");
        }
    }
}

#[test]
fn cures_are_small() {
    let texts = |side: &Path| -> Vec<Source> {
        let shown = |path: &Path| path.strip_prefix(side).unwrap().to_string_lossy().replace('\\', "/");
        files(side).iter().map(|path| read_file(path, &shown(path)).unwrap()).collect()
    };
    for (folder, _) in leaks() {
        let (leak, cure) = (texts(&folder.join("leak")), texts(&folder.join("cure")));
        let changed = common::lacking(&leak, &cure).max(common::lacking(&cure, &leak));
        assert!((1..=3).contains(&changed), "{}: {changed} lines differ", folder.display());
    }
}
