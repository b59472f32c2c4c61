//! What is shipped, tried for real: the wheel, the hooks under pre-commit, the action for GitHub, the documentation of CI.
//! `packaging/install-tools` installs what these tests run; without it the tests that need it say that they were skipped.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "tests run programs and make files"
)]

mod action;
#[path = "../common/mod.rs"]
mod common;
mod documentation;
mod hooks;
mod package;
mod tools;
mod versions;
mod wheel;
