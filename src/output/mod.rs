//! Output formats: one file each, from a report to bytes.

mod asked;
mod frame;
mod place;
mod text;

use crate::report::Report;
use crate::source::Sources;
use std::io::{self, Write};

/// What is known of where the output goes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// Whether colour and hyperlinks are wanted.
    pub color: bool,
    /// Columns of the terminal; 100 when it is none.
    pub width: usize,
    /// Whether everything is wanted in full, however much it is.
    pub all: bool,
}

/// An output format.
pub struct Output {
    /// Its name for `--format`.
    pub name: &'static str,
    /// One line for people.
    pub about: &'static str,
    /// Writes a report.
    pub write: fn(&Report, &Sources, Style, &mut dyn Write) -> io::Result<()>,
}

macro_rules! outputs {
    ($($name:ident),* $(,)?) => {
        $(pub mod $name;)*
        /// All output formats.
        pub static OUTPUTS: &[&Output] = &[$(&$name::OUTPUT),*];
    };
}

outputs! { human, concise, json, sarif, github }

/// The format with this name.
pub fn output(name: &str) -> Option<&'static Output> {
    OUTPUTS.iter().copied().find(|output| output.name == name)
}

/// Text from files, on one line and unable to steer a terminal.
pub fn printable(text: &str) -> String {
    text::line(text)
}
