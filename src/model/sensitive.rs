//! Words by which a name reveals something sensitive of a person: `policies/catalog/sensitive-words.yaml`.

use super::tokens::Tokens;
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

const SOURCE: &str = include_str!("../../policies/catalog/sensitive-words.yaml");

/// Words of a name that are looked at; names are short, and a sentence is no name.
const MOST_WORDS: usize = 24;
/// Words of a listed value that may be a value rather than a text.
const MOST_WORDS_OF_VALUE: usize = 6;

/// What a name reveals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revealed {
    /// The topic, such as `health`.
    pub topic: &'static str,
    /// The words that tell it, as they are written in the list.
    pub words: &'static str,
}

/// Where a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The name of an event, or a value that its plan lists.
    Event,
    /// A segment of a route, or the name of a source.
    Page,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    topics: Vec<Topic>,
    confounders: String,
    silencers: String,
    values_not_of: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Topic {
    topic: String,
    #[serde(rename = "class")]
    _class: String,
    #[serde(rename = "source")]
    _source: String,
    #[serde(default)]
    events: bool,
    words: String,
    #[serde(default)]
    alone: String,
}

struct Phrase {
    topic: usize,
    words: String,
    count: usize,
    alone: bool,
}

#[derive(Default)]
struct Vocabulary {
    topics: Vec<(String, bool)>,
    phrases: HashMap<String, Phrase>,
    confounders: HashSet<String>,
    silencers: HashSet<String>,
    values_not_of: HashSet<String>,
    /// Words of the longest phrase or confounder.
    longest: usize,
}

fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|phrase| !phrase.is_empty())
}

impl Vocabulary {
    /// The list that is built in; empty if its file were broken, which a test rules out.
    fn built_in() -> &'static Self {
        static VOCABULARY: OnceLock<Vocabulary> = OnceLock::new();
        VOCABULARY.get_or_init(|| Self::parse(SOURCE).unwrap_or_default())
    }

    fn parse(text: &str) -> Option<Self> {
        let file: File = serde_yaml::from_str(text).ok()?;
        let mut all = Self::default();
        for topic in file.topics {
            let at = all.topics.len();
            all.topics.push((topic.topic, topic.events));
            let words = listed(&topic.words).map(|words| (words, false));
            for (words, alone) in words.chain(listed(&topic.alone).map(|words| (words, true))) {
                let count = Tokens::of(words).len();
                let key = all.key(words);
                all.phrases.entry(key).or_insert(Phrase { topic: at, words: words.to_owned(), count, alone });
            }
        }
        all.confounders = listed(&file.confounders).map(|words| all.key(words)).collect();
        all.silencers = listed(&file.silencers).map(|words| all.key(words)).collect();
        all.values_not_of = listed(&file.values_not_of).map(|words| all.key(words)).collect();
        Some(all)
    }

    fn key(&mut self, words: &str) -> String {
        let tokens = Tokens::of(words);
        self.longest = self.longest.max(tokens.len());
        tokens.whole().to_owned()
    }

    /// Ranges of words, the longest first.
    fn ranges(&self, count: usize) -> impl Iterator<Item = (usize, usize)> {
        let lengths = (1..=self.longest.min(count)).rev();
        lengths.flat_map(move |length| (0..=count - length).map(move |from| (from, from + length)))
    }

    fn find(&'static self, name: &Tokens, place: Place) -> Option<Revealed> {
        let count = name.len();
        if count == 0 || count > MOST_WORDS || (0..count).any(|at| self.silencers.contains(name.word(at))) {
            return None;
        }
        let confounded: Vec<(usize, usize)> =
            self.ranges(count).filter(|(from, to)| self.confounders.contains(name.phrase(*from, *to))).collect();
        self.ranges(count).find_map(|(from, to)| {
            let phrase = self.phrases.get(name.phrase(from, to))?;
            let (topic, events) = &self.topics[phrase.topic];
            // `hi v` is not `hiv`; but `mentalhealth` is `mental health`.
            let same = to - from == phrase.count || to - from == 1;
            let whole = !phrase.alone || (from, to) == (0, count);
            let clear = !confounded.iter().any(|(start, end)| *start < to && from < *end);
            (same && whole && clear && (*events || place == Place::Page))
                .then_some(Revealed { topic, words: &phrase.words })
        })
    }
}

/// What a name reveals of the person, if anything.
pub fn revealed(name: &str, place: Place) -> Option<Revealed> {
    Vocabulary::built_in().find(&Tokens::of(name), place)
}

/// What a value that is listed for a property reveals of the person whose event carries it.
pub fn revealed_by_value(property: &str, value: &str) -> Option<Revealed> {
    let vocabulary = Vocabulary::built_in();
    let (name, tokens) = (Tokens::of(property), Tokens::of(value));
    let title = (0..name.len()).any(|at| vocabulary.values_not_of.contains(name.word(at)));
    if title || tokens.len() > MOST_WORDS_OF_VALUE {
        return None;
    }
    vocabulary.find(&tokens, Place::Event)
}

/// What a route such as `/conditions/*` reveals.
pub fn revealed_by_route(route: &str) -> Option<Revealed> {
    let path = route.split(['?', '#']).next().unwrap_or(route);
    path.split('/').filter(|segment| !segment.is_empty()).find_map(|segment| revealed(segment, Place::Page))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topic(name: &str) -> Option<&'static str> {
        revealed(name, Place::Event).map(|found| found.topic)
    }

    #[test]
    fn the_embedded_file_parses_fully() {
        let all = Vocabulary::parse(SOURCE).unwrap();
        assert!(all.phrases.len() > 150 && all.confounders.len() > 80, "{}", all.phrases.len());
        assert!(all.longest >= 3);
        let codes = serde_yaml::from_str::<File>(SOURCE).unwrap().topics;
        for topic in codes {
            assert!(crate::model::ClassSet::parse(&topic._class).is_some(), "{}", topic.topic);
            assert!(!topic._source.is_empty(), "{}", topic.topic);
        }
        assert!(all.silencers.iter().all(|silencer| !all.phrases.contains_key(silencer)));
    }

    #[test]
    fn names_of_events_that_reveal_health_are_found() {
        for name in [
            "Symptom Logged",
            "CONDITION_DIAGNOSED",
            "view_my_medical_data",
            "mentalhealth_quiz",
            "symptoms_submitted",
            "DiagnosisViewed",
            "Prescription Refill Requested",
            "rx_refill_started",
            "Paid: Weekly Therapy",
            "Patient Intake Completed",
            "In Network Therapist Searched",
            "Health System Patient Registered",
            "mental-health-quiz-finished",
            "Drug Coupon Viewed",
            "Medication Added To Cart",
            "Find A Doctor Searched",
            "HIV Test Ordered",
            "weight_loss_quiz",
        ] {
            assert_eq!(topic(name), Some("health"), "{name}");
        }
        for name in [
            "Pregnancy Week Entered",
            "ovulation_test_logged",
            "Period Logged",
            "cycle_tracking_opened",
            "Cycle Day Entered",
        ] {
            assert_eq!(topic(name), Some("reproductive health"), "{name}");
        }
        assert_eq!(topic("Sobriety Date Set"), Some("addiction"));
        assert_eq!(topic("Rehab Center Viewed"), Some("addiction"));
        assert_eq!(topic("Sexual Orientation Selected"), Some("sex life and sexual orientation"));
        assert_eq!(topic("Visa Application Started"), Some("immigration"));
        assert_eq!(topic("Asylum Form Opened"), Some("immigration"));
    }

    /// Names that stand for something else, though their words are on the list or sound like it.
    const OTHERS: &str = "\
        Cart Condition Selected; Item Condition Changed; Terms and Conditions Accepted; Order Completed; Trial \
        Period Started; Billing Period Ended; Billing Cycle Day Changed; Lifecycle Stage Changed; Treatment Group \
        Assigned; Experiment Treatment Viewed; Health Check Passed; System Diagnosis Run; Plant Diagnosis Started; Dog Vaccination Booked; \
        Pet Medication Added; Car Symptom Selected; Prescription Glasses Viewed; Visa Card Added; Visa Selected; \
        Green Card Clicked; Drugstore Viewed; Drag and Drop; Due Date Changed; Invoice Due Date Set; First Aid Kit \
        Viewed; Aids Viewed; Product Sex Filter Applied; Essex Store Selected; Race Started; Union Square Viewed; \
        Period Selected; Retail Therapy Clicked; Aromatherapy Viewed; Download Aborted; Patience Viewed; Std Dev \
        Computed; Cancer Research Donation Made; Zodiac Cancer Selected; Great Depression Article Viewed; Suicide \
        Squad Watched; Doctor Who Watched; Recovery Email Added; Password Recovery; Disaster Recovery; Home Rehab \
        Loan Viewed; RxJS Loaded; rx_bytes; Undocumented API Called; periodStart; Period Ended; Cycle Length \
        Changed; Cycle Day Changed; weight_hi_v; Connection Diagnose Started; Health Score Viewed; Account Health \
        Changed; Mood Board Created; Orientation Changed; Screen Orientation; Transition Started; Partner Viewed; \
        Alcohol Category Viewed; Church Street Store Selected; • \
        ";

    #[test]
    fn names_that_only_sound_like_it_are_not() {
        for name in OTHERS.split(';').map(str::trim).chain([""]) {
            assert_eq!(revealed(name, Place::Event), None, "{name}");
        }
    }

    #[test]
    fn listed_values_are_judged_by_what_they_are_values_of() {
        let of = |property, value| revealed_by_value(property, value).map(|found| found.topic);
        assert_eq!(of("status", "pregnant"), Some("reproductive health"));
        assert_eq!(of("concern", "Depression"), Some("health"));
        assert_eq!(of("orientation", "gay"), Some("sex life and sexual orientation"));
        assert_eq!(of("zodiac_sign", "cancer"), None);
        assert_eq!(of("movie_genre", "depression"), None);
        assert_eq!(of("orientation", "landscape"), None);
        assert_eq!(of("note", "a long text that happens to speak of depression somewhere"), None);
    }

    #[test]
    fn routes_are_judged_segment_by_segment() {
        let of = |route| revealed_by_route(route).map(|found| found.topic);
        assert_eq!(of("/conditions/*"), Some("health"));
        assert_eq!(of("/health/diabetes-type-2"), Some("health"));
        assert_eq!(of("/debt-relief"), Some("financial hardship"));
        assert_eq!(of("/community/prayer"), Some("religion"));
        for route in [
            "/terms-and-conditions",
            "/legal/terms",
            "/church-street-store",
            "/products/*",
            "/",
            "",
            "/faith-in-brands",
        ] {
            assert_eq!(of(route), None, "{route}");
        }
    }
}
