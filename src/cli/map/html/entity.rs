//! What is known of a destination or a source, by theme: what files declare and what follows, each with its lines.

use super::super::view::View;
use super::names::{At, Files, Text};
use crate::flow::Facts;
use crate::model::kind::{DESTINATION, Field, SOURCE, Type};
use crate::model::{Entity, Object, Value};
use serde::Serialize;
use std::collections::BTreeMap;

/// A theme: its title, the attributes that files declare (all below a name that ends in a dot), and those that follow.
struct Theme {
    title: &'static str,
    declared: &'static [&'static str],
    derived: &'static [&'static str],
    /// Whether it is told of a destination that nothing is declared.
    expected: bool,
}

/// The themes of a destination, in the order in which counsel asks.
const DESTINATION_THEMES: [Theme; 8] = [
    Theme {
        title: "Role",
        declared: &["role", "vendor", "purposes", "sells", "shares", "consumer_directed", "exempt", "deidentified"],
        derived: &["active", "discloses", "basis", "sold", "ccba", "presumed_third_party"],
        expected: true,
    },
    Theme { title: "Contract", declared: &["contract."], derived: &["missing_terms"], expected: true },
    Theme {
        title: "Consent and opt-out",
        declared: &["optout.", "consent_needs", "exempt_reason"],
        derived: &["kept_off", "categories", "gated", "ungated_because", "bypasses", "script_loads", "limit_gated"],
        expected: true,
    },
    Theme {
        title: "Deletion",
        declared: &["deletion.", "backup", "legal_hold"],
        derived: &["forwardable", "forwarding_needs", "deletion_key_gap"],
        expected: true,
    },
    Theme { title: "Access and correction", declared: &["access.", "correction."], derived: &[], expected: true },
    Theme {
        title: "Retention",
        declared: &["retention_days", "ttl_days.", "transient"],
        derived: &["retention_gap"],
        expected: true,
    },
    Theme {
        title: "Risk assessment",
        declared: &["assessment.", "started_on"],
        derived: &["assessment_reasons"],
        expected: false,
    },
    Theme {
        title: "Filters",
        declared: &["filters.", "destination_filters"],
        derived: &["page_parts"],
        expected: false,
    },
];

const SOURCE_THEMES: [Theme; 1] = [Theme { title: "Consent", declared: &["consent."], derived: &[], expected: false }];

/// What is left, other than the name by which it is known anyway.
const REST: &str = "Also declared";
const NAMES: [&str; 2] = ["id", "name"];

#[derive(Serialize)]
pub(super) struct Detail {
    title: &'static str,
    facts: Vec<Fact>,
}

#[derive(Serialize)]
struct Fact {
    name: String,
    value: Text,
    /// Whether it follows, and no file says it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    derived: bool,
    at: Option<At>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    because: Vec<Reason>,
}

#[derive(Serialize)]
struct Reason {
    text: Text,
    at: Option<At>,
}

/// Makes the sections of entities.
pub(super) struct Sections<'v, 'a> {
    pub(super) view: &'v View<'a>,
    pub(super) files: &'v Files,
}

impl Sections<'_, '_> {
    /// All sections of an entity that say something.
    pub(super) fn all(&self, entity: &Entity, facts: &Facts) -> Vec<Detail> {
        let themes: &[Theme] =
            if std::ptr::eq(entity.kind, &raw const DESTINATION) { &DESTINATION_THEMES } else { &SOURCE_THEMES };
        let mut declared = Vec::new();
        self.declared(&entity.object, "", &mut declared);
        declared.retain(|fact| !NAMES.contains(&fact.name.as_str()));
        let mut found = Vec::new();
        for theme in themes {
            let (mut here, rest): (Vec<Fact>, Vec<Fact>) =
                declared.into_iter().partition(|fact| theme.declared.iter().any(|name| covers(name, &fact.name)));
            declared = rest;
            here.extend(theme.derived.iter().filter_map(|name| self.derived(facts, name)));
            if theme.expected || !here.is_empty() {
                found.push(Detail { title: theme.title, facts: here });
            }
        }
        if !declared.is_empty() {
            found.push(Detail { title: REST, facts: declared });
        }
        found
    }

    fn declared(&self, object: &Object, prefix: &str, found: &mut Vec<Fact>) {
        for (field, value) in object.entries() {
            let name = format!("{prefix}{}", field.name);
            match &value.value {
                Value::Object(inner) => self.declared(inner, &format!("{name}."), found),
                other => found.push(Fact {
                    name,
                    value: shown(other),
                    derived: false,
                    at: self.files.at(self.view, value.span),
                    because: Vec::new(),
                }),
            }
        }
    }

    /// What follows; nothing for what is empty. The reasons of `discloses` say why it is so, and none why it is not.
    fn derived(&self, facts: &Facts, name: &str) -> Option<Fact> {
        let value = &facts.object.get(name)?.value;
        let told = name != "discloses" || *value != Value::Bool(false);
        let says = match value {
            Value::Bool(yes) => *yes != (name == "active") || matches!(name, "discloses" | "gated"),
            Value::List(items) => !items.is_empty(),
            Value::Text(text) => !text.is_empty(),
            _ => true,
        };
        let because = facts
            .reasons(name)
            .filter(|_| told)
            .map(|label| Reason { text: Text::of(&label.text), at: self.files.at(self.view, label.span) });
        says.then(|| Fact {
            name: name.to_owned(),
            value: shown(value),
            derived: true,
            at: None,
            because: because.collect(),
        })
    }
}

fn covers(name: &str, attribute: &str) -> bool {
    if name.ends_with('.') { attribute.starts_with(name) } else { attribute == name }
}

fn shown(value: &Value) -> Text {
    match value {
        Value::Bool(true) => Text::of("yes"),
        Value::Bool(false) => Text::of("no"),
        other => Text::of(&other.display()),
    }
}

/// What each attribute of destinations and sources means.
pub(super) fn words() -> BTreeMap<String, &'static str> {
    let mut found = BTreeMap::new();
    for kind in [&SOURCE, &DESTINATION] {
        describe(kind.fields, "", &mut found);
    }
    found
}

fn describe(fields: &'static [Field], prefix: &str, found: &mut BTreeMap<String, &'static str>) {
    for field in fields {
        let name = format!("{prefix}{}", field.name);
        if let Type::Object(inner) = field.ty {
            describe(inner, &format!("{name}."), found);
        }
        found.insert(name, field.doc);
    }
}

#[cfg(test)]
mod tests {
    use super::{DESTINATION, DESTINATION_THEMES, SOURCE, SOURCE_THEMES, Theme, words};
    use crate::model::kind::Kind;

    #[test]
    fn every_theme_names_attributes_that_are_there() {
        let check = |kind: &Kind, themes: &[Theme]| {
            for theme in themes {
                for name in theme.declared {
                    let (name, below) = (name.trim_end_matches('.'), name.ends_with('.'));
                    let field = kind.fields.iter().find(|field| field.name == name);
                    let field = field.unwrap_or_else(|| panic!("{} has no {name}", kind.name));
                    assert!(!field.derived && below == matches!(field.ty, super::Type::Object(_)), "{name}");
                }
                for name in theme.derived {
                    assert!(kind.fields.iter().any(|field| field.name == *name && field.derived), "{name}");
                }
            }
        };
        check(&DESTINATION, &DESTINATION_THEMES);
        check(&SOURCE, &SOURCE_THEMES);
        assert!(words()["deletion.via"].contains("deletion"));
    }
}
