//! The prover against brute force: random small projects in real files, every state of a visitor, one after the other.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::expect_used, reason = "tests fail by panicking")]

mod common;

use common::random::Random;
use consentlint::check::{Inputs, Loaded, load};
use consentlint::classify::Classifier;
use consentlint::flow::route::{Claim, Counterexample, Path, Point, Proof, Step, Tables, prove, simulate};
use consentlint::flow::routing::analytics_js::Integrations;
use consentlint::flow::routing::{Events, Preference, Visitor};
use consentlint::flow::{Flow, Map};
use consentlint::model::{Entity, Profile};
use consentlint::source::Source;
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

/// Projects that are looked at.
const PROJECTS: usize = 2_000;

fn map(loaded: &Loaded) -> Map<'_> {
    let (model, links, classes) = (&loaded.model, &loaded.links, loaded.classes.as_slice());
    Map { model, links, classes, as_of: "2026-11-24", profile: Profile::UsCa }
}

fn read(files: &[(&str, String)], classifier: &Classifier) -> Loaded {
    let mut inputs = Inputs::default();
    for (name, text) in files {
        inputs.add(Source::new(*name, text.clone()), Some(true));
    }
    load(&inputs, classifier)
}

/// Destinations of the catalogue, by slug and creation name.
const DESTINATIONS: [(&str, &str); 3] =
    [("facebook-pixel", "Facebook Pixel"), ("amplitude", "Amplitude"), ("intercom", "Intercom")];

fn pick<'a>(random: &mut Random, list: &[&'a str]) -> &'a str {
    list[random.below(list.len())]
}

/// A list of those for which the coin says so.
fn some<'a>(random: &mut Random, list: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    list.into_iter().filter(|_| random.below(2) == 0).collect()
}

fn quoted(list: &[&str]) -> String {
    list.iter().map(|one| format!("'{one}'")).collect::<Vec<_>>().join(", ")
}

fn datamap(random: &mut Random, ids: &[&str]) -> String {
    let slugs = || DESTINATIONS.iter().map(|(slug, _)| *slug);
    let mut text = "datamap: 1\nconsent:\n".to_owned();
    let managers =
        ["", "", "custom", "segment", "segment", "onetrust", "trustarc", "segment-consent-manager", "rudderstack"];
    for (key, word) in [("manager", pick(random, &managers)), ("model", pick(random, &["", "opt-in", "opt-out"]))] {
        if !word.is_empty() {
            writeln!(text, "  {key}: {word}").unwrap();
        }
    }
    text.push_str("  categories:\n");
    for id in ids {
        let controls = pick(random, &["", "opt-out", "opt-out", "limit", "opt-out, limit"]);
        let listed = some(random, slugs()).join(", ");
        let more = pick(
            random,
            &["", "", "", "", "", "essential: true, ", "enabled: false, ", "default: true, ", "default: false, "],
        );
        writeln!(text, "    - {{id: {id}, purpose: p, {more}controls: [{controls}], destinations: [{listed}]}}")
            .unwrap();
    }
    text.push_str("destinations:\n");
    for slug in slugs() {
        let mode = pick(
            random,
            &["", "", "", "mode: device, ", "mode: cloud, ", "mode: file, ", "mode: audience, ", "mode: reverse_etl, "],
        );
        let needs = pick(random, &["", "", "", "consent_needs: any, "]);
        writeln!(text, "  - {{id: {slug}, {mode}{needs}role: third_party, shares: true}}").unwrap();
    }
    text.push_str("sources:\n");
    let mut events = "events:\n".to_owned();
    for at in 0..=random.below(2) {
        // The limit is claimed of what carries something sensitive.
        writeln!(events, "  - {{name: e{at}, sources: [s{at}], properties: [{{name: x, spi: [1D]}}]}}").unwrap();
        let platform =
            pick(random, &["web", "web", "web", "server", "ios", "retl", "cloud_object", "replay", "dataset"]);
        let words =
            ["{}", "{}", "{wrapper: x}", "{wrapper: none}", "{object: true}", "{object: false}", "{columns: true}"];
        let consent = pick(random, &words);
        let listed = some(random, slugs()).join(", ");
        writeln!(
            text,
            "  - {{id: s{at}, platform: {platform}, identity: [email], consent: {consent}, destinations: [{listed}]}}"
        )
        .unwrap();
    }
    text.push_str(&events);
    match random.below(4) {
        0 => {}
        1 => text.push_str("signals: {gpc: {honored: false}}\n"),
        2 => text.push_str("signals: {gpc: {honored: true}}\n"),
        _ => {
            let mapped = some(random, ids.iter().copied()).join(", ");
            writeln!(text, "signals: {{gpc: {{honored: true, categories: [{mapped}]}}}}").unwrap();
        }
    }
    text
}

/// A file of a vendor, or none.
fn set_up(random: &mut Random, ids: &[&str]) -> Option<(&'static str, String)> {
    match random.below(8) {
        0 => Some(("web.ts", wrapper(random, ids))),
        1 => Some(("settings.json", settings(random, ids))),
        2 | 3 => Some(("consent.js", consent_manager(random, ids))),
        4 => Some(("rudder.yaml", rudder(random, ids))),
        _ => None,
    }
}

/// Some destinations by creation name, each with categories.
fn mapped<'a>(random: &mut Random, ids: &[&'a str]) -> Vec<(&'static str, Vec<&'a str>)> {
    let names = some(random, DESTINATIONS.iter().map(|(_, name)| *name));
    names.into_iter().map(|name| (name, some(random, ids.iter().copied()))).collect()
}

fn wrapper(random: &mut Random, ids: &[&str]) -> String {
    let entries: Vec<String> =
        mapped(random, ids).iter().map(|(name, ids)| format!("'{name}': [{}]", quoted(ids))).collect();
    let called = pick(random, &["createWrapper", "withOneTrust"]);
    let model = pick(random, &["", "consentModel: () => 'opt-in', ", "consentModel: () => 'opt-out', "]);
    format!("{called}(analytics, {{ {model}integrationCategoryMappings: {{ {} }} }})\n", entries.join(", "))
}

/// What Segment's CDN serves.
fn settings(random: &mut Random, ids: &[&str]) -> String {
    let list = |ids: &[&str]| ids.iter().map(|id| format!("\"{id}\"")).collect::<Vec<_>>().join(", ");
    let consent = |ids: &[&str]| format!("{{\"consentSettings\": {{\"categories\": [{}]}}}}", list(ids));
    let mut entries: Vec<String> =
        mapped(random, ids).iter().map(|(name, ids)| format!("\"{name}\": {}", consent(ids))).collect();
    entries.push("\"Segment.io\": {}".to_owned());
    let all = format!("\"consentSettings\": {{\"allCategories\": [{}]}}", list(ids));
    format!("{{\"integrations\": {{{}}}, {all}}}\n", entries.join(", "))
}

fn consent_manager(random: &mut Random, ids: &[&str]) -> String {
    let mut settings = "writeKey: 'k', bannerContent: 'x', ".to_owned();
    settings += pick(
        random,
        &[
            "",
            "shouldRequireConsent: () => false, ",
            "shouldRequireConsent: inEU, ",
            "shouldRequireConsent: () => true, ",
        ],
    );
    settings += pick(
        random,
        &["", "", "initialPreferences: { a: true }, ", "initialPreferences: { advertising: false, a: false }, "],
    );
    settings +=
        pick(random, &["", "", "defaultDestinationBehavior: 'enable', ", "defaultDestinationBehavior: 'imply', "]);
    // Three built-in categories beside three others would be many states.
    if ids.len() > 2 || random.below(4) > 0 {
        let names = || DESTINATIONS.iter().map(|(_, name)| *name);
        let category =
            |id: &&str| format!("{id}: {{ purpose: 'p', integrations: [{}] }}", quoted(&some(random, names())));
        let custom: Vec<String> = ids.iter().map(category).collect();
        write!(settings, "customCategories: {{ {} }}", custom.join(", ")).unwrap();
    }
    format!("window.consentManagerConfig = {{ {settings} }}\n")
}

fn rudder(random: &mut Random, ids: &[&str]) -> String {
    let mut listed = vec![("Hotjar", Vec::new())];
    listed.extend(mapped(random, ids));
    let destination = |(name, ids): (&str, Vec<&str>)| {
        let provider = format!(
            "{{provider: custom, resolution_strategy: {}, consents: [{}]}}",
            pick(random, &["and", "or"]),
            ids.join(", ")
        );
        let config = format!("{{consent_management: {{web: [{provider}]}}}}");
        format!(
            "version: rudder/v1\nkind: destination\nmetadata: {{name: x}}\nspec: {{id: '{name}', display_name: '{name}', config: {config}}}\n"
        )
    };
    listed.into_iter().map(destination).collect::<Vec<_>>().join("---\n")
}

/// Every state about all categories of a project, the smallest first.
fn states(loaded: &Loaded) -> Vec<Visitor> {
    let mut all = vec![Visitor::default()];
    for category in &loaded.model.categories {
        let more: Vec<Visitor> = all
            .iter()
            .flat_map(|visitor| {
                [Preference::Denied, Preference::Granted].map(|said| {
                    let mut visitor = visitor.clone();
                    visitor.preferences.insert(category.id.value.clone(), said);
                    visitor
                })
            })
            .collect();
        all.extend(more);
    }
    all.sort_by_key(|visitor| visitor.preferences.len());
    let kinds = [(true, false), (false, true), (true, true), (false, false)];
    let with = |visitor: Visitor| kinds.map(|(signal, chosen)| Visitor { signal, chosen, ..visitor.clone() });
    all.into_iter().flat_map(with).collect()
}

/// Whether a right was exercised in full, or no choice was made, told from what is declared alone.
fn exercised(loaded: &Loaded, claim: Claim, visitor: &Visitor) -> bool {
    let honored = loaded.model.signals.iter().any(|signal| signal.object.boolean("honored") == Some(true));
    let able = |category: &&Entity| {
        category.object.boolean("essential") != Some(true) && category.object.boolean("enabled") != Some(false)
    };
    let right = match claim {
        Claim::OptIn => {
            return !visitor.chosen && visitor.preferences.values().all(|said| *said != Preference::Granted);
        }
        Claim::OptOut if visitor.signal && honored => return true,
        Claim::OptOut => "opt-out",
        Claim::Limit => "limit",
    };
    let mut carrying =
        loaded.model.categories.iter().filter(able).filter(|category| category.object.has_text("controls", right));
    visitor.chosen && carrying.all(|category| visitor.preference(&category.id.value) == Preference::Denied)
}

fn is_open(step: &Step) -> bool {
    step.delivery.events == Events::Yes
}

/// A path on which the prover looks at destinations that came after the choice, which no single state is.
fn comes_later(path: &Path, loaded: &Loaded) -> bool {
    let enables = loaded.model.consents.iter().any(|consent| consent.object.text("new_destinations") == Some("enable"));
    matches!(path.point, Point::OpenSource(_)) && enables
}

/// How often each answer was given.
#[derive(Default)]
struct Tally {
    proved: usize,
    refuted: usize,
    undecidable: usize,
}

fn judge(loaded: &Loaded, shown: &str, tally: &mut Tally, points: &mut BTreeSet<&'static str>) {
    let map = map(loaded);
    let flow = Flow::derive(map);
    let none = Integrations::new();
    let states = states(loaded);
    for to in 0..DESTINATIONS.len() {
        let steps: Vec<Vec<Step>> =
            states.iter().map(|visitor| simulate(map, &flow.reach, to, visitor, &none)).collect();
        points.extend(steps.iter().flatten().map(|step| step.path.point.name()));
        monotone(&states, &steps, shown);
        for claim in [Claim::OptOut, Claim::Limit, Claim::OptIn] {
            let mut open = states
                .iter()
                .zip(&steps)
                .filter(|(visitor, steps)| exercised(loaded, claim, visitor) && steps.iter().any(is_open));
            let first = open.next();
            let id = &loaded.model.destinations[to].id.value;
            match prove(map, &flow.reach, to, claim) {
                Proof::Proved => {
                    tally.proved += 1;
                    assert!(first.is_none(), "{claim:?} of {id} is proved, but {first:#?}\n{shown}");
                }
                Proof::Refuted(example) => {
                    tally.refuted += 1;
                    refuted(loaded, claim, &example, first.map(|(visitor, _)| visitor), shown);
                    let again = simulate(map, &flow.reach, to, &example.visitor, &none);
                    let step = again.iter().find(|step| step.path == example.path).unwrap();
                    let open = is_open(step) || comes_later(&example.path, loaded);
                    assert!(open, "{claim:?} of {id}: {example:#?}\n{step:#?}\n{shown}");
                }
                Proof::Undecidable { .. } => tally.undecidable += 1,
            }
        }
    }
}

/// Who refuses more never gets more sent: no path opens when one category is refused instead of allowed.
fn monotone(states: &[Visitor], steps: &[Vec<Step>], shown: &str) {
    let key = |visitor: &Visitor| (format!("{:?}", visitor.preferences), visitor.signal, visitor.chosen);
    let at: HashMap<_, usize> = states.iter().enumerate().map(|(at, visitor)| (key(visitor), at)).collect();
    for (visitor, before) in states.iter().zip(steps) {
        for (id, said) in &visitor.preferences {
            if *said != Preference::Granted {
                continue;
            }
            let mut refused = visitor.clone();
            refused.preferences.insert(id.clone(), Preference::Denied);
            let after = &steps[at[&key(&refused)]];
            for (before, after) in before.iter().zip(after) {
                assert!(is_open(before) || !is_open(after), "{refused:?}: {after:#?}\n{shown}");
            }
        }
    }
}

/// A counterexample is a state in which the right was exercised, and there is no smaller one.
fn refuted(loaded: &Loaded, claim: Claim, example: &Counterexample, first: Option<&Visitor>, shown: &str) {
    let visitor = &example.visitor;
    assert!(exercised(loaded, claim, visitor), "{claim:?}: {example:#?}\n{shown}");
    // Where no category carries out the right, one stands for the refusal that a visitor would look for: it counts as said.
    let right = if claim == Claim::Limit { "limit" } else { "opt-out" };
    let carried = loaded.model.categories.iter().any(|category| category.object.has_text("controls", right));
    if let Some(first) = first.filter(|_| carried || claim == Claim::OptIn) {
        assert!(
            visitor.preferences.len() <= first.preferences.len(),
            "{first:#?} is smaller than {example:#?}\n{shown}"
        );
    }
}

#[test]
fn the_prover_says_what_looking_at_every_state_says() {
    let classifier = Classifier::default();
    let mut tally = Tally::default();
    let (mut vendors, mut points) = (0, BTreeSet::new());
    for seed in 0..PROJECTS {
        let mut random = Random(seed as u64 * 7_919 + 1);
        let ids = &["a", "b", "c"][..2 + random.below(3) / 2];
        let mut files = vec![("map.yaml", datamap(&mut random, ids))];
        let vendor = set_up(&mut random, ids);
        vendors += usize::from(vendor.is_some());
        files.extend(vendor);
        let shown: String = files.iter().map(|(name, text)| format!("{seed} == {name}\n{text}")).collect();
        let loaded = read(&files, &classifier);
        judge(&loaded, &shown, &mut tally, &mut points);
    }
    let Tally { proved, refuted, undecidable } = tally;
    let many = PROJECTS / 4;
    assert!(proved > many && refuted > many && undecidable > many / 10, "{proved} {refuted} {undecidable}");
    assert!(vendors > many, "{vendors}");
    let all = ["consent_manager", "nowhere", "page", "platform", "rudderstack", "wrapper"];
    assert_eq!(points.into_iter().collect::<Vec<_>>(), all);
}

/// Every state that a table speaks of: nothing said and no choice, or each category granted or refused; what is essential is
/// granted.
fn switched(loaded: &Loaded) -> Vec<Visitor> {
    let is_essential = |id: &str| {
        let mut all = loaded.model.categories.iter();
        all.any(|category| category.id.value == id && category.object.boolean("essential") == Some(true))
    };
    let whole = |visitor: &Visitor| {
        let preferences = &visitor.preferences;
        let said = preferences.len() == loaded.model.categories.len();
        let held = preferences.iter().all(|(id, said)| *said == Preference::Granted || !is_essential(id));
        if visitor.chosen { said && held } else { preferences.is_empty() }
    };
    states(loaded).into_iter().filter(whole).collect()
}

#[test]
fn tables_hold_what_is_simulated_in_every_state() {
    let classifier = Classifier::default();
    let (mut cells, mut shared) = (0, 0);
    for seed in 0..PROJECTS / 5 {
        let mut random = Random(seed as u64 * 104_729 + 3);
        let ids = &["a", "b", "c", "d", "e"][..2 + random.below(4)];
        let mut files = vec![("map.yaml", datamap(&mut random, ids))];
        files.extend(set_up(&mut random, ids));
        let shown: String = files.iter().map(|(name, text)| format!("{seed} == {name}\n{text}")).collect();
        let loaded = read(&files, &classifier);
        let map = map(&loaded);
        let flow = Flow::derive(map);
        let tables = Tables::new(map, &flow.reach);
        let ids: Vec<&str> = loaded.model.categories.iter().map(|category| category.id.value.as_str()).collect();
        for to in 0..DESTINATIONS.len() {
            let of = tables.of(to);
            for visitor in switched(&loaded) {
                let steps = simulate(map, &flow.reach, to, &visitor, &Integrations::new());
                assert_eq!(steps.len(), of.len(), "{shown}");
                for (step, (path, table)) in steps.iter().zip(&of) {
                    assert!(table.whole);
                    let told = &table.steps[usize::from(table.cells[table.cell(&visitor, &ids)])];
                    let said = (&told.delivery, &told.because, told.place);
                    assert_eq!(path, &step.path, "{shown}");
                    assert_eq!(said, (&step.delivery, &step.because, step.place), "{visitor:?} {step:#?}\n{shown}");
                    cells += 1;
                    shared += usize::from(table.groups.iter().any(|group| group.len() > 1));
                }
            }
        }
    }
    assert!(cells > 10_000 && shared > 500, "{cells} {shared}");
}
