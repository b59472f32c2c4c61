//! x
pub(crate) fn yaml_blocks() -> Vec<String> { vec![] }
