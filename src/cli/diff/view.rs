//! What is told of a comparison, and the words that the formats share.

use crate::compare::{
    AttributeChange, Both, Carried, Carrier, Change, Comparison, EntityChange, EventChange, FlowChange, Gate,
    SettingChange, Verdicts, Way, Written,
};
use crate::finding::Problem;
use crate::output::counted;
use crate::report::Report;
use crate::source::{Sources, Span};
use std::collections::BTreeMap;

/// A commit.
pub(super) struct Named {
    /// As it was asked for, or the start of its id.
    pub(super) label: String,
    /// Its id.
    pub(super) commit: String,
}

/// Everything that there is to tell.
pub(super) struct Told<'a> {
    /// None where it could not be read, and then nothing was compared.
    pub(super) base: Option<Named>,
    /// None for the files on disk.
    pub(super) to: Option<Named>,
    /// Whether everything is wanted in full.
    pub(super) all: bool,
    pub(super) comparison: Comparison,
    pub(super) settings: Vec<SettingChange>,
    /// What became of findings; those that are introduced are in the report.
    pub(super) verdicts: Verdicts,
    /// The newer side: introduced findings, and its problems.
    pub(super) report: Report,
    /// What of the base could not be judged.
    pub(super) base_problems: Vec<Problem>,
    pub(super) before: &'a Sources,
    pub(super) after: &'a Sources,
}

static NONE: Sources = Sources::new();

impl Told<'_> {
    /// That there is nothing to compare with.
    pub(super) fn nothing(report: Report) -> Self {
        Self {
            base: None,
            to: None,
            all: false,
            comparison: Comparison::default(),
            settings: Vec::new(),
            verdicts: Verdicts::default(),
            report,
            base_problems: Vec::new(),
            before: &NONE,
            after: &NONE,
        }
    }

    /// `path:line` on the newer side, or else on the base.
    pub(super) fn place(&self, before: Option<Span>, after: Option<Span>) -> String {
        let (sources, span) = match (before, after) {
            (_, Some(span)) => (self.after, span),
            (Some(span), None) => (self.before, span),
            (None, None) => return String::new(),
        };
        let line = sources.get(span.source).map(|source| source.position(span.start).line);
        line.map_or_else(String::new, |line| format!("{}:{line}", sources.path(span)))
    }

    /// What was compared, in words.
    pub(super) fn sides(&self) -> String {
        let base = self.base.as_ref().map_or("", |base| &base.label);
        let to = self.to.as_ref().map_or("the files on disk", |to| &to.label);
        format!("{base} → {to}")
    }

    /// Whether there is a change in meaning.
    pub(super) fn is_unchanged(&self) -> bool {
        self.comparison.is_empty() && self.settings.is_empty()
    }

    /// The sentence that says it all.
    pub(super) fn headline(&self) -> String {
        if self.base.is_none() {
            return "nothing was compared".to_owned();
        }
        let parts = self.changes();
        let changes = if parts.is_empty() { "no change in meaning".to_owned() } else { parts.join(", ") };
        format!("{changes}; {}", self.findings())
    }

    fn changes(&self) -> Vec<String> {
        let flows = &self.comparison.flows;
        let mut parts = Vec::new();
        let mut add = |count: usize, one: &str, many: &str| {
            parts.extend((count > 0).then(|| counted(count, one, many)));
        };
        let those = |wanted: &dyn Fn(&FlowChange) -> bool| flows.iter().filter(|flow| wanted(flow)).count();
        add(those(&|flow| flow.change() == Change::New), "new flow", "new flows");
        let wider = |flow: &FlowChange| {
            flow.change() == Change::Changed && flow.classes_that_are(Some(Change::New)).next().is_some()
        };
        add(those(&wider), "flow of more classes", "flows of more classes");
        add(those(&FlowChange::is_gated_otherwise), "flow gated otherwise", "flows gated otherwise");
        let routed = |flow: &FlowChange| flow.is_routed_otherwise() && !flow.is_gated_otherwise() && !wider(flow);
        add(those(&routed), "flow by another way", "flows by another way");
        let narrower = |flow: &FlowChange| {
            flow.change() == Change::Changed
                && !wider(flow)
                && !flow.is_gated_otherwise()
                && !flow.is_routed_otherwise()
        };
        add(those(&narrower), "flow of fewer classes", "flows of fewer classes");
        add(those(&|flow| flow.change() == Change::Gone), "flow gone", "flows gone");
        for (kind, (one, many)) in KINDS {
            let of = |change| {
                let of_kind = self.comparison.entities.iter().filter(|entity| entity.kind == kind);
                of_kind.filter(|entity| entity.change() == change).count()
            };
            for (change, word) in [(Change::New, "added"), (Change::Changed, "changed"), (Change::Gone, "removed")] {
                add(of(change), &format!("{one} {word}"), &format!("{many} {word}"));
            }
        }
        let fields = self.comparison.events.iter().flat_map(|event| &event.fields);
        let personal: Vec<Change> =
            fields.clone().filter(|field| field.is_personal()).map(|field| field.taken.change()).collect();
        let of = |change| personal.iter().filter(|one| **one == change).count();
        add(of(Change::New), "personal field added", "personal fields added");
        add(of(Change::Changed), "personal field changed", "personal fields changed");
        add(of(Change::Gone), "personal field removed", "personal fields removed");
        let others = fields.filter(|field| !field.is_personal()).count();
        add(others, "other field", "other fields");
        let bare = self.comparison.events.iter().filter(|event| event.fields.is_empty()).count();
        add(bare, "other event", "other events");
        let weaker = self.settings.iter().filter(|setting| setting.weaker).count();
        add(weaker, "setting weakened", "settings weakened");
        add(self.settings.len() - weaker, "other setting", "other settings");
        parts
    }

    /// How much is introduced, in words.
    pub(super) fn introduced(&self) -> String {
        let all = counted(self.report.findings.len(), "finding introduced", "findings introduced");
        match self.report.questions().count() {
            0 => all,
            questions => format!("{all} ({})", counted(questions, "of them a question", "of them questions")),
        }
    }

    /// What became of findings, in words.
    pub(super) fn findings(&self) -> String {
        let verdicts = &self.verdicts;
        let mut said =
            format!("{}, {} fixed, {} unchanged", self.introduced(), verdicts.fixed.len(), verdicts.unchanged.len());
        if !verdicts.excepted.is_empty() {
            said += &format!(", {} excepted now", verdicts.excepted.len());
        }
        if !self.report.problems.is_empty() {
            said += &format!(", {}", counted(self.report.problems.len(), "problem", "problems"));
        }
        if !self.base_problems.is_empty() {
            said += &format!(", {} on the base", counted(self.base_problems.len(), "problem", "problems"));
        }
        said
    }
}

/// Kinds of entities in the order in which they are told, in words.
pub(super) const KINDS: [(&str, (&str, &str)); 10] = [
    ("destination", ("destination", "destinations")),
    ("category", ("consent category", "consent categories")),
    ("consent", ("consent manager", "consent managers")),
    ("banner", ("banner", "banners")),
    ("signal", ("signal", "signals")),
    ("source", ("source", "sources")),
    ("request", ("request", "requests")),
    ("notice", ("row of the notice", "rows of the notice")),
    ("business", ("business", "businesses")),
    ("decision", ("decision", "decisions")),
];

/// The sign of a change.
pub(super) fn sign(change: Change) -> char {
    match change {
        Change::New => '+',
        Change::Changed => '~',
        Change::Gone => '-',
    }
}

/// Flows to one destination that changed in the same way, with all their sources.
pub(super) struct Bundle<'a> {
    pub(super) flow: &'a FlowChange,
    pub(super) sources: Vec<&'a str>,
}

/// Flows that change in the same way, told together, in the order of the first of them.
pub(super) fn bundles(flows: &[FlowChange]) -> Vec<Bundle<'_>> {
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let mut found: Vec<Bundle<'_>> = Vec::new();
    for flow in flows {
        let source = flow.source.as_deref().unwrap_or("(presumed)");
        let at = *known.entry(format!("{} {}", flow.destination, told(flow))).or_insert(found.len());
        match found.get_mut(at) {
            Some(bundle) => bundle.sources.push(source),
            None => found.push(Bundle { flow, sources: vec![source] }),
        }
    }
    found
}

/// What is told of a flow besides its source.
fn told(flow: &FlowChange) -> String {
    let classes: Vec<(&str, Option<Change>)> = flow.classes.iter().map(|class| (class.code, class.change)).collect();
    let ways = |way: &Option<Way>| way.as_ref().map(|way| (way.via, way.gate.clone()));
    format!("{classes:?} {:?} {:?}", ways(&flow.ways.before), ways(&flow.ways.after))
}

/// What gates a flow, in words.
pub(super) fn gate(gate: &Gate) -> String {
    let named: Vec<String> = gate.categories.iter().map(|id| format!("`{id}`")).collect();
    let named = if named.is_empty() { "nothing".to_owned() } else { named.join(", ") };
    match gate.opt_out {
        Some(false) if !gate.categories.is_empty() => format!("{named} (the opt-out does not stop it)"),
        Some(true) if gate.categories.is_empty() => format!("{named} (the opt-out stops it all the same)"),
        _ => named,
    }
}

/// The statutory term of a class.
pub(super) fn term(code: &str) -> String {
    crate::model::ClassSet::parse(code).map_or_else(String::new, crate::model::ClassSet::terms)
}

/// A property that carries one of the classes: of a class that only sensitive data has, if there is one.
pub(super) fn witness<'a>(classes: &[&'a Carried]) -> Option<&'a Carrier> {
    let carried = classes.iter().rev().find_map(|class| class.witness.as_ref());
    carried.filter(|_| !classes.is_empty())
}

/// A witness in words; what has none goes out with every call.
pub(super) fn witnessed(classes: &[&Carried]) -> String {
    witness(classes).map_or_else(
        || "the context of every call".to_owned(),
        |witness| format!("`{}` of {}", witness.property, witness.event),
    )
}

/// Values before and after; of lists, what came and what went.
pub(super) fn values(attribute: &AttributeChange) -> String {
    let Both { before, after } = &attribute.values;
    if let (Some(before), Some(after)) = (before, after)
        && !(before.items.is_empty() || after.items.is_empty())
    {
        let new = after.items.iter().filter(|item| !before.items.contains(item)).map(|item| format!("+{item}"));
        let gone = before.items.iter().filter(|item| !after.items.contains(item)).map(|item| format!("-{item}"));
        return new.chain(gone).collect::<Vec<_>>().join(", ");
    }
    let value = |written: &Option<Written>| {
        written.as_ref().map_or_else(|| "(not declared)".to_owned(), |written| written.value.clone())
    };
    format!("{} → {}", value(before), value(after))
}

/// What changed of an entity, a line each.
pub(super) fn attributes(entity: &EntityChange) -> Vec<String> {
    let told = |attribute: &AttributeChange| match (entity.change(), &attribute.values.before, &attribute.values.after)
    {
        (Change::New, _, Some(written)) | (Change::Gone, Some(written), _) => {
            format!("{}: {}", attribute.name, written.value)
        }
        _ => format!("{}: {}", attribute.name, values(attribute)),
    };
    entity.attributes.iter().map(told).collect()
}

/// What changed of an event, a line each: sign, sentence.
pub(super) fn fields(event: &EventChange) -> Vec<String> {
    let own = event.attributes.iter().map(|attribute| format!("{}: {}", attribute.name, values(attribute)));
    let mut lines: Vec<String> = own.collect();
    for field in &event.fields {
        let (before, after) = (field.taken.before.as_ref(), field.taken.after.as_ref());
        let mut said = match (before, after) {
            (Some(before), Some(after)) if field.is_reclassified() => {
                vec![format!("{} → {}", before.words(), after.words())]
            }
            (None, Some(taken)) | (Some(taken), None) => vec![taken.words()],
            _ => Vec::new(),
        };
        if field.taken.change() == Change::Changed {
            said.extend(field.attributes.iter().map(|attribute| format!("{}: {}", attribute.name, values(attribute))));
        }
        lines.push(format!("{} `{}`: {}", sign(field.taken.change()), field.path, said.join("; ")));
    }
    lines
}
