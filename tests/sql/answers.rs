//! What a real PostgreSQL answers, on rows whose answers are known.

use crate::common::{root, run};
use crate::server::Server;
use crate::texts::library;

/// The tables of the library as Segment would have made them, with `rows`.
fn tables(rows: &str) -> String {
    let context = "context_ip text, context_locale text, context_page_path text, context_page_referrer text, context_page_search text, \
                   context_page_title text, context_page_url text, context_user_agent text, \
                   context_consent_category_preferences_c0001 boolean, context_consent_category_preferences_c0004 boolean";
    let every = "id text, received_at timestamptz DEFAULT '2026-05-01', sent_at timestamptz, \"timestamp\" timestamptz, \
                 original_timestamp timestamptz, uuid_ts timestamptz, user_id text";
    let track = "event text, event_text text";
    let web = format!("{every}, anonymous_id text, {context}");
    format!(
        "CREATE SCHEMA web; CREATE SCHEMA desk_service;
         CREATE TABLE web.tracks ({web}, {track});
         CREATE TABLE web.pages ({web}, name text, path text, referrer text, search text, title text, url text);
         CREATE TABLE web.identifies ({web}, email text, address_street text, address_postal_code text, social_security_number text);
         CREATE TABLE web.users (id text, received_at timestamptz, uuid_ts timestamptz, email text, address_street text,
           address_postal_code text, social_security_number text);
         CREATE TABLE web.book_borrowed ({web}, {track}, title text, due_date text, copies text);
         CREATE TABLE web.segment_consent_preference_updated ({web}, {track});
         CREATE TABLE desk_service.tracks ({every}, {track});
         CREATE TABLE desk_service.card_issued ({every}, {track}, branch text, driver_license_number text, ssn_last4 text,
           login_password text, login_name text, member text, email text, shoe_size text);
         {rows}"
    )
}

/// A choice on the website: who, on which device, on which day of May, and whether advertising may go on.
fn choice(user: Option<&str>, device: &str, day: u32, advertising: bool) -> String {
    let user = user.map_or("NULL".to_owned(), |user| format!("'{user}'"));
    let columns = "user_id, anonymous_id, \"timestamp\", context_consent_category_preferences_c0004";
    let values = format!("{user}, '{device}', '2026-05-{day:02}', {advertising}");
    let into = |table: &str| format!("INSERT INTO web.{table} ({columns}) VALUES ({values});\n");
    into("segment_consent_preference_updated") + &into("tracks")
}

/// A row that has a user and a device, or one of them, in a table.
fn row(table: &str, id: &str, user: Option<&str>, device: Option<&str>) -> String {
    let text = |value: Option<&str>| value.map_or("NULL".to_owned(), |value| format!("'{value}'"));
    match device {
        Some(_) => format!(
            "INSERT INTO {table} (id, user_id, anonymous_id) VALUES ('{id}', {}, {});\n",
            text(user),
            text(device)
        ),
        None => format!("INSERT INTO {table} (id, user_id) VALUES ('{id}', {});\n", text(user)),
    }
}

fn identified(user: &str, device: &str) -> String {
    row("web.identifies", &format!("i-{user}-{device}"), Some(user), Some(device))
}

/// What is asked in one session, with the parameters bound by a prepared statement.
fn bound(sql: &str, user: Option<&str>, device: Option<&str>) -> String {
    let start = sql.find("INSERT INTO \"consentlint_asked\"").unwrap();
    let end = start + sql[start..].find(';').unwrap();
    let text = |value: Option<&str>| value.map_or("NULL".to_owned(), |value| format!("'{value}'"));
    let (before, insert, after) = (&sql[..start], &sql[start..end], &sql[end..]);
    format!("{before}PREPARE asked (text, text) AS {insert};\nEXECUTE asked ({}, {}){after}", text(user), text(device))
}

#[test]
fn who_has_opted_out() {
    let Some(server) = Server::start("who has opted out") else { return };
    let rows = [
        // Opted out, and that is all.
        choice(Some("ada"), "d-ada", 1, false),
        // Opted out, then in again.
        choice(Some("bert"), "d-bert", 1, false),
        choice(Some("bert"), "d-bert", 2, true),
        // In, then out; rows lie in another order than that in which they happened.
        choice(Some("cleo"), "d-cleo", 9, false),
        choice(Some("cleo"), "d-cleo", 3, true),
        // Opted out without a user id, and identified later, by a call of another kind.
        choice(None, "d-dora", 4, false),
        identified("dora", "d-dora"),
        // The same, but in again on another device, once she was known.
        choice(None, "d-ella", 4, false),
        row("web.pages", "p-ella", Some("ella"), Some("d-ella")),
        choice(Some("ella"), "d-ella-2", 6, true),
        // Opted in when identified, then out on a device that is known to be theirs.
        choice(Some("finn"), "d-finn", 4, true),
        identified("finn", "d-finn-2"),
        choice(None, "d-finn-2", 7, false),
        // Never identified: one is out, one went in again.
        choice(None, "d-nobody", 5, false),
        choice(None, "d-nobody-in", 5, false),
        choice(None, "d-nobody-in", 6, true),
        // A device of two people: its opt-out counts for both; that somebody went in again there counts for neither.
        identified("gus", "d-home"),
        identified("hanna", "d-home"),
        choice(Some("gus"), "d-gus", 1, true),
        choice(None, "d-home", 8, false),
        choice(None, "d-home", 9, true),
        // Opted in only; and an event that says nothing of the choice.
        choice(Some("ines"), "d-ines", 1, true),
        row("web.segment_consent_preference_updated", "c-jo", Some("jo"), Some("d-jo")),
        // Of two choices at the same time the opt-out counts.
        choice(Some("kim"), "d-kim", 2, true),
        choice(Some("kim"), "d-kim", 2, false),
        // An essential category that is off is no opt-out.
        "INSERT INTO web.segment_consent_preference_updated (user_id, \"timestamp\", context_consent_category_preferences_c0001)
         VALUES ('lou', '2026-05-01', false);\n"
            .to_owned(),
        // Without a time of its own, the time at which it was received counts.
        "INSERT INTO web.segment_consent_preference_updated (user_id, received_at, context_consent_category_preferences_c0004)
         VALUES ('mia', '2026-05-03', false);\n"
            .to_owned(),
    ];
    server.database("optouts", &tables(&rows.concat()));
    let answer = server.run("optouts", &library("opt-outs", "postgresql", &[])).unwrap();
    let day = |row: &String| row.split(' ').next().unwrap().to_owned();
    assert_eq!(
        answer.iter().map(day).collect::<Vec<_>>(),
        [
            "ada|~|2026-05-01",
            "cleo|~|2026-05-09",
            "dora|~|2026-05-04",
            "finn|~|2026-05-07",
            "gus|~|2026-05-08",
            "hanna|~|2026-05-08",
            "kim|~|2026-05-02",
            "mia|~|2026-05-03",
            "~|d-nobody|2026-05-05",
        ]
    );
}

/// People of whom the warehouse knows something: Ada with three devices, of which one is shared with Bert.
fn people() -> String {
    let forbidden = "INSERT INTO web.identifies (id, user_id, anonymous_id, email, social_security_number)
         VALUES ('secret', 'ada', 'd-ada', 'ada@example.com', 'NEVER-1');
         INSERT INTO web.users (id, email, social_security_number) VALUES ('ada', 'ada@example.com', 'NEVER-2'), ('bert', 'b@example.com', 'NEVER-3');
         INSERT INTO desk_service.card_issued (id, user_id, branch, driver_license_number, login_password, member, login_name, shoe_size)
         VALUES ('card-ada', 'ada', 'North', 'NEVER-4', 'NEVER-5', 'NEVER-6', 'ada-l', 'NEVER-7'),
                ('card-bert', 'bert', 'South', 'NEVER-8', 'NEVER-9', 'NEVER-10', 'bert-l', 'NEVER-11');\n";
    [
        identified("ada", "d-ada"),
        identified("ada", "d-home"),
        identified("bert", "d-home"),
        row("web.pages", "before-login", None, Some("d-ada")),
        row("web.pages", "who-at-home", None, Some("d-home")),
        row("web.pages", "ada-at-home", Some("ada"), Some("d-home")),
        row("web.pages", "bert-at-home", Some("bert"), Some("d-home")),
        row("web.pages", "stranger", None, Some("d-stranger")),
        row("web.book_borrowed", "book-ada", Some("ada"), Some("d-ada-3")),
        row("web.tracks", "book-ada", Some("ada"), Some("d-ada-3")),
        row("web.tracks", "before-book", None, Some("d-ada-3")),
        row("web.tracks", "book-bert", Some("bert"), Some("d-bert")),
        row("desk_service.tracks", "card-ada", Some("ada"), None),
        row("desk_service.tracks", "card-bert", Some("bert"), None),
        choice(Some("ada"), "d-ada", 1, false),
        choice(None, "d-bert", 1, false),
        forbidden.to_owned(),
    ]
    .concat()
}

#[test]
fn access_shows_one_person_and_nothing_forbidden() {
    let Some(server) = Server::start("what is kept about one person") else { return };
    server.database("access", &tables(&people()));
    let sql = library("access", "postgresql", &[]);
    let answer = |user, device| server.run("access", &bound(&sql, user, device)).unwrap();
    let ids = |rows: &[String]| -> Vec<String> {
        let mut ids: Vec<String> = rows.iter().map(|row| row.split('|').next().unwrap().to_owned()).collect();
        ids.sort();
        ids
    };
    let ada = answer(Some("ada"), None);
    // Twice `~`: her choice, in two tables. Once `d-home`: the device that is not hers alone.
    let mut expected = vec![
        "ada",
        "ada-at-home",
        "before-book",
        "before-login",
        "book-ada",
        "book-ada",
        "card-ada",
        "card-ada",
        "d-home",
        "i-ada-d-ada",
        "i-ada-d-home",
        "secret",
        "~",
        "~",
    ];
    expected.sort_unstable();
    assert_eq!(ids(&ada), expected);
    assert!(ada.contains(&"d-home|bert".to_owned()), "{ada:?}");
    assert!(ada.iter().any(|row| row.contains("ada@example.com")) && ada.iter().any(|row| row.contains("ada-l")));
    for rows in [&ada, &answer(Some("bert"), None), &answer(None, Some("d-ada"))] {
        assert!(!rows.iter().any(|row| row.contains("NEVER")), "{rows:?}");
    }
    // An anonymous id of somebody who has a user id gives only whose it is; one of nobody gives what was sent with it.
    assert_eq!(answer(None, Some("d-ada")), ["d-ada|ada"]);
    assert_eq!(ids(&answer(None, Some("d-stranger"))), ["stranger"]);
    assert!(answer(Some("nobody"), Some("d-none")).is_empty());
    assert!(answer(None, None).is_empty());
    // What a request holds is a value and nothing else.
    assert!(answer(Some("x'' OR ''1''=''1"), None).is_empty());
    // Nothing was changed, and nothing stays behind.
    assert_eq!(answer(Some("ada"), None), ada);
}

#[test]
fn a_deletion_leaves_the_others() {
    let Some(server) = Server::start("what a deletion leaves") else { return };
    let left = |database: &str| -> Vec<String> {
        let count =
            |table: &str| format!("SELECT '{table}', string_agg(coalesce(id, '~'), ',' ORDER BY id) FROM {table};");
        let tables = [
            "web.tracks",
            "web.pages",
            "web.identifies",
            "web.users",
            "web.book_borrowed",
            "web.segment_consent_preference_updated",
            "desk_service.tracks",
            "desk_service.card_issued",
        ];
        server.run(database, &tables.map(count).concat()).unwrap()
    };
    let sql = library("delete", "postgresql", &[]);
    server.database("deletion", &tables(&people()));
    let before = left("deletion");
    let said = server.run("deletion", &bound(&sql, Some("nobody"), Some("d-none"))).unwrap();
    assert!(said.is_empty() && left("deletion") == before, "{said:?}");
    let said = server.run("deletion", &bound(&sql, Some("ada"), None)).unwrap();
    assert_eq!(said, ["d-home|bert"]);
    assert_eq!(
        left("deletion"),
        [
            // The choice that Bert made without a user id has none.
            "web.tracks|book-bert,~",
            "web.pages|bert-at-home,stranger,who-at-home",
            "web.identifies|i-bert-d-home",
            "web.users|bert",
            "web.book_borrowed|~",
            "web.segment_consent_preference_updated|~",
            "desk_service.tracks|card-bert",
            "desk_service.card_issued|card-bert",
        ]
    );
    // Now the device at home is Bert's alone, and what was sent from it goes with him.
    assert!(server.run("deletion", &bound(&sql, Some("bert"), None)).unwrap().is_empty());
    assert_eq!(left("deletion")[1], "web.pages|stranger");
    // All or nothing: a table that is not there, and nobody is erased from the others.
    server.database("halved", &tables(&format!("{} DROP TABLE desk_service.tracks;", people())));
    assert!(server.run("halved", &bound(&sql, Some("ada"), None)).unwrap_err().contains("desk_service.tracks"));
    let without = library("delete", "postgresql", &["--without", "desk_service.tracks"]);
    let pages = |server: &Server| server.run("halved", "SELECT count(*) FROM web.pages WHERE user_id = 'ada'").unwrap();
    assert_eq!(pages(&server), ["1"]);
    server.run("halved", &bound(&without, Some("ada"), None)).unwrap();
    assert_eq!(pages(&server), ["0"]);
}

#[test]
fn the_inventory_tells_what_is_there_and_what_no_plan_lists() {
    let Some(server) = Server::start("the columns that hold personal information") else { return };
    server.database(
        "inventory",
        &tables("ALTER TABLE web.pages DROP COLUMN context_ip; CREATE TABLE web.old_event (id text, phone text);"),
    );
    let rows = server.run("inventory", &library("inventory", "postgresql", &[])).unwrap();
    for row in [
        "web|identifies|email|A|there",
        "web|identifies|social_security_number|A, L, 1A|there",
        "web|pages|context_ip|A|not there",
        "web|pages|url|F|there",
        "web|tracks|user_id|A|there",
        "web|old_event|phone|~|in no plan",
        "desk_service|card_issued|shoe_size|~|in no plan",
        "desk_service|card_issued|member|B, L, 1A|there",
    ] {
        assert!(rows.contains(&row.to_owned()), "{row}\n{}", rows.join("\n"));
    }
    for absent in ["uuid_ts", "|received_at|", "branch", "event_text", "ssn_last4"] {
        assert!(!rows.iter().any(|row| row.contains(absent)), "{absent}\n{}", rows.join("\n"));
    }
}

/// What the inventory says is not there can be left out as it stands, and then the other statements run.
#[test]
fn what_is_not_there_is_left_out() {
    let Some(server) = Server::start("what is not there") else { return };
    let gone = "ALTER TABLE web.pages DROP COLUMN context_locale, DROP COLUMN received_at; ALTER TABLE web.tracks DROP COLUMN anonymous_id;
         DROP TABLE web.book_borrowed; DROP TABLE desk_service.tracks;";
    server.database("gone", &tables(&format!("{} {gone}", people())));
    let fails = server.run("gone", &bound(&library("access", "postgresql", &[]), Some("ada"), None));
    assert!(fails.unwrap_err().contains("does not exist"));
    let rows = server.run("gone", &library("inventory", "postgresql", &[])).unwrap();
    let absent: Vec<String> = rows
        .iter()
        .filter_map(|row| row.strip_suffix("|not there"))
        .map(|row| row.split('|').take(3).collect::<Vec<_>>().join("."))
        .collect();
    assert!(absent.contains(&"web.pages.context_locale".to_owned()), "{absent:?}");
    let without = ["--without", &absent.join(",")];
    let access = bound(&library("access", "postgresql", &without), Some("ada"), None);
    assert!(server.run("gone", &access).unwrap().iter().any(|row| row.starts_with("before-login")));
    server.run("gone", &library("opt-outs", "postgresql", &without)).unwrap();
    server.run("gone", &bound(&library("delete", "postgresql", &without), Some("ada"), None)).unwrap();
    let left = server.run("gone", &access).unwrap();
    assert!(left.is_empty(), "{left:?}");
}

/// The sample shop: its orders have no anonymous ids, and its choices come from a server.
#[test]
fn who_has_opted_out_of_the_shop() {
    let Some(server) = Server::start("who has opted out of the shop") else { return };
    let ran = run(root(), &["sql", "opt-outs", "fixtures/shop", "--dialect", "postgresql"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let seen = "(user_id text, anonymous_id text)";
    server.database(
        "shop",
        &format!(
            "CREATE SCHEMA web; CREATE SCHEMA orders;
             CREATE TABLE web.identifies {seen}; CREATE TABLE web.pages {seen}; CREATE TABLE web.tracks {seen};
             CREATE TABLE orders.preferences_changed (user_id bigint, \"timestamp\" timestamp, received_at timestamp,
               context_consent_category_preferences_do_not_sell boolean);
             INSERT INTO orders.preferences_changed VALUES
               (1, '2026-05-01', NULL, false), (2, '2026-05-01', NULL, false), (2, '2026-05-02', NULL, true),
               (3, '2026-05-01', NULL, true), (3, '2026-05-02', NULL, false), (4, '2026-05-02', NULL, NULL);"
        ),
    );
    assert_eq!(server.run("shop", &ran.stdout).unwrap(), ["1|~|2026-05-01 00:00:00", "3|~|2026-05-02 00:00:00"]);
}

/// The broken shop records no opt-out. With what the problem asks for, the list is right.
#[test]
fn who_has_opted_out_of_the_broken_shop_once_it_records_that() {
    let Some(server) = Server::start("who has opted out of the broken shop") else { return };
    let asked = ["sql", "opt-outs", ".", "--dialect", "postgresql"];
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("plans")).unwrap();
    for name in ["consent.yaml", "destinations.yaml", "shop.yaml", "plans/shop.json"] {
        std::fs::copy(root().join("fixtures/shop-broken").join(name), folder.path().join(name)).unwrap();
    }
    let ran = run(folder.path(), &asked);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    for cure in ["write `event:` and `store:` under `requests.opt_out`", "shop.yaml:24"] {
        assert!(ran.stderr.contains(cure), "{}", ran.stderr);
    }
    let map = std::fs::read_to_string(folder.path().join("shop.yaml")).unwrap();
    let methods = "    methods: [cookie_banner]\n";
    let told = map.replace(methods, &format!("{methods}    event: Opted Out\n    store: warehouse\n"))
        + "\n  - {name: Opted Out, sources: [orders], properties: [{name: opted_out}]}\n";
    std::fs::write(folder.path().join("shop.yaml"), told).unwrap();
    let ran = run(folder.path(), &asked);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    server.database(
        "broken",
        "CREATE SCHEMA orders;
         CREATE TABLE orders.opted_out (user_id text, \"timestamp\" timestamp, received_at timestamp, opted_out boolean);
         INSERT INTO orders.opted_out VALUES
           ('ada', '2026-05-01', NULL, true), ('bob', '2026-05-01', NULL, true), ('bob', '2026-05-02', NULL, false),
           ('cyd', '2026-05-01', NULL, false), ('cyd', '2026-05-03', NULL, true);",
    );
    let rows = server.run("broken", &ran.stdout).unwrap();
    assert_eq!(rows, ["ada|~|2026-05-01 00:00:00", "cyd|~|2026-05-03 00:00:00"]);
}
