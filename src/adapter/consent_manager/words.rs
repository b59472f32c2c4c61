//! What a banner of Segment's Consent Manager says, as far as its words stand in the file.

use crate::document::{Code, Node};

/// The words of `bannerContent`: a text, JSX, or `React.createElement` (React documentation), which takes a tag, its
/// attributes and what stands inside. Nothing where code makes them up.
pub(super) fn words(node: Node<'_>) -> Option<String> {
    let mut said = String::new();
    gather(node, &mut said);
    let plain = said.split_whitespace().collect::<Vec<_>>().join(" ");
    (!plain.is_empty()).then_some(plain)
}

fn gather(node: Node<'_>, said: &mut String) {
    if let Some(text) = node.text() {
        said.push_str(text);
        return;
    }
    let code = node.code();
    match node.computed() {
        Some(Code::Call) if code.split('(').next().is_some_and(|called| called.trim().ends_with("createElement")) => {
            node.parts().skip(2).for_each(|part| gather(part, said));
        }
        Some(Code::Other) if code.starts_with('<') => outside_of_tags(code, said),
        _ => {}
    }
}

/// The text between the tags of JSX; what stands in braces is code.
fn outside_of_tags(markup: &str, said: &mut String) {
    let (mut tags, mut braces) = (0usize, 0usize);
    for letter in markup.chars() {
        match letter {
            '{' => braces += 1,
            '}' => braces = braces.saturating_sub(1),
            _ if braces > 0 => {}
            '<' => tags += 1,
            '>' => {
                tags = tags.saturating_sub(1);
                said.push(' ');
            }
            _ if tags == 0 => said.push(letter),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::outside_of_tags;

    #[test]
    fn markup_and_code_are_left_out() {
        let mut said = String::new();
        outside_of_tags("<span>We use <a href=\"/p\" onClick={() => x > 1}>cookies</a> {note('all day')}.</span>", &mut said);
        assert_eq!(said.split_whitespace().collect::<Vec<_>>(), ["We", "use", "cookies", "."]);
    }
}
