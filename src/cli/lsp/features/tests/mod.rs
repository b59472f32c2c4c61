//! What the editor is offered, on small projects and on every fixture.

mod outline;

use std::path::{Path, PathBuf};

/// A fixture folder.
fn fixtures(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}
