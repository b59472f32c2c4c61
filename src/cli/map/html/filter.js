// What is shown: by class, source, role, claim and text; and which destination or source is looked at. The address of the page
// tells it, so that it can be sent to somebody.

const filter = { find: "", class: "", source: "", role: "", claim: "" };
/** What is looked at: `{ kind: "destination" | "source", at }`. */
let chosen = null;

/** What of the data passes the filters. */
const shown = () => {
  const find = filter.find.trim().toLowerCase();
  const source = filter.source === "" ? null : Number(filter.source);
  const hasClass = (of) => filter.class === "" || list(of).includes(filter.class);
  const role = (to) => filter.role === "" || roleOf(to) === filter.role;
  const claim = (to) => filter.claim === "" || to.standing === filter.claim;
  const named = destinations.map((to) => find !== "" && to.text.includes(find));
  const sending = sources.map((from) => find !== "" && from.text.includes(find));
  const within = destinations.map((to) => role(to) && claim(to));
  const narrowed = filter.role !== "" || filter.claim !== "";
  // A field is found by its name, and by those of whoever sends or receives it.
  const reach = new Map(events.map((event) => [event, eventReach(event, { named, sending, within, narrowed, source, find })]));
  const rows = fields.filter((field) => {
    const { sent, spoken, to } = reach.get(field.event);
    if (!sent || !hasClass(field.classes)) return false;
    if (narrowed && !to.some((at) => within[at] && !field.withheld.includes(at))) return false;
    return find === "" || spoken || field.text.includes(find);
  });
  const receiving = new Set();
  if (find !== "") {
    for (const field of rows.filter((field) => field.text.includes(find))) {
      for (const at of field.event.to) if (!field.withheld.includes(at)) receiving.add(at);
    }
  }
  const way = (one) =>
    within[one.to] &&
    (source === null || one.from === source) &&
    hasClass(one.classes) &&
    (find === "" || named[one.to] || receiving.has(one.to) || (one.from !== null && sending[one.from]));
  const lanes = ways.filter(way);
  const fed = new Set(lanes.map((one) => one.to));
  const feeding = new Set(lanes.map((one) => one.from));
  const idle = (to, at) => to.ways.length === 0 && within[at] && source === null && filter.class === "" && (find === "" || named[at]);
  const listed = destinations.filter((to, at) => fed.has(at) || idle(to, at));
  const feeders = sources.filter((from, at) => feeding.has(at) || (sending[at] && !narrowed));
  const open = Object.values(filter).every((value) => value === "");
  return { rows, lanes, listed, feeders: open ? sources : feeders, findings: findings.filter(aboutShown(find, listed, feeders, open)), open };
};

const eventReach = (event, { named, sending, within, narrowed, source, find }) => ({
  sent: source === null || event.from.includes(source),
  spoken: find !== "" && (event.to.some((at) => named[at]) || event.from.some((at) => sending[at])),
  to: narrowed ? event.to.filter((at) => within[at]) : event.to,
});

/** The findings that speak of what is shown, or say what is looked for. */
const aboutShown = (find, listed, feeders, open) => {
  const about = new Set([...listed, ...feeders].flatMap((one) => one.findings));
  return (finding, at) =>
    open || about.has(at) || (find !== "" && `${finding.rule} ${finding.message} ${finding.subject}`.toLowerCase().includes(find));
};

const fill = (id, first, options) => byId(id).replaceChildren(...[["", first], ...options].map(([value, label]) => el("option", { value }, label)));

const makeFilters = () => {
  const present = new Set(ways.flatMap((way) => list(way.classes)).concat(fields.flatMap((field) => list(field.classes))));
  fill("by-class", "all", classes.filter((one) => present.has(one.code)).map((one) => [one.code, `${one.code} ${one.term}`]));
  fill("by-source", "all", sources.map((from, at) => [at, from.name]));
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
