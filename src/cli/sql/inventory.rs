//! `inventory`: columns that hold personal information, as the data map knows them and as they are there.

use super::Run;
use super::layout::Schema;
use super::script::Script;
use super::warehouse::Warehouse;

/// A statement for each schema: what the plans list, joined with what is there.
pub(super) fn inventory(run: &Run<'_>, warehouse: &Warehouse<'_>, script: &mut Script<'_>) {
    let head = vec![
        "The columns that hold personal information, and what is not as the plans say. `state`: `there`; `not there`, since".to_owned(),
        "Segment makes a column when the first value arrives (leave it out of other statements with --without); or `in no".to_owned(),
        "plan`, when it is there and nothing that was read lists it, so that nothing is known of what it holds.".to_owned(),
        "`classes` are those of Cal. Civ. Code § 1798.140(v)(1) and (ae); `restricted` has none, and must not be there.".to_owned(),
    ];
    run.head(warehouse, head, script);
    for schema in &warehouse.schemas {
        one(schema, script);
    }
}

fn one(schema: &Schema<'_>, script: &mut Script<'_>) {
    let d = script.dialect;
    let own = d.text(schema.path.last().map_or("", String::as_str));
    let [table, column, classes, state] = ["table_name", "column_name", "classes", "state"].map(|name| d.name(name));
    let [planned, there, p, t] = ["planned", "there", "p", "t"].map(|name| d.name(name));
    let mut comments = vec![format!("Source {} ({}).", schema.entity.id.value, script.at(schema.entity.id.span))];
    let mut rows: Vec<String> = Vec::new();
    for (name, known) in &schema.tables {
        for known in &known.columns {
            let all = known.classes.letters().union(known.classes);
            let mut codes: Vec<&str> = all.codes().collect();
            codes.extend((codes.is_empty() && known.forbidden.is_some()).then_some("restricted"));
            if let (Some(place), false) = (known.place, codes.is_empty()) {
                comments.push(format!("{name}.{}: {} ({})", known.name, codes.join(", "), script.at(place)));
            }
            // Codes are ours; names have letters, digits and underscores.
            let named =
                [(name, &table), (&known.name, &column)].map(|(text, label)| label_first(&rows, d.text(text), label));
            let codes = label_first(&rows, format!("'{}'", codes.join(", ")), &classes);
            rows.push(format!("  SELECT {}, {}, {codes}", named[0], named[1]));
        }
    }
    // Columns for the work of Segment's own that hold nothing of a person.
    let ours = ["uuid", "uuid_ts", "loaded_at"].map(|name| d.text(name)).join(", ");
    let stored = |name: &str| d.as_text(&d.name(name));
    let sql = format!(
        "WITH {planned} AS (\n{}\n), {there} AS (\n  SELECT {} AS {table}, {} AS {column}\n  FROM {}\n  WHERE {} = {}\n)\n\
         SELECT {own} AS {schema}, COALESCE({p}.{table}, {t}.{table}) AS {table}, COALESCE({p}.{column}, {t}.{column}) AS {column},\n  \
         {p}.{classes} AS {classes},\n  \
         CASE WHEN {p}.{column} IS NULL THEN 'in no plan' WHEN {t}.{column} IS NULL THEN 'not there' ELSE 'there' END AS {state}\n\
         FROM {planned} AS {p}\n\
         FULL OUTER JOIN {there} AS {t} ON {p}.{table} = {t}.{table} AND {p}.{column} = {t}.{column}\n\
         WHERE ({p}.{column} IS NULL AND {t}.{column} NOT IN ({ours})) OR {p}.{classes} <> '' OR {t}.{column} IS NULL\n\
         ORDER BY 2, 3",
        rows.join(" UNION ALL\n"),
        stored("table_name"),
        stored("column_name"),
        d.catalogue(&schema.path),
        stored("table_schema"),
        own,
        own = own,
        schema = d.name("table_schema"),
    );
    script.add(comments, sql);
}

/// The first row of a union names the columns.
fn label_first(rows: &[String], value: String, label: &str) -> String {
    if rows.is_empty() { format!("{value} AS {label}") } else { value }
}
