//! `consentlint sql`: what the statements are, that every dialect reads them, and what a real PostgreSQL answers.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "tests read files, start programs and say what they skip"
)]

#[path = "../common/mod.rs"]
mod common;

mod answers;
mod documentation;
mod parsed;
mod server;
mod texts;
