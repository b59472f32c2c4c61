//! What can be typed after `sql`.

use super::dialect::Dialect;
use crate::cli::args::ProjectOptions;
use clap::ValueEnum;

/// What is asked of a warehouse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Question {
    /// Who has opted out: the latest choice of each person, across user and anonymous ids
    OptOuts,
    /// Everything that is kept about one person, without what must not be given out (11 CCR § 7024(d))
    Access,
    /// Erase one person from all tables
    Delete,
    /// The columns that hold personal information, and those that no plan lists
    Inventory,
}

#[derive(Debug, clap::Args)]
#[command(after_help = SQL)]
pub(in crate::cli) struct SqlOptions {
    /// What to ask
    #[arg(value_name = "QUESTION")]
    pub(in crate::cli) question: Question,
    #[command(flatten)]
    pub(in crate::cli) project: ProjectOptions,
    /// The dialect of the warehouse
    #[arg(long, value_name = "DIALECT")]
    pub(in crate::cli) dialect: Dialect,
    /// Only the tables of these sources
    #[arg(long, value_name = "SOURCE", value_delimiter = ',')]
    pub(in crate::cli) source: Vec<String>,
    /// The schema of a source, where it is not its id in snake case; the source may be left out where there is only one
    #[arg(long, value_name = "[SOURCE=]NAME", value_delimiter = ',')]
    pub(in crate::cli) schema: Vec<String>,
    /// The warehouse; by default the one in which opt-outs are kept, or the only one
    #[arg(long, value_name = "DESTINATION")]
    pub(in crate::cli) store: Option<String>,
    /// Tables and columns that are not there: `web.screens`, `web.pages.title`. `inventory` shows which
    #[arg(long, value_name = "SCHEMA.TABLE[.COLUMN]", value_delimiter = ',')]
    pub(in crate::cli) without: Vec<String>,
}

const SQL: &str = "\
Examples:
  consentlint sql inventory --dialect postgresql
  consentlint sql opt-outs --dialect bigquery --schema web=shop_prod
  consentlint sql access --dialect snowflake --without web.pages.title

The statements are for the tables that Segment makes in a warehouse (docs/sql.md). Nothing is run: they are printed, with \
the lines of the files from which they were made.

Exit codes: 0, 2 something is missing for it or could not be read, or the command was wrong.";
