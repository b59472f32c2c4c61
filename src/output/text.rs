//! Text that is safe to show: what a checked file says must not steer a terminal, a log or a web page.

use super::asked::asked;
use crate::finding::{Finding, Fix, Severity};
use crate::report::Report;
use std::io::{self, Write};

/// Whether a character could move the cursor, hide text or change its order: control characters, line separators,
/// the byte order mark and the marks for writing direction; or is none at all, which XML refuses.
fn is_hazard(c: char) -> bool {
    let reorders = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}');
    c.is_control()
        || reorders
        || matches!(c, '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

fn visible(c: char) -> char {
    match c {
        _ if !is_hazard(c) => c,
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        _ => '\u{fffd}',
    }
}

/// Text without commands to GitHub Actions, which obeys `::command::` where a line begins, also after blanks, and
/// `##[command]` anywhere in a line of what a step prints (`ActionCommand.cs` of actions/runner). Where lines are wrapped,
/// one may begin after any blank.
fn without_commands(text: impl Iterator<Item = char>) -> String {
    let mut out = String::new();
    let mut text = text.peekable();
    let (mut before, mut last) = (' ', ' ');
    while let Some(c) = text.next() {
        let c = if c == '[' && (before, last) == ('#', '#') { '(' } else { c };
        out.push(c);
        let parted = c == ':' && last.is_whitespace() && text.peek() == Some(&':');
        if parted {
            out.push(' ');
        }
        (before, last) = if parted { (c, ' ') } else { (last, c) };
    }
    out
}

/// A name on one line: hazards become visible signs, so that a line break in a file name is seen.
pub(super) fn name(text: &str) -> String {
    without_commands(text.chars().map(visible))
}

/// A sentence on one line: line breaks and tabs become spaces, other hazards visible signs.
pub(super) fn line(text: &str) -> String {
    let spaced = |c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { visible(c) };
    without_commands(text.trim().chars().map(spaced))
}

/// Source text in which every hazard is replaced by a character of as many bytes, so that offsets hold. Tabs and
/// line breaks stay.
pub(super) fn same_length(text: &str) -> String {
    let mut chars = text.chars().peekable();
    let mut out = String::with_capacity(text.len());
    while let Some(c) = chars.next() {
        let keeps = matches!(c, '\n' | '\t') || (c == '\r' && chars.peek() == Some(&'\n'));
        let command = c == '[' && out.ends_with("##");
        out.push(match c {
            _ if command => '(',
            _ if keeps || !is_hazard(c) => c,
            _ => stand_in(c),
        });
    }
    out
}

fn stand_in(c: char) -> char {
    match c.len_utf8() {
        1 => '?',
        2 => '·',
        _ => '\u{fffd}',
    }
}

/// Writes `json` with the hazards inside its strings escaped, and the commands of [`without_commands`] broken, which
/// leaves its meaning as it is.
pub(super) fn write_json(json: &str, out: &mut dyn Write) -> io::Result<()> {
    write_part_of_json(json, out)?;
    writeln!(out)
}

/// The same for a part of it.
pub(super) fn write_part_of_json(json: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut clean = 0;
    let command = |at: usize, c: char| c == '[' && json[..at].ends_with("##");
    for (at, c) in json.char_indices().filter(|(at, c)| (*c != '\n' && is_hazard(*c)) || command(*at, *c)) {
        write!(out, "{}\\u{:04x}", &json[clean..at], u32::from(c))?;
        clean = at + c.len_utf8();
    }
    out.write_all(&json.as_bytes()[clean..])
}

/// The first `most` characters; an ellipsis is one of them when there were more.
pub(super) fn clip(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => text.chars().take(most.saturating_sub(1)).chain(['…']).collect(),
    }
}

/// `1 file`, `2 files`.
pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// The word for what a finding weighs: its severity, or that it is a question.
pub(super) fn weight(finding: &Finding) -> &'static str {
    if finding.question.is_some() { "question" } else { finding.severity.name() }
}

/// One and several subjects of a kind, in words; for a kind of which there is one, what it is called by itself.
pub(super) fn things(kind: &'static str) -> (&'static str, &'static str) {
    match kind {
        "business" => ("business", "business"),
        "signal" => ("signal", "signals"),
        "consent" => ("consent set-up", "consent set-up"),
        "banner" => ("banner", "banner"),
        "category" => ("consent category", "consent categories"),
        "destination" => ("destination", "destinations"),
        "source" => ("source", "sources"),
        "event" => ("event", "events"),
        "property" => ("field", "fields"),
        "notice" => ("class in the notice", "classes in the notice"),
        "request" => ("request", "requests"),
        "decision" => ("decision", "decisions"),
        "disclosure" => ("disclosure", "disclosures"),
        "contradiction" => ("contradiction", "contradictions"),
        "exception" => ("exception", "exceptions"),
        "baseline" => ("baseline entry", "baseline entries"),
        other => (other, other),
    }
}

/// What would mend something, and how to have it done; empty when nothing would.
pub(super) fn fixes<'f>(fixes: impl IntoIterator<Item = &'f Fix>) -> String {
    let all: Vec<&Fix> = fixes.into_iter().collect();
    let titles: Vec<String> = all.iter().map(|fix| line(&fix.title)).collect();
    match all.as_slice() {
        [] => String::new(),
        [first, ..] if first.safe => format!("{} (check --fix)", titles[0]),
        [_] => format!("{} (check --fix --unsafe)", titles[0]),
        [_, ..] => format!("{} (one has to be chosen)", titles.join("; or ")),
    }
}

/// The last line for people: what was found and what was looked at.
pub(super) fn summary(report: &Report) -> String {
    let mut out = found(report);
    let subjects = report.questions().count();
    if subjects > 0 {
        let questions = counted(asked(report, 1).len(), "question", "questions");
        out += &format!(", {questions} on {}", counted(subjects, "subject", "subjects"));
    }
    if !report.problems.is_empty() {
        out += &format!(", {}", counted(report.problems.len(), "problem", "problems"));
    }
    if !report.suppressed.is_empty() {
        out += &format!("; {} suppressed", report.suppressed.len());
    }
    if !report.baselined.is_empty() {
        out += &format!("; {} in the baseline", report.baselined.len());
    }
    let counts = report.counts;
    let others = match counts.not_ours {
        0 => String::new(),
        others => format!(" ({others} more in no format that is read)"),
    };
    out += &format!(
        "; checked {}{others}: {}, {}, {} (as of {})",
        counted(counts.files, "file", "files"),
        counted(counts.events, "event", "events"),
        counted(counts.properties, "property", "properties"),
        counted(counts.destinations, "destination", "destinations"),
        line(&report.as_of),
    );
    out
}

fn found(report: &Report) -> String {
    let total = report.accusations().count();
    if total == 0 {
        return "no findings".to_string();
    }
    let of = |severity| report.accusations().filter(|finding| finding.severity == severity).count();
    let each = Severity::ALL.into_iter().map(|severity| (of(severity), severity.name()));
    let each: Vec<_> =
        each.filter(|(count, _)| *count > 0).map(|(count, severity)| format!("{count} {severity}")).collect();
    format!("{} ({})", counted(total, "finding", "findings"), each.join(", "))
}

/// `label text`, wrapped between words, continued under the text.
pub(super) fn paragraph(label: &str, text: &str, width: usize) -> String {
    let mut out = label.to_owned();
    let indent = label.chars().count();
    let mut column = indent;
    for word in text.split_whitespace() {
        let length = word.chars().count() + 1;
        if column + length > width && column > indent {
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            column = indent;
        }
        out.push(' ');
        out.push_str(word);
        column += length;
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn source_text_keeps_its_length() {
        let hostile = "a\u{1b}[31m\u{85}\u{202e}\u{61c}\té\r\n\rb##[x]";
        let safe = same_length(hostile);
        assert_eq!(safe.len(), hostile.len());
        assert_eq!(safe, "a?[31m·\u{fffd}·\té\r\n?b##(x]");
    }

    #[test]
    fn a_name_shows_its_line_break_and_a_sentence_loses_it() {
        assert_eq!(name("a\nb\u{7f}"), "a␊b␡");
        assert_eq!(line("one\ntwo\u{1b}\n"), "one two␛");
    }

    #[test]
    fn no_line_is_a_command() {
        assert_eq!(line("a::b ::error::x\n:::y"), "a::b : :error::x : : :y");
        assert_eq!(name("::add-mask::x"), ": :add-mask::x");
        assert_eq!(name("a##[group]b"), "a##(group]b");
    }

    #[test]
    fn escaped_json_means_the_same() {
        let value = serde_json::json!({ "k": "\u{202e}\u{7f}\u{85}é\u{1b}\n##[x]", "list": [1] });
        let mut out = Vec::new();
        write_json(&serde_json::to_string_pretty(&value).unwrap(), &mut out).unwrap();
        assert!(!String::from_utf8_lossy(&out).contains(|c| c != '\n' && is_hazard(c)));
        assert!(!String::from_utf8_lossy(&out).contains("##["));
        assert_eq!(serde_json::from_slice::<serde_json::Value>(&out).unwrap(), value);
    }

    #[test]
    fn what_is_clipped_says_so() {
        assert_eq!(clip("äöü", 3), "äöü");
        assert_eq!(clip("äöüß", 3), "äö…");
    }

    #[test]
    fn a_paragraph_wraps_between_words() {
        assert_eq!(paragraph("  help:", "one two three", 14), "  help: one\n        two\n        three\n");
        assert_eq!(paragraph("  help:", "unbreakable", 4), "  help: unbreakable\n");
    }
}
