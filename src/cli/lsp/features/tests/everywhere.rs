//! At every place of every fixture.

use super::super::{CompletionKind, complete, hover};
use super::complete::read_back;
use super::{fixture, fixtures};
use crate::cli::lsp::snapshot::Snapshot;
use crate::source::{Discovery, Source, SourceId, discover};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Projects to go through: the shops, and each leak, its cure and each format as one.
fn projects() -> Vec<Snapshot> {
    let everything = Discovery::new(&["**".to_owned()], &[]).unwrap();
    let files = ["leaks", "adapters"].map(|folder| discover(&fixtures(folder), &everything).0);
    let part = |path: PathBuf| path.strip_prefix(fixtures("")).unwrap().components().take(2).collect::<PathBuf>();
    let folders: BTreeSet<PathBuf> = files.into_iter().flatten().map(|file| part(file.path)).collect();
    let folders = folders.iter().filter(|folder| fixtures("").join(folder).is_dir());
    let mut projects: Vec<Snapshot> = folders.map(|folder| fixture(&folder.to_string_lossy())).collect();
    assert!(projects.len() > 40);
    projects.extend(["shop", "shop-broken"].map(fixture));
    projects
}

/// The places between two characters.
fn places(text: &str, step: usize) -> impl Iterator<Item = usize> {
    (0..=text.len()).step_by(step).filter(|at| text.is_char_boundary(*at))
}

#[test]
fn hover_says_something_sensible_or_nothing() {
    let said: usize = projects().par_iter().map(hovered).sum();
    assert!(said > 10_000, "{said}");
}

/// At how many places of a project something is said.
fn hovered(snapshot: &Snapshot) -> usize {
    let mut said = 0;
    for (id, source) in snapshot.inputs.sources.iter() {
        for offset in places(&source.text, 1) {
            let Some(found) = hover(snapshot, id, offset as u32) else { continue };
            let (start, end) = (found.span.start as usize, found.span.end as usize);
            assert!(found.span.source == id && start <= offset && offset <= end && end <= source.text.len());
            assert!(source.text.get(start..end).is_some() && !found.markdown.is_empty());
            said += 1;
        }
    }
    said
}

#[test]
fn what_is_completed_is_read_back() {
    let (mut tried, mut failed) = (0, Vec::new());
    for snapshot in projects() {
        for (id, source) in snapshot.inputs.sources.iter() {
            for offset in places(&source.text, 7) {
                let (count, wrong) = try_at(&snapshot, id, source, offset);
                tried += count;
                failed.extend(wrong);
            }
        }
    }
    assert!(tried > 1_000, "{tried}");
    assert!(failed.is_empty(), "{} of {tried}\n{}", failed.len(), failed[..failed.len().min(10)].join("\n\n"));
}

/// Takes a few of many completions, other ones at each place. Expressions are read by no parser of documents.
fn try_at(snapshot: &Snapshot, id: SourceId, source: &Source, offset: usize) -> (usize, Vec<String>) {
    let found = complete(snapshot, id, offset as u32);
    let step = found.len() / 3 + 1;
    let some = found.iter().skip(offset % step.min(7)).step_by(step);
    let some: Vec<_> = some.filter(|completion| completion.kind != CompletionKind::Attribute).collect();
    for completion in &some {
        let span = completion.edit.span;
        assert!(span.source == id && source.text.get(span.start as usize..span.end as usize).is_some());
    }
    let failed = some.iter().filter_map(|completion| read_back(&source.path, &source.text, completion).err());
    (some.len(), failed.collect())
}

#[test]
fn an_offset_within_a_character_is_no_trouble() {
    let text = "datamap: 1\nbusiness: {name: \"Café Ünïon, söhne\nsources: [\"wéb\ndestinations:\n  - id: \"é\n";
    let snapshot = super::project(&[("map.yaml", text)]);
    let id = super::source(&snapshot, "map.yaml");
    for offset in 0..text.len() as u32 + 3 {
        let _ = (hover(&snapshot, id, offset), complete(&snapshot, id, offset));
    }
}
