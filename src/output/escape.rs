//! Text from files inside Markdown: what is said stays readable and does nothing.
//!
//! Character references are used rather than backslashes, because they never mean structure
//! ([CommonMark 0.31](https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references)) and hold in HTML, in
//! a table and in running text alike. What GitHub and GitLab look for once the page is made (mentions, references,
//! addresses) is not stopped by them: there an invisible [word joiner](JOINER) stands between the sign and the word.

use super::text::{line, name};

/// U+2060, which is no letter, has no width and breaks no line.
const JOINER: char = '\u{2060}';

/// A sentence as running text, on one line: no markup, link, mention, reference, emoji or command is made of it. What
/// stands between two backticks, as names do in messages, becomes code.
pub(super) fn markdown(text: &str) -> String {
    let text = line(text);
    let parts: Vec<&str> = text.split('`').collect();
    let mut out = String::with_capacity(text.len() + 16);
    for (at, part) in parts.iter().enumerate() {
        let code = at % 2 == 1 && at + 1 < parts.len() && !part.is_empty();
        match code {
            // Two that touch would be one.
            true if out.ends_with('`') => out += &format!("{JOINER}{}", code_span(part)),
            true => out += &code_span(part),
            false if at > 0 && !tick_was_code(&parts, at) => out += &format!("&#96;{}", plain(part)),
            false => out += &plain(part),
        }
    }
    guard_start(out)
}

/// Whether the backtick before `parts[at]`, which is no code, closed code.
fn tick_was_code(parts: &[&str], at: usize) -> bool {
    at.is_multiple_of(2) && !parts[at - 1].is_empty()
}

/// A name as code, on one line, with line breaks and other hazards as visible signs; nothing for no name.
pub(super) fn code_span(text: &str) -> String {
    let text = name(text);
    if text.is_empty() {
        return text;
    }
    // A table splits its cells before it looks for code, and only there a backslash would help.
    if text.contains('|') {
        return format!("<code>{}</code>", plain(&text).replace('`', "&#96;"));
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    let edge = |c| c == ' ' || c == '`';
    let pad = if text.starts_with(edge) || text.ends_with(edge) { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// Text without structure; backticks are left to the caller.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let chars: Vec<char> = text.chars().collect();
    for (at, &c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| chars[before]);
        let next = chars.get(at + 1).copied();
        // `www.` is a link by its dot, and what follows the dot may be anything.
        if c == '.' && www(&chars[..at]) {
            out.push(JOINER);
        }
        match c {
            '_' if word(before) && word(next) => out.push(c),
            '&' | '<' | '>' | '"' | '\\' | '|' | '*' | '_' | '[' | ']' | '~' | '$' | '^' => {
                out += &format!("&#{};", u32::from(c));
            }
            _ => out.push(c),
        }
        if signals(c, &chars[..at], next) {
            out.push(JOINER);
        }
    }
    out
}

fn word(c: Option<char>) -> bool {
    c.is_some_and(char::is_alphanumeric)
}

fn www(before: &[char]) -> bool {
    matches!(before, [.., a, b, c] if [a, b, c].iter().all(|c| matches!(c, 'w' | 'W')))
}

/// Whether GitHub or GitLab would make something of `c` and what follows it: a person of `@name`, an issue of `#1` and
/// `GH-1`, a merge request of `!1`, an address of `://`, an emoji of `:name:`.
fn signals(c: char, before: &[char], next: Option<char>) -> bool {
    match c {
        '@' | '#' | '!' | '%' | '~' | '&' | '$' | '^' => next.is_some_and(|next| !next.is_whitespace()),
        ':' => next.is_some_and(|next| !next.is_whitespace()),
        '-' => {
            let github = matches!(before, [.., 'g' | 'G', 'h' | 'H']);
            github && next.is_some_and(|next| next.is_ascii_digit())
        }
        _ => false,
    }
}

/// A sentence may stand at the start of a line, where some signs make a heading, a list, a rule or, to GitLab and many
/// bots, a command.
fn guard_start(text: String) -> String {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let marker = text[digits..].chars().next();
    match (digits, marker) {
        (0, Some(c @ ('#' | '+' | '-' | '=' | '/' | '!' | ':'))) => format!("&#{};{}", u32::from(c), &text[1..]),
        (1.., Some(c @ ('.' | ')'))) => format!("{}&#{};{}", &text[..digits], u32::from(c), &text[digits + 1..]),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        markdown(text).replace(JOINER, "·")
    }

    #[test]
    fn nothing_in_a_sentence_is_structure() {
        assert_eq!(shown("a | b <script> & [x](y) ![z] *b* _i_ ~~s~~ $m$"), {
            "a &#124; b &#60;script&#62; &#38; &#91;x&#93;(y) !·&#91;z&#93; &#42;b&#42; &#95;i&#95; \
             &#126;·&#126;·s&#126;·&#126; &#36;·m&#36;"
        });
        assert_eq!(shown("user_id is 5% of $1.2M"), "user_id is 5% of &#36;·1.2M");
        assert_eq!(shown("one\n\n# two\u{202e}\u{1b}[2J"), "one  # two\u{fffd}␛&#91;2J");
        assert_eq!(shown("&lt;b&gt; \\|"), "&#38;·lt;b&#38;·gt; &#92;&#124;");
    }

    #[test]
    fn nobody_is_called_and_nothing_linked() {
        assert_eq!(shown("@octocat, a@b.example, #12, o/r#3, GH-4, !5"), {
            "@·octocat, a@·b.example, #·12, o/r#·3, GH-·4, !·5"
        });
        assert_eq!(shown("https://evil.example WWW.evil.example :+1: a: b"), {
            "https:·//evil.example WWW·.evil.example :·+1: a: b"
        });
    }

    #[test]
    fn no_sentence_begins_a_block_or_a_command() {
        for (text, safe) in [
            ("# head", "&#35; head"),
            ("- item", "&#45; item"),
            ("--- rule", "&#45;-- rule"),
            ("+ item", "&#43; item"),
            ("=== head", "&#61;== head"),
            ("1. item", "1&#46; item"),
            ("12) item", "12&#41; item"),
            ("> quote", "&#62; quote"),
            ("/approve", "&#47;approve"),
            ("    code", "code"),
            ("~~~", "&#126;·&#126;·&#126;"),
        ] {
            assert_eq!(shown(text), safe);
        }
        assert_eq!(shown(""), "");
        assert_eq!(shown("12"), "12");
    }

    #[test]
    fn names_in_backticks_are_code_and_a_lone_backtick_is_none() {
        assert_eq!(shown("`facebook-pixel` gets `a*b` of 2"), "`facebook-pixel` gets `a*b` of 2");
        assert_eq!(shown("`a` `b"), "`a` &#96;b");
        assert_eq!(shown("``"), "&#96;&#96;");
        assert_eq!(shown("```"), "&#96;&#96;&#96;");
        assert_eq!(shown("`a``b`"), "`a`·`b`");
        assert_eq!(shown("`a|b`"), "<code>a&#124;b</code>");
    }

    #[test]
    fn code_holds_whatever_the_name_is() {
        assert_eq!(code_span("a b.yaml"), "`a b.yaml`");
        assert_eq!(code_span("-x\n::error"), "`-x␊::error`");
        assert_eq!(code_span("a`b``c"), "```a`b``c```");
        assert_eq!(code_span("`a`"), "`` `a` ``");
        assert_eq!(code_span(" a "), "`  a  `");
        assert_eq!(code_span("a|`<b>"), "<code>a&#124;&#96;&#60;b&#62;</code>");
        assert_eq!(code_span(""), "");
    }
}
