//! Known destinations: what Segment's public catalogue says of them.

/// A destination of the catalogue.
#[derive(Clone, Debug)]
pub struct Known {
    /// Catalogue id, 24 hexadecimal digits.
    pub id: &'static str,
    /// Slug, such as `facebook-pixel`.
    pub slug: &'static str,
    /// Display name.
    pub name: &'static str,
    /// Catalogue categories, the most specific reading first as published.
    pub categories: Vec<&'static str>,
    /// Vendor that runs it; several destinations may share one.
    pub vendor: &'static str,
    /// Can run in the browser or app as the vendor's own script.
    pub device_mode: bool,
    /// Can be reached from Segment's servers.
    pub cloud_mode: bool,
    /// Segment forwards deletions to it (Segment documentation, privacy FAQ).
    pub forwards_deletion: bool,
    /// What forwarding needs besides, such as a secret key.
    pub forwarding_needs: Option<&'static str>,
}

/// The answer of a look-up.
#[derive(Clone, Debug)]
pub enum Lookup {
    /// One destination has this name.
    Found(&'static Known),
    /// Several have; the caller should ask for a slug.
    Ambiguous(Vec<&'static Known>),
    /// None has.
    Unknown,
}

/// Finds a destination by id, slug, display name, creation name or earlier name; case and punctuation do not count,
/// and a name in use today wins over an earlier one.
pub fn lookup(name: &str) -> Lookup {
    let _ = name;
    Lookup::Unknown
}

/// All destinations, in the order of their names.
pub fn all() -> &'static [Known] {
    &[]
}
