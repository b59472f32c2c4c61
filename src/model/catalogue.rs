//! Known destinations: what Segment's public catalogue says of them.

use super::names::normal;
use std::collections::HashMap;
use std::sync::OnceLock;

const DESTINATIONS: &str = include_str!("../../policies/catalog/destinations.tsv");
const ADDITIONS: &str = include_str!("../../policies/catalog/additions.tsv");
const DELETION: &str = include_str!("../../policies/catalog/deletion.tsv");

/// A destination of the catalogue.
#[derive(Clone, Debug)]
pub struct Known {
    /// Catalogue id, 24 hexadecimal digits; empty for those that the published catalogue lacks.
    pub id: &'static str,
    /// Slug, such as `facebook-pixel`.
    pub slug: &'static str,
    /// Display name; also the creation name, unless the destination was renamed.
    pub name: &'static str,
    /// Names it had before, among them the creation name of a renamed one, and everyday names.
    pub earlier_names: Vec<&'static str>,
    /// Catalogue categories, the most specific reading first as published.
    pub categories: Vec<&'static str>,
    /// Vendor that runs it; several destinations may share one.
    pub vendor: &'static str,
    /// Can run in the browser or app as the vendor's own script.
    pub device_mode: bool,
    /// Can be reached from Segment's servers.
    pub cloud_mode: bool,
    /// Segment forwards deletions to it (Segment documentation, privacy FAQ).
    pub forwards_deletion: bool,
    /// What forwarding needs besides, such as a secret key.
    pub forwarding_needs: Option<&'static str>,
    /// What says that deletions are forwarded.
    pub forwarding_evidence: Option<Evidence>,
}

impl Known {
    /// Whether both are one tool, be it by different integrations: of one vendor, with an everyday name in common.
    pub fn is_variant_of(&self, other: &Known) -> bool {
        let names = |known: &Known| -> Vec<String> {
            let all = std::iter::once(&known.name).chain(&known.earlier_names);
            all.map(|name| normal(name.split(" (").next().unwrap_or(name))).collect()
        };
        let shared = || names(self).iter().any(|name| names(other).contains(name));
        self.slug == other.slug || (self.vendor == other.vendor && shared())
    }
}

/// What says that deletions are forwarded to a destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The list of Segment's privacy FAQ.
    Listed,
    /// The FAQ's "Raw Data destinations": storage and warehouses.
    RawData,
    /// Only the page of the destination itself.
    OwnPage,
}

/// The answer of a look-up.
#[derive(Clone, Debug)]
pub enum Lookup {
    /// One destination has this name.
    Found(&'static Known),
    /// Several have; the caller should ask for a slug.
    Ambiguous(Vec<&'static Known>),
    /// None has.
    Unknown,
}

/// Finds a destination by id, slug, display name, creation name or earlier name; case and punctuation do not count,
/// and a name in use today wins over an earlier one.
pub fn lookup(name: &str) -> Lookup {
    catalogue().lookup(name)
}

/// All destinations, in the order of their names.
pub fn all() -> &'static [Known] {
    &catalogue().all
}

/// Whether a word is a category of the catalogue, as it lists kinds of destinations.
pub fn is_category(word: &str) -> bool {
    let word = normal(word);
    all().iter().flat_map(|known| &known.categories).any(|category| normal(category) == word)
}

/// Stands for every catalogue category that no other consent category lists.
pub const EVERY_OTHER: &str = "*";

/// The built-in categories of Segment's open-source Consent Manager, and the catalogue categories whose destinations
/// fall into them (package `@segment/consent-manager`, `categories.ts`); the last takes every other destination.
pub const BUILT_IN: [(&str, &[&str]); 3] = [
    ("advertising", &["Advertising", "Tag Managers"]),
    (
        "functional",
        &[
            "CRM",
            "Customer Success",
            "Deep Linking",
            "Helpdesk",
            "Livechat",
            "Performance Monitoring",
            "Personalization",
            "SMS & Push Notifications",
            "Security & Fraud",
        ],
    ),
    ("marketingAndAnalytics", &[EVERY_OTHER]),
];

/// The built-in consent category of a destination, by the first of its catalogue categories.
pub fn default_category(categories: &[&str]) -> &'static str {
    let first = categories.first().copied().unwrap_or(EVERY_OTHER);
    let listing = BUILT_IN.iter().find(|(_, listed)| listed.contains(&first));
    listing.or(BUILT_IN.last()).map_or("", |(name, _)| name)
}

/// By what a destination is found; the earlier wins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tier {
    Slug,
    Display,
    Earlier,
    /// The display name without a remark in parentheses: `Loops` for `Loops (Actions)`.
    Bare,
}

#[derive(Default)]
struct Catalogue {
    all: Vec<Known>,
    index: HashMap<String, (Tier, Vec<usize>)>,
}

impl Catalogue {
    fn read(destinations: &'static str, additions: &'static str, deletion: &'static str) -> Self {
        let mut all: Vec<Known> = rows(destinations).filter_map(destination).collect();
        rows(additions).for_each(|row| add(&mut all, &row));
        all.sort_by_cached_key(|known| known.name.to_lowercase());
        rows(deletion).for_each(|row| forward(&mut all, &row));
        let mut catalogue = Self { all, index: HashMap::with_capacity(2048) };
        catalogue.fill();
        catalogue
    }

    fn fill(&mut self) {
        for at in 0..self.all.len() {
            let known = self.all[at].clone();
            self.put(known.id, Tier::Slug, at);
            self.put(known.slug, Tier::Slug, at);
            self.put(known.name, Tier::Display, at);
            known.earlier_names.iter().for_each(|name| self.put(name, Tier::Earlier, at));
            if let Some((bare, _)) = known.name.split_once(" (") {
                self.put(bare, Tier::Bare, at);
            }
        }
    }

    fn put(&mut self, name: &str, tier: Tier, at: usize) {
        let key = normal(name);
        if key.is_empty() {
            return;
        }
        let (held, members) = self.index.entry(key).or_insert((tier, Vec::new()));
        if tier < *held {
            *held = tier;
            members.clear();
        }
        if tier == *held && !members.contains(&at) {
            members.push(at);
        }
    }

    fn lookup(&'static self, name: &str) -> Lookup {
        let Some((_, members)) = self.index.get(&normal(name)) else {
            return Lookup::Unknown;
        };
        let mut found: Vec<&'static Known> = members.iter().filter_map(|at| self.all.get(*at)).collect();
        match found.pop() {
            None => Lookup::Unknown,
            Some(known) if found.is_empty() => Lookup::Found(known),
            Some(known) => {
                found.push(known);
                Lookup::Ambiguous(found)
            }
        }
    }
}

fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| Catalogue::read(DESTINATIONS, ADDITIONS, DELETION))
}

/// The cells of each row; comments and the header are left out.
fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    let content = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    content.skip(1).map(|line| line.split('\t').collect())
}

fn list(cell: &'static str) -> Vec<&'static str> {
    cell.split('|').filter(|item| !item.is_empty()).collect()
}

fn destination(row: Vec<&'static str>) -> Option<Known> {
    let [id, slug, name, earlier, categories, device, cloud, vendor] = row[..] else {
        return None;
    };
    Some(Known {
        id,
        slug,
        name,
        earlier_names: list(earlier),
        categories: list(categories),
        vendor,
        device_mode: device == "yes",
        cloud_mode: cloud == "yes",
        forwards_deletion: false,
        forwarding_needs: None,
        forwarding_evidence: None,
    })
}

/// A row of the additions: names for a destination of the catalogue, or a destination of its own.
fn add(all: &mut Vec<Known>, row: &[&'static str]) {
    let [slug, name, earlier, categories, device, cloud, vendor, _source] = row[..] else {
        return;
    };
    if let Some(known) = all.iter_mut().find(|known| known.slug == slug) {
        known.earlier_names.extend(list(earlier));
        known.categories.extend(list(categories));
        return;
    }
    all.extend(destination(vec!["", slug, name, earlier, categories, device, cloud, vendor]));
}

fn forward(all: &mut [Known], row: &[&'static str]) {
    let [slug, needs, evidence] = row[..] else {
        return;
    };
    let Some(known) = all.iter_mut().find(|known| known.slug == slug) else {
        return;
    };
    known.forwards_deletion = true;
    known.forwarding_needs = Some(needs).filter(|needs| !needs.is_empty());
    known.forwarding_evidence = match evidence {
        "faq" => Some(Evidence::Listed),
        "raw-data" => Some(Evidence::RawData),
        _ => Some(Evidence::OwnPage),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slug(name: &str) -> Option<&'static str> {
        match lookup(name) {
            Lookup::Found(known) => Some(known.slug),
            _ => None,
        }
    }

    #[test]
    fn the_embedded_files_parse_fully() {
        assert_eq!(rows(DESTINATIONS).count(), 503);
        assert_eq!(all().iter().filter(|known| known.id.len() == 24).count(), 503);
        let slugs: Vec<&str> = all().iter().map(|known| known.slug).collect();
        let own = rows(ADDITIONS).filter(|row| !row[1].is_empty());
        assert_eq!(all().len(), 503 + own.count());
        assert!(rows(ADDITIONS).all(|row| row.len() == 8 && slugs.contains(&row[0])));
        assert!(rows(DELETION).all(|row| row.len() == 3 && slugs.contains(&row[0])));
        assert!(rows(DELETION).all(|row| ["faq", "raw-data", "own-docs"].contains(&row[2])));
        assert!(all().iter().all(|known| !known.vendor.is_empty() && !known.name.is_empty()));
    }

    #[test]
    fn every_id_slug_and_name_finds_its_own_destination() {
        for known in all() {
            for name in [known.id, known.slug, known.name, &known.slug.to_uppercase()] {
                assert!(name.is_empty() || slug(name) == Some(known.slug), "{name}");
            }
        }
    }

    #[test]
    fn earlier_and_creation_names_find_the_renamed_destination() {
        assert_eq!(slug("Actions Amplitude"), Some("actions-amplitude"));
        assert_eq!(slug("Appboy"), Some("braze"));
        assert_eq!(slug("AdWords"), Some("google-ads-classic"));
        assert_eq!(slug("facebook_pixel"), Some("facebook-pixel"));
        assert_eq!(slug("Meta Pixel"), Some("facebook-pixel"));
        assert_eq!(slug("Segment.io"), Some("segment-io"));
        assert_eq!(slug("Loops"), Some("actions-loops"));
    }

    #[test]
    fn a_name_of_today_wins_over_an_earlier_one() {
        assert_eq!(slug("Fullstory"), Some("fullstory"));
        assert_eq!(slug("Amazon Eventbridge"), Some("amazon-eventbridge"));
    }

    #[test]
    fn a_name_that_two_destinations_share_is_ambiguous() {
        let Lookup::Ambiguous(candidates) = lookup("google ads") else { panic!("one found") };
        assert_eq!(candidates.len(), 2);
    }

    #[test]
    fn other_names_are_unknown() {
        assert!(["", "  ", "--", "Our Own Pipeline"].iter().all(|name| matches!(lookup(name), Lookup::Unknown)));
    }

    #[test]
    fn destinations_of_one_vendor_share_its_name() {
        let vendor = |slug| all().iter().find(|known| known.slug == slug).map(|known| known.vendor);
        assert_eq!(vendor("facebook-pixel"), vendor("actions-facebook-custom-audiences"));
        assert_eq!(vendor("google-tag-manager"), vendor("doubleclick-floodlight"));
    }

    #[test]
    fn forwarding_tells_its_needs_and_evidence() {
        let forwards = |slug| all().iter().find(|known| known.slug == slug && known.forwards_deletion);
        assert!(forwards("amplitude").is_some_and(|known| known.forwarding_needs.is_some()));
        let airship = forwards("actions-airship").and_then(|known| known.forwarding_evidence);
        assert_eq!(airship, Some(Evidence::OwnPage));
        assert!(forwards("facebook-pixel").is_none());
    }
}
