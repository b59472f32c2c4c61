//! Findings for people: all of them in order of place, or those that lead and how many more there are.

use super::super::text::{counted, line, things};
use super::Page;
use crate::finding::{Finding, Severity};
use crate::report::Report;
use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};

/// Findings shown in full unless all are wanted: what a person reads before giving up.
const LEADING: usize = 10;

/// What a finding is about, as a reader groups it.
type About<'a> = (&'static str, &'a str);

/// Findings about one thing.
#[derive(Debug)]
struct Group<'a> {
    /// What they are about.
    about: About<'a>,
    /// How many there are of it, shown or not.
    all: usize,
    /// Those that are shown, the worst first.
    shown: Vec<&'a Finding>,
}

/// What is shown in full and what is only counted.
#[derive(Debug)]
struct Leading<'a> {
    /// In the order of their worst findings.
    groups: Vec<Group<'a>>,
    /// By severity and rule: how many more there are.
    rest: BTreeMap<(Severity, &'a str), usize>,
}

impl Page<'_> {
    pub(super) fn findings(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        if self.style.all {
            return report.accusations().try_for_each(|finding| self.whole(finding, out));
        }
        let accusations: Vec<&Finding> = report.accusations().collect();
        let Leading { groups, rest } = leading(&accusations);
        for group in groups {
            if accusations.len() > 1 {
                writeln!(out, "{}\n", self.heading(&group))?;
            }
            group.shown.into_iter().try_for_each(|finding| self.whole(finding, out))?;
        }
        self.rest(&rest, out)
    }

    fn whole(&self, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(self.finding(finding).map_err(io::Error::other)?.as_bytes())
    }

    fn heading(&self, group: &Group<'_>) -> String {
        let (kind, id) = group.about;
        let (one, many) = things(kind);
        let what = if id.is_empty() { many.to_owned() } else { format!("{one} {}", line(id)) };
        let shown = group.shown.len();
        let some = if shown < group.all { format!("{shown} of ") } else { String::new() };
        let count = counted(group.all, "finding", "findings");
        format!("━━ {} ({some}{count})", self.bold(&what, "1"))
    }

    fn rest(&self, rest: &BTreeMap<(Severity, &str), usize>, out: &mut dyn Write) -> io::Result<()> {
        if rest.is_empty() {
            return Ok(());
        }
        let more = counted(rest.values().sum(), "more finding", "more findings");
        writeln!(out, "━━ {}; `consentlint check --all` shows them\n", self.bold(&more, "1"))?;
        for ((severity, rule), count) in rest {
            writeln!(out, "  {:<8} {count:>5}  {}", severity.name(), line(rule))?;
        }
        writeln!(out)
    }
}

/// Chooses the findings that lead, grouped by what they are about.
fn leading<'a>(findings: &[&'a Finding]) -> Leading<'a> {
    let mut all: HashMap<About<'_>, usize> = HashMap::new();
    for finding in findings {
        *all.entry(about(finding)).or_default() += 1;
    }
    let ranked = ranked(findings);
    let (lead, others) = ranked.split_at(ranked.len().min(LEADING));
    let mut groups: Vec<Group<'_>> = Vec::new();
    for finding in lead {
        let about = about(finding);
        match groups.iter_mut().find(|group| group.about == about) {
            Some(group) => group.shown.push(finding),
            None => groups.push(Group { about, all: all[&about], shown: vec![finding] }),
        }
    }
    let mut rest: BTreeMap<_, usize> = BTreeMap::new();
    for finding in others {
        *rest.entry((finding.severity, finding.rule.as_str())).or_default() += 1;
    }
    Leading { groups, rest }
}

/// The worst severity first. Within one, every rule speaks once before a rule speaks again, so that one rule about many
/// destinations hides no other; rules go first on whose subject there has been enforcement. Else the order of place.
fn ranked<'a>(findings: &[&'a Finding]) -> Vec<&'a Finding> {
    let mut spoken: HashMap<(Severity, &str), usize> = HashMap::new();
    let mut ranked: Vec<_> = findings
        .iter()
        .map(|finding| {
            let times = spoken.entry((finding.severity, finding.rule.as_str())).or_default();
            *times += 1;
            (finding.severity, *times, finding.precedent.is_empty(), *finding)
        })
        .collect();
    ranked.sort_by_key(|(severity, times, unenforced, _)| (*severity, *times, *unenforced));
    ranked.into_iter().map(|(.., finding)| finding).collect()
}

/// A destination when the finding is about one or about what reaches it; else its own subject.
fn about(finding: &Finding) -> About<'_> {
    let (kind, id) = (finding.subject.kind, finding.subject.id.as_str());
    match kind {
        // A disclosure is known by its destination and a class.
        "disclosure" => ("destination", id.rsplit_once('/').map_or(id, |(destination, _)| destination)),
        "business" | "consent" | "banner" | "contradiction" | "exception" => (kind, ""),
        "event" | "property" => ("property", ""),
        _ => (kind, id),
    }
}
