//! The command line: one file per command. The world (streams, clock, environment) comes in as values.

mod accepted;
mod args;
mod baseline;
mod block;
mod check;
mod classify;
mod diff;
mod explain;
mod explain_rule;
mod fix;
mod init;
mod lookalike;
mod lsp;
mod map;
mod next;
mod progress;
mod project;
mod provenance;
mod report;
mod route;
mod rules;
mod scan;
mod schema;
mod show;
mod site;
mod sql;
mod terminal;
mod test;
mod write;

pub use terminal::{Terminal, terminal};

use args::{Args, Command};
use clap::{ColorChoice, CommandFactory, Parser};
use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::PathBuf;

/// What a run knows of the world.
pub struct World<'w> {
    /// Standard input.
    pub stdin: &'w mut (dyn Read + Send),
    /// Standard output.
    pub stdout: &'w mut dyn Write,
    /// Standard error.
    pub stderr: &'w mut dyn Write,
    /// Today.
    pub today: jiff::civil::Date,
    /// The working directory.
    pub directory: PathBuf,
    /// Whether colour is wanted on standard output.
    pub color: bool,
    /// Whether links are shown as links on standard output.
    pub links: bool,
    /// Columns of the terminal; 0 when standard output is none.
    pub width: usize,
    /// Shows what a long run is at, on a terminal; an empty text clears it.
    pub progress: Option<fn(&str)>,
}

/// Nothing at or above the threshold.
pub const CLEAN: u8 = 0;
/// Findings at or above the threshold.
pub const FINDINGS: u8 = 1;
/// Something could not be judged, or the command was wrong.
pub const TROUBLE: u8 = 2;

/// Runs the program with `arguments` (the first is its name) and gives the exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>, world: &mut World<'_>) -> u8 {
    let args = match Args::try_parse_from(arguments) {
        Ok(args) => args,
        Err(error) => return usage(&error, world),
    };
    match args.color {
        ColorChoice::Auto => {}
        ColorChoice::Always => world.color = true,
        ColorChoice::Never => (world.color, world.links) = (false, false),
    }
    let result = match args.command {
        Command::Baseline(options) => baseline::run(&options, world),
        Command::Block(options) => block::run(&options, world),
        Command::Check(options) if options.fix || options.diff => fix::run(&options, world),
        Command::Check(options) => check::run(&options, world),
        Command::Diff(options) => diff::run(&options, world),
        Command::Explain(options) => explain::run(&options, world),
        Command::Init(options) => init::run(&options, world),
        Command::Lsp(options) => lsp::run(&options, world),
        Command::Map(options) => map::run(&options, world),
        Command::Report(options) => report::run(&options, world),
        Command::Route(options) => route::run(&options, world),
        Command::Rules(options) => rules::run(&options, world),
        Command::Scan(options) => scan::run(&options, world),
        Command::Sql(options) => sql::run(&options, world),
        Command::Test(options) => test::run(&options, world),
        Command::Classify(options) => classify::run(&options, world),
        Command::Schema { name } => schema::run(name, world),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Args::command(), "consentlint", world.stdout);
            Ok(CLEAN)
        }
    };
    match result {
        Ok(code) => code,
        // A reader that has seen enough (`| head`) is no failure.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => CLEAN,
        Err(error) => {
            let _ = writeln!(world.stderr, "consentlint: {error}");
            TROUBLE
        }
    }
}

fn usage(error: &clap::Error, world: &mut World<'_>) -> u8 {
    let text = error.render();
    let shown = if world.color { text.ansi().to_string() } else { text.to_string() };
    if error.use_stderr() {
        let _ = write!(world.stderr, "{shown}");
        return TROUBLE;
    }
    let _ = write!(world.stdout, "{shown}");
    CLEAN
}
