//! The map as one page of HTML: a picture, what is known of each destination, what a visitor's choices do, and tables. The page
//! holds the data and a script that shows it; what each choice does was computed here.

mod data;
mod entity;
mod findings;
mod names;
mod ways;

use super::view::View;
use crate::output::page::Page;
use maud::{Markup, html};
use std::io::{self, Write};

/// The style of the page beside that of all pages.
const STYLE: &str = include_str!("html/map.css");

/// The script, in the order in which its parts build upon one another.
const SCRIPT: &str = concat!(
    "\"use strict\";\n{\n",
    include_str!("html/model.js"),
    include_str!("html/visitor.js"),
    include_str!("html/filter.js"),
    include_str!("html/picture.js"),
    include_str!("html/detail.js"),
    include_str!("html/tables.js"),
    include_str!("html/main.js"),
    "}\n"
);

pub(super) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let data = data::Root::of(view);
    let page = Page { title: "Data map", style: STYLE, script: SCRIPT, body: body(view) };
    page.write(Some(&data), out)
}

/// The places that the script fills.
fn body(view: &View<'_>) -> Markup {
    html! {
        a #skip .skip href="#tables" { "Skip to the tables" }
        header.head {
            h1 { "Data map" }
            p #summary {}
            p.soft {
                "What files declare on " time datetime=(view.map.as_of) { (view.map.as_of) } ", under profile "
                code { (view.map.profile.name()) } ", as " (env!("CARGO_PKG_NAME")) " " (env!("CARGO_PKG_VERSION"))
                " reads them; not what a site does. Everything names the file and line that says it."
            }
        }
        noscript {
            p.notice {
                "This page shows its data with a script of its own, which is switched off here. The same data without one: "
                code { "consentlint map --format csv" } " (or " code { "json" } ", " code { "mermaid" } ", " code { "dot" } ")."
            }
        }
        p #asked .notice hidden {}
        div #problems .notice role="note" hidden {}
        form #filters .bar role="search" aria-label="What is shown" {
            label { "Search " input #find type="search" autocomplete="off" placeholder="destination, field, event …"; }
            label { "Class " select #by-class {} }
            label { "Source " select #by-source {} }
            label { "Role " select #by-role {} }
            label { "Claims " select #by-claim {} }
            button #clear type="button" { "Show all" }
        }
        p #shown .soft role="status" aria-live="polite" {}
        main {
            section #map aria-labelledby="map-title" {
                h2 #map-title { "Where data goes" }
                ul #legend .legend aria-label="Legend" {}
                details #codes {}
                div #picture .picture {}
            }
            div.side {
                section #visitor .card aria-labelledby="visitor-title" {
                    h2 #visitor-title { "A visitor’s choices" }
                    div #choices {}
                    p #outcome role="status" aria-live="polite" {}
                }
                section #detail .card aria-labelledby="detail-title" tabindex="-1" {
                    h2 #detail-title { "Details" }
                    div #facts {}
                }
            }
            div #tables tabindex="-1" {}
        }
    }
}
