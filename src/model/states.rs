//! States with a consumer privacy law of their own: `policies/catalog/states.tsv`.

use std::sync::OnceLock;

const STATES: &str = include_str!("../../policies/catalog/states.tsv");

/// The state whose law the rules of the pack `ccpa` are.
pub const HOME: &str = "us-ca";

/// A state and what its law asks for. Days are `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug)]
pub struct State {
    /// Its code as regions are written: `us-co`.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Since when its law holds.
    pub in_force: &'static str,
    /// Since when an opt-out preference signal must be honored.
    pub signal: Option<&'static str>,
    /// What it asks for before sensitive data is used.
    pub sensitive: Sensitive,
    /// Since when sensitive data may not be sold, whatever the consumer agreed to.
    pub sensitive_sale: Option<&'static str>,
    /// Since when precise geolocation may not be sold, whatever the consumer agreed to.
    pub geolocation_sale: Option<&'static str>,
    /// Whether only a sale for money is one.
    pub money_only: bool,
}

/// What a law asks for before sensitive data is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sensitive {
    /// California's right to limit.
    Limit,
    /// Consent first.
    OptIn,
    /// A notice and a way out.
    OptOut,
    /// Only what is strictly necessary.
    Necessary,
}

/// All states of the table.
pub fn states() -> &'static [State] {
    static TABLE: OnceLock<Vec<State>> = OnceLock::new();
    TABLE.get_or_init(|| rows().filter_map(state).collect())
}

fn rows() -> impl Iterator<Item = &'static str> {
    STATES.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).skip(1)
}

fn state(row: &'static str) -> Option<State> {
    let cells: Vec<&'static str> = row.split('\t').collect();
    let [code, name, in_force, signal, sensitive, sensitive_sale, geolocation_sale, money_only, _source] = cells[..]
    else {
        return None;
    };
    let day = |cell: &'static str| Some(cell).filter(|cell| !cell.is_empty());
    Some(State {
        code,
        name,
        in_force,
        signal: day(signal),
        sensitive: match sensitive {
            "limit" => Sensitive::Limit,
            "opt_in" => Sensitive::OptIn,
            "opt_out" => Sensitive::OptOut,
            "necessary" => Sensitive::Necessary,
            _ => return None,
        },
        sensitive_sale: day(sensitive_sale),
        geolocation_sale: day(geolocation_sale),
        money_only: money_only == "yes",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read_and_every_day_is_one() {
        assert_eq!(rows().count(), states().len());
        for state in states() {
            let days = [Some(state.in_force), state.signal, state.sensitive_sale, state.geolocation_sale];
            for day in days.into_iter().flatten() {
                assert!(day.parse::<jiff::civil::Date>().is_ok(), "{}: {day}", state.code);
            }
            assert!(state.signal.is_none_or(|day| day >= state.in_force), "{}", state.code);
        }
    }

    #[test]
    fn twelve_states_ask_for_the_signal_in_2026() {
        let asking = states().iter().filter(|state| state.signal.is_some_and(|day| day <= "2026-11-01"));
        let codes: Vec<&str> = asking.map(|state| &state.code[3..]).collect();
        assert_eq!(codes, ["ca", "co", "ct", "tx", "or", "mt", "de", "ne", "nh", "nj", "mn", "md"]);
    }
}
