use super::*;
use crate::document::Syntax;

/// Every cell as the file has it, row by row.
fn cells(text: &str) -> Vec<Vec<String>> {
    let parsed = read("a.csv", text);
    let root = parsed.documents[0].root();
    root.items().map(|row| row.entries().map(|cell| at(text, cell.value().span()).to_owned()).collect()).collect()
}

#[test]
fn cells_have_their_places() {
    let text = "\u{feff}# consentlint: allow x -- y\r\n# note\r\n\r\nevent, name ,\"de\"\"s\"\r\nA,\"b,\nc\",  d \r\n\"\",\"say \"\"hi\"\"\",é\r\n";
    let parsed = read("a.csv", text);
    assert_eq!((parsed.syntax, parsed.problems.as_slice()), (Syntax::Csv, [].as_slice()));
    let root = parsed.documents[0].root();
    assert_eq!(
        line(root),
        "[{event:\"A\",name:\"b,\\nc\",de\"s:\"d\"},{event:null,name:\"say \\\"hi\\\"\",de\"s:\"é\"}]"
    );
    assert_eq!(cells(text), [vec!["A", "\"b,\nc\"", "d"], vec!["\"\"", "\"say \"\"hi\"\"\"", "é"]]);
    let keys: Vec<_> = root.items().next().unwrap().entries().map(|cell| at(text, cell.key_span())).collect();
    assert_eq!(keys, ["event", "name", "\"de\"\"s\""]);
    let comments: Vec<_> = parsed.comments.iter().map(|comment| at(text, comment.span)).collect();
    assert_eq!(comments, ["# consentlint: allow x -- y"]);
    assert_eq!(at(text, root.items().next().unwrap().span()), "A,\"b,\nc\",  d");
}

#[test]
fn the_separator_is_the_one_of_the_first_line() {
    for text in ["event;b,c;d\n1;2;3\n", "# a,b,c,d\nevent\tb,c\td\n1\t2\t3", "\n\"x;event;z;\",\"b,c\",d\n1,2,3"] {
        assert_eq!(cells(text), [["1", "2", "3"]], "{text}");
    }
    assert_eq!(clean("a.tsv", "event\n1\n"), "[{event:\"1\"}]");
}

#[test]
fn rows_of_another_length_are_read_and_reported() {
    let text = "event,b\n1\n1,2,3\n,\n1,2,,\n\n4,5";
    let parsed = read("a.csv", text);
    assert_eq!(
        line(parsed.documents[0].root()),
        "[{event:\"1\"},{event:\"1\",b:\"2\"},{event:\"1\",b:\"2\"},{event:\"4\",b:\"5\"}]"
    );
    let places: Vec<_> = parsed.problems.iter().map(|problem| under(text, problem)).collect();
    assert_eq!(places, ["1", "1,2,3"]);
    let many = format!("event,b\n{}", "1\n".repeat(1000));
    assert_eq!(read("a.csv", &many).problems.len(), 6);
}

#[test]
fn columns_of_one_name_and_open_quotes_are_reported() {
    let text = "event,,event\n1,2,3\n4,5,\"6\n7";
    let parsed = read("a.csv", text);
    assert_eq!(line(parsed.documents[0].root()), "[{event:\"1\"},{event:\"4\"}]");
    let said: Vec<_> = parsed.problems.iter().map(|problem| (under(text, problem), problem.message.as_str())).collect();
    let open = "the quote is never closed, so the rest is one cell";
    assert_eq!(said, [("event", "two columns are called `event`"), ("\"", open)]);
    for text in ["", "\n\n", "# only\n", "\u{feff}"] {
        assert_eq!((read("a.csv", text).documents.len(), read("a.csv", text).problems.len()), (0, 0));
    }
    assert_eq!(clean("a.csv", "event,b\n\"x\"y,z\"\n"), "[{event:\"xy\",b:\"z\\\"\"}]");
}

#[test]
fn exports_of_data_are_not_looked_into() {
    let parsed = read("people.csv", "id,email\n1,a@example.com\n2\n");
    assert_eq!((parsed.documents.len(), parsed.problems.len()), (0, 0));
}
