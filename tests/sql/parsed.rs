//! Every statement parses in its dialect.

use crate::common::{root, run};
use crate::texts::{DIALECTS, QUESTIONS, library};
use sqlparser::ast::Statement;
use sqlparser::dialect::{BigQueryDialect, Dialect, PostgreSqlDialect, RedshiftSqlDialect, SnowflakeDialect};
use sqlparser::parser::Parser;
use std::path::Path;

pub(crate) fn parse(dialect: &str, sql: &str) -> Vec<Statement> {
    let known: Box<dyn Dialect> = match dialect {
        "postgresql" => Box::new(PostgreSqlDialect {}),
        "bigquery" => Box::new(BigQueryDialect {}),
        "snowflake" => Box::new(SnowflakeDialect {}),
        _ => Box::new(RedshiftSqlDialect {}),
    };
    Parser::parse_sql(known.as_ref(), sql).unwrap_or_else(|error| panic!("{dialect}: {error}\n{sql}"))
}

#[test]
fn of_the_library_in_every_dialect() {
    for dialect in DIALECTS {
        for question in QUESTIONS {
            let parsed = parse(dialect, &library(question, dialect, &[]));
            let is = |wanted: fn(&Statement) -> bool| parsed.iter().filter(|one| wanted(one)).count();
            let (deleted, asked) =
                (is(|one| matches!(one, Statement::Delete(_))), is(|one| matches!(one, Statement::Query(_))));
            let expected = match question {
                "opt-outs" => (0, 1),
                "inventory" => (0, 2),
                // The ids that others used too, and a query for each table.
                "access" => (0, 9),
                _ => (8, 1),
            };
            assert_eq!((deleted, asked), expected, "{question} {dialect}");
            let others = parsed.len() - deleted - asked;
            assert_eq!(others, if matches!(question, "access" | "delete") { 11 } else { 0 }, "{question} {dialect}");
        }
    }
}

/// All folders of fixtures that are projects: what cannot be asked of them is said, and the rest parses.
#[test]
fn of_every_fixture_in_every_dialect() {
    let mut asked = 0;
    for folder in ["shop", "shop-broken", "adapters", "enforcement", "leaks"] {
        let mut projects = vec![root().join("fixtures").join(folder)];
        if !folder.starts_with("shop") {
            let below = std::fs::read_dir(&projects[0]).unwrap().map(|entry| entry.unwrap().path());
            projects = below.filter(|path| path.is_dir()).collect();
        }
        for project in projects {
            for question in QUESTIONS {
                asked += everywhere(&project, question);
            }
        }
    }
    assert!(asked > 100, "{asked}");
}

/// How many statements there are for a project, in all dialects together.
fn everywhere(project: &Path, question: &str) -> usize {
    let mut asked = 0;
    for dialect in DIALECTS {
        let ran = run(root(), &["sql", question, project.to_str().unwrap(), "--dialect", dialect]);
        assert!(ran.code == 0 || (ran.code == 2 && !ran.stderr.is_empty()), "{}: {}", project.display(), ran.code);
        // What a project lacks, it lacks in every dialect.
        if ran.stdout.is_empty() {
            break;
        }
        asked += parse(dialect, &ran.stdout).len();
    }
    asked
}
