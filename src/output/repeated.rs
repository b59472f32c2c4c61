//! Names that have to differ, because what reads them keeps only one of several that are the same.

use std::collections::BTreeMap;

/// Names that were given out.
#[derive(Default)]
pub(super) struct Repeated(BTreeMap<String, usize>);

impl Repeated {
    /// The name itself the first time, and with a number from then on: `name (2)`.
    pub(super) fn differ(&mut self, name: &str) -> String {
        let mut unique = name.to_owned();
        loop {
            let times = self.0.entry(unique.clone()).or_default();
            *times += 1;
            match times {
                1 => return unique,
                times => unique = format!("{unique} ({times})"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_given_out_twice() {
        let mut names = Repeated::default();
        let given: Vec<String> = ["a", "a (2)", "a", "a", "b"].iter().map(|name| names.differ(name)).collect();
        assert_eq!(given, ["a", "a (2)", "a (2) (2)", "a (3)", "b"]);
    }
}
