//! Profiles as JSON.

use super::call::Call;
use super::look::Look;
use super::profile::{
    Answers, CategoryId, Consent, EventKey, Evidence, FieldKey, MAX_SHAPES, Observed, Passed, Profile, Sighting, Type,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version that is written and read.
pub const VERSION: u64 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    consentlint_profile: u64,
    sampled: bool,
    lines: BTreeMap<String, u64>,
    values: u64,
    more: More,
    consent: Vec<WrittenAnswers>,
    passed: Vec<WrittenPassed>,
    events: Vec<WrittenEvent>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct More {
    events: bool,
    fields: bool,
    consent: bool,
    passed: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenAnswers {
    category: String,
    granted: u64,
    refused: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPassed {
    destination: String,
    category: String,
    evidence: String,
    messages: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenEvent {
    r#type: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    consent: Option<WrittenConsent>,
    fields: Vec<WrittenField>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenConsent {
    present: u64,
    empty: u64,
    absent: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenField {
    path: String,
    types: BTreeMap<String, u64>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    looks: BTreeMap<String, WrittenSighting>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSighting {
    count: u64,
    shapes: Vec<String>,
}

impl Profile {
    /// As JSON on one line; equal profiles give equal texts.
    ///
    /// # Errors
    /// None that a profile can cause.
    pub fn to_line(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(&self.written())
    }

    /// As JSON on many lines.
    ///
    /// # Errors
    /// None that a profile can cause.
    pub fn to_page(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(&self.written()).map(|page| page + "\n")
    }

    /// Reads the profiles of a text: one, or one after another.
    ///
    /// # Errors
    /// Why the text holds something else.
    pub fn read_all(text: &str) -> Result<Vec<Self>, String> {
        let mut profiles = Vec::new();
        for written in serde_json::Deserializer::from_str(text).into_iter::<Written>() {
            profiles.push(read(written.map_err(|error| {
                // Its own words would quote what stands there.
                format!("is no profile: line {}, column {}", error.line(), error.column())
            })?)?);
        }
        Ok(profiles)
    }

    fn written(&self) -> Written {
        let mut events: BTreeMap<&EventKey, WrittenEvent> = BTreeMap::new();
        let fresh = |key: &EventKey| {
            let (r#type, name) = (key.call.name().to_owned(), key.name.clone());
            WrittenEvent { r#type, name, consent: None, fields: Vec::new() }
        };
        for (key, consent) in self.events.iter() {
            let Consent { present, empty, absent } = *consent;
            events.entry(key).or_insert_with(|| fresh(key)).consent = Some(WrittenConsent { present, empty, absent });
        }
        for (key, observed) in self.fields.iter() {
            events.entry(&key.event).or_insert_with(|| fresh(&key.event)).fields.push(field(&key.path, observed));
        }
        let mut events: Vec<WrittenEvent> = events.into_values().collect();
        events.iter_mut().for_each(|event| event.fields.sort_by(|one, other| one.path.cmp(&other.path)));
        let answers = |(key, answers): (&CategoryId, &Answers)| {
            let Answers { granted, refused } = *answers;
            WrittenAnswers { category: key.0.clone(), granted, refused }
        };
        let mut consent: Vec<WrittenAnswers> = self.categories.iter().map(answers).collect();
        consent.sort_by(|one, other| one.category.cmp(&other.category));
        let mut passed: Vec<(&Passed, &u64)> = self.passed.iter().collect();
        passed.sort();
        let pass = |(key, messages): (&Passed, &u64)| WrittenPassed {
            destination: key.destination.clone(),
            category: key.category.clone(),
            evidence: key.evidence.name().to_owned(),
            messages: *messages,
        };
        Written {
            consentlint_profile: VERSION,
            sampled: self.sampled,
            lines: self.lines.named().into_iter().map(|(name, count)| (name.to_owned(), count)).collect(),
            values: self.values,
            more: More {
                events: self.events.more,
                fields: self.fields.more,
                consent: self.categories.more,
                passed: self.passed.more,
            },
            consent,
            passed: passed.into_iter().map(pass).collect(),
            events,
        }
    }
}

fn field(path: &str, observed: &Observed) -> WrittenField {
    let types = Type::ALL.into_iter().map(|(of, name)| (name.to_owned(), observed.of_type(of)));
    let looks = observed.looks.iter().map(|(look, sighting)| {
        let Sighting { count, shapes } = sighting.clone();
        (look.name().to_owned(), WrittenSighting { count, shapes })
    });
    WrittenField {
        path: path.to_owned(),
        types: types.filter(|(_, count)| *count > 0).collect(),
        looks: looks.collect(),
    }
}

fn read(written: Written) -> Result<Profile, String> {
    if written.consentlint_profile != VERSION {
        let version = written.consentlint_profile;
        return Err(format!("is a profile of version {version}, and this program reads {VERSION}"));
    }
    let mut profile = Profile { sampled: written.sampled, values: written.values, ..Profile::default() };
    let names = profile.lines.named().map(|(name, _)| name);
    for (slot, name) in profile.lines.slots().into_iter().zip(names) {
        *slot = written.lines.get(name).copied().unwrap_or(0);
    }
    for event in written.events {
        let call = Call::parse(&event.r#type).ok_or_else(|| unknown("type of event"))?;
        let key = EventKey { call, name: event.name };
        if let Some(WrittenConsent { present, empty, absent }) = event.consent {
            profile.events.count(key.clone(), Consent { present, empty, absent });
        }
        for field in event.fields {
            let (path, observed) = (field.path.clone(), read_field(field)?);
            profile.fields.count(FieldKey { event: key.clone(), path }, observed);
        }
    }
    for WrittenAnswers { category, granted, refused } in written.consent {
        profile.categories.count(CategoryId(category), Answers { granted, refused });
    }
    for WrittenPassed { destination, category, evidence, messages } in written.passed {
        let evidence = Evidence::parse(&evidence).ok_or_else(|| unknown("evidence"))?;
        profile.passed.count(Passed { destination, category, evidence }, messages);
    }
    profile.events.more |= written.more.events;
    profile.fields.more |= written.more.fields;
    profile.categories.more |= written.more.consent;
    profile.passed.more |= written.more.passed;
    Ok(profile)
}

fn read_field(field: WrittenField) -> Result<Observed, String> {
    let mut observed = Observed::default();
    for (name, count) in field.types {
        let of = Type::ALL.into_iter().find(|(_, known)| *known == name).ok_or_else(|| unknown("type"))?;
        observed.types[of.0 as usize] = count;
    }
    for (name, written) in field.looks {
        let look = Look::parse(&name).ok_or_else(|| unknown("look"))?;
        let mut sighting = Sighting { count: written.count, shapes: Vec::new() };
        written.shapes.iter().take(MAX_SHAPES).for_each(|shape| sighting.shape(shape));
        observed.looks.insert(look, sighting);
    }
    Ok(observed)
}

/// The name is not told: what is no profile may hold anything.
fn unknown(what: &str) -> String {
    format!("is no profile: it has a {what} that is not known")
}
