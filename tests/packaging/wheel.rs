//! The wheel: built by maturin, installed by pip, run.

use crate::common::root;
use crate::tools::{DAY, SHOP, Scratch, Tools, said, tools};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The wheel, built once for all tests, in the profile of the tests; the release's is built by `release.yml`.
pub(crate) fn wheel(tools: &Tools) -> &'static Path {
    static WHEEL: OnceLock<PathBuf> = OnceLock::new();
    WHEEL.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wheels");
        let _ = std::fs::remove_dir_all(&folder);
        let mut build = Command::new(tools.program("maturin"));
        build.args(["build", "--offline", "--out"]).arg(&folder).current_dir(root());
        said(&mut build).fine();
        let built: Vec<PathBuf> = crate::common::files(&folder);
        assert_eq!(built.len(), 1, "{built:?}");
        built[0].clone()
    })
}

/// Names in an archive, by a line of Python that prints them.
fn names(tools: &Tools, program: &str, archive: &Path) -> Vec<String> {
    let mut python = Command::new(tools.program("python"));
    let text = said(python.args(["-c", program]).arg(archive)).fine();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn the_wheel_holds_one_program_the_licences_and_the_notice() {
    let Some(tools) = tools("the content of the wheel") else { return };
    let list = "import sys, zipfile; print(*zipfile.ZipFile(sys.argv[1]).namelist(), sep='\\n')";
    let names = names(&tools, list, wheel(&tools));
    let programs: Vec<&String> = names.iter().filter(|name| name.contains(".data/")).collect();
    assert_eq!(programs.len(), 1, "{names:?}");
    assert!(programs[0].contains("/scripts/consentlint"), "{names:?}");
    for file in ["LICENSE-APACHE", "LICENSE-MIT", "NOTICE"] {
        assert!(names.iter().any(|name| name.ends_with(&format!("/licenses/{file}"))), "{file}: {names:?}");
    }
    assert!(!names.iter().any(|name| name.ends_with(".py") || name.ends_with(".rs")), "{names:?}");
}

#[test]
fn pip_installs_the_wheel_and_the_program_judges() {
    let Some(tools) = tools("pip install of the wheel") else { return };
    let mut scratch = Scratch::new();
    scratch.only_wheels_of(&[wheel(&tools).parent().unwrap()]);
    said(scratch.command(tools.program("python"), "home").args(["-m", "virtualenv", "--quiet", "../fresh"])).fine();
    let programs = scratch.folder("fresh").join(if cfg!(windows) { "Scripts" } else { "bin" });
    let package = format!("consentlint=={VERSION}");
    said(scratch.command(programs.join("pip"), "home").args(["install", "--quiet", &package])).fine();
    scratch.copy("fixtures/shop", &SHOP, "shop");
    let run = |arguments: &[&str]| said(scratch.command(programs.join("consentlint"), "shop").args(arguments));
    assert_eq!(run(&["--version"]).fine(), format!("consentlint {VERSION}\n"));
    let clean = run(&["check", "--as-of", DAY]);
    assert!(clean.code == 0 && clean.text.contains("no findings"), "{clean:?}");
    scratch.replace("shop/destinations.yaml", "{kind: service_provider, ref: DPA-2023-007,", "{kind: none,");
    let broken = run(&["check", "--as-of", DAY, "--format", "concise"]);
    assert!(broken.code == 1 && broken.text.contains("[ccpa/sp-contract-missing]"), "{broken:?}");
}

#[test]
fn the_source_distribution_holds_what_the_crate_holds() {
    let Some(tools) = tools("the source distribution") else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut build = Command::new(tools.program("maturin"));
    said(build.args(["sdist", "--out"]).arg(folder.path()).current_dir(root())).fine();
    let archive = &crate::common::files(folder.path())[0];
    let list = "import sys, tarfile; print(*tarfile.open(sys.argv[1]).getnames(), sep='\\n')";
    let names: Vec<String> = names(&tools, list, archive);
    let inside = |name: &String| name.split_once('/').map(|(_, rest)| rest.to_owned());
    let mut held: Vec<String> = names.iter().filter_map(inside).collect();
    let own = ["PKG-INFO", "pyproject.toml"];
    assert!(own.iter().all(|name| held.iter().any(|held| held == name)), "{held:?}");
    held.retain(|name| !own.contains(&name.as_str()));
    held.sort();
    assert_eq!(held, crate::package::files());
}

#[test]
fn the_archives_of_a_release_hold_the_program_of_the_wheel() {
    let Some(tools) = tools("the archives of a release") else { return };
    let scratch = Scratch::new();
    let mut python = scratch.command(tools.program("python"), "home");
    said(python.arg(root().join("packaging/archive.py")).arg("dist").arg(wheel(&tools))).fine();
    let made = crate::common::files(&scratch.folder("home/dist"));
    let archive = made.iter().find(|path| !path.ends_with("SHA256SUMS")).unwrap();
    let sums = std::fs::read_to_string(scratch.folder("home/dist/SHA256SUMS")).unwrap();
    let name = archive.file_name().unwrap().to_string_lossy();
    assert!(
        name.starts_with(&format!("consentlint-{VERSION}-")) && sums.ends_with(&format!("  {name}\n")),
        "{name}: {sums}"
    );
    if cfg!(windows) {
        return;
    }
    said(scratch.command("sha256sum", "home/dist").args(["--check", "SHA256SUMS"])).fine();
    said(scratch.command("tar", "home").args(["-xzf"]).arg(archive)).fine();
    let folder = format!("home/{}", name.trim_end_matches(".tar.gz"));
    let version = said(scratch.command(scratch.folder(&format!("{folder}/consentlint")), &folder).arg("--version"));
    assert_eq!(version.fine(), format!("consentlint {VERSION}\n"));
    for file in ["LICENSE-APACHE", "LICENSE-MIT", "NOTICE"] {
        assert!(scratch.folder(&folder).join(file).is_file(), "{file}");
    }
}
