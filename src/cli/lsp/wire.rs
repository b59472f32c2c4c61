//! Messages as the protocol frames them: headers, an empty line, and as many bytes as the headers say.

use lsp_server::Message;
use serde_json::{Value, json};
use std::io::{self, BufRead, Read, Write};

/// The longest message that is taken in; a file of the largest size that is read fits.
const MAX_MESSAGE_BYTES: u64 = 2 * crate::source::MAX_FILE_BYTES;

/// JSON-RPC: what came is no JSON.
const PARSE_ERROR: i32 = -32700;
/// JSON-RPC: what came is JSON, but no message.
const INVALID_REQUEST: i32 = -32600;

/// What came in.
#[derive(Debug)]
pub(super) enum Incoming {
    /// A message.
    Message(Message),
    /// Something that is none: the code and the words of the answer.
    Malformed(i32, String),
}

/// Reads the next message; `None` at the end of the stream. What is no message is told apart from what cannot be read, so
/// that one broken message does not end the conversation.
pub(super) fn read(input: &mut dyn BufRead) -> io::Result<Option<Incoming>> {
    let Some(length) = read_length(input)? else { return Ok(None) };
    if length > MAX_MESSAGE_BYTES {
        io::copy(&mut input.take(length), &mut io::sink())?;
        let why = format!("the message is longer than {MAX_MESSAGE_BYTES} bytes");
        return Ok(Some(Incoming::Malformed(INVALID_REQUEST, why)));
    }
    // Grows with what arrives: a length alone must not take memory.
    let mut body = Vec::new();
    if input.take(length).read_to_end(&mut body)? as u64 != length {
        return Ok(None);
    }
    Ok(Some(parse(&body)))
}

fn parse(body: &[u8]) -> Incoming {
    let value: Value = match serde_json::from_slice(body) {
        Ok(value) => value,
        Err(error) => return Incoming::Malformed(PARSE_ERROR, format!("the message is no JSON: {error}")),
    };
    // A question whose id cannot be given back is no notification.
    let asks = value.get("id").is_some() && value.get("method").is_some();
    let message = serde_json::from_value(value).ok().filter(|message| !asks || matches!(message, Message::Request(_)));
    message.map_or_else(
        || Incoming::Malformed(INVALID_REQUEST, "the message is no request, response or notification".to_owned()),
        Incoming::Message,
    )
}

/// The length that the next headers state; `None` at the end of the stream. Lines before them that are no headers are the
/// rest of a message whose length was wrong, and are passed over.
fn read_length(input: &mut dyn BufRead) -> io::Result<Option<u64>> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        if input.read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&line).to_ascii_lowercase();
        if let Some(stated) = text.rsplit("content-length:").next().filter(|rest| rest.len() < text.len()) {
            length = stated.trim().parse().ok();
        } else if text.trim_end_matches(['\r', '\n']).is_empty() && length.is_some() {
            return Ok(length);
        }
    }
}

/// Writes a message.
pub(super) fn write(message: &Message, output: &mut dyn Write) -> io::Result<()> {
    let mut output = output;
    message.write(&mut output)
}

/// Answers what is no message; nobody knows the id of the request that it may have been.
pub(super) fn refuse(code: i32, why: &str, output: &mut dyn Write) -> io::Result<()> {
    let body = json!({"jsonrpc": "2.0", "id": null, "error": {"code": code, "message": why}}).to_string();
    write!(output, "Content-Length: {}\r\n\r\n{body}", body.len())?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        let mut input = text.as_bytes();
        let mut said = Vec::new();
        while let Some(incoming) = read(&mut input).unwrap() {
            said.push(match incoming {
                Incoming::Message(Message::Request(request)) => request.method,
                Incoming::Message(Message::Notification(notification)) => notification.method,
                Incoming::Message(Message::Response(response)) => response.id.to_string(),
                Incoming::Malformed(code, _) => code.to_string(),
            });
        }
        said
    }

    fn framed(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    #[test]
    fn messages_of_every_sort_are_read() {
        let text = framed(r#"{"jsonrpc":"2.0","id":1,"method":"a","params":{"x":"é𝄞"}}"#)
            + "content-length:  33 \r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n"
            + r#"{"jsonrpc":"2.0","method":"note"}"#
            + &framed(r#"{"jsonrpc":"2.0","id":"q","result":null}"#);
        assert_eq!(all(&text), ["a", "note", "\"q\""]);
    }

    #[test]
    fn what_is_broken_does_not_end_the_conversation() {
        let good = framed(r#"{"jsonrpc":"2.0","method":"good"}"#);
        for (broken, said) in [
            (framed("{"), vec!["-32700", "good"]),
            (framed("[]"), vec!["-32600", "good"]),
            (framed("{\"jsonrpc\":\"2.0\"}"), vec!["-32600", "good"]),
            (framed(r#"{"id":99999999999,"method":"wide"}"#), vec!["-32600", "good"]),
            ("Content-Length: 5\r\n\r\n{\"method\":\"cut\"}".to_owned(), vec!["-32700", "good"]),
            ("Content-Length: many\r\n\r\n".to_owned(), vec!["good"]),
            ("noise\r\n\r\n".to_owned(), vec!["good"]),
            ("Content-Length: 4\r\n\r\n\u{7f}\u{7f}\u{7f}\u{7f}".to_owned(), vec!["-32700", "good"]),
        ] {
            assert_eq!(all(&(broken.clone() + &good)), said, "{broken}");
        }
        let too_long = framed(&format!("{} ", good));
        assert_eq!(all(&too_long), ["-32700"], "a message inside a message");
    }

    #[test]
    fn a_length_alone_takes_no_memory() {
        assert_eq!(all("Content-Length: 999999999999999\r\n\r\n{}"), ["-32600"]);
        assert!(all("Content-Length: 400000000\r\n\r\n{}").is_empty(), "the stream ended");
        assert!(all("").is_empty());
    }
}
