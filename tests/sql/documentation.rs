//! `docs/sql.md` shows what is printed.
