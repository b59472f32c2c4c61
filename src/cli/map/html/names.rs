//! Places and texts as the page holds them: short, because there are many, and unable to steer anything.

use super::super::view::View;
use crate::model::ClassSet;
use crate::output::{Where, printable};
use crate::source::Span;
use serde::{Serialize, Serializer};
use std::cell::RefCell;
use std::collections::HashMap;

/// Text from files.
pub(super) struct Text(String);

impl Text {
    pub(super) fn of(text: &str) -> Self {
        Self(printable(text))
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// A file, by its position in the list of files, and a line.
#[derive(Clone, Copy, Serialize)]
pub(super) struct At(usize, u32);

/// The files that places are in.
#[derive(Default)]
pub(super) struct Files {
    known: RefCell<HashMap<String, usize>>,
}

impl Files {
    /// The place of a span; none where it is in no file.
    pub(super) fn at(&self, view: &View<'_>, span: Span) -> Option<At> {
        let place = Where::span(view.sources, span);
        let (file, start) = (place.file?, place.start?);
        let mut known = self.known.borrow_mut();
        let next = known.len();
        Some(At(*known.entry(file.to_owned()).or_insert(next), start.line))
    }

    /// All files, in order.
    pub(super) fn names(&self) -> Vec<Text> {
        let known = self.known.borrow();
        let mut all: Vec<(&str, usize)> = known.iter().map(|(name, at)| (name.as_str(), *at)).collect();
        all.sort_by_key(|(_, at)| *at);
        all.into_iter().map(|(name, _)| Text::of(name)).collect()
    }
}

/// Codes of classes, in the order of the statute; letters that sensitive classes imply included.
pub(super) fn codes(classes: ClassSet) -> String {
    classes.letters().union(classes).codes().collect::<Vec<_>>().join(" ")
}
