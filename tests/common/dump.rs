//! A data map as text: every entity, value and event with its line and column.

use consentlint::adapter::{ADAPTERS, Candidate};
use consentlint::document::parse;
use consentlint::finding::{Place, Problem};
use consentlint::model::define::{Member, Values};
use consentlint::model::{Entity, Model, Object, Value, ValueHint};
use consentlint::source::{Source, SourceId, Span};

/// What became of one text.
pub struct Read {
    /// Formats of its documents; `None` for one that nobody claims.
    pub formats: Vec<Option<&'static str>>,
    /// Documents that two adapters claim.
    pub claimed_twice: Vec<String>,
    pub model: Model,
    pub problems: Vec<Problem>,
    pub source: Source,
}

/// Reads a text as the file `shown`.
pub fn read_text(shown: &str, text: String) -> Read {
    let source = Source::new(shown, text);
    let (mut model, mut formats, mut claimed_twice) = (Model::default(), Vec::new(), Vec::new());
    let parsed = parse(SourceId(0), shown, &source.text);
    let mut problems = parsed.problems;
    for document in &parsed.documents {
        let candidate = Candidate { path: shown, document };
        let claims: Vec<_> = ADAPTERS.iter().filter(|adapter| (adapter.recognises)(&candidate)).collect();
        if let [_, _, ..] = claims.as_slice() {
            let names: Vec<&str> = claims.iter().map(|adapter| adapter.name).collect();
            claimed_twice.push(format!("{shown}: {}", names.join(", ")));
        }
        formats.push(claims.first().map(|adapter| adapter.name));
        if let Some(adapter) = claims.first() {
            adapter.read(&candidate, &mut model, &mut problems);
        }
    }
    Read { formats, claimed_twice, model, problems, source }
}

pub fn letters(hint: ValueHint) -> String {
    let flags = [(hint.boolean, 'b'), (hint.string, 's'), (hint.number, 'n'), (hint.container, 'c')];
    let mut letters: String = flags.iter().filter(|(set, _)| *set).map(|(_, letter)| *letter).collect();
    if let Some(format) = hint.format {
        letters.push_str(&format!(":{format:?}"));
    }
    if letters.is_empty() { "?".to_owned() } else { letters }
}

impl Read {
    fn at(&self, span: Span) -> String {
        let place = self.source.position(span.start);
        format!("{}:{}", place.line, place.column)
    }

    /// Everything that was read, a line each.
    pub fn dump(&self) -> String {
        let model = &self.model;
        let mut out = String::new();
        let entities = [&model.consents, &model.banners, &model.categories, &model.destinations, &model.sources];
        for entity in model.business.iter().chain(&model.signals).chain(entities.into_iter().flatten()) {
            self.entity(entity, &mut out);
        }
        for entity in model.requests.iter().chain(&model.notices) {
            self.entity(entity, &mut out);
        }
        for plan in &model.plans {
            out.push_str(&format!(
                "{} plan {} [{}]\n",
                self.at(plan.name.span),
                plan.name.value,
                plan.names.join(", ")
            ));
        }
        for event in &model.events {
            let plan = event.plan.and_then(|plan| model.plans.get(plan)).map_or("-", |plan| &plan.name.value);
            let sources: Vec<&str> = event.sources.iter().map(|source| source.value.as_str()).collect();
            let sent = if sources.is_empty() { String::new() } else { format!(" from {}", sources.join(", ")) };
            let place = self.at(event.name.span);
            out.push_str(&format!("{place} {} {} ({plan}){sent}\n", event.call.name(), event.name.value));
            for property in &event.properties {
                let (section, hint) = (property.section.name(), letters(property.hint));
                out.push_str(&format!("  {} {section} {} {hint}", self.at(property.path.span), property.path.value));
                if !property.values.is_empty() {
                    out.push_str(&format!(" {:?}", property.values));
                }
                if let Some(seen) = property.seen.as_ref().filter(|seen| seen.like.is_some()) {
                    out.push_str(&format!(" seen: {}", seen.words));
                }
                out.push('\n');
                if let Some(declared) = &property.declared {
                    self.object(declared, "    ", &mut out);
                }
            }
        }
        self.parts(&mut out);
        for field in &model.fields {
            out.push_str(&format!("{} fields {}\n", self.at(field.pattern.span), field.pattern.value));
            self.object(&field.declared, "    ", &mut out);
        }
        for problem in &self.problems {
            let place = match &problem.place {
                Place::Span(span) => self.at(*span),
                Place::Path(path) => path.clone(),
                Place::Run => "run".to_owned(),
            };
            out.push_str(&format!("{place} problem {} ({})\n", problem.message, problem.help));
        }
        out
    }

    /// What plans define and refer to, before files are joined.
    fn parts(&self, out: &mut String) {
        for part in &self.model.parts.definitions {
            let place = self.at(part.name.span);
            let values = self.values(&part.values);
            let id = format!("{}/{}", part.group.value, part.id);
            out.push_str(&format!("{place} define {} {} [{id}] {values}\n", part.part.word(), part.name.value));
            part.members.iter().for_each(|member| self.member(member, "  ", out));
        }
        for event in &self.model.parts.events {
            let plan = &self.model.plans[event.plan].name.value;
            out.push_str(&format!(
                "{} pending {} ({plan}) {:?}\n",
                self.at(event.event.span),
                event.event.id,
                event.section
            ));
            event.members.iter().for_each(|member| self.member(member, "  ", out));
        }
    }

    fn member(&self, member: &Member, indent: &str, out: &mut String) {
        let place = self.at(member.property.span);
        out.push_str(&format!("{indent}{place} {} {}\n", member.property.id, self.values(&member.values)));
        member.members.iter().for_each(|nested| self.member(nested, &format!("{indent}  "), out));
    }

    fn values(&self, values: &Values) -> String {
        let mut shown = letters(values.hint);
        if !values.listed.is_empty() {
            shown.push_str(&format!(" {:?}", values.listed));
        }
        for custom in &values.types {
            shown.push_str(&format!(" as {} {}", custom.id, self.at(custom.span)));
        }
        if let Some(items) = &values.items {
            shown.push_str(&format!(" of ({})", self.values(items)));
        }
        shown
    }

    fn entity(&self, entity: &Entity, out: &mut String) {
        let mark = if entity.implied { " (implied)" } else { "" };
        out.push_str(&format!("{} {} {}{mark}\n", self.at(entity.id.span), entity.kind.name, entity.id.value));
        self.object(&entity.object, "  ", out);
    }

    fn object(&self, object: &Object, indent: &str, out: &mut String) {
        for (field, value) in object.entries() {
            let place = self.at(value.span);
            match &value.value {
                Value::Object(inner) => {
                    out.push_str(&format!("{indent}{} {place}\n", field.name));
                    self.object(inner, &format!("{indent}  "), out);
                }
                Value::List(items) => {
                    let shown: Vec<String> =
                        items.iter().map(|item| format!("{} {}", item.value.display(), self.at(item.span))).collect();
                    out.push_str(&format!("{indent}{} {place}: [{}]\n", field.name, shown.join(", ")));
                }
                other => out.push_str(&format!("{indent}{} {place}: {}\n", field.name, other.display())),
            }
        }
    }
}
