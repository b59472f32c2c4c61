//! `opt-outs`: who has opted out, by the latest choice of each person.

use super::layout::{Keys, RESERVED, Table, preference, stamps};
use super::naming::{column, snake};
use super::person::{pairs, target};
use super::script::Script;
use super::warehouse::Warehouse;
use super::{Run, layout::Schema};
use crate::finding::{Problem, Stage};
use crate::flow::controls_optout;
use crate::model::{Entity, Event, EventType, Section, normal};
use crate::source::Span;

/// Names of properties that say that somebody opted out.
const SAYS_OUT: [&str; 7] = [
    "optout",
    "optedout",
    "optoutofsale",
    "donotsell",
    "donotsellorshare",
    "donotsellorsharemypersonalinformation",
    "saleoptout",
];

/// The table in which choices of a source are recorded, and how they are told.
struct Choices<'w> {
    schema: &'w Schema<'w>,
    table: String,
    /// Columns that are false when the person opted out of a category.
    refused: Vec<String>,
    /// Columns that are true when the person opted out.
    out: Vec<String>,
    /// Where the event, and what says the choice, are written.
    places: Vec<Span>,
}

/// Who has opted out. Gives what is missing for it.
pub(super) fn opt_outs(run: &Run<'_>, warehouse: &Warehouse<'_>, script: &mut Script<'_>) -> Vec<Problem> {
    let model = run.map.model;
    let request = model.requests.iter().find(|request| request.id.value == "opt_out");
    let named = request.and_then(|request| request.object.get("event"));
    let name = named.map_or_else(|| RESERVED.to_owned(), |found| found.value.display());
    let events: Vec<usize> = (0..model.events.len())
        .filter(|at| {
            model.events[*at].call == EventType::Track && normal(&model.events[*at].name.value) == normal(&name)
        })
        .collect();
    let reserved = normal(&name) == normal(RESERVED);
    if events.is_empty() && !(reserved && named.is_some()) {
        return vec![no_event(request, named.map(|found| (name.as_str(), found.span)))];
    }
    let categories: Vec<&Entity> = model.categories.iter().filter(|category| controls_optout(category)).collect();
    let mut problems = Vec::new();
    let mut found = Vec::new();
    for schema in &warehouse.schemas {
        let own: Vec<usize> =
            events.iter().copied().filter(|at| run.map.links.events[*at].contains(&schema.source)).collect();
        // Segment's own event is in every plan of a source with a consent wrapper, listed or not.
        if own.is_empty() && !(reserved && stamps(schema.entity)) {
            continue;
        }
        let sent: Vec<&Event> = own.iter().map(|at| model.events[*at].as_ref()).collect();
        // It may be kept from the store, or --without may say that the table is not there.
        let table = snake(sent.first().map_or(name.as_str(), |event| &event.name.value));
        if !schema.tables.contains_key(&table) {
            continue;
        }
        match choices(schema, table, &sent, &categories) {
            Some(choices) => found.push(choices),
            None => problems.push(no_choice(schema, &name, &sent, &categories)),
        }
    }
    if found.is_empty() && problems.is_empty() {
        let place = named.map(|found| found.span).or(events.first().map(|at| model.events[*at].name.span));
        let message = format!("no source that feeds `{}` sends the event `{name}`", warehouse.store.id.value);
        let help = "name the sources that send it (`sources:` at the event), or the store that keeps it (`requests.opt_out.store`)";
        let problem = place.map_or_else(
            || Problem::run(Stage::Reference, message.clone()),
            |place| Problem::at(Stage::Reference, place, message.clone()),
        );
        problems.push(problem.help(help));
    }
    if problems.is_empty() {
        write(run, warehouse, &found, &categories, script);
    }
    problems
}

fn no_event(request: Option<&Entity>, named: Option<(&str, Span)>) -> Problem {
    let help =
        "write `event:` and `store:` under `requests.opt_out`, and list the event in a tracking plan or under `events`";
    match (named, request) {
        (Some((name, span)), _) => {
            let message = format!("no tracking plan has the event `{name}`, which records opt-outs");
            Problem::at(Stage::Reference, span, message).help("list it in a tracking plan or under `events`")
        }
        (None, Some(request)) if !request.implied => {
            Problem::at(Stage::Reference, request.id.span, "nothing says which event records an opt-out").help(help)
        }
        _ => Problem::run(Stage::Reference, "nothing says which event records an opt-out").help(help),
    }
}

fn no_choice(schema: &Schema<'_>, name: &str, sent: &[&Event], categories: &[&Entity]) -> Problem {
    let source = &schema.entity.id.value;
    let place = sent.first().map_or(schema.entity.id.span, |event| event.name.span);
    if stamps(schema.entity) && categories.is_empty() {
        let message = "no consent category carries out the opt-out";
        return Problem::at(Stage::Reference, place, message).help("write `controls: [opt-out]` at the category");
    }
    let message = format!("nothing says by which column of `{name}` an opt-out of `{source}` can be told");
    Problem::at(Stage::Reference, place, message).help(
        "list a property `opted_out` (true or false) at the event, or one below `category_preferences` for each consent category with `controls: [opt-out]`, or say at the source that its events carry the consent object (`consent: {object: true}`)",
    )
}

/// How choices are told in the table of an event. A property of the event counts before the consent object, which only
/// repeats the state in which the event was sent.
fn choices<'w>(schema: &'w Schema<'w>, table: String, sent: &[&Event], categories: &[&Entity]) -> Option<Choices<'w>> {
    let mut found = Choices {
        schema,
        table,
        refused: Vec::new(),
        out: Vec::new(),
        places: sent.iter().map(|event| event.name.span).collect(),
    };
    for property in sent.iter().flat_map(|event| &event.properties) {
        let (path, array) = column(&property.path.value);
        // What is true or false, or may be.
        if array || property.hint.container || property.hint.string || property.hint.number {
            continue;
        }
        let path = if property.section == Section::Context { format!("context_{path}") } else { path };
        let said = normal(property.name());
        let nested = property.path.value.contains('.');
        if nested && categories.iter().any(|category| normal(&category.id.value) == said) {
            found.refused.push(path);
            found.places.push(property.path.span);
        } else if SAYS_OUT.contains(&said.as_str()) {
            found.out.push(path);
            found.places.push(property.path.span);
        }
    }
    if found.refused.is_empty() && found.out.is_empty() && stamps(schema.entity) {
        found.refused = categories.iter().map(|category| preference(category).name).collect();
        found.places.extend(categories.iter().map(|category| category.id.span));
    }
    found.refused.dedup();
    found.out.dedup();
    (!found.refused.is_empty() || !found.out.is_empty()).then_some(found)
}

/// The choices of one source, a row each: who, when, and whether it is an opt-out.
fn said(choices: &Choices<'_>, script: &Script<'_>) -> String {
    let d = script.dialect;
    let known = choices.schema.tables.get(&choices.table);
    let key_of = |table: &Table| Keys { user: table.user.is_some(), anonymous: table.anonymous };
    let keys = known.map_or_else(|| Keys::of(choices.schema.entity), key_of);
    let key = |name: &str, has: bool| d.as_text(&if has { d.name(name) } else { "NULL".to_owned() });
    let refused = choices.refused.iter().map(|name| format!("{} = FALSE", d.name(name)));
    let out = choices.out.iter().map(|name| format!("{} = TRUE", d.name(name)));
    let is_out: Vec<String> = refused.chain(out).collect();
    let told: Vec<String> =
        choices.refused.iter().chain(&choices.out).map(|name| format!("{} IS NOT NULL", d.name(name))).collect();
    format!(
        "  SELECT {} AS {}, {} AS {},\n    COALESCE({}, {}) AS {},\n    CASE WHEN {} THEN 1 ELSE 0 END AS {}\n  FROM {}\n  WHERE {}",
        key("user_id", keys.user),
        d.name("user_id"),
        key("anonymous_id", keys.anonymous),
        d.name("anonymous_id"),
        d.name("timestamp"),
        d.name("received_at"),
        d.name("chosen_at"),
        is_out.join(" OR "),
        d.name("opted_out"),
        target(d, choices.schema, &choices.table),
        told.join(" OR ")
    )
}

fn write(
    run: &Run<'_>,
    warehouse: &Warehouse<'_>,
    all: &[Choices<'_>],
    categories: &[&Entity],
    script: &mut Script<'_>,
) {
    let mut head = vec![
        "Who has opted out of sale and sharing: one row for each person whose latest choice is an opt-out. A person is a".to_owned(),
        "user id; an anonymous id only where it was never seen with a user id. What was chosen before somebody was".to_owned(),
        "identified counts for the user id that came later. On an anonymous id of several user ids an opt-out counts for".to_owned(),
        "all of them, and an opt-in without a user id for none.".to_owned(),
    ];
    for choices in all {
        head.push(format!("Choices in {}: {}", choices.table, script.places(&choices.places)));
    }
    for category in categories {
        head.push(format!("Category {} carries out the opt-out ({})", category.id.value, script.at(category.id.span)));
    }
    head.extend(unheard(run, warehouse, all, script));
    run.head(warehouse, head, script);
    let union: Vec<String> = all.iter().map(|choices| said(choices, script)).collect();
    let sql = query(warehouse, &union, script);
    script.add(vec!["No parameters.".to_owned()], sql);
}

/// Sources that send the event, but to another store: what is chosen there is not found here.
fn unheard(run: &Run<'_>, warehouse: &Warehouse<'_>, all: &[Choices<'_>], script: &Script<'_>) -> Vec<String> {
    let (model, events) = (run.map.model, &run.map.links.events);
    let is_it = |at: &usize| {
        model.events[*at].call == EventType::Track
            && all.iter().any(|choices| snake(&model.events[*at].name.value) == choices.table)
    };
    let mut senders: Vec<usize> =
        (0..model.events.len()).filter(is_it).flat_map(|at| events[at].iter().copied()).collect();
    senders.sort_unstable();
    senders.dedup();
    let heard = |source: &usize| all.iter().any(|choices| choices.schema.source == *source);
    let fed = |source: &usize| warehouse.schemas.iter().any(|schema| schema.source == *source);
    senders.retain(|source| !heard(source) && !fed(source));
    let said = |source: &usize| {
        let id = &model.sources[*source].id;
        format!(
            "Not covered: what is chosen in source {} ({}), which does not feed the store.",
            id.value,
            script.at(id.span)
        )
    };
    senders.iter().map(said).collect()
}

fn query(warehouse: &Warehouse<'_>, union: &[String], script: &Script<'_>) -> String {
    let d = script.dialect;
    let [user, anonymous, at, out, rank] =
        ["user_id", "anonymous_id", "chosen_at", "opted_out", "newness"].map(|name| d.name(name));
    let [choices, links, shared, known, latest] =
        ["choices", "links", "shared", "known", "latest"].map(|name| d.name(name));
    let [c, l, s] = ["c", "l", "s"].map(|name| d.name(name));
    let mut seen = pairs(d, warehouse);
    seen.push(format!("  SELECT {user}, {anonymous} FROM {choices}"));
    format!(
        "WITH {choices} AS (\n{}\n), {links} AS (\n  SELECT DISTINCT {user}, {anonymous} FROM (\n{}\n  ) AS {}\n  \
         WHERE {user} IS NOT NULL AND {anonymous} IS NOT NULL\n\
         ), {shared} AS (\n  SELECT {anonymous} FROM {links} GROUP BY {anonymous} HAVING COUNT(*) > 1\n\
         ), {known} AS (\n  \
         SELECT {user}, {none} AS {anonymous}, {at}, {out} FROM {choices} WHERE {user} IS NOT NULL\n  UNION ALL\n  \
         SELECT {l}.{user}, {none} AS {anonymous}, {c}.{at}, {c}.{out}\n  FROM {choices} AS {c}\n  \
         JOIN {links} AS {l} ON {l}.{anonymous} = {c}.{anonymous}\n  \
         LEFT JOIN {shared} AS {s} ON {s}.{anonymous} = {c}.{anonymous}\n  \
         WHERE {c}.{user} IS NULL AND ({c}.{out} = 1 OR {s}.{anonymous} IS NULL)\n  UNION ALL\n  \
         SELECT {none} AS {user}, {c}.{anonymous}, {c}.{at}, {c}.{out}\n  FROM {choices} AS {c}\n  \
         LEFT JOIN {links} AS {l} ON {l}.{anonymous} = {c}.{anonymous}\n  \
         WHERE {c}.{user} IS NULL AND {c}.{anonymous} IS NOT NULL AND {l}.{anonymous} IS NULL\n\
         ), {latest} AS (\n  SELECT {user}, {anonymous}, {at}, {out},\n    \
         ROW_NUMBER() OVER (PARTITION BY {user}, {anonymous} ORDER BY {at} DESC, {out} DESC) AS {rank}\n  FROM {known}\n)\n\
         SELECT {user}, {anonymous}, {at} AS {since}\nFROM {latest}\nWHERE {rank} = 1 AND {out} = 1\nORDER BY {user}, {anonymous}",
        union.join("\n  UNION ALL\n"),
        seen.join("\n  UNION ALL\n"),
        d.name("seen"),
        none = d.as_text("NULL"),
        since = d.name("opted_out_at"),
    )
}
