//! Formats of tracking plans: what is recognised, and what is read from it.

#![allow(clippy::disallowed_methods, reason = "tests read fixtures")]
#![allow(clippy::unwrap_used, reason = "a fixture that cannot be read fails its test")]

use std::path::{Path, PathBuf};

use consentlint::adapter::{Candidate, recognise};
use consentlint::document::parse;
use consentlint::finding::{Place, Problem};
use consentlint::model::{Model, ValueHint};
use consentlint::source::{Source, SourceId};

/// What became of a file.
struct Outcome {
    format: Option<&'static str>,
    model: Model,
    problems: Vec<Problem>,
    source: Source,
}

fn read(path: &Path, shown: &str) -> Outcome {
    let text = std::fs::read_to_string(path).unwrap();
    let source = Source::new(shown, text);
    let mut model = Model::default();
    let mut format = None;
    let parsed = parse(SourceId(0), shown, &source.text);
    let mut problems = parsed.problems;
    for document in &parsed.documents {
        let candidate = Candidate { path: shown, document };
        let Some(adapter) = recognise(&candidate) else { continue };
        format = Some(adapter.name);
        (adapter.lower)(&candidate, &mut model, &mut problems);
    }
    Outcome { format, model, problems, source }
}

fn fixture(name: &str) -> Outcome {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/adapters");
    read(&folder.join(name), name)
}

fn letters(hint: ValueHint) -> String {
    let flags = [(hint.boolean, 'b'), (hint.string, 's'), (hint.number, 'n'), (hint.container, 'c')];
    let mut letters: String = flags.iter().filter(|(set, _)| *set).map(|(_, letter)| *letter).collect();
    if let Some(format) = hint.format {
        letters.push_str(&format!(":{format:?}"));
    }
    if letters.is_empty() { "?".to_owned() } else { letters }
}

impl Outcome {
    fn line(&self, offset: u32) -> u32 {
        self.source.position(offset).line
    }

    /// Plans, events and properties as lines: `plan name`, `line call name`, `  line section path hint`.
    fn dump(&self) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for plan in &self.model.plans {
            lines.push(format!("plan {} [{}]", plan.name.value, plan.names.join(", ")));
        }
        for event in &self.model.events {
            let line = self.line(event.name.span.start);
            lines.push(format!("{line} {} {}", event.call.name(), event.name.value));
            for property in &event.properties {
                let line = self.line(property.path.span.start);
                let (section, hint) = (property.section.name(), letters(property.hint));
                lines.push(format!("  {line} {section} {} {hint}", property.path.value));
            }
        }
        lines
    }

    fn said(&self) -> Vec<String> {
        let line = |problem: &Problem| match problem.place {
            Place::Span(span) => self.line(span.start),
            _ => 0,
        };
        self.problems.iter().map(|problem| format!("{} {}", line(problem), problem.message)).collect()
    }

    #[track_caller]
    fn expect(&self, format: &str, expected: &[&str]) {
        assert_eq!(self.format, Some(format));
        assert_eq!(self.said(), Vec::<String>::new());
        self.expect_dump(expected);
    }

    #[track_caller]
    fn expect_dump(&self, expected: &[&str]) {
        assert_eq!(self.dump().join("\n"), expected.join("\n"));
        for event in &self.model.events {
            assert!(event.plan.is_some_and(|plan| plan < self.model.plans.len()));
        }
    }
}

#[test]
fn config_api_plan_with_every_kind_of_rule() {
    fixture("segment-plan/config.json").expect(
        "segment-plan",
        &[
            "plan Acme Web [Acme Web, workspaces/acme/tracking-plans/rs_1aZ, rs_1aZ, config]",
            "8 track Email \"Link\" [Clicked]!",
            "  15 context traits c",
            "  15 context traits.email s",
            "  20 properties first name s",
            "  22 properties anything ?",
            "  23 properties newsletter b",
            "  24 properties products c",
            "  27 properties products.$.sku s",
            "  28 properties products.$.sizes c",
            "  28 properties products.$.sizes.$.$ n",
            "37 identify identify",
            "  38 traits birthday s:Date",
            "40 group group",
            "41 common common",
            "  42 context ip s:Ip",
            "45 group group",
            "  45 traits seats n",
        ],
    );
}

#[test]
fn flat_plan_keeps_own_properties_called_like_sections() {
    fixture("segment-plan/flat.json").expect(
        "segment-plan",
        &[
            "plan Flat plan [Flat plan, flat-plan, tp_9, rs_9, flat]",
            "8 track Settings Opened",
            "  13 properties properties c",
            "  13 properties properties.email s:Email",
            "18 track Context Lost",
            "  20 properties context s",
            "  20 properties traits c",
            "23 track Mixed",
            "  25 properties context c",
            "  25 properties reason s",
            "29 identify identify",
            "  30 traits last_name s",
        ],
    );
}

#[test]
fn wrapped_rules_of_the_public_api() {
    fixture("segment-plan/wrapped.json").expect(
        "segment-plan",
        &[
            "plan wrapped [wrapped]",
            "4 track Form Sent",
            "  11 properties e-mail s",
            "15 common common",
            "  16 context userAgent s",
            "18 group group",
            "  19 traits primary_account_email s",
            "21 page page",
        ],
    );
}

#[test]
fn empty_and_enveloped_exports() {
    fixture("segment-plan/empty.json").expect("segment-plan", &["plan empty [empty]"]);
    fixture("segment-plan/envelope.json")
        .expect("segment-plan", &["plan envelope [envelope]", "1 track Ping", "  1 properties id s"]);
    fixture("segment-plan/metadata.json")
        .expect("segment-plan", &["plan Only the plan [Only the plan, tp_7, rs_7, metadata]"]);
}

#[test]
fn local_plan_with_references_and_branches() {
    let outcome = fixture("segment-plan/local.yaml");
    assert_eq!(outcome.format, Some("segment-plan"));
    outcome.expect_dump(&[
        "plan Local plan [Local plan, local]",
        "3 track Person Invited",
        "  16 properties inviter c",
        "  9 properties inviter.name s",
        "  10 properties inviter.friends c",
        "  17 properties contact s:Email",
        "  21 properties channel s",
        "  22 properties pair c",
        "  24 properties pair.$ sn",
        "  27 properties remote ?",
        "  31 properties coupon s",
        "32 identify identify",
        "  33 traits email s",
    ]);
    let [problem] = outcome.problems.as_slice() else { panic!("{:?}", outcome.problems) };
    assert!(problem.message.contains("`$ref: https://schemas.example/a.json` leads out of this file"));
}

#[test]
fn schema_of_one_event() {
    fixture("segment-plan/event.json").expect(
        "segment-plan",
        &["plan segment-plan [segment-plan]", "3 track Order Refunded", "  6 properties iban s"],
    );
    assert_eq!(fixture("segment-plan/not-an-event.json").format, None);
}

#[test]
fn broken_rules_are_reported_and_the_others_read() {
    let outcome = fixture("segment-plan/broken.json");
    assert_eq!(outcome.format, Some("segment-plan"));
    outcome.expect_dump(&[
        "plan broken [broken]",
        "3 track Kept",
        "  3 properties a s",
        "6 track No Schema",
        "7 track Odd Type",
        "9 track Dangling",
        "  9 properties b ?",
    ]);
    assert_eq!(
        outcome.said(),
        [
            "4 an entry of `rules` has neither `key` nor `type`",
            "5 a track event in `rules` has no name",
            "6 event `No Schema` has no schema",
            "7 `TRAK` is not a type of event; it is read as `track`",
            "8 an entry of `rules` is not an event",
            "9 `$ref: #/definitions/gone` leads to nothing in this file",
        ]
    );
    assert!(outcome.problems.iter().all(|problem| !problem.help.is_empty()));
}

#[test]
fn ruddertyper_plan() {
    fixture("ruddertyper-plan/plan.json").expect(
        "ruddertyper-plan",
        &[
            "plan Rudder plan [Rudder plan, tp_2k, ruddertyper-plan]",
            "8 identify identify",
            "  9 traits Phone 2 s",
            "11 track Signed Up",
            "  12 properties plan ?",
        ],
    );
}

#[test]
fn rules_in_yaml() {
    let outcome = fixture("rule-yaml/web-shop/Form Submitted.yml");
    assert_eq!(outcome.format, Some("rule-yaml"));
    outcome.expect_dump(&[
        "plan web-shop [web-shop]",
        "2 track Form Submitted",
        "  8 properties Full Name s",
        "  11 properties address c",
        "  14 properties address.postal code s",
        "  15 properties tags c",
        "  17 properties tags.$ s",
        "  18 properties bare ?",
        "  19 properties short ?",
        "21 identify identify",
        "  22 traits phone s",
    ]);
    assert_eq!(outcome.said(), ["19 a property is described by an object"]);
}

#[test]
fn buffer_folder_shares_one_plan_name() {
    fixture("buffer-plan/kit/plan.yaml")
        .expect("buffer-plan", &["plan kit [kit, Kit plan, workspaces/acme/tracking-plans/rs_kit, rs_kit]"]);
    fixture("buffer-plan/kit/identify_traits.yaml")
        .expect("buffer-plan", &["plan kit [kit]", "1 identify identify", "  2 traits email s"]);
    fixture("buffer-plan/kit/group_traits.yaml")
        .expect("buffer-plan", &["plan kit [kit]", "1 group group", "  2 traits seats n"]);
    let outcome = fixture("buffer-plan/kit/events/billing/trial.yaml");
    outcome.expect_dump(&[
        "plan kit [kit]",
        "1 track Trial Started",
        "  5 properties customerId s",
        "  8 properties isPaying b",
    ]);
    assert_eq!(outcome.said(), ["11 an entry in a list of properties has no name"]);
}

#[test]
fn typewriter_settings_name_plans() {
    let outcome = fixture("typewriter-config/typewriter.yml");
    assert_eq!(outcome.format, Some("typewriter-config"));
    outcome.expect_dump(&["plan Site [Site, rs_123, analytics]"]);
    assert_eq!(outcome.said(), ["10 a plan in `trackingPlans` has no `id`"]);
}

fn corpus() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    std::env::var_os("CONSENTLINT_CORPUS").map_or_else(beside, PathBuf::from)
}

#[test]
fn every_plan_of_the_corpus_is_recognised() {
    for folder in ["segment-tracking-plan-json", "segment-tracking-plan-yaml", "rudderstack-ruddertyper-plan"] {
        let Ok(files) = std::fs::read_dir(corpus().join(folder)) else {
            println!("skipped: no corpus of {folder}");
            continue;
        };
        let mut paths: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            // The names in the corpus stand for paths.
            let shown = path.file_name().unwrap().to_string_lossy().replace("__", "/");
            let outcome = read(&path, &shown);
            let properties: usize = outcome.model.events.iter().map(|event| event.properties.len()).sum();
            let (events, problems) = (outcome.model.events.len(), outcome.problems.len());
            let format = outcome.format.unwrap_or("unknown");
            println!("{format}: {events} events, {properties} properties, {problems} problems: {shown}");
            for said in outcome.said() {
                println!("    {said}");
            }
            assert!(outcome.format.is_some(), "{shown} is not recognised");
            assert!(!outcome.model.plans.is_empty(), "{shown} gives no plan");
        }
    }
}
