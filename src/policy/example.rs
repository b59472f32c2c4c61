//! Examples inside rule files: the tests of a rule.

use crate::finding::Severity;
use crate::model::Profile;
use std::collections::BTreeMap;

/// An example inside a rule file: its test.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What it shows.
    pub title: String,
    /// The input.
    pub given: Given,
    /// What the rule must say; empty for a clean example.
    pub flags: Vec<Flag>,
    /// The day to judge by, when it matters.
    pub as_of: Option<String>,
    /// Whose law to judge by, when it matters.
    pub profile: Option<Profile>,
}

/// The input of an example.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(untagged)]
pub enum Given {
    /// One file.
    One(String),
    /// Files by name.
    Several(BTreeMap<String, String>),
}

impl Given {
    /// The files by name.
    pub fn files(&self) -> Vec<(&str, &str)> {
        match self {
            Self::One(text) => vec![("given.yaml", text)],
            Self::Several(files) => files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect(),
        }
    }
}

/// A finding that an example expects.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flag {
    /// The line of its primary place.
    pub line: u32,
    /// The file, when the example has several.
    pub file: Option<String>,
    /// A part of its message.
    pub message: Option<String>,
    /// Its severity, when it matters.
    pub severity: Option<Severity>,
    /// Whether it is a question rather than an accusation.
    #[serde(default)]
    pub asks: bool,
}
