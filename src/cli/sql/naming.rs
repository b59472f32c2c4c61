//! How Segment names tables and columns.

/// A name in snake case, as Segment's warehouses have it: signs between words become one underscore, and a capital after
/// a small letter or a digit starts a word. Signs outside of ASCII are dropped (Segment documentation, Warehouse Schemas,
/// which names the package that does it).
pub(super) fn snake(name: &str) -> String {
    let bytes = name.as_bytes();
    let small = |at: usize| bytes.get(at).is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let large = |at: usize| bytes.get(at).is_some_and(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    // The start that is as it must be stays as it is.
    let mut at = 0;
    while small(at) || (bytes.get(at) == Some(&b'_') && small(at + 1)) {
        at += 1;
    }
    if at == bytes.len() {
        return name.to_owned();
    }
    // A digit before the first other sign starts a word of its own: `cart2 Viewed` is `cart_2_viewed`.
    at -= usize::from(at > 0 && bytes[at - 1].is_ascii_digit());
    let mut words: Vec<String> = Vec::new();
    words.extend((at > 0).then(|| name[..at].to_owned()));
    while at < bytes.len() {
        let start = at;
        while large(at) {
            at += 1;
        }
        while small(at) {
            at += 1;
        }
        match at > start {
            true => words.push(String::from_utf8_lossy(&bytes[start..at]).to_ascii_lowercase()),
            false => at += 1,
        }
    }
    words.join("_")
}

/// The column of a path: nested objects are joined by underscores, and an array is one column, with its items as JSON.
/// Gives whether it is an array, too.
pub(super) fn column(path: &str) -> (String, bool) {
    let array = path.split('.').any(|segment| segment == "$");
    let parts: Vec<String> =
        path.split('.').take_while(|segment| *segment != "$").map(snake).filter(|part| !part.is_empty()).collect();
    (parts.join("_"), array)
}

#[cfg(test)]
mod tests {
    use super::{column, snake};

    #[test]
    fn names_are_in_snake_case_as_the_warehouse_has_them() {
        for (name, expected) in [
            ("Order Completed", "order_completed"),
            ("orderCompleted", "order_completed"),
            ("order-completed", "order_completed"),
            ("order_completed", "order_completed"),
            ("order___completed", "order_completed"),
            ("  Cart   2 Viewed ", "cart_2_viewed"),
            ("CART VIEWED", "cart_viewed"),
            ("__$Base64Encode", "base64_encode"),
            ("A:B$C", "a_b_c"),
            ("lamp.example", "lamp_example"),
            ("category2", "category2"),
            ("category2 Viewed", "category_2_viewed"),
            ("cart2Viewed", "cart_2viewed"),
            ("_private", "_private"),
            ("private_", "private"),
            ("1-necessary", "1_necessary"),
            ("C0004", "c0004"),
            ("do-not-sell", "do_not_sell"),
            ("userID", "user_id"),
            ("ÄrgerÖl", "rger_l"),
            ("\"; DROP TABLE x; --", "drop_table_x"),
            ("•", ""),
            ("", ""),
        ] {
            assert_eq!(snake(name), expected, "{name}");
        }
    }

    #[test]
    fn nested_names_are_joined_and_arrays_are_one_column() {
        assert_eq!(column("address.streetName"), ("address_street_name".to_owned(), false));
        assert_eq!(column("products.$.sku"), ("products".to_owned(), true));
        assert_eq!(column("tags.$"), ("tags".to_owned(), true));
    }
}
