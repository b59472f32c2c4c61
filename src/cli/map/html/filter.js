// What is shown: by class, source, role, claim and text; and which destination or source is looked at. The address of the page
// tells it, so that it can be sent to somebody.

const filter = { find: "", class: "", source: "", role: "", claim: "" };
/** What is looked at: `{ kind: "destination" | "source", at }`. */
let chosen = null;

/** What of the data passes the filters. */
const shown = () => {
  const find = filter.find.trim().toLowerCase();
  const source = filter.source === "" ? null : Number(filter.source);
  const narrowed = filter.role !== "" || filter.claim !== "";
  const open = find === "" && source === null && filter.class === "" && !narrowed;
  const asked = {
    find,
    source,
    narrowed,
    hasClass: (of) => filter.class === "" || list(of).includes(filter.class),
    within: destinations.map((to) => (filter.role === "" || roleOf(to) === filter.role) && (filter.claim === "" || to.standing === filter.claim)),
    named: destinations.map((to) => find !== "" && to.text.includes(find)),
    sending: sources.map((from) => find !== "" && from.text.includes(find)),
  };
  const rows = open ? fields : fieldsShown(asked);
  const lanes = lanesShown(asked, receivers(asked, rows));
  const fed = new Set(lanes.map((one) => one.to));
  const bare = source === null && filter.class === "";
  const idle = ({ ways: own, index }) => own.length === 0 && bare && asked.within[index] && (find === "" || asked.named[index]);
  const listed = destinations.filter((to) => fed.has(to.index) || idle(to));
  const feeding = new Set(lanes.map((one) => one.from));
  const alone = ({ index, classes: of }) => !narrowed && (source === null || source === index) && asked.hasClass(of) && (find === "" || asked.sending[index]);
  const feeders = sources.filter((from) => from.shown && (feeding.has(from.index) || alone(from)));
  const groups = categoriesShown.filter((one) => open || one.destinations.some((at) => fed.has(at)) || (find !== "" && `${one.id} ${one.purpose}`.toLowerCase().includes(find)));
  const now = { open, rows, lanes, listed, feeders, groups };
  return { ...now, findings: open ? findings : findings.filter(concerns(asked, now)) };
};

/** The fields that pass. One is found by its name, and by those of whoever sends or gets it. */
const fieldsShown = ({ find, source, narrowed, hasClass, within, named, sending }) => {
  const cached = new Map();
  const ofEvent = (event) => {
    if (!cached.has(event)) {
      const to = source === null ? event.all : (event.to[event.from.indexOf(source)] ?? []);
      const from = event.from.some((at) => sending[at] && (source === null || at === source));
      cached.set(event, { inside: to.some((at) => within[at]), hit: to.some((at) => named[at] && within[at]), from });
    }
    return cached.get(event);
  };
  return fields.filter((field) => {
    if ((source !== null && !field.event.from.includes(source)) || !hasClass(field.classes)) return false;
    const known = ofEvent(field.event);
    const exact = (test) => recipients(field, source).some(test);
    const kept = field.withheld.length > 0;
    if (narrowed && !(kept ? exact((at) => within[at]) : known.inside)) return false;
    if (find === "" || field.text.includes(find) || known.from) return true;
    return kept ? exact((at) => named[at] && within[at]) : known.hit;
  });
};

/** Who gets a field that is found by its own name. */
const receivers = ({ find, source }, rows) => {
  const found = new Set();
  if (find !== "") for (const field of rows) if (field.text.includes(find)) for (const at of recipients(field, source)) found.add(at);
  return found;
};

const lanesShown = ({ find, source, hasClass, within, named, sending }, receiving) =>
  ways.filter(
    (one) =>
      one.shown &&
      within[one.to] &&
      (source === null || one.from === source) &&
      hasClass(one.classes) &&
      (find === "" || named[one.to] || receiving.has(one.to) || (one.from !== null && sending[one.from])),
  );

/** Whether a finding is about what is shown, or says what is looked for. */
const concerns = ({ find, source, narrowed }, { rows, listed, feeders }) => {
  const [recipientsShown, feedersShown, events_, rowsShown] = [new Set(listed), new Set(feeders), new Set(rows.map((row) => row.event)), new Set(rows)];
  const bare = source === null && !narrowed && filter.class === "";
  return (finding) => {
    const { destination, source: from, event, field, class: code } = finding.about;
    const said = () => `${finding.rule} ${finding.message} ${finding.question ?? ""} ${finding.subject}`.toLowerCase();
    if (bare && find !== "" && said().includes(find)) return true;
    if (destination !== undefined) return recipientsShown.has(destinations[destination]) && (filter.class === "" || code === undefined || code === filter.class);
    if (from !== undefined) return feedersShown.has(sources[from]);
    if (field !== undefined) return rowsShown.has(rowsOf.get(events[event])[field]);
    return event !== undefined && events_.has(events[event]);
  };
};

/** The filters in words. */
const filterWords = () =>
  [
    filter.find.trim() !== "" && `“${filter.find.trim()}”`,
    filter.class !== "" && `class ${filter.class}`,
    filter.source !== "" && `source ${sources[Number(filter.source)].label}`,
    filter.role !== "" && `role ${filter.role.replaceAll("_", " ")}`,
    filter.claim !== "" && CLAIMS[filter.claim].words,
  ].filter(Boolean).join(", ");

const fill = (id, first, options) => byId(id).replaceChildren(...[["", first], ...options].map(([value, label]) => el("option", { value }, label)));

const makeFilters = () => {
  const present = new Set([...ways, ...fields, ...sources, ...destinations].flatMap((one) => list(one.classes)));
  fill("by-class", "all", classes.filter((one) => present.has(one.code)).map((one) => [one.code, `${one.code} ${one.term}`]));
  fill("by-source", "all", sources.filter((from) => from.shown).map((from) => [from.index, from.label]));
  fill("by-role", "all", [...new Set(destinations.map(roleOf))].sort().map((role) => [role, role.replaceAll("_", " ")]));
  const standings = new Set(destinations.map((to) => to.standing));
  fill("by-claim", "all", CLAIM_ORDER.filter((one) => standings.has(one)).map((one) => [one, `${CLAIMS[one].mark} ${CLAIMS[one].words}`]));
  const inputs = { find: "find", class: "by-class", source: "by-source", role: "by-role", claim: "by-claim" };
  for (const [key, id] of Object.entries(inputs)) {
    byId(id).addEventListener("input", (event) => {
      filter[key] = event.target.value;
      refresh();
    });
  }
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("clear").addEventListener("click", () => {
    for (const [key, id] of Object.entries(inputs)) {
      filter[key] = "";
      byId(id).value = "";
    }
    refresh();
  });
};

const drawFilters = () => {
  byId("find").value = filter.find;
  for (const key of ["class", "source", "role", "claim"]) byId(`by-${key}`).value = filter[key];
};

const address = () => {
  const said = new URLSearchParams();
  if (chosen !== null) said.set(chosen.kind, (chosen.kind === "destination" ? destinations : sources)[chosen.at].id);
  for (const [key, value] of Object.entries(filter)) {
    if (value !== "") said.set(key === "source" ? "from" : key, key === "source" ? sources[Number(value)].id : value);
  }
  if (visitor.state !== "none") said.set("visitor", visitor.state);
  if (visitor.state === "after") for (const at of visitor.refused) said.append("refused", categories[at].id);
  if (visitor.signal) said.set("gpc", "1");
  return said.toString();
};

/** What the address says; a name that the page does not have is left out. */
const readAddress = () => {
  const said = new URLSearchParams(location.hash.slice(1));
  const index = (all, id) => all.findIndex((one) => one.id === id);
  chosen = null;
  for (const [kind, all] of [["destination", destinations], ["source", sources]]) {
    if (said.has(kind) && index(all, said.get(kind)) >= 0) chosen = { kind, at: index(all, said.get(kind)) };
  }
  const known = (id, value) => [...byId(id).options].some((option) => option.value === value);
  filter.find = said.get("find") ?? "";
  for (const key of ["class", "role", "claim"]) {
    const value = said.get(key) ?? "";
    filter[key] = known(`by-${key}`, value) ? value : "";
  }
  const from = index(sources, said.get("from"));
  filter.source = from < 0 ? "" : String(from);
  const state = said.get("visitor");
  visitor.state = ["before", "after"].includes(state) ? state : "none";
  visitor.refused = new Set(said.getAll("refused").map((id) => index(categories, id)).filter((at) => at >= 0 && isSwitch(categories[at])));
  visitor.signal = said.get("gpc") === "1" && visitor.state !== "none";
};
