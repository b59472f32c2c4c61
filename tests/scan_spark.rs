//! `docs/scale.py` on a local Spark gives what one run gives. Skipped where `python3` has no PySpark or there is no Java; demanded
//! where `CONSENTLINT_PYTHON` names a Python that has it (`packaging/install-spark` makes one).
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests start programs and write scratch files")]

mod common;

use common::{root, run};
use flate2::{Compression, write::GzEncoder};
use std::fs;
use std::io::Write;
use std::process::Command;

#[test]
fn spark_gives_what_one_run_gives() {
    let named = std::env::var("CONSENTLINT_PYTHON").ok();
    let python = named.clone().unwrap_or_else(|| "python3".to_owned());
    let has = Command::new(&python).args(["-c", "import pyspark"]).output().is_ok_and(|ran| ran.status.success());
    let java = Command::new("java").arg("-version").output().is_ok_and(|ran| ran.status.success());
    assert!(named.is_none() || has && java, "CONSENTLINT_PYTHON is set: PySpark {has}, Java {java}");
    if !has || !java {
        println!("SKIPPED: PySpark and Java are needed; packaging/install-spark gets it");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let exports = folder.path().join("exports");
    fs::create_dir(&exports).unwrap();
    for part in 0..4 {
        let line = |at: usize| {
            format!(
                "{{\"type\":\"track\",\"event\":\"Form Sent\",\"properties\":{{\"é{part}\":{at},\"note\":\"to ada{at}@example.com\"}}}}\n"
            )
        };
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all((0..300).map(line).collect::<String>().as_bytes()).unwrap();
        packed.write_all(b"\nno json\n").unwrap();
        fs::write(exports.join(format!("{part}.gz")), packed.finish().unwrap()).unwrap();
    }
    let out = folder.path().join("spark.json");
    let ran = Command::new(&python)
        .arg(root().join("docs/scale.py"))
        .args([&exports, &out])
        .arg(env!("CARGO_BIN_EXE_consentlint"))
        .env("SPARK_LOCAL_IP", "127.0.0.1")
        .env("PYSPARK_PYTHON", &python)
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let whole = run(folder.path(), &["scan", "exports", "--out", "whole.json"]);
    assert_eq!(whole.code, 0, "{}", whole.stderr);
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("spark.json"), read("whole.json"));
    assert!(read("whole.json").contains("\"malformed\": 4"));
}
