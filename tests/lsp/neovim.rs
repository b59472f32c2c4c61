//! A real editor: headless Neovim with its own client.

use crate::client::copy;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Opens a file, waits for diagnostics, asks for a hover, types, and writes down what it saw.
const SCRIPT: &str = r#"
local out, cmd, root, file = os.getenv('SEEN'), os.getenv('PROGRAM'), os.getenv('ROOT'), os.getenv('FILE')
local seen = {}
local function save()
  local handle = io.open(out, 'w')
  handle:write(vim.fn.json_encode(seen))
  handle:close()
end
local function codes()
  local found = {}
  for _, diagnostic in ipairs(vim.diagnostic.get(0)) do
    table.insert(found, {code = diagnostic.code or diagnostic.user_data.lsp.code, line = diagnostic.lnum, column = diagnostic.col, severity = diagnostic.severity})
  end
  return found
end
local function has(code)
  for _, found in ipairs(codes()) do if found.code == code then return true end end
  return false
end
local ok, why = pcall(function()
  vim.cmd('edit ' .. vim.fn.fnameescape(file))
  local id = vim.lsp.start_client({
    name = 'consentlint', cmd = {cmd, 'lsp', '--as-of', '2026-11-24'}, root_dir = root,
    workspace_folders = {{uri = vim.uri_from_fname(root), name = 'shop'}},
  })
  assert(vim.lsp.buf_attach_client(0, id))
  seen.told = vim.wait(60000, function() return has('ccpa/gpc-not-honored') end, 50)
  seen.first = codes()
  local line = vim.fn.search('honored: false')
  local column = vim.fn.getline(line):find('false') - 1
  local answers = vim.lsp.buf_request_sync(0, 'textDocument/hover',
    {textDocument = vim.lsp.util.make_text_document_params(0), position = {line = line - 1, character = column}}, 60000)
  for _, answer in pairs(answers or {}) do seen.hover = answer.result and answer.result.contents.value end
  local actions = vim.lsp.buf_request_sync(0, 'textDocument/codeAction', {
    textDocument = vim.lsp.util.make_text_document_params(0),
    range = {start = {line = line - 1, character = column}, ['end'] = {line = line - 1, character = column}},
    context = {diagnostics = {}},
  }, 60000)
  for _, answer in pairs(actions or {}) do seen.actions = answer.result end
  vim.fn.setline(line, (vim.fn.getline(line):gsub('honored: false', 'honored: true, applies_to: [browser, pseudonymous_profile, account]')))
  seen.cured = vim.wait(60000, function() return not has('ccpa/gpc-not-honored') end, 50)
  vim.cmd('undo')
  seen.again = vim.wait(60000, function() return has('ccpa/gpc-not-honored') end, 50)
  if seen.actions and seen.actions[1] then
    local before = #codes()
    local wanted = seen.actions[1]
    local client = vim.lsp.get_client_by_id(id)
    vim.lsp.util.apply_workspace_edit(wanted.edit, client.offset_encoding)
    seen.applied = vim.wait(60000, function() return not has('ccpa/gpc-not-honored') or #codes() ~= before end, 50)
    seen.title = wanted.title
  end
  vim.lsp.stop_client(id)
end)
if not ok then seen.error = tostring(why) end
save()
vim.cmd('qall!')
"#;

fn is_there() -> bool {
    Command::new("nvim")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn seen(folder: &Path, file: &str) -> Value {
    let scratch = tempfile::tempdir().unwrap();
    let (script, out) = (scratch.path().join("test.lua"), scratch.path().join("seen.json"));
    std::fs::write(&script, SCRIPT).unwrap();
    let mut editor = Command::new("nvim");
    editor.args(["--headless", "--clean", "-n", "-u", "NONE", "-S"]).arg(&script).current_dir(folder);
    editor.env("SEEN", &out).env("PROGRAM", env!("CARGO_BIN_EXE_consentlint")).env("ROOT", folder);
    editor.env("FILE", folder.join(file)).env("HOME", scratch.path()).env("XDG_STATE_HOME", scratch.path());
    let mut editor = editor.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let start = Instant::now();
    while editor.try_wait().unwrap().is_none() {
        if start.elapsed() > Duration::from_secs(300) {
            editor.kill().unwrap();
            panic!("Neovim does not end");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let text = std::fs::read_to_string(&out).unwrap_or_else(|error| panic!("Neovim wrote nothing: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn neovim_shows_what_is_found_and_follows_what_is_typed() {
    if !is_there() {
        println!("skipped: there is no `nvim` here; `apt-get install neovim` brings it");
        return;
    }
    let (_scratch, folder) = copy("fixtures/shop-broken");
    let seen = seen(&folder, "consent.yaml");
    assert_eq!(seen["error"], Value::Null, "{seen:#}");
    assert_eq!((&seen["told"], &seen["cured"], &seen["again"]), (&true.into(), &true.into(), &true.into()), "{seen:#}");
    let first = seen["first"].as_array().unwrap();
    let signal = first.iter().find(|found| found["code"] == "ccpa/gpc-not-honored").unwrap();
    assert_eq!((&signal["line"], &signal["column"], &signal["severity"]), (&4.into(), &17.into(), &1.into()));
    assert!(seen["hover"].as_str().unwrap().contains("Global Privacy Control"), "{seen:#}");
    if seen["actions"].as_array().is_some_and(|actions| !actions.is_empty()) {
        assert_eq!(seen["applied"], true, "{seen:#}");
    }
}
