//! Finds the entry of the lexicon that fits a name where it stands.

use super::FieldName;
use super::custom::LIKENESS;
use super::lexicon::{self, Entry, Lexicon, Similar, letters};
use crate::model::tokens::Tokens;
use crate::model::{ClassSet, Classification, ClassifiedBy, EventType, Format, Section};

/// Score of a phrase that is only part of the name.
const PART: f32 = 0.9;
/// Likeness asked of names that are cut into words otherwise than the word they resemble.
const LIKENESS_ACROSS_WORDS: f64 = 0.8;
/// Longest difference in letters between a name and a word it resembles.
const FARTHEST: u32 = 3;
/// Shortest part of a name that is written as one word.
const SHORTEST_FUSED: usize = 4;
/// Entry shown for a yes or no, or a number, of a name that would be personal.
const FLAG: &str = "flag";
/// Values that say that a consumer is under 16.
const UNDER_16: [&str; 8] = ["u13", "u16", "under13", "under16", "1315", "012", "13to15", "under16year"];

/// A name and all that decides what it means.
pub(super) struct Context<'a> {
    lexicon: &'static Lexicon,
    field: FieldName<'a>,
    name: &'a Tokens,
    /// Names above it, the nearest last.
    parents: Vec<Tokens>,
    /// Where the name ends when digits and words such as `hash` are left out.
    end: usize,
    /// It is about a person, by the call or a parent.
    person: bool,
}

/// What a search found.
enum Found {
    Entry(&'static Entry, f32),
    Flag,
    Nothing,
}

impl<'a> Context<'a> {
    pub(super) fn new(lexicon: &'static Lexicon, field: FieldName<'a>, name: &'a Tokens) -> Self {
        let mut above = field.path.split('.').filter(|segment| *segment != "$");
        above.next_back();
        let parents: Vec<Tokens> = above.map(Tokens::of).collect();
        let group = field.call == Some(EventType::Group);
        let trait_of_person = field.section == Section::Traits && !group;
        let mut context = Self { lexicon, field, name, parents, end: name.len(), person: false };
        context.person = trait_of_person
            || field.call == Some(EventType::Identify) && field.section == Section::Properties
            || context.parents.iter().any(|parent| context.names_person(parent));
        while context.end > 1 && context.is_qualifier(context.end - 1) {
            context.end -= 1;
        }
        context
    }

    pub(super) fn classify(&self, values: &[&str]) -> Classification {
        let known = match self.search() {
            Found::Entry(entry, score) => self.answer(entry, score),
            Found::Flag => known(FLAG, ClassSet::EMPTY, false, PART),
            Found::Nothing => Classification::default(),
        };
        let known = if known.classes.is_empty() { self.by_format().unwrap_or(known) } else { known };
        by_values(known, values)
    }

    fn answer(&self, entry: &Entry, score: f32) -> Classification {
        let classes = entry.group().filter(|_| self.is_account()).unwrap_or_else(|| entry.classes());
        known(entry.name, classes, entry.restricted, score)
    }

    fn is_account(&self) -> bool {
        self.field.call == Some(EventType::Group) && self.field.section != Section::Context
    }

    /// A format that says what the value is, however it is called.
    fn by_format(&self) -> Option<Classification> {
        let (name, code) = match self.field.hint.format? {
            Format::Email => ("email address", "A"),
            Format::Phone => ("telephone number", "A"),
            Format::Ip => ("IP address", "A"),
            Format::Uri | Format::Date | Format::Uuid => return None,
        };
        Some(known(name, ClassSet::parse(code)?, false, PART))
    }

    fn search(&self) -> Found {
        if self.name.is_empty() {
            return Found::Nothing;
        }
        let ways = [
            Self::with_parent,
            Self::whole,
            Self::trimmed,
            Self::question,
            Self::begun,
            Self::headed,
            Self::ended,
            Self::fused,
            Self::like,
        ];
        for way in ways {
            let found = way(self);
            if !matches!(found, Found::Nothing) {
                return found;
            }
        }
        Found::Nothing
    }

    /// `card.number`, `product.name`: parent and name as one phrase.
    fn with_parent(&self) -> Found {
        let Some(parent) = self.parents.last().filter(|parent| !parent.is_empty()) else {
            return Found::Nothing;
        };
        for from in 0..parent.len() {
            let phrase = [parent.phrase(from, parent.len()), self.name.whole()].concat();
            let found = self.pick(self.lexicon.exact(&phrase), 0, 1.0);
            let word = parent.word(from);
            let known = self.lexicon.people.contains(word) || self.lexicon.modifiers.contains(word);
            if !matches!(found, Found::Nothing) || !known {
                return found;
            }
        }
        Found::Nothing
    }

    fn whole(&self) -> Found {
        self.pick(self.lexicon.exact(self.name.whole()), 0, 1.0)
    }

    /// Without qualifiers at the end, and without people and modifiers at the beginning.
    fn trimmed(&self) -> Found {
        let mut from = 0;
        while from < self.end {
            let found = self.pick(self.lexicon.exact(self.name.phrase(from, self.end)), from, PART);
            if !matches!(found, Found::Nothing) {
                return found;
            }
            if !self.may_stand_before(from) {
                return Found::Nothing;
            }
            from += 1;
        }
        Found::Nothing
    }

    /// Whether a word changes nothing of what follows: a person, a modifier, digits.
    fn may_stand_before(&self, at: usize) -> bool {
        let word = self.name.word(at);
        self.lexicon.people.contains(word) || self.lexicon.modifiers.contains(word) || is_digits(word)
    }

    /// `has_email`, `num_phones`: a question or a count, whatever of; but `is_pregnant` tells it.
    fn question(&self) -> Found {
        if self.name.len() < 2 || !self.lexicon.flags.contains(self.name.word(0)) {
            return Found::Nothing;
        }
        let rest = self.lexicon.exact(self.name.phrase(1, self.name.len()));
        if self.lexicon.claims.contains(self.name.word(0)) {
            let claimed = self.pick(rest.clone().filter(|entry| entry.boolean), 1, PART);
            if !matches!(claimed, Found::Nothing) {
                return claimed;
            }
        }
        if rest.clone().next().is_some_and(|entry| !entry.tail || entry.text) { Found::Flag } else { Found::Nothing }
    }

    fn begun(&self) -> Found {
        for to in (1..self.end).rev() {
            let found = self.pick(self.lexicon.beginning(self.name.phrase(0, to)), 0, PART);
            if !matches!(found, Found::Nothing) {
                return found;
            }
        }
        Found::Nothing
    }

    /// `surgery_date`: the longest phrase at the beginning of which the rest is but a side.
    fn headed(&self) -> Found {
        let first = (0..self.name.len()).find(|at| !self.may_stand_before(*at)).unwrap_or_default();
        for from in 0..=first {
            for to in (from + 1..self.name.len()).rev().take_while(|to| self.is_side(*to)) {
                let heads = self.lexicon.exact(self.name.phrase(from, to)).filter(|entry| entry.head);
                let found = self.pick(heads, from, PART);
                if !matches!(found, Found::Nothing) {
                    return found;
                }
            }
        }
        Found::Nothing
    }

    fn is_side(&self, at: usize) -> bool {
        self.lexicon.attributes.contains(self.name.word(at)) || self.is_qualifier(at)
    }

    /// `customeremail`: a person and a phrase, written as one word.
    fn fused(&self) -> Found {
        if self.end != 1 {
            return Found::Nothing;
        }
        let name = self.name.word(0);
        for (at, _) in name.char_indices().skip(SHORTEST_FUSED) {
            let (before, rest) = name.split_at(at);
            if rest.len() < SHORTEST_FUSED || !self.lexicon.people.contains(before) {
                continue;
            }
            let personal = self.lexicon.exact(rest).filter(|entry| entry.tail && !entry.classes().is_empty());
            let found = self.pick(personal, 0, PART);
            if !matches!(found, Found::Nothing) {
                return found;
            }
        }
        Found::Nothing
    }

    /// The longest phrase at the end of the name.
    fn ended(&self) -> Found {
        if self.lexicon.flags.contains(self.name.word(0)) {
            return Found::Nothing;
        }
        for from in 1..self.end {
            // Words that are clear enough together need no known word before them: `spouse_social_security_number`.
            let several = self.end - from > 1;
            let tails = self.lexicon.exact(self.name.phrase(from, self.end));
            let tails = tails.filter(|entry| entry.tail || several && entry.is_grave());
            let found = self.pick(tails, from, PART);
            if !matches!(found, Found::Nothing) {
                return found;
            }
        }
        Found::Nothing
    }

    fn like(&self) -> Found {
        let name = self.name.phrase(0, self.end);
        let mut best: Option<(&Similar, f64)> = None;
        let letters = letters(name);
        for word in self.lexicon.resembling(name) {
            // Cheap to tell: most words of the same first letter have quite other letters.
            if (word.letters ^ letters).count_ones() > FARTHEST {
                continue;
            }
            let score = self.likeness(name, word);
            if score > best.map_or(LIKENESS, |(_, score)| score) {
                best = Some((word, score));
            }
        }
        let Some((word, score)) = best else {
            return Found::Nothing;
        };
        // Two decimals are enough to show; an exact match alone is 1.0.
        let shown = (score.min(0.99) * 100.0).round() as f32 / 100.0;
        self.pick(lexicon::entry(word.entry).into_iter(), 0, shown)
    }

    /// Likeness of the whole name to a word; 0 when only their beginnings or ends are the same, as with `last_game`.
    fn likeness(&self, name: &str, word: &Similar) -> f64 {
        let known = word.tokens.whole();
        if name.len() < 5 || name.len().abs_diff(known.len()) > FARTHEST as usize {
            return 0.0;
        }
        // `client` is no slip of `client ip`.
        let cut_short = name.len().abs_diff(known.len()) > 1 && (known.starts_with(name) || name.starts_with(known));
        if cut_short {
            return 0.0;
        }
        let score = strsim::sorensen_dice(name, known);
        if self.end != word.tokens.len() {
            return if score > LIKENESS_ACROSS_WORDS { score } else { 0.0 };
        }
        let slip = |at: usize| is_slip(self.name.word(at), word.tokens.word(at));
        if (0..self.end).all(slip) { score } else { 0.0 }
    }

    /// The first entry whose guards hold; `from` is where the phrase begins in the name.
    fn pick(&self, entries: impl Iterator<Item = &'static Entry> + Clone, from: usize, score: f32) -> Found {
        // An entry that asks for a parent, and has it, knows better than one that does not ask.
        let asking = entries.clone().filter(|entry| !entry.needs_parent.is_empty());
        let free = entries.filter(|entry| entry.needs_parent.is_empty());
        for entry in asking.chain(free).filter(|entry| self.stands_right(entry, from)) {
            let (flag, fits) = self.weigh(entry, score);
            if flag {
                return Found::Flag;
            }
            if fits {
                return Found::Entry(entry, score);
            }
        }
        Found::Nothing
    }

    /// Whether the kind of its values makes it a mere flag, and if not, whether it can hold what the entry means.
    fn weigh(&self, entry: &Entry, score: f32) -> (bool, bool) {
        let hint = self.field.hint;
        let flag = hint.boolean && !entry.boolean && !entry.classes().is_empty();
        let number_only = hint.number && !hint.string;
        let holds_members = hint.container && !hint.string && !hint.number;
        let fits = !(entry.text && number_only || holds_members && !(entry.is_grave() && score >= PART));
        (flag, fits)
    }

    /// Whether the parents, and the words of the name before the phrase, are such as the entry asks for.
    fn stands_right(&self, entry: &Entry, from: usize) -> bool {
        if entry.parents_not.iter().any(|word| self.is_beneath(word, from)) {
            return false;
        }
        if entry.needs_parent.is_empty() {
            return true;
        }
        let person = self.person || (0..from).any(|at| self.lexicon.people.contains(self.name.word(at)));
        entry.needs_person() && person
            || entry.group().is_some() && self.is_account()
            || entry.needs_parent.iter().any(|word| self.is_beneath(word, from))
    }

    fn is_beneath(&self, word: &str, from: usize) -> bool {
        let before = (0..from).any(|at| self.name.word(at) == word);
        before || from > 1 && self.name.phrase(0, from) == word || self.parents.iter().any(|parent| has(parent, word))
    }

    fn names_person(&self, parent: &Tokens) -> bool {
        // `customer`, `billing_contact` and `user_data`, not `user_agent`: the last word says what it is.
        let mut words = (0..parent.len()).rev().map(|at| parent.word(at));
        words
            .find(|word| !self.lexicon.containers.contains(*word))
            .is_some_and(|word| self.lexicon.people.contains(word))
    }

    fn is_qualifier(&self, at: usize) -> bool {
        let word = self.name.word(at);
        self.lexicon.qualifiers.contains(word) || is_digits(word)
    }
}

fn is_digits(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether one word is another with a slip or two, more in longer words: `parent` is not `patient`.
fn is_slip(one: &str, other: &str) -> bool {
    let shorter = one.len().min(other.len());
    one == other || shorter >= 5 && strsim::osa_distance(one, other) <= if shorter < 8 { 1 } else { 2 }
}

fn has(parent: &Tokens, word: &str) -> bool {
    parent.whole() == word || (0..parent.len()).any(|at| parent.word(at) == word)
}

fn known(entry: &str, classes: ClassSet, restricted: bool, score: f32) -> Classification {
    let by = ClassifiedBy::Lexicon { entry: entry.to_owned(), score };
    Classification { classes, by, restricted, place: None, conflict: ClassSet::EMPTY }
}

/// What was found for another spelling than the one written.
pub(super) fn loosely(mut found: Classification) -> Classification {
    if let ClassifiedBy::Lexicon { score, .. } = &mut found.by {
        *score = score.min(PART);
    }
    found
}

/// A bracket of ages that begins below 16 tells that a consumer is known to be a child.
fn by_values(mut known: Classification, values: &[&str]) -> Classification {
    let ages = matches!(&known.by, ClassifiedBy::Lexicon { entry, .. } if entry == "age");
    let child = |value: &&str| UNDER_16.contains(&Tokens::of(value).whole());
    if ages && values.iter().any(child) {
        known.classes = known.classes.union(ClassSet::parse("R4").unwrap_or_default());
    }
    known
}
