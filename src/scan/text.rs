//! Strings of JSON, as they lie in a line, sixteen bytes at a time.

use super::cursor::Broken;
use super::look::Marks;
use std::borrow::Cow;
use wide::u8x16;

/// Bytes that are looked at together.
pub(super) const WIDE: usize = 16;

/// A string of a line.
pub(super) struct Text<'l> {
    /// What it says.
    pub(super) bytes: Cow<'l, [u8]>,
    /// What in it some look needs.
    pub(super) marks: Marks,
}

/// Reads the string whose opening quote stands before `start`; gives it and where it ends.
#[inline]
pub(super) fn read(line: &[u8], start: usize) -> Result<(Text<'_>, usize), Broken> {
    let mut marks = Marks::default();
    let (end, escaped) = end_of(line, start, |block, count| mark(&mut marks, block, count))?;
    let raw = line.get(start..end).ok_or(Broken)?;
    if !escaped {
        return Ok((Text { bytes: Cow::Borrowed(raw), marks }, end + 1));
    }
    // An escape may stand for any byte.
    let bytes = unescape(raw)?;
    let marks = Marks::of(&bytes);
    Ok((Text { bytes: Cow::Owned(bytes), marks }, end + 1))
}

/// The same of a string that is a key.
#[inline]
pub(super) fn read_key(line: &[u8], start: usize) -> Result<(Cow<'_, [u8]>, usize), Broken> {
    let (end, escaped) = end_of(line, start, |_, _| ())?;
    let raw = line.get(start..end).ok_or(Broken)?;
    Ok((if escaped { Cow::Owned(unescape(raw)?) } else { Cow::Borrowed(raw) }, end + 1))
}

/// The same of a string that nobody asks for.
#[inline]
pub(super) fn pass(line: &[u8], start: usize) -> Result<usize, Broken> {
    let (end, escaped) = end_of(line, start, |_, _| ())?;
    if escaped {
        unescape(line.get(start..end).ok_or(Broken)?)?;
    }
    Ok(end + 1)
}

/// What a string begins with, to be found again.
pub(super) struct Start {
    block: u8x16,
    mask: u32,
}

impl Start {
    /// The first bytes of a string with its quotes; of one that is written with escapes, what is never found.
    pub(super) fn of(quoted: &str) -> Self {
        let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
        let plain = !inner.bytes().any(|byte| byte < b' ' || matches!(byte, b'"' | b'\\'));
        let mask = if plain { (1_u32 << quoted.len().min(WIDE)) - 1 } else { u32::MAX };
        Self { block: block(quoted.as_bytes(), 0), mask }
    }

    /// Whether it stands at a place of a line.
    #[inline]
    pub(super) fn is_at(&self, line: &[u8], at: usize) -> bool {
        is(block(line, at), self.block).to_bitmask() & self.mask == self.mask
    }
}

/// Where the closing quote of a string stands, and whether there are escapes. `seen` gets blocks, and how many bytes of each
/// belong to the string.
#[inline]
fn end_of(line: &[u8], start: usize, mut seen: impl FnMut(u8x16, u32)) -> Result<(usize, bool), Broken> {
    let (mut at, mut escaped) = (start, false);
    loop {
        let block = block(line, at);
        let control = block.min(u8x16::splat(0x1f));
        let stops = is(block, control) | is(block, u8x16::splat(b'"')) | is(block, u8x16::splat(b'\\'));
        let count = stops.to_bitmask().trailing_zeros().min(WIDE as u32);
        seen(block, count);
        at += count as usize;
        if count == WIDE as u32 {
            continue;
        }
        match line.get(at) {
            Some(b'"') => return Ok((at, escaped)),
            Some(b'\\') => {
                escaped = true;
                at += 2;
            }
            // A control character, or the end.
            _ => return Err(Broken),
        }
    }
}

/// The bytes from a place on; zeros, which end every string, after the end of the line.
#[inline]
fn block(line: &[u8], at: usize) -> u8x16 {
    if let Some(Ok(block)) = line.get(at..at + WIDE).map(<[u8; WIDE]>::try_from) {
        return u8x16::new(block);
    }
    let rest = line.get(at..).unwrap_or_default();
    let mut padded = [0; WIDE];
    padded.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    u8x16::new(padded)
}

#[inline]
fn is(block: u8x16, other: u8x16) -> u8x16 {
    block.simd_eq(other)
}

#[inline]
fn mark(marks: &mut Marks, block: u8x16, count: u32) {
    let within = (1_u32 << count) - 1;
    let from_zero = block - u8x16::splat(b'0');
    let digits = is(from_zero, from_zero.min(u8x16::splat(9))).to_bitmask() & within;
    let at = is(block, u8x16::splat(b'@')) | is(block, u8x16::splat(b'%'));
    let parts = is(block, u8x16::splat(b'.')) | is(block, u8x16::splat(b':'));
    marks.digits += digits.count_ones() as usize;
    marks.at |= at.to_bitmask() & within != 0;
    marks.parts |= parts.to_bitmask() & within != 0;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_of_any_length_at_any_place_are_read_with_their_marks() {
        let letters = ["a", "é", "東", "7", "@", "%", ".", ":", " ", "\\n", "\\u0040", "\\\"", "\\\\"];
        let mut random = 17_u64;
        let mut below = |most: usize| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (random >> 33) as usize % most
        };
        for round in 0..20_000 {
            // Mostly of plain letters, so that marks stand alone.
            let kinds = [1, 3, 13][below(3)];
            let inner: String =
                (0..below(70)).map(|_| letters[if below(9) == 0 { below(13) } else { below(kinds) }]).collect();
            let before = " ".repeat(below(20));
            let after = ["", ",", "}                      ", "\u{1}"][below(4)];
            let line = format!("{before}\"{inner}\"{after}");
            let said: String = serde_json::from_str(&format!("\"{inner}\"")).unwrap();
            let (text, end) = read(line.as_bytes(), before.len() + 1).unwrap();
            assert_eq!((&*text.bytes, end), (said.as_bytes(), before.len() + inner.len() + 2), "{round}: {line}");
            assert_eq!(text.marks, Marks::of(said.as_bytes()), "{round}: {line}");
            assert_eq!(&*read_key(line.as_bytes(), before.len() + 1).unwrap().0, said.as_bytes());
            assert_eq!(pass(line.as_bytes(), before.len() + 1), Ok(end));
            let cut = &line.as_bytes()[..before.len() + 1 + inner.len()];
            assert!(read(cut, before.len() + 1).is_err(), "{round}: {line}");
        }
    }

    #[test]
    fn a_start_is_found_only_with_its_quotes_and_without_escapes() {
        for key in ["", "a", "email", "thirteen_byte", "fourteen_bytes", "a key of more than sixteen bytes"] {
            let quoted = format!("\"{key}\"");
            let line = format!("x{quoted}: 1");
            assert!(
                Start::of(&quoted).is_at(line.as_bytes(), 1) && !Start::of(&quoted).is_at(line.as_bytes(), 0),
                "{key}"
            );
            assert!(!Start::of(&quoted).is_at(format!("{key}x\"").as_bytes(), 0));
        }
        assert!(!Start::of("\"a\\b\"").is_at(b"\"a\\b\"", 0));
    }
}
