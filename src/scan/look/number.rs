//! Numbers that are written as telephone, payment card or social security numbers.

use super::Look;

/// Fewest digits of any of them: a telephone number with its country code.
pub(super) const FEWEST: usize = 8;

/// Says of every number in a text what it looks like.
pub(super) fn find(value: &[u8], mut found: impl FnMut(Look)) {
    let mut at = 0;
    while let Some(byte) = value.get(at) {
        let begins = CLASS[usize::from(*byte)] & BEGINS != 0
            && (at == 0 || value.get(at - 1).is_some_and(|before| CLASS[usize::from(*before)] & INSIDE == 0));
        if !begins {
            at += 1;
            continue;
        }
        let text = value.get(at..).unwrap_or_default();
        let run = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if let Some((look, length)) = number(text, run) {
            found(look);
            at += length;
        } else {
            // Inside a run of digits none begins.
            at += run.max(1);
        }
    }
}

/// A number may begin with the byte.
const BEGINS: u8 = 1;
/// No number begins after the byte: it is inside a word, a decimal or a longer number.
const INSIDE: u8 = 2;

static CLASS: [u8; 256] = {
    let mut class = [0; 256];
    let mut at = 0;
    while at < 256 {
        let byte = at as u8;
        if byte.is_ascii_digit() || matches!(byte, b'+' | b'(') {
            class[at] |= BEGINS;
        }
        if byte.is_ascii_alphanumeric() || byte >= 0x80 || matches!(byte, b'.' | b'-' | b'_' | b'+' | b'(') {
            class[at] |= INSIDE;
        }
        at += 1;
    }
    class
};

/// Whether a number may end before what follows.
fn ends(after: &[u8]) -> bool {
    match after {
        [] => true,
        [b'.' | b',', next, ..] => !next.is_ascii_digit(),
        [byte, ..] => !(byte.is_ascii_alphanumeric() || *byte >= 0x80 || matches!(byte, b'-' | b'_')),
    }
}

/// The number that begins with so many digits. Only some counts begin any of them: that is asked first.
fn number(text: &[u8], run: usize) -> Option<(Look, usize)> {
    let found = match run {
        3 => [ssn(text), phone(text)],
        0 | 1 => [phone(text), None],
        4 | 14.. => [card(text), None],
        _ => return None,
    };
    found.into_iter().flatten().find(|(_, length)| ends(&text[*length..]))
}

/// Whether bytes are of a pattern in which `d` is a digit.
pub(super) fn fits(text: &[u8], pattern: &[u8]) -> bool {
    text.len() >= pattern.len()
        && text.iter().zip(pattern).all(|(byte, want)| if *want == b'd' { byte.is_ascii_digit() } else { byte == want })
}

/// `ddd-dd-dddd`. Areas 000, 666 and 900 and above, group 00 and serial 0000 are never given out (Social Security
/// Administration, POMS RM 10201.035); two numbers were printed in advertisements and are nobody's.
fn ssn(text: &[u8]) -> Option<(Look, usize)> {
    const PRINTED: [&[u8]; 2] = [b"078-05-1120", b"219-09-9999"];
    let written = text.get(..11).filter(|written| fits(written, b"ddd-dd-dddd"))?;
    let given = !written.starts_with(b"000") && !written.starts_with(b"666") && written[0] != b'9';
    let whole = &written[4..6] != b"00" && &written[7..] != b"0000";
    (given && whole && !PRINTED.contains(&written)).then_some((Look::Ssn, written.len()))
}

/// 12 to 19 digits, together or in the groups that are printed on cards.
fn card(text: &[u8]) -> Option<(Look, usize)> {
    let (mut digits, mut groups, mut length) = ([0_u8; 19], [0_usize; 5], 0);
    let (mut count, mut group, mut separator) = (0, 0, None);
    for (at, byte) in text.iter().enumerate() {
        if byte.is_ascii_digit() {
            *digits.get_mut(count)? = *byte;
            *groups.get_mut(group)? += 1;
            count += 1;
            length = at + 1;
            continue;
        }
        let separates = matches!(byte, b' ' | b'-') && text.get(at + 1).is_some_and(u8::is_ascii_digit);
        if !separates || separator.is_some_and(|known| known != *byte) {
            break;
        }
        separator = Some(*byte);
        group += 1;
    }
    let look = match &groups[..=group] {
        [_] => Look::CardDigits,
        [4, 4, 4, 4] | [4, 4, 4, 4, 3] | [4, 6, 5] | [4, 6, 4] => Look::Card,
        _ => return None,
    };
    is_card(&digits[..count]).then_some((look, length))
}

/// Whether digits are those of a payment card: of the ranges and lengths of a network (ISO/IEC 7812; the networks' own
/// public ranges), not all alike, and with the check digit of Luhn.
pub(super) fn is_card(digits: &[u8]) -> bool {
    let start = |length: usize| digits.iter().take(length).fold(0_u32, |sum, digit| sum * 10 + u32::from(digit - b'0'));
    let known = match digits.len() {
        14 => matches!(start(3), 300..=305) || matches!(start(2), 36 | 38 | 39),
        15 => matches!(start(2), 34 | 37),
        16 => {
            start(1) == 4
                || matches!(start(2), 51..=55 | 65)
                || matches!(start(4), 2221..=2720 | 3528..=3589 | 6011)
                || matches!(start(3), 644..=649)
        }
        19 => start(1) == 4 || start(2) == 62,
        _ => false,
    };
    known && luhn(digits)
}

fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let digit = u32::from(digit - b'0') << (at % 2);
            if digit > 9 { digit - 9 } else { digit }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// A number with `+` and country code, or in the groups of the North American Numbering Plan, whose area and exchange codes
/// begin with 2 to 9.
fn phone(text: &[u8]) -> Option<(Look, usize)> {
    if let [b'+', country @ b'1'..=b'9', ..] = text {
        let length = international(text);
        let digits = text[..length].iter().filter(|byte| byte.is_ascii_digit()).count();
        let fewest = if *country == b'1' { 11 } else { FEWEST };
        return (fewest..=15).contains(&digits).then_some((Look::Phone, length));
    }
    const PATTERNS: [&[u8]; 6] =
        [b"(ddd) ddd-dddd", b"(ddd)ddd-dddd", b"ddd-ddd-dddd", b"ddd.ddd.dddd", b"1-ddd-ddd-dddd", b"1 (ddd) ddd-dddd"];
    let pattern = PATTERNS.iter().find(|pattern| fits(text, pattern))?;
    let first =
        |after: usize| pattern.iter().enumerate().filter(|(_, byte)| **byte == b'd').nth(after).map(|(at, _)| text[at]);
    let given = [0, 3].into_iter().all(|after| first(after).is_some_and(|digit| digit >= b'2'));
    given.then_some((Look::Phone, pattern.len()))
}

/// Where digits with one separator between them end.
fn international(text: &[u8]) -> usize {
    let mut length = 1;
    while let Some(byte) = text.get(length) {
        let separates = || matches!(byte, b' ' | b'-' | b'.' | b'(' | b')');
        let goes_on = |ahead: usize| text.get(length + ahead).is_some_and(u8::is_ascii_digit);
        let wide = || matches!(text.get(length..), Some([b' ', b'(', ..] | [b')', b' ' | b'-', ..])) && goes_on(2);
        match () {
            () if byte.is_ascii_digit() || separates() && goes_on(1) => length += 1,
            () if separates() && wide() => length += 2,
            () => break,
        }
    }
    length
}
