//! The command line program: streams, clock and environment come in here, the exit code goes out.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

#[allow(clippy::disallowed_methods, reason = "this is the one place that knows the clock and the environment")]
fn main() -> ExitCode {
    // A line that is drawn over and over is for someone who watches: a log of continuous integration keeps all of them.
    let logged = ["CI", "TERM"].map(|name| std::env::var(name).unwrap_or_default());
    let interactive =
        std::io::stderr().is_terminal() && matches!(logged[0].as_str(), "" | "false" | "0") && logged[1] != "dumb";
    let (mut stdin, stdout, stderr) = (std::io::stdin(), std::io::stdout(), std::io::stderr());
    let terminal = stdout.is_terminal();
    let measured = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    let links = supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout);
    let shows = consentlint::cli::terminal(|name| std::env::var(name).ok(), terminal, measured, links);
    let mut world = consentlint::cli::World {
        stdin: &mut stdin,
        stdout: &mut std::io::BufWriter::new(stdout.lock()),
        stderr: &mut &stderr,
        today: jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::now()).date(),
        directory: std::env::current_dir().unwrap_or_default(),
        color: shows.color,
        links: shows.links,
        width: shows.width,
        progress: interactive.then_some(progress),
    };
    ExitCode::from(consentlint::cli::run(std::env::args_os(), &mut world))
}

/// Shows one line on the terminal and goes back to its start; an empty one clears it.
fn progress(what: &str) {
    let mut stderr = std::io::stderr();
    let _ = write!(stderr, "\r\x1b[2K{what}\r");
    let _ = stderr.flush();
}
