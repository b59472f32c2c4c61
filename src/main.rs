//! The command line program: streams, clock and environment come in here, the exit code goes out.

use std::io::IsTerminal;
use std::process::ExitCode;

#[allow(clippy::disallowed_methods, reason = "this is the one place that knows the clock and the environment")]
fn main() -> ExitCode {
    let (stdin, stdout, stderr) = (std::io::stdin(), std::io::stdout(), std::io::stderr());
    let terminal = stdout.is_terminal();
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let mut world = consentlint::cli::World {
        stdin: &mut stdin.lock(),
        stdout: &mut std::io::BufWriter::new(stdout.lock()),
        stderr: &mut stderr.lock(),
        today: jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::now()).date(),
        directory: std::env::current_dir().unwrap_or_default(),
        color: terminal && !plain,
        width: columns.unwrap_or(if terminal { 100 } else { 0 }),
    };
    ExitCode::from(consentlint::cli::run(std::env::args_os(), &mut world))
}
