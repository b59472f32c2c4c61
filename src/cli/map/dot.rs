//! A graph in the language of [Graphviz](https://graphviz.org/doc/info/lang.html).

use super::picture::{Edge, Look, Node, Picture};
use super::view::View;
use std::io::{self, Write};

pub(super) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let picture = Picture::of(view);
    let hidden = picture.hidden.as_ref().map_or_else(String::new, |hidden| format!(", {hidden}"));
    writeln!(out, "digraph \"data map\" {{")?;
    writeln!(out, "  graph [rankdir=LR, charset=\"UTF-8\", label=\"Data map as of {}{hidden}\"];", view.map.as_of)?;
    writeln!(out, "  node [shape=box, style=\"rounded,filled\", fontname=\"sans-serif\"];")?;
    writeln!(out, "  edge [fontname=\"sans-serif\", fontsize=10];")?;
    let groups = [
        ("sources", "Sources", &picture.sources),
        ("points", "Consent points", &picture.points),
        ("destinations", "Destinations", &picture.destinations),
    ];
    for (group, title, nodes) in groups.into_iter().filter(|(.., nodes)| !nodes.is_empty()) {
        writeln!(out, "  subgraph \"cluster_{group}\" {{")?;
        writeln!(out, "    label=\"{title}\";")?;
        for node in nodes {
            writeln!(out, "    {}", drawn(node))?;
        }
        writeln!(out, "  }}")?;
    }
    for edge in &picture.edges {
        writeln!(out, "  {}", line(edge))?;
    }
    writeln!(out, "}}")
}

fn drawn(node: &Node) -> String {
    let label: Vec<String> = node.lines.iter().map(|line| text(line)).collect();
    let shape = if matches!(node.look, Look::Point | Look::Open) { ", shape=hexagon" } else { "" };
    let look = Look::ALL.iter().find(|(look, ..)| *look == node.look);
    let (inside, border) = look.map_or(("", ""), |(_, _, inside, border)| (inside, border));
    format!(
        "\"{}\" [label=\"{}\", class=\"{}\", fillcolor=\"{inside}\", color=\"{border}\"{shape}];",
        node.id,
        label.join("\\n"),
        node.look.name()
    )
}

fn line(edge: &Edge) -> String {
    let (color, width) = edge.stroke();
    let label = text(&edge.label);
    format!("\"{}\" -> \"{}\" [label=\"{label}\", color=\"{color}\", penwidth={width}];", edge.from, edge.to)
}

/// Text from files inside quotes: no quote ends, and neither escapes nor the entities of HTML, which Graphviz reads in labels,
/// mean anything.
fn text(text: &str) -> String {
    text.replace('&', "&amp;").replace('\\', "\\\\").replace('"', "\\\"")
}
