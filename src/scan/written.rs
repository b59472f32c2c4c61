//! Profiles as JSON.

use super::call::Call;
use super::look::{self, Look};
use super::name;
use super::profile::{
    Answers, CategoryId, Consent, EventKey, Evidence, FieldKey, MAX_SHAPES, Observed, Passed, Profile, Sighting,
    Stamped, Type,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::Read;

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
    /// Of these, those of libraries in browsers and apps.
    client: WrittenClient,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenClient {
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

    /// Reads the profiles of a stream, one or one after another; gives each to `taken`.
    ///
    /// # Errors
    /// Why the stream holds something else.
    pub fn read_all(stream: impl Read, mut taken: impl FnMut(Self)) -> Result<(), String> {
        for written in serde_json::Deserializer::from_reader(stream).into_iter::<Written>() {
            taken(read(written.map_err(|error| {
                // Its own words would quote what stands there.
                let what = if error.is_io() { "cannot be read to its end" } else { "is no profile" };
                format!("{what}: line {}, column {}", error.line(), error.column())
            })?)?);
        }
        Ok(())
    }

    fn written(&self) -> Written {
        let mut events: BTreeMap<&EventKey, WrittenEvent> = BTreeMap::new();
        let fresh = |key: &EventKey| {
            let (r#type, name) = (key.call.name().to_owned(), key.name.clone());
            WrittenEvent { r#type, name, consent: None, fields: Vec::new() }
        };
        for (key, consent) in self.events.iter() {
            events.entry(key).or_insert_with(|| fresh(key)).consent = Some(write_consent(*consent));
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

fn write_consent(consent: Consent) -> WrittenConsent {
    let Stamped { present, empty, absent } = consent.client;
    let client = WrittenClient { present, empty, absent };
    let Stamped { present, empty, absent } = consent.all();
    WrittenConsent { present, empty, absent, client }
}

fn read_consent(written: &WrittenConsent) -> Consent {
    let WrittenClient { present, empty, absent } = written.client;
    let client = Stamped { present, empty, absent };
    let other = Stamped {
        present: written.present.saturating_sub(present),
        empty: written.empty.saturating_sub(empty),
        absent: written.absent.saturating_sub(absent),
    };
    Consent { client, other }
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
        let key = EventKey { call, name: held(event.name, name::event)? };
        if let Some(consent) = event.consent {
            profile.events.count(key.clone(), read_consent(&consent));
        }
        for field in event.fields {
            if !name::is_path(&field.path) {
                return Err(unknown("path"));
            }
            let (path, observed) = (field.path.clone(), read_field(field)?);
            profile.fields.count(FieldKey { event: key.clone(), path }, observed);
        }
    }
    for WrittenAnswers { category, granted, refused } in written.consent {
        let category = held(category, |raw| name::key(raw).to_owned())?;
        profile.categories.count(CategoryId(category), Answers { granted, refused });
    }
    for WrittenPassed { destination, category, evidence, messages } in written.passed {
        let evidence = Evidence::parse(&evidence).ok_or_else(|| unknown("evidence"))?;
        let [destination, category] = [destination, category].map(|name| held(name, |raw| name::key(raw).to_owned()));
        let (destination, category) = (destination?, category?);
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
        if !written.shapes.iter().all(|shape| look::is_shape(shape)) {
            return Err(unknown("shape"));
        }
        let mut sighting = Sighting { count: written.count, shapes: Vec::new() };
        written.shapes.iter().take(MAX_SHAPES).for_each(|shape| sighting.shape(shape));
        observed.looks.insert(look, sighting);
    }
    Ok(observed)
}

/// A name, if a profile may hold it: what it would be changed to is data.
fn held(name: String, clean: impl Fn(&str) -> String) -> Result<String, String> {
    if clean(&name) == name { Ok(name) } else { Err(unknown("name")) }
}

/// The name is not told: what is no profile may hold anything.
fn unknown(what: &str) -> String {
    format!("is no profile: it has a {what} that is not known")
}
