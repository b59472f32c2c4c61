//! The call that a message is of.

/// The calls of the Segment spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Call {
    /// `track`, the only one whose name says what happened.
    Track,
    /// `identify`.
    Identify,
    /// `group`.
    Group,
    /// `page`.
    Page,
    /// `screen`.
    Screen,
    /// `alias`.
    Alias,
}

impl Call {
    /// All calls.
    pub const ALL: [Self; 6] = [Self::Track, Self::Identify, Self::Group, Self::Page, Self::Screen, Self::Alias];

    /// The word on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Track => "track",
            Self::Identify => "identify",
            Self::Group => "group",
            Self::Page => "page",
            Self::Screen => "screen",
            Self::Alias => "alias",
        }
    }

    /// The call of a word.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|call| call.name() == name)
    }
}
