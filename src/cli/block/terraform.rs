//! Destination filters as resources of Segment's Terraform provider (`segment_destination_filter` of segmentio/segment).

use super::filter::{Filter, filters, left, notes, purpose};
use super::instance::{Instance, Reference, instances};
use super::plan::{Look, Plan};
use super::quote::{identifier, quote, quoted};
use std::collections::BTreeSet;
use std::fmt::Write;

/// The text. With `bound`, variables are replaced by what they stand for, so that the text can be read by itself.
pub(super) fn text(look: Look<'_>, plan: &Plan, bound: bool) -> String {
    let texts: Vec<&str> = look.inputs.sources.iter().map(|(_, source)| source.text.as_str()).collect();
    let mut page = Page { out: String::new(), bound, texts, names: BTreeSet::new(), variables: BTreeSet::new() };
    page.comment("Written by `consentlint block`: destination filters, each with the findings that it mends.");
    for block in &plan.blocks {
        let (notes, purpose) = (notes(look, block), purpose(look, block));
        for instance in instances(look, block) {
            for filter in filters(look, block) {
                page.resource(&instance, &filter, (&notes, &purpose));
            }
        }
    }
    if !page.variables.is_empty() {
        page.out.push('\n');
        page.comment("No file that was read tells the ids in these variables. `consentlint check` does not follow variables: once you");
        page.comment("know an id, write it in the place of the variable, and list it under `aliases` in the data map.");
    }
    let left = left(look, plan);
    if !left.is_empty() {
        page.out.push('\n');
    }
    left.iter().for_each(|line| page.comment(line));
    page.out
}

struct Page<'t> {
    out: String,
    bound: bool,
    /// The files of the project, which may have names of their own.
    texts: Vec<&'t str>,
    /// Names of resources that are taken.
    names: BTreeSet<String>,
    /// Variables that are declared.
    variables: BTreeSet<String>,
}

impl Page<'_> {
    fn comment(&mut self, line: &str) {
        let _ = writeln!(self.out, "# {line}");
    }

    fn resource(&mut self, instance: &Instance, filter: &Filter, (notes, purpose): (&[String], &str)) {
        let destination = self.reference(&instance.destination, "destination", &instance.label);
        let source = self.reference(&instance.source, "source", &instance.label);
        let name = self.free(&format!("consentlint_{}_{}", instance.label, filter.kind));
        self.out.push('\n');
        notes.iter().for_each(|line| self.comment(line));
        let action = if filter.fields.is_empty() {
            "{ type = \"DROP\" }".to_owned()
        } else {
            let part = |(object, keys): (&String, &BTreeSet<String>)| {
                let plain = object.chars().all(|c| c.is_ascii_lowercase());
                let object = if plain { object.clone() } else { quote(object) };
                format!("{object} = {}", quoted(keys.iter().map(String::as_str)))
            };
            let fields: Vec<String> = filter.fields.iter().map(part).collect();
            format!("{{ type = \"DROP_PROPERTIES\", fields = jsonencode({{ {} }}) }}", fields.join(", "))
        };
        let rows = [
            ("title", quote(&filter.title)),
            ("description", quote(purpose)),
            ("destination_id", destination),
            ("source_id", source),
            ("enabled", "true".to_owned()),
            ("if", quote(&filter.when)),
            ("actions", format!("[{action}]")),
        ];
        let _ = writeln!(self.out, "resource \"segment_destination_filter\" \"{name}\" {{");
        for (key, value) in rows {
            let _ = writeln!(self.out, "  {key:<14} = {value}");
        }
        let _ = writeln!(self.out, "}}");
    }

    fn free(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut next = 2;
        let known = |name: &str| self.texts.iter().any(|text| text.contains(&format!("\"{name}\"")));
        while known(&name) || !self.names.insert(name.clone()) {
            name = format!("{wanted}_{next}");
            next += 1;
        }
        name
    }

    fn reference(&mut self, reference: &Reference, kind: &str, label: &str) -> String {
        match reference {
            Reference::Expression(expression) => expression.clone(),
            Reference::Id(id) => quote(id),
            Reference::Unknown(id) if self.bound => quote(id),
            Reference::Unknown(id) => {
                let own = if kind == "source" { identifier(id) } else { label.to_owned() };
                let name = format!("segment_{kind}_{own}");
                if self.variables.insert(name.clone()) {
                    let text = format!("The id that Segment gives to the {kind} which the data map calls {id}");
                    let _ = writeln!(
                        self.out,
                        "\nvariable \"{name}\" {{\n  type        = string\n  description = {}\n}}",
                        quote(&text)
                    );
                }
                format!("var.{name}")
            }
        }
    }
}
