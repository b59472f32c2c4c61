//! What reports share: per class what carries it and who gets it.

use super::document::{Cell, Line, Word, bad, code, open, soft, text};
use super::seen::{Seen, standing as finding_line};
use crate::cli::route::view::{Verdict, claims, refutation, verdicts};
use crate::finding::Finding;
use crate::flow::route::Proof;
use crate::flow::{Standing, gets_through, in_every_call, standing};
use crate::model::taxonomy::CLASSES;
use crate::model::{ClassSet, Classification, ClassifiedBy, Entity, Event, Property};
use crate::output::counted;
use crate::source::Span;
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// How many fields are named as evidence, and names in a cell; the rest is counted.
pub(super) const SHOWN: usize = 3;
pub(super) const NAMED: usize = 12;

/// A field that carries personal information.
#[derive(Clone, Copy)]
pub(super) struct Field<'a> {
    at: usize,
    pub(super) event: &'a Event,
    pub(super) property: &'a Property,
    pub(super) taken: &'a Classification,
}

impl Field<'_> {
    /// Whether its classes rest on a similar name only.
    pub(super) fn is_similar(&self) -> bool {
        matches!(self.taken.by, ClassifiedBy::Lexicon { score, .. } if score < 1.0)
    }

    /// A text that is declared of it.
    pub(super) fn declared(&self, name: &str) -> Option<&str> {
        self.property.declared.as_ref()?.text(name)
    }
}

/// Who receives personal information, and as whom.
pub(super) struct Recipient<'a> {
    pub(super) index: usize,
    pub(super) entity: &'a Entity,
    pub(super) name: &'a str,
    pub(super) standing: Standing,
    /// What gets there, with the letters that sensitive classes imply.
    pub(super) classes: ClassSet,
    /// What it is used for, with the place that says so.
    pub(super) purposes: Vec<(String, Span)>,
    /// Purposes of the consent categories that list it.
    pub(super) categories: Vec<Stated<'a>>,
    /// What `check` says of its purposes.
    pub(super) doubt: Option<Line>,
}

/// The purpose that a consent category states.
pub(super) struct Stated<'a> {
    pub(super) category: &'a str,
    purpose: &'a str,
    pub(super) place: Span,
    /// What `check` says of it.
    doubt: Option<Line>,
}

impl Stated<'_> {
    /// The purpose, and which category states it.
    pub(super) fn line(&self) -> Line {
        let mut line = vec![text(self.purpose), soft("(consent category"), code(self.category), text(")")];
        line.extend(self.doubt.iter().flatten().cloned());
        line
    }
}

/// What flows, by class.
pub(super) struct Facts<'a> {
    pub(super) seen: &'a Seen<'a>,
    pub(super) recipients: Vec<Recipient<'a>>,
    fields: BTreeMap<&'static str, Vec<Field<'a>>>,
    proofs: OnceCell<Vec<Verdict<'a>>>,
    /// Everything that is collected, letters of sensitive classes included.
    pub(super) collected: ClassSet,
}

impl<'a> Facts<'a> {
    pub(super) fn of(seen: &'a Seen<'a>) -> Self {
        let fields = fields(seen);
        let recipients: Vec<Recipient<'a>> = recipients(seen).collect();
        let carried = fields.keys().filter_map(|code| ClassSet::parse(code));
        let sent = seen.flow.reach.sources.iter().map(|carried| carried.classes);
        let received = recipients.iter().map(|recipient| recipient.classes);
        let all: ClassSet = carried.chain(sent).chain(received).collect();
        Self { seen, recipients, fields, proofs: OnceCell::new(), collected: all.union(all.letters()) }
    }

    /// What became of each claim about a recipient.
    pub(super) fn proofs(&self, index: usize) -> impl Iterator<Item = &Verdict<'a>> {
        let prove = || verdicts(self.seen.map, self.seen.flow, &claims(&[], self.seen.map.profile), false);
        self.proofs.get_or_init(prove).iter().filter(move |verdict| verdict.index == index)
    }

    /// What became of a claim, with the line that lets data through, or what is missing to tell.
    pub(super) fn outcome(&self, verdict: &Verdict<'_>) -> Line {
        match &verdict.proof {
            Proof::Proved => vec![text("proved of the configuration")],
            Proof::Refuted(found) => {
                let told = self.ticked(verdict.index, refutation(self.seen.map, verdict, found));
                vec![bad("refuted:"), text(told), self.seen.at(found.place)]
            }
            Proof::Undecidable { missing, place } => {
                let missing = self.ticked(verdict.index, missing.clone());
                vec![open("undecidable:"), text(missing), self.seen.at(*place)]
            }
        }
    }

    /// A sentence about a destination in which no name breaks the backticks that names stand between.
    fn ticked(&self, index: usize, sentence: String) -> String {
        let (model, reach) = (self.seen.map.model, &self.seen.flow.reach);
        let carried = reach.destinations[index].witnesses.values();
        let paths = carried.map(|one| model.events[one.event].properties[one.property].path.value.as_ref());
        let entities = model.destinations.iter().chain(&model.sources).chain(&model.categories);
        let names = entities.flat_map(|one| [one.id.value.as_str(), self.seen.name(one)]).chain(paths);
        names.filter(|name| name.contains('`')).fold(sentence, |told, name| told.replace(name, &name.replace('`', "ˋ")))
    }

    /// The fields that carry a class, those that are sure first.
    pub(super) fn fields(&self, code: &str) -> &[Field<'a>] {
        self.fields.get(code).map_or(&[], Vec::as_slice)
    }

    /// Whether a field gets to a recipient, every filter on the way applied.
    pub(super) fn arrives(&self, field: &Field<'_>, to: usize) -> bool {
        self.seen.flow.receivers[field.at].contains(&to) && gets_through(self.seen.map, to, field.event, field.property)
    }

    /// Codes of what is collected. The sensitive classes stand for letter L, unless a field is declared as that alone.
    pub(super) fn codes(&self) -> impl Iterator<Item = &'static str> + use<> {
        let alone = self.fields.contains_key("L");
        self.collected.codes().filter(move |code| alone || *code != "L")
    }

    /// The sources that collect a class.
    pub(super) fn sources(&self, code: &str) -> impl Iterator<Item = &'a Entity> {
        let class = ClassSet::parse(code).unwrap_or_default();
        let (model, reach) = (self.seen.map.model, &self.seen.flow.reach);
        let collects = move |at: &usize| {
            let classes = reach.sources[*at].classes;
            classes.union(classes.letters()).contains(class)
        };
        (0..model.sources.len()).filter(collects).map(move |at| &model.sources[at])
    }

    /// The sources that send a class with every call, though no field lists it.
    pub(super) fn implied(&self, code: &str) -> impl Iterator<Item = &'a Entity> {
        let class = ClassSet::parse(code).unwrap_or_default();
        self.sources(code).filter(move |source| in_every_call(source).contains(class))
    }

    /// Fields that neither a declaration nor a matcher nor the lexicon knows, as `ccpa/field-unclassified` counts them.
    pub(super) fn unclassified(&self) -> Vec<(&'a Event, &'a Property)> {
        let (seen, mut found) = (self.seen, Vec::new());
        for (at, event) in seen.map.model.events.iter().enumerate().filter(|(at, _)| !is_exempt(seen, *at)) {
            let set = |property: &Property, name: &str| {
                property.declared.as_ref().is_some_and(|declared| declared.boolean(name) == Some(true))
            };
            let open = event.properties.iter().zip(&seen.map.classes[at]).filter(|(property, taken)| {
                let apart = set(property, "deidentified") || set(property, "publicly_available");
                !taken.is_known() && !property.hint.container && !apart
            });
            found.extend(open.map(|(property, _)| (event.as_ref(), property)));
        }
        found
    }

    /// Who receives a class, in a standing.
    pub(super) fn receiving(&self, code: &str, standing: Standing) -> Vec<&Recipient<'a>> {
        let class = ClassSet::parse(code).unwrap_or_default();
        let gets = |one: &&Recipient<'a>| one.standing == standing && one.classes.contains(class);
        self.recipients.iter().filter(gets).collect()
    }
}

/// Whether a law exempts all that send an event (Cal. Civ. Code § 1798.145).
fn is_exempt(seen: &Seen<'_>, event: usize) -> bool {
    let senders = &seen.map.links.events[event];
    let exempt = |source: &usize| seen.map.model.sources[*source].object.get("exempt").is_some();
    !senders.is_empty() && senders.iter().all(exempt)
}

fn fields<'a>(seen: &'a Seen<'a>) -> BTreeMap<&'static str, Vec<Field<'a>>> {
    let mut found: BTreeMap<&'static str, Vec<Field<'a>>> = BTreeMap::new();
    for (at, event) in seen.map.model.events.iter().enumerate().filter(|(at, _)| !is_exempt(seen, *at)) {
        for (property, taken) in event.properties.iter().zip(&seen.map.classes[at]) {
            for code in taken.classes.codes() {
                found.entry(code).or_default().push(Field { at, event, property, taken });
            }
        }
    }
    found.values_mut().for_each(|fields| fields.sort_by_key(Field::is_similar));
    found
}

fn recipients<'a>(seen: &'a Seen<'a>) -> impl Iterator<Item = Recipient<'a>> {
    let map = seen.map;
    let vague = seen.findings("ccpa/category-purpose-missing");
    let unspecific = seen.findings("ccpa/destination-purpose-generic");
    map.model.destinations.iter().enumerate().filter_map(move |(index, entity)| {
        let standing = standing(map, seen.flow, index)?;
        let classes = seen.flow.reach.destinations[index].classes;
        let listing = map.model.categories.iter().zip(&map.links.categories);
        let listing = listing.filter(|(_, links)| links.iter().any(|link| link.index == index));
        // One that carries out a right says what the choice does, not what the data is used for.
        let uses = listing.filter(|(category, _)| category.object.list("controls").is_empty());
        let categories = uses.filter_map(|(category, _)| {
            let place = category.object.get("purpose")?.span;
            let (id, purpose) = (category.id.value.as_str(), category.object.text("purpose")?);
            Some(Stated { category: id, purpose, place, doubt: doubt(&vague, category) })
        });
        Some(Recipient {
            index,
            entity,
            name: seen.name(entity),
            standing,
            classes: classes.union(classes.letters()),
            purposes: entity.object.texts("purposes").map(|(text, span)| (text.to_owned(), span)).collect(),
            categories: categories.collect(),
            doubt: doubt(&unspecific, entity),
        })
    })
}

/// What one of the findings says of an entity.
fn doubt(findings: &[&Finding], entity: &Entity) -> Option<Line> {
    let mut about =
        findings.iter().filter(|one| one.subject.kind == entity.kind.name && one.subject.id == entity.id.value);
    about.next().map(|finding| finding_line(finding))
}

impl Recipient<'_> {
    /// What kind of recipient it is, in the words of the catalogue; none where it does not know it.
    pub(super) fn kinds(&self, seen: &Seen<'_>) -> Vec<String> {
        let facts = &seen.flow.destinations[self.index].object;
        facts.texts("catalogue_categories").map(|(text, _)| text.to_owned()).collect()
    }

    /// Codes of what it gets. Its sensitive classes stand for letter L.
    pub(super) fn codes(&self) -> impl Iterator<Item = &'static str> + use<> {
        let alone = self.classes.sensitive().is_empty();
        self.classes.codes().filter(move |code| alone || *code != "L")
    }

    /// Whether anything says what it is used for.
    pub(super) fn has_purpose(&self) -> bool {
        !self.purposes.is_empty() || !self.categories.is_empty()
    }
}

/// A class by its code and term.
pub(super) fn class(wanted: &str) -> [Word; 2] {
    let term = CLASSES.iter().find(|(known, _)| *known == wanted).map_or("", |(_, term)| *term);
    [code(wanted), text(term)]
}

/// What a platform is to consumers.
pub(super) fn platform(source: &Entity) -> &'static str {
    match source.object.text("platform") {
        Some("web") => "website",
        Some("ios" | "android" | "mobile") => "app",
        Some("tv") => "TV app",
        Some("server") => "server",
        Some("retl") => "model in a warehouse (reverse ETL)",
        Some("cloud_object") => "cloud application",
        Some("replay") => "replay of an archive",
        Some("dataset") => "what a store holds",
        _ => "platform not declared",
    }
}

/// The fields that carry a class, a few of them, and what goes out with every call.
pub(super) fn evidence(facts: &Facts<'_>, class: &str) -> Cell {
    let fields: Vec<&Field<'_>> = facts.fields(class).iter().collect();
    few(facts, &fields, &facts.implied(class).collect::<Vec<_>>())
}

/// A few fields, and a few sources that send the same with every call.
pub(super) fn few(facts: &Facts<'_>, fields: &[&Field<'_>], implied: &[&Entity]) -> Cell {
    let field = |field: &&Field<'_>| {
        let at = facts.seen.at(field.property.path.span);
        let name = code(field.property.path.value.to_string());
        vec![name, text("of"), code(field.event.name.value.clone()), at]
    };
    let mut lines: Cell = fields.iter().take(SHOWN).map(field).collect();
    if fields.len() > SHOWN {
        lines.push(vec![soft(format!(
            "and {} (`consentlint map --format csv`)",
            counted(fields.len() - SHOWN, "more field", "more fields")
        ))]);
    }
    let source = |source: &&Entity| {
        vec![text("sent with every call of"), code(facts.seen.name(source)), facts.seen.at(source.id.span)]
    };
    lines.extend(implied.iter().take(SHOWN).map(source));
    let more = implied.len().saturating_sub(SHOWN);
    if more > 0 {
        lines.push(vec![soft(format!("and with every call of {}", counted(more, "more source", "more sources")))]);
    }
    lines
}

/// What recipients use what they get for, each purpose once with those who have it.
pub(super) fn uses(recipients: &[&Recipient<'_>]) -> Cell {
    let mut words: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut sentences: BTreeMap<&str, &Stated<'_>> = BTreeMap::new();
    for one in recipients {
        one.purposes.iter().for_each(|(purpose, _)| words.entry(purpose).or_default().push(one.name));
        sentences.extend(one.categories.iter().map(|stated| (stated.category, stated)));
    }
    let word = |(purpose, names): (&str, Vec<&str>)| -> Line {
        let mut line = vec![code(purpose), text("(")];
        line.extend(in_full(&names));
        line.push(text(")"));
        line
    };
    let mut cell: Cell = words.into_iter().map(word).collect();
    cell.extend(sentences.into_values().map(Stated::line));
    let silent: Vec<&str> = recipients
        .iter()
        .filter(|one| !one.has_purpose() && one.standing != Standing::Own)
        .map(|one| one.name)
        .collect();
    if !silent.is_empty() {
        let mut line = vec![open("not declared (`purposes`):")];
        line.extend(in_full(&silent));
        cell.push(line);
    }
    cell
}

/// All names, one after the other.
pub(super) fn in_full(names: &[&str]) -> Line {
    let mut line = Vec::new();
    for (at, name) in names.iter().enumerate() {
        if at > 0 {
            line.push(text(","));
        }
        line.push(code(*name));
    }
    line
}

/// Names one after the other; how many there are beyond those that fit.
pub(super) fn in_a_row(names: &[&str]) -> Line {
    let mut line = in_full(&names[..names.len().min(NAMED)]);
    if names.len() > NAMED {
        line.push(soft(format!("and {} more", names.len() - NAMED)));
    }
    line
}
