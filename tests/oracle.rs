//! Our evaluator against the one of the `cel` crate, on random expressions and random destinations.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use cel::extractors::This;
use cel::objects::{Key, Map};
use cel::{Context, Program, Value as CelValue};
use common::random::Random;
use consentlint::model::kind::{Field, Type};
use consentlint::model::{Located, Object, Value, kind};
use consentlint::policy::{Expression, Outcome};
use consentlint::source::{SourceId, Span};
use jiff::civil::Date;
use std::collections::HashMap;
use std::sync::Arc;

/// What must occur among the expressions.
const FORMS: [&str; 23] = [
    "&&",
    "||",
    "!(",
    "?",
    "==",
    "!=",
    "< ",
    "<=",
    "> ",
    ">=",
    " in [",
    " in destination.purposes",
    "size(destination.purposes)",
    "startsWith",
    "endsWith",
    "contains",
    "matches",
    "has(destination.role)",
    "has(destination.contract.ref)",
    "exists",
    "all",
    "destination.retention_days",
    "destination.contract.certified",
];

const TEXTS: [&str; 4] = ["role", "mode", "name", "vendor"];
const WORDS: [&str; 4] = ["third_party", "device", "cloud", "x"];
const BOOLS: [&str; 3] = ["enabled", "sells", "shares"];
/// Patterns for `matches`, which looks for a part of the text unless it is anchored.
const PATTERNS: [&str; 5] = ["^third", "e$", "[aeiou]{2}", "^(x|cloud)$", "."];
const PURPOSES: [&str; 4] = ["services", "audit", "cloud", "x"];

fn text(random: &mut Random, bound: Option<&str>) -> String {
    match (random.below(4), bound) {
        (0, Some(name)) => name.to_owned(),
        (0 | 1, _) => format!("'{}'", random.one(&WORDS)),
        _ => format!("destination.{}", random.one(&TEXTS)),
    }
}

fn number(random: &mut Random) -> String {
    match random.below(4) {
        0 => "size(destination.purposes)".to_owned(),
        1 => "destination.retention_days".to_owned(),
        2 => format!("size({})", text(random, None)),
        _ => random.below(40).to_string(),
    }
}

fn boolean(random: &mut Random, depth: usize, bound: Option<&str>) -> String {
    let inner = |random: &mut Random| boolean(random, depth + 1, bound);
    let choice = if depth > 4 { 4 + random.below(10) } else { random.below(15) };
    match choice {
        0 => format!("({} && {})", inner(random), inner(random)),
        1 => format!("({} || {})", inner(random), inner(random)),
        2 => format!("!({})", inner(random)),
        3 => format!("({} ? {} : {})", inner(random), inner(random), inner(random)),
        4 => format!("destination.{}", random.one(&BOOLS)),
        5 => format!("has(destination.{})", random.one(&[TEXTS.as_slice(), &BOOLS].concat())),
        6 => format!("{} {} {}", text(random, bound), random.one(&["==", "!=", "<", ">="]), text(random, bound)),
        7 => format!("{} {} {}", number(random), random.one(&["==", "!=", "<", "<=", ">", ">="]), number(random)),
        8 => format!("{} in ['{}', '{}']", text(random, bound), random.one(&WORDS), random.one(&WORDS)),
        9 => format!("{} in destination.purposes", text(random, bound)),
        11 => format!("{}.matches('{}')", text(random, bound), random.one(&PATTERNS)),
        12 => format!("has(destination.{})", random.one(&["contract.ref", "contract.certified", "contract"])),
        13 => random.one(&["destination.contract.certified", "destination.contract.ref == 'x'"]).to_owned(),
        10 => {
            let test = random.one(&["startsWith", "endsWith", "contains"]);
            format!("{}.{test}({})", text(random, bound), text(random, bound))
        }
        _ => {
            let (over, name) = (random.one(&["exists", "all"]), if depth.is_multiple_of(2) { "p" } else { "q" });
            format!("destination.purposes.{over}({name}, {})", boolean(random, depth + 2, Some(name)))
        }
    }
}

/// The fields of `destination.contract`.
fn contract_fields() -> &'static [Field] {
    let contract = kind::DESTINATION.fields.iter().find(|field| field.name == "contract").unwrap();
    let Type::Object(fields) = contract.ty else { panic!("`contract` is no object") };
    fields
}

/// `matches` as the crate would have it with its feature for regular expressions.
fn matches(This(text): This<Arc<String>>, pattern: Arc<String>) -> bool {
    regex::Regex::new(&pattern).unwrap().is_match(&text)
}

/// The same random destination for both evaluators.
fn destination(random: &mut Random) -> (Object, CelValue) {
    let span = Span::file(SourceId(0));
    let mut ours = Object::new(kind::DESTINATION.fields);
    let mut theirs: HashMap<Key, CelValue> = HashMap::new();
    let mut set = |name: &str, value: Value, other: CelValue| {
        ours.set(name, Located::new(value, span));
        theirs.insert(name.into(), other);
    };
    for name in TEXTS {
        if random.below(4) > 0 {
            let word = random.one(&WORDS);
            set(name, Value::Text(word.to_owned()), CelValue::String(Arc::new(word.to_owned())));
        }
    }
    for name in BOOLS {
        if random.below(4) > 0 {
            let value = random.below(2) == 0;
            set(name, Value::Bool(value), CelValue::Bool(value));
        }
    }
    if random.below(4) > 0 {
        let days = random.below(40) as i64;
        set("retention_days", Value::Int(days), CelValue::Int(days));
    }
    // `has(a.b)` without `a` is false here and an error there; so there is always a contract, perhaps an empty one.
    let mut contract = Object::new(contract_fields());
    let mut terms: HashMap<Key, CelValue> = HashMap::new();
    if random.below(3) > 0 {
        let word = random.one(&WORDS);
        contract.set("ref", Located::new(Value::Text(word.to_owned()), span));
        terms.insert("ref".into(), CelValue::String(Arc::new(word.to_owned())));
    }
    if random.below(3) > 0 {
        let value = random.below(2) == 0;
        contract.set("certified", Located::new(Value::Bool(value), span));
        terms.insert("certified".into(), CelValue::Bool(value));
    }
    set("contract", Value::Object(contract), CelValue::Map(Map { map: Arc::new(terms) }));
    if random.below(6) > 0 {
        let purposes: Vec<&str> = (0..random.below(4)).map(|_| random.one(&PURPOSES)).collect();
        let list = purposes.iter().map(|purpose| CelValue::String(Arc::new((*purpose).to_owned()))).collect();
        set("purposes", Value::texts(purposes.iter().copied(), span), CelValue::List(Arc::new(list)));
    }
    (ours, CelValue::Map(Map { map: Arc::new(theirs) }))
}

#[test]
fn our_evaluator_agrees_with_the_crates() {
    let mut random = Random(0x5eed_cafe);
    let mut seen = [0usize; 3];
    let mut forms = FORMS.map(|form| (form, 0));
    for round in 0..6_000 {
        let source = boolean(&mut random, 0, None);
        let expression = match Expression::compile(&source, &kind::DESTINATION) {
            Ok(expression) => expression,
            Err(mistake) if mistake.message.contains("longer than") || mistake.message.contains("too deeply") => {
                continue;
            }
            Err(mistake) => panic!("{source}: {mistake:?}"),
        };
        let program = Program::compile(&source).unwrap();
        for (form, count) in &mut forms {
            *count += usize::from(source.contains(*form));
        }
        for _ in 0..2 {
            let (ours, theirs) = destination(&mut random);
            let mut context = Context::default();
            context.add_function("matches", matches).unwrap();
            context.add_variable_from_value("destination", theirs);
            let expected = program.execute(&context);
            let got = expression.evaluate(&ours, Date::constant(2026, 11, 24));
            let agree = match (&got, &expected) {
                (Outcome::Holds, Ok(CelValue::Bool(value))) => *value,
                (Outcome::Fails, Ok(CelValue::Bool(value))) => !*value,
                (Outcome::Undecidable(_), Err(_)) => true,
                _ => false,
            };
            assert!(agree, "round {round}: {source}\n{ours:?}\nours {got:?}, the crate's {expected:?}");
            seen[match got {
                Outcome::Holds => 0,
                Outcome::Fails => 1,
                Outcome::Undecidable(_) => 2,
            }] += 1;
        }
    }
    println!(
        "compared {} evaluations: {} hold, {} fail, {} undecidable",
        seen.iter().sum::<usize>(),
        seen[0],
        seen[1],
        seen[2]
    );
    assert!(seen.iter().all(|count| *count > 1_000), "{seen:?}");
    assert!(forms.iter().all(|(_, count)| *count > 100), "each form is met often: {forms:?}");
}

/// Where the two differ on purpose: a rule may ask for `a.b` without asking for `a` first.
#[test]
fn has_of_something_in_what_is_absent_is_false() {
    let nothing = Object::new(kind::DESTINATION.fields);
    let expression = Expression::compile("has(destination.contract.ref)", &kind::DESTINATION).unwrap();
    assert_eq!(expression.evaluate(&nothing, Date::constant(2026, 11, 24)), Outcome::Fails);
    let value = Expression::compile("destination.contract.ref == 'x'", &kind::DESTINATION).unwrap();
    assert!(matches!(value.evaluate(&nothing, Date::constant(2026, 11, 24)), Outcome::Undecidable(_)));
}
