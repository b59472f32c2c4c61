//! What a rule says of itself to people: the same words in `explain` and in the documentation.

use super::citation::cited;
use super::rule::{Ask, Rule};
use crate::model::Profile;

impl Ask {
    /// Whether it asks wherever the rule speaks.
    pub fn is_always(&self) -> bool {
        self.when.source().trim() == "true"
    }

    /// When it asks instead of accusing.
    pub fn said_when(&self) -> String {
        if self.is_always() { "always".to_owned() } else { format!("when `{}`", self.when.source()) }
    }
}

impl Rule {
    /// Its severity in lists: a rule that only asks has none of its own.
    pub fn level(&self) -> &'static str {
        if self.ask.as_ref().is_some_and(Ask::is_always) { "asks" } else { self.severity.name() }
    }

    /// Its severity, by profile and day, and what raises it.
    pub fn weight(&self) -> String {
        if self.ask.as_ref().is_some_and(Ask::is_always) {
            return "low: it only asks".to_owned();
        }
        let mut weight = if self.profiles.is_empty() {
            self.severity.name().to_owned()
        } else {
            let each =
                self.profiles.iter().map(|(profile, severity)| format!("{} in {}", severity.name(), profile.name()));
            format!("{} only", each.collect::<Vec<_>>().join(", "))
        };
        if self.profiles.len() == Profile::ALL.len() {
            weight = weight.trim_end_matches(" only").to_owned();
        }
        if let Some(raise) = &self.raise {
            weight += &format!("; {} when `{}`", raise.to.name(), raise.when.source());
        }
        match (self.since, self.warn_from) {
            (Some(since), Some(from)) => weight += &format!("; from {since} on, and as low from {from} on"),
            (Some(since), None) => weight += &format!("; from {since} on"),
            (None, _) => {}
        }
        weight
    }

    /// The attributes that silence it when they are declared.
    pub fn silenced_by(&self) -> Vec<String> {
        self.suppressed_by.iter().map(|path| self.kind.name_of(path)).collect()
    }

    /// Where its law can be read, each address once.
    pub fn read_at(&self) -> Vec<&str> {
        let texts = self.law.iter().filter_map(|citation| cited(citation)?.read_at);
        let mut addresses: Vec<&str> = Vec::new();
        for address in texts.chain(self.url.as_deref()) {
            if !addresses.contains(&address) {
                addresses.push(address);
            }
        }
        addresses
    }

    /// What `check --fix` does about it.
    pub fn fixes(&self) -> Vec<String> {
        let how = |safe: bool| if safe { "`check --fix`" } else { "`check --fix --unsafe`" };
        self.fix.iter().map(|remedy| format!("{} ({})", remedy.doc, how(remedy.safe))).collect()
    }

    /// Whether exceptions cover what it finds. Those that judge what accepts findings speak when that was done.
    pub fn is_exceptable(&self) -> bool {
        !["exception", "baseline"].contains(&self.kind.name)
    }

    /// How to except from it beside the input.
    pub fn exception_beside(&self) -> String {
        format!("# consentlint: allow {} -- <reason>", self.id)
    }

    /// How to except from it in `consentlint.yaml`.
    pub fn exception_in_settings(&self) -> String {
        let (rule, kind) = (&self.id, self.kind.name);
        format!(
            "exceptions:\n  - rule: {rule}\n    subject: {kind}:<id>\n    reason: <reason>\n    expires: <YYYY-MM-DD>"
        )
    }
}
