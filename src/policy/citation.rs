//! What rules cite, and the duties of the law that no rule carries out. Read when somebody asks: a check needs neither.

use super::pack::embedded_table;
use super::rule::Evidence;
use jiff::civil::Date;
use std::sync::LazyLock;

/// The statute as the California Privacy Protection Agency publishes it.
pub const STATUTE: &str = "https://cppa.ca.gov/pdf/20260101_ccpa_statute.pdf";
/// The regulations as the agency publishes them, whatever the name of the file says.
pub const REGULATIONS: &str = "https://cppa.ca.gov/regulations/pdf/ccpa_statute_eff_20260101.pdf";

/// A paragraph, or a page of a vendor's documentation, that rules may cite.
#[derive(Debug)]
pub struct Citation {
    /// As rules write it.
    pub name: &'static str,
    /// What it demands, in our words.
    pub duty: &'static str,
    /// How well that is known.
    pub evidence: Evidence,
    /// The day from which it holds as summarized, where that is known.
    pub since: Option<Date>,
    /// Address of the text; none where no official text was read.
    pub read_at: Option<&'static str>,
}

/// A rule that is not here, and why.
#[derive(Debug)]
pub struct LeftOut {
    /// The name that it would have.
    pub name: &'static str,
    /// What it would say.
    pub title: &'static str,
    /// Why it is not here.
    pub reason: &'static str,
}

static CITATIONS: LazyLock<Vec<Citation>> = LazyLock::new(|| {
    rows("citations.tsv")
        .map(|[name, duty, evidence, since, read_at]| Citation {
            name,
            duty,
            evidence: if evidence == "secondary" { Evidence::Secondary } else { Evidence::Primary },
            since: since.parse().ok(),
            read_at: match read_at {
                "" => None,
                "statute" => Some(STATUTE),
                "regulations" => Some(REGULATIONS),
                address => Some(address),
            },
        })
        .collect()
});

/// The rows of a table of the catalogue, below its heading; a missing cell is empty.
fn rows<const COLUMNS: usize>(name: &str) -> impl Iterator<Item = [&'static str; COLUMNS]> {
    let lines = embedded_table(name).unwrap_or("").lines().filter(|line| !line.starts_with('#'));
    lines.skip(1).map(|line| {
        let mut cells = line.split('\t');
        std::array::from_fn(|_| cells.next().unwrap_or(""))
    })
}

/// All that rules may cite, by kind of source.
pub fn citations() -> &'static [Citation] {
    &CITATIONS
}

/// What stands behind a citation; none for one that a rule of your own brings along.
pub fn cited(name: &str) -> Option<&'static Citation> {
    CITATIONS.iter().find(|citation| citation.name == name)
}

/// The rules that are not here.
pub fn left_out() -> Vec<LeftOut> {
    rows("left-out.tsv").map(|[name, title, reason]| LeftOut { name, title, reason }).collect()
}
