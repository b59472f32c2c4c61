//! What differs from one dialect of SQL to the next.

use clap::ValueEnum;

/// A dialect of SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Dialect {
    /// PostgreSQL; parameters are `$1`, `$2`
    Postgresql,
    /// BigQuery; parameters are `@user_id`, `@anonymous_id`
    Bigquery,
    /// Snowflake; parameters are `?`, in order. Names are in capitals, as Snowflake keeps names that are not quoted
    Snowflake,
    /// Amazon Redshift; parameters are `$1`, `$2`
    Redshift,
}

impl Dialect {
    /// Its name for people.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Postgresql => "PostgreSQL",
            Self::Bigquery => "BigQuery",
            Self::Snowflake => "Snowflake",
            Self::Redshift => "Redshift",
        }
    }

    /// A quoted identifier. BigQuery escapes inside backticks as inside texts; the others double the quote.
    pub(super) fn name(self, name: &str) -> String {
        match self {
            Self::Postgresql | Self::Redshift => format!("\"{}\"", name.replace('"', "\"\"")),
            Self::Snowflake => format!("\"{}\"", self.stored(name).replace('"', "\"\"")),
            Self::Bigquery => format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`")),
        }
    }

    /// A name as the catalogue of the database has it.
    pub(super) fn stored(self, name: &str) -> String {
        if self == Self::Snowflake { name.to_uppercase() } else { name.to_owned() }
    }

    /// A qualified name.
    pub(super) fn path<S: AsRef<str>>(self, parts: &[S]) -> String {
        let parts: Vec<String> = parts.iter().map(|part| self.name(part.as_ref())).collect();
        parts.join(".")
    }

    /// A text in quotes. What could end it or escape in it is taken out: only names get here, which have neither.
    pub(super) fn text(self, text: &str) -> String {
        let plain: String = self.stored(text).chars().filter(|c| !c.is_control() && !"'\\".contains(*c)).collect();
        format!("'{plain}'")
    }

    /// The type of texts of any length.
    pub(super) fn text_type(self) -> &'static str {
        match self {
            Self::Postgresql => "TEXT",
            Self::Bigquery => "STRING",
            Self::Snowflake => "VARCHAR",
            // Without a length, VARCHAR has 256 bytes there; Segment keeps at most 512 characters.
            Self::Redshift => "VARCHAR(2048)",
        }
    }

    /// A column as a text.
    pub(super) fn as_text(self, column: &str) -> String {
        format!("CAST({column} AS {})", self.text_type())
    }

    /// The places for the user id and the anonymous id.
    pub(super) fn parameters(self) -> [&'static str; 2] {
        match self {
            Self::Postgresql | Self::Redshift => ["$1", "$2"],
            Self::Bigquery => ["@user_id", "@anonymous_id"],
            Self::Snowflake => ["?", "?"],
        }
    }

    /// What makes a temporary table, without its name.
    pub(super) fn temporary(self) -> &'static str {
        match self {
            Self::Postgresql | Self::Redshift => "CREATE TEMPORARY TABLE",
            Self::Bigquery => "CREATE TEMP TABLE",
            Self::Snowflake => "CREATE OR REPLACE TEMPORARY TABLE",
        }
    }

    /// Whether making a table would end the transaction that it stands in (Snowflake documentation: a statement that
    /// defines something is a transaction of its own). Elsewhere it stands inside, so that a table left over from
    /// another person makes everything fail.
    pub(super) fn defines_outside(self) -> bool {
        self == Self::Snowflake
    }

    /// What starts and what ends a transaction.
    pub(super) fn transaction(self) -> [&'static str; 2] {
        match self {
            Self::Postgresql | Self::Redshift => ["BEGIN", "COMMIT"],
            Self::Snowflake => ["BEGIN TRANSACTION", "COMMIT"],
            Self::Bigquery => ["BEGIN TRANSACTION", "COMMIT TRANSACTION"],
        }
    }

    /// The catalogue of columns that covers a schema, given by its path.
    pub(super) fn catalogue(self, schema: &[String]) -> String {
        let database: Vec<String> = schema.split_last().map(|(_, before)| before.to_vec()).unwrap_or_default();
        let inside = |own: &[&str]| {
            let parts: Vec<String> =
                database.iter().cloned().chain(own.iter().map(|part| (*part).to_owned())).collect();
            self.path(&parts)
        };
        match self {
            Self::Postgresql => inside(&["information_schema", "columns"]),
            // Also has tables of other users and external ones (AWS documentation, SVV_COLUMNS).
            Self::Redshift => self.name("svv_columns"),
            Self::Snowflake => inside(&["information_schema", "columns"]),
            // Belongs to the data set (BigQuery documentation, COLUMNS view), and is written in capitals.
            Self::Bigquery => format!("{}.INFORMATION_SCHEMA.COLUMNS", self.path(schema)),
        }
    }
}
