//! What can be typed after `report`.

use crate::cli::args::ProjectOptions;

#[derive(Debug, clap::Args)]
#[command(after_help = REPORT)]
pub(in crate::cli) struct ReportOptions {
    /// Which report
    #[arg(value_name = "REPORT", value_parser = super::reports())]
    pub(in crate::cli) report: String,
    #[command(flatten)]
    pub(in crate::cli) project: ProjectOptions,
    /// How to write it
    #[arg(long, value_name = "FORMAT", default_value = "markdown", value_parser = super::formats())]
    pub(in crate::cli) format: String,
}

const REPORT: &str = "\
Examples:
  consentlint report notice > notice-tables.md
  consentlint report evidence --format html --as-of 2026-06-30 > evidence.html

A report is always about the whole project. Everything in it is given with the file and line that says it, and what is not \
declared is said to be so (docs/reports.md). It rests on files, not on what a site does, and it is no legal advice.

Exit codes: 0, 2 something could not be judged or read (the report says so at its top), or the command was wrong.";
