//! A tag of a Google Tag Manager container, and what it needs of the container to be understood.

use super::vendors::{self, Known};
use crate::adapter::plan_parts::text_at;
use crate::document::{Node, Shape};
use crate::finding::{Problem, Stage};
use crate::model::catalogue::{Lookup, lookup};
use crate::model::{Located, normal};
use crate::source::Span;
use std::collections::{HashMap, HashSet};

/// The built-in trigger that fires before all others, for tags that set consent.
const CONSENT_INITIALIZATION: &str = "2147479572";

/// Words in a trigger by which it asks what the visitor chose.
const CHOICE: [&str; 16] = [
    "consent",
    "onetrust",
    "optanon",
    "cookiebot",
    "usercentrics",
    "didomi",
    "trustarc",
    "cookieyes",
    "osano",
    "iubenda",
    "axeptio",
    "optout",
    "opt_out",
    "opt-out",
    "donotsell",
    "do_not_sell",
];

/// Whether a tag asks for consent beyond the checks of its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// Nobody has decided.
    NotSet,
    /// Decided: nothing beyond the built-in checks.
    NotNeeded,
    /// It needs the consent types that it lists.
    Needed,
}

/// Who receives what a tag sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Recipient {
    /// Slug of the catalogue, the vendor's name, or the name of the tag.
    pub(super) name: String,
    /// Other names of it.
    pub(super) also: Vec<&'static str>,
    /// Whether the name is a slug.
    pub(super) catalogued: bool,
}

impl Recipient {
    fn new(name: &str, also: &[&'static str]) -> Self {
        let catalogued = matches!(lookup(name), Lookup::Found(known) if known.slug == name);
        Self { name: name.to_owned(), also: also.to_vec(), catalogued }
    }
}

/// What the tags of a container refer to.
pub(super) struct Library<'d> {
    constants: HashMap<&'d str, &'d str>,
    templates: HashMap<String, Node<'d>>,
    /// Triggers that ask what the visitor chose, with the categories for which they ask.
    asking: HashMap<&'d str, Vec<Located<String>>>,
    /// Triggers that fire before all others.
    first: HashSet<&'d str>,
    /// Hosts of the site itself.
    own: Vec<String>,
}

fn items<'d>(node: Node<'d>, key: &str) -> impl Iterator<Item = Node<'d>> {
    node.get(key).into_iter().flat_map(|list| list.items())
}

impl<'d> Library<'d> {
    pub(super) fn new(version: Node<'d>) -> Self {
        let constants = items(version, "variable").filter(|variable| text_at(*variable, "type") == Some("c"));
        let constants =
            constants.filter_map(|node| Some((text_at(node, "name")?, parameter(node, "value")?.scalar()?))).collect();
        let mut templates = HashMap::new();
        for node in items(version, "customTemplate") {
            let id = node.get("templateId").and_then(|id| id.scalar());
            let container = node.get("containerId").and_then(|id| id.scalar()).unwrap_or("");
            if let Some(id) = id {
                templates.insert(format!("{container}_{id}"), node);
                // Who writes an export by hand may put another number before the template's.
                templates.entry(format!("_{id}")).or_insert(node);
            }
            if let Some(id) = node.at(&["galleryReference", "galleryTemplateId"]).and_then(|id| id.scalar()) {
                templates.insert(id.to_owned(), node);
            }
        }
        let (mut asking, mut first) = (HashMap::new(), HashSet::from([CONSENT_INITIALIZATION]));
        for node in items(version, "trigger") {
            let Some(id) = node.get("triggerId").and_then(|id| id.scalar()) else { continue };
            let kind = normal(text_at(node, "type").unwrap_or(""));
            if kind == "consentinit" {
                first.insert(id);
            } else if let Some(categories) = asked(node) {
                asking.insert(id, categories);
            }
        }
        let domains = version.get("container").into_iter().flat_map(|container| items(container, "domainName"));
        let own = domains.filter_map(|domain| Some(domain.text()?.trim_start_matches("www.").to_ascii_lowercase()));
        Self { constants, templates, asking, first, own: own.filter(|domain| domain.contains('.')).collect() }
    }

    /// A value, or the constant that it names.
    fn constant(&self, value: &'d str) -> &'d str {
        let name = value.trim().strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"));
        name.and_then(|name| self.constants.get(name.trim()).copied()).unwrap_or(value)
    }

    /// The categories without which triggers do not fire: those for which all of them ask, or a blocking one does.
    fn needed<'i>(&self, firing: &[&str], blocking: impl Iterator<Item = &'i str>) -> Vec<Located<String>> {
        let asked = |id: &str| self.asking.get(id).cloned().unwrap_or_default();
        let (first, rest) = firing.split_first().map_or((Vec::new(), firing), |(first, rest)| (asked(first), rest));
        let shared = |category: &Located<String>| {
            rest.iter().all(|id| asked(id).iter().any(|other| other.value == category.value))
        };
        first.into_iter().filter(shared).chain(blocking.flat_map(asked)).collect()
    }

    fn template(&self, kind: &str) -> Option<Node<'d>> {
        let id = kind.strip_prefix("cvt_")?;
        let own = id.rsplit_once('_').map_or(id, |(_, own)| own);
        self.templates.get(id).or_else(|| self.templates.get(&format!("_{own}"))).copied()
    }
}

/// The categories for which a trigger asks: OneTrust's ids in its conditions, or else its own name where that or a
/// condition speaks of a choice. `None` for a trigger that asks nothing.
fn asked(trigger: Node<'_>) -> Option<Vec<Located<String>>> {
    let speaks = |text: &str| {
        let text = text.to_ascii_lowercase();
        CHOICE.iter().any(|word| text.contains(word))
    };
    let lists = ["filter", "customEventFilter", "autoEventFilter"];
    let conditions = lists.into_iter().flat_map(|list| items(trigger, list));
    let values: Vec<(&str, Span)> = conditions
        .flat_map(|condition| items(condition, "parameter"))
        .filter_map(|parameter| parameter.get("value"))
        .filter_map(|value| Some((value.text()?, value.span())))
        .collect();
    let name = trigger.get("name").and_then(|name| Some((name.text()?, name.span())));
    if !values.iter().chain(&name).any(|(text, _)| speaks(text)) {
        return None;
    }
    let located = |(text, span): (&str, Span)| Located::new(text.to_owned(), span);
    let ids = values.iter().filter_map(|(text, span)| Some(located((onetrust_id(text)?, *span))));
    let ids: Vec<Located<String>> = ids.collect();
    Some(if ids.is_empty() { name.map(located).into_iter().collect() } else { ids })
}

/// A OneTrust id, such as `C0004`, in a condition.
fn onetrust_id(text: &str) -> Option<&str> {
    let digits = |rest: &str| rest.bytes().take_while(u8::is_ascii_digit).count();
    text.char_indices().filter(|(_, letter)| matches!(letter, 'C' | 'c')).find_map(|(at, _)| {
        let rest = text.get(at + 1..)?;
        (digits(rest) == 4).then(|| text.get(at..at + 5))?
    })
}

/// The parameter of a tag or variable with this key: the node that holds its value.
fn parameter<'d>(node: Node<'d>, key: &str) -> Option<Node<'d>> {
    items(node, "parameter").find(|parameter| text_at(*parameter, "key") == Some(key))?.get("value")
}

/// A truth value, which exports also write as a text.
fn flag(node: Option<Node<'_>>) -> bool {
    node.is_some_and(|node| node.scalar().is_some_and(|text| text.eq_ignore_ascii_case("true")))
}

/// A tag.
pub(super) struct Tag<'d> {
    /// Its name, or its type where it has none.
    pub(super) name: Located<String>,
    /// Who receives what it sends; none for a tag that only works in the page.
    pub(super) recipients: Vec<Recipient>,
    /// The text of a custom tag.
    pub(super) text: Option<(&'d str, Span)>,
    /// Whether it states what holds before the visitor chooses, in a way that cannot be read.
    pub(super) sets_default: bool,
    /// Whether anything fires it.
    pub(super) triggered: bool,
    /// Where it is said whether it fires.
    pub(super) state: Span,
    node: Node<'d>,
    paused: bool,
    status: Status,
    needs: Vec<Located<String>>,
    checks: Vec<&'static str>,
    /// Whether its own code looks at consent, or its triggers do.
    asks_itself: bool,
    missing: Option<&'d str>,
}

impl<'d> Tag<'d> {
    /// Reads an entry of the list of tags.
    pub(super) fn read(node: Node<'d>, library: &Library<'d>, problems: &mut Vec<Problem>) -> Option<Self> {
        let Some(kind) = text_at(node, "type") else {
            let problem =
                Problem::at(Stage::Schema, node.span(), "a tag has no `type`, so it cannot be told what it sends");
            problems.push(problem.help("export the container again, or remove the tag"));
            return None;
        };
        let named = node.get("name").filter(|name| name.text().is_some_and(|text| !text.is_empty()));
        let place = named.or_else(|| node.get("type")).unwrap_or(node).span();
        let name = Located::new(named.and_then(Node::text).unwrap_or(kind).to_owned(), place);
        let triggers = ["firingTriggerId", "firingRuleId"].into_iter().find_map(|key| node.entry(key));
        let firing: Vec<&str> = ids(node, "firingTriggerId").chain(ids(node, "firingRuleId")).collect();
        let pause = node.entry("paused");
        let paused = flag(pause.map(|entry| entry.value()));
        let state = pause.filter(|_| paused).or(triggers).map_or(place, |entry| entry.key_span());
        let by_trigger = !firing.is_empty() && firing.iter().all(|id| library.asking.contains_key(id))
            || ids(node, "blockingTriggerId").any(|id| library.asking.contains_key(id));
        let mut tag = Self {
            recipients: Vec::new(),
            text: None,
            sets_default: firing.iter().any(|id| library.first.contains(id) || normal(id).starts_with("consentinit")),
            triggered: !firing.is_empty(),
            state,
            node,
            paused,
            status: Status::NotSet,
            needs: Vec::new(),
            checks: Vec::new(),
            asks_itself: by_trigger,
            missing: None,
            name,
        };
        tag.read_consent(problems);
        tag.needs.extend(library.needed(&firing, ids(node, "blockingTriggerId")));
        tag.read_kind(kind, library);
        Some(tag)
    }

    fn read_consent(&mut self, problems: &mut Vec<Problem>) {
        let Some(settings) = self.node.get("consentSettings") else { return };
        let Some(status) = settings.get("consentStatus").filter(|status| !status.is_null()) else { return };
        self.status = match normal(status.scalar().unwrap_or("")).as_str() {
            "needed" => Status::Needed,
            "notneeded" => Status::NotNeeded,
            "notset" | "" | "consentstatusunspecified" => Status::NotSet,
            other => {
                let message =
                    format!("`{other}` is no consent status; the tag is read as one that nobody has decided on");
                let problem = Problem::at(Stage::Schema, status.span(), message);
                problems.push(problem.help("use NEEDED, NOT_NEEDED or NOT_SET"));
                Status::NotSet
            }
        };
        let Some(kinds) = settings.get("consentType").filter(|_| self.status == Status::Needed) else { return };
        let list = kinds.get("list").filter(|list| list.shape() == Shape::List).unwrap_or(kinds);
        for item in list.items() {
            let value = item.get("value").unwrap_or(item);
            if let Some(text) = value.text().filter(|text| !text.is_empty()) {
                self.needs.push(Located::new(text.to_owned(), value.span()));
            }
        }
    }

    fn read_kind(&mut self, kind: &'d str, library: &Library<'d>) {
        match kind {
            "html" => self.read_text("html", library),
            "img" => self.read_text("url", library),
            _ if kind.starts_with("cvt_") => self.read_template(kind, library),
            _ => {
                let id = parameter(self.node, "tagId").filter(|_| kind == "googtag").and_then(Node::text);
                let by_id = id.and_then(|id| vendors::of_id(library.constant(id)));
                if let Some(known) = by_id.or_else(|| vendors::of_type(kind)) {
                    self.take(known);
                }
            }
        }
    }

    fn take(&mut self, known: &'static Known) {
        self.checks.clone_from(&known.checks);
        let recipient = known.recipient.iter().map(|recipient| Recipient::new(recipient.name, &recipient.also));
        self.recipients.extend(recipient);
    }

    /// Looks for vendors in the text of a custom tag. One that is not known counts where something is plainly loaded
    /// from outside; its name is then the tag's.
    fn read_text(&mut self, key: &str, library: &Library<'d>) {
        let Some(node) = parameter(self.node, key) else { return };
        let Some(text) = node.text() else { return };
        self.text = Some((text, node.span()));
        let mut compact = vendors::compact(text);
        if key == "url" {
            compact.insert_str(0, "src=");
        }
        let found: Vec<&Known> = vendors::in_text(&compact).filter(|known| known.recipient.is_some()).collect();
        for recipient in found.iter().filter_map(|known| known.recipient.as_ref()) {
            if self.recipients.iter().all(|seen| seen.name != recipient.name) {
                self.recipients.push(Recipient::new(recipient.name, &recipient.also));
            }
        }
        let mut checks = found.iter().map(|known| &known.checks);
        if let Some(first) = checks.next().filter(|first| checks.all(|other| other == *first)) {
            self.checks.clone_from(first);
        }
        if self.recipients.is_empty() && vendors::loads_from_outside(&compact, &library.own) {
            self.recipients.push(Recipient { name: self.name.value.clone(), also: Vec::new(), catalogued: false });
        }
    }

    fn read_template(&mut self, kind: &'d str, library: &Library<'d>) {
        let Some(template) = library.template(kind) else {
            self.missing = Some(kind);
            return;
        };
        let name = text_at(template, "name").unwrap_or("");
        match (vendors::of_template(name), lookup(name)) {
            (Some(known), _) => self.take(known),
            (None, Lookup::Found(known)) => self.recipients.push(Recipient::new(known.slug, &[])),
            (None, Lookup::Ambiguous(_)) => self.recipients.push(Recipient::new(name, &[])),
            (None, Lookup::Unknown) => {}
        }
        let consent = normal(name).contains("consent") || normal(name).ends_with("cmp");
        self.sets_default |= consent && self.recipients.is_empty();
        // Only what a decision hangs on is looked for in the template's code, which may be long.
        if !self.recipients.is_empty() && self.status == Status::NotSet {
            self.asks_itself |= text_at(template, "templateData").is_some_and(|code| code.contains("isConsentGranted"));
        }
    }

    /// Whether it fires at all.
    pub(super) fn fires(&self) -> bool {
        self.triggered && !self.paused
    }

    /// The names of the tags that fire before or after it.
    pub(super) fn companions(&self) -> impl Iterator<Item = &'d str> {
        let node = self.node;
        ["setupTag", "teardownTag"]
            .into_iter()
            .flat_map(move |key| items(node, key))
            .filter_map(|tag| text_at(tag, "tagName"))
    }

    /// The consent types and categories without which it does not send, as far as the container says; the built-in checks count where
    /// anything is said of what holds before the visitor chooses.
    pub(super) fn asks_for(&self, default_set: bool) -> Vec<Located<String>> {
        let built_in = self.checks.iter().filter(|_| default_set);
        let mut all = self.needs.clone();
        for check in built_in {
            if all.iter().all(|known| known.value != *check) {
                all.push(Located::new((*check).to_owned(), self.name.span));
            }
        }
        all
    }

    /// Whether it sends data to a vendor whatever the visitor chose.
    pub(super) fn is_ungated(&self, default_set: bool) -> bool {
        !self.recipients.is_empty() && !self.asks_itself && self.asks_for(default_set).is_empty()
    }

    /// Whether it fires whatever the visitor chose, and only checks of its own type restrict what it sends then.
    pub(super) fn is_restricted(&self, default_set: bool) -> bool {
        let checked = default_set && !self.checks.is_empty();
        !self.recipients.is_empty() && !self.asks_itself && self.needs.is_empty() && checked
    }

    /// Whether it sends data to a vendor whatever the visitor chose, and nobody has decided that it should.
    pub(super) fn is_unconfigured(&self, default_set: bool) -> bool {
        let checked = self.asks_itself || (default_set && !self.checks.is_empty());
        let undecided = self.status == Status::NotSet || self.needs.is_empty() && self.status == Status::Needed;
        !self.recipients.is_empty() && undecided && !checked
    }

    /// A template that is not in the export may send anything.
    pub(super) fn report_missing_template(&self, problems: &mut Vec<Problem>) {
        let Some(kind) = self.missing else { return };
        let message = format!("the template `{kind}` of tag `{}` is not in the export", self.name.value);
        let problem = Problem::at(Stage::Reference, self.node.get("type").unwrap_or(self.node).span(), message);
        problems
            .push(problem.help("export the container with its templates, so that it can be told what the tag sends"));
    }
}

/// Ids in a list, or a single one.
fn ids<'d>(node: Node<'d>, key: &str) -> impl Iterator<Item = &'d str> {
    let found = node.get(key);
    let single = found.filter(|found| found.shape() != Shape::List && !found.is_null());
    found.into_iter().flat_map(Node::items).chain(single).filter_map(Node::scalar)
}
