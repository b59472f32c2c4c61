//! `consentlint check --fix` and `--diff`: makes the fixes that hold, and says which did not.

use super::args::CheckOptions;
use super::check::{self, Seen, prepare, show};
use super::project::Project;
use super::site::Site;
use super::write::replace;
use super::{CLEAN, FINDINGS, TROUBLE, World};
use crate::fix::{Done, Mended, Reading, Target, Texts, Wish, mend};
use crate::output::{counted, harmless, printable};
use crate::source::{Overlay, SourceId, read_file};
use similar::TextDiff;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

/// What every reading of the project shares.
struct Run<'o> {
    options: &'o CheckOptions,
    directory: PathBuf,
    today: jiff::civil::Date,
    progress: Option<fn(&str)>,
    /// What came in on standard input, which can be read once.
    piped: Vec<u8>,
}

impl Run<'_> {
    /// The project with new texts, and the files of which findings are wanted.
    fn project(&self, texts: &Texts) -> Project {
        let site = Site::disk(&self.directory);
        let overlay = self.overlay(texts);
        let piped = texts.get(&self.options.project.stdin_filename).filter(|_| self.is_piped());
        let mut stdin = piped.map_or(self.piped.as_slice(), |text| text.as_bytes());
        Project::read_at(Site { files: &overlay, ..site }, &self.options.project, &mut stdin)
    }

    fn overlay<'t>(&self, texts: &'t Texts) -> Overlay<'t> {
        let path = |shown: &String| Site::disk(&self.directory).absolute(Path::new(shown));
        Overlay { texts: texts.iter().map(|(shown, text)| (path(shown), text.as_str())).collect(), alone: None }
    }

    fn is_piped(&self) -> bool {
        self.options.project.paths.iter().any(|path| path.as_os_str() == "-")
    }

    fn see(&self, mut project: Project, texts: &Texts) -> Seen {
        let overlay = self.overlay(texts);
        let baseline = prepare(self.options, &mut project, Site { files: &overlay, ..Site::disk(&self.directory) });
        let run = check::Run { options: self.options, today: self.today, progress: self.progress, fixes: true };
        let (inputs, loaded) = run.read(&mut project);
        run.judge(&project, baseline.as_ref(), inputs, loaded)
    }

    /// Everything that is found, in whatever file.
    fn whole(&self, mut project: Project, texts: &Texts) -> Reading {
        project.wanted = None;
        let Seen { inputs, report, .. } = self.see(project, texts);
        Reading { sources: inputs.sources, report }
    }

    /// What is left of the findings that are wanted.
    fn left(&self) -> Seen {
        self.see(self.project(&Texts::new()), &Texts::new())
    }
}

pub(super) fn run(options: &CheckOptions, world: &mut World<'_>) -> io::Result<u8> {
    let (directory, today, progress) = (world.directory.clone(), world.today, world.progress);
    let mut run = Run { options, directory, today, progress, piped: Vec::new() };
    if run.is_piped() {
        if !options.diff {
            writeln!(
                world.stderr,
                "consentlint: --fix cannot change standard input; --diff shows what it would change"
            )?;
            return Ok(TROUBLE);
        }
        world.stdin.read_to_end(&mut run.piped)?;
    }
    let project = run.project(&Texts::new());
    let named = |ids: &Vec<SourceId>| -> BTreeSet<String> {
        let sources = ids.iter().filter_map(|id| project.inputs.sources.get(*id));
        sources.map(|source| source.path.clone()).collect()
    };
    let wish = Wish { all: options.not_safe, files: project.wanted.as_ref().map(named) };
    let first = run.whole(project, &Texts::new());
    let before: Texts = first.sources.iter().map(|(_, source)| (source.path.clone(), source.text.clone())).collect();
    let mut mended = mend(first, &wish, &mut |texts| run.whole(run.project(texts), texts));
    mended.texts.retain(|path, text| before.get(path) != Some(text));
    if options.diff { preview(&run, &before, &mended, world) } else { write(&run, &before, mended, world) }
}

/// Shows what would change. The exit code tells whether anything would.
fn preview(run: &Run<'_>, before: &Texts, mended: &Mended, world: &mut World<'_>) -> io::Result<u8> {
    for (path, text) in &mended.texts {
        let old = before.get(path).map_or("", String::as_str);
        let name = printable(path);
        let diff = TextDiff::from_lines(old, text.as_str());
        let shown =
            diff.unified_diff().context_radius(3).header(&format!("a/{name}"), &format!("b/{name}")).to_string();
        write!(world.stdout, "{}", colored(&harmless(&shown), world.color))?;
    }
    tell(mended, "would mend", world)?;
    if !mended.texts.is_empty() {
        return Ok(FINDINGS);
    }
    // What could not be read must not look like what needs no fix.
    let problems = run.left().report.problems.len();
    if problems > 0 {
        let problems = counted(problems, "problem", "problems");
        writeln!(world.stderr, "consentlint: no fix; {problems}, which `consentlint check` shows")?;
        return Ok(TROUBLE);
    }
    if mended.refused.is_empty() && mended.unsafe_left == 0 {
        writeln!(world.stderr, "consentlint: there is nothing that a fix would mend")?;
    }
    Ok(CLEAN)
}

fn colored(diff: &str, color: bool) -> String {
    if !color {
        return diff.to_owned();
    }
    let line = |line: &str| match line.as_bytes().first() {
        Some(b'+') => format!("\u{1b}[32m{line}\u{1b}[0m"),
        Some(b'-') => format!("\u{1b}[31m{line}\u{1b}[0m"),
        Some(b'@') => format!("\u{1b}[36m{line}\u{1b}[0m"),
        _ => line.to_owned(),
    };
    let lines = diff.split_inclusive('\n').map(|text| match text.strip_suffix('\n') {
        Some(inner) => line(inner) + "\n",
        None => line(text),
    });
    lines.collect()
}

/// Writes the files that change, says what was mended, and shows what is left.
fn write(run: &Run<'_>, before: &Texts, mut mended: Mended, world: &mut World<'_>) -> io::Result<u8> {
    let failure = put(&run.directory, before, &mended.texts);
    if let Err(why) = &failure {
        writeln!(world.stderr, "consentlint: nothing is written: {why}")?;
        mended.done.clear();
    }
    tell(&mended, "mended", world)?;
    let code = show(run.left(), run.options, world)?;
    Ok(if failure.is_ok() { code } else { TROUBLE })
}

/// Writes all files or none: a fix may change several.
fn put(directory: &Path, before: &Texts, texts: &Texts) -> Result<(), String> {
    if let Some(path) = texts.keys().find(|path| !is_as_read(directory, path, before)) {
        return Err(format!("{} was changed while it was checked; run it again", printable(path)));
    }
    let mut written: Vec<&String> = Vec::new();
    for (path, text) in texts {
        let Err(error) = replace(&directory.join(path), text) else {
            written.push(path);
            continue;
        };
        let mut why = format!("{} cannot be written: {error}", printable(path));
        for path in written {
            let old = before.get(path).map_or("", String::as_str);
            if let Err(error) = replace(&directory.join(path), old) {
                why += &format!("; {} was written, and cannot be put back: {error}", printable(path));
            }
        }
        return Err(why);
    }
    Ok(())
}

/// Whether a file is still what was read.
fn is_as_read(directory: &Path, path: &str, before: &Texts) -> bool {
    let read = read_file(&directory.join(path), path);
    read.is_ok_and(|source| before.get(path) == Some(&source.text))
}

/// Says what was mended, file by file, and what was not.
fn tell(mended: &Mended, verb: &str, world: &mut World<'_>) -> io::Result<()> {
    let mut files: BTreeMap<String, Vec<&Done>> = BTreeMap::new();
    for done in &mended.done {
        files.entry(done.files.join(", ")).or_default().push(done);
    }
    for (file, all) in files {
        writeln!(world.stderr, "{verb} {} in {}:", targets(&all), printable(&file))?;
        for done in all {
            let names: BTreeSet<&str> = done.targets.iter().map(|target| target.name()).collect();
            let names = names.into_iter().collect::<Vec<_>>().join(", ");
            writeln!(world.stderr, "  {} ({})", printable(&done.title), printable(&names))?;
        }
    }
    for refused in &mended.refused {
        let file = if refused.file.is_empty() { String::new() } else { format!(" in {}", printable(&refused.file)) };
        writeln!(world.stderr, "not applied{file}: {}: {}", printable(&refused.title), printable(&refused.why))?;
    }
    if mended.unsafe_left > 0 {
        let left = counted(mended.unsafe_left, "fix", "fixes");
        writeln!(world.stderr, "{left} more with --unsafe: they choose, or leave something to be filled in")?;
    }
    Ok(())
}

/// How many findings and problems were mended.
fn targets(done: &[&Done]) -> String {
    let all = || done.iter().flat_map(|done| &done.targets);
    let findings = all().filter(|target| matches!(target, Target::Finding(..))).count();
    let problems = all().count() - findings;
    let words = [(findings, "finding", "findings"), (problems, "problem", "problems")];
    let told = words.into_iter().filter(|(count, ..)| *count > 0).map(|(count, one, many)| counted(count, one, many));
    told.collect::<Vec<_>>().join(" and ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods, reason = "tests look at what was written")]

    use super::*;

    #[test]
    fn a_file_that_changed_since_it_was_read_is_left_as_it_is_and_so_are_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let text = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
        let texts = |a: &str, b: &str| Texts::from([("a.yaml".into(), a.into()), ("b.yaml".into(), b.into())]);
        std::fs::write(folder.path().join("a.yaml"), "a").unwrap();
        std::fs::write(folder.path().join("b.yaml"), "saved").unwrap();
        let why = put(folder.path(), &texts("a", "b"), &texts("new a", "new b")).unwrap_err();
        assert_eq!(why, "b.yaml was changed while it was checked; run it again");
        assert_eq!((text("a.yaml"), text("b.yaml")), ("a".into(), "saved".into()));
        std::fs::remove_file(folder.path().join("b.yaml")).unwrap();
        assert!(put(folder.path(), &texts("a", "b"), &texts("new a", "new b")).is_err());
        assert_eq!(text("a.yaml"), "a");
        std::fs::write(folder.path().join("b.yaml"), "b").unwrap();
        put(folder.path(), &texts("a", "b"), &texts("new a", "new b")).unwrap();
        assert_eq!((text("a.yaml"), text("b.yaml")), ("new a".into(), "new b".into()));
    }
}
