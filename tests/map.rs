//! `map`: every format from the sample projects, hostile names, filters, and what the formats promise.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests make files")]

mod common;

use common::{Ran, root, run};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};

const FORMATS: [&str; 5] = ["html", "json", "csv", "mermaid", "dot"];

/// Names that are formulas, directives, markup and ends of quotes.
const HOSTILE: &str = r##"datamap: 1
consent:
  manager: segment
  model: opt-out
  categories:
    - {id: "c\"]; click x href \"javascript:alert(1)\"", purpose: p, controls: [opt-out], destinations: ["=HYPERLINK(\"http://evil.example\")"]}
sources:
  - {id: "style: #quot;x#quot; end", platform: web, consent: {wrapper: onetrust}, destinations: ["=HYPERLINK(\"http://evil.example\")", "%%{init: {'securityLevel':'loose'}}%%", "a\\"]}
  - {id: "s\nsubgraph evil", platform: server, identity: ["@SUM(1)"], consent: {object: true}, destinations: ["</script><script>alert(1)</script>", "b\\\" ]; evil -> x [label=\"", "&lt;b&gt; &quot; \\N"]}
destinations:
  - {id: "=HYPERLINK(\"http://evil.example\")", role: third_party, shares: true, retention_days: 30}
  - {id: "%%{init: {'securityLevel':'loose'}}%%", role: service_provider}
  - {id: "</script><script>alert(1)</script>", role: service_provider}
  - {id: "a\\", name: "ﬂ°°60¶ß \u202e\u001b[2J `**md**`", role: service_provider}
  - {id: "b\\\" ]; evil -> x [label=\"", role: service_provider}
  - {id: "&lt;b&gt; &quot; \\N", role: service_provider}
events:
  - {name: "-1+cmd|'/c calc'!A0", sources: ["style: #quot;x#quot; end"], properties: [{name: "+email", pi: [A]}, {name: "e\",\"=1\r\nx", pi: [1C]}]}
"##;

fn map(folder: &Path, more: &[&str]) -> Ran {
    run(folder, &[&["map"], more].concat())
}

fn sample(name: &str, more: &[&str]) -> Ran {
    map(&root().join("fixtures").join(name), more)
}

fn written(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    std::fs::write(folder.path().join("map.yaml"), text).unwrap();
    folder
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|item| item.as_str().unwrap()).collect()
}

fn by_id<'v>(list: &'v Value, id: &str) -> &'v Value {
    list.as_array().unwrap().iter().find(|one| one["id"] == id).unwrap_or_else(|| panic!("no {id}"))
}

fn rows(csv: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let head: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let row = |record: csv::StringRecord| head.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
    reader.records().map(|record| row(record.unwrap())).collect()
}

#[test]
fn the_planted_sale_is_in_every_format() {
    let ran = sample("shop-broken", &["--format", "json"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let report = ran.json();
    let proofs = report["proofs"].as_array().unwrap();
    let sale = proofs.iter().find(|proof| proof["id"] == "google-ads-gtag" && proof["claim"] == "opt-out").unwrap();
    assert_eq!(sale["result"], "refuted");
    assert_eq!((&sale["file"], &sale["start"]["line"]), (&json!("shop.yaml"), &json!(8)));
    let flows = report["flows"].as_array().unwrap();
    let flow = flows.iter().find(|flow| flow["destination"] == "google-ads-gtag").unwrap();
    let ungated = json!({"source": "web", "via": "device", "point": "nowhere", "opt_out": false, "gated_by": []});
    for (key, wanted) in ungated.as_object().unwrap() {
        assert_eq!(&flow[key], wanted, "{key}");
    }
    assert_eq!(texts(&flow["spi"]), ["1A", "1D"]);
    let destination = by_id(&report["destinations"], "google-ads-gtag");
    assert_eq!(destination["declared"]["role"]["value"], "service_provider");
    assert_eq!(destination["declared"]["role"]["start"]["line"], 9);
    assert_eq!(destination["derived"]["gated"]["value"], false);
    let because = &destination["derived"]["discloses"]["because"][0];
    assert_eq!((&because["file"], &because["start"]["line"]), (&json!("destinations.yaml"), &json!(10)));
    let findings = report["findings"].as_array().unwrap();
    let accused = |finding: &&Value| finding["rule"] == "ccpa/share-destination-ungated";
    assert!(findings.iter().filter(accused).any(|finding| finding["subject"]["id"] == "google-ads-gtag"));

    let mermaid = sample("shop-broken", &["--format", "mermaid"]).stdout;
    let node = mermaid.lines().find(|line| line.contains("Google Ads")).unwrap();
    assert!(node.contains("<br/>opt-out refuted<br/>") && node.ends_with(":::refuted"), "{node}");
    assert!(node.contains("destinations.yaml#58;8"), "{node}");
    let dot = sample("shop-broken", &["--format", "dot"]).stdout;
    let node = dot.lines().find(|line| line.contains("Google Ads")).unwrap();
    assert!(node.contains("opt-out refuted\\n") && node.contains("class=\"refuted\""), "{node}");
    let rows = rows(&sample("shop-broken", &["--format", "csv"]).stdout);
    let ssn = rows.iter().find(|row| row["field"] == "social_security_number").unwrap();
    assert_eq!((ssn["sensitive_class"].as_str(), ssn["source"].as_str()), ("1A", "web"));
    assert!(ssn["destinations"].split("; ").any(|to| to == "google-ads-gtag"));
}

#[test]
fn the_clean_shop_is_proved() {
    let report = sample("shop", &["--format", "json"]).json();
    let results: BTreeSet<&str> =
        report["proofs"].as_array().unwrap().iter().map(|proof| proof["result"].as_str().unwrap()).collect();
    assert_eq!(results, BTreeSet::from(["proved"]));
    let flow = report["flows"].as_array().unwrap().iter().find(|flow| flow["destination"] == "facebook-pixel").unwrap();
    assert_eq!(flow["opt_out"], true);
    assert!(!texts(&flow["gated_by"]).is_empty());
    let mermaid = sample("shop", &["--format", "mermaid"]).stdout;
    assert!(mermaid.contains(":::proved") && !mermaid.contains(":::refuted"), "{mermaid}");
}

#[test]
fn leaks_are_refuted_and_cures_proved_in_the_picture() {
    let look = |folder: &str| sample(&format!("leaks/{folder}"), &["--format", "dot"]).stdout;
    for leak in ["conversions-api-beside-gated-pixel", "unmapped-destination", "tag-without-consent-settings"] {
        assert!(look(&format!("{leak}/leak")).contains("class=\"refuted\""), "{leak}");
        assert!(!look(&format!("{leak}/cure")).contains("class=\"refuted\""), "{leak}");
    }
}

fn validator() -> jsonschema::Validator {
    let text = std::fs::read_to_string(root().join("policies/schemas/map.json")).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    jsonschema::options().with_draft(jsonschema::Draft::Draft202012).offline().build(&schema).unwrap()
}

/// Every project that the fixtures hold.
fn projects() -> Vec<std::path::PathBuf> {
    let folders = |path: &str| {
        let entries = std::fs::read_dir(root().join("fixtures").join(path)).unwrap();
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect::<Vec<_>>()
    };
    let leaks = folders("leaks").into_iter().flat_map(|leak| [leak.join("leak"), leak.join("cure")]);
    let shops = ["fixtures/shop", "fixtures/shop-broken"].map(|shop| root().join(shop));
    folders("adapters").into_iter().chain(leaks).chain(shops).collect()
}

#[test]
fn json_follows_its_schema_and_every_place_exists() {
    let validator = validator();
    assert!(!validator.is_valid(&json!({"version": 1})));
    let follows = |value: &Value, what: &str| {
        let errors: Vec<String> =
            validator.iter_errors(value).map(|error| format!("{error} at {}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{what}: {errors:?}");
    };
    let doc = std::fs::read_to_string(root().join("docs/json.md")).unwrap().replace("\r\n", "\n");
    let (_, mapped) = doc.split_once("# The JSON of `consentlint map --format json`").unwrap();
    let example = mapped.split("```json\n").nth(1).unwrap().split("```").next().unwrap();
    follows(&serde_json::from_str(example).unwrap(), "the example of docs/json.md");
    for folder in projects() {
        let ran = map(&folder, &["--format", "json"]);
        let report = ran.json();
        follows(&report, &folder.to_string_lossy());
        let problems = report["problems"].as_array().unwrap();
        assert_eq!((ran.code == 2, ran.stderr.is_empty()), (!problems.is_empty(), problems.is_empty()));
        assert_places(&report, &folder);
        for key in ["sources", "events", "flows", "destinations", "categories", "findings", "problems"] {
            assert_eq!(report["summary"][key], report[key].as_array().unwrap().len(), "{key}");
        }
    }
    follows(&map(written(HOSTILE).path(), &["--format", "json"]).json(), "hostile names");
}

/// Every file, line and offset that is named is there.
fn assert_places(value: &Value, folder: &Path) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| assert_places(item, folder)),
        Value::Object(fields) => {
            if let (Some(file), Some(start)) = (fields.get("file"), fields.get("start")) {
                let number = |place: &Value, key: &str| place[key].as_u64().unwrap() as usize;
                let file = file.as_str().unwrap();
                let text = consentlint::source::read_file(&folder.join(file), file).unwrap().text;
                let (offset, end) = (number(start, "offset"), number(&fields["end"], "offset"));
                let before = text.get(..offset).unwrap_or_else(|| panic!("{value}"));
                assert_eq!(before.matches('\n').count() + 1, number(start, "line"), "{value}");
                assert!(offset <= end && end <= text.len(), "{value}");
            }
            fields.values().for_each(|field| assert_places(field, folder));
        }
        _ => {}
    }
}

/// The rows of an event's fields, as the JSON has them.
fn expected(report: &Value, event: &Value) -> Vec<[String; 9]> {
    let feeds = |source: &str, to: &str| {
        report["flows"].as_array().unwrap().iter().any(|flow| flow["destination"] == to && flow["source"] == source)
    };
    let row = |property: &Value, source: &str| {
        let withheld = texts(&property["withheld_from"]);
        let mut to = texts(&event["destinations"]);
        to.retain(|to| !withheld.contains(to) && feeds(source, to));
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let codes = ["pi", "spi"].map(|key| texts(&property[key]).join("; "));
        let place = ["line", "column"].map(|key| property["start"][key].to_string());
        let ([pi, spi], [line, column]) = (codes, place);
        let (path, name, file) = (text(&property["path"]), text(&event["name"]), text(&property["file"]));
        [path, name, pi, spi, source.to_owned(), to.join("; "), file, line, column]
    };
    let properties = event["properties"].as_array().unwrap().iter();
    properties.flat_map(|one| texts(&event["sources"]).into_iter().map(move |source| row(one, source))).collect()
}

#[test]
fn the_inventory_says_what_the_model_says() {
    for project in ["shop", "shop-broken"] {
        let report = sample(project, &["--format", "json"]).json();
        let text = sample(project, &["--format", "csv"]).stdout;
        assert!(text.starts_with("\"field\",") && text.ends_with("\"\r\n"), "{text}");
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
        let mut found: BTreeSet<[String; 9]> = BTreeSet::new();
        for row in rows(&text).iter().filter(|row| row["section"] != "context") {
            let keys =
                ["field", "event", "class", "sensitive_class", "source", "destinations", "file", "line", "column"];
            assert!(found.insert(keys.map(|key| row[key].clone())), "twice: {row:?}");
        }
        let events = report["events"].as_array().unwrap();
        let wanted: BTreeSet<[String; 9]> = events.iter().flat_map(|event| expected(&report, event)).collect();
        assert!(wanted.len() > 10);
        assert_eq!(found, wanted, "{project}");
    }
}

#[test]
fn the_inventory_knows_retention_filters_and_what_no_plan_lists() {
    let rows = rows(&sample("shop", &["--format", "csv"]).stdout);
    let row = |field: &str, source: &str| {
        let found = rows.iter().find(|row| row["field"] == field && row["source"] == source);
        found.unwrap_or_else(|| panic!("no {field} of {source}"))
    };
    let email = row("email", "web");
    assert_eq!(email["retention"], "A: 24 months (shop.yaml:47)");
    assert_eq!(email["classified_by"], "the lexicon entry `email address`");
    let kept: Vec<&str> = email["retention_at_destinations"].split("; ").collect();
    assert!(kept.contains(&"warehouse: 1095 days (destinations.yaml:59)"), "{kept:?}");
    assert!(kept.contains(&"warehouse: A 730 days (destinations.yaml:60)"), "{kept:?}");
    let context = row("identifiers (user_id, email)", "orders");
    assert_eq!((context["class"].as_str(), context["classified_at"].as_str()), ("A", "shop.yaml:29"));

    let filtered = written(
        "datamap: 1
sources: [{id: web, platform: web, destinations: [a, b, c]}]
destinations:
  - {id: a, filters: {drop_properties: [email]}}
  - {id: b, filters: {drop_events: [Paid]}}
  - {id: c, enabled: false}
events: [{name: Paid, sources: [web], properties: [{name: email, pi: [A]}, {name: sku, pi: none}]}, {name: Nobody, properties: [{name: phone}]}]
",
    );
    let ran = map(filtered.path(), &["--format", "csv"]);
    let found = self::rows(&ran.stdout);
    let shown: Vec<String> =
        found.iter().map(|row| format!("{} {}>{}", row["field"], row["source"], row["destinations"])).collect();
    let wanted = ["address, page and identifiers web>a; b", "email web>", "sku web>a", "phone web>a; b"];
    assert_eq!(shown, wanted, "{}", ran.stderr);
    assert_eq!(found[1]["classified_at"], "map.yaml:7");
}

#[test]
fn no_cell_is_a_formula() {
    let folder = written(HOSTILE);
    let text = map(folder.path(), &["--format", "csv"]).stdout;
    let all = rows(&text);
    assert_eq!(all.len(), 4);
    for cell in all.iter().flat_map(|row| row.values()) {
        for item in cell.split([';', ',', '"', '|']) {
            assert!(!item.trim_start().starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{cell:?}");
        }
    }
    assert!(all.iter().any(|row| row["field"] == "'+email"), "{text}");
    assert!(!text.replace("\r\n", "").contains(char::is_control), "{text:?}");
}

#[test]
fn nothing_steers_a_terminal_or_ends_a_quote() {
    let folder = written(HOSTILE);
    for format in FORMATS {
        let text = map(folder.path(), &["--format", format]).stdout;
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{format}");
    }
    let mermaid = map(folder.path(), &["--format", "mermaid"]).stdout;
    assert!(!mermaid.contains("%%") && !mermaid.contains('`'), "{mermaid}");
    for line in mermaid.lines().filter(|line| line.contains('"')) {
        assert_eq!(line.matches('"').count(), 2, "{line}");
        let label = line.split('"').nth(1).unwrap().replace("<br/>", "");
        let mut rest = label.as_str();
        while let Some((plain, after)) = rest.split_once('#') {
            assert!(plain.chars().all(is_plain), "{line}");
            let (code, after) = after.split_once(';').unwrap();
            assert!(!code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit()), "{line}");
            rest = after;
        }
        assert!(rest.chars().all(is_plain), "{line}");
    }
    let ids = mermaid.lines().filter_map(|line| line.trim_start().split(['[', '{', ' ']).next());
    let words = ["flowchart", "accTitle:", "accDescr:", "subgraph", "end", "classDef", "linkStyle"];
    for id in ids.filter(|id| !words.contains(id)) {
        assert!(id.len() == 17 && id.bytes().skip(1).all(|byte| byte.is_ascii_hexdigit()), "{id}");
    }
}

fn is_plain(c: char) -> bool {
    c.is_alphanumeric() || " -_.,/…".contains(c)
}

/// The strings of a graph, and what stands around them, as Graphviz reads it: a backslash hides a quote.
fn strings(dot: &str) -> (Vec<String>, String) {
    let (mut strings, mut around, mut open) = (Vec::new(), String::new(), None::<String>);
    let mut chars = dot.chars();
    while let Some(c) = chars.next() {
        match (&mut open, c) {
            (Some(text), '\\') => text.extend(['\\'].into_iter().chain(chars.next())),
            (Some(_), '"') => strings.extend(open.take()),
            (Some(text), c) => text.push(c),
            (None, '"') => open = Some(String::new()),
            (None, c) => around.push(c),
        }
    }
    assert!(open.is_none(), "a quote is open");
    (strings, around)
}

#[test]
fn a_graph_holds_hostile_names_as_text() {
    let folder = written(HOSTILE);
    let dot = map(folder.path(), &["--format", "dot"]).stdout;
    let (strings, around) = strings(&dot);
    let kept = ["digraph", "graph", "subgraph", "node", "edge", "rankdir", "LR", "charset", "label", "shape", "style"];
    let more = ["box", "hexagon", "fontname", "fontsize", "class", "fillcolor", "color", "penwidth"];
    let words = around.split(|c: char| !c.is_alphanumeric()).filter(|word| word.parse::<u32>().is_err());
    for word in words.filter(|word| !word.is_empty()) {
        assert!(kept.contains(&word) || more.contains(&word), "{word} in {around}");
    }
    assert_eq!(around.matches("->").count(), 8, "{around}");
    assert!(strings.iter().any(|text| text.starts_with(r"&amp;lt;b&amp;gt; &amp;quot; \\N\n")), "{strings:?}");
    assert!(strings.iter().any(|text| text.starts_with(r#"b\\\" ]; evil -> x [label=\"\n"#)), "{strings:?}");
}

/// What the real Graphviz makes of it, where it is installed.
#[test]
fn graphviz_draws_it() {
    let there = Command::new("dot").arg("-V").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if !there {
        eprintln!("skipped: there is no `dot`");
        return;
    }
    let hostile = written(HOSTILE);
    let mut folders = projects();
    folders.push(hostile.path().to_path_buf());
    for folder in folders {
        let graph = map(&folder, &["--format", "dot"]).stdout;
        let path = hostile.path().join("graph.dot");
        std::fs::write(&path, &graph).unwrap();
        let drawn = Command::new("dot").args(["-Tsvg"]).arg(&path).output().unwrap();
        let (svg, said) =
            (String::from_utf8(drawn.stdout).unwrap(), String::from_utf8_lossy(&drawn.stderr).to_string());
        assert!(drawn.status.success(), "{}: {said}", folder.display());
        assert_eq!(svg.matches("class=\"edge\"").count(), graph.matches("\" -> \"").count(), "{graph}");
        assert!(!svg.contains("<script"), "{svg}");
    }
}

#[test]
fn files_that_are_named_choose_what_is_listed() {
    let ran = sample("shop", &["--format", "json", "plans/shop.json"]);
    let report = ran.json();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(report["events"].as_array().unwrap().len() > 1);
    for event in report["events"].as_array().unwrap() {
        assert_eq!(event["file"], "plans/shop.json");
        assert!(!texts(&event["destinations"]).is_empty(), "what is said of it is whole");
    }
    assert!(report["destinations"].as_array().unwrap().is_empty());
    let report = sample("shop", &["--format", "json", "destinations.yaml"]).json();
    assert!(report["events"].as_array().unwrap().is_empty());
    assert!(report["destinations"].as_array().unwrap().len() > 3);
    assert!(!report["flows"].as_array().unwrap().is_empty());
}

#[test]
fn every_format_is_as_expected() {
    // What the JSON holds grows with every rule; its schema and the other tests hold its shape.
    for format in &FORMATS[2..] {
        let text = sample("shop-broken", &["--format", format]).stdout;
        // Line breaks of the inventory are those of its format, and those of a file those of git.
        let text = text.replace("\r\n", "\n");
        let path = root().join(format!("fixtures/outputs/map.{format}.txt"));
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        assert_eq!(text, expected, "{format}: UPDATE=1 cargo test --test map");
    }
}

#[test]
fn filters_choose_what_is_listed() {
    let flows = |more: &[&str]| -> Vec<String> {
        let report = sample("shop", &[&["--format", "json"], more].concat()).json();
        let flows = report["flows"].as_array().unwrap().iter();
        let shown =
            |flow: &Value| format!("{}>{}", flow["source"].as_str().unwrap(), flow["destination"].as_str().unwrap());
        flows.map(shown).collect()
    };
    assert_eq!(flows(&["--destination", "Facebook Pixel"]), ["web>facebook-pixel"]);
    assert_eq!(flows(&["--source", "orders"]), ["orders>order-emails", "orders>store-finder", "orders>warehouse"]);
    assert_eq!(flows(&["--source", "orders", "--destination", "warehouse"]), ["orders>warehouse"]);
    assert_eq!(flows(&["--class", "R4"]), Vec::<String>::new());

    let fields = |more: &[&str]| -> BTreeSet<String> {
        let ran = sample("shop-broken", &[&["--format", "csv"], more].concat());
        rows(&ran.stdout).iter().map(|row| row["field"].clone()).collect()
    };
    assert_eq!(fields(&["--class", "1A"]), BTreeSet::from(["social_security_number".to_owned()]));
    assert_eq!(fields(&["--destination", "warehouse"]).len(), 1, "only what every call of `orders` carries");
    let report = sample("shop-broken", &["--format", "json", "--destination", "google-ads-gtag"]).json();
    assert_eq!(report["destinations"].as_array().unwrap().len(), 1);
    assert_eq!(report["sources"].as_array().unwrap().len(), 1);
    let proofs = report["proofs"].as_array().unwrap();
    assert!(!proofs.is_empty() && proofs.iter().all(|proof| proof["id"] == "google-ads-gtag"));
    let about: BTreeSet<&str> =
        report["findings"].as_array().unwrap().iter().map(|one| one["subject"]["kind"].as_str().unwrap()).collect();
    assert!(about.contains("destination") && !about.contains("business"), "{about:?}");
}

#[test]
fn a_name_that_stands_for_nothing_is_a_problem() {
    let ran = sample("shop", &["--format", "csv", "--destination", "fcebook-pixel", "--class", "Q9"]);
    assert_eq!((ran.code, rows(&ran.stdout).len()), (2, 0));
    assert!(ran.stderr.contains("did you mean `facebook-pixel`?"), "{}", ran.stderr);
    assert!(ran.stderr.contains("there is no class `Q9`"), "{}", ran.stderr);
    let ran = sample("shop", &[]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("--format"), "{}", ran.stderr);
}

/// Standard output that is closed after some bytes, as by `| head`.
struct Closing(usize);

impl std::io::Write for Closing {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0 == 0 {
            return Err(std::io::ErrorKind::BrokenPipe.into());
        }
        let taken = bytes.len().min(self.0);
        self.0 -= taken;
        Ok(taken)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    for format in FORMATS {
        let (mut stdin, mut stderr) = (std::io::empty(), Vec::new());
        let mut world = consentlint::cli::World {
            stdin: &mut stdin,
            stdout: &mut Closing(500),
            stderr: &mut stderr,
            today: jiff::civil::date(2026, 11, 24),
            directory: root().join("fixtures/shop"),
            color: false,
            links: false,
            width: 0,
            progress: None,
        };
        let arguments = ["consentlint", "map", "--format", format].map(Into::into);
        assert_eq!((consentlint::cli::run(arguments, &mut world), stderr), (0, Vec::new()), "{format}");
    }
}

#[test]
fn a_project_with_nothing_in_it_is_a_problem_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    for format in FORMATS {
        let ran = map(folder.path(), &["--format", format]);
        assert_eq!(ran.code, 2, "{format}");
        assert!(ran.stderr.contains("no file was found to read"), "{format}: {}", ran.stderr);
        assert!(!ran.stdout.is_empty(), "{format}");
    }
    assert!(validator().is_valid(&map(folder.path(), &["--format", "json"]).json()));
}

/// Sources `s0` …, each of which feeds every destination `d0` …; data is shared with the last one, and no choice travels.
fn many(sources: usize, destinations: usize, name: &str) -> String {
    let ids: Vec<String> = (0..destinations).map(|at| format!("d{at}")).collect();
    let source = |at| {
        format!(
            "  - {{id: {name}s{at}, platform: web, consent: {{wrapper: none}}, destinations: [{}]}}\n",
            ids.join(", ")
        )
    };
    let destination = |id: &String| {
        let shares = *id == format!("d{}", destinations - 1);
        format!("  - {{id: {id}, name: {name}{id}, role: third_party, shares: {shares}}}\n")
    };
    let sources: String = (0..sources).map(source).collect();
    let all: String = ids.iter().map(destination).collect();
    format!("datamap: 1\nconsent: {{manager: segment, model: opt-out}}\nsources:\n{sources}destinations:\n{all}")
}

#[test]
fn what_is_too_much_to_draw_is_drawn_together() {
    // The longest that a name becomes: every sign of it is escaped.
    let name = "✂".repeat(60);
    for (sources, destinations) in [(2, 200), (200, 2), (60, 60)] {
        let folder = written(&many(sources, destinations, &name));
        let mermaid = map(folder.path(), &["--format", "mermaid"]).stdout;
        let lines = mermaid.matches(" -->").count();
        assert!(lines <= 300, "{lines} lines");
        assert!(mermaid.chars().count() < 50_000, "{} characters", mermaid.chars().count());
        assert!(mermaid.contains("more"), "{mermaid}");
        assert!(mermaid.contains(":::refuted"), "what is refuted is drawn first");
        let report = map(folder.path(), &["--format", "json"]).json();
        assert_eq!(report["flows"].as_array().unwrap().len(), sources * destinations);
    }
    let folder = written(&many(2, 200, ""));
    let dot = map(folder.path(), &["--format", "dot"]).stdout;
    let told = dot.split("and ").find_map(|rest| rest.split_once(" more destinations")).unwrap().0;
    let drawn = dot.matches("class=\"refuted\"").count() + dot.matches("class=\"unclaimed\"").count();
    assert_eq!(drawn + told.parse::<usize>().unwrap(), 200, "{dot}");
}

#[test]
fn ids_in_pictures_stay_when_others_come() {
    let ids = |text: &str| -> BTreeMap<String, String> {
        let mermaid = map(written(text).path(), &["--format", "mermaid"]).stdout;
        let nodes = mermaid.lines().filter(|line| line.contains(":::unclaimed"));
        let id = |line: &str| line.trim().split('[').next().unwrap().to_owned();
        let name = |line: &str| line.split('"').nth(1).unwrap().split('<').next().unwrap().to_owned();
        nodes.map(|line| (name(line), id(line))).collect()
    };
    let (few, many) = (ids(&many(1, 3, "")), ids(&many(3, 5, "")));
    assert_eq!((few.len(), many.len()), (2, 4));
    assert!(few.iter().all(|(name, id)| many[name] == *id));
}
