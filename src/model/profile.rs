//! Whose law is judged by.

/// A profile: the jurisdictions whose law a run applies. Chosen by `profile` in `consentlint.yaml`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
pub enum Profile {
    /// California alone: the CCPA and its regulations.
    #[default]
    #[serde(rename = "us-ca")]
    UsCa,
    /// California and the other states with a consumer privacy law.
    #[serde(rename = "us")]
    Us,
}

impl Profile {
    /// All profiles.
    pub const ALL: [Self; 2] = [Self::UsCa, Self::Us];

    /// The word used in files and outputs.
    pub fn name(self) -> &'static str {
        match self {
            Self::UsCa => "us-ca",
            Self::Us => "us",
        }
    }
}
