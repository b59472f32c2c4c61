//! Text in columns that fits a width.

/// Columns stand apart by this much, and from the margin.
const GAP: usize = 2;

/// One column: its heading, and the most that it may take.
pub(super) struct Column {
    pub(super) heading: &'static str,
    /// Characters that it may be wide at most.
    pub(super) most: usize,
}

/// Breaks text between words into lines of at most `width` characters; a word that is longer is broken.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut column = 0;
    for word in text.split_whitespace() {
        let mut letters: Vec<char> = word.chars().collect();
        if column > 0 && column + 1 + letters.len() > width {
            lines.push(std::mem::take(&mut line));
            column = 0;
        }
        if column > 0 {
            line.push(' ');
            column += 1;
        }
        while column + letters.len() > width {
            let rest = letters.split_off(width - column);
            line.extend(letters);
            lines.push(std::mem::take(&mut line));
            (letters, column) = (rest, 0);
        }
        column += letters.len();
        line.extend(letters);
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// How wide each column is: as its text asks, up to its most; the last takes what is left.
pub(super) fn widths(columns: &[Column], rows: &[Vec<String>], width: usize) -> Vec<usize> {
    let longest = |at: usize| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or(0);
    let asked = |(at, column): (usize, &Column)| longest(at).max(column.heading.len()).min(column.most);
    let mut all: Vec<usize> = columns.iter().enumerate().map(asked).collect();
    let gaps = GAP * columns.len();
    if let Some((last, others)) = all.split_last_mut() {
        let left = width.saturating_sub(others.iter().sum::<usize>() + gaps);
        *last = (*last).min(left.max(8));
    }
    all
}

/// A row of cells as lines, each cell wrapped within its column. `paint` colours a cell that is padded already.
pub(super) fn lines(cells: &[String], widths: &[usize], paint: impl Fn(usize, String) -> String) -> Vec<String> {
    let wrapped: Vec<Vec<String>> = cells.iter().zip(widths).map(|(cell, width)| wrapped(cell, *width)).collect();
    let height = wrapped.iter().map(Vec::len).max().unwrap_or(0);
    let line = |at: usize| {
        let last = wrapped.iter().rposition(|cell| cell.get(at).is_some_and(|text| !text.is_empty())).unwrap_or(0);
        // Nothing that a file says stands at the start of a line, where logs look for commands.
        let mut out = " ".repeat(GAP);
        for (column, cell) in wrapped.iter().enumerate().take(last + 1) {
            let text = cell.get(at).map_or("", String::as_str);
            let pad = if column == last { 0 } else { widths[column].saturating_sub(text.chars().count()) + GAP };
            out += &paint(column, text.to_owned());
            out += &" ".repeat(pad);
        }
        out
    };
    (0..height).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_broken_between_words_and_words_when_they_must() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("a unbreakable", 5), ["a", "unbre", "akabl", "e"]);
        assert_eq!(wrapped("", 5), [""]);
        assert!(wrapped("ünbräkable für alle", 4).iter().all(|line| line.chars().count() <= 4));
    }

    #[test]
    fn columns_line_up_and_lines_do_not_end_in_spaces() {
        let columns = ["a", "b"].map(|heading| Column { heading, most: 10 });
        let rows = [vec!["one".to_owned(), "two three".to_owned()], vec!["longer".to_owned(), String::new()]];
        let widths = widths(&columns, &rows, 15);
        assert_eq!(widths, [6, 8]);
        let shown: Vec<String> = rows.iter().flat_map(|row| lines(row, &widths, |_, text| text)).collect();
        assert_eq!(shown, ["  one     two", "          three", "  longer"]);
    }
}
