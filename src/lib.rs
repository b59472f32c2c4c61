//! `consentlint` tells, before a change is merged, that a tracking plan, a consent configuration or a destination
//! mapping breaks a consumer's privacy rights.
//!
//! The path of the data, and the order of the modules: bytes → [`source`] → [`document`] → [`model`] (by an
//! [`adapter`]) → [`flow`] → findings (by the [`engine`] and the rules of [`policy`]) → [`report`] → bytes (by an
//! [`output`]). A module uses only modules of lower floors; `tests/architecture.rs` holds that.

pub mod source;

pub mod finding;

pub mod document;
pub mod model;
pub mod report;
pub mod scan;

pub mod adapter;
pub mod baseline;
pub mod classify;
pub mod flow;
pub mod output;
pub mod policy;
pub mod settings;

pub mod engine;
pub mod fix;

pub mod check;
pub mod compare;

pub mod cli;
