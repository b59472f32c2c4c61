//! Names as a profile may hold them. Keys and names of events are names as long as people chose them; where data stands in
//! their place, the profile must not hold it.

use super::look::{Key, of_text};

/// What stands for data in the place of a name.
pub(super) const DATA: &str = "*";
/// Longest name in bytes; what is longer is data.
const LONGEST: usize = 80;
/// Digits in a row from which on they are data: an identifier, not a number of something or a year.
const DIGITS: usize = 5;

/// A key, or `*` where data stands in its place: an address, a number of somebody, an identifier.
pub(super) fn key(raw: &str) -> &str {
    if is_data(raw) || raw.contains('/') || raw.split_whitespace().count() > 6 { DATA } else { raw }
}

/// The name of an event; words of it that are data are `*`.
pub(super) fn event(raw: &str) -> String {
    if raw.len() <= LONGEST && !is_data(raw) {
        return raw.to_owned();
    }
    if raw.len() > LONGEST || !of_text(Key::default(), raw.as_bytes()).is_empty() {
        return DATA.to_owned();
    }
    raw.split(' ').map(|word| if is_data(word) { DATA } else { word }).collect::<Vec<_>>().join(" ")
}

fn is_data(raw: &str) -> bool {
    if raw.is_empty() || raw.len() > LONGEST || raw.contains('@') || raw.bytes().any(|byte| byte < b' ') {
        return true;
    }
    let numbers = raw.bytes().filter(u8::is_ascii_digit).count();
    if numbers == 0 {
        return false;
    }
    let run = raw.split(|character: char| !character.is_ascii_digit()).map(str::len).max().unwrap_or(0);
    // A uuid or a digest has letters between its digits.
    let part = |part: &str| part.len() >= 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let digest =
        raw.split(['-', '_', ':', '.']).any(|piece| part(piece) && piece.bytes().any(|byte| byte.is_ascii_digit()));
    run >= DIGITS || digest || numbers == raw.len() || !of_text(Key::default(), raw.as_bytes()).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_people_chose_stay_and_data_does_not() {
        for kept in [
            "email",
            "firstName",
            "address_line_1",
            "utm_source",
            "$set",
            "Größe",
            "ipv4",
            "q3_2024",
            "Marketing Opt In",
            "a.b",
            "sha256",
        ] {
            assert_eq!(key(kept), kept);
        }
        for data in [
            "ada@example.com",
            "550e8400-e29b-41d4-a716-446655440000",
            "5f4dcc3b5aa765d61d8327deb882cf99",
            "user_12345",
            "42",
            "8.8.8.8",
            "+14155552671",
            "https://example.com/ada",
            "she said that she would not come today",
            "",
            "a\nb",
        ] {
            assert_eq!(key(data), DATA, "{data}");
        }
    }

    #[test]
    fn names_of_events_lose_words_that_are_data() {
        assert_eq!(event("Order Completed"), "Order Completed");
        assert_eq!(event("Viewed Product 123456"), "Viewed Product *");
        assert_eq!(event("Signed Up ada@example.com"), "*");
        assert_eq!(event(&"x".repeat(81)), "*");
        assert_eq!(event("Call 415-555-2671"), "*");
    }
}
