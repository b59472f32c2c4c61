//! A report as every format writes it: headings, paragraphs, lists and tables.

/// A report.
pub(super) struct Document {
    /// Its first heading.
    pub(super) title: String,
    /// What follows, in order.
    pub(super) blocks: Vec<Block>,
}

/// A part of a report.
pub(super) enum Block {
    /// A heading of a section (2) or of a part of one (3).
    Heading(u8, String),
    /// Running text.
    Paragraph(Line),
    /// Points.
    List(Vec<Line>),
    /// A table.
    Table(Table),
}

/// A table; the first cell of a row names it.
pub(super) struct Table {
    /// What it tells, and under which paragraph.
    pub(super) caption: String,
    /// Headings of its columns.
    pub(super) head: Vec<&'static str>,
    /// Its rows.
    pub(super) rows: Vec<Vec<Cell>>,
}

/// What stands in a cell, line by line.
pub(super) type Cell = Vec<Line>;

/// Words that stand in one line, with blanks between them.
pub(super) type Line = Vec<Word>;

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// A sentence or a part of one; names in it may stand between backticks.
    Text(String),
    /// A name from a file.
    Code(String),
    /// `file:line`.
    At(String),
    /// The title of a section of the same report.
    Section(String),
    /// Words that weigh something.
    Weighed(Weight, String),
}

/// What a piece weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// Something is wrong.
    Bad,
    /// Something is not known.
    Open,
    /// Only worth knowing.
    Soft,
}

impl Document {
    /// A report with nothing in it yet.
    pub(super) fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), blocks: Vec::new() }
    }

    /// Begins a section.
    pub(super) fn section(&mut self, title: impl Into<String>) {
        self.blocks.push(Block::Heading(2, title.into()));
    }

    /// Begins a part of a section.
    pub(super) fn part(&mut self, title: impl Into<String>) {
        self.blocks.push(Block::Heading(3, title.into()));
    }

    /// Adds a paragraph of one sentence or several.
    pub(super) fn say(&mut self, sentences: impl Into<String>) {
        self.blocks.push(Block::Paragraph(vec![text(sentences)]));
    }

    /// Adds points; nothing where there are none.
    pub(super) fn list(&mut self, points: Vec<Line>) {
        if !points.is_empty() {
            self.blocks.push(Block::List(points));
        }
    }

    /// Adds a table, or where it would be empty a sentence that says why.
    pub(super) fn table(&mut self, caption: &str, head: &[&'static str], rows: Vec<Vec<Cell>>, otherwise: &str) {
        if rows.is_empty() {
            return self.say(otherwise);
        }
        self.blocks.push(Block::Table(Table { caption: caption.to_owned(), head: head.to_vec(), rows }));
    }
}

/// A sentence or a part of one.
pub(super) fn text(text: impl Into<String>) -> Word {
    Word::Text(text.into())
}

/// A name from a file.
pub(super) fn code(name: impl Into<String>) -> Word {
    Word::Code(name.into())
}

/// What is wrong.
pub(super) fn bad(text: impl Into<String>) -> Word {
    Word::Weighed(Weight::Bad, text.into())
}

/// What is not known.
pub(super) fn open(text: impl Into<String>) -> Word {
    Word::Weighed(Weight::Open, text.into())
}

/// What is only worth knowing.
pub(super) fn soft(text: impl Into<String>) -> Word {
    Word::Weighed(Weight::Soft, text.into())
}

/// A cell with one line.
pub(super) fn cell(words: impl IntoIterator<Item = Word>) -> Cell {
    vec![words.into_iter().collect()]
}

/// Rows that differ in their first cell alone, as one row with the lines of all their first cells.
pub(super) fn grouped(rows: Vec<Vec<Cell>>) -> Vec<Vec<Cell>> {
    let mut groups: Vec<Vec<Cell>> = Vec::new();
    for row in rows {
        match groups.iter_mut().find(|known| known[1..] == row[1..]) {
            Some(known) => known[0].extend(row.into_iter().next().unwrap_or_default()),
            None => groups.push(row),
        }
    }
    groups
}

/// Each word of a line, and whether a blank stands before it.
pub(super) fn spaced(line: &[Word]) -> impl Iterator<Item = (bool, &Word)> {
    let closes = |word: &Word| matches!(word, Word::Text(text) if text.starts_with([',', '.', ';', ':', ')', '?']));
    let opens = |word: &Word| matches!(word, Word::Text(text) if text.ends_with('('));
    line.iter().enumerate().map(move |(at, word)| {
        let before = at.checked_sub(1).map(|before| &line[before]);
        (before.is_some_and(|before| !opens(before) && !closes(word)), word)
    })
}
