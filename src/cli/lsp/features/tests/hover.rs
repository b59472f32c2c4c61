//! What is said of places.

use super::super::hover;
use super::{at_cursor, fixture, source};
use crate::cli::lsp::snapshot::Snapshot;

fn said(files: &[(&str, &str)]) -> String {
    let (snapshot, source, offset) = at_cursor(files);
    let found = hover(&snapshot, source, offset);
    found.map_or_else(String::new, |found| found.markdown)
}

#[test]
fn print() {
    for (folder, file, word) in [
        ("shop-broken", "destinations.yaml", "facebook-pixel"),
        ("shop", "destinations.yaml", "role: third"),
        ("shop", "destinations.yaml", "actions-amplitude"),
        ("shop", "consent.yaml", "google-ads"),
        ("shop", "consent.yaml", "opt-out]"),
        ("shop", "business.yaml", "latitude"),
        ("shop", "business.yaml", "recipients"),
        ("shop", "business.yaml", "sells_or"),
    ] {
        let snapshot: Snapshot = fixture(folder);
        let Some((id, text)) = snapshot.inputs.sources.iter().find(|(_, source)| source.path.ends_with(file)) else {
            println!("no {file}: {:?}", snapshot.inputs.sources.iter().map(|(_, s)| &s.path).collect::<Vec<_>>());
            continue;
        };
        let offset = text.text.find(word).unwrap();
        println!("=== {folder}/{file} {word}\n{}\n", hover(&snapshot, id, offset as u32).map_or(String::new(), |h| h.markdown));
    }
}
