//! `docs/sql.md` shows what is printed for the sample shop (`UPDATE=1 cargo test --test sql` brings it up to date).

use crate::common::{root, run};

const EXAMPLE: &str = "## An example\n";

#[test]
fn the_page_shows_what_is_printed() {
    let path = root().join("docs/sql.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, _) = page.split_once(EXAMPLE).unwrap();
    let mut expected = format!("{before}{EXAMPLE}");
    for (about, question) in
        [("Who has opted out, in the sample project:", "opt-outs"), ("Erasing a person:", "delete")]
    {
        let ran = run(root(), &["sql", question, "fixtures/shop", "--dialect", "postgresql"]);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
        let command = format!("consentlint sql {question} fixtures/shop --dialect postgresql");
        expected += &format!("\n{about}\n\n```sh\n{command}\n```\n\n```sql\n{}```\n", ran.stdout);
    }
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &expected).unwrap();
        return;
    }
    assert_eq!(page, expected, "run UPDATE=1 cargo test --test sql");
}
