//! `consentlint lsp`: the linter in an editor, over standard input and output.

#[expect(dead_code, unused_imports, reason = "the server calls it")]
mod features;
#[expect(dead_code, reason = "the server calls it")]
mod snapshot;
