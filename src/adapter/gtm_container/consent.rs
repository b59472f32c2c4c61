//! What holds before a visitor chooses, as custom tags set it: `gtag('consent', 'default', {…})`.

use crate::model::kind::GOOGLE_CONSENT_TYPES;
use crate::model::{Located, Value};
use crate::source::Span;

/// Parameters of the command that are no consent types.
const PARAMETERS: [&str; 2] = ["region", "wait_for_update"];

/// How far a command is followed.
const MAX_COMMAND: usize = 4_000;

/// The defaults that a container sets.
#[derive(Debug, Default)]
pub(super) struct Defaults {
    /// Whether any default is set, be it one that cannot be read.
    pub(super) set: bool,
    stated: Vec<Stated>,
}

#[derive(Debug)]
struct Stated {
    kind: String,
    value: Value,
    regional: bool,
    place: Span,
}

impl Defaults {
    /// Reads the commands in the text of a custom tag, which stands at `place`.
    pub(super) fn read(&mut self, text: &str, place: Span) {
        let mut rest = text;
        while let Some(at) = rest.find("consent") {
            rest = rest.get(at + "consent".len()..).unwrap_or("");
            let Some(arguments) = after_word(rest, "default") else { continue };
            self.set = true;
            let Some(body) = object(arguments) else { continue };
            self.command(body, place);
        }
    }

    fn command(&mut self, body: &str, place: Span) {
        let members: Vec<(&str, &str)> = split(body).filter_map(member).collect();
        let regional = members.iter().any(|(key, _)| *key == "region");
        for (key, written) in members.into_iter().filter(|(key, _)| !PARAMETERS.contains(key)) {
            let value = match unquoted(written) {
                Some("granted") => Value::Bool(true),
                Some("denied") => Value::Bool(false),
                _ if GOOGLE_CONSENT_TYPES.contains(&key) => Value::Unknown(format!("computed by `{}`", written.trim())),
                _ => continue,
            };
            self.stated.push(Stated { kind: key.to_owned(), value, regional, place });
        }
    }

    /// The default of each consent type, in the order in which they are first set. What differs by region is not one
    /// value.
    pub(super) fn settled(&self) -> Vec<(String, Located<Value>)> {
        let mut kinds: Vec<&str> = Vec::new();
        for stated in &self.stated {
            if !kinds.contains(&stated.kind.as_str()) {
                kinds.push(&stated.kind);
            }
        }
        kinds.into_iter().filter_map(|kind| Some((kind.to_owned(), self.of(kind)?))).collect()
    }

    fn of(&self, kind: &str) -> Option<Located<Value>> {
        let of_kind = || self.stated.iter().filter(|stated| stated.kind == kind);
        let everywhere = of_kind().rfind(|stated| !stated.regional);
        let shown = everywhere.or_else(|| of_kind().next())?;
        let differs = of_kind().any(|stated| stated.regional && everywhere.is_none_or(|all| all.value != stated.value));
        let value = if differs { Value::Unknown("it differs by region".to_owned()) } else { shown.value.clone() };
        Some(Located::new(value, shown.place))
    }
}

/// What follows the next argument, when that is the quoted `word`.
fn after_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let quote = ['\'', '"', '`'];
    let rest = text.strip_prefix(quote)?.trim_start().strip_prefix(',')?.trim_start();
    rest.strip_prefix(quote)?.strip_prefix(word)?.strip_prefix(quote)?.trim_start().strip_prefix(',')
}

/// The text between the braces of the object literal that begins here.
fn object(text: &str) -> Option<&str> {
    let body = text.trim_start().strip_prefix('{')?;
    let end = ends(body).find_map(|(at, letter)| (letter == '}').then_some(at))?;
    body.get(..end)
}

/// The members of an object literal.
fn split(body: &str) -> impl Iterator<Item = &str> {
    let mut commas: Vec<usize> = ends(body)
        .take_while(|(_, letter)| *letter != '}')
        .filter(|(_, letter)| *letter == ',')
        .map(|(at, _)| at)
        .collect();
    commas.push(body.len());
    let mut from = 0;
    commas.into_iter().filter_map(move |at| {
        let part = body.get(from..at);
        from = at + 1;
        part
    })
}

/// Commas, and the closing bracket, that stand outside of texts and of inner brackets.
fn ends(text: &str) -> impl Iterator<Item = (usize, char)> {
    let (mut depth, mut quote, mut escaped) = (0_usize, None, false);
    let bounded = text.char_indices().take_while(|(at, _)| *at < MAX_COMMAND);
    bounded.filter(move |(_, letter)| {
        let letter = *letter;
        if quote.is_some() {
            if quote == Some(letter) && !escaped {
                quote = None;
            }
            escaped = letter == '\\' && !escaped;
            return false;
        }
        match letter {
            '\'' | '"' | '`' => quote = Some(letter),
            '{' | '[' | '(' => depth += 1,
            '}' | ']' | ')' if depth > 0 => {
                depth -= 1;
                return false;
            }
            _ => {}
        }
        depth == 0 && matches!(letter, ',' | '}')
    })
}

fn member(part: &str) -> Option<(&str, &str)> {
    let (key, value) = part.split_once(':')?;
    let key = key.trim();
    Some((unquoted(key).unwrap_or(key), value.trim()))
}

fn unquoted(text: &str) -> Option<&str> {
    let text = text.trim();
    ['\'', '"', '`'].into_iter().find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    fn read(text: &str) -> (bool, String) {
        let mut defaults = Defaults::default();
        defaults.read(text, Span::file(SourceId(0)));
        let shown = defaults.settled().into_iter().map(|(kind, value)| format!("{kind}={}", value.value.display()));
        (defaults.set, shown.collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn defaults_are_read() {
        for (text, wanted) in [
            (
                "gtag('consent','default',{ad_storage:'granted','analytics_storage' : \"denied\", wait_for_update: 500});",
                "ad_storage=true analytics_storage=false",
            ),
            ("gtag(\"consent\", \"default\", {\n  ad_storage: \"denied\",\n});", "ad_storage=false"),
            (
                "gtag('consent','default',{ad_storage: ok ? 'granted' : 'denied', x: y})",
                "ad_storage=unknown (computed by `ok ? 'granted' : 'denied'`)",
            ),
            (
                "gtag('consent','default',{ad_storage:'{{Consent, ads}}'})",
                "ad_storage=unknown (computed by `'{{Consent, ads}}'`)",
            ),
            (
                "gtag('consent','default',{ad_storage:'denied',region:['DE','US-CA']}); gtag('consent','default',{ad_storage:'granted'})",
                "ad_storage=unknown (it differs by region)",
            ),
            (
                "gtag('consent','default',{ad_storage:'denied',region:['DE']}); gtag('consent','default',{ad_storage:'denied'})",
                "ad_storage=false",
            ),
            (
                "gtag('consent','default',{region:['DE'],ad_storage:'denied'})",
                "ad_storage=unknown (it differs by region)",
            ),
        ] {
            assert_eq!(read(text), (true, wanted.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_no_default_is_left() {
        for text in
            ["gtag('consent','update',{ad_storage:'granted'})", "consent", "// consent default", "'consent','default'"]
        {
            assert_eq!(read(text), (false, String::new()), "{text}");
        }
        for text in ["gtag('consent','default', settings)", "gtag('consent','default',{ad_storage:'granted'"] {
            assert_eq!(read(text), (true, String::new()), "{text}");
        }
    }
}
