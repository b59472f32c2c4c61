//! Does the opt-out turn a destination off, on every path?

use super::destination::ON_SEGMENT;
use super::reach::{Reach, is_dataset};
use super::route::{Claim, Doubt, Judged, Point, Proof, Prover, Via, sent, told, whole};
use super::routing::wrapper::ConsentModel;
use super::{Facts, Map};
use crate::finding::Label;
use crate::model::{Entity, Located, Origin, Value};
use crate::source::Span;

/// Sets `gated`, `optout_unstated`, `ungated_because`, `bypasses`, `limit_gated`, `counterexample` and `script_loads` on every
/// destination.
pub(super) fn apply(map: Map<'_>, reach: &Reach, destinations: &mut [Facts]) {
    let (prover, list) = (Prover::new(map, reach), computed_list(map));
    for (index, facts) in destinations.iter_mut().enumerate() {
        let judged = prover.judge(index, Claim::OptOut);
        let found = Found::of(map, facts, index, &judged);
        let list = list.as_ref().filter(|_| map.links.listed[index].is_empty());
        if let Some(list) = list.filter(|_| !found.categories.is_empty()) {
            facts.set("categories", Value::Unknown(list.value.to_owned()));
            facts.because("categories", list.span, COMPUTED);
        }
        found.set(facts);
        if let Some(Proof::Refuted(example)) = whole(&judged).map(|judged| &judged.proof) {
            let sent = sent(map, reach, index, &example.path);
            let told = told(map, index, Claim::OptOut, example, &sent);
            facts.text("counterexample", told.as_str());
            facts.because("counterexample", example.place, told);
        }
        script(map, index, &judged, facts);
        limit(map, &prover, index, facts);
    }
}

/// Sets `limit_gated`. Where that cannot be told, a category that carries out the limit is taken to.
fn limit(map: Map<'_>, prover: &Prover<'_>, index: usize, facts: &mut Facts) {
    let listed = || listing(map, index).any(|(category, _)| category.object.has_text("controls", "limit"));
    let judged = prover.judge(index, Claim::Limit);
    let gated = match whole(&judged).map(|judged| &judged.proof) {
        None => !judged.is_empty() || listed(),
        Some(Proof::Refuted(example)) => {
            let text =
                if listed() { example.because.as_str() } else { "no category with `controls: [limit]` turns it off" };
            facts.because("limit_gated", example.place, text);
            false
        }
        Some(_) => listed(),
    };
    facts.bool("limit_gated", gated);
}

const COMPUTED: &str = "this category may turn it off; its list cannot be read";

/// What is found about the opt-out of a destination.
struct Found {
    /// Whether it is stopped on every path, where that can be told.
    gated: Result<bool, (Label, &'static str)>,
    unstated: bool,
    /// Why no category stops it.
    categories: Vec<Label>,
    /// Why its category does not stop every path.
    paths: Vec<Label>,
    /// Places of which something is to be known all the same.
    notes: Vec<Label>,
}

impl Found {
    fn of(map: Map<'_>, facts: &Facts, index: usize, judged: &[Judged]) -> Self {
        let open = |judged: &&Judged| matches!(judged.proof, Proof::Refuted(_));
        let enforced = || judged.iter().filter(|judged| judged.path.point != Point::Nowhere);
        // Where every consent point stops it all the same, no category is missing.
        let stopped = enforced().next().is_some() && enforced().all(|judged| judged.proof == Proof::Proved);
        let categories = if stopped { Vec::new() } else { category_gaps(map, index) };
        let mut paths = path_gaps(map, facts, index, judged);
        if categories.is_empty() {
            paths.extend(enforced().filter(open).filter_map(|judged| gap(map, judged)));
        }
        let mut found = Self { gated: Ok(true), unstated: false, categories, paths, notes: Vec::new() };
        found
            .notes
            .extend(judged.iter().filter(|judged| judged.proof == Proof::Proved).map(|judged| stop(map, judged)));
        let doubt = whole(judged).and_then(|judged| Some((judged.doubt?, &judged.proof)));
        match doubt {
            _ if judged.is_empty() => found.gated = Ok(found.categories.is_empty() && found.paths.is_empty()),
            None => found.gated = Ok(judged.iter().all(|judged| judged.proof == Proof::Proved)),
            Some((Doubt::Unstated, _)) => (found.gated, found.unstated) = (Ok(false), true),
            Some((doubt, Proof::Undecidable { missing, place })) => {
                let label = Label::new(*place, missing.clone());
                match doubt {
                    // Google's own word for what its tags do then is taken for it; so is the data map's for its categories.
                    Doubt::OwnChecks | Doubt::Names => found.notes.push(label),
                    Doubt::Computed => found.gated = Err((label, COMPUTED)),
                    _ => found.gated = Err((label, "it hangs on this whether the opt-out stops it")),
                }
            }
            Some(_) => {}
        }
        found
    }

    fn set(self, facts: &mut Facts) {
        facts.bool("optout_unstated", self.unstated);
        let bypasses = if self.categories.is_empty() { self.paths.as_slice() } else { &[] };
        facts.texts("bypasses", bypasses.iter().map(|label| label.text.clone()));
        for label in bypasses {
            facts.because("bypasses", label.span, label.text.clone());
        }
        match &self.gated {
            Ok(gated) => facts.bool("gated", *gated),
            Err((label, note)) => {
                facts.set("gated", Value::Unknown(label.text.clone()));
                facts.because("gated", label.span, *note);
            }
        }
        let reasons: Vec<Label> = self.categories.into_iter().chain(self.paths).collect();
        facts.texts("ungated_because", reasons.iter().map(|label| label.text.clone()));
        for label in reasons.into_iter().chain(self.notes) {
            facts.because("gated", label.span, label.text);
        }
    }
}

/// Where the opt-out stops a path.
fn stop(map: Map<'_>, judged: &Judged) -> Label {
    let path = &judged.path;
    let from = path.source.map(|source| format!("source `{}`, ", map.model.sources[source].id.value));
    let text = format!("stopped: {}{} ({})", from.unwrap_or_default(), path.via.words(), path.because);
    Label::new(path.place, text)
}

/// Why a path whose consent point should stop it is open.
fn gap(map: Map<'_>, judged: &Judged) -> Option<Label> {
    let Proof::Refuted(example) = &judged.proof else { return None };
    let from = judged.path.source.map(|source| &map.model.sources[source].id.value);
    let from = from.map_or_else(String::new, |source| format!("source `{source}`: "));
    Some(Label::new(example.place, format!("{from}{}", example.because)))
}

/// Sets `script_loads`: in the opt-out model every script loads, and only events are held back (see `routing::wrapper`).
fn script(map: Map<'_>, index: usize, judged: &[Judged], facts: &mut Facts) {
    let known = map.links.known[index];
    let device = match map.model.destinations[index].object.text("mode") {
        Some(mode) => mode == "device",
        None => known.is_some_and(|known| known.device_mode && !known.cloud_mode),
    };
    let held_back = judged.iter().any(|judged| {
        let by_wrapper = matches!(judged.path.point, Point::Wrapper { model: Some(ConsentModel::OptOut) });
        by_wrapper && judged.path.via == Via::Device && judged.proof == Proof::Proved
    });
    if let Some(model) = map.model.consent_model().filter(|_| device && held_back) {
        facts.text("script_loads", "in the opt-out model every script loads, and only its events are held back");
        facts.because("script_loads", model.span, "the consent model");
    }
}

/// Whether nothing says which category carries out the opt-out: the files of consent managers have no word for it, so
/// a category that only they know may well be the one.
pub(super) fn is_unstated(map: Map<'_>, category: &Entity) -> bool {
    switches(category)
        && !category.origins.is_empty()
        && !category.is_from(Origin::Inventory)
        && !map.model.categories.iter().any(|known| known.object.has_text("controls", "opt-out"))
}

fn listing<'a>(map: Map<'a>, destination: usize) -> impl Iterator<Item = (&'a Entity, Span)> {
    map.model.categories.iter().zip(&map.links.categories).filter_map(move |(category, links)| {
        let link = links.iter().find(|link| link.index == destination)?;
        Some((category, link.span))
    })
}

/// The first list of a category that code computes.
pub(super) fn computed_list(map: Map<'_>) -> Option<Located<&str>> {
    let able = map.model.categories.iter().filter(|category| switches(category));
    let lists = able.filter_map(|category| category.object.get("destinations"));
    let mut unknown = lists.filter_map(|list| match &list.value {
        Value::List(items) => items.iter().find_map(open),
        _ => open(list),
    });
    unknown.next()
}

/// What computes a value, and where.
fn open(value: &Located<Value>) -> Option<Located<&str>> {
    match &value.value {
        Value::Unknown(by) => Some(Located::new(by.as_str(), value.span)),
        _ => None,
    }
}

/// Whether a category carries out the opt-out of sale and sharing.
pub fn controls_optout(category: &Entity) -> bool {
    category.object.has_text("controls", "opt-out") && switches(category)
}

/// Whether a category turns anything off: it is neither always on nor switched off itself.
pub fn switches(category: &Entity) -> bool {
    category.object.boolean("essential") != Some(true) && category.object.boolean("enabled") != Some(false)
}

/// Why a destination goes on receiving that no category for the opt-out lists.
const NO_CATEGORY: &str = "no consent category with `controls: [opt-out]` turns it off";

/// Whether a destination goes on receiving after an opt-out for that reason alone: on no path is anything else amiss.
pub fn lacks_category_alone(facts: &Facts) -> bool {
    let mut reasons = facts.object.texts("ungated_because").map(|(reason, _)| reason);
    reasons.next() == Some(NO_CATEGORY) && reasons.next().is_none()
}

/// Why no consent category turns the destination off after an opt-out.
fn category_gaps(map: Map<'_>, index: usize) -> Vec<Label> {
    let entity = &map.model.destinations[index];
    let mut reasons = Vec::new();
    if !listing(map, index).any(|(category, _)| controls_optout(category)) {
        reasons.push(Label::new(entity.id.span, NO_CATEGORY));
        for (category, span) in listing(map, index) {
            let why = match () {
                () if category.object.boolean("essential") == Some(true) => "is essential, so it is always on",
                () if category.object.boolean("enabled") == Some(false) => "is switched off, so nothing enforces it",
                () => "does not carry out the opt-out",
            };
            reasons.push(Label::new(span, format!("category `{}` {why}", category.id.value)));
        }
    }
    let any = entity.object.text("consent_needs") == Some("any");
    let lenient = || listing(map, index).filter(|(category, _)| !controls_optout(category));
    if any && reasons.is_empty() {
        reasons.extend(lenient().map(|(category, span)| {
            Label::new(span, format!("consent to category `{}` alone lets data through", category.id.value))
        }));
    }
    reasons
}

/// Why its category does not stop every path to the destination: nothing asks on some of them.
fn path_gaps(map: Map<'_>, facts: &Facts, index: usize, judged: &[Judged]) -> Vec<Label> {
    let entity = &map.model.destinations[index];
    let mut reasons = Vec::new();
    let kind = facts.object.text("unenforced_type");
    reasons.extend(kind.map(|why| Label::new(entity.id.span, why)));
    for path in judged.iter().map(|judged| &judged.path).filter(|path| path.point == Point::Nowhere) {
        if let Some(source) = path.source.map(|source| &map.model.sources[source])
            && let Some(why) = carries_no_consent(map, source, entity)
        {
            reasons.push(Label::new(source.id.span, format!("source `{}` {why}", source.id.value)));
        }
    }
    reasons
}

/// Tag managers whose containers a source is.
pub(super) fn containers<'a>(map: Map<'a>, source: &Entity) -> Vec<&'a Entity> {
    let within = |consent: &Entity| {
        let mut files = consent.origins.iter().map(|(_, name)| name.span.source);
        files.any(|file| source.origins.iter().any(|(_, name)| name.span.source == file))
    };
    let managers = map.model.consents.iter().filter(|consent| consent.object.text("manager") == Some("gtm"));
    managers.filter(|consent| within(consent)).collect()
}

/// Whether a source is known from a tag manager's container alone: what it sends passes no other platform.
pub(super) fn is_container(map: Map<'_>, source: &Entity) -> bool {
    !containers(map, source).is_empty() && !source.is_from(Origin::Inventory)
}

/// The tag of this destination that a container fires whatever the visitor chose.
pub(super) fn ungated_tag(map: Map<'_>, source: &Entity, destination: &Entity) -> Option<Span> {
    tag_in(map, source, destination, "tags_ungated")
}

/// Whether a container fires a tag of this destination and leaves it to checks of its own.
pub(super) fn is_restricted(map: Map<'_>, source: &Entity, destination: &Entity) -> bool {
    tag_in(map, source, destination, "tags_restricted").is_some()
}

/// The tag of a destination in one of the lists of a container.
fn tag_in(map: Map<'_>, source: &Entity, destination: &Entity, list: &str) -> Option<Span> {
    let own = |span: &Span| destination.origins.iter().any(|(_, name)| name.span == *span);
    let containers = containers(map, source).into_iter();
    containers.flat_map(|consent| consent.object.texts(list)).map(|(_, span)| span).find(own)
}

/// Why the events of a source carry no consent on their way to a destination.
pub(super) fn carries_no_consent(map: Map<'_>, source: &Entity, destination: &Entity) -> Option<&'static str> {
    if ungated_tag(map, source, destination).is_some() {
        return Some("fires its tag whatever the visitor chose");
    }
    if is_container(map, source) {
        return None;
    }
    let object = &source.object;
    // What a store holds is no event that could carry consent.
    if is_dataset(source) {
        return None;
    }
    let columns = object.boolean("consent.columns") == Some(true);
    match (object.text("platform"), destination.object.text("mode")) {
        // A model or an export without consent columns goes out whatever the preferences (Segment documentation,
        // consent in reverse ETL).
        (Some("retl"), _) | (_, Some("reverse_etl")) => return (!columns).then_some("has no consent columns"),
        (_, Some("file")) => return (!columns).then_some("exports without joining the suppression list"),
        // The consent that events of an archive carry is that of their day; it knows no opt-out since
        // (Cal. Civ. Code § 1798.120(d)).
        (Some("replay"), _) => return (!columns).then_some("sends events again without joining the suppression list"),
        _ => {}
    }
    if object.boolean("consent.object") == Some(true) {
        return None;
    }
    match object.text("consent.wrapper") {
        Some("none") => return Some("has no consent wrapper"),
        Some(_) => return None,
        None => {}
    }
    if object.boolean("consent.object") == Some(false) {
        return Some("sends events without the consent object");
    }
    match object.text("platform") {
        Some("server" | "cloud_object") => Some("sends events without the consent object"),
        // A wrapper in the repository is taken for the one of the website; what it wraps is not said in its file.
        Some("web") | None if map.model.consents.iter().any(is_wrapper) => None,
        // Segment enforces what events carry; another manager is presumed to act in the page or app itself.
        _ if map.model.manager().is_some_and(|manager| manager.value == ON_SEGMENT[0]) => {
            Some("declares no consent wrapper")
        }
        _ => None,
    }
}

/// Whether a wrapper acts in the page of a source: the one that it declares, or else one in the repository, unless its
/// events carry the consent object by other means.
pub(super) fn is_wrapped(map: Map<'_>, source: Option<&Entity>) -> bool {
    match source.and_then(|source| source.object.text("consent.wrapper")) {
        Some(wrapper) => wrapper != "none",
        None => {
            let otherwise = source.is_some_and(|source| source.object.boolean("consent.object") == Some(true));
            !otherwise && map.model.consents.iter().any(is_wrapper)
        }
    }
}

/// Whether a consent set-up is a wrapper that stamps events.
pub(super) fn is_wrapper(consent: &Entity) -> bool {
    let wraps = matches!(consent.object.text("manager"), Some("segment" | "onetrust" | "trustarc"));
    wraps && consent.is_from(Origin::Manager)
}
