//! `consentlint lsp`: the linter in an editor, over standard input and output.

#[cfg_attr(not(test), allow(dead_code, unused_imports, reason = "the server calls it"))]
mod features;
#[expect(dead_code, reason = "the server calls it")]
mod snapshot;
