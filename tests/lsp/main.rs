//! `consentlint lsp`, spoken to over its pipes as an editor does.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests start the program and write scratch folders")]
#![allow(unreachable_pub, dead_code, reason = "parts of a test")]

#[path = "../common/mod.rs"]
mod common;

mod client;
mod edits;
mod files;
mod neovim;
mod offers;
mod talk;
