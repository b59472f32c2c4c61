//! Settings of typewriter and RudderTyper: which plans a client is generated from.
//!
//! They hold no events; what they give is a plan's id beside the folder that the plan is saved in.

use super::plan_parts::{self, has_list, has_map, text_at};
use super::{Adapter, Candidate};
use crate::document::Node;
use crate::finding::{Problem, Stage};
use crate::model::{Origin, Located, Model};

/// Settings of typewriter.
pub static ADAPTER: Adapter = Adapter {
    name: "typewriter-config",
    about: "typewriter.yml and ruddertyper.yml: the plans that a client is generated from",
    origin: Origin::Plan,
    schema: None,
    recognises: |candidate| is_config(candidate.document.root()),
    meant: |_| false,
    lower,
};

fn is_config(root: Node<'_>) -> bool {
    let client = root.get("client").filter(|_| has_map(root, "client"));
    let named = client.is_some_and(|client| client.get("sdk").is_some() || client.get("language").is_some());
    named && has_list(root, "trackingPlans")
}

fn lower(candidate: &Candidate<'_>, model: &mut Model, problems: &mut Vec<Problem>) {
    let Some(plans) = candidate.document.root().get("trackingPlans") else { return };
    for plan in plans.items() {
        let mut names = Vec::new();
        for key in ["name", "id"] {
            plan_parts::add_name(&mut names, text_at(plan, key).unwrap_or(""));
        }
        let shown = ["name", "id"].into_iter().find_map(|key| plan.get(key).filter(|_| text_at(plan, key).is_some()));
        // The folder is a name of the plan as well: the `plan.json` in it takes the same one.
        let folder = text_at(plan, "path").and_then(|path| path.trim_end_matches('/').rsplit('/').next());
        plan_parts::add_name(&mut names, folder.filter(|folder| !matches!(*folder, "." | "..")).unwrap_or(""));
        let Some(shown) = shown else {
            let problem = Problem::at(Stage::Schema, plan.span(), "a plan in `trackingPlans` has no `id`");
            problems.push(problem.help("add the id that the plan has in the workspace, such as `id: rs_…`"));
            continue;
        };
        let name = Located::new(shown.text().unwrap_or("").to_owned(), shown.span());
        plan_parts::push_plan(model, name, names);
    }
}
