//! `consentlint lsp`: the linter in an editor, over standard input and output.

mod snapshot;
