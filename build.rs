//! Rebuilds when a rule is added.

fn main() {
    // An embedded folder does not notice a new file otherwise.
    println!("cargo:rerun-if-changed=policies");
}
