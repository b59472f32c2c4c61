//! A flowchart of [Mermaid](https://mermaid.js.org/syntax/flowchart.html), which GitHub and GitLab draw in Markdown.

use super::picture::{Edge, Look, Node, Picture};
use super::view::View;
use std::fmt::Write as _;
use std::io::{self, Write};

pub(super) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let picture = Picture::of(view);
    writeln!(out, "flowchart LR")?;
    writeln!(out, "  accTitle: Data map")?;
    let hidden = picture.hidden.as_ref().map_or_else(String::new, |hidden| format!(", {hidden}"));
    writeln!(out, "  accDescr: Sources, consent points and destinations as of {}{hidden}", view.map.as_of)?;
    let groups = [
        ("sources", "Sources", &picture.sources),
        ("points", "Consent points", &picture.points),
        ("destinations", "Destinations", &picture.destinations),
    ];
    for (group, title, nodes) in groups.into_iter().filter(|(.., nodes)| !nodes.is_empty()) {
        writeln!(out, "  subgraph {group}[\"{title}\"]")?;
        for node in nodes {
            writeln!(out, "    {}", drawn(node))?;
        }
        writeln!(out, "  end")?;
    }
    for edge in &picture.edges {
        let label = if edge.label.is_empty() { String::new() } else { format!("|\"{}\"|", text(&edge.label)) };
        writeln!(out, "  {} -->{label} {}", edge.from, edge.to)?;
    }
    styles(&picture, out)
}

fn drawn(node: &Node) -> String {
    let lines: Vec<String> = node.lines.iter().map(|line| text(line)).collect();
    let label = lines.join("<br/>");
    let (open, close) = if matches!(node.look, Look::Point | Look::Open) { ("{{", "}}") } else { ("[", "]") };
    format!("{}{open}\"{label}\"{close}:::{}", node.id, node.look.name())
}

fn styles(picture: &Picture, out: &mut dyn Write) -> io::Result<()> {
    let nodes = || picture.sources.iter().chain(&picture.points).chain(&picture.destinations);
    for (look, name, inside, border) in Look::ALL {
        if nodes().any(|node| node.look == look) {
            writeln!(out, "  classDef {name} fill:{inside},stroke:{border},color:#212121")?;
        }
    }
    let mut strokes: Vec<(&str, u8)> = picture.edges.iter().map(Edge::stroke).collect();
    strokes.sort_unstable();
    strokes.dedup();
    for stroke in strokes {
        let edges = picture.edges.iter().enumerate().filter(|(_, edge)| edge.stroke() == stroke);
        let edges: Vec<String> = edges.map(|(at, _)| at.to_string()).collect();
        writeln!(out, "  linkStyle {} stroke:{},stroke-width:{}px", edges.join(","), stroke.0, stroke.1)?;
    }
    Ok(())
}

/// Text from files inside quotes. Whatever is no letter, digit, space or harmless sign becomes an
/// [entity code](https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters): no quote ends, and no
/// directive, comment, markup, link or Markdown begins.
fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | ',' | '/' | '…') {
            out.push(c);
        } else {
            let _ = write!(out, "#{};", u32::from(c));
        }
    }
    out
}
