// What the page holds, and how its parts are made. Text from files only ever becomes text: nothing here reads HTML.

const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const { classes, sources, destinations, categories, ways, tables, events, findings } = data;
const categoriesShown = categories.filter((one) => one.shown);

/** An element with attributes and children; an attribute `on…` is a listener, and `false` or `null` leaves one out. */
const el = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
};

const svg = (name, attributes) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};

/** A sentence in which names stand between backticks. */
const sentence = (text) => {
  const parts = text.split("`");
  if (parts.length % 2 === 0) return [text];
  return parts.map((part, at) => (at % 2 === 1 ? el("code", {}, part) : part)).filter((part) => part !== "");
};

const placeText = (at) => (at ? `${data.files[at[0]]}:${at[1]}` : "");
const place = (at) => at && el("span", { class: "at" }, placeText(at));
const counted = (count, one, many) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
const list = (codes) => (codes === "" ? [] : codes.split(" "));

const classOf = new Map(classes.map((one) => [one.code, one]));
const isSensitive = (codes) => list(codes).some((code) => classOf.get(code).sensitive);
/** `sensitive`, `personal` or `plain`: how lines and marks are coloured. */
const shade = (codes) => (isSensitive(codes) ? "sensitive" : codes === "" ? "plain" : "personal");

/** Codes of classes, each with its term for whoever points at it. */
const codes = (of) =>
  of === ""
    ? [el("span", { class: "soft" }, "nothing personal")]
    : list(of).flatMap((code, at) => {
        const { term, sensitive } = classOf.get(code);
        return [at > 0 ? " " : null, el("abbr", { title: term, class: sensitive ? "code sensitive" : "code" }, code)];
      });

const CLAIMS = {
  refuted: { mark: "✕", words: "a claim is refuted" },
  undecidable: { mark: "?", words: "a claim is undecidable" },
  proved: { mark: "✓", words: "every claim is proved" },
  unclaimed: { mark: "–", words: "nothing is claimed" },
  inactive: { mark: "○", words: "receives nothing: switched off or fed by nothing" },
};
const CLAIM_ORDER = Object.keys(CLAIMS);

/** What became of the claims about a destination: the worst counts, and stands first. */
const standing = (to) => (!to.active ? "inactive" : to.claims.length > 0 ? to.claims[0].result : "unclaimed");

const UNDECLARED = "not declared";
const roleOf = (to) => to.role ?? UNDECLARED;

/** Gives each its label: the name, and the id where others have the same name. */
const label = (all) => {
  const times = new Map();
  for (const one of all) times.set(one.name, (times.get(one.name) ?? 0) + 1);
  all.forEach((one, index) => {
    one.index = index;
    one.label = times.get(one.name) > 1 && one.id !== one.name ? `${one.name} (${one.id})` : one.name;
    one.text = `${one.id} ${one.name}`.toLowerCase();
    one.findings = [];
    one.ways = [];
  });
};

label(destinations);
label(sources);
const senderName = (way) => (way.from === null ? "no source declared" : sources[way.from].label);
destinations.forEach((to) => (to.standing = standing(to)));
for (const way of ways) {
  destinations[way.to].ways.push(way);
  if (way.from !== null) sources[way.from].ways.push(way);
}
findings.forEach((finding, at) => {
  const { destination, source } = finding.about;
  if (destination !== undefined) destinations[destination].findings.push(at);
  if (source !== undefined) sources[source].findings.push(at);
  finding.accepted = finding.excepted !== null || finding.baselined;
});

/** Findings and questions in words; a question is one however many subjects it is about, as `check` counts. */
const tally = (all) => {
  const counting = all.filter((one) => !one.accepted);
  const asked = new Set(counting.filter((one) => one.question).map((one) => one.rule + one.question)).size;
  const said = [counted(counting.filter((one) => !one.question).length, "finding", "findings"), counted(asked, "question", "questions")];
  if (counting.length < all.length) said.push(`${all.length - counting.length} accepted`);
  return said;
};

const union = (lists) => [...new Set(lists.flat())].sort((one, other) => one - other);

/** What goes out with every call of a source, as an event. */
const everyCall = ({ every, index, at }) => ({
  name: "every call",
  at,
  from: [index],
  to: [every.to],
  fields: [{ path: every.field, classes: every.classes, by: every.by, at: every.at }],
});

/** A row for each field of each event, and for what goes out with every call; an event without fields has a row, too. */
const fields = [...sources.filter((from) => from.every && from.shown).map(everyCall), ...events].flatMap((event) => {
  event.all = union(event.to);
  const rows = event.fields.length > 0 ? event.fields : [{ path: "", classes: "", by: "", at: event.at }];
  return rows.map((field) => ({ ...field, event, withheld: field.withheld ?? [], text: `${field.path} ${event.name}`.toLowerCase() }));
});
const planned = events.reduce((sum, event) => sum + event.fields.length, 0);
/** The rows of an event by the position of the field; findings name both. */
const rowsOf = new Map();
for (const row of fields) rowsOf.get(row.event)?.push(row) ?? rowsOf.set(row.event, [row]);

/** Who gets a field: by way of a source, or of any. */
const recipients = (field, source = null) => {
  const { event, withheld } = field;
  const at = source === null ? -1 : event.from.indexOf(source);
  const all = source === null ? event.all : (event.to[at] ?? []);
  return withheld.length === 0 ? all : all.filter((to) => !withheld.includes(to));
};
