//! `consentlint lsp`: the linter in an editor, over standard input and output.
//!
//! The path of a key press: [`wire`] → [`server`] (whose turn it is) → [`workspace`] (which file, which project) →
//! [`folder`] and [`snapshot`] (judged anew) → [`diagnostics`], and [`answers`] (what [`features`] offer at a place) → out
//! again. Places are counted by [`place`] as the client does; [`crate::source::Overlay`] lays open texts over the
//! disk.

mod answers;
mod client;
mod diagnostics;
mod documents;
mod features;
mod folder;
mod place;
mod server;
mod snapshot;
mod uri;
mod wire;
mod workspace;

use super::World;
use super::args::LspOptions;
use lsp_server::Message;
use std::io::{self, BufReader, Read};
use std::sync::mpsc::{Sender, channel};
use wire::Incoming;

pub(super) fn run(options: &LspOptions, world: &mut World<'_>) -> io::Result<u8> {
    let (sender, messages) = channel();
    let mut server = server::Server::new(world.stdout, options.as_of.unwrap_or(world.today));
    let input: &mut (dyn Read + Send) = &mut *world.stdin;
    std::thread::scope(|scope| {
        scope.spawn(move || listen(input, &sender));
        server.serve(&messages)
    })
}

/// Passes messages on as they come, up to the last one: whoever waits for more would never end.
fn listen(input: &mut (dyn Read + Send), sender: &Sender<Incoming>) {
    let mut input = BufReader::new(input);
    while let Ok(Some(incoming)) = wire::read(&mut input) {
        let last = matches!(&incoming, Incoming::Message(Message::Notification(said)) if said.method == "exit");
        if sender.send(incoming).is_err() || last {
            return;
        }
    }
}
