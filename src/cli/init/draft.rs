//! The first files of a project, as text: what is known is written down, what only people know is a question.

use crate::check::Loaded;
use crate::cli::args::SchemaName;
use crate::cli::schema::modeline;
use crate::model::Entity;
use crate::model::catalogue::Known;
use crate::output::printable;
use crate::source::{Sources, Span};
use std::collections::BTreeMap;

/// How many places of an entity are named.
const PLACES: usize = 3;

/// `consentlint.yaml`.
pub(super) fn settings() -> String {
    modeline(SchemaName::Settings) + SETTINGS
}

const SETTINGS: &str = "\
# Settings of consentlint. Every key is optional.
# exclude: [\"drafts/**\"]
# fail_on: high
";

/// The data map of what was found.
pub(super) fn datamap(loaded: &Loaded, sources: &Sources) -> String {
    let mut draft = Draft { text: modeline(SchemaName::Datamap), sources };
    draft.line(
        "# The data map: what happens to personal information here. consentlint filled in what it found; lines that\n\
         # start with `# ` and a key are questions: remove the `# `, and answer.\n\
         datamap: 1\n\n\
         # business:\n\
         # Where are your consumers, and do you sell personal information or share it for cross-context behavioral\n\
         # advertising?\n\
         #   regions: [us-ca]\n\
         #   sells_or_shares: true\n\
         # Where is the link by which people can opt out at any time, and change their minds?\n\
         #   links:\n\
         #     do_not_sell: {url: https://example.com/choices, title: Your Privacy Choices, placement: footer}\n\
         #     privacy_policy: {url: https://example.com/privacy, updated_on: 2026-01-01}\n\n\
         # Is Global Privacy Control read and obeyed, and for whom?\n\
         # signals:\n\
         #   gpc: {honored: true, applies_to: [browser, pseudonymous_profile, account]}\n",
    );
    draft.consent(loaded);
    draft.destinations(loaded);
    draft.sources(loaded);
    draft.line(
        "# How do people ask, and where is it recorded?\n\
         # requests:\n\
         #   opt_out: {methods: [preference_signal, web_form], event: Opt Out Updated, store: warehouse}\n\
         #   delete: {methods: [web_form, email], via: segment, regulation: SUPPRESS_WITH_DELETE, key: user_id, sla_days: 45}\n\
         #   know: {methods: [web_form, email], sla_days: 45, lookback: all}",
    );
    draft.text
}

struct Draft<'s> {
    text: String,
    sources: &'s Sources,
}

impl Draft<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Where files speak of something, as `file:line`.
    fn places(&self, entity: &Entity) -> String {
        let mut places: Vec<String> = Vec::new();
        for (_, named) in &entity.origins {
            let place = self.place(named.span);
            if !places.contains(&place) {
                places.push(place);
            }
        }
        if places.is_empty() {
            places.push(self.place(entity.id.span));
        }
        let more = places.len().saturating_sub(PLACES);
        places.truncate(PLACES);
        let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("{}{rest}", places.join(", "))
    }

    fn place(&self, span: Span) -> String {
        self.sources.get(span.source).map_or_else(String::new, |source| {
            format!("{}:{}", printable(&source.path), source.position(span.start).line)
        })
    }

    fn consent(&mut self, loaded: &Loaded) {
        let manager = loaded.model.manager();
        match manager {
            Some(manager) => {
                let place = self.place(manager.span);
                self.line(&format!("# The consent manager is {} ({place}).", printable(manager.value)));
            }
            None => {
                self.line("# Which consent manager is used: segment, onetrust, trustarc, rudderstack, gtm, custom?")
            }
        }
        if loaded.model.categories.is_empty() {
            self.line(
                "# consent:\n\
                 #   manager: onetrust\n\
                 #   model: opt-out\n\
                 #   categories:\n\
                 #     - {id: do-not-sell, controls: [opt-out], purpose: Stop selling and sharing, destinations: []}\n",
            );
            return;
        }
        self.line(
            "# Which of these does \"Do Not Sell or Share\" turn off, and the signal? They need `controls: [opt-out]`.\n\
             # consent:\n\
             #   categories:",
        );
        for category in &loaded.model.categories {
            let place = self.places(category);
            let id = scalar(&category.id.value);
            self.line(&format!("# found in {place}\n#     - id: {id}\n#       controls: [opt-out]"));
            if category.object.get("purpose").is_none() {
                self.line("#       purpose: what the data is used for, specifically");
            }
        }
        self.line("");
    }

    fn destinations(&mut self, loaded: &Loaded) {
        if loaded.model.destinations.is_empty() {
            self.line(
                "# Which tools and stores receive events?\n\
                 # destinations:\n\
                 #   - {id: facebook-pixel, role: third_party, purposes: [retargeting], shares: true}\n",
            );
            return;
        }
        self.line(
            "# Of each: who the recipient is (service_provider, contractor, third_party or internal), what it uses the data\n\
             # for, the contract, how a deletion reaches it, and how long it keeps the data.\n\
             destinations:",
        );
        let catalogued = || loaded.model.destinations.iter().zip(&loaded.links.known);
        let mut slugs: BTreeMap<&str, usize> = BTreeMap::new();
        catalogued().filter_map(|(_, known)| *known).for_each(|known| *slugs.entry(known.slug).or_default() += 1);
        for (entity, known) in catalogued() {
            let alone = known.is_some_and(|known| slugs.get(known.slug) == Some(&1));
            self.destination(entity, *known, alone);
        }
        self.line("");
    }

    fn destination(&mut self, entity: &Entity, known: Option<&'static Known>, alone: bool) {
        let place = self.places(entity);
        self.line(&format!("  # {place}"));
        if let Some(known) = known {
            let category = crate::model::default_category(&known.categories);
            let listed = if known.categories.is_empty() { "none".to_owned() } else { known.categories.join(", ") };
            self.line(&format!(
                "  # {}; catalogue: {listed}; the consent category it would fall into by default: {category}",
                known.name
            ));
        }
        match known {
            // The slug says more than the address of a resource, and joins as well.
            Some(known) if alone => self.line(&format!("  - id: {}", known.slug)),
            Some(known) => {
                self.line(&format!("  - id: {}\n    catalog: {}", scalar(&entity.id.value), known.slug));
            }
            None => self.line(&format!("  - id: {}", scalar(&entity.id.value))),
        }
        let asked = [
            ("role", "role: third_party"),
            ("purposes", "purposes: [services]"),
            ("contract", "contract: {kind: third_party, ref: where the signed agreement is found}"),
            ("deletion", "deletion: {via: vendor_api, key: user_id, sla_days: 45}"),
            ("retention_days", "retention_days: 365"),
        ];
        for (name, question) in asked {
            if entity.object.get(name).is_none() {
                self.line(&format!("    # {question}"));
            }
        }
    }

    fn sources(&mut self, loaded: &Loaded) {
        if loaded.model.sources.is_empty() {
            self.line(
                "# Which websites, apps and servers send events, and where to?\n\
                 # sources:\n\
                 #   - {id: web, platform: web, identity: [user_id, anonymous_id], consent: {wrapper: onetrust}}\n",
            );
            return;
        }
        self.line("# Of each: what it is, and which identifiers its events carry.\nsources:");
        for source in &loaded.model.sources {
            let place = self.places(source);
            let name = source.object.text("name").filter(|name| *name != source.id.value);
            let name = name.map_or_else(String::new, |name| format!("{}: ", printable(name)));
            self.line(&format!("  # {name}{place}\n  - id: {}", scalar(&source.id.value)));
            for (name, question) in [("platform", "platform: web"), ("identity", "identity: [user_id, anonymous_id]")] {
                if source.object.get(name).is_none() {
                    self.line(&format!("    # {question}"));
                }
            }
        }
        self.line("");
    }
}

/// A text as a YAML scalar on one line.
fn scalar(text: &str) -> String {
    let flat = printable(text);
    let written = serde_yaml::to_string(&flat).unwrap_or_default();
    let written = written.trim_end();
    if written.contains('\n') || written.starts_with(['|', '>']) {
        return serde_json::to_string(&flat).unwrap_or_default();
    }
    written.to_owned()
}
