//! Declared entities, and how the same entity from several files becomes one.

use super::kind::{Kind, Type};
use super::value::{Located, Object, Value};
use crate::source::Span;

/// What kind of file speaks of an entity. The order is who is asked first when they disagree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// An inventory of personal information that people keep: our data map, Fides, Transcend.
    Inventory,
    /// The set-up of the platform that moves the data: exports, Terraform, a tag manager's container.
    Platform,
    /// The set-up of a consent manager or wrapper.
    Manager,
    /// A tracking plan or samples of events.
    Plan,
}

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
    /// Which files speak of it: kind of file, the name they use, and where.
    pub origins: Vec<(Origin, Located<String>)>,
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
        Self { kind, id, object: Object::new(kind.fields), implied: false, origins: Vec::new() }
    }

    /// The same, known only because something refers to it.
    pub fn implied(kind: &'static Kind, id: Located<String>) -> Self {
        Self { implied: true, ..Self::new(kind, id) }
    }

    /// The kind of file that is asked first about it.
    pub fn origin(&self) -> Option<Origin> {
        self.origins.iter().map(|(origin, _)| *origin).min()
    }

    /// Whether a file of this kind speaks of it.
    pub fn is_from(&self, origin: Origin) -> bool {
        self.origins.iter().any(|(known, _)| *known == origin)
    }

    /// Takes over what `other` declares. Lists are joined; of two different values the first is kept and the
    /// disagreement noted, unless neither comes from an `inventory` file: a platform may run a tool several times,
    /// with settings that differ, and then what lets more data through counts.
    pub fn absorb(&mut self, other: Entity, inventory: &dyn Fn(Span) -> bool, contradictions: &mut Vec<Contradiction>) {
        let named = self.id.value != self.kind.name;
        let entity = if named { format!("{} {}", self.kind.name, self.id.value) } else { self.id.value.clone() };
        if self.implied && !other.implied {
            self.id = other.id;
        }
        self.implied &= other.implied;
        self.origins.extend(other.origins);
        Joining { entity, inventory, contradictions }.join(&mut self.object, other.object, "");
    }
}

/// Words about an entity that may differ between an inventory and a vendor's file without contradicting each other.
const PROSE: [&str; 4] = ["name", "purpose", "vendor", "catalog"];

struct Joining<'j> {
    entity: String,
    inventory: &'j dyn Fn(Span) -> bool,
    contradictions: &'j mut Vec<Contradiction>,
}

impl Joining<'_> {
    fn join(&mut self, kept: &mut Object, other: Object, prefix: &str) {
        for (index, field) in other.fields().iter().enumerate() {
            let Some(theirs) = other.slot(index).cloned() else { continue };
            let Some(ours) = kept.slot_mut(index) else {
                kept.put(index, theirs);
                continue;
            };
            match (&mut ours.value, theirs.value) {
                (Value::Object(ours), Value::Object(theirs)) => {
                    self.join(ours, theirs, &format!("{prefix}{}.", field.name));
                }
                (Value::List(ours), Value::List(theirs)) => {
                    let new = theirs.into_iter().filter(|item| !ours.iter().any(|known| known.value == item.value));
                    let new: Vec<Located<Value>> = new.collect();
                    ours.extend(new);
                }
                // An id only differs in spelling here: identity was decided before.
                (mine, other) if *mine == other || field.name == "id" => {}
                (_, other) => {
                    let theirs = Located { value: other, span: theirs.span, alias: theirs.alias };
                    self.settle(ours, theirs, format!("{prefix}{}", field.name));
                }
            }
        }
    }

    fn settle(&mut self, ours: &mut Located<Value>, theirs: Located<Value>, attribute: String) {
        let declared = [ours.span, theirs.span].map(self.inventory);
        if PROSE.contains(&attribute.as_str()) && declared != [true, true] {
            return;
        }
        if declared.contains(&true) {
            self.contradictions.push(Contradiction {
                entity: self.entity.clone(),
                attribute,
                first: Located::new(ours.value.display(), ours.span),
                second: Located::new(theirs.value.display(), theirs.span),
            });
            return;
        }
        let wider = match attribute.as_str() {
            "enabled" => theirs.value == Value::Bool(true),
            "mode" => theirs.value == Value::Text("device".to_owned()),
            _ => false,
        };
        if wider {
            *ours = theirs;
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
