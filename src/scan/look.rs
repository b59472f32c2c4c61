//! What a value looks like, and its shape. Pure functions of a key and a value; nothing here keeps a value.

mod address;
mod number;

/// What a value may look like. Names of persons are missing on purpose: a value does not tell them, only a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Look {
    /// An e-mail address, alone or inside a longer text or address.
    Email,
    /// A telephone number that is written as one: with its country code, or in the groups of North America.
    Phone,
    /// A payment card number in groups of digits, of a known network and with a right check digit.
    Card,
    /// The same without groups, which long identifiers are at times by chance.
    CardDigits,
    /// The shape of a social security number, of an area and group that are given out.
    Ssn,
    /// An address of the internet.
    Ip,
    /// An address of a private network, one kept for documentation, or one that ends in 0: nobody's.
    IpLocal,
    /// A latitude or longitude, by key and range, of three decimals or more.
    Coordinate,
    /// The same of fewer decimals.
    CoordinateCoarse,
}

impl Look {
    /// All looks, in the order of their bits.
    pub const ALL: [Self; 9] = [
        Self::Email,
        Self::Phone,
        Self::Card,
        Self::CardDigits,
        Self::Ssn,
        Self::Ip,
        Self::IpLocal,
        Self::Coordinate,
        Self::CoordinateCoarse,
    ];

    /// The word in profiles.
    pub fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Card => "card",
            Self::CardDigits => "card_digits",
            Self::Ssn => "ssn",
            Self::Ip => "ip",
            Self::IpLocal => "ip_local",
            Self::Coordinate => "coordinate",
            Self::CoordinateCoarse => "coordinate_coarse",
        }
    }

    /// What it is called in a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Self::Email => "an e-mail address",
            Self::Phone => "a telephone number",
            Self::Card => "a payment card number",
            Self::CardDigits => "the digits of a payment card number",
            Self::Ssn => "a social security number",
            Self::Ip => "an IP address",
            Self::IpLocal => "an IP address that is nobody's",
            Self::Coordinate => "a precise coordinate",
            Self::CoordinateCoarse => "a coarse coordinate",
        }
    }

    /// The look of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|look| look.name() == name)
    }
}

/// A set of looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looks(u16);

impl Looks {
    fn add(&mut self, look: Look) {
        self.0 |= 1 << look as u16;
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those that are there.
    pub fn iter(self) -> impl Iterator<Item = Look> {
        Look::ALL.into_iter().filter(move |look| self.0 & (1 << *look as u16) != 0)
    }
}

/// What a key says of how its values are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Key {
    /// It speaks of a version, whose four numbers are no address.
    version: bool,
    /// The greatest absolute value of the coordinate that it speaks of; 0 when it speaks of none.
    range: u8,
}

impl Key {
    /// Reads a key.
    pub fn of(key: &str) -> Self {
        let folded: String = key.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        let version = ["version", "build", "useragent", "firmware", "release"].iter().any(|word| folded.contains(word));
        let range = match folded.as_str() {
            "lat" | "latitude" | "geolat" => 90,
            "lng" | "lon" | "long" | "longitude" | "geolng" | "geolon" | "geolong" => 180,
            _ if folded.ends_with("latitude") => 90,
            _ if folded.ends_with("longitude") => 180,
            _ => 0,
        };
        Self { version, range }
    }
}

/// What in a text some look needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// How many digits.
    pub digits: usize,
    /// Whether there is `@`, or a `%` as in its `%40` in a URL.
    pub at: bool,
    /// Whether there is `.` or `:`, as between the parts of an IP address.
    pub parts: bool,
}

impl Marks {
    /// Those of a text.
    pub fn of(text: &[u8]) -> Self {
        let mut marks = Self::default();
        for byte in text {
            marks.digits += usize::from(byte.is_ascii_digit());
            marks.at |= matches!(byte, b'@' | b'%');
            marks.parts |= matches!(byte, b'.' | b':');
        }
        marks
    }

    /// Whether no look can be there.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.digits == 0 && !self.at && !self.parts
    }
}

/// What the text `value` looks like under `key`.
pub fn of_text(key: Key, value: &[u8]) -> Looks {
    of_marked(key, value, Marks::of(value))
}

/// The same, where the marks of the text are known.
pub(super) fn of_marked(key: Key, value: &[u8], marks: Marks) -> Looks {
    let mut looks = Looks::default();
    if marks.at && address::has_email(value) {
        looks.add(Look::Email);
    }
    if marks.parts && value.len() <= address::MAX_IP && !key.version {
        looks_like_ip(value, &mut looks);
    }
    if marks.digits >= number::FEWEST && !key.version && !is_instant(value) {
        number::find(value, |look| looks.add(look));
    }
    if key.range > 0 && marks.digits > 0 {
        looks.0 |= of_coordinate(key, value).0;
    }
    looks
}

/// What the number `value`, as it is written, looks like under `key`.
pub fn of_number(key: Key, value: &[u8]) -> Looks {
    let mut looks = of_coordinate(key, value);
    if value.len() >= 13 && value.iter().all(u8::is_ascii_digit) && number::is_card(value) {
        looks.add(Look::CardDigits);
    }
    looks
}

/// Whether a text is a point in time as every message has some, `2026-01-31T10:11:12.131Z`, in which no number is looked for.
fn is_instant(value: &[u8]) -> bool {
    const PATTERN: &[u8] = b"dddd-dd-ddTdd:dd:dd";
    let [start @ .., b'Z'] = value else { return false };
    let fraction = start.get(PATTERN.len()..).unwrap_or_default();
    number::fits(start, PATTERN) && fraction.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
}

fn looks_like_ip(value: &[u8], looks: &mut Looks) {
    match address::ip(value) {
        Some(true) => looks.add(Look::Ip),
        Some(false) => looks.add(Look::IpLocal),
        None => {}
    }
}

/// Decimals from which on a coordinate tells a place within 1,850 feet (Cal. Civ. Code § 1798.140(w)).
const PRECISE_DECIMALS: usize = 3;

fn of_coordinate(key: Key, value: &[u8]) -> Looks {
    let mut looks = Looks::default();
    if key.range == 0 || value.len() > 32 {
        return looks;
    }
    let text = std::str::from_utf8(value).unwrap_or("").trim();
    let within = text.parse::<f64>().is_ok_and(|number| number != 0.0 && number.abs() <= f64::from(key.range));
    let Some((_, decimals)) = text.split_once('.').filter(|_| within) else { return looks };
    let decimals = decimals.bytes().take_while(u8::is_ascii_digit).count();
    looks.add(if decimals >= PRECISE_DECIMALS { Look::Coordinate } else { Look::CoordinateCoarse });
    looks
}

/// Longest shape, in characters.
const LONGEST: usize = 24;
/// Most digits in a row that a shape shows.
const DIGITS: usize = 4;

/// How a value is built, with nothing of what it says: `a…@a….a…`, `ddd-dd-dddd`. A letter is `a`, a digit `d`; of longer
/// runs the rest is `…`, and so is what is left of a long value. It is written to the end of `shape`.
pub fn shape(value: &str, shape: &mut String) {
    let (mut count, mut run, mut last) = (0, 0, '\0');
    for character in value.chars() {
        let class = class(character);
        run = if class == last { run + 1 } else { 1 };
        last = class;
        let most = if class == 'd' { DIGITS } else { 1 };
        if run > most + 1 {
            continue;
        }
        count += 1;
        if count > LONGEST {
            shape.push('…');
            break;
        }
        shape.push(if run > most { '…' } else { class });
    }
}

/// Whether a text can be a shape.
pub(super) fn is_shape(text: &str) -> bool {
    text.chars().count() <= LONGEST + 1
        && text.chars().all(|character| matches!(character, 'd' | '?' | '…') || class(character) == character)
}

#[inline]
fn class(character: char) -> char {
    match character {
        'a'..='z' | 'A'..='Z' => 'a',
        '0'..='9' => 'd',
        '@' | '.' | '-' | '_' | '+' | ':' | '/' | '(' | ')' => character,
        _ if character.is_numeric() => 'd',
        _ if character.is_alphanumeric() => 'a',
        _ if character.is_whitespace() => ' ',
        _ => '?',
    }
}

#[cfg(test)]
mod tests;
