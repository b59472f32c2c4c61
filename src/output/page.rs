//! A page of HTML in one file, which loads nothing: it is opened from a disk, sent by mail, kept as evidence.
//!
//! Its content security policy is strict ([CSP level 3](https://www.w3.org/TR/CSP3/)): nothing is allowed but the one style
//! and the one script that were built in, by their hashes, so that nothing that comes from a checked file could ever run.

use super::text;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::io::{self, Write};

/// The style that all pages share: light and dark, on a screen and on paper.
const STYLE: &str = include_str!("page/page.css");

/// The identity of the element that holds the data of a page.
const DATA: &str = "data";

/// What a page shows.
pub struct Page<'a> {
    /// What the tab and the first heading say.
    pub title: &'a str,
    /// Style beside that of all pages.
    pub style: &'static str,
    /// What runs when the page was read.
    pub script: &'static str,
    /// What the page shows; maud escapes what comes from files.
    pub body: Markup,
}

impl Page<'_> {
    /// Writes the page; `data` is JSON that the script finds in the element `data`, written while it is made.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn write(&self, data: Option<&impl Serialize>, out: &mut dyn Write) -> io::Result<()> {
        let style = as_parsed(&format!("{STYLE}{}", self.style));
        let script = as_parsed(self.script);
        write!(out, "{}", self.head(&style, &script).into_string())?;
        if let Some(data) = data {
            write!(out, "<script type=\"application/json\" id=\"{DATA}\">")?;
            write_data(data, out)?;
            out.write_all(b"</script>\n")?;
        }
        if !self.script.is_empty() {
            write!(out, "{}", html! { script { (PreEscaped(&script)) } }.into_string())?;
        }
        out.write_all(b"</body>\n</html>\n")
    }

    /// All of the page before its data. The tags that stay open are closed by whoever writes the rest.
    fn head(&self, style: &str, script: &str) -> Markup {
        html! {
            (DOCTYPE)
            (PreEscaped("<html lang=\"en\">\n"))
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy(style, script));
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                meta name="generator" content={ (env!("CARGO_PKG_NAME")) " " (env!("CARGO_PKG_VERSION")) };
                title { (text::line(self.title)) }
                style { (PreEscaped(style)) }
            }
            (PreEscaped("\n<body>\n"))
            (self.body)
            "\n"
        }
    }
}

/// Style or script as a browser has it, which knows no other line breaks and hashes what it has
/// ([HTML, preprocessing the input stream](https://html.spec.whatwg.org/multipage/parsing.html#preprocessing-the-input-stream)).
/// In a checkout they may have others.
fn as_parsed(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// Only the style and the script with these texts.
fn policy(style: &str, script: &str) -> String {
    let script = if script.is_empty() { "'none'".to_owned() } else { hash(script) };
    let style = hash(style);
    format!("default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'")
}

fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}

/// JSON inside a script element, which only `<` could end; it stands in texts only, where it has another spelling.
fn write_data(data: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut held = Held(out);
    serde_json::to_writer(&mut held, data)?;
    Ok(())
}

struct Held<'a>(&'a mut dyn Write);

impl Write for Held<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for (at, part) in bytes.split(|byte| *byte == b'<').enumerate() {
            if at > 0 {
                self.0.write_all(b"\\u003c")?;
            }
            self.0.write_all(part)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A sentence, in which names stand between backticks: they become code.
pub fn sentence(text: &str) -> Markup {
    let text = text::line(text);
    let parts: Vec<&str> = text.split('`').collect();
    let paired = parts.len() % 2 == 1;
    html! {
        @for (at, part) in parts.iter().enumerate() {
            @if at % 2 == 1 && paired { code { (part) } }
            @else if at > 0 && !paired { "`" (part) }
            @else { (part) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Page, hash, sentence};
    use maud::html;

    fn written(body: &str, data: Option<&str>) -> String {
        let page = Page { title: "</title>&", style: "", script: "1 < 2", body: html! { p { (body) } } };
        let mut out = Vec::new();
        page.write(data.as_ref(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn nothing_breaks_out_of_the_page() {
        let page = written("<script>x</script>", Some("</script><script>y<!--"));
        assert_eq!(page.matches("<script").count(), 2, "{page}");
        assert!(page.contains("&lt;script&gt;x"), "{page}");
        assert!(page.contains("\\u003c/script>\\u003cscript>y\\u003c!--"), "{page}");
        assert!(page.contains("<title>&lt;/title&gt;&amp;</title>"), "{page}");
    }

    #[test]
    fn only_the_script_that_was_built_in_may_run() {
        let page = written("", None);
        assert!(page.contains(&format!("script-src {}", hash("1 < 2"))), "{page}");
        assert!(page.contains("<script>1 < 2</script>"), "{page}");
        // openssl dgst -sha256 -binary | base64, of nothing.
        assert_eq!(hash(""), "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
    }

    #[test]
    fn line_breaks_of_a_checkout_do_not_matter() {
        let page = Page { title: "", style: "a {}\r\n", script: "x()\r\ny()", body: html! {} };
        let mut out = Vec::new();
        page.write(None::<&()>, &mut out).unwrap();
        let page = String::from_utf8(out).unwrap();
        assert!(page.contains(&format!("script-src {}", hash("x()\ny()"))) && !page.contains('\r'), "{page}");
    }

    #[test]
    fn names_in_a_sentence_are_code() {
        let html = |text| sentence(text).into_string();
        assert_eq!(html("`a<b` is `c`."), "<code>a&lt;b</code> is <code>c</code>.");
        assert_eq!(html("one ` tick"), "one ` tick");
        assert_eq!(html("a\nb"), "a b");
    }
}
