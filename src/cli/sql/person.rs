//! `access` and `delete`: the statements about one person.

use super::Run;
use super::dialect::Dialect;
use super::layout::{Column, Schema, Table};
use super::naming::snake;
use super::script::Script;
use super::warehouse::Warehouse;
use crate::model::Entity;

/// The temporary tables: whom the request names, who was seen with which anonymous id, and all ids of the person.
const ASKED: &str = "consentlint_asked";
const LINKS: &str = "consentlint_links";
const PERSON: &str = "consentlint_person";

/// Everything about one person.
pub(super) fn access(run: &Run<'_>, warehouse: &Warehouse<'_>, script: &mut Script<'_>) {
    let mut head = vec!["Everything that the warehouse keeps about one person, table by table.".to_owned()];
    head.push(
        "Fields that an answer must not give out (11 CCR § 7024(d)) are left out; say that you have them. For that"
            .to_owned(),
    );
    head.push(
        "reason columns are named one by one and never taken as a whole: a field that no plan lists is not shown"
            .to_owned(),
    );
    head.push("here, and `inventory` lists it.".to_owned());
    head.extend(held_elsewhere(run, script));
    run.head(warehouse, head, script);
    resolve(warehouse, script);
    for (schema, name, table) in tables(warehouse) {
        select(schema, name, table, script);
    }
    finish(script);
}

/// Erases one person.
pub(super) fn delete(run: &Run<'_>, warehouse: &Warehouse<'_>, script: &mut Script<'_>) {
    let mut head = vec!["Erases one person from all tables of the warehouse, in one transaction.".to_owned()];
    head.extend(elsewhere(run, warehouse, script));
    head.extend(records(run, warehouse, script));
    run.head(warehouse, head, script);
    resolve(warehouse, script);
    for (schema, name, table) in tables(warehouse) {
        let from = origin(name, table, script);
        let d = script.dialect;
        let sql = format!("DELETE FROM {}\nWHERE {}", target(d, schema, name), condition(d, table));
        script.add(vec![from], sql);
    }
    finish(script);
}

/// Tables in which a person can be found, of all sources.
fn tables<'w>(warehouse: &'w Warehouse<'_>) -> impl Iterator<Item = (&'w Schema<'w>, &'w str, &'w Table)> {
    warehouse.schemas.iter().flat_map(|schema| {
        let named = schema.tables.iter().filter(|(_, table)| table.user.is_some() || table.anonymous);
        named.map(move |(name, table)| (schema, name.as_str(), table))
    })
}

pub(super) fn target(d: Dialect, schema: &Schema<'_>, table: &str) -> String {
    format!("{}.{}", d.path(&schema.path), d.name(table))
}

fn origin(name: &str, table: &Table, script: &Script<'_>) -> String {
    match table.places.as_slice() {
        [] => format!("{name}: Segment makes it of every source of this kind"),
        places => format!("{name}: {}", script.places(places)),
    }
}

/// Finds out by which ids the person is known, before anything is read or erased.
fn resolve(warehouse: &Warehouse<'_>, script: &mut Script<'_>) {
    let d = script.dialect;
    let text = d.text_type();
    let [user, anonymous] = ["user_id", "anonymous_id"].map(|name| d.name(name));
    let [asked, links, person] = [ASKED, LINKS, PERSON].map(|name| d.name(name));
    let make =
        [&asked, &links, &person].map(|table| format!("{} {table} ({user} {text}, {anonymous} {text})", d.temporary()));
    let begin = d.transaction()[0].to_owned();
    if !d.defines_outside() {
        script.add(Vec::new(), begin.clone());
    }
    make.into_iter().for_each(|sql| script.add(Vec::new(), sql));
    if d.defines_outside() {
        script.add(Vec::new(), begin);
    }
    let [first, second] = d.parameters();
    let named = if d == Dialect::Snowflake { "Parameters, in order" } else { "Parameters" };
    let bound = if first == second { String::new() } else { format!("{first} is ") };
    let other = if first == second { String::new() } else { format!("{second} is ") };
    script.add(
        vec![
            format!("{named}: {bound}the user id of the person, {other}an anonymous id; either may be NULL."),
            "Bind them, do not write them into the text. Give the user id of whoever has one: an anonymous id finds"
                .to_owned(),
            "only what was sent without a user id.".to_owned(),
        ],
        format!("INSERT INTO {asked} ({user}, {anonymous})\nVALUES ({first}, {second})"),
    );
    let seen = pairs(d, warehouse);
    if !seen.is_empty() {
        script.add(
            vec!["Which user ids and anonymous ids were sent together.".to_owned()],
            format!(
                "INSERT INTO {links} ({user}, {anonymous})\nSELECT DISTINCT {user}, {anonymous} FROM (\n{}\n) AS {}\n\
                 WHERE {user} IS NOT NULL AND {anonymous} IS NOT NULL",
                seen.join("\n  UNION ALL\n"),
                d.name("seen")
            ),
        );
    }
    ids(d, script);
}

/// What tells which user ids and anonymous ids belong together, a query each. The tables of events repeat what `tracks` has.
pub(super) fn pairs(d: Dialect, warehouse: &Warehouse<'_>) -> Vec<String> {
    let mut pairs = Vec::new();
    for (schema, name, table) in tables(warehouse) {
        let anonymous = match name {
            "tracks" | "identifies" | "pages" | "screens" | "groups" if table.anonymous => "anonymous_id",
            "aliases" => "previous_id",
            _ => continue,
        };
        if table.user == Some("user_id") {
            pairs.push(format!(
                "  SELECT {} AS {}, {} AS {} FROM {}",
                d.as_text(&d.name("user_id")),
                d.name("user_id"),
                d.as_text(&d.name(anonymous)),
                d.name("anonymous_id"),
                target(d, schema, name)
            ));
        }
    }
    pairs
}

fn ids(d: Dialect, script: &mut Script<'_>) {
    let [user, anonymous] = ["user_id", "anonymous_id"].map(|name| d.name(name));
    let [asked, links, person] = [ASKED, LINKS, PERSON].map(|name| d.name(name));
    let own = format!("(SELECT {user} FROM {asked} WHERE {user} IS NOT NULL)");
    let of_others = format!("(\n    SELECT {anonymous} FROM {links} WHERE {user} NOT IN {own}\n  )");
    let null = d.as_text("NULL");
    script.add(
        vec![
            "The ids of the person. An anonymous id that somebody else used too, as on a device that a family shares, is".to_owned(),
            "none of them.".to_owned(),
        ],
        format!(
            "INSERT INTO {person} ({user}, {anonymous})\n\
             SELECT {user}, {null} FROM {asked} WHERE {user} IS NOT NULL\n\
             UNION ALL\n\
             SELECT {null}, {anonymous} FROM {links}\n\
             WHERE {user} IN {own}\n  AND {anonymous} NOT IN {of_others}\n\
             UNION ALL\n\
             SELECT {null}, {anonymous} FROM {asked}\n\
             WHERE {anonymous} IS NOT NULL\n  AND {anonymous} NOT IN {of_others}",
        ),
    );
    script.add(
        vec![
            "Anonymous ids of the person that were used with another user id, too, or with one that was not given. What was".to_owned(),
            "sent with them and without a user id is not touched below, since it may be about somebody else: decide by hand.".to_owned(),
        ],
        format!(
            "SELECT DISTINCT {anonymous}, {user} FROM {links}\n\
             WHERE {user} NOT IN {own}\n  \
             AND ({anonymous} IN (\n    SELECT {anonymous} FROM {links} WHERE {user} IN {own}\n  ) OR {anonymous} IN (\n    \
             SELECT {anonymous} FROM {asked} WHERE {anonymous} IS NOT NULL\n  ))\n\
             ORDER BY 1, 2",
        ),
    );
}

/// The rows of the person in a table.
fn condition(d: Dialect, table: &Table) -> String {
    let person = d.name(PERSON);
    let within = |column: &str, key: &str| {
        let key = d.name(key);
        format!("{} IN (SELECT {key} FROM {person} WHERE {key} IS NOT NULL)", d.as_text(&d.name(column)))
    };
    let by_user = table.user.map(|column| within(column, "user_id"));
    let by_anonymous = table.anonymous.then(|| within("anonymous_id", "anonymous_id"));
    match (by_user, by_anonymous) {
        (Some(user), Some(anonymous)) => {
            format!("{user}\n  OR ({} IS NULL AND {anonymous})", d.name("user_id"))
        }
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => "1 = 0".to_owned(),
    }
}

fn select(schema: &Schema<'_>, name: &str, table: &Table, script: &mut Script<'_>) {
    let d = script.dialect;
    let mut comments = vec![origin(name, table, script)];
    let (out, kept): (Vec<&Column>, Vec<&Column>) = table.columns.iter().partition(|column| column.forbidden.is_some());
    for column in out {
        let from = column.place.map_or_else(String::new, |place| format!(" ({})", script.at(place)));
        comments.push(format!("left out: {}, {}{from}", column.name, column.forbidden.unwrap_or_default()));
    }
    if !table.unread.is_empty() {
        comments.push(format!(
            "not shown: {}; the plan does not list the parts, so that no column can be named",
            script.places(&table.unread)
        ));
    }
    let columns: Vec<String> = kept.iter().map(|column| format!("  {}", d.name(&column.name))).collect();
    let order = table.columns.iter().any(|column| column.name == "received_at");
    let order = if order { format!("\nORDER BY {}", d.name("received_at")) } else { String::new() };
    let sql = format!(
        "SELECT\n{}\nFROM {}\nWHERE {}{order}",
        columns.join(",\n"),
        target(d, schema, name),
        condition(d, table)
    );
    if kept.is_empty() {
        return script.say(comments);
    }
    script.add(comments, sql);
}

/// Ends the transaction and takes the temporary tables away.
fn finish(script: &mut Script<'_>) {
    let d = script.dialect;
    let end = d.transaction()[1].to_owned();
    if d.defines_outside() {
        script.add(Vec::new(), end.clone());
    }
    for table in [ASKED, LINKS, PERSON] {
        script.add(Vec::new(), format!("DROP TABLE {}", d.name(table)));
    }
    if !d.defines_outside() {
        script.add(Vec::new(), end);
    }
}

/// Who else holds what an answer must tell: an answer has what service providers and contractors hold, too (11 CCR
/// § 7024(h)).
fn held_elsewhere(run: &Run<'_>, script: &Script<'_>) -> Vec<String> {
    let active = |at: &usize| run.flow.destinations[*at].object.boolean("active") == Some(true);
    let helps = |entity: &&Entity| matches!(entity.object.text("role"), Some("service_provider" | "contractor"));
    let all = run.map.model.destinations.iter().enumerate().filter(|(at, _)| active(at)).map(|(_, entity)| entity);
    let mut said: Vec<String> = all
        .filter(helps)
        .map(|entity| match entity.object.get("access.via") {
            Some(via) => format!("- {}: access via {} ({})", entity.id.value, via.value.display(), script.at(via.span)),
            None => format!("- {}: no way of access is declared ({})", entity.id.value, script.at(entity.id.span)),
        })
        .collect();
    if !said.is_empty() {
        let what = "An answer also has what service providers and contractors hold (11 CCR § 7024(h)):";
        said.insert(0, what.to_owned());
    }
    said
}

/// Where a deletion has to go besides: other recipients, stores filled from this one, and what would bring the data back.
fn elsewhere(run: &Run<'_>, warehouse: &Warehouse<'_>, script: &Script<'_>) -> Vec<String> {
    let (model, links) = (run.map.model, run.map.links);
    let active = |at: &usize| run.flow.destinations[*at].object.boolean("active") == Some(true);
    let mut said = Vec::new();
    let others: Vec<usize> = (0..model.destinations.len()).filter(|at| *at != warehouse.index).filter(active).collect();
    if !others.is_empty() {
        said.push("It does not reach these, which receive or hold data of the same persons:".to_owned());
    }
    for at in others {
        let entity = &model.destinations[at];
        let filled = links.derived[at].iter().find(|link| link.index == warehouse.index);
        let filled =
            filled.map_or_else(String::new, |link| format!("; filled from this store ({})", script.at(link.span)));
        said.push(format!("- {}: {}{filled}", entity.id.value, route(entity, script)));
    }
    let delete = model.requests.iter().find(|request| request.id.value == "delete");
    match delete.and_then(|request| request.object.get("regulation")) {
        Some(found) => said.push(format!(
            "Deletion requests use {} ({}). A source that goes on sending brings the person in again unless suppressed.",
            found.value.display(),
            script.at(found.span)
        )),
        None => said.push(
            "A source that goes on sending brings the person in again unless suppressed (Segment: SUPPRESS_WITH_DELETE)."
                .to_owned(),
        ),
    }
    said
}

/// The tables in which requests are recorded: records of requests are kept for 24 months (11 CCR § 7101(a)).
fn records(run: &Run<'_>, warehouse: &Warehouse<'_>, script: &Script<'_>) -> Vec<String> {
    let mut said = Vec::new();
    for request in &run.map.model.requests {
        let Some(event) = request.object.get("event") else { continue };
        let name = snake(&event.value.display());
        for schema in warehouse.schemas.iter().filter(|schema| schema.tables.contains_key(&name)) {
            let table = format!("{}.{name}", schema.path.join("."));
            said.push(
                "It erases records of requests, which are to be kept for 24 months (11 CCR § 7101(a)), from".to_owned(),
            );
            said.push(format!(
                "{table} ({}): copy them before, or keep them with --without {table}.",
                script.at(event.span)
            ));
        }
    }
    said
}

/// How a deletion reaches a destination.
fn route(entity: &Entity, script: &Script<'_>) -> String {
    let text = |name: &str| entity.object.get(name).map(|found| (found.value.display(), found.span));
    match text("deletion.via") {
        Some((via, span)) => {
            let key = text("deletion.key").map_or_else(String::new, |(key, _)| format!(", by {key}"));
            format!("deletion via {via}{key} ({})", script.at(span))
        }
        None => format!("no deletion route is declared ({})", script.at(entity.id.span)),
    }
}
