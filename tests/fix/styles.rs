//! One more item in a list, in every style in which a list can be written.

use super::mended;

const FIX: [&str; 4] = ["--fix", "--only", "ccpa/share-destination-ungated", "--fail-on=never"];

/// A data map with the category for the opt-out as it is written here, and a pixel that it lacks.
fn map(category: &str) -> String {
    format!(
        "datamap: 1\nconsent:\n  categories:\n{category}\ndestinations: # all of them\n  - {{id: facebook-pixel, role: third_party, \
         purposes: [custom_audience]}}\n"
    )
}

const HEAD: &str = "    - id: do-not-sell\n      purpose: Stop selling\n      controls: [opt-out]\n";

#[test]
fn a_list_in_a_block_stays_in_its_style() {
    let table = [
        (
            "      destinations:\n        - tiktok-conversions\n",
            "      destinations:\n        - tiktok-conversions\n        - facebook-pixel\n",
        ),
        (
            "      destinations:\n      - tiktok-conversions\n",
            "      destinations:\n      - tiktok-conversions\n      - facebook-pixel\n",
        ),
        (
            "      destinations:   # who\n        # first\n        -   'tiktok-conversions'   # note\n        # - old-pixel\n",
            "      destinations:   # who\n        # first\n        -   'tiktok-conversions'   # note\n        - 'facebook-pixel'\n        # - old-pixel\n",
        ),
        (
            "      destinations:\n        - \"tiktok-conversions\"\n\n\n      essential: false\n",
            "      destinations:\n        - \"tiktok-conversions\"\n        - \"facebook-pixel\"\n\n\n      essential: false\n",
        ),
        ("      destinations:\n", "      destinations: [facebook-pixel]\n"),
        ("      destinations: # none yet\n", "      destinations: [facebook-pixel] # none yet\n"),
        ("      destinations: ~ # none yet\n", "      destinations: [facebook-pixel] # none yet\n"),
        ("      \"destinations\" :\n", "      \"destinations\" : [facebook-pixel]\n"),
        ("", "      destinations: [facebook-pixel]\n"),
        ("      # the end\n", "      destinations: [facebook-pixel]\n      # the end\n"),
        ("      essential: false # no\n", "      essential: false # no\n      destinations: [facebook-pixel]\n"),
    ];
    for (before, after) in table {
        let (before, after) = (map(&format!("{HEAD}{before}")), map(&format!("{HEAD}{after}")));
        let (got, ran) = mended("data.yaml", &before, &FIX);
        assert_eq!(got, after, "{}", ran.stderr);
        let (got, _) = mended("data.yaml", &before.replace('\n', "\r\n"), &FIX);
        assert_eq!(got, after.replace('\n', "\r\n"));
        let (got, _) = mended("data.yaml", &format!("\u{feff}{before}"), &FIX);
        assert_eq!(got, format!("\u{feff}{after}"));
    }
}

#[test]
fn a_list_in_brackets_stays_in_its_style() {
    let table = [
        ("[tiktok-conversions]", "[tiktok-conversions, facebook-pixel]"),
        ("[ tiktok-conversions ] # who", "[ tiktok-conversions, facebook-pixel ] # who"),
        ("[tiktok-conversions,]", "[tiktok-conversions, facebook-pixel,]"),
        ("[\"tiktok-conversions\"]", "[\"tiktok-conversions\", \"facebook-pixel\"]"),
        ("['tiktok-conversions']", "['tiktok-conversions', 'facebook-pixel']"),
        ("[]", "[facebook-pixel]"),
        ("[ ]  # none", "[facebook-pixel]  # none"),
        ("[\n        tiktok-conversions\n      ]", "[\n        tiktok-conversions,\n        facebook-pixel\n      ]"),
        ("[\n        tiktok-conversions,\n      ]", "[\n        tiktok-conversions,\n        facebook-pixel,\n      ]"),
        (
            "[\n        tiktok-conversions # one\n      ]",
            "[\n        tiktok-conversions, # one\n        facebook-pixel\n      ]",
        ),
        (
            "[\n        tiktok-conversions,   # one\n        # two\n      ]",
            "[\n        tiktok-conversions,   # one\n        facebook-pixel,\n        # two\n      ]",
        ),
        (
            "[google-ads-gtag,\n        tiktok-conversions]",
            "[google-ads-gtag,\n        tiktok-conversions, facebook-pixel]",
        ),
    ];
    for (before, after) in table {
        let write = |list: &str| map(&format!("{HEAD}      destinations: {list}\n"));
        let (got, ran) = mended("data.yaml", &write(before), &FIX);
        assert_eq!(got, write(after), "{}", ran.stderr);
    }
    let inline = [
        ("destinations: [tiktok-conversions]}", "destinations: [tiktok-conversions, facebook-pixel]}"),
        ("enabled: true}", "enabled: true, destinations: [facebook-pixel]}"),
        ("enabled: true, }", "enabled: true, destinations: [facebook-pixel], }"),
        ("destinations: }", "destinations: [facebook-pixel] }"),
    ];
    for (before, after) in inline {
        let write = |end: &str| map(&format!("    - {{id: do-not-sell, purpose: Stop, controls: [opt-out], {end}\n"));
        let (got, ran) = mended("data.yaml", &write(before), &FIX);
        assert_eq!(got, write(after), "{}", ran.stderr);
    }
}

#[test]
fn a_file_without_a_last_line_break_gets_none_and_other_documents_stay() {
    let data = "datamap: 1\ndestinations:\n  - {id: facebook-pixel, role: third_party, purposes: [custom_audience]}\n";
    let consent = "datamap: 1\nconsent:\n  categories:\n    - id: do-not-sell\n      purpose: Stop\n      controls: [opt-out]\n      destinations:\n        - tiktok-conversions";
    let before = format!("# first\n{data}--- # second\n{consent}");
    let (got, ran) = mended("data.yaml", &before, &FIX);
    assert_eq!(got, format!("{before}\n        - facebook-pixel"), "{}", ran.stderr);
    let (got, _) = mended("data.yaml", &format!("{before}\n...\n---\nother: thing\n"), &FIX);
    assert_eq!(got, format!("{before}\n        - facebook-pixel\n...\n---\nother: thing\n"));
}

#[test]
fn json_with_and_without_comments_stays_in_its_style() {
    let map = |list: &str| {
        format!(
            "{{\"datamap\": 1, \"consent\": {{\"categories\": [\n\t{{\"id\": \"do-not-sell\", \"purpose\": \"Stop\", \"controls\": \
             [\"opt-out\"]{list}}}\n]}},\n\"destinations\": [{{\"id\": \"facebook-pixel\", \"role\": \"third_party\", \"purposes\": \
             [\"custom_audience\"]}}]}}"
        )
    };
    let table = [
        (", \"destinations\": [\"x-y\"]", ", \"destinations\": [\"x-y\", \"facebook-pixel\"]"),
        (", \"destinations\": [\"x-y\",\"x-z\"]", ", \"destinations\": [\"x-y\",\"x-z\",\"facebook-pixel\"]"),
        (", \"destinations\": []", ", \"destinations\": [\"facebook-pixel\"]"),
        ("", ", \"destinations\": [\"facebook-pixel\"]"),
        (
            ",\n\t\t\"destinations\": [\n\t\t\t\"x-y\"\n\t\t]",
            ",\n\t\t\"destinations\": [\n\t\t\t\"x-y\",\n\t\t\t\"facebook-pixel\"\n\t\t]",
        ),
        (
            ", \"destinations\": [\n\t\t\"x-y\" // one\n\t]",
            ", \"destinations\": [\n\t\t\"x-y\", // one\n\t\t\"facebook-pixel\"\n\t]",
        ),
        (
            ", \"destinations\": [\n\t\t\"x-y\", /* one */\n\t]",
            ", \"destinations\": [\n\t\t\"x-y\", /* one */\n\t\t\"facebook-pixel\",\n\t]",
        ),
    ];
    let known = "tiktok-conversions";
    for (before, after) in table {
        let (before, after) = (map(before).replace("x-y", known), map(after).replace("x-y", known));
        let (before, after) = (before.replace("x-z", "google-ads-gtag"), after.replace("x-z", "google-ads-gtag"));
        let (got, ran) = mended("data.json", &before, &FIX);
        assert_eq!(got, after, "{}", ran.stderr);
    }
}

#[test]
fn what_an_alias_or_a_merge_key_brings_elsewhere_is_left_alone() {
    let shared = [
        "    - id: do-not-sell\n      purpose: Stop\n      controls: [opt-out]\n      destinations: &list [tiktok-conversions]\n    - id: other\n      purpose: Other\n      destinations: *list\n",
        "    - &base\n      id: do-not-sell\n      purpose: Stop\n      controls: [opt-out]\n      destinations: [tiktok-conversions]\n    - <<: *base\n      id: other\n",
    ];
    for category in shared {
        let before = map(category);
        let (got, ran) = mended("data.yaml", &before, &FIX);
        assert_eq!(got, before);
        assert!(!ran.stdout.contains("fix:"), "{}", ran.stdout);
    }
    // An alias among the items, or a merge key in the mapping, is no obstacle to what stands beside it.
    let beside = "    - id: do-not-sell\n      purpose: Stop\n      controls: [opt-out]\n      destinations:\n        - *tiktok\n";
    let head = "x-names:\n  - &tiktok tiktok-conversions\n  - &defaults {essential: false}\n";
    let before = map(beside).replacen("consent:", &format!("{head}consent:"), 1);
    let (got, _) = mended("data.yaml", &before, &FIX);
    assert_eq!(got, before.replace("        - *tiktok\n", "        - *tiktok\n        - facebook-pixel\n"));
    let merged = beside.replace("      destinations:\n        - *tiktok\n", "      <<: *defaults\n");
    let before = map(&merged).replacen("consent:", &format!("{head}consent:"), 1);
    let (got, ran) = mended("data.yaml", &before, &FIX);
    let line = "      controls: [opt-out]\n";
    assert_eq!(got, before.replace(line, &format!("{line}      destinations: [facebook-pixel]\n")), "{}", ran.stderr);
}

#[test]
fn several_destinations_come_one_after_the_other() {
    let names = ["facebook-pixel", "google-ads-gtag", "linkedin-insight-tag"];
    let own: String = names.iter().map(|id| format!("  - {{id: {id}, role: third_party, shares: true}}\n")).collect();
    for (before, after) in [
        ("[]", "[facebook-pixel, google-ads-gtag, linkedin-insight-tag]"),
        ("[tiktok-conversions]", "[tiktok-conversions, facebook-pixel, google-ads-gtag, linkedin-insight-tag]"),
    ] {
        let write = |list: &str| {
            format!("datamap: 1\nconsent:\n  categories:\n{HEAD}      destinations: {list}\ndestinations:\n{own}")
        };
        let (got, ran) = mended("data.yaml", &write(before), &FIX);
        assert_eq!(got, write(after), "{}", ran.stderr);
    }
}
