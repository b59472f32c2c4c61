//! Where rules come from: every citation has a form, stands in the table with its duty, and claims no more than is known.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read the rules and the documentation")]

mod common;

use common::root;
use consentlint::model::kind::{BUSINESS, DECISION, DESTINATION, SOURCE, Type};
use consentlint::model::taxonomy::CLASSES;
use consentlint::policy::{Citation, Evidence, REGULATIONS, Rule, STATUTE, citations, cited, embedded};
use consentlint::source::SourceId;
use regex::Regex;
use std::collections::BTreeSet;

/// What a `why` says of law that was not read in the original.
const REPORTED: &str = "as reported";

fn rules() -> Vec<(Rule, &'static str)> {
    let read = |(path, text): (String, &'static str)| (Rule::read(&path, SourceId(0), text).unwrap(), text);
    embedded().into_iter().map(read).collect()
}

/// The forms of citations. Subdivisions follow one another as in the codes: (a)(1)(A)(i).
fn is_citation(text: &str) -> bool {
    const SUBDIVISION: &str = r"(\([a-z]{1,3}\)(\([0-9]{1,2}\)(\([A-Z]\)(\([ivx]+\))?)?)?)?";
    const STATES: &str = "Alabama|Colorado|Connecticut|Delaware|Florida|Indiana|Iowa|Kentucky|Louisiana|Maryland|Minnesota|\
        Montana|Nebraska|Nevada|New Hampshire|New Jersey|Oklahoma|Oregon|Rhode Island|Tennessee|Texas|Utah|Vermont|Virginia|\
        Washington";
    let forms = [
        format!(r"Cal\. Civ\. Code § 1798\.[0-9]+(\.[0-9]+)*{SUBDIVISION}"),
        format!(r"11 CCR § 7[0-9]{{3}}{SUBDIVISION}"),
        format!(r"[0-9]+ CFR (part [0-9]+|§ [0-9]+\.[0-9]+{SUBDIVISION})"),
        r"[0-9]+ U\.S\.C\. § [0-9]+[a-z]*".to_owned(),
        format!(r"(California|{STATES}) (SB|AB|HB|S\.) ?[0-9]+ \(20[0-9]{{2}}\)"),
        format!(r"({STATES}) [A-Z][A-Za-z ]* (Act|Rights)"),
        r"[A-Z][A-Za-z ]* documentation: [A-Z].*[A-Za-z]".to_owned(),
        r"consentlint: [a-z].*[a-z]".to_owned(),
    ];
    Regex::new(&format!("^({})$", forms.join("|"))).unwrap().is_match(text)
}

#[test]
fn every_citation_parses_and_stands_in_the_table() {
    for (rule, _) in rules() {
        assert!(!rule.law.is_empty(), "{} cites nothing", rule.id);
        for citation in rule.law.iter() {
            assert!(is_citation(citation), "{}: `{citation}`", rule.id);
            assert!(cited(citation).is_some(), "{}: policies/catalog/citations.tsv lacks `{citation}`", rule.id);
        }
        let distinct: BTreeSet<&String> = rule.law.iter().collect();
        assert_eq!(distinct.len(), rule.law.len(), "{} cites a paragraph twice", rule.id);
    }
}

#[test]
fn what_is_no_citation_does_not_parse() {
    let wrong = [
        "Cal. Civ. Code 1798.120",
        "Cal. Civ. Code § 1798.140(ae)(A)",
        "Cal. Civ. Code § 1798.120(1)",
        "Cal. Civ. Code § 1798.120(a) and (b)",
        "11 CCR § 7026(f",
        "11 CCR § 7026(F)(1)",
        "11 CCR §7026",
        "11 CCR § 1798.120",
        "16 CFR 312",
        "16 CFR § 312",
        "CCPA",
        "Maryland",
        "SB 923",
        "Segment documentation: ",
        "segment documentation: Privacy FAQ",
    ];
    for text in wrong {
        assert!(!is_citation(text), "{text}");
    }
}

#[test]
fn every_row_of_the_table_is_well_made() {
    let table = std::fs::read_to_string(root().join("policies/catalog/citations.tsv")).unwrap();
    let rows: Vec<Vec<&str>> =
        table.lines().filter(|line| !line.starts_with('#')).skip(1).map(|line| line.split('\t').collect()).collect();
    assert!(rows.len() > 300 && rows.len() == citations().len(), "{}", rows.len());
    let mut names = BTreeSet::new();
    for (row, citation) in rows.iter().zip(citations()) {
        let name = citation.name;
        assert!(row.len() == 5 && row[0] == name && row[1] == citation.duty, "{row:?}");
        assert!(names.insert(name), "{name} stands twice");
        assert!(is_citation(name), "{name}");
        assert!(["primary", "secondary"].contains(&row[2]), "{row:?}");
        assert_eq!(row[2] == "secondary", citation.evidence == Evidence::Secondary);
        assert_eq!(row[3].is_empty(), citation.since.is_none(), "{name}: `{}` is no day", row[3]);
        let sentence =
            citation.duty.ends_with('.') && citation.duty.starts_with(|c: char| c.is_uppercase() || c == '"');
        assert!(sentence && citation.duty.chars().count() <= 200, "{name}: {}", citation.duty);
        assert!(citation.read_at.is_some_and(|at| at.starts_with("https://")) || row[4].is_empty(), "{row:?}");
        assert!(citation.read_at.is_some() || citation.evidence == Evidence::Secondary, "{name}: read where?");
    }
}

/// The agency's file named after the statute holds the regulations, and the other way round nobody would look.
#[test]
fn the_statute_and_the_regulations_are_found_where_they_are() {
    assert!(REGULATIONS.ends_with("/regulations/pdf/ccpa_statute_eff_20260101.pdf"));
    assert!(STATUTE.ends_with("/pdf/20260101_ccpa_statute.pdf"));
    for Citation { name, read_at, evidence, .. } in citations() {
        if name.starts_with("11 CCR") {
            assert_eq!(*read_at, Some(REGULATIONS), "{name}");
        }
        if name.starts_with("Cal. Civ. Code § 1798.1") && *evidence == Evidence::Primary {
            assert_eq!(*read_at, Some(STATUTE), "{name}");
        }
    }
}

#[test]
fn a_rule_says_when_its_law_was_not_read() {
    for (rule, _) in rules() {
        let weak: Vec<&str> = rule
            .law
            .iter()
            .filter_map(|citation| cited(citation))
            .filter(|known| known.evidence == Evidence::Secondary)
            .map(|known| known.name)
            .collect();
        let says = rule.evidence == Evidence::Secondary;
        assert_eq!(says, !weak.is_empty(), "{} says `evidence: secondary`: {says}; it cites {weak:?}", rule.id);
        assert!(
            !says || rule.why.to_lowercase().contains(REPORTED),
            "the `why` of {} must say \"{REPORTED}\"",
            rule.id
        );
        let explained = common::run(root(), &["explain", &rule.id]).stdout;
        assert_eq!(explained.contains("(as reported; the text was not read)"), says, "{}", rule.id);
    }
}

/// Everything that ships and says something of the law.
fn texts() -> Vec<(String, String)> {
    let mut files: Vec<_> =
        ["policies", "docs", "src"].into_iter().flat_map(|name| common::files(&root().join(name))).collect();
    files.extend(["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(|name| root().join(name)));
    let read = |path: std::path::PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        (path.strip_prefix(root()).unwrap().display().to_string().replace('\\', "/"), text)
    };
    files.into_iter().map(read).collect()
}

fn rule(id: &str) -> Option<(Rule, &'static str)> {
    rules().into_iter().find(|(rule, _)| rule.id == id)
}

fn cites(id: &str) -> Vec<String> {
    rule(id).unwrap_or_else(|| panic!("there is no rule {id}")).0.law.to_vec()
}

/// Paragraphs that are often cited wrongly, some of them by the regulations themselves.
#[test]
fn paragraphs_that_are_easily_mistaken_are_cited_rightly() {
    // Closing a pop-up is the subject of (a)(3)(D); (a)(4) is about designs that impair a choice.
    let closing = cites("ccpa/consent-by-closing");
    assert!(closing.contains(&"11 CCR § 7004(a)(3)(D)".to_owned()), "{closing:?}");
    assert!(closing.iter().all(|citation| !citation.starts_with("11 CCR § 7004(a)(4)")), "{closing:?}");
    // The display of a signal's status is § 7025(c)(6), whatever § 7026(g) refers to; sensitive data is § 1798.140(ae).
    let slips = ["7025(b)(6)", "1798.145(ae)"];
    for (path, text) in texts() {
        for slip in slips.iter().filter(|slip| text.contains(**slip)) {
            assert_eq!(path, "policies/catalog/citations.tsv", "{path} cites {slip}");
        }
    }
    assert!(slips.iter().all(|slip| citations().iter().all(|citation| !citation.name.contains(slip))));
    // The regulations count under-16 data as sensitive, the statute does not; neural data is (G) of the statute.
    assert!(cited("11 CCR § 7001(bbb)(4)").is_some());
    assert!(["1A", "1G", "2A", "2C", "R4"].iter().all(|code| CLASSES.iter().any(|class| class.0 == *code)));
    assert!(citations().iter().all(|citation| citation.name != "Cal. Civ. Code § 1798.140(ae)(3)"));
    // A posted link, and a banner, replace nothing: the signal is judged whatever the links are.
    let (_, signal) = rule("ccpa/gpc-not-honored").unwrap();
    assert!(!signal.split("examples:").next().unwrap().contains("links"), "{signal}");
    assert!(cites("ccpa/optout-methods-insufficient").contains(&"11 CCR § 7026(a)(4)".to_owned()));
    // A contractor is more than another word for a service provider: it certifies.
    assert!(rule("ccpa/contractor-not-certified").unwrap().1.contains("destination.contract.certified"));
    // Exemptions are of data, not of companies.
    assert!(
        BUSINESS.slot("exempt").is_none() && SOURCE.slot("exempt").is_some() && DESTINATION.slot("exempt").is_some()
    );
    // Data that infers nothing is outside of the right to limit, and still takes a risk assessment.
    if let Some((_, text)) = rule("ccpa/risk-assessment-missing") {
        assert!(!text.split("examples:").next().unwrap().contains("limit_exempt"), "{text}");
    }
    // Advertising is no significant decision.
    let about = DECISION.fields.iter().find(|field| field.name == "about").unwrap();
    let Type::Choice(about) = about.ty else { panic!("{about:?}") };
    assert!(about.iter().all(|word| !word.contains("ad")), "{about:?}");
}

#[test]
fn fifteen_days_are_business_days() {
    let days = Regex::new(r"(?i)\b(15|fifteen)[ -]((\w+)[ -])?days\b").unwrap();
    for (path, text) in texts().into_iter().filter(|(path, _)| path.starts_with("policies") || path.starts_with("docs"))
    {
        for found in days.captures_iter(&text) {
            assert_eq!(found.get(3).map(|word| word.as_str()), Some("business"), "{path}: {}", &found[0]);
        }
    }
}

/// Words that can demand an opt-in; each sentence with one was read, and is here by a part of it, or by its rule where all
/// of the rule is about it, with the reason that it demands none of adults.
const REVIEWED: [(&str, &str, &str); 15] = [
    ("ccpa/banner-choice-asymmetric", "obtains is no consent", "says what is no consent"),
    ("ccpa/banner-text-implies-consent", "takes going on as consent", "says what is no consent"),
    ("ccpa/banner-text-implies-consent", "take only a button for consent", "speaks of banners that rest on consent"),
    ("ccpa/child-directed-source-shares", "", "minors"),
    ("ccpa/consent-by-closing", "collected without consent", "speaks of set-ups that rest on consent"),
    ("ccpa/consent-by-interaction", "collected without consent", "speaks of set-ups that rest on consent"),
    ("ccpa/financial-incentive-notice-missing", "", "the opt-in to a financial incentive, § 1798.125(b)(3)"),
    ("ccpa/gpc-absence-opts-in", "", "says what is no opt-in"),
    ("ccpa/incompatible-purpose", "consent", "a purpose that does not fit, 11 CCR § 7002(e)"),
    ("ccpa/minor-share-without-optin", "", "minors"),
    ("ccpa/optin-after-optout-single-step", "", "of those who opted out, 11 CCR § 7028(a)"),
    ("ccpa/optout-expires", "waits for an opt-in", "speaks of set-ups that say so of themselves"),
    ("ccpa/path-bypasses-consent", "without consent columns", "a word for columns of a model"),
    ("ccpa/spi-to-share-destination", "obtain separate consent", "one of two cures; the other keeps the data back"),
    ("ccpa/preset-consent", "", "speaks of set-ups that rest on consent"),
];

/// The statute is opt-out for people of 16 and older.
#[test]
fn no_rule_of_the_statute_demands_an_opt_in_of_adults() {
    let demand = Regex::new(
        r"(?i)\bopt(s|ed|ing)?[- ]in\b|\bprior consent|\b(must|needs?|requires?|required|obtains?|asks?|gets?|takes?)\b[^.;]{0,40}\bconsent\b|\bconsent\b[^.;]{0,40}\b(needed|required|necessary)\b|\bwithout [a-z ]{0,20}consent\b|\bbefore [a-z ]{0,20}consent",
    )
    .unwrap();
    let (mut used, mut new) = (BTreeSet::new(), Vec::new());
    for (rule, text) in rules().iter().filter(|(rule, _)| rule.id.starts_with("ccpa/")) {
        let written: serde_json::Value = serde_yaml::from_str(text).unwrap();
        let of = |key: &str| written.pointer(key).and_then(|value| value.as_str()).unwrap_or("").to_owned();
        let keys = ["/title", "/message", "/help", "/why", "/condition", "/ask/question"];
        for said in keys.map(of).iter().flat_map(|text| sentences(text)).filter(|said| demand.is_match(said)) {
            let known = REVIEWED.iter().position(|(id, part, _)| *id == rule.id && said.contains(part));
            match known {
                Some(at) => drop(used.insert(at)),
                None => new.push(format!("{}: {said}", rule.id)),
            }
        }
    }
    assert!(new.is_empty(), "these may demand an opt-in of adults; read them: {new:#?}");
    let idle: Vec<_> = (0..REVIEWED.len()).filter(|at| !used.contains(at)).map(|at| REVIEWED[at]).collect();
    assert!(idle.is_empty(), "these sentences are no longer there: {idle:?}");
    assert!(demand.is_match("Ask adults for consent") && demand.is_match("Visitors must opt in."));
}

fn sentences(text: &str) -> Vec<String> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.split(". ").map(str::to_owned).collect()
}

#[test]
fn nothing_that_ships_calls_anything_compliant() {
    // The last is a name that fields have.
    let allowed = [
        "It never says that anything is compliant",
        "say something\n\"is compliant\"",
        "\"is compliant\"",
        "coppa compliant user",
    ];
    for (path, text) in texts() {
        let text = allowed.iter().fold(text, |text, part| text.replace(part, ""));
        assert!(!text.to_lowercase().contains("compliant"), "{path}");
    }
}
