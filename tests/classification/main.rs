//! What field names are taken for, over a table of names, with precision and recall by class.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read fixtures and write what is generated")]

mod labelled;

use std::collections::BTreeMap;

use consentlint::classify::{Cache, Classifier, CustomMatcher, FieldName, On, Test};
use consentlint::model::{ClassSet, Classification, ClassifiedBy, EventType, Format, Section, ValueHint};

/// True positives, false positives and false negatives of a class.
type Tally = BTreeMap<&'static str, [u32; 3]>;

fn place(words: &str) -> (Section, Option<EventType>, ValueHint) {
    let mut found = (Section::Properties, None, ValueHint::default());
    for word in words.split(' ') {
        match word {
            "properties" => found.0 = Section::Properties,
            "traits" => found.0 = Section::Traits,
            "context" => found.0 = Section::Context,
            "boolean" => found.2.boolean = true,
            "number" => found.2.number = true,
            "container" => found.2.container = true,
            "email" | "ip" => found.2.format = Format::parse(word),
            call => found.1 = Some(EventType::parse(call).unwrap_or_else(|| panic!("unknown word `{call}`"))),
        }
    }
    found
}

fn field<'a>(path: &'a str, place_words: &str) -> FieldName<'a> {
    let (section, call, hint) = place(place_words);
    FieldName { path, section, call, hint }
}

fn show(found: &Classification) -> String {
    let codes: Vec<&str> = found.classes.codes().collect();
    let codes = if codes.is_empty() { "-".to_owned() } else { codes.join(",") };
    if found.restricted { codes + "!" } else { codes }
}

fn parse(expected: &str) -> ClassSet {
    expected.trim_end_matches('!').split(',').filter_map(ClassSet::parse).collect()
}

fn count(tally: &mut Tally, expected: ClassSet, found: ClassSet) {
    let mut add = |set: ClassSet, at: usize| set.codes().for_each(|code| tally.entry(code).or_default()[at] += 1);
    add(expected.intersection(found), 0);
    add(found.without(expected), 1);
    add(expected.without(found), 2);
}

fn ratio(part: u32, rest: u32) -> f64 {
    f64::from(part) / f64::from((part + rest).max(1))
}

#[test]
fn every_name_of_the_table_is_taken_for_what_it_is() {
    let table = std::fs::read_to_string("fixtures/classification/names.tsv").unwrap();
    let rows: Vec<&str> = table.lines().filter(|line| !line.starts_with('#')).skip(1).collect();
    assert!(rows.len() >= 500);
    let classifier = Classifier::default();
    let (mut wrong, mut tally) = (Vec::new(), Tally::new());
    for row in rows {
        let [place, name, expected] = row.split('\t').collect::<Vec<_>>()[..] else { panic!("row `{row}`") };
        let found = classifier.classify(field(name, place));
        count(&mut tally, parse(expected), found.classes);
        if show(&found)
            != show(&Classification { classes: parse(expected), restricted: expected.ends_with('!'), ..found.clone() })
        {
            wrong.push(format!("{place}\t{name}\texpected {expected}, found {} by {:?}", show(&found), found.by));
        }
    }
    for (class, [right, false_alarms, missed]) in &tally {
        println!(
            "{class:>3} precision {:.3} recall {:.3} of {}",
            ratio(*right, *false_alarms),
            ratio(*right, *missed),
            right + missed
        );
    }
    assert_eq!(tally.len(), 22, "every class but L, which is implied, has names");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn by(path: &str, place: &str) -> ClassifiedBy {
    Classifier::default().classify(field(path, place)).by
}

#[test]
fn known_not_to_be_personal_is_told_from_unknown() {
    assert!(matches!(by("product_name", "properties"), ClassifiedBy::Lexicon { .. }));
    assert_eq!(by("xyzzy", "properties"), ClassifiedBy::Nothing);
    assert_eq!(by("email", "properties boolean"), ClassifiedBy::Lexicon { entry: "flag".into(), score: 0.9 });
}

#[test]
fn only_an_exact_match_scores_one() {
    let score = |path| match by(path, "properties") {
        ClassifiedBy::Lexicon { score, .. } => score,
        other => panic!("{other:?}"),
    };
    assert_eq!(score("email"), 1.0);
    assert!(score("employer_email") < 1.0);
    assert!(score("emial_address") < 1.0);
}

#[test]
fn values_tell_that_an_age_is_a_childs() {
    let classifier = Classifier::default();
    let found = classifier.classify_with_values(field("age_bracket", "properties"), &["u13", "13_15", "16_plus"]);
    assert_eq!(show(&found), "C,R4");
    let found = classifier.classify_with_values(field("age_bracket", "properties"), &["18-24", "25-34"]);
    assert_eq!(show(&found), "C");
}

fn custom(test: Test, on: On) -> Classifier {
    let classes = ClassSet::parse("D").unwrap_or_default();
    Classifier::new(vec![CustomMatcher { name: "ours".into(), test, on, classes, restricted: false }])
}

#[test]
fn matchers_of_the_user_win_over_the_lexicon() {
    let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect();
    let ours = ClassifiedBy::Custom("ours".into());
    let key = |test, name| custom(test, On::Key).classify(field(name, "properties")).by;
    assert_eq!(key(Test::Exact(words(&["E-Mail"])), "contact.e_mail"), ours);
    assert_eq!(key(Test::Similar(words(&["member_tier"])), "memberTiers"), ours);
    assert_eq!(key(Test::Regex(regex::Regex::new("^cust_").unwrap()), "user.cust_email"), ours);
    assert_ne!(key(Test::Exact(words(&["email"])), "email_address"), ours);
    let value = custom(Test::Exact(words(&["gold tier"])), On::Value);
    assert_eq!(value.classify_with_values(field("x", "properties"), &["Gold-Tier"]).by, ours);
    assert_ne!(value.classify(field("gold_tier", "properties")).by, ours);
}

#[test]
fn a_cache_gives_the_same_answers() {
    let classifier = Classifier::default();
    let mut cache = Cache::new(&classifier);
    for name in ["email", "email", "ssn", "product_name", "xyzzy", ""] {
        assert_eq!(cache.classify(field(name, "properties")), &classifier.classify(field(name, "properties")));
    }
    assert!(cache.classify(field("name", "traits identify")) != &classifier.classify(field("name", "properties")));
}

#[test]
fn a_classifier_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Classifier>();
}
