//! Text from files inside what is written.

/// A string in double quotes, as HCL and YAML 1.2 both read it. Signs that could begin a template of HCL (`${`, `%{`) or of
/// a tool before YAML (`{{`), a comment or a command to a log, and letters that cannot be seen, are escaped by their number.
pub(super) fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        let plain = c.is_alphanumeric() || matches!(c, ' ' | '!' | '$'..='/' | ':'..='@' | '['..='`' | '|' | '~');
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '<' => out += "\\u003c",
            '[' => out += "\\u005b",
            _ if plain => out.push(c),
            _ if u32::from(c) <= 0xffff => out += &format!("\\u{:04x}", u32::from(c)),
            _ => out += &format!("\\U{:08x}", u32::from(c)),
        }
    }
    out.push('"');
    out
}

/// A list of strings.
pub(super) fn quoted<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let all: Vec<String> = texts.into_iter().map(quote).collect();
    format!("[{}]", all.join(", "))
}

/// A name of letters, digits and underscores, made of any text.
pub(super) fn identifier(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        let c = if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
        if c != '_' || !out.ends_with('_') {
            out.push(c);
        }
    }
    let out = out.trim_matches('_').chars().take(60).collect::<String>();
    if out.is_empty() { "unnamed".to_owned() } else { out }
}
