//! Strings and numbers as JavaScript writes them.

use super::super::Shape;

/// What a string means, where escapes make that differ from what is written between its quotes.
pub(super) fn unescaped(inner: &str) -> Option<String> {
    if !inner.contains('\\') {
        return None;
    }
    let mut out = String::with_capacity(inner.len());
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        match letters.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('v') => out.push('\u{b}'),
            Some('0') => out.push('\0'),
            // A line that goes on.
            Some('\n') | None => {}
            Some('\r') => letters = after(letters, '\n'),
            Some('x') => point(&mut letters, 2, &mut out),
            Some('u') if letters.as_str().starts_with('{') => {
                let digits = letters.as_str().get(1..).and_then(|rest| rest.split('}').next()).unwrap_or("");
                let length = digits.len();
                letters.next();
                point(&mut letters, length, &mut out);
                letters.next();
            }
            Some('u') => unit(&mut letters, &mut out),
            Some(other) => out.push(other),
        }
    }
    Some(out)
}

fn after(letters: std::str::Chars<'_>, skipped: char) -> std::str::Chars<'_> {
    letters.as_str().strip_prefix(skipped).map_or(letters.clone(), str::chars)
}

/// A character by so many hexadecimal digits; what is none stands for itself.
fn point(letters: &mut std::str::Chars<'_>, length: usize, out: &mut String) {
    let read = hexadecimal(letters, length);
    out.push(read.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER));
}

/// A unit of UTF-16, with its second half where it needs one.
fn unit(letters: &mut std::str::Chars<'_>, out: &mut String) {
    let first = hexadecimal(letters, 4).unwrap_or(0xfffd);
    let pair = letters.as_str().strip_prefix("\\u").filter(|_| (0xd800..0xdc00).contains(&first));
    let Some(rest) = pair else {
        out.push(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
        return;
    };
    *letters = rest.chars();
    let second = hexadecimal(letters, 4).unwrap_or(0).wrapping_sub(0xdc00) & 0x3ff;
    let whole = 0x10000 + ((first - 0xd800) << 10) + second;
    out.push(char::from_u32(whole).unwrap_or(char::REPLACEMENT_CHARACTER));
}

fn hexadecimal(letters: &mut std::str::Chars<'_>, length: usize) -> Option<u32> {
    let digits = letters.as_str().get(..length)?;
    let value = u32::from_str_radix(digits, 16).ok()?;
    *letters = letters.as_str().get(length..)?.chars();
    Some(value)
}

/// What a number is, and its decimal digits where it is written in another way.
pub(super) fn number(code: &str) -> Option<(Shape, Option<String>)> {
    let digits = code.replace('_', "");
    let (sign, plain) = digits.strip_prefix('-').map_or(("", digits.as_str()), |rest| ("-", rest.trim_start()));
    let radix = [("0x", 16), ("0X", 16), ("0b", 2), ("0B", 2), ("0o", 8), ("0O", 8)];
    if let Some((prefix, base)) = radix.iter().find(|(prefix, _)| plain.starts_with(prefix)) {
        let value = u64::from_str_radix(plain.get(prefix.len()..)?, *base).ok()?;
        return Some((Shape::Integer, Some(format!("{sign}{value}"))));
    }
    let plain = plain.strip_suffix('n').unwrap_or(plain);
    let whole = !plain.is_empty() && plain.bytes().all(|byte| byte.is_ascii_digit());
    if !whole && plain.parse::<f64>().is_err() {
        return None;
    }
    let shape = if whole { Shape::Integer } else { Shape::Float };
    let rewritten = format!("{sign}{plain}");
    Some((shape, (rewritten != code).then_some(rewritten)))
}
