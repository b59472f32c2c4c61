//! A profile for people.

use super::Scanned;
use crate::output::{counted, printable};
use crate::scan::{Call, EventKey, Evidence, Look, Observed, Profile};
use std::io::{self, Write};

/// Most fields, and most events, that are named.
const NAMED: usize = 40;

pub(super) fn write(scanned: &Scanned, out: &mut dyn Write) -> io::Result<()> {
    let profile = &scanned.profile;
    write_looks(profile, out)?;
    write_consent(profile, out)?;
    write_passed(profile, out)?;
    write_faults(scanned, out)?;
    write_more(profile, out)?;
    let lines = profile.lines;
    let sample = if profile.sampled { " (a sample)" } else { "" };
    write!(out, "read {}{sample} of ", number(lines.messages, "message", "messages"))?;
    write!(out, "{} with ", counted(profile.events.len(), "event", "events"))?;
    writeln!(out, "{}; no value is kept", counted(profile.fields.len(), "field", "fields"))
}

/// Lines that were passed over, and why.
pub(super) fn write_faults(scanned: &Scanned, out: &mut dyn Write) -> io::Result<()> {
    let lines = scanned.profile.lines;
    let passed = [
        (lines.malformed, "no JSON object"),
        (lines.not_utf8, "not UTF-8"),
        (lines.too_long, "longer than 1 MiB"),
        (lines.other, "no call of the Segment spec"),
    ];
    let said: Vec<String> =
        passed.iter().filter(|(count, _)| *count > 0).map(|(count, why)| format!("{count} {why}")).collect();
    if said.is_empty() {
        return Ok(());
    }
    writeln!(out, "lines passed over: {}", said.join(", "))?;
    for (path, line, fault) in &scanned.faults {
        writeln!(out, "  {}:{line} {}", printable(path), fault.words())?;
    }
    writeln!(out)
}

fn number(count: u64, one: &str, many: &str) -> String {
    counted(usize::try_from(count).unwrap_or(usize::MAX), one, many)
}

/// What an event is called.
pub(super) fn event(key: &EventKey) -> String {
    match key.call {
        Call::Track => format!("`{}`", printable(&key.name)),
        other => other.name().to_owned(),
    }
}

fn write_looks(profile: &Profile, out: &mut dyn Write) -> io::Result<()> {
    let mut fields: Vec<(&EventKey, &str, &Observed)> = profile
        .fields
        .iter()
        .filter(|(_, observed)| !observed.looks.is_empty())
        .map(|(key, observed)| (&key.event, key.path.as_str(), observed))
        .collect();
    fields.sort_by_key(|(event, path, _)| (*event, *path));
    if fields.is_empty() {
        return Ok(());
    }
    writeln!(out, "what values look like:")?;
    for (key, path, observed) in fields.iter().take(NAMED) {
        writeln!(out, "  {} of {}", printable(path), event(key))?;
        for (look, sighting) in &observed.looks {
            let shapes = sighting.shapes.join("  ");
            let values = number(observed.values(), "value", "values");
            let doubt = if *look == Look::CardDigits { ", by chance at times" } else { "" };
            writeln!(out, "    {}: {} of {values}{doubt}    {shapes}", look.words(), sighting.count)?;
        }
    }
    write_rest(fields.len(), "fields", out)
}

fn write_rest(count: usize, what: &str, out: &mut dyn Write) -> io::Result<()> {
    if count > NAMED {
        writeln!(out, "  and {} more {what}, in the profile (--out FILE)", count - NAMED)?;
    }
    writeln!(out)
}

fn write_consent(profile: &Profile, out: &mut dyn Write) -> io::Result<()> {
    let lacks = |(key, consent): (&'_ EventKey, _)| (key.clone(), consent);
    let mut lacking: Vec<_> = profile
        .events
        .iter()
        .map(|(key, consent)| lacks((key, consent.all())))
        .filter(|(_, consent)| consent.absent + consent.empty > 0)
        .collect();
    lacking.sort_by(|(one, _), (other, _)| one.cmp(other));
    if !lacking.is_empty() {
        writeln!(out, "messages without a choice in `context.consent.categoryPreferences`:")?;
        for (key, consent) in lacking.iter().take(NAMED) {
            let empty = match consent.empty {
                0 => String::new(),
                count => format!(", {count} with an empty one"),
            };
            let all = number(consent.messages(), "message", "messages");
            writeln!(out, "  {}: {} of {all} without the object{empty}", event(key), consent.absent)?;
        }
        write_rest(lacking.len(), "events", out)?;
    }
    let mut answers: Vec<_> = profile.categories.iter().collect();
    answers.sort_by_key(|(category, _)| *category);
    for (category, answers) in &answers {
        let name = printable(&category.0);
        writeln!(out, "consent category `{name}`: granted {} times, refused {}", answers.granted, answers.refused)?;
    }
    if answers.is_empty() { Ok(()) } else { writeln!(out) }
}

fn write_passed(profile: &Profile, out: &mut dyn Write) -> io::Result<()> {
    let mut passed: Vec<_> = profile.passed.iter().collect();
    passed.sort();
    for (key, count) in &passed {
        let (destination, category) = (printable(&key.destination), printable(&key.category));
        let messages = number(**count, "message", "messages");
        let told = match key.evidence {
            Evidence::Export => "received",
            Evidence::Loaded => "was loaded by the page and not turned off for",
        };
        writeln!(out, "{destination} {told} {messages} that refuse `{category}`")?;
    }
    if passed.is_empty() { Ok(()) } else { writeln!(out) }
}

fn write_more(profile: &Profile, out: &mut dyn Write) -> io::Result<()> {
    let kept = [
        (profile.events.more, profile.events.len(), "events"),
        (profile.fields.more, profile.fields.len(), "fields"),
        (profile.categories.more, profile.categories.len(), "consent categories"),
        (profile.passed.more, profile.passed.len(), "pairs of destination and refused category"),
    ];
    for (_, count, what) in kept.iter().filter(|(more, ..)| *more) {
        writeln!(out, "there are more than {count} {what}; the rest is left out, by a rule that no order changes")?;
    }
    Ok(())
}
