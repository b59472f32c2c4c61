//! `consentlint schema`: the JSON Schemas of the files that people write, for editors.

use super::args::SchemaName;
use super::{CLEAN, TROUBLE, World};
use crate::policy::embedded_schema;
use std::io;

/// Where the schemas of this version are read by editors that have a network.
pub(super) fn address(name: SchemaName) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let root = "https://raw.githubusercontent.com/consentlint/consentlint";
    format!("{root}/v{version}/policies/schemas/{}", name.file())
}

/// The comment by which yaml-language-server finds the schema of a file.
pub(super) fn modeline(name: SchemaName) -> String {
    format!("# yaml-language-server: $schema={}\n", address(name))
}

pub(super) fn run(name: SchemaName, world: &mut World<'_>) -> io::Result<u8> {
    let Some(schema) = embedded_schema(name.file()) else {
        writeln!(world.stderr, "consentlint: the schema is not in this build")?;
        return Ok(TROUBLE);
    };
    world.stdout.write_all(schema.as_bytes())?;
    Ok(CLEAN)
}
