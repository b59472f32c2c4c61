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
    if raw.len() <= LONGEST && !is_data(raw) && !raw.split(' ').any(is_number) {
        return raw.to_owned();
    }
    if raw.is_empty() || raw.len() > LONGEST || !of_text(Key::default(), raw.as_bytes()).is_empty() {
        return DATA.to_owned();
    }
    raw.split(' ').map(|word| if is_datum(word) { DATA } else { word }).collect::<Vec<_>>().join(" ")
}

/// Whether a text can be a path of a profile: names with points between, which may be in names, too.
pub(super) fn is_path(path: &str) -> bool {
    let plain = |key: &str| key.len() <= LONGEST && !key.contains(['@', '/']) && !key.bytes().any(|byte| byte < b' ');
    let run = path.split(|character: char| !character.is_ascii_digit()).map(str::len).max().unwrap_or(0);
    !path.is_empty() && run < DIGITS && path.split('.').all(plain)
}

/// Whether a word is a number of something, such as of an order: neither a small one, as of a step, nor a year.
fn is_number(word: &str) -> bool {
    let digits = word.trim_matches(|character: char| character.is_ascii_punctuation());
    let year = digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"));
    digits.len() > 3 && !year && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a word of the name of an event is data. What is empty stands between two blanks.
fn is_datum(word: &str) -> bool {
    let small = word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    is_number(word) || !small && is_data(word)
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
    let only = raw.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'_' | b':'));
    // A uuid or a digest has letters between its digits.
    let part = |part: &str| part.len() >= 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let drawn =
        |piece: &str| piece.bytes().any(|byte| byte.is_ascii_digit()) && (part(piece) || is_random(piece.as_bytes()));
    let drawn = raw.split(['-', '_', ':', '.', ' ']).any(drawn);
    run >= DIGITS || drawn || only || !of_text(Key::default(), raw.as_bytes()).is_empty()
}

/// Whether letters and digits are mixed as no word mixes them, as in `NffrFeUfNV2Hib`: less than two and a half in a row of one kind. A
/// capital begins what follows it.
fn is_random(piece: &[u8]) -> bool {
    let kind = |byte: u8| match byte {
        b'0'..=b'9' => 0,
        b'A'..=b'Z' => 1,
        _ => 2,
    };
    let begins = |pair: &&[u8]| match (kind(pair[0]), kind(pair[1])) {
        (1, 2) => false,
        (one, other) => one != other,
    };
    let runs = 1 + piece.windows(2).filter(begins).count();
    piece.len() >= 10 && piece.is_ascii() && 2 * piece.len() < 5 * runs
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
            "addressLine1Street2Name",
            "iOS14SDKVersion2",
            "product2_variant10_size",
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
            "1.2",
            "cus_NffrFeUfNV2Hib",
            "k3j9x2m1qp",
            "-NqXy3kL9mOpQ2rSt",
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
        assert_eq!(event("Order #1234 Sent"), "Order * Sent");
        assert_eq!(event("Step 3 of 10 in 2026"), "Step 3 of 10 in 2026");
        for name in ["Order #1234 Sent", "Viewed  Product 123456 of 7", "a@b", "x", "Step 3", "", "Sale 2026 98765"] {
            assert_eq!(event(&event(name)), event(name), "cleaning again changes nothing");
        }
    }
}
