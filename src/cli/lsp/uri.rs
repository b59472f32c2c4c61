//! Addresses of files: `file:///home/me/a%20b.yaml` and `/home/me/a b.yaml`.

use lsp_types::Uri;
use std::path::{Component, Path, PathBuf, Prefix};
use std::str::FromStr;

/// The path of a file; `None` for what is no file on this machine, such as `untitled:Untitled-1` or `git:/…`.
pub(super) fn path_of(uri: &Uri) -> Option<PathBuf> {
    path(uri.as_str(), cfg!(windows)).map(PathBuf::from)
}

fn path(uri: &str, windows: bool) -> Option<String> {
    let (scheme, rest) = uri.split_once(':')?;
    let rest = rest.strip_prefix("//").filter(|_| scheme.eq_ignore_ascii_case("file"))?;
    let rest = rest.split(['?', '#']).next().unwrap_or("");
    let (host, path) = rest.split_at(rest.find('/')?);
    let path = decode(path)?;
    let local = host.is_empty() || host.eq_ignore_ascii_case("localhost");
    if !windows {
        return local.then_some(path);
    }
    if !local {
        return Some(format!("//{host}{path}").replace('/', "\\"));
    }
    // `/c:/x`; the letter in upper case, so that one file has one path.
    let drive = path.strip_prefix('/').filter(|rest| rest.as_bytes().get(1) == Some(&b':'))?;
    Some(format!("{}{}", drive[..1].to_ascii_uppercase(), &drive[1..]).replace('/', "\\"))
}

/// `%20` and the like as the bytes that they stand for; `None` for what is no UTF-8 or has a NUL in it.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = |at: usize| after.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        match (first, hex(0), hex(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok().filter(|path| !path.contains('\0'))
}

/// The address of a file.
pub(super) fn uri_of(path: &Path) -> Option<Uri> {
    Uri::from_str(&text_of(path)).ok()
}

fn text_of(path: &Path) -> String {
    let mut uri = String::from("file://");
    for part in path.components() {
        match part {
            Component::Prefix(prefix) => match prefix.kind() {
                Prefix::UNC(server, share) | Prefix::VerbatimUNC(server, share) => {
                    encode(&server.to_string_lossy(), &mut uri);
                    uri.push('/');
                    encode(&share.to_string_lossy(), &mut uri);
                }
                Prefix::Disk(letter) | Prefix::VerbatimDisk(letter) => {
                    uri.push('/');
                    uri.push(letter.to_ascii_uppercase().into());
                    uri.push_str("%3A");
                }
                _ => encode(&prefix.as_os_str().to_string_lossy(), &mut uri),
            },
            Component::RootDir => {}
            other => {
                uri.push('/');
                encode(&other.as_os_str().to_string_lossy(), &mut uri);
            }
        }
    }
    uri
}

/// All but unreserved characters (RFC 3986, section 2.3) as `%xx`.
fn encode(text: &str, uri: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => uri.push(byte.into()),
            other => {
                uri.push('%');
                uri.extend([other >> 4, other & 15].map(|half| char::from(b"0123456789ABCDEF"[usize::from(half)])));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_have_paths_and_other_schemes_have_none() {
        for (uri, expected) in [
            ("file:///home/me/plan.yaml", Some("/home/me/plan.yaml")),
            ("file:///home/me/a%20b%23c%25.yaml", Some("/home/me/a b#c%.yaml")),
            ("file:///caf%C3%A9/%F0%9D%84%9E.yaml", Some("/café/𝄞.yaml")),
            ("file://localhost/x", Some("/x")),
            ("FILE:///x", Some("/x")),
            ("file:///x?version=1#L3", Some("/x")),
            ("file:///a%zz", Some("/a%zz")),
            ("file:///a%FF", None),
            ("file:///a%00b", None),
            ("file://server/share/x", None),
            ("untitled:Untitled-1", None),
            ("git:/home/me/plan.yaml?ref=HEAD", None),
            ("vscode-notebook-cell:/a", None),
        ] {
            assert_eq!(path(uri, false).as_deref(), expected, "{uri}");
        }
    }

    #[test]
    fn drive_letters_and_servers_are_those_of_windows() {
        for (uri, expected) in [
            ("file:///c:/Users/me/plan.yaml", Some("C:\\Users\\me\\plan.yaml")),
            ("file:///C%3A/a%20b.yaml", Some("C:\\a b.yaml")),
            ("file://server/share/x.yaml", Some("\\\\server\\share\\x.yaml")),
            ("file:///home/me", None),
        ] {
            assert_eq!(path(uri, true).as_deref(), expected, "{uri}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_path_becomes_an_address_and_a_path_again() {
        for path in ["/home/me/plan.yaml", "/a b/#1/100%/é/𝄞 [x]?.yaml", "/x+y&z=1;,@:.yaml"] {
            let uri = uri_of(Path::new(path)).unwrap();
            assert!(uri.as_str().starts_with("file:///") && !uri.as_str().contains([' ', '#', '?']), "{uri:?}");
            assert_eq!(path_of(&uri).unwrap(), Path::new(path));
        }
        assert_eq!(uri_of(Path::new("/a b")).unwrap().as_str(), "file:///a%20b");
    }
}
