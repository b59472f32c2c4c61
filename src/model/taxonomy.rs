//! Classes of personal information: Cal. Civ. Code § 1798.140(v)(1)(A)–(L), (ae), and 11 CCR § 7001(bbb)(4).

/// Code and statutory term of each class, in the order of the statute; sensitive ones from `1A` on.
pub const CLASSES: [(&str, &str); 23] = [
    ("A", "identifiers"),
    ("B", "customer records"),
    ("C", "characteristics of protected classifications"),
    ("D", "commercial information"),
    ("E", "biometric information"),
    ("F", "internet or other electronic network activity"),
    ("G", "geolocation data"),
    ("H", "audio, electronic, visual, thermal or olfactory information"),
    ("I", "professional or employment-related information"),
    ("J", "education information"),
    ("K", "inferences drawn to create a profile"),
    ("L", "sensitive personal information"),
    ("1A", "social security, driver's license, state identification or passport number"),
    ("1B", "account log-in or financial account with its credentials"),
    ("1C", "precise geolocation"),
    ("1D", "racial or ethnic origin, citizenship, beliefs or union membership"),
    ("1E", "contents of mail, email and text messages"),
    ("1F", "genetic data"),
    ("1G", "neural data"),
    ("2A", "biometric information processed to identify a consumer"),
    ("2B", "personal information concerning health"),
    ("2C", "personal information concerning sex life or sexual orientation"),
    ("R4", "personal information of consumers known to be under 16"),
];

const FIRST_SENSITIVE: usize = 12;
const SENSITIVE_LETTER: usize = 11;

/// A set of classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ClassSet(u32);

impl ClassSet {
    /// No class.
    pub const EMPTY: Self = Self(0);

    /// All classes.
    pub fn every() -> Self {
        Self((1 << CLASSES.len()) - 1)
    }

    /// The set of one class, by code: `A`, `ccpa:A`, `1C`, `spi:1C`; upper or lower case.
    pub fn parse(code: &str) -> Option<Self> {
        let code = code.trim();
        let bare = code.strip_prefix("ccpa:").or_else(|| code.strip_prefix("spi:")).unwrap_or(code);
        CLASSES.iter().position(|(known, _)| known.eq_ignore_ascii_case(bare)).map(|at| Self(1 << at))
    }

    /// Both sets together.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What both sets hold.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What this set holds and the other does not.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether every class of `other` is here.
    pub fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether there is no class.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Only the letters `A` to `L`; `L` is implied by any sensitive class.
    #[must_use]
    pub fn letters(self) -> Self {
        let implied = if self.sensitive().is_empty() { 0 } else { 1 << SENSITIVE_LETTER };
        Self((self.0 | implied) & ((1 << FIRST_SENSITIVE) - 1))
    }

    /// Only the sensitive classes `1A` to `R4`.
    #[must_use]
    pub fn sensitive(self) -> Self {
        Self(self.0 & !((1 << FIRST_SENSITIVE) - 1))
    }

    /// Codes in the order of the statute.
    pub fn codes(self) -> impl Iterator<Item = &'static str> {
        self.members().map(|at| CLASSES[at].0)
    }

    /// Each class as a set of its own, in the order of the statute.
    pub fn each(self) -> impl Iterator<Item = Self> {
        self.members().map(|at| Self(1 << at))
    }

    /// Codes with their statutory terms, such as `A (identifiers)`.
    pub fn describe(self) -> String {
        let named: Vec<String> = self.members().map(|at| format!("{} ({})", CLASSES[at].0, CLASSES[at].1)).collect();
        named.join(", ")
    }

    /// The statutory terms alone.
    pub fn terms(self) -> String {
        let named: Vec<&str> = self.members().map(|at| CLASSES[at].1).collect();
        named.join(", ")
    }

    fn members(self) -> impl Iterator<Item = usize> {
        (0..CLASSES.len()).filter(move |at| self.0 & (1 << at) != 0)
    }
}

impl FromIterator<ClassSet> for ClassSet {
    fn from_iter<I: IntoIterator<Item = ClassSet>>(sets: I) -> Self {
        sets.into_iter().fold(Self::EMPTY, Self::union)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(codes: &[&str]) -> ClassSet {
        codes.iter().filter_map(|code| ClassSet::parse(code)).collect()
    }

    #[test]
    fn codes_parse_with_and_without_prefix() {
        assert_eq!(ClassSet::parse("ccpa:A"), ClassSet::parse("a"));
        assert_eq!(ClassSet::parse("spi:1C"), ClassSet::parse("1c"));
        assert_eq!(ClassSet::parse("Z"), None);
        assert_eq!(ClassSet::parse(""), None);
    }

    #[test]
    fn a_sensitive_class_implies_letter_l() {
        assert_eq!(set(&["A", "2B"]).letters().codes().collect::<Vec<_>>(), ["A", "L"]);
        assert_eq!(set(&["A", "2B"]).sensitive().codes().collect::<Vec<_>>(), ["2B"]);
    }
}
