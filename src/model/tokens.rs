//! A name as a row of words: `BusinessEmailAddress2`, `business-email_address 2` and `business.email.address2` are the
//! same.

/// The words of a name, in lower case and singular, without a space between them; each phrase is then a slice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    joined: String,
    ends: Vec<usize>,
}

impl Tokens {
    /// The words of a name.
    pub fn of(name: &str) -> Self {
        let mut tokens =
            Self { joined: String::with_capacity(name.len()), ends: Vec::with_capacity(name.len() / 4 + 1) };
        let mut start = 0;
        let mut before = Letter::Other;
        let mut letters = name.chars().peekable();
        while let Some(letter) = letters.next() {
            let kind = Letter::of(letter);
            if starts_word(before, kind, letters.peek().copied(), tokens.joined.len() - start) {
                start = tokens.close(start);
            }
            if kind != Letter::Other {
                tokens.joined.extend(letter.to_lowercase());
            }
            before = kind;
        }
        tokens.close(start);
        tokens
    }

    /// Ends the word that began at `start`, and says where the next begins.
    fn close(&mut self, start: usize) -> usize {
        if self.joined.len() == start {
            return start;
        }
        singular(&mut self.joined, start);
        self.ends.push(self.joined.len());
        self.joined.len()
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Words `from..to` as one, empty when there are none.
    pub fn phrase(&self, from: usize, to: usize) -> &str {
        let end = if to == 0 { 0 } else { self.ends.get(to - 1).copied().unwrap_or(self.joined.len()) };
        self.joined.get(self.start(from)..end).unwrap_or_default()
    }

    /// One word.
    pub fn word(&self, at: usize) -> &str {
        self.phrase(at, at + 1)
    }

    /// All words as one.
    pub fn whole(&self) -> &str {
        &self.joined
    }

    fn start(&self, at: usize) -> usize {
        if at == 0 { 0 } else { self.ends.get(at - 1).copied().unwrap_or(self.joined.len()) }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Letter {
    Upper,
    Lower,
    Digit,
    Other,
}

impl Letter {
    fn of(letter: char) -> Self {
        match letter {
            _ if letter.is_uppercase() => Self::Upper,
            _ if letter.is_numeric() => Self::Digit,
            _ if letter.is_alphabetic() => Self::Lower,
            _ => Self::Other,
        }
    }
}

fn starts_word(before: Letter, now: Letter, next: Option<char>, held: usize) -> bool {
    match (before, now) {
        (_, Letter::Other) => true,
        (Letter::Digit, Letter::Digit) => false,
        (Letter::Digit, _) | (_, Letter::Digit) => true,
        (Letter::Lower, Letter::Upper) => true,
        // `IPAddress`: the last capital of a run begins the next word; but the `s` of `userIDs` is a plural.
        (Letter::Upper, Letter::Upper) => next.is_some_and(char::is_lowercase) && next != Some('s') && held > 0,
        _ => false,
    }
}

/// Takes the plural off the word that begins at `start`, roughly: what counts is that names and lexicon agree.
fn singular(joined: &mut String, start: usize) {
    let word = &joined[start..];
    let cut = match word {
        "ids" | "ads" | "ips" => 1,
        _ if word.len() < 4 || !word.ends_with('s') => 0,
        _ if word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") => 0,
        _ if ["sses", "shes", "xes", "nches", "rches", "tches"].iter().any(|end| word.ends_with(end)) => 2,
        _ if word.ends_with("ies") && word.len() > 4 => {
            joined.truncate(joined.len() - 3);
            joined.push('y');
            return;
        }
        _ => 1,
    };
    joined.truncate(joined.len() - cut);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(name: &str) -> Vec<String> {
        let tokens = Tokens::of(name);
        (0..tokens.len()).map(|at| tokens.word(at).to_owned()).collect()
    }

    #[test]
    fn every_way_of_writing_gives_the_same_words() {
        for name in
            ["BusinessEmailAddress", "business_email-address", "business email.address", "BUSINESS_EMAIL_ADDRESS"]
        {
            assert_eq!(words(name), ["business", "email", "address"], "{name}");
        }
        assert_eq!(words("Business Email Address 2"), ["business", "email", "address", "2"]);
        assert_eq!(words("MobilePhone-DSP"), ["mobile", "phone", "dsp"]);
        assert_eq!(words("IPAddress"), ["ip", "address"]);
        assert_eq!(words("userID"), ["user", "id"]);
        assert_eq!(words("userIDs"), ["user", "id"]);
        assert_eq!(words("address1"), ["address", "1"]);
    }

    #[test]
    fn plurals_are_cut_and_look_alikes_are_not() {
        assert_eq!(words("emails"), ["email"]);
        assert_eq!(words("addresses"), ["address"]);
        assert_eq!(words("allergies"), ["allergy"]);
        assert_eq!(words("searches caches"), ["search", "cache"]);
        assert_eq!(words("diagnosis status address gps"), ["diagnosis", "status", "address", "gps"]);
    }

    #[test]
    fn odd_names_do_not_trip() {
        for name in ["", "$", "...", "--", "•", "é", "ﬁ", "İSTANBUL", "\"a\"[b]", "日本語"] {
            let tokens = Tokens::of(name);
            assert_eq!(tokens.phrase(0, tokens.len()), tokens.whole());
            assert_eq!(tokens.phrase(9, 12), "");
        }
    }
}
