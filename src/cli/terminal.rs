//! What a terminal can show, told from the environment.

/// How to write to standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// Whether to use colour.
    pub color: bool,
    /// Whether to show links as links.
    pub links: bool,
    /// Columns; 0 when they are not known.
    pub width: usize,
}

/// Decides from the environment (`variable` gives a variable's value), whether standard output is a `terminal`, the
/// columns that were `measured`, and whether the terminal is known to have `links`.
///
/// The first that says something decides: `NO_COLOR` (no colour, <https://no-color.org>), `FORCE_COLOR` and
/// `CLICOLOR_FORCE` (colour; `FORCE_COLOR=0` is no colour, as Node reads it), `TERM=dumb`, `CLICOLOR=0`
/// (<https://bixense.com/clicolors>). `COLUMNS` goes before what was measured.
pub fn terminal(
    variable: impl Fn(&str) -> Option<String>,
    terminal: bool,
    measured: Option<usize>,
    links: bool,
) -> Terminal {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    let dumb = set("TERM").is_some_and(|term| term == "dumb");
    let forced = |name: &str| set(name).map(|value| !matches!(value.as_str(), "0" | "false"));
    let color = if set("NO_COLOR").is_some() {
        false
    } else if let Some(forced) = forced("FORCE_COLOR") {
        forced
    } else if forced("CLICOLOR_FORCE") == Some(true) {
        true
    } else {
        terminal && !dumb && forced("CLICOLOR") != Some(false)
    };
    let columns = set("COLUMNS").and_then(|columns| columns.trim().parse().ok()).filter(|columns| *columns > 0);
    let width = columns.or(measured.filter(|_| terminal)).unwrap_or(0);
    Terminal { color, links: links && !dumb, width }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decide(variables: &[(&str, &str)], on_terminal: bool) -> Terminal {
        let value = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        terminal(value, on_terminal, Some(72), true)
    }

    #[test]
    fn colour_is_for_terminals_unless_the_environment_says_otherwise() {
        let color = |variables: &[(&str, &str)]| (decide(variables, true).color, decide(variables, false).color);
        assert_eq!(color(&[]), (true, false));
        assert_eq!(color(&[("NO_COLOR", "1")]), (false, false));
        assert_eq!(color(&[("NO_COLOR", "")]), (true, false), "an empty one says nothing");
        assert_eq!(color(&[("NO_COLOR", "1"), ("FORCE_COLOR", "1"), ("CLICOLOR_FORCE", "1")]), (false, false));
        assert_eq!(color(&[("FORCE_COLOR", "1")]), (true, true));
        assert_eq!(color(&[("FORCE_COLOR", "0"), ("CLICOLOR_FORCE", "1")]), (false, false));
        assert_eq!(color(&[("CLICOLOR_FORCE", "1")]), (true, true));
        assert_eq!(color(&[("CLICOLOR_FORCE", "0")]), (true, false));
        assert_eq!(color(&[("CLICOLOR", "0")]), (false, false));
        assert_eq!(color(&[("CLICOLOR", "1")]), (true, false));
        assert_eq!(color(&[("TERM", "dumb")]), (false, false));
        assert_eq!(color(&[("TERM", "dumb"), ("FORCE_COLOR", "3")]), (true, true));
    }

    #[test]
    fn the_width_is_what_was_said_and_else_what_was_measured_of_a_terminal() {
        let width = |columns: &str, on_terminal| decide(&[("COLUMNS", columns)], on_terminal).width;
        assert_eq!((width("132", true), width("132", false)), (132, 132));
        for columns in ["", "0", "-3", "wide"] {
            assert_eq!((width(columns, true), width(columns, false)), (72, 0), "{columns}");
        }
        assert_eq!(terminal(|_| None, true, None, true).width, 0);
    }

    #[test]
    fn links_are_for_terminals_that_have_them() {
        assert!(decide(&[], true).links);
        assert!(decide(&[("NO_COLOR", "1")], true).links, "a link is no colour");
        assert!(!decide(&[("TERM", "dumb")], true).links);
        assert!(!terminal(|_| None, true, Some(72), false).links);
    }
}
