//! The data map.

use super::{Entry, Holds, Named, Value, entry, list, name, of_kind};
use crate::model::kind;
use crate::model::schema::REQUESTS;
use std::sync::LazyLock;

pub(super) static ROOT: LazyLock<Holds> = LazyLock::new(|| {
    let mut consent = of_kind(&kind::CONSENT);
    add(&mut consent, entry("banner", kind::BANNER.doc, of_kind(&kind::BANNER)));
    add(&mut consent, entry("categories", "Consent categories.", list(of_kind(&kind::CATEGORY))));
    let mut event = of_kind(&kind::EVENT);
    add(&mut event, entry("properties", "Its properties.", list(of_kind(&kind::PROPERTY))));
    add(&mut event, entry("traits", "Its traits, of an identify or group call.", list(of_kind(&kind::PROPERTY))));
    let notice = vec![entry("categories", "A row for each class.", list(of_kind(&kind::NOTICE)))];
    let signals = vec![entry("gpc", "Global Privacy Control.", of_kind(&kind::SIGNAL))];
    let requests = REQUESTS.into_iter().map(|request| entry(request, kind::REQUEST.doc, of_kind(&kind::REQUEST)));
    let mut marker = entry("datamap", "Marks the file and its version.", Holds::Value(Value::Choice(&["1"])));
    marker.required = true;
    Holds::Keys(
        None,
        vec![
            marker,
            entry("business", kind::BUSINESS.doc, of_kind(&kind::BUSINESS)),
            entry("signals", "Opt-out preference signals.", Holds::Keys(None, signals)),
            entry("consent", "The consent manager, its banner and its categories.", consent),
            entry("destinations", "Tools, vendors and stores that receive events.", list(of_kind(&kind::DESTINATION))),
            entry("sources", "Websites, apps, servers and models that send events.", list(of_kind(&kind::SOURCE))),
            entry("events", "Events that no vendor's plan lists.", list(event)),
            entry("notice", "The notice at collection, class by class.", Holds::Keys(None, notice)),
            entry("requests", "Consumer requests, by type.", Holds::Keys(None, requests.collect())),
            entry("decisions", "Significant decisions about consumers.", list(of_kind(&kind::DECISION))),
            entry("fields", "How fields are classified, wherever they occur.", list(field_rule())),
        ],
    )
});

/// A declaration for all fields that match: what a property has, but for its name.
fn field_rule() -> Holds {
    let pattern = "Pattern over `<event>.<section>.<path>`; `*` stands for anything.";
    let mut entries = vec![Entry { required: true, ..entry("match", pattern, Holds::Value(Value::Text)) }];
    if let Holds::Keys(_, own) = of_kind(&kind::PROPERTY) {
        entries.extend(own.into_iter().filter(|entry| entry.name != "name"));
    }
    Holds::Keys(None, entries)
}

fn add(holds: &mut Holds, entry: Entry) {
    if let Holds::Keys(_, entries) = holds {
        entries.push(entry);
    }
}

/// What a text of the kind table names, where its type does not say so.
pub(super) fn named(kind: &str, field: &str) -> Option<Holds> {
    Some(match (kind, field) {
        ("destination", "id") => name(Named::NewDestination),
        ("destination", "catalog") => name(Named::Catalogue),
        ("destination" | "notice" | "property", "purposes") => list(name(Named::Purpose)),
        ("source", "plan") => name(Named::Plan),
        ("request", "event") => name(Named::Event),
        ("signal", "categories") | ("banner", "close_grants") | ("consent", "preset_leaves_unset") => {
            list(name(Named::Category))
        }
        ("", "drop_events") => list(name(Named::Event)),
        ("", "drop_properties" | "allow_properties") => list(name(Named::Property)),
        _ => return None,
    })
}
