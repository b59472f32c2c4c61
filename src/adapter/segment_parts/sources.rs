//! Types of sources in Segment's public catalogue, and where their events come from.

use super::text;
use crate::document::Node;
use crate::model::Object;

/// Words in the slugs and names of types.
const WORDS: [(&str, &[&str]); 7] = [
    ("retl", &["reverse-etl", "reverse_etl"]),
    ("mobile", &["react-native", "flutter", "xamarin", "unity", "cordova", "ionic"]),
    ("tv", &["roku", "ott"]),
    ("web", &["javascript", "website", "shopify", "analytics-js", "amp"]),
    ("ios", &["ios", "swift", "objective-c", "apple"]),
    ("android", &["android", "kotlin"]),
    (
        "server",
        &["node", "python", "golang", "go", "java", "http", "ruby", "php", "net", "clojure", "rust", "pixel", "csharp"],
    ),
];

/// Warehouses are sources of reverse ETL.
const WAREHOUSES: [&str; 6] = ["snowflake", "bigquery", "redshift", "databricks", "postgres", "azure"];

/// Ids of types, which Terraform writes instead of slugs.
const IDS: [(&str, &[&str]); 7] = [
    ("web", &["IqDTy1TpoU", "V8ji9rWzoS", "TNBRknbbnE"]),
    ("ios", &["dZeHygTSD4"]),
    ("android", &["9EMcTqiKok"]),
    ("mobile", &["CvYws1p1ZA", "B0X0QmvMny", "4zkHfaSKI8", "wcssVcPJrc"]),
    ("tv", &["BbupS2SB0b"]),
    (
        "server",
        &[
            "8HWbgPTt3k",
            "B6L7qzHmhI",
            "yBvi77aEwr",
            "iUM16Md8P2",
            "V6ynUvQgbc",
            "U9mT0bPcI6",
            "TDO70If4mD",
            "7XqN9rJQOG",
            "XRksQPCr7X",
            "aACTBqIbWT",
        ],
    ),
    ("retl", &["xNpohElkX2", "78PbvP2yv8", "aSPS4yE0CZ", "WvlvcGEJsT", "0yMe8VfuDc", "BQp3zGUgjV"]),
];

/// The platform of a source by the id, slug or name of its type.
pub(in crate::adapter) fn platform(name: &str) -> Option<&'static str> {
    if let Some((platform, _)) = IDS.iter().find(|(_, ids)| ids.contains(&name)) {
        return Some(platform);
    }
    let plain = name.trim_start_matches("catalog/sources/").to_ascii_lowercase().replace([' ', '.'], "-");
    if WAREHOUSES.iter().any(|warehouse| plain.starts_with(warehouse)) {
        return Some("retl");
    }
    let parts: Vec<&str> = plain.split('-').collect();
    let fits = |word: &&str| plain == **word || plain.starts_with(&format!("{word}-")) || parts.contains(word);
    WORDS.iter().find(|(_, words)| words.iter().any(&fits)).map(|(platform, _)| *platform)
}

/// Sets `platform` from the metadata of a source.
pub(in crate::adapter) fn set_platform(metadata: Node<'_>, object: &mut Object) {
    for key in ["slug", "id", "name"] {
        let Some((found, span)) = metadata.get(key).and_then(|node| Some((platform(node.text()?)?, node.span())))
        else {
            continue;
        };
        object.set("platform", text(found, span));
        return;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platforms_go_by_the_type_of_the_source() {
        for (name, expected) in [
            ("javascript", Some("web")),
            ("catalog/sources/javascript", Some("web")),
            ("IqDTy1TpoU", Some("web")),
            ("iUM16Md8P2", Some("server")),
            ("BQp3zGUgjV", Some("retl")),
            ("ios", Some("ios")),
            ("Apple", Some("ios")),
            ("kotlin-android", Some("android")),
            ("React Native", Some("mobile")),
            ("http-api", Some("server")),
            ("Node.js", Some("server")),
            ("snowflake-reverse-etl", Some("retl")),
            ("Reverse ETL", Some("retl")),
            ("salesforce", None),
            ("google", None),
        ] {
            assert_eq!(platform(name), expected, "{name}");
        }
    }
}
