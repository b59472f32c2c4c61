//! Declared entities, and how the same entity from several files becomes one.

use super::kind::{Kind, Type};
use super::value::{Located, Object, Value};
use crate::source::Span;

/// Something that files declare: a destination, a source, a consent category, …
#[derive(Clone, Debug)]
pub struct Entity {
    /// What it is.
    pub kind: &'static Kind,
    /// Its identity within the kind, and the place to underline when an attribute has none of its own.
    pub id: Located<String>,
    /// What was declared.
    pub object: Object,
    /// Known only because something refers to it.
    pub implied: bool,
}

/// Two declarations of one attribute that differ.
#[derive(Clone, Debug)]
pub struct Contradiction {
    /// `kind id`.
    pub entity: String,
    /// The attribute.
    pub attribute: String,
    /// The value that is kept.
    pub first: Located<String>,
    /// The value that contradicts it.
    pub second: Located<String>,
}

impl Entity {
    /// An entity of `kind` with nothing declared yet.
    pub fn new(kind: &'static Kind, id: Located<String>) -> Self {
        Self { kind, id, object: Object::new(kind.fields), implied: false }
    }

    /// Takes over what `other` declares. Lists are joined; of two different values the first is kept and the
    /// disagreement noted.
    pub fn absorb(&mut self, other: Entity, contradictions: &mut Vec<Contradiction>) {
        let label = format!("{} {}", self.kind.name, self.id.value);
        if self.implied && !other.implied {
            self.id = other.id;
        }
        self.implied &= other.implied;
        absorb(&mut self.object, other.object, &label, "", contradictions);
    }
}

fn absorb(kept: &mut Object, other: Object, entity: &str, prefix: &str, contradictions: &mut Vec<Contradiction>) {
    for (index, field) in other.fields().iter().enumerate() {
        let Some(theirs) = other.slot(index).cloned() else { continue };
        let Some(ours) = kept.slot_mut(index) else {
            kept.put(index, theirs);
            continue;
        };
        let path = format!("{prefix}{}", field.name);
        match (&mut ours.value, theirs.value) {
            (Value::Object(ours), Value::Object(theirs)) => {
                absorb(ours, theirs, entity, &format!("{path}."), contradictions);
            }
            (Value::List(ours), Value::List(theirs)) => {
                for item in theirs {
                    if !ours.iter().any(|known| known.value == item.value) {
                        ours.push(item);
                    }
                }
            }
            // An id only differs in spelling here: identity was decided before.
            (_, _) if field.name == "id" => {}
            (mine, other) if *mine != other => contradictions.push(Contradiction {
                entity: entity.to_owned(),
                attribute: path,
                first: Located::new(mine.display(), ours.span),
                second: Located::new(other.display(), theirs.span),
            }),
            _ => {}
        }
    }
}

/// Whether values of this type are written in a place of their own, worth underlining.
pub fn is_scalar(ty: &Type) -> bool {
    !matches!(ty, Type::List(_) | Type::Object(_))
}

/// The place of an attribute, or else of its nearest ancestor, or else of the entity.
pub fn place_of(object: &Object, path: &str, otherwise: Span) -> Span {
    let mut path = path;
    loop {
        if let Some(found) = object.get(path) {
            return found.span;
        }
        match path.rsplit_once('.') {
            Some((parent, _)) => path = parent,
            None => return otherwise,
        }
    }
}
