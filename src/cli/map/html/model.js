// What the page holds, and how its parts are made. Text from files only ever becomes text: nothing here reads HTML.

const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const { classes, sources, destinations, categories, ways, tables, events, findings } = data;

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
const senderName = (way) => (way.from === null ? "no source declared" : sources[way.from].name);

destinations.forEach((to, at) => {
  to.ways = [];
  to.standing = standing(to);
  to.text = `${to.id} ${to.name}`.toLowerCase();
  to.index = at;
});
sources.forEach((from) => (from.text = `${from.id} ${from.name}`.toLowerCase()));
ways.forEach((way) => destinations[way.to].ways.push(way));
/** Every field of every event, as a row of the inventory. */
const fields = events.flatMap((event) =>
  event.fields.map((field) => ({
    ...field,
    event,
    withheld: field.withheld ?? [],
    text: `${field.path} ${event.name}`.toLowerCase(),
  })),
);
