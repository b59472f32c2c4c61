//! What a field name is taken for, and why.

mod custom;
mod lexicon;
mod matching;

use std::collections::HashMap;

pub use custom::{CustomMatcher, On, Test};

use self::custom::Prepared;
use self::lexicon::Lexicon;
use self::matching::{Context, loosely};
use crate::model::event::last_name;
use crate::model::tokens::Tokens;
use crate::model::{ClassSet, Classification, ClassifiedBy, EventType, Section, ValueHint};

/// A field and what is around it.
#[derive(Clone, Copy, Debug)]
pub struct FieldName<'a> {
    /// Dotted path within its section, `$` for array items: `traits`-less, such as `address.city`.
    pub path: &'a str,
    /// The part of the event; properties when it is not known.
    pub section: Section,
    /// The call, when known: traits of `group` describe an account.
    pub call: Option<EventType>,
    /// What its values are.
    pub hint: ValueHint,
}

/// The lexicon and the user's own matchers. Cheap to share between threads; holds no lock.
#[derive(Debug)]
pub struct Classifier {
    lexicon: &'static Lexicon,
    custom: Vec<Prepared>,
}

impl Default for Classifier {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl Classifier {
    /// With the user's matchers, the first of which that applies wins over the lexicon.
    pub fn new(custom: Vec<CustomMatcher>) -> Self {
        Self { lexicon: Lexicon::built_in(), custom: custom.into_iter().map(Prepared::new).collect() }
    }

    /// What the field is taken for.
    pub fn classify(&self, field: FieldName<'_>) -> Classification {
        self.classify_with_values(field, &[])
    }

    /// What the field is taken for, given values that its schema enumerates or gives as examples.
    pub fn classify_with_values(&self, field: FieldName<'_>, values: &[&str]) -> Classification {
        let name = Tokens::of(last_name(field.path));
        let custom = self.custom.iter().find(|custom| custom.applies(field.path, &name, values));
        if let Some(Prepared { matcher, .. }) = custom {
            return Classification {
                classes: matcher.classes,
                by: ClassifiedBy::Custom(matcher.name.clone()),
                restricted: matcher.restricted,
                place: None,
                conflict: ClassSet::EMPTY,
            };
        }
        let known = Context::new(self.lexicon, field, &name).classify(values);
        if known.is_known() {
            return known;
        }
        let spelled = self.lexicon.spelled_out(&name);
        spelled.map_or(known, |name| loosely(Context::new(self.lexicon, field, &name).classify(values)))
    }
}

const UNKNOWN: Classification = Classification {
    classes: ClassSet::EMPTY,
    by: ClassifiedBy::Nothing,
    restricted: false,
    place: None,
    conflict: ClassSet::EMPTY,
};

/// All that counts besides the path.
type Surroundings = (Section, Option<EventType>, ValueHint);

/// Remembers answers, for the many properties of a plan that have the same name. One per thread.
#[derive(Debug)]
pub struct Cache<'a> {
    classifier: &'a Classifier,
    known: HashMap<Surroundings, HashMap<Box<str>, Classification>>,
}

impl<'a> Cache<'a> {
    /// An empty one.
    pub fn new(classifier: &'a Classifier) -> Self {
        Self { classifier, known: HashMap::new() }
    }

    /// What the field is taken for.
    pub fn classify(&mut self, field: FieldName<'_>) -> &Classification {
        let known = self.known.entry((field.section, field.call, field.hint)).or_default();
        // Looked up twice, because a look-up by entry would need an owned path each time.
        if !known.contains_key(field.path) {
            known.insert(field.path.into(), self.classifier.classify(field));
        }
        known.get(field.path).unwrap_or(&UNKNOWN)
    }
}
