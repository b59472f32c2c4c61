//! Pages and templates: their scripts, and the scripts they load.

use std::ops::Range;

use html5gum::Tokenizer;
use html5gum::emitters::default::{DefaultEmitter, StartTag, Token};

use super::javascript::{Page, marks, read};
use super::parsed::{Comment, Parsed, Syntax};
use crate::source::{SourceId, Span};

/// Words in the type of a script that is JavaScript, or is made to run later (`text/plain` waits for consent).
const TYPES: [&str; 9] =
    ["javascript", "ecmascript", "module", "babel", "jsx", "typescript", "text/plain", "partytown", "rocketscript"];

/// Parses a page or a template of one.
pub(super) fn parse(source: SourceId, text: &str) -> Parsed<'_> {
    if !marks::any(text) {
        let (documents, comments, problems) = (Vec::new(), Vec::new(), Vec::new());
        return Parsed { syntax: Syntax::JavaScript, documents, comments, problems };
    }
    read(source, text, page(source, text))
}

fn page(source: SourceId, text: &str) -> Page {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let mut page = Page::default();
    let mut open: Option<usize> = None;
    for Ok(token) in Tokenizer::new_with_emitter(text, emitter) {
        match token {
            Token::StartTag(tag) if tag.name.as_slice() == b"script" => {
                page.addresses.extend(address(&tag, text));
                open = is_script(&tag).then_some(tag.span.end).filter(|_| !tag.self_closing);
            }
            Token::EndTag(tag) if tag.name.as_slice() == b"script" => {
                page.scripts.extend(open.take().map(|start| start..tag.span.start.max(start)));
            }
            Token::Comment(comment) if comment.value.windows(12).any(|part| part == b"consentlint:") => {
                let written = text.get(comment.span.start..comment.span.end).unwrap_or("");
                let end = comment.span.end - if written.ends_with("-->") { "-->".len() } else { 0 };
                page.comments.push(Comment { span: Span::new(source, comment.span.start, end) });
            }
            _ => {}
        }
    }
    page.scripts.extend(open.map(|start| start..text.len()));
    page.scripts.retain(|range| text.get(range.clone()).is_some_and(|body| !body.trim().is_empty()));
    page
}

fn address(tag: &StartTag<usize>, text: &str) -> Option<Range<usize>> {
    let span = tag.attributes.get(b"src".as_slice())?.span;
    let (_, written) = text.get(span.start..span.end)?.split_once('=')?;
    let address = written.trim_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'');
    let start = span.end - written.len() + written.find(address)?;
    Some(start..start + address.len())
}

fn is_script(tag: &StartTag<usize>) -> bool {
    let Some(stated) = tag.attributes.get(b"type".as_slice()) else { return true };
    let stated = String::from_utf8_lossy(stated).to_ascii_lowercase();
    stated.is_empty() || TYPES.iter().any(|word| stated.contains(word))
}
