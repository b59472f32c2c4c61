//! JSON that is written while it is made, so that what is large needs no memory. What the lists of the root hold stands on a
//! line of its own each: two of them are compared line by line.

use super::text;
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use std::io::{self, Write};

/// Depth to which values stand on lines of their own: the keys of the root, and what is in them.
const OPEN: usize = 2;

pub(super) fn write(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *out, Lines::default()))?;
    writeln!(out)
}

#[derive(Default)]
struct Lines {
    depth: usize,
    /// Whether what was closed last, or is open, holds anything.
    filled: bool,
}

impl Lines {
    fn open(&mut self, sign: &str, out: &mut (impl Write + ?Sized)) -> io::Result<()> {
        self.depth += 1;
        self.filled = false;
        out.write_all(sign.as_bytes())
    }

    fn close(&mut self, sign: &str, out: &mut (impl Write + ?Sized)) -> io::Result<()> {
        self.depth -= 1;
        if self.filled && self.depth < OPEN {
            self.line(out)?;
        }
        out.write_all(sign.as_bytes())
    }

    fn item(&self, first: bool, out: &mut (impl Write + ?Sized)) -> io::Result<()> {
        if self.depth > OPEN {
            return out.write_all(if first { b"" } else { b", " });
        }
        out.write_all(if first { b"" } else { b"," })?;
        self.line(out)
    }

    fn line(&self, out: &mut (impl Write + ?Sized)) -> io::Result<()> {
        out.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| out.write_all(b"  "))
    }
}

impl Formatter for Lines {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, mut writer: &mut W, fragment: &str) -> io::Result<()> {
        text::write_part_of_json(fragment, &mut writer)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open("[", writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close("]", writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.item(first, writer)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open("{", writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close("}", writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.item(first, writer)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::write;

    #[test]
    fn what_lists_hold_stands_on_lines_and_hazards_are_escaped() {
        let value =
            serde_json::json!({ "a": [{ "k": [1, 2], "n": {} }, {}], "b": "\u{202e}##[x]\n", "c": [], "d": {} });
        let mut out = Vec::new();
        write(&value, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let wanted = r#"{
  "a": [
    {"k": [1, 2], "n": {}},
    {}
  ],
  "b": "\u202e##\u005bx]\n",
  "c": [],
  "d": {}
}
"#;
        assert_eq!(text, wanted);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
