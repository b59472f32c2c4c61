//! What can be asked of `block`.

use super::super::args::ProjectOptions;
use clap::ValueEnum;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(after_help = BLOCK)]
pub(in crate::cli) struct BlockOptions {
    #[command(flatten)]
    pub(in crate::cli) project: ProjectOptions,
    /// What to write
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "terraform")]
    pub(in crate::cli) format: BlockFormat,
    /// Only findings about data that reaches these destinations, by id or name
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub(in crate::cli) destination: Vec<String>,
    /// Only what mends findings of these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(in crate::cli) rule: Vec<String>,
    /// Write to this file, which must not exist, instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) out: Option<PathBuf>,
}

const BLOCK: &str = "\
Examples:
  consentlint block
  consentlint block --format segment-json --destination facebook-pixel
  consentlint block --format datamap --out filters.yaml

Each filter says which findings it mends and the lines that they rest on. Before anything is printed the project is judged \
anew with the filters added: they are printed only if those findings are gone and nothing new came. What a filter cannot \
stop is said on standard error, with the reason.

Exit codes: 0 all that a filter can stop is stopped, or there is nothing to stop; 1 a finding is left that a filter would \
mend elsewhere, such as in cloud mode; 2 a filter does not hold, something could not be judged, or the command was wrong.";

/// What keeps data back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum BlockFormat {
    /// Segment destination filters as Terraform resources
    Terraform,
    /// Segment destination filters as the Public API takes them
    SegmentJson,
    /// Lists of properties and events under `filters` in a data map
    Datamap,
}
