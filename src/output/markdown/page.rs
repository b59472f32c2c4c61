//! A page that does not grow over its bounds.

/// Text so far.
#[derive(Default)]
pub(super) struct Page(String);

impl Page {
    /// Adds what has to be there.
    pub(super) fn add(&mut self, text: &str) {
        self.0 += text;
    }

    /// Adds pieces as long as the page stays within `bound` bytes, and says how many there was room for.
    pub(super) fn fill(&mut self, bound: usize, pieces: impl Iterator<Item = String>) -> usize {
        let mut added = 0;
        for piece in pieces {
            if self.0.len() + piece.len() > bound {
                break;
            }
            self.0 += &piece;
            added += 1;
        }
        added
    }

    /// The whole page.
    pub(super) fn text(self) -> String {
        self.0
    }
}
