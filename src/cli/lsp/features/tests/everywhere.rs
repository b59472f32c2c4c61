//! At every place of every fixture.

use super::super::{CompletionKind, complete, hover};
use super::complete::read_back;
use super::{fixture, fixtures};
use crate::cli::lsp::snapshot::Snapshot;

/// Projects to go through.
fn projects() -> Vec<Snapshot> {
    let mut projects = vec![fixture("shop"), fixture("shop-broken")];
    let mut leaks: Vec<_> = std::fs::read_dir(fixtures("leaks")).unwrap().map(|entry| entry.unwrap().path()).collect();
    leaks.extend(std::fs::read_dir(fixtures("adapters")).unwrap().map(|entry| entry.unwrap().path()));
    leaks.retain(|path| path.is_dir());
    projects.extend(leaks.iter().map(|path| fixture(&path.to_string_lossy())));
    assert!(projects.len() > 40);
    projects
}

#[test]
fn hover_says_something_sensible_or_nothing() {
    let mut said = 0;
    for snapshot in projects() {
        for (id, source) in snapshot.inputs.sources.iter() {
            for offset in (0..=source.text.len()).filter(|at| source.text.is_char_boundary(*at)) {
                let Some(found) = hover(&snapshot, id, offset as u32) else { continue };
                let (start, end) = (found.span.start as usize, found.span.end as usize);
                assert!(found.span.source == id && start <= offset && offset <= end && end <= source.text.len());
                assert!(source.text.get(start..end).is_some() && !found.markdown.is_empty());
                said += 1;
            }
        }
    }
    assert!(said > 10_000, "{said}");
}

#[test]
fn what_is_completed_is_read_back() {
    let (mut tried, mut failed) = (0, Vec::new());
    for snapshot in projects() {
        for (id, source) in snapshot.inputs.sources.iter() {
            for offset in (0..=source.text.len()).step_by(5).filter(|at| source.text.is_char_boundary(*at)) {
                let found = complete(&snapshot, id, offset as u32);
                // A few of many, other ones at each place.
                let step = found.len() / 3 + 1;
                for completion in found.iter().skip(offset % step.min(7)).step_by(step) {
                    let span = completion.edit.span;
                    assert!(span.source == id && source.text.get(span.start as usize..span.end as usize).is_some());
                    if completion.kind == CompletionKind::Attribute || source.text[..offset].ends_with(['|', '>']) {
                        continue;
                    }
                    tried += 1;
                    failed.extend(read_back(&source.path, &source.text, completion).err());
                }
            }
        }
    }
    assert!(tried > 1_000, "{tried}");
    assert!(failed.is_empty(), "{} of {tried}\n{}", failed.len(), failed[..failed.len().min(10)].join("\n\n"));
}
