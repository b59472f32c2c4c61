//! What is open in the editor, with what is unsaved.

use super::place::{Encoding, Lines};
use lsp_types::{TextDocumentContentChangeEvent, Uri};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// An open file.
#[derive(Clone, Debug)]
pub(super) struct Document {
    /// The address by which the client knows it.
    pub(super) uri: Uri,
    /// The version of its text.
    pub(super) version: i32,
    /// Its text.
    pub(super) text: Arc<str>,
}

impl Document {
    /// Makes changes, each on the text that the one before left.
    pub(super) fn edit(&mut self, changes: &[TextDocumentContentChangeEvent], encoding: Encoding) {
        for change in changes {
            let Some(range) = change.range else {
                self.text = change.text.as_str().into();
                continue;
            };
            let lines = Lines::of(&self.text, encoding);
            let (start, end) = (lines.offset(range.start) as usize, lines.offset(range.end) as usize);
            let (start, end) = (start.min(end), end.max(start));
            self.text = [&self.text[..start], &change.text, &self.text[end..]].concat().into();
        }
    }
}

/// All open files, by path.
pub(super) type Documents = BTreeMap<PathBuf, Document>;

#[cfg(test)]
mod tests {
    use super::*;
    use lsp_types::{Position, Range};

    fn change(range: Option<(u32, u32, u32, u32)>, text: &str) -> TextDocumentContentChangeEvent {
        let place = |line, character| Position { line, character };
        let range = range.map(|(line, from, last, to)| Range { start: place(line, from), end: place(last, to) });
        TextDocumentContentChangeEvent { range, range_length: None, text: text.to_owned() }
    }

    #[test]
    fn changes_are_made_one_after_the_other() {
        let uri: Uri = "file:///x".parse().unwrap();
        let mut document = Document { uri, version: 1, text: "a: 𝄞\r\nb: 2\r\n".into() };
        let mut edit = |changes: &[TextDocumentContentChangeEvent]| {
            document.edit(changes, Encoding::Utf16);
            document.text.to_string()
        };
        assert_eq!(edit(&[change(Some((0, 5, 0, 5)), "!"), change(Some((0, 3, 0, 5)), "é")]), "a: é!\r\nb: 2\r\n");
        assert_eq!(edit(&[change(Some((1, 4, 0, 4)), "")]), "a: é\r\n");
        assert_eq!(edit(&[change(Some((9, 9, 9, 9)), "end")]), "a: é\r\nend");
        assert_eq!(edit(&[change(None, "whole"), change(Some((0, 0, 0, 5)), "")]), "");
    }
}
