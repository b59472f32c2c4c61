//! The condition of a destination filter in Segment's filter query language, as far as it decides by an event's name.

/// What a condition is about.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Condition {
    /// Everything that is sent.
    All,
    /// Events with one of these names, whatever they hold.
    Events(Vec<String>),
    /// What cannot be told from names.
    Undecided,
}

#[derive(Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Text(String),
    Sign(String),
}

/// Reads `all`, `event = "X"` and `type = "track" and event = "X"`, also several with `or`. Of a choice that has other
/// parts, the parts that are about names count.
pub(super) fn condition(text: &str) -> Condition {
    let Some(tokens) = tokens(text) else { return Condition::Undecided };
    if let [Token::Word(word)] = tokens.as_slice() {
        return if word == "all" { Condition::All } else { Condition::Undecided };
    }
    // What a bracket or a negation does to its neighbours is not followed.
    if tokens.iter().any(|token| matches!(token, Token::Sign(sign) if sign == "(" || sign == ")" || sign == "!")) {
        return Condition::Undecided;
    }
    let parts = tokens.split(|token| is_word(token, "or"));
    let events: Vec<String> = parts.filter_map(event).collect();
    if events.is_empty() { Condition::Undecided } else { Condition::Events(events) }
}

/// The event that one part of a choice is about, when that is all it asks.
fn event(part: &[Token]) -> Option<String> {
    let mut found = None;
    for comparison in part.split(|token| is_word(token, "and")) {
        let [Token::Word(name), Token::Sign(sign), Token::Text(value)] = comparison else { return None };
        let equal = sign == "=" || sign == "==";
        match name.as_str() {
            "event" if equal && found.is_none() => found = Some(value.clone()),
            "type" if equal && value.eq_ignore_ascii_case("track") => {}
            _ => return None,
        }
    }
    found
}

fn is_word(token: &Token, wanted: &str) -> bool {
    matches!(token, Token::Word(word) if word.eq_ignore_ascii_case(wanted))
}

/// `None` for a text that does not end.
fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' | '\'' => {
                let (value, length) = quoted(rest, first)?;
                tokens.push(Token::Text(value));
                length
            }
            _ if is_name(first) => {
                let end = rest.find(|letter: char| !is_name(letter)).unwrap_or(rest.len());
                tokens.push(Token::Word(rest.get(..end)?.to_owned()));
                end
            }
            '(' | ')' => {
                tokens.push(Token::Sign(first.to_string()));
                1
            }
            _ => {
                let sign = |letter: char| letter.is_whitespace() || is_name(letter) || "\"'()".contains(letter);
                let end = rest.find(sign).unwrap_or(rest.len());
                tokens.push(Token::Sign(rest.get(..end)?.to_owned()));
                end
            }
        };
        rest = rest.get(length..)?.trim_start();
    }
    Some(tokens)
}

fn is_name(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '.' | '$')
}

/// The value of a quoted text, and its length with the quotes.
fn quoted(text: &str, quote: char) -> Option<(String, usize)> {
    let mut value = String::new();
    let mut letters = text.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => value.push(letters.next()?.1),
            _ if letter == quote => return Some((value, at + quote.len_utf8())),
            _ => value.push(letter),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_decide_and_nothing_else() {
        let events = |names: &[&str]| Condition::Events(names.iter().map(|name| (*name).to_owned()).collect());
        for (text, expected) in [
            ("all", Condition::All),
            (" all ", Condition::All),
            ("event = \"Order Completed\"", events(&["Order Completed"])),
            ("type = 'track' and event = 'A \"b\"'", events(&["A \"b\""])),
            ("event == \"say \\\"hi\\\"\" AND type = \"track\"", events(&["say \"hi\""])),
            ("event = 'A' or event = 'B'", events(&["A", "B"])),
            ("event = 'A' or properties.x > 3", events(&["A"])),
            ("event = 'A' and properties.x > 3", Condition::Undecided),
            ("event = 'A' and event = 'B'", Condition::Undecided),
            ("type = 'track'", Condition::Undecided),
            ("event != 'A'", Condition::Undecided),
            ("!(event = 'A')", Condition::Undecided),
            ("(event = 'A' or event = 'B') and type = 'page'", Condition::Undecided),
            ("contains(event, 'A')", Condition::Undecided),
            ("event = 'A", Condition::Undecided),
            ("event = ", Condition::Undecided),
            ("", Condition::Undecided),
        ] {
            assert_eq!(condition(text), expected, "{text}");
        }
    }
}
