//! The tables of `docs/routing.md`: the pure functions of `flow::routing`, run on every small input.

use consentlint::flow::routing::analytics_js::Integrations;
use consentlint::flow::routing::consent_manager::{self, Act, Close, Loaded, NewDestinations, Setup};
use consentlint::flow::routing::platform::{self, Category, ConsentObject};
use consentlint::flow::routing::tag_manager::{self, ConsentStatus, Tag};
use consentlint::flow::routing::wrapper::{self, Cdn, ConsentModel, ConsentSettings, Page, Wait, Wrapper};
use consentlint::flow::routing::{Delivery, Events, Mapping, Needs, Preference, Preferences, Visitor, rudder};
use std::collections::BTreeMap;

/// A name, and what makes the table.
pub(crate) type Table = (&'static str, fn() -> String);

pub(crate) const TABLES: [Table; 13] = [
    ("enforcement", enforcement),
    ("segment", segment),
    ("wrapper-models", wrapper_models),
    ("wrapper-mapping", wrapper_mapping),
    ("wrapper-segment", wrapper_segment),
    ("wrapper-waits", wrapper_waits),
    ("wrapper-names", wrapper_names),
    ("manager-first", manager_first),
    ("manager-choice", manager_choice),
    ("manager-acts", manager_acts),
    ("manager-categories", manager_categories),
    ("rudder", rudder_table),
    ("tags", tags),
];

const SAID: [(&str, Preference); 3] =
    [("consented", Preference::Granted), ("refused", Preference::Denied), ("said nothing", Preference::Unset)];

/// A Markdown table.
pub(crate) fn table(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut out = format!("| {} |\n|{}\n", head.join(" | "), "---|".repeat(head.len()));
    for row in rows {
        assert_eq!(row.len(), head.len(), "{row:?}");
        out += &format!("| {} |\n", row.join(" | "));
    }
    out
}

fn row<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.map(str::to_owned).into()
}

fn preferences(list: &[(&str, Preference)]) -> Preferences {
    list.iter().map(|(id, preference)| ((*id).to_owned(), *preference)).collect()
}

fn visitor(list: &[(&str, Preference)]) -> Visitor {
    Visitor { preferences: preferences(list), signal: false, chosen: true }
}

fn mapping(list: &[(&str, &[&str])]) -> Mapping {
    list.iter().map(|(name, ids)| ((*name).to_owned(), ids.iter().map(|id| (*id).to_owned()).collect())).collect()
}

fn delivered(delivery: Delivery) -> &'static str {
    match (delivery.events, delivery.script) {
        (Events::Yes, true) => "events, script",
        (Events::Yes, false) => "events",
        (Events::No, true) => "script only",
        (Events::No, false) => "nothing",
        (Events::Undecidable(_), true) => "script; events undecidable",
        (Events::Undecidable(_), false) => "undecidable",
    }
}

fn received(events: Events) -> &'static str {
    delivered(Delivery { events, script: false })
}

/// A page whose source has a destination without a category, so that Segment as a whole stays on.
fn page<T>(model: ConsentModel, own: Option<&Mapping>, cdn: &Mapping, ask: impl Fn(&Page<'_>) -> T) -> T {
    let all: Vec<String> = cdn.values().flatten().cloned().collect();
    let (settings, load) = (ConsentSettings { all: &all, unmapped: true }, Integrations::new());
    let wrapper = Wrapper { model, mapping: own, wait: Wait::Nothing };
    ask(&Page { wrapper, cdn: Cdn { mapping: cdn, settings: Some(settings) }, load: &load })
}

const MODELS: [(&str, ConsentModel); 2] = [("opt-in", ConsentModel::OptIn), ("opt-out", ConsentModel::OptOut)];

const ADS: [Category<'_>; 1] = [Category { id: "ads", enabled: true }];
const PIXEL: &str = "Pixel";

/// A row of the table of paths: the path, what enforces consent, and what arrives by what was said of `ads`.
fn path(path: &str, by: &str, ask: impl Fn(Preference) -> Delivery) -> Vec<String> {
    let mut cells = row([path, by]);
    cells.extend(SAID.map(|(_, said)| delivered(ask(said)).to_owned()));
    cells
}

fn events(events: Events) -> Delivery {
    Delivery { events, script: false }
}

/// What Segment's servers send a destination that `ads` lists.
fn by_servers(enforces: bool, consent: ConsentObject<'_>) -> Delivery {
    let destination = platform::Destination { name: PIXEL, categories: &ADS, enforces };
    events(platform::receives(&destination, consent, &Integrations::new()))
}

fn stated(said: Preference) -> BTreeMap<String, bool> {
    visitor(&[("ads", said)]).stated()
}

/// A destination that the category `ads` lists, on each path and under each way of enforcing consent.
fn enforcement() -> String {
    let head = ["path", "consent is enforced by", SAID[0].0, SAID[1].0, SAID[2].0];
    table(&head, in_the_page().into_iter().chain(through_segment()).chain(elsewhere()))
}

fn in_the_page() -> Vec<Vec<String>> {
    let cdn = mapping(&[(PIXEL, &["ads"])]);
    let wrapped = |model, said| {
        page(model, None, &cdn, |page| page.device(PIXEL, &visitor(&[("ads", said)]), &Integrations::new()))
    };
    let filtered = |filters, said| {
        let (stamp, destination) =
            (stated(said), platform::Destination { name: PIXEL, categories: &ADS, enforces: true });
        let consent = ConsentObject::Preferences(&stamp);
        let events = platform::receives_in_device_mode(&destination, consent, &Integrations::new(), filters);
        Delivery { events, script: true }
    };
    let stamped = |said| page(ConsentModel::OptOut, None, &cdn, |page| page.stamp(&visitor(&[("ads", said)])));
    let device = "browser, device mode";
    vec![
        path(device, "consent wrapper, model opt-in", |said| wrapped(ConsentModel::OptIn, said)),
        path(device, "consent wrapper, model opt-out", |said| wrapped(ConsentModel::OptOut, said)),
        path(device, "Segment's mapping, with Destination Filters; no wrapper", |said| filtered(true, said)),
        path(device, "Segment's mapping, without Destination Filters; no wrapper", |said| filtered(false, said)),
        path("browser, cloud mode", "wrapper stamps events, Segment's servers enforce", |said| {
            by_servers(true, ConsentObject::Preferences(&stamped(said)))
        }),
    ]
}

fn through_segment() -> Vec<Vec<String>> {
    let carried = |enforces, said| by_servers(enforces, ConsentObject::Preferences(&stated(said)));
    let (server, warehouse) = ("server, mobile, cloud app", "reverse ETL");
    vec![
        path(server, "events carry the consent object", |said| carried(true, said)),
        path(server, "events carry none", |_| by_servers(true, ConsentObject::Missing)),
        path(warehouse, "columns mapped to categories", |said| by_servers(true, platform::of_row(true, &stated(said)))),
        path(warehouse, "no consent columns", |said| by_servers(true, platform::of_row(false, &stated(said)))),
        path("Engage audience", "nowhere", |said| carried(platform::enforces(PIXEL, true), said)),
        path("to AWS S3", "nowhere", |said| carried(platform::enforces("AWS S3", false), said)),
    ]
}

fn elsewhere() -> Vec<Vec<String>> {
    let manager = |required: bool, said: Preference| {
        let lets = first_or_later(required, said);
        Delivery { events: Events::when(lets), script: lets }
    };
    let provider = rudder::Provider { name: "oneTrust", consents: &["ads"], strategy: None };
    let in_use = rudder::Manager { name: "oneTrust", strategy: Some(Needs::All) };
    let who = |said| visitor(&[("ads", said)]);
    let fires = |status, needs, built_in, said| tag_manager::delivery(&Tag { status, needs, built_in }, &who(said));
    let tag = "tag manager";
    vec![
        path("browser", "open-source Consent Manager, consent required", |said| manager(true, said)),
        path("browser", "open-source Consent Manager, consent not required", |said| manager(false, said)),
        path("browser", "RudderStack's SDK", |said| rudder::browser(&[provider], Some(&in_use), &who(said))),
        path("server", "RudderStack's servers", |said| events(rudder::server(&[provider], Some(&in_use), &who(said)))),
        path(tag, "tag `NEEDED`", |said| fires(ConsentStatus::Needed, &["ads"], &[], said)),
        path(tag, "tag `NOT_SET` with checks of its own", |said| fires(ConsentStatus::NotSet, &[], &["ads"], said)),
        path(tag, "tag `NOT_SET`", |said| fires(ConsentStatus::NotSet, &[], &[], said)),
    ]
}

fn source() -> Vec<consent_manager::Destination> {
    ["Pixel", "Chat"].map(|id| consent_manager::Destination { id: id.to_owned(), category: String::new() }).into()
}

fn custom() -> Setup {
    Setup { custom: Some(mapping(&[("ads", &["Pixel"]), ("support", &["Chat"])])), ..Setup::default() }
}

/// Whether the open-source manager lets `Pixel` be: on a first visit when nothing was said, else on the visit after.
fn first_or_later(required: bool, said: Preference) -> bool {
    let first = consent_manager::visit(&custom(), required, &source(), None);
    if said == Preference::Unset {
        return first.loaded.lets("Pixel");
    }
    let act = Act::Save(preferences(&[("ads", said)]));
    let choice = consent_manager::choose(&custom(), &source(), &first, &act);
    consent_manager::visit(&custom(), required, &source(), choice.as_ref()).loaded.lets("Pixel")
}

fn segment() -> String {
    let (ad, analytics) = (Category { id: "ad", enabled: true }, Category { id: "analytics", enabled: true });
    let listings: [(&str, &[Category<'_>]); 3] =
        [("no category", &[]), ("`ad`", &[ad]), ("`ad` and `analytics`", &[ad, analytics])];
    let switches =
        |list: &[(&str, bool)]| list.iter().map(|(id, on)| ((*id).to_owned(), *on)).collect::<BTreeMap<_, _>>();
    let stamps = [
        ("`{}`", switches(&[])),
        ("`{ad: true}`", switches(&[("ad", true)])),
        ("`{ad: false}`", switches(&[("ad", false)])),
        ("`{ad: true, analytics: false}`", switches(&[("ad", true), ("analytics", false)])),
        ("`{ad: true, analytics: true}`", switches(&[("ad", true), ("analytics", true)])),
        ("`{AD: true}`", switches(&[("AD", true)])),
    ];
    let mut objects =
        vec![("none".to_owned(), ConsentObject::Missing), ("`consent: {}`".to_owned(), ConsentObject::Empty)];
    objects.extend(stamps.iter().map(|(shown, stamp)| ((*shown).to_owned(), ConsentObject::Preferences(stamp))));
    let integrations = [&[][..], &[("X", true)], &[("X", false)], &[("All", false)]].map(switches);
    let mut rows = Vec::new();
    for (shown, consent) in &objects {
        for (listed, categories) in listings {
            let one = platform::Destination { name: "X", categories, enforces: true };
            let mut cells = row([shown, listed]);
            cells.extend(
                integrations.iter().map(|given| received(platform::receives(&one, *consent, given)).to_owned()),
            );
            rows.push(cells);
        }
    }
    let head = [
        "`categoryPreferences` of the event",
        "X is listed by",
        "no integrations object",
        "`{X: true}`",
        "`{X: false}`",
        "`{All: false}`",
    ];
    table(&head, rows)
}

fn wrapper_models() -> String {
    let listings: [(&str, &[&str]); 3] =
        [("no category", &[]), ("`ads`", &["ads"]), ("`ads` and `social`", &["ads", "social"])];
    let granted: [&[&str]; 3] = [&["ads", "social"], &["ads"], &[]];
    let mut rows = Vec::new();
    for (model_name, model) in MODELS {
        for (shown, listed) in listings {
            let cdn = mapping(&[("Pixel", listed)]);
            let of = |ids: &[&str]| {
                let said: Vec<_> = ids.iter().map(|id| (*id, Preference::Granted)).collect();
                page(model, None, &cdn, |page| page.device("Pixel", &visitor(&said), &Integrations::new()))
            };
            let mut cells = row([model_name, shown]);
            cells.extend(granted.map(|ids| delivered(of(ids)).to_owned()));
            rows.push(cells);
        }
    }
    table(
        &[
            "consent model",
            "the destination is listed by",
            "consent to `ads` and `social`",
            "to `ads` only",
            "to nothing",
        ],
        rows,
    )
}

fn wrapper_mapping() -> String {
    let cdn = mapping(&[("Pixel", &["ads"])]);
    let owns = [
        ("none", None),
        ("`{Pixel: [social]}`", Some(mapping(&[("Pixel", &["social"])]))),
        ("`{Chat: [support]}`", Some(mapping(&[("Chat", &["support"])]))),
        ("`{}`", Some(Mapping::new())),
    ];
    let rows = owns.iter().map(|(shown, own)| {
        let mut cells = row([shown]);
        for (_, model) in MODELS {
            for granted in ["ads", "social"] {
                let visitor = visitor(&[(granted, Preference::Granted), ("support", Preference::Granted)]);
                let got = page(model, own.as_ref(), &cdn, |page| page.device("Pixel", &visitor, &Integrations::new()));
                cells.push(delivered(got).to_owned());
            }
        }
        cells
    });
    let head = [
        "`integrationCategoryMappings` of the page",
        "opt-in: `ads` consented to",
        "opt-in: only `social`",
        "opt-out: `ads` consented to",
        "opt-out: only `social`",
    ];
    table(&head, rows.collect::<Vec<_>>())
}

fn wrapper_segment() -> String {
    let (cdn, own) = (mapping(&[("Pixel", &["ads"])]), mapping(&[("Pixel", &["ads"])]));
    let all = ["ads".to_owned()];
    let load = Integrations::new();
    let mut rows = Vec::new();
    for (model_name, model) in MODELS {
        for (shown, mapping) in [("Segment's", None), ("the page's", Some(&own))] {
            for (left, unmapped) in [("yes", true), ("no", false)] {
                let page = Page {
                    wrapper: Wrapper { model, mapping, wait: Wait::Nothing },
                    cdn: Cdn { mapping: &cdn, settings: Some(ConsentSettings { all: &all, unmapped }) },
                    load: &load,
                };
                let sent = |said| if page.reaches_segment(&visitor(&[("ads", said)]), &load) { "yes" } else { "no" };
                rows.push(row([model_name, shown, left, sent(Preference::Granted), sent(Preference::Denied)]));
            }
        }
    }
    let head = [
        "consent model",
        "mapping in use",
        "Segment knows a destination without a category",
        "events reach Segment: something is consented to",
        "nothing is consented to",
    ];
    table(&head, rows)
}

fn wrapper_waits() -> String {
    let waits = [
        ("`createWrapper` by itself", Wait::Nothing),
        ("OneTrust, banner shown", Wait::OneTrust { banner: true }),
        ("OneTrust, no banner", Wait::OneTrust { banner: false }),
        ("TrustArc", Wait::TrustArc { always: false }),
        ("TrustArc, `alwaysLoadSegment`", Wait::TrustArc { always: true }),
    ];
    let over = |wait: Wait, list: &[(&str, Preference)], chosen| {
        let visitor = Visitor { chosen, ..visitor(list) };
        if wait.is_over(&visitor) { "loads" } else { "waits" }
    };
    let (required, other) = ((wrapper::TRUSTARC_REQUIRED, Preference::Granted), ("other", Preference::Granted));
    let rows = waits.map(|(shown, wait)| {
        row([
            shown,
            over(wait, &[], false),
            over(wait, &[required], false),
            over(wait, &[other], false),
            over(wait, &[other], true),
        ])
    });
    let head = [
        "wrapper, model opt-in",
        "no group is active",
        "only `ta-1` is",
        "another group is; no choice yet",
        "another group is; the visitor chose",
    ];
    table(&head, rows)
}

fn wrapper_names() -> String {
    let shown = |model: Option<ConsentModel>| match model {
        Some(ConsentModel::OptIn) => "opt-in",
        Some(ConsentModel::OptOut) => "opt-out",
        None => "undecidable: releases differ",
    };
    let groups = ["opt-in", "implied consent", "opt-out", "notice only", "custom"];
    let onetrust = groups.map(|name| row(["OneTrust", name, shown(Some(wrapper::onetrust_model(name)))]));
    let regions = ["eu", "an", "af", "as", "sa", "oc", "us"];
    let trustarc =
        regions.map(|name| row(["TrustArc", &format!("region `{name}`"), shown(wrapper::trustarc_model(name))]));
    table(&["manager", "its word", "consent model of the wrapper"], onetrust.into_iter().chain(trustarc))
}

fn loaded(loaded: &Loaded) -> String {
    match loaded {
        Loaded::Nothing => "nothing".to_owned(),
        Loaded::Everything => "everything, unfiltered".to_owned(),
        Loaded::Only(on) if on.is_empty() => "Segment alone".to_owned(),
        Loaded::Only(on) => format!("only {}", on.join(", ")),
    }
}

fn manager_first() -> String {
    let initials = [
        ("none", None),
        ("`{}`", Some(Preferences::new())),
        (
            "`{ads: true, support: false}`",
            Some(preferences(&[("ads", Preference::Granted), ("support", Preference::Denied)])),
        ),
        ("`{ads: false}`", Some(preferences(&[("ads", Preference::Denied)]))),
    ];
    let rows = initials.map(|(shown, initial)| {
        let setup = Setup { initial, ..custom() };
        let of = |required| loaded(&consent_manager::visit(&setup, required, &source(), None).loaded);
        vec![shown.to_owned(), of(true), of(false)]
    });
    table(&["`initialPreferences`", "consent required", "consent not required"], rows)
}

fn manager_choice() -> String {
    let listed = Setup {
        custom: Some(mapping(&[("ads", &["Pixel"]), ("social", &["Pixel"]), ("support", &["Chat"])])),
        ..Setup::default()
    };
    let behaviors = [
        ("`disable`", NewDestinations::Disable),
        ("`enable`", NewDestinations::Enable),
        ("`imply`", NewDestinations::Imply),
        ("`ask`", NewDestinations::Ask),
    ];
    let new = consent_manager::Destination { id: "New".to_owned(), category: String::new() };
    let later: Vec<_> = source().into_iter().chain([new]).collect();
    let mut rows = Vec::new();
    for (said_name, said) in SAID {
        for (setup, shown, id) in [
            (&custom(), "`ads`", "Pixel"),
            (&listed, "`ads` and `social`, which is refused", "Pixel"),
            (&custom(), "none; it came later", "New"),
        ] {
            let mut cells = row([said_name, shown]);
            for (_, new_destinations) in behaviors {
                let setup = Setup { new_destinations, ..setup.clone() };
                let first = consent_manager::visit(&setup, true, &source(), None);
                let said =
                    preferences(&[("ads", said), ("social", Preference::Denied), ("support", Preference::Granted)]);
                let choice = consent_manager::choose(&setup, &source(), &first, &Act::Save(said));
                let lets = consent_manager::visit(&setup, true, &later, choice.as_ref()).loaded.lets(id);
                cells.push(if lets { "events, script" } else { "nothing" }.to_owned());
            }
            rows.push(cells);
        }
    }
    let head =
        ["`ads`", "the destination is listed by", behaviors[0].0, behaviors[1].0, behaviors[2].0, behaviors[3].0];
    table(&head, rows)
}

fn manager_acts() -> String {
    let setup = |close, implied| Setup { close, implied, ..custom() };
    let rows = [
        ("accepts all", setup(Close::Dismiss, false), Act::Accept),
        ("refuses all", setup(Close::Dismiss, false), Act::Deny),
        ("refuses all; `initialPreferences: {}`", Setup { initial: Some(Preferences::new()), ..custom() }, Act::Deny),
        (
            "refuses `ads` in the dialog, says nothing of the rest",
            custom(),
            Act::Save(preferences(&[("ads", Preference::Denied)])),
        ),
        ("closes the banner", setup(Close::Dismiss, false), Act::Close),
        ("closes the banner; `closeBehavior: accept`", setup(Close::Accept, false), Act::Close),
        ("closes the banner; `closeBehavior: deny`", setup(Close::Deny, false), Act::Close),
        ("clicks elsewhere", setup(Close::Dismiss, false), Act::Interact),
        ("clicks elsewhere; `implyConsentOnInteraction`", setup(Close::Dismiss, true), Act::Interact),
    ];
    let rows = rows.map(|(shown, setup, act)| {
        let first = consent_manager::visit(&setup, true, &source(), None);
        let choice = consent_manager::choose(&setup, &source(), &first, &act);
        let next = consent_manager::visit(&setup, true, &source(), choice.as_ref());
        let saved = choice.map_or_else(
            || "nothing".to_owned(),
            |choice| {
                let each = choice.categories.iter().map(|(id, on)| format!("{id}: {on}"));
                format!("`{}`", each.collect::<Vec<_>>().join(", "))
            },
        );
        vec![shown.to_owned(), saved, loaded(&next.loaded)]
    });
    table(&["the visitor", "saved", "loaded on the next visit"], rows)
}

fn manager_categories() -> String {
    let categories = [
        "Advertising",
        "Tag Managers",
        "CRM",
        "Customer Success",
        "Deep Linking",
        "Helpdesk",
        "Livechat",
        "Performance Monitoring",
        "Personalization",
        "SMS & Push Notifications",
        "Security & Fraud",
        "Analytics",
        "Email Marketing",
    ];
    let rows = categories.map(|name| {
        let destination = consent_manager::Destination { id: "X".to_owned(), category: name.to_owned() };
        let alone = |wanted: &str| {
            let said = consent_manager::BUILT_IN
                .map(|id| (id, if id == wanted { Preference::Granted } else { Preference::Denied }));
            let all = [destination.clone()];
            let first = consent_manager::visit(&Setup::default(), true, &all, None);
            let choice = consent_manager::choose(&Setup::default(), &all, &first, &Act::Save(preferences(&said)));
            consent_manager::visit(&Setup::default(), true, &all, choice.as_ref()).loaded.lets("X")
        };
        let by: Vec<&str> = consent_manager::BUILT_IN.into_iter().filter(|id| alone(id)).collect();
        vec![name.to_owned(), by.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ")]
    });
    table(&["category in Segment's catalogue", "switched on by"], rows)
}

fn rudder_table() -> String {
    let strategies = [("`and`, or none", Needs::All), ("`or`, `any`", Needs::Any)];
    let mut rows = Vec::new();
    for (shown, needs) in strategies {
        for (first_name, first) in SAID {
            for (second_name, second) in SAID {
                let provider = rudder::Provider { name: "custom", consents: &["a", "b"], strategy: Some(needs) };
                let manager = rudder::Manager { name: "custom", strategy: None };
                let visitor = visitor(&[("a", first), ("b", second)]);
                let browser = delivered(rudder::browser(&[provider], Some(&manager), &visitor));
                let server = received(rudder::server(&[provider], Some(&manager), &visitor));
                rows.push(row([shown, first_name, second_name, browser, server]));
            }
        }
    }
    table(&["resolution strategy", "consent `a`", "consent `b`", "browser SDK", "servers"], rows)
}

fn tags() -> String {
    let statuses = [
        ("`NOT_SET`", ConsentStatus::NotSet),
        ("`NOT_NEEDED`", ConsentStatus::NotNeeded),
        ("`NEEDED`", ConsentStatus::Needed),
    ];
    let mut rows = Vec::new();
    for (shown, status) in statuses {
        for (checks, built_in) in [("none", &[][..]), ("`ads`", &["ads"][..])] {
            let mut cells = row([shown, checks]);
            let fires =
                |said| tag_manager::delivery(&Tag { status, needs: &["ads"], built_in }, &visitor(&[("ads", said)]));
            cells.extend(SAID.map(|(_, said)| delivered(fires(said)).to_owned()));
            rows.push(cells);
        }
    }
    table(&["consent status", "checks of its own type", SAID[0].0, SAID[1].0, SAID[2].0], rows)
}
