//! Destinations that no consent category lists, where a manager sorts them by their catalogue category.

use consentlint::adapter::{Candidate, recognise};
use consentlint::document::parse;
use consentlint::model::Model;
use consentlint::source::SourceId;

/// The destinations of each category, by what files say together.
fn categories(files: &[(&str, &str)]) -> Vec<String> {
    let mut parts = Vec::new();
    for (at, (path, text)) in files.iter().enumerate() {
        let parsed = parse(SourceId(at as u32), path, text);
        for document in &parsed.documents {
            let candidate = Candidate { path, document };
            let mut model = Model::default();
            let Some(adapter) = recognise(&candidate) else { panic!("{path} is nobody's") };
            adapter.read(&candidate, &mut model, &mut Vec::new());
            parts.push(model);
        }
    }
    let (model, links, _) = Model::join(parts);
    let names = |at: usize| {
        let names = links.categories[at].iter().map(|link| model.destinations[link.index].id.value.as_str());
        names.collect::<Vec<_>>().join(", ")
    };
    model.categories.iter().enumerate().map(|(at, category)| format!("{}: {}", category.id.value, names(at))).collect()
}

const MAP: &str = "datamap: 1
destinations:
  - id: facebook-pixel
  - id: livechat
  - id: actions-amplitude
  - id: our-own
";

#[test]
fn built_in_categories_take_destinations_by_their_first_catalogue_category() {
    let manager = "window.consentManagerConfig = { writeKey: 'k', closeBehavior: 'deny' }";
    let found = categories(&[("map.yaml", MAP), ("a.js", manager)]);
    let expected = ["advertising: facebook-pixel", "functional: livechat", "marketingAndAnalytics: actions-amplitude"];
    assert_eq!(found, expected);
}

#[test]
fn custom_categories_take_only_what_they_list() {
    let manager =
        "window.consentManagerConfig = { customCategories: { A: { integrations: ['LiveChat'], purpose: 'p' } } }";
    assert_eq!(categories(&[("map.yaml", MAP), ("a.js", manager)]), ["A: livechat"]);
}

#[test]
fn a_mapping_by_hand_takes_no_more_than_it_says() {
    let mapping =
        "const categoryMapping = { Advertising: 'C0004', Analytics: 'C0002', 'SMS & Push Notifications': 'C0001' }";
    let found = categories(&[("map.yaml", MAP), ("a.js", mapping)]);
    assert_eq!(found, ["C0004: facebook-pixel", "C0002: actions-amplitude", "C0001: "]);
}

#[test]
fn a_destination_that_is_listed_is_not_sorted_again() {
    let both = "const integrationCategoryMappings = 0
        export const categoryMapping = { Advertising: 'C0004', Analytics: 'C0002' }
        export const destinationMapping = { 'Facebook Pixel': 'C0003', LiveChat: 'C0003' }";
    let found = categories(&[("map.yaml", MAP), ("a.js", both)]);
    assert_eq!(found, ["C0004: ", "C0002: actions-amplitude", "C0003: facebook-pixel, livechat"]);
}
