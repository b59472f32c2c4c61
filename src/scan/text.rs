//! Strings of JSON, as they lie in a line.

use super::walk::Broken;
use std::borrow::Cow;

/// Bits of [`CLASS`].
const STOP: u8 = 1;
/// A byte that some look needs.
const TELLING: u8 = 2;

/// What a byte of a string means: the end, an escape or a control character; or something that a look needs.
static CLASS: [u8; 256] = {
    let mut class = [0; 256];
    let mut at = 0;
    while at < 0x20 {
        class[at] = STOP;
        at += 1;
    }
    class[b'"' as usize] = STOP;
    class[b'\\' as usize] = STOP;
    at = b'0' as usize;
    while at <= b'9' as usize {
        class[at] = TELLING;
        at += 1;
    }
    class[b'@' as usize] = TELLING;
    class[b'%' as usize] = TELLING;
    class[b':' as usize] = TELLING;
    class
};

/// A string of a line.
pub(super) struct Text<'l> {
    /// What it says.
    pub(super) bytes: Cow<'l, [u8]>,
    /// Whether it has a byte that some look needs.
    pub(super) telling: bool,
}

/// Reads the string whose opening quote stands before `start`; gives it and where it ends.
pub(super) fn read(line: &[u8], start: usize) -> Result<(Text<'_>, usize), Broken> {
    let (mut at, mut seen, mut escaped) = (start, 0, false);
    loop {
        let byte = *line.get(at).ok_or(Broken)?;
        let class = CLASS[usize::from(byte)];
        seen |= class;
        at += 1;
        if class & STOP == 0 {
            continue;
        }
        match byte {
            b'"' => break,
            b'\\' => {
                escaped = true;
                at += 1;
            }
            _ => return Err(Broken),
        }
    }
    let raw = line.get(start..at - 1).ok_or(Broken)?;
    let bytes = if escaped { Cow::Owned(unescape(raw)?) } else { Cow::Borrowed(raw) };
    // An escape may stand for any of those bytes.
    Ok((Text { bytes, telling: escaped || seen & TELLING != 0 }, at))
}

fn unescape(raw: &[u8]) -> Result<Vec<u8>, Broken> {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte != b'\\' {
            bytes.push(*byte);
            continue;
        }
        let (escape, after) = rest.split_first().ok_or(Broken)?;
        rest = after;
        match escape {
            b'"' | b'\\' | b'/' => bytes.push(*escape),
            b'b' => bytes.push(8),
            b'f' => bytes.push(12),
            b'n' => bytes.push(b'\n'),
            b'r' => bytes.push(b'\r'),
            b't' => bytes.push(b'\t'),
            b'u' => {
                let character;
                (character, rest) = code_point(rest)?;
                bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
            _ => return Err(Broken),
        }
    }
    Ok(bytes)
}

/// The character after `\u`; half a pair is one that cannot be shown.
fn code_point(rest: &[u8]) -> Result<(char, &[u8]), Broken> {
    let (first, after) = unit(rest)?;
    if let ([b'\\', b'u', low @ ..], 0xd800..=0xdbff) = (after, first) {
        let (second, end) = unit(low)?;
        if (0xdc00..=0xdfff).contains(&second) {
            let both = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
            return Ok((char::from_u32(both).unwrap_or(char::REPLACEMENT_CHARACTER), end));
        }
    }
    Ok((char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), after))
}

fn unit(rest: &[u8]) -> Result<(u32, &[u8]), Broken> {
    let (digits, after) = rest.split_at_checked(4).ok_or(Broken)?;
    let digit = |sum: u32, digit: &u8| Some(sum * 16 + char::from(*digit).to_digit(16)?);
    Ok((digits.iter().try_fold(0, digit).ok_or(Broken)?, after))
}
