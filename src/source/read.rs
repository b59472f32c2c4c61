//! Reading one text, with a clear reason when it cannot be read.

use super::Source;
use flate2::read::MultiGzDecoder;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// The largest file that is read; spans are 32 bits, and nobody keeps a gigabyte of tracking plan.
pub const MAX_FILE_BYTES: u64 = 512 * 1024 * 1024;

/// Why a file was not read, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// One sentence.
    pub message: String,
    /// The way out.
    pub help: String,
    /// What the text may say, where only its encoding is wrong: enough to tell whether it matters.
    pub guess: Option<String>,
}

impl Unread {
    pub(super) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into(), guess: None }
    }

    fn encoding(message: impl Into<String>, guess: String) -> Self {
        Self { guess: Some(guess), ..Self::new(message, "save it as UTF-8") }
    }
}

/// Reads the file at `path`, to be reported as `shown`; one that ends in `.gz` is unpacked.
///
/// # Errors
/// The file is missing, is no regular file, is too large, cannot be opened or unpacked, or is not UTF-8.
#[allow(clippy::disallowed_methods, reason = "this is the one place that opens files")]
pub fn read_file(path: &Path, shown: &str) -> Result<Source, Unread> {
    let fail =
        |error: std::io::Error| Unread::new(format!("cannot be read: {error}"), "check that it exists and may be read");
    let meta = std::fs::metadata(path).map_err(fail)?;
    if meta.is_dir() {
        return Err(Unread::new("is a directory", "name a file, or a directory to search"));
    }
    if !meta.is_file() {
        return Err(Unread::new(
            "is no regular file",
            "pipes, sockets and devices are not read; use `-` for standard input",
        ));
    }
    if meta.len() > MAX_FILE_BYTES {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(meta.len() as usize);
    let file = std::fs::File::open(path).map_err(fail)?;
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(fail)?;
    text_of(bytes, path, shown)
}

/// The text that the file at `path` holds, by its bytes.
pub(super) fn text_of(bytes: Vec<u8>, path: &Path, shown: &str) -> Result<Source, Unread> {
    let packed = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gz"));
    decode(if packed { unpack(&bytes, MAX_FILE_BYTES)? } else { bytes }, shown)
}

/// Opens the file at `path` to be read from front to back, whatever its size. What is packed by gzip, or says so by its name,
/// is unpacked on the way. The bytes of the file are counted in `read`.
///
/// # Errors
/// The file is missing, is no regular file, or cannot be opened or read.
pub fn open_stream<'a>(path: &Path, read: &'a AtomicU64) -> Result<Box<dyn Read + Send + 'a>, Unread> {
    let file = open(path)?;
    if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gz")) {
        return Ok(unpacking(Counting { input: file, read }));
    }
    unpacked_stream(file, read)
}

/// Opens the file at `path` for its bytes as they lie there, whatever its size and encoding, packed or not.
///
/// # Errors
/// The file is missing, is no regular file, or cannot be opened.
pub fn open_bytes(path: &Path) -> Result<Box<dyn Read + Send>, Unread> {
    Ok(Box::new(open(path)?))
}

#[allow(clippy::disallowed_methods, reason = "this is the one place that opens files")]
fn open(path: &Path) -> Result<std::fs::File, Unread> {
    // Looked at first: opening a pipe waits for who writes into it.
    if !std::fs::metadata(path).map_err(cannot_be_read)?.is_file() {
        return Err(Unread::new(
            "is no regular file",
            "pipes, sockets and devices are not read; use `-` for standard input",
        ));
    }
    std::fs::File::open(path).map_err(cannot_be_read)
}

/// The names of what lies in a folder, in order; what cannot be listed or is no UTF-8 is left out. A walk would open every
/// folder in it.
#[allow(clippy::disallowed_methods, reason = "this is the one place that looks into a single folder")]
pub(super) fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.sort_unstable();
    names
}

/// How many bytes a regular file has.
pub fn size_of(path: &Path) -> Option<u64> {
    std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file).map(|meta| meta.len())
}

/// A stream, unpacked where it begins as gzip does. The bytes of the stream are counted in `read`.
///
/// # Errors
/// Its first bytes cannot be read.
pub fn unpacked_stream<'a>(
    input: impl Read + Send + 'a,
    read: &'a AtomicU64,
) -> Result<Box<dyn Read + Send + 'a>, Unread> {
    let mut input = Counting { input, read };
    let mut start = Vec::new();
    input.by_ref().take(MAGIC.len() as u64).read_to_end(&mut start).map_err(cannot_be_read)?;
    let packed = start == MAGIC;
    let whole = std::io::Cursor::new(start).chain(input);
    Ok(if packed { unpacking(whole) } else { Box::new(whole) })
}

/// What gzip begins with (RFC 1952, section 2.3.1).
const MAGIC: [u8; 2] = [0x1f, 0x8b];

fn unpacking<'a>(input: impl Read + Send + 'a) -> Box<dyn Read + Send + 'a> {
    // Unpacking asks for a few bytes at a time.
    Box::new(MultiGzDecoder::new(std::io::BufReader::with_capacity(64 * 1024, input)))
}

fn cannot_be_read(error: std::io::Error) -> Unread {
    Unread::new(format!("cannot be read: {error}"), "check that it exists and may be read")
}

/// Counts what is read.
struct Counting<'a, R> {
    input: R,
    read: &'a AtomicU64,
}

impl<R: Read> Read for Counting<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// The path without links; the path itself where there is nothing.
pub fn real_path(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}

/// What a gzip file holds, if that is no more than `limit` bytes: a few of them can stand for terabytes.
fn unpack(packed: &[u8], limit: u64) -> Result<Vec<u8>, Unread> {
    let mut bytes = Vec::new();
    let read = MultiGzDecoder::new(packed).take(limit + 1).read_to_end(&mut bytes);
    read.map_err(|error| {
        Unread::new(format!("cannot be unpacked: {error}"), "compress it again with gzip, or keep it uncompressed")
    })?;
    if bytes.len() as u64 > limit {
        let shown = limit / 1024 / 1024;
        let message = format!("unpacks to more than {shown} MiB");
        return Err(Unread::new(message, "exclude it in consentlint.yaml, or split it"));
    }
    Ok(bytes)
}

/// Reads standard input, to be reported as `shown`.
///
/// # Errors
/// It is too large or not UTF-8, or reading fails.
pub fn read_stdin(input: &mut dyn Read, shown: &str) -> Result<Source, Unread> {
    let mut bytes = Vec::new();
    let read = input.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| Unread::new(format!("cannot be read: {error}"), "pipe a file into standard input"))?;
    decode(bytes, shown)
}

pub(super) fn too_large() -> Unread {
    let limit = MAX_FILE_BYTES / 1024 / 1024;
    Unread::new(format!("is larger than {limit} MiB"), "exclude it in consentlint.yaml, or split it")
}

fn decode(bytes: Vec<u8>, shown: &str) -> Result<Source, Unread> {
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(too_large());
    }
    let units = |order: fn([u8; 2]) -> u16| bytes.chunks_exact(2).map(move |unit| order([unit[0], unit[1]])).collect();
    let wide: Option<Vec<u16>> = match bytes.as_slice() {
        [0xff, 0xfe, ..] => Some(units(u16::from_le_bytes)),
        [0xfe, 0xff, ..] => Some(units(u16::from_be_bytes)),
        _ => None,
    };
    if let Some(wide) = wide {
        return Err(Unread::encoding("is UTF-16", String::from_utf16_lossy(&wide)));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source::new(shown, text)),
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let line = error.as_bytes()[..valid].iter().filter(|byte| **byte == b'\n').count() + 1;
            let guess = String::from_utf8_lossy(error.as_bytes()).into_owned();
            Err(Unread::encoding(format!("is not UTF-8: invalid byte at offset {valid} (line {line})"), guess))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn pack(bytes: &[u8]) -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    }

    #[test]
    fn a_gzip_file_is_unpacked_up_to_a_limit() {
        let packed = pack("{\"a\": \"é\"}\n".as_bytes());
        assert_eq!(unpack(&packed, 100).unwrap(), "{\"a\": \"é\"}\n".as_bytes());
        assert_eq!(unpack(&[packed.clone(), packed].concat(), 100).unwrap().len(), 24);
        let bomb = pack(&vec![b' '; 8 * 1024 * 1024]);
        assert!(bomb.len() < 10_000);
        assert_eq!(unpack(&bomb, 1024 * 1024).unwrap_err().message, "unpacks to more than 1 MiB");
        assert_eq!(unpack(&bomb, 8 * 1024 * 1024).unwrap().len(), 8 * 1024 * 1024);
    }

    #[test]
    fn what_is_no_gzip_file_or_ends_early_is_said() {
        for bytes in [b"{}".to_vec(), pack(b"{}")[..8].to_vec(), Vec::new()] {
            assert!(unpack(&bytes, 100).unwrap_err().message.starts_with("cannot be unpacked: "), "{bytes:?}");
        }
    }
}
