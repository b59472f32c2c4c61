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

/// The worst severity first. Within one, every rule speaks once before a rule speaks again, so that one rule about many
/// destinations hides no other; rules go first on whose subject there has been enforcement. Else the order of place.
type Rank = (Severity, usize, bool);

/// What is shown in full and what is only counted.
#[derive(Debug)]
struct Leading<'a> {
    /// In the order of their worst findings.
    groups: Vec<Group<'a>>,
    /// How many findings there are.
    all: usize,
    /// By severity and rule: how many more there are.
    rest: BTreeMap<(Severity, &'a str), usize>,
}

impl Page<'_> {
    pub(super) fn findings(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        if self.style.all {
            return report.accusations().try_for_each(|finding| self.whole(finding, out));
        }
        let Leading { groups, all, rest } = leading(report.accusations());
        for group in groups {
            if all > 1 {
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
        let what = match (id, self.named(kind, id)) {
            ("", _) => many.to_owned(),
            (id, None) => format!("{one} {}", line(id)),
            (id, Some(name)) => format!("{one} {name}, `{}`", line(id)),
        };
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

/// Chooses the findings that lead, grouped by what they are about. One pass, and no list of all: there may be as many
/// as there are fields.
fn leading<'a>(findings: impl Iterator<Item = &'a Finding>) -> Leading<'a> {
    let mut all: HashMap<About<'_>, usize> = HashMap::new();
    let mut spoken: BTreeMap<(Severity, &str), usize> = BTreeMap::new();
    let mut lead: Vec<(Rank, &Finding)> = Vec::with_capacity(LEADING + 1);
    for finding in findings {
        *all.entry(about(finding)).or_default() += 1;
        let times = spoken.entry((finding.severity, finding.rule.as_str())).or_default();
        *times += 1;
        let rank = (finding.severity, *times, finding.precedent.is_empty());
        lead.insert(lead.partition_point(|(other, _)| *other <= rank), (rank, finding));
        lead.truncate(LEADING);
    }
    let mut groups: Vec<Group<'_>> = Vec::new();
    for (_, finding) in lead {
        if let Some(times) = spoken.get_mut(&(finding.severity, finding.rule.as_str())) {
            *times -= 1;
        }
        let about = about(finding);
        match groups.iter_mut().find(|group| group.about == about) {
            Some(group) => group.shown.push(finding),
            None => groups.push(Group { about, all: all[&about], shown: vec![finding] }),
        }
    }
    spoken.retain(|_, left| *left > 0);
    Leading { groups, all: all.values().sum(), rest: spoken }
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
