//! E-mail and IP addresses.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Longest IP address as text.
pub(super) const MAX_IP: usize = 45;
/// Longest parts of an e-mail address that are looked at (RFC 5321, section 4.5.3.1).
const MAX_LOCAL: usize = 64;
const MAX_DOMAIN: usize = 255;

/// Whether an e-mail address stands anywhere in a text; `%40` counts as `@`, as it stands in the query of a URL.
pub(super) fn has_email(value: &[u8]) -> bool {
    let written = |at: usize| match value[at..] {
        [b'@', ..] => Some(1),
        [b'%', b'4', b'0', ..] => Some(3),
        _ => None,
    };
    memchr::memchr2_iter(b'@', b'%', value)
        .any(|at| written(at).is_some_and(|wide| ends_local(&value[..at]) && begins_domain(&value[at + wide..])))
}

fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80 || b"._+-'".contains(&byte)
}

fn ends_local(before: &[u8]) -> bool {
    let length = before.iter().rev().take(MAX_LOCAL + 1).take_while(|byte| is_local(**byte)).count();
    let (above, local) = before.split_at(before.len() - length);
    // In `https://key@host` it is what a server knows its caller by.
    !above.ends_with(b"//")
        && (1..=MAX_LOCAL).contains(&length)
        && local.last() != Some(&b'.')
        && local.iter().any(u8::is_ascii_alphanumeric)
}

/// Labels with a point between, the last of letters: at least two, as in `example.com`.
fn begins_domain(after: &[u8]) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte >= 0x80 || *byte == b'-' || *byte == b'.';
    let length = after.iter().take(MAX_DOMAIN).take_while(|byte| is_part(byte)).count();
    let mut domain = &after[..length];
    while let [rest @ .., b'.' | b'-'] = domain {
        domain = rest;
    }
    let mut labels = domain.rsplit(|byte| *byte == b'.');
    let last = labels.next().unwrap_or_default();
    let named = last.len() >= 2 && last.iter().all(|byte| byte.is_ascii_alphabetic() || *byte >= 0x80);
    // What ends in these is the name of a picture for screens of twice the resolution.
    let picture =
        ["png", "jpg", "jpeg", "gif", "svg", "webp"].iter().any(|ending| last.eq_ignore_ascii_case(ending.as_bytes()));
    let mut others = 0;
    let full = labels.all(|label| {
        others += 1;
        !label.is_empty()
    });
    named && !picture && full && others > 0
}

/// Whether a text is an IP address: `Some(true)` for one of the internet, `Some(false)` for one that is nobody's.
pub(super) fn ip(value: &[u8]) -> Option<bool> {
    if !value.iter().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':')) {
        return None;
    }
    match std::str::from_utf8(value).ok()?.parse().ok()? {
        IpAddr::V4(address) => Some(!is_local_v4(address)),
        IpAddr::V6(address) => {
            let inner = address.to_ipv4_mapped().map(is_local_v4);
            Some(!inner.unwrap_or_else(|| is_local_v6(address)))
        }
    }
}

/// One that ends in 0 is that of a network, one whose last part was masked, or a version. By the registries of IANA: IPv4 Special-Purpose Address Space.
fn is_local_v4(address: Ipv4Addr) -> bool {
    let [first, second, _, last] = address.octets();
    let shared = first == 100 && (64..128).contains(&second);
    let benchmark = first == 198 && (18..20).contains(&second);
    address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        || first == 0
        || last == 0
        || first >= 240
        || shared
        || benchmark
}

/// By the registries of IANA: IPv6 Special-Purpose Address Space.
fn is_local_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let documentation = (first == 0x2001 && second == 0xdb8) || (first == 0x3fff && second < 0x1000);
    address.is_loopback()
        || address.is_unspecified()
        || address.is_multicast()
        || address.is_unique_local()
        || address.is_unicast_link_local()
        || documentation
}
