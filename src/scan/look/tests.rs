use super::*;

fn looks(key: &str, value: &str) -> Vec<&'static str> {
    of_text(Key::of(key), value.as_bytes()).iter().map(Look::name).collect()
}

fn numeric(key: &str, value: &str) -> Vec<&'static str> {
    of_number(Key::of(key), value.as_bytes()).iter().map(Look::name).collect()
}

fn shape_of(value: &str) -> String {
    let mut written = String::new();
    shape(value, &mut written);
    written
}

fn each(key: &str, values: &[&str], expected: &[&str]) {
    for value in values {
        assert_eq!(looks(key, value), expected, "{value}");
    }
}

#[test]
fn email_addresses_are_found_anywhere_in_a_text() {
    let found = [
        "ada@example.com",
        "Ada <ada.l+news@mail.example.co.uk>",
        "please write to ada@example.com.",
        "https://shop.example/?e=ada%40example.com&x=1",
        "mailto:o'neill@example.org",
        "ÄDA@exämple.de",
    ];
    each("note", &found, &["email"]);
    let none = [
        "@ada",
        "ada@",
        "ada@home",
        "a@b.c",
        "50% @ 3.5",
        "x@1.2",
        "icon@2x.png",
        "@example.com",
        "100%40 off",
        "a@.com",
        "a.@b.com",
        "https://0f3b9c@o17.ingest.example.io/4",
        "https://cdn.example/npm/jquery@3.6.0/dist/jquery.min.js",
    ];
    each("note", &none, &[]);
}

#[test]
fn cards_need_a_network_a_length_and_a_check_digit() {
    each(
        "x",
        &["4111 1111 1111 1111", "paid with 5555-5555-5555-4444 today", "3782 822463 10005", "3056 930902 5904"],
        &["card"],
    );
    each("x", &["4111111111111111", "card=378282246310005;", "6011111111111117", "2223003122003222"], &["card_digits"]);
    let none = [
        "4111 1111 1111 1112",
        "4111111111111112",
        "1234567812345670",
        "0000000000000000",
        "411111111111111",
        "41111111111111110",
        "0.4111111111111111",
        "4111111111111111.5",
        "a4111111111111111",
        "4111111111111111-x",
        "41 11 1111 1111 1111",
        "4111-1111 1111-1111",
        "1700000000000",
    ];
    each("x", &none, &[]);
    assert_eq!(numeric("x", "4111111111111111"), ["card_digits"]);
    assert!(numeric("x", "4111111111111112").is_empty() && numeric("x", "-4111111111111111").is_empty());
}

#[test]
fn social_security_numbers_are_of_areas_and_groups_that_are_given_out() {
    each("x", &["212-65-8934", "ssn: 212-65-8934,", "(212-65-8934)".trim_matches(['(', ')'])], &["ssn"]);
    let none = [
        "000-65-8934",
        "666-65-8934",
        "912-65-8934",
        "212-00-8934",
        "212-65-0000",
        "078-05-1120",
        "212658934",
        "212-65-89345",
        "1212-65-8934",
        "x-212-65-8934",
        "212-65-8934-1",
    ];
    each("x", &none, &[]);
}

#[test]
fn telephone_numbers_are_written_as_such() {
    let found = [
        "+14155552671",
        "+1 (415) 555-2671",
        "+49 30 901820",
        "+44-20-7946-0958",
        "(415) 555-2671",
        "415-555-2671",
        "call 415.555.2671 now",
        "1-415-555-2671",
    ];
    each("x", &found, &["phone"]);
    let none = [
        "4155552671",
        "115-555-2671",
        "415-155-2671",
        "+0 415 555 2671",
        "+1 415 555",
        "2024-01-02 03:04:05+0100",
        "2024-01-02T03:04:05.123+01:00",
        "550e8400-e29b-41d4-a716-446655440000",
        "415-555-26711",
        "1.415-555-2671",
        "+12345678901234567",
    ];
    each("x", &none, &[]);
}

#[test]
fn addresses_of_nobody_are_counted_apart_and_versions_are_none() {
    each("ip", &["8.8.8.8", "2a00:1450:4001:81b::200e", "::ffff:8.8.8.8"], &["ip"]);
    let nobody = [
        "10.0.0.1",
        "192.168.1.1",
        "127.0.0.1",
        "203.0.113.9",
        "100.64.0.1",
        "0.0.0.0",
        "::1",
        "fe80::1",
        "2001:db8::1",
        "fd00::1",
        "120.0.0.0",
        "81.2.69.0",
    ];
    each("ip", &nobody, &["ip_local"]);
    each("ip", &["8.8.8", "8.8.8.256", "08.8.8.8", "12:30", "a.b.c.d", "1.2.3.4.5", "8.8.8.8:80", "::g"], &[]);
    each("app_version", &["8.8.8.8"], &[]);
    each("osBuild", &["10.0.19041.1", "8.8.8.8"], &[]);
}

#[test]
fn coordinates_are_told_by_key_range_and_decimals() {
    assert_eq!(numeric("latitude", "37.7749"), ["coordinate"]);
    assert_eq!(numeric("homeLongitude", "-122.4194"), ["coordinate"]);
    assert_eq!(looks("lng", " -122.42 "), ["coordinate_coarse"]);
    for (key, value) in [
        ("lat", "91.1234"),
        ("lat", "0.0"),
        ("lat", "37"),
        ("price", "37.7749"),
        ("lon", "-180.0001"),
        ("flat", "37.7749"),
    ] {
        assert!(numeric(key, value).is_empty(), "{key} {value}");
    }
}

#[test]
fn a_shape_says_how_a_value_is_built_and_nothing_of_it() {
    for (value, expected) in [
        ("ada@example.com", "a…@a….a…"),
        ("212-65-8934", "ddd-dd-dddd"),
        ("4111111111111111", "dddd…"),
        ("Ünïcode ٣٤ 😀!", "a… dd ?…"),
        ("", ""),
    ] {
        assert_eq!(shape_of(value), expected);
    }
    let long = "a-1.".repeat(100);
    assert!(shape_of(&long).chars().count() == LONGEST + 1 && shape_of(&long).ends_with('…'));
}

#[test]
fn every_look_has_a_name_of_its_own() {
    assert!(Look::ALL.into_iter().all(|look| Look::parse(look.name()) == Some(look)));
    assert!(Look::ALL.windows(2).all(|pair| pair[0] < pair[1]));
    assert_eq!(Look::parse("other"), None);
}
