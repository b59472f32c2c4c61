//! What is generated is current; `UPDATE=1 cargo test` brings it up to date.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read and write the generated files")]

use std::path::Path;

fn current(path: &str, generated: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, generated).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(committed == generated, "{path} is stale; run `UPDATE=1 cargo test --test generated`");
}

#[test]
fn the_schema_of_the_data_map_follows_the_kind_table() {
    let schema = serde_json::to_string_pretty(&consentlint::model::schema::datamap()).unwrap() + "\n";
    current("policies/schemas/datamap.json", &schema);
}
