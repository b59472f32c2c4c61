//! To whom the tags of a tag manager send: the data file `policies/catalog/gtm-tags.tsv`, and the text of custom tags.

use crate::model::normal;
use std::collections::HashMap;
use std::sync::OnceLock;

const TAGS: &str = include_str!("../../../policies/catalog/gtm-tags.tsv");

/// How many addresses in one custom tag are looked at.
const MAX_ADDRESSES: usize = 32;

/// What is known of a tag.
#[derive(Debug)]
pub(super) struct Known {
    /// Who receives what it sends; none for a tag that sends nothing to a vendor of its own.
    pub(super) recipient: Option<Recipient>,
    /// Consent types that the tag itself looks at.
    pub(super) checks: Vec<&'static str>,
    what: &'static str,
}

/// Who receives what a tag sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Recipient {
    /// Slug of the catalogue, or the vendor's name.
    pub(super) name: &'static str,
    /// Other names of the same recipient.
    pub(super) also: Vec<&'static str>,
}

#[derive(Default)]
struct Table {
    types: HashMap<&'static str, Known>,
    templates: HashMap<String, Known>,
    ids: Vec<Known>,
    html: Vec<Known>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = Table::default();
        let content = TAGS.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        content.skip(1).for_each(|line| table.add(line));
        table
    })
}

fn list(cell: &'static str) -> Vec<&'static str> {
    cell.split('|').filter(|item| !item.is_empty()).collect()
}

impl Table {
    fn add(&mut self, line: &'static str) {
        let cells: Vec<&'static str> = line.split('\t').collect();
        let [found_by, what, name, also, checks, _source] = cells[..] else { return };
        let recipient = (!name.is_empty()).then(|| Recipient { name, also: list(also) });
        let known = Known { recipient, checks: list(checks), what };
        match found_by {
            "type" => drop(self.types.insert(what, known)),
            "template" => drop(self.templates.insert(normal(what), known)),
            "id" => self.ids.push(known),
            "html" => self.html.push(known),
            _ => {}
        }
    }
}

/// What is known of tags of this type.
pub(super) fn of_type(name: &str) -> Option<&'static Known> {
    table().types.get(name)
}

/// What the id of a Google tag says beyond its type.
pub(super) fn of_id(id: &str) -> Option<&'static Known> {
    let id = id.trim().to_ascii_lowercase();
    table().ids.iter().find(|known| id.starts_with(known.what))
}

/// What is known of a custom template with this name.
pub(super) fn of_template(name: &str) -> Option<&'static Known> {
    table().templates.get(&normal(name))
}

/// Everything known that occurs in a text made by [`compact`].
pub(super) fn in_text(text: &str) -> impl Iterator<Item = &'static Known> {
    table().html.iter().filter(move |known| text.contains(known.what))
}

/// A text as the rows of the data file are written: lower case, without blanks, one kind of quote.
pub(super) fn compact(text: &str) -> String {
    let written = text.chars().filter(|letter| !letter.is_whitespace());
    written.map(|letter| if matches!(letter, '"' | '`') { '\'' } else { letter.to_ascii_lowercase() }).collect()
}

/// Whether a text made by [`compact`] loads something from a host that is neither the site's own nor known not to be a
/// vendor's.
pub(super) fn loads_from_outside(text: &str, own: &[String]) -> bool {
    addresses(text).any(|address| {
        let host = host(address);
        let ours = own.iter().any(|domain| host == domain || host.ends_with(&format!(".{domain}")));
        !ours && host.contains('.') && in_text(address).next().is_none()
    })
}

/// What follows `src=`, where it leads to another host.
fn addresses(text: &str) -> impl Iterator<Item = &str> {
    let after = text.split("src=").skip(1).take(MAX_ADDRESSES);
    after.filter_map(|rest| {
        let rest = rest.strip_prefix('\'').unwrap_or(rest);
        let rest = rest.strip_prefix("https:").or_else(|| rest.strip_prefix("http:")).unwrap_or(rest);
        let rest = rest.strip_prefix("//")?;
        rest.split(['\'', '>', ';', '\\', '<']).next()
    })
}

fn host(address: &str) -> &str {
    address.split(['/', '?', '#', ':']).next().unwrap_or(address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::catalogue::{Lookup, lookup};

    fn rows() -> Vec<Vec<&'static str>> {
        let content = TAGS.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        content.skip(1).map(|line| line.split('\t').collect()).collect()
    }

    #[test]
    fn every_row_is_whole_and_leads_somewhere() {
        for row in rows() {
            let [found_by, what, name, _, checks, source] = row[..] else { panic!("{row:?}") };
            assert!(["type", "id", "template", "html"].contains(&found_by), "{row:?}");
            assert!(!what.is_empty() && !source.is_empty(), "{row:?}");
            let slug =
                name.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-');
            assert!(name.is_empty() || !slug || matches!(lookup(name), Lookup::Found(_)), "{row:?}");
            assert!(
                list(checks).iter().all(|check| check.starts_with("ad_") || check.ends_with("_storage")),
                "{row:?}"
            );
            assert!(found_by != "html" || compact(what) == what, "{row:?}");
        }
    }

    #[test]
    fn a_text_is_found_whatever_its_quotes_and_blanks() {
        let text = compact("gtag( \"config\",\n 'AW-1234' ); FBQ('init', '1');");
        let names: Vec<&str> = in_text(&text).filter_map(|known| Some(known.recipient.as_ref()?.name)).collect();
        assert_eq!(names, ["facebook-pixel", "google-ads-gtag"]);
    }

    #[test]
    fn only_other_hosts_are_outside() {
        let own = ["shop.example".to_owned()];
        for (html, outside) in [
            ("<script src=\"https://tags.vendor.example/t.js\"></script>", true),
            ("<img src=//px.vendor.example/1.gif>", true),
            ("<script>s.src = 'https://' + host;</script>", false),
            ("<script src=/local.js></script>", false),
            ("<script src=\"https://static.shop.example/a.js\"></script>", false),
            ("<script src=\"https://cdn.cookielaw.org/consent.js\"></script>", false),
        ] {
            assert_eq!(loads_from_outside(&compact(html), &own), outside, "{html}");
        }
    }
}
