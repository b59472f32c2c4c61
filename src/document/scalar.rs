//! What a plain YAML scalar is: the 1.2 core schema, on the safe side of identifiers.

use super::Shape;

/// The shape of an unquoted scalar. `yes`, `NO`, `0777`, `1_000` and `12:30` are strings.
pub(super) fn shape_of(text: &str) -> Shape {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Shape::Null,
        "true" | "True" | "TRUE" => return Shape::Bool(true),
        "false" | "False" | "FALSE" => return Shape::Bool(false),
        _ => {}
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    match unsigned.as_bytes().first() {
        Some(b'0'..=b'9') => number(text, unsigned),
        Some(b'.') => point(text, unsigned),
        _ => Shape::Text,
    }
}

/// The decimal form of a hexadecimal or octal integer, where it has one.
pub(super) fn decimal(text: &str) -> Option<String> {
    let value = match text.as_bytes() {
        [b'0', b'x', ..] => u128::from_str_radix(text.get(2..)?, 16),
        [b'0', b'o', ..] => u128::from_str_radix(text.get(2..)?, 8),
        _ => return None,
    };
    value.ok().map(|value| value.to_string())
}

fn point(text: &str, unsigned: &str) -> Shape {
    match unsigned {
        ".inf" | ".Inf" | ".INF" => Shape::Float,
        _ if matches!(text, ".nan" | ".NaN" | ".NAN") => Shape::Float,
        _ => unsigned.strip_prefix('.').map_or(Shape::Text, |rest| fraction(rest, false)),
    }
}

fn number(text: &str, unsigned: &str) -> Shape {
    let all = |digits: &str, fits: fn(u8) -> bool| !digits.is_empty() && digits.bytes().all(fits);
    if let Some(hex) = text.strip_prefix("0x") {
        return if all(hex, |byte| byte.is_ascii_hexdigit()) { Shape::Integer } else { Shape::Text };
    }
    if let Some(octal) = text.strip_prefix("0o") {
        return if all(octal, |byte| matches!(byte, b'0'..=b'7')) { Shape::Integer } else { Shape::Text };
    }
    let rest = unsigned.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let whole = unsigned.len() - rest.len();
    // A leading zero is a code (postal, phone, file mode) far more often than a number.
    if whole > 1 && unsigned.starts_with('0') {
        return Shape::Text;
    }
    match rest.strip_prefix('.') {
        _ if rest.is_empty() => Shape::Integer,
        Some(rest) => fraction(rest, true),
        None => exponent(rest),
    }
}

/// What follows the point.
fn fraction(rest: &str, may_be_empty: bool) -> Shape {
    let after = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
    match after.is_empty() {
        _ if after.len() == rest.len() && !may_be_empty => Shape::Text,
        true => Shape::Float,
        false => exponent(after),
    }
}

fn exponent(rest: &str) -> Shape {
    let Some(power) = rest.strip_prefix(['e', 'E']) else { return Shape::Text };
    let digits = power.strip_prefix(['+', '-']).unwrap_or(power);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) { Shape::Float } else { Shape::Text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_follow_the_core_schema() {
        for text in [
            "yes",
            "no",
            "NO",
            "on",
            "off",
            "y",
            "n",
            "0777",
            "1_000",
            "12:30:45",
            "00",
            "-",
            "+",
            ".",
            "1e",
            "0x",
            "0xg",
            "0o8",
            "1.2.3",
            "-.inf.",
            "e5",
            "nan",
            "1-2",
            "+.e3",
            "2026-01-01",
        ] {
            assert_eq!(shape_of(text), Shape::Text, "{text}");
        }
        for text in ["0", "-1", "+12", "0x1F", "0o17", "123456789012345678901234567890"] {
            assert_eq!(shape_of(text), Shape::Integer, "{text}");
        }
        for text in ["1.", "1.5", ".5", "-.5e3", "1e9", "1E-9", ".inf", "-.INF", ".nan", "+1.0e+2"] {
            assert_eq!(shape_of(text), Shape::Float, "{text}");
        }
        for text in ["", "~", "null", "Null", "NULL"] {
            assert_eq!(shape_of(text), Shape::Null, "{text}");
        }
        assert_eq!((shape_of("TRUE"), shape_of("False")), (Shape::Bool(true), Shape::Bool(false)));
        assert_eq!((decimal("0x1F").as_deref(), decimal("0o17").as_deref()), (Some("31"), Some("15")));
    }
}
