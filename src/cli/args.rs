//! What can be typed.

use super::block::BlockOptions;
use super::scan::ScanOptions;
use crate::settings::FailOn;
use clap::builder::PossibleValuesParser;
use clap::{ColorChoice, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use std::path::PathBuf;

/// Finds, before a change is merged, where a tracking plan, a consent configuration or a destination mapping breaks
/// a consumer's privacy rights.
#[derive(Debug, Parser)]
#[command(name = "consentlint", version, about, propagate_version = true, after_help = AFTER)]
pub(super) struct Args {
    /// When to use colour; `auto` heeds NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, CLICOLOR and TERM
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: ColorChoice,
    #[command(subcommand)]
    pub(super) command: Command,
}

const AFTER: &str = "\
Start with `consentlint check` in a repository that holds a tracking plan or a data map (a YAML file that starts \
with `datamap: 1`). `consentlint explain RULE` gives the law behind a finding.

Exit codes: 0 no finding at or above --fail-on, 1 findings, 2 something could not be judged or the command was wrong.
A question, which asks for what no file declares, counts as a low finding.
Nothing is sent anywhere: the program has no network code.";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check files and folders (the main job)
    Check(CheckOptions),
    /// Accept today's findings, so that `check` counts only new ones
    Baseline(BaselineOptions),
    /// Write the filters that keep from a destination what must not reach it
    Block(BlockOptions),
    /// Say what a change does to the data map, and which findings it introduces
    Diff(DiffOptions),
    /// Explain a rule, or why a subject has its attributes
    Explain(ExplainOptions),
    /// Write settings and a first data map from what a repository holds
    Init(InitOptions),
    /// Serve an editor over standard input and output (language server protocol)
    Lsp(LspOptions),
    /// Write the data map: what is collected, who receives it, and what stops it
    Map(MapOptions),
    /// Write what counsel and auditors ask for: notice tables, facts for a risk assessment, evidence of a check
    Report(super::report::ReportOptions),
    /// Say who receives data for a visitor's choices, or prove that an opt-out stops every sale
    Route(RouteOptions),
    /// Say what real events hold, without keeping a value: fields, what their values look like, consent
    Scan(ScanOptions),
    /// List packs and rules
    Rules(RulesOptions),
    /// Print SQL for a warehouse: who opted out, everything about a person, erasing a person, personal columns
    Sql(super::sql::SqlOptions),
    /// Run the examples inside rule files
    Test(TestOptions),
    /// Say what field names are taken for, and why
    Classify(ClassifyOptions),
    /// Print a JSON Schema for editors
    Schema {
        /// Of which file
        name: SchemaName,
    },
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// What to look at, shared by commands that read a project.
#[derive(Debug, clap::Args)]
pub(super) struct ProjectOptions {
    /// Files and folders; `-` is standard input. With a `consentlint.yaml` above them the whole project is read, and
    /// they filter what is reported
    #[arg(value_name = "PATHS")]
    pub(super) paths: Vec<PathBuf>,
    /// PATHS are files that changed, as a commit hook names them: the whole project is read, and they only filter what
    /// is reported
    #[arg(long)]
    pub(super) hook: bool,
    /// Name under which standard input is reported
    #[arg(long, value_name = "NAME", default_value = "stdin.yaml")]
    pub(super) stdin_filename: String,
    /// Settings file, instead of the nearest consentlint.yaml
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// The day to judge by, YYYY-MM-DD; today by default
    #[arg(long, value_name = "DATE")]
    pub(super) as_of: Option<Date>,
}

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("mending").args(["fix", "diff"]).multiple(true))]
pub(super) struct CheckOptions {
    #[command(flatten)]
    pub(super) project: ProjectOptions,
    /// How to show the result
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = formats())]
    pub(super) format: String,
    /// Print all findings in full and name everything that a question is about, instead of the ten findings that matter
    /// most and five names
    #[arg(long)]
    pub(super) all: bool,
    /// The mildest severity that makes the exit code 1 [default: low]
    #[arg(long, value_name = "SEVERITY")]
    pub(super) fail_on: Option<FailOn>,
    /// Run only these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(super) only: Vec<String>,
    /// Leave these rules out
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(super) skip: Vec<String>,
    /// Mend what can be mended without a choice: edits that keep comments and order, made only if the project read anew
    /// has what they mend no more, and nothing new
    #[arg(long)]
    pub(super) fix: bool,
    /// With --fix or --diff: also edits that choose, or leave something to be filled in
    #[arg(long = "unsafe", requires = "mending")]
    pub(super) not_safe: bool,
    /// Show what --fix would change, and change nothing
    #[arg(long)]
    pub(super) diff: bool,
    /// Disregard comments that except from rules
    #[arg(long)]
    pub(super) no_inline_exceptions: bool,
    /// Baseline of accepted findings, instead of the .consentlint-baseline.json beside the settings
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Count what the baseline accepts, too
    #[arg(long, conflicts_with = "baseline")]
    pub(super) no_baseline: bool,
    /// Print nothing but what makes the exit code other than 0; for the formats `human` and `concise`
    #[arg(long, short)]
    pub(super) quiet: bool,
    /// Show what each file was taken for
    #[arg(long, short, conflicts_with = "quiet")]
    pub(super) verbose: bool,
    /// Show the settings that hold, each with its place, and check nothing
    #[arg(long, conflicts_with_all = ["quiet", "verbose"])]
    pub(super) show_config: bool,
    /// List the files that are read, each with its format, and check nothing
    #[arg(long, conflicts_with_all = ["quiet", "verbose", "show_config"])]
    pub(super) show_files: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = BASELINE)]
pub(super) struct BaselineOptions {
    /// The folder of the project
    #[arg(value_name = "PATHS")]
    pub(super) paths: Vec<PathBuf>,
    /// Settings file, instead of the nearest consentlint.yaml
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// The day to judge by, YYYY-MM-DD; today by default
    #[arg(long, value_name = "DATE")]
    pub(super) as_of: Option<Date>,
    /// Where to write, instead of the .consentlint-baseline.json beside the settings
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Only take out what is no longer found; accept nothing new
    #[arg(long)]
    pub(super) prune: bool,
    /// Say what would be written
    #[arg(long)]
    pub(super) dry_run: bool,
}

const BASELINE: &str = "\
The file lists the findings and questions of a whole project by rule and subject, so commit it. A second finding of a rule \
on another subject is new, and so is an accusation where a question was accepted. Nothing is written while something \
cannot be judged.

Exit codes: 0, 2 nothing was written because something could not be judged, or the command was wrong.";

#[derive(Debug, clap::Args)]
#[command(after_help = DIFF)]
pub(super) struct DiffOptions {
    /// The commit to compare with, as git names it (`main`, `origin/main`, `HEAD~1`, a tag, the start of an id); `main...`
    /// is the commit at which HEAD, or that of --to, left `main`
    #[arg(value_name = "REV")]
    pub(super) revision: String,
    /// Files and folders that filter what is reported; both projects are read as a whole
    #[arg(value_name = "PATHS")]
    pub(super) paths: Vec<PathBuf>,
    /// Compare with the files of this commit, instead of the files on disk
    #[arg(long, value_name = "REV")]
    pub(super) to: Option<String>,
    /// Settings file, instead of the nearest consentlint.yaml
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// The day to judge by, YYYY-MM-DD; today by default
    #[arg(long, value_name = "DATE")]
    pub(super) as_of: Option<Date>,
    /// How to show the result
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = diff_formats())]
    pub(super) format: String,
    /// Show every change and all introduced findings in full
    #[arg(long)]
    pub(super) all: bool,
    /// The mildest severity of an introduced finding that makes the exit code 1 [default: low]
    #[arg(long, value_name = "SEVERITY")]
    pub(super) fail_on: Option<FailOn>,
}

const DIFF: &str = "\
Examples:
  consentlint diff main...
  consentlint diff HEAD --format json
  consentlint diff origin/main --to HEAD --format markdown

The rules, severities and profile of the newer side judge both. A file that was moved or written in another order or \
format is no change.

Exit codes: 0 no introduced finding at or above --fail-on, 1 introduced findings, 2 something could not be judged, the \
base is missing, or the command was wrong.";

/// Formats of a comparison, each with a word about it.
const DIFF_FORMATS: [(&str, &str); 4] = [
    ("human", "what changed, and introduced findings with code frames, for people"),
    ("json", "everything, in a stable shape for programs"),
    ("markdown", "a comment for a pull request"),
    ("github", "annotations of introduced findings on a pull request in GitHub Actions"),
];

fn diff_formats() -> PossibleValuesParser {
    PossibleValuesParser::new(
        DIFF_FORMATS.iter().map(|(name, about)| clap::builder::PossibleValue::new(*name).help(*about)),
    )
}

fn formats() -> PossibleValuesParser {
    PossibleValuesParser::new(
        crate::output::OUTPUTS.iter().map(|output| clap::builder::PossibleValue::new(output.name).help(output.about)),
    )
}

#[derive(Debug, clap::Args)]
pub(super) struct ExplainOptions {
    /// A rule (`ccpa/role-undeclared`) or a kind of subject (`destination`)
    #[arg(required_unless_present = "subject")]
    pub(super) name: Option<String>,
    /// A subject of the project, such as `destination:facebook-pixel`, or one that a finding names
    #[arg(long, value_name = "KIND:ID", conflicts_with = "name")]
    pub(super) subject: Option<String>,
    /// Where the project lies, for --subject
    #[arg(long, value_name = "PATH", default_value = ".")]
    pub(super) project: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(super) struct InitOptions {
    /// The folder to look at and to write into
    #[arg(value_name = "FOLDER", default_value = ".")]
    pub(super) folder: PathBuf,
    /// Print what would be written
    #[arg(long)]
    pub(super) dry_run: bool,
}

/// What has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaName {
    /// A data map
    Datamap,
    /// consentlint.yaml
    Settings,
    /// A rule
    Rule,
}

impl SchemaName {
    /// Its file.
    pub(super) fn file(self) -> &'static str {
        match self {
            Self::Datamap => "datamap.json",
            Self::Settings => "settings.json",
            Self::Rule => "rule.json",
        }
    }
}

#[derive(Debug, clap::Args)]
pub(super) struct LspOptions {
    /// Accepted because many editors say it; there is no other way to talk
    #[arg(long)]
    pub(super) stdio: bool,
    /// The day to judge by, YYYY-MM-DD; today by default
    #[arg(long, value_name = "DATE")]
    pub(super) as_of: Option<Date>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = MAP)]
pub(super) struct MapOptions {
    #[command(flatten)]
    pub(super) project: ProjectOptions,
    /// How to write it
    #[arg(long, value_name = "FORMAT", value_parser = super::map::formats())]
    pub(super) format: String,
    /// Only this destination, by id or name, and what reaches it
    #[arg(long, value_name = "NAME")]
    pub(super) destination: Vec<String>,
    /// Only this source, by id or name, and what it sends
    #[arg(long, value_name = "NAME")]
    pub(super) source: Vec<String>,
    /// Only this class of personal information, by its code (`A`, `1C`), and where it goes
    #[arg(long, value_name = "CODE")]
    pub(super) class: Vec<String>,
}

const MAP: &str = "\
Examples:
  consentlint map --format html > map.html
  consentlint map --format csv > inventory.csv
  consentlint map --format mermaid --class 1C
  consentlint map --format dot | dot -Tsvg > map.svg

Everything is given with the file and line that says it. What is shown is what files declare, not what a site does.

Exit codes: 0, 2 something could not be judged or read (the map holds the rest), or the command was wrong.";

#[derive(Debug, clap::Args)]
#[command(after_help = ROUTE, group = clap::ArgGroup::new("what").required(true).args(["state", "prove"]))]
pub(super) struct RouteOptions {
    #[command(flatten)]
    pub(super) project: ProjectOptions,
    /// A visitor as JSON: `categories` (true, false or null by id; what is absent is unset), `gpc` (whether the browser
    /// sends the signal), `chosen` (whether a choice was made; by default, if `categories` says anything)
    #[arg(long, value_name = "JSON")]
    pub(super) state: Option<String>,
    /// Only the destinations that receive this event, and which of its properties get there
    #[arg(long, value_name = "NAME", conflicts_with = "prove")]
    pub(super) event: Option<String>,
    /// The integrations object of the event, as JSON: true, false or settings by the name of the destination, or `All`
    #[arg(long, value_name = "JSON", conflicts_with = "prove")]
    pub(super) integrations: Option<String>,
    /// Go through every state that a visitor can be in, for every destination that a claim is about
    #[arg(long, conflicts_with = "state")]
    pub(super) prove: bool,
    /// What is claimed; opt-out and limit by default, and opt-in where the profile applies laws that ask for consent
    /// first
    #[arg(long, value_name = "CLAIM", value_delimiter = ',', conflicts_with = "state")]
    pub(super) claim: Vec<ClaimName>,
    /// `human` or `json`
    #[arg(long, default_value = "human", value_parser = ["human", "json"])]
    pub(super) format: String,
}

const ROUTE: &str = "\
Examples:
  consentlint route --state '{\"categories\": {\"advertising\": false}, \"gpc\": true}'
  consentlint route --prove

Exit codes: 0, 1 a claim is refuted, 2 something is undecidable or could not be read, or the command was wrong.
What is simulated is configuration, not what a site does at run time; see docs/routing.md.";

/// What can be claimed of a destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ClaimName {
    /// Nothing is sold or shared after an opt-out
    OptOut,
    /// Nothing sensitive arrives after its use was limited
    Limit,
    /// Nothing arrives before a choice
    OptIn,
}

#[derive(Debug, clap::Args)]
pub(super) struct RulesOptions {
    /// `human` or `json`
    #[arg(long, default_value = "human", value_parser = ["human", "json"])]
    pub(super) format: String,
}

#[derive(Debug, clap::Args)]
pub(super) struct TestOptions {
    /// Rule files or folders of them; the rules that ship by default
    pub(super) paths: Vec<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct ClassifyOptions {
    /// Field names; read from standard input, one a line, when none is given
    pub(super) names: Vec<String>,
    /// `human` or `json`
    #[arg(long, default_value = "human", value_parser = ["human", "json"])]
    pub(super) format: String,
    /// Settings file with matchers of your own
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
}
