//! Segment's open-source Consent Manager (`@segment/consent-manager`), in all ways in which people set it up.

mod config;
mod words;

use super::consent_parts::{Setting, given, hidden, setting, statements};
use super::{Adapter, Candidate, consent_wrapper};
use crate::document::{Code, Node, Shape, Syntax};
use crate::finding::Problem;
use crate::model::{Located, Model, Origin};
use crate::source::Span;

/// Segment's Consent Manager.
pub static ADAPTER: Adapter = Adapter {
    name: "segment-consent-manager",
    about: "Segment's open-source Consent Manager: script, component, page, or the same settings as data",
    origin: Origin::Manager,
    schema: None,
    recognises: |candidate| is_ours(candidate),
    meant: |_| false,
    lower,
};

/// Settings that nothing else has.
const OWN_KEYS: [&str; 6] = [
    "customCategories",
    "initialPreferences",
    "closeBehavior",
    "shouldRequireConsent",
    "implyConsentOnInteraction",
    "defaultDestinationBehavior",
];

const COMPONENTS: [&str; 2] = ["ConsentManager", "ConsentManagerBuilder"];
/// Words that an unreadable piece of code must have to be taken for a set-up of this manager.
const WORDS: [&str; 4] = ["onsentManagerConfig", "ConsentManager", "@segment/consent-manager", "customCategories"];
const PACKAGE: &str = "@segment/consent-manager";

/// A set-up, and what names it.
pub(super) struct Found<'d> {
    pub(super) config: Node<'d>,
    pub(super) place: Span,
}

/// The package, and its version where it is stated.
#[derive(Default)]
pub(super) struct Package {
    pub(super) name: Option<Located<String>>,
    pub(super) version: Option<Located<String>>,
}

/// Whether a document sets up this manager.
pub(super) fn is_ours(candidate: &Candidate<'_>) -> bool {
    let broken = || statements(candidate.document.root(), "broken").any(|(word, _)| is_word(word));
    !found(candidate).is_empty() || (candidate.document.syntax() == Syntax::JavaScript && broken())
}

fn is_word(node: Node<'_>) -> bool {
    node.text().is_some_and(|text| WORDS.contains(&text))
}

/// Whether a mapping has settings that nothing else has.
fn is_config(node: Node<'_>) -> bool {
    if node.shape() != Shape::Map {
        return false;
    }
    let own = OWN_KEYS.iter().filter(|key| node.get(key).is_some()).count();
    own > 1 || (own == 1 && node.get("writeKey").is_some())
}

/// Whether a component of a common name gets settings of ours of which one can be read: the library itself, and
/// components that wrap it, only hand theirs on.
fn is_set_up(config: Node<'_>) -> bool {
    let read = |key: &&str| {
        let code = config.get(key).map(Node::computed);
        code.is_some_and(|code| !matches!(code, Some(Code::Name | Code::Call | Code::Other)))
    };
    is_config(config) && OWN_KEYS.iter().chain(&["writeKey"]).any(read)
}

fn found<'d>(candidate: &Candidate<'d>) -> Vec<Found<'d>> {
    let root = candidate.document.root();
    match candidate.document.syntax() {
        Syntax::JavaScript => in_script(root),
        Syntax::Json | Syntax::Yaml => {
            let inner = ["consentManagerConfig", "consentManager"].iter().filter_map(|key| root.get(key));
            let config = std::iter::once(root).chain(inner).find(|node| is_config(*node));
            let one = |config: Node<'d>| Some(Found { config, place: config.entries().next()?.key_span() });
            config.and_then(one).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// Set-ups in code: what is handed to the library, or else constants that can be nothing else.
fn in_script(root: Node<'_>) -> Vec<Found<'_>> {
    let mut strong: Vec<Found<'_>> = Vec::new();
    let mut weak: Vec<Found<'_>> = Vec::new();
    for (at, key) in [("assign", "value"), ("const", "value"), ("export", "value")] {
        for (name, statement) in statements(root, at) {
            let Some(value) = statement.get(key) else { continue };
            let config = super::consent_parts::returned(value);
            let own_name = last_name(name.text().unwrap_or(""));
            let named = own_name == "consentManagerConfig";
            let own = Found { config, place: name.span() };
            let code = config.computed().is_some_and(|code| code != Code::Name);
            if named && (config.shape() == Shape::Map || code) {
                strong.push(own);
            } else if is_config(config) && own_name != "defaultProps" {
                weak.push(own);
            }
        }
    }
    let imported = statements(root, "import").any(|(from, _)| from.text().is_some_and(|text| text.starts_with(PACKAGE)));
    for (name, statement) in statements(root, "element") {
        let component = name.text().is_some_and(|name| COMPONENTS.contains(&name));
        let config = statement.get("attributes").filter(|config| component && (imported || is_set_up(*config)));
        strong.extend(config.map(|config| Found { config, place: name.span() }));
    }
    for (_, statement) in statements(root, "call") {
        let mut arguments = statement.get("arguments").into_iter().flat_map(|list| list.items());
        let component = arguments.next().filter(|first| COMPONENTS.contains(&last_name(first.code())));
        let (Some(component), Some(config)) = (component, arguments.next()) else { continue };
        if !imported && !is_set_up(config) {
            continue;
        }
        strong.push(Found { config, place: component.alias().unwrap_or(component.span()) });
    }
    let mut found = if strong.is_empty() { weak } else { strong };
    let mut seen = std::collections::HashSet::new();
    found.retain(|one| seen.insert(one.config.span()));
    found
}

fn last_name(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

fn lower(candidate: &Candidate<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
    let root = candidate.document.root();
    let package = package(root);
    for one in found(candidate) {
        if one.config.shape() != Shape::Map {
            problems.push(hidden(one.config, "the set-up of the consent manager is"));
        }
        config::lower(&one, &package, model, problems);
    }
    consent_wrapper::read(candidate, model, problems);
}

/// The package from an import or the address of a script.
fn package(root: Node<'_>) -> Package {
    let mut package = Package::default();
    for (from, _) in statements(root, "import") {
        let Some(text) = from.text().filter(|text| text.starts_with(PACKAGE)) else { continue };
        package.name.get_or_insert_with(|| Located::new(PACKAGE.to_owned(), from.span()));
        set_version(text, from.span(), &mut package);
    }
    for (address, _) in statements(root, "script") {
        let Some((_, rest)) = address.text().and_then(|text| text.split_once(PACKAGE)) else { continue };
        package.name.get_or_insert_with(|| Located::new(PACKAGE.to_owned(), address.span()));
        set_version(rest, address.span(), &mut package);
    }
    package
}

fn set_version(address: &str, span: Span, package: &mut Package) {
    let rest = address.strip_prefix(PACKAGE).unwrap_or(address);
    let version = rest.strip_prefix('@').and_then(|rest| rest.split('/').next());
    if let Some(version) = version.filter(|version| version.starts_with(|c: char| c.is_ascii_digit())) {
        package.version.get_or_insert_with(|| Located::new(version.to_owned(), span));
    }
}

/// The write key, where it is written.
pub(super) fn write_key(config: Node<'_>) -> Option<&str> {
    let node = given(config, "writeKey")?.value();
    node.text().filter(|text| !text.is_empty() && !node.has_hole())
}

/// Whether a setting can be told to be left out.
pub(super) fn is_absent(config: Node<'_>, key: &str) -> bool {
    match setting(config, key) {
        Setting::Absent => true,
        Setting::Given(entry) => entry.value().is_null(),
        Setting::Hidden(_) => false,
    }
}
