//! `consentlint scan`: what real events hold. Values are looked at and never kept, printed or written.

mod human;
mod pace;

use super::progress::while_counting;
use super::site::shown;
use super::write::replace;
use super::{CLEAN, TROUBLE, World};
use crate::output::printable;
use crate::scan::{Export, Fault, How, Outcome, Profile, read};
use crate::source::{exported, open_stream, size_of};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// What can be typed.
#[derive(Debug, clap::Args)]
#[command(after_help = SCAN)]
pub(super) struct ScanOptions {
    /// Files of events, one a line (NDJSON), plain or packed by gzip; folders of them; `-` is standard input
    #[arg(value_name = "PATHS", default_value = "-")]
    paths: Vec<PathBuf>,
    /// Read only the first N lines of each file, instead of everything
    #[arg(long, value_name = "N", conflicts_with = "merge")]
    sample: Option<u64>,
    /// The events are what this destination received, such as a bucket: those that refuse one of its categories reached it
    /// all the same
    #[arg(long, value_name = "ID", conflicts_with = "merge")]
    destination: Option<String>,
    /// PATHS are profiles; add them up to the profile that one run over all events would give
    #[arg(long)]
    merge: bool,
    /// Write the profile to this file
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// `human`, or `json`: the profile on one line
    #[arg(long, default_value = "human", value_parser = ["human", "json"])]
    format: String,
}

const SCAN: &str = "\
Examples:
  consentlint scan exports/ --out profile.json
  consentlint scan --sample 10000 events.ndjson.gz
  gunzip -c part.gz | consentlint scan --format json
  consentlint scan --merge parts/*.json --out profile.json

A profile has names of events and fields, types, counts, and shapes such as `a…@a….a…`; never a value. Keys and names in \
which data stands are `*`.

Exit codes: 0, 2 something could not be read, or the command was wrong. Lines that are no JSON are counted and passed over.";

/// Something that could not be read.
struct Trouble {
    path: String,
    message: String,
}

/// What a run gave.
struct Scanned {
    profile: Profile,
    /// Lines that could not be read, the first few.
    faults: Vec<(String, u64, Fault)>,
    troubles: Vec<Trouble>,
    files: usize,
}

pub(super) fn run(options: &ScanOptions, world: &mut World<'_>) -> io::Result<u8> {
    let mut scanned = if options.merge { merged(options, world) } else { scanned(options, world) };
    if let Some(out) = &options.out {
        let page = scanned.profile.to_page().map_err(io::Error::other)?;
        if let Err(error) = replace(&world.directory.join(out), &page) {
            let message = format!("cannot be written: {error}");
            scanned.troubles.push(Trouble { path: out.display().to_string(), message });
        }
    }
    if options.format == "json" {
        writeln!(world.stdout, "{}", scanned.profile.to_line().map_err(io::Error::other)?)?;
    } else {
        human::write(&scanned, world.stdout)?;
    }
    if options.format == "json" {
        human::write_faults(&scanned, world.stderr)?;
    }
    for Trouble { path, message } in &scanned.troubles {
        writeln!(world.stderr, "consentlint: {} {}", printable(path), printable(message))?;
    }
    Ok(if scanned.troubles.is_empty() { CLEAN } else { TROUBLE })
}

/// The files that the paths mean; `None` is standard input.
fn files(paths: &[PathBuf], troubles: &mut Vec<Trouble>, world: &World<'_>) -> Vec<Option<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if path == Path::new("-") {
            // It can be read once.
            files.extend((!files.contains(&None)).then_some(None));
            continue;
        }
        let absolute = world.directory.join(path);
        if !absolute.is_dir() {
            files.push(Some(absolute));
            continue;
        }
        let (found, errors) = exported(&absolute);
        if found.is_empty() {
            let message = "holds no file that ends in .json, .jsonl, .ndjson or .gz".to_owned();
            troubles.push(Trouble { path: shown(path, world), message });
        }
        files.extend(found.into_iter().map(Some));
        troubles.extend(errors.into_iter().map(|(path, message)| Trouble { path: shown(&path, world), message }));
    }
    files
}

fn scanned(options: &ScanOptions, world: &mut World<'_>) -> Scanned {
    let mut troubles = Vec::new();
    let files = files(&options.paths, &mut troubles, world);
    let name = |file: &Option<PathBuf>| file.as_ref().map_or("standard input".to_owned(), |path| shown(path, world));
    let names: Vec<String> = files.iter().map(name).collect();
    let count = files.len();
    // Of standard input, and of the first lines of files, nobody knows how much there is.
    let sizes = files.iter().map(|file| file.as_ref().and_then(|path| size_of(path)));
    let total: Option<u64> = sizes.sum::<Option<u64>>().filter(|_| options.sample.is_none());
    let mut stdin = Some(&mut *world.stdin);
    let exports = files.into_iter().filter_map(|file| match file {
        Some(path) => Some(Export::File(path)),
        None => {
            let stdin = stdin.take()?;
            Some(Export::Stream(stdin))
        }
    });
    let exports: Vec<Export<'_>> = exports.collect();
    let how =
        How { sample: options.sample, receiver: options.destination.as_deref(), threads: rayon::current_num_threads() };
    let bytes = AtomicU64::new(0);
    let width = world.width;
    let at = |passed| pace::line(bytes.load(Ordering::Relaxed), total, passed, width);
    let outcome = while_counting(world.progress, at, || read(exports, how, &bytes));
    let Outcome { profile, faults, unread } = outcome;
    let named = |at: usize| names.get(at).cloned().unwrap_or_default();
    let faults = faults.into_iter().map(|(at, line, fault)| (named(at), line, fault)).collect();
    troubles.extend(unread.into_iter().map(|(at, message)| Trouble { path: named(at), message }));
    Scanned { profile, faults, troubles, files: count }
}

fn merged(options: &ScanOptions, world: &mut World<'_>) -> Scanned {
    let mut scanned = Scanned { profile: Profile::default(), faults: Vec::new(), troubles: Vec::new(), files: 0 };
    for path in &options.paths {
        let shown_path = shown(&world.directory.join(path), world);
        let bytes = AtomicU64::new(0);
        let mut take = |profile| scanned.profile.add(profile);
        let read = if path == Path::new("-") {
            Profile::read_all(BufReader::new(&mut *world.stdin), &mut take)
        } else {
            let opened = open_stream(&world.directory.join(path), &bytes).map_err(|unread| unread.message);
            opened.and_then(|stream| Profile::read_all(BufReader::new(stream), &mut take))
        };
        if let Err(message) = read {
            scanned.troubles.push(Trouble { path: shown_path, message });
        }
        scanned.files += 1;
    }
    scanned
}
